"""Checkpoints: what is written comes back, and every wrong file gets one sentence."""

import errno
import json
import pickle
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from engine import checkpoint, model_loading, registry
from engine.checkpoint import CheckpointInfo
from engine.errors import CheckpointError

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class ToyConfig:
    width: int = 3
    levels: tuple[int, ...] = (1, 2)


class Toy(nn.Module):
    def __init__(self, config: ToyConfig) -> None:
        super().__init__()
        self.linear = nn.Linear(2, config.width)
        self.norm = nn.BatchNorm1d(config.width)


INFO = CheckpointInfo(
    architecture="toy",
    config={"width": 3, "levels": [1, 2]},
    name="Toy 塗り絵",
    description="For tests.",
    provenance={"data": "none", "pictures": 0, "hours": 0.5, "seed": 7, "command": "train", "commit": None},
    licence="CC0-1.0",
    attributions=("Nobody", "Ærø"),
)


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_rows", dict(registry._rows))
    registry.register("toy", ToyConfig, Toy)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "toy.safetensors"
    checkpoint.save(path, Toy(ToyConfig()).state_dict(), INFO)
    return path


def with_header(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    """The file with its header's JSON changed."""

    def changed(data: bytes) -> bytes:
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        text = json.dumps(change(header) or header).encode()
        return struct.pack("<Q", len(text)) + text + data[8 + length :]

    return changed


def with_info(**values: Any) -> Callable[[bytes], bytes]:
    """The file with some of its description replaced; None removes a key."""

    def change(header: dict[str, Any]) -> None:
        info = json.loads(header["__metadata__"]["nurie"]) | values
        info = {key: value for key, value in info.items() if value is not None}
        header["__metadata__"]["nurie"] = json.dumps(info)

    return with_header(change)


def refusal(path: Path) -> str:
    """The one sentence with which all three ways to open the file refuse it."""
    messages = set()
    for opening in (checkpoint.read_info, model_loading.load, model_loading.build):
        with pytest.raises(CheckpointError) as caught:
            opening(path)
        messages.add(str(caught.value))
    assert len(messages) == 1
    message = messages.pop()
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_what_is_saved_comes_back(saved: Path) -> None:
    info, state = model_loading.load(saved)
    assert info == INFO
    assert checkpoint.read_info(saved) == INFO
    assert set(state) == set(Toy(ToyConfig()).state_dict())


def test_the_built_module_has_the_saved_weights(tmp_path: Path) -> None:
    path = tmp_path / "toy.safetensors"
    original = Toy(ToyConfig())
    checkpoint.save(path, original.state_dict(), INFO)
    info, built = model_loading.build(path)
    assert info == INFO
    assert isinstance(built, Toy)
    assert not built.training
    for name, tensor in original.state_dict().items():
        assert torch.equal(built.state_dict()[name], tensor)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_tensors_keep_their_type_on_disk_and_build_in_fp32(tmp_path: Path, dtype: torch.dtype) -> None:
    path = tmp_path / "toy.safetensors"
    weights = {
        name: tensor.to(dtype) if tensor.is_floating_point() else tensor
        for name, tensor in Toy(ToyConfig()).state_dict().items()
    }
    checkpoint.save(path, weights, INFO)
    _, state = model_loading.load(path)
    assert state["linear.weight"].dtype == dtype
    _, module = model_loading.build(path)
    assert module.state_dict()["linear.weight"].dtype == torch.float32


def test_the_same_weights_give_the_same_file(saved: Path, tmp_path: Path) -> None:
    info, state = model_loading.load(saved)
    checkpoint.save(tmp_path / "again.safetensors", state, info)
    assert (tmp_path / "again.safetensors").read_bytes() == saved.read_bytes()


def test_views_and_shared_tensors_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "toy.safetensors"
    base = torch.arange(12.0).reshape(3, 4)
    checkpoint.save(path, {"a": base, "b": base, "c": base.t()}, INFO)
    assert torch.equal(model_loading.load(path)[1]["c"], base.t())


def test_the_description_is_read_without_torch(saved: Path) -> None:
    code = (
        "import sys, pathlib; from engine import checkpoint, registry; registry.register('toy', 'a:b', 'a:b');"
        f"assert checkpoint.read_info(pathlib.Path({str(saved)!r})).licence == 'CC0-1.0';"
        "sys.exit(any(name in sys.modules for name in ('torch', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_an_unknown_architecture_or_a_description_that_is_not_json_is_not_saved(tmp_path: Path) -> None:
    for info in (replace(INFO, architecture="nix"), replace(INFO, provenance={"path": tmp_path, "loss": 1})):
        with pytest.raises(CheckpointError):
            checkpoint.save(tmp_path / "toy.safetensors", {}, info)
    with pytest.raises(CheckpointError):
        checkpoint.save(tmp_path / "toy.safetensors", {}, replace(INFO, provenance={"loss": float("nan")}))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def full(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CheckpointError, match="full"):
        checkpoint.save(saved, Toy(ToyConfig()).state_dict(), INFO)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="nowhere"):
        checkpoint.save(tmp_path / "nowhere" / "toy.safetensors", {}, INFO)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "There is no model file" in refusal(tmp_path / "none.safetensors")
    assert "folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\x00", "cut short"),
        (b"hello\n", "text file"),
        (b"These are not the weights you are looking for.\n" * 20, "text file"),
        ("塗り絵".encode() * 100, "text file"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "text file"),
        (b'{"weights": []}', "text file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b"PK\x03\x04" + bytes(100), "pickled"),
        (pickle.dumps({"weight": [1.0] * 99}, protocol=2), "pickled"),
        (pickle.dumps({"weight": [1.0] * 99}, protocol=4), "pickled"),
        (pickle.dumps({"weight": [1.0] * 99}, protocol=5), "pickled"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "no model file"),
        (bytes(range(256)) * 4, "no model file"),
        (struct.pack("<Q", 2**63) + b"{}", "no model file"),
        (struct.pack("<Q", 100) + b"{}", "cut short"),
        (struct.pack("<Q", 2) + b"{}", "another program"),
        (struct.pack("<Q", 2) + b"{x", "damaged"),
        (struct.pack("<Q", 4) + b"{\xff\xff}", "damaged"),
        (struct.pack("<Q", 16) + b'{"a": 1, "a": 2}', "damaged"),
        (struct.pack("<Q", 10**5) + b"{" + b'"a":{' * 20000 + b" " * 10**5, "damaged"),
    ],
    ids=str,
)
def test_a_file_that_is_no_checkpoint_gets_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(data)
    assert said in refusal(path)


def test_a_real_torch_pickle_is_refused_and_never_run(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.write_text, (tmp_path / "ran", "code")

    for name, zipped in (("new.pt", True), ("old.pth", False)):
        torch.save({"model": Evil()}, tmp_path / name, _use_new_zipfile_serialization=zipped)
        message = refusal(tmp_path / name)
        assert "run any code" in message
        assert ".safetensors" in message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_half_a_file_is_cut_short(saved: Path, part: float) -> None:
    data = saved.read_bytes()
    saved.write_bytes(data[: int(len(data) * part)])
    assert "cut short" in refusal(saved)


def test_weights_of_another_program_are_foreign(tmp_path: Path) -> None:
    path = tmp_path / "foreign.safetensors"
    save_file({"weight": torch.zeros(3)}, path, metadata={"format": "pt"})
    assert "another program" in refusal(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_info(architecture="nix"), "'nix'"),
        (with_info(format_version=checkpoint.FORMAT_VERSION + 1), "newer Nurie"),
        (with_info(format_version=0), "which format"),
        (with_info(format_version="1"), "which format"),
        (with_info(format_version=True), "which format"),
        (with_info(format_version=None), "which format"),
        (with_info(architecture=None), "architecture"),
        (with_info(config=[1]), "config"),
        (with_info(attributions=[1]), "attributions"),
        (with_info(attributions="me"), "attributions"),
        (with_info(surprise=1), "surprise"),
        (with_header(lambda header: header["__metadata__"].update(nurie="{")), "damaged"),
        (with_header(lambda header: header["__metadata__"].update(nurie="[]")), "damaged"),
        (with_header(lambda header: header.update(__metadata__={"nurie": 3})), "damaged"),
        (with_header(lambda header: header["linear.bias"].update(shape=[4])), "damaged"),
        (with_header(lambda header: header["linear.bias"].update(dtype="F5")), "damaged"),
        (with_header(lambda header: header["linear.bias"].update(shape=[-3])), "damaged"),
        (with_header(lambda header: header["linear.bias"].update(data_offsets=[0])), "damaged"),
        (with_header(lambda header: header.update(extra=3)), "damaged"),
        (with_header(lambda header: header.pop("linear.bias") and header), "damaged"),
        (lambda data: data + b"more", "after its end"),
    ],
)
def test_a_wrong_description_or_header_gets_one_sentence(
    saved: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    saved.write_bytes(change(saved.read_bytes()))
    assert said in refusal(saved)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda state: state.pop("linear.bias"), "lacks 'linear.bias'"),
        (lambda state: [state.pop("linear.bias"), state.pop("linear.weight")], "and 1 more"),
        (lambda state: state.update(extra=torch.zeros(1)), "has 'extra' too many"),
        (lambda state: state.update({"linear.bias": torch.zeros(4)}), r"[4] instead of [3]"),
    ],
)
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, change: Callable[[dict], Any], said: str) -> None:
    path = tmp_path / "toy.safetensors"
    state = dict(Toy(ToyConfig()).state_dict())
    change(state)
    checkpoint.save(path, state, INFO)
    with pytest.raises(CheckpointError) as caught:
        model_loading.build(path)
    assert said in str(caught.value)


@pytest.mark.parametrize("config", [{"width": -1}, {"width": 2**62}, {"height": 3}, {"width": "3"}])
def test_a_config_that_builds_no_network_is_refused(tmp_path: Path, config: dict[str, Any]) -> None:
    path = tmp_path / "toy.safetensors"
    checkpoint.save(path, Toy(ToyConfig()).state_dict(), replace(INFO, config=config))
    with pytest.raises(CheckpointError) as caught:
        model_loading.build(path)
    assert "\n" not in str(caught.value)


def test_a_network_far_larger_than_the_weights_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "huge.safetensors"
    checkpoint.save(path, Toy(ToyConfig()).state_dict(), replace(INFO, config={"width": 2**40, "levels": []}))
    with pytest.raises(CheckpointError, match="do not fit its architecture"):
        model_loading.build(path)


@pytest.mark.parametrize("values", [{"attributions": 5}, {"attributions": [5]}, {"provenance": {"digits": 10**400}}])
def test_a_description_of_a_stranger_gets_one_sentence(saved: Path, values: dict[str, Any]) -> None:
    saved.write_bytes(with_info(**values)(saved.read_bytes()))
    with pytest.raises(CheckpointError, match="is damaged"):
        checkpoint.read_info(saved)


def test_an_older_format_is_lifted_step_by_step(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FORMAT_VERSION", 3)
    monkeypatch.setattr(
        checkpoint,
        "MIGRATIONS",
        {1: lambda values: values | {"name": "two"}, 2: lambda values: values | {"name": values["name"] + " three"}},
    )
    info = checkpoint.read_info(saved)
    assert (info.name, info.format_version) == ("two three", 3)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_a_file_without_permission_is_refused(saved: Path) -> None:
    saved.chmod(0)
    try:
        with saved.open("rb"):
            pytest.skip("this user may read everything")
    except PermissionError:
        assert "permissions" in refusal(saved)
    finally:
        saved.chmod(0o600)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_byte_gives_anything_but_a_checkpoint_error(
    saved: Path, tmp_path: Path, data: st.DataObject
) -> None:
    original = saved.read_bytes()
    length = struct.unpack("<Q", original[:8])[0]
    place = data.draw(st.integers(0, 8 + length - 1))
    byte = data.draw(st.integers(0, 255))
    path = tmp_path / "changed.safetensors"
    path.write_bytes(original[:place] + bytes([byte]) + original[place + 1 :])
    try:
        model_loading.build(path)
    except CheckpointError as error:
        assert "\n" not in str(error)

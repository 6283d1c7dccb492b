"""Models assembled of files of others: checked before, pointed to, and found out when they changed."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors import safe_open

from engine import assembling, checkpoint, model_catalog, model_installing, model_loading
from engine.assembling import Chosen
from engine.checkpoint import CheckpointInfo
from engine.diffusion.stable_layouts import UNET, layout
from engine.errors import CheckpointError, DeviceError
from engine.model_catalog import ModelEntry
from engine.pipeline import run
from engine.request import Progress
from engine.weight_files import ForeignFile
from tests import stable_toys as toys


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(model_catalog._folders, "user", tmp_path / "models")
    return tmp_path / "models"


@pytest.fixture
def chosen(tmp_path: Path) -> Chosen:
    return toys.files(tmp_path / "files")


def assembled(chosen: Chosen, name: str = "Mine") -> ModelEntry:
    return run(assembling.assemble(name, chosen, sizes=toys.SIZES))


def test_a_model_points_to_the_files_and_copies_nothing(chosen: Chosen, models: Path) -> None:
    said: list[Progress] = []
    entry = run(assembling.assemble(" My own. ", chosen, sizes=toys.SIZES), said.append)
    assert [one.message for one in said] == [f"Reading {path.name}" for path in chosen if path is not None]
    assert (entry.kind, entry.deletable, entry.damaged) == ("assembled", True, False)
    assert entry.path.parent == models and entry.path.stat().st_size < 10_000
    with safe_open(entry.path, "pt") as file:
        assert list(file.keys()) == []
    assert entry.info is not None
    for role, path in chosen._asdict().items():
        assert entry.info.config[role] == {
            "path": str(path), "sha256": model_catalog.sha256_of(path), "size": path.stat().st_size
        }  # fmt: skip
        assert model_catalog.sha256_of(path) in entry.info.provenance[role]
    assert "memory" in entry.description and "masks alone" in entry.description
    assert model_catalog.find("My own").path == entry.path
    assert entry.name in [one.name for one in model_catalog.installed()]


def test_the_same_files_give_the_same_model(chosen: Chosen) -> None:
    first = assembled(chosen).path.read_bytes()
    model_installing.delete("Mine")
    assert assembled(chosen).path.read_bytes() == first


def test_deleting_a_model_leaves_the_files(chosen: Chosen) -> None:
    entry = assembled(chosen)
    chosen.base.unlink()  # also where it cannot be used any more
    assert model_installing.delete("Mine").name == "Mine"
    assert not entry.path.exists() and chosen.lines is not None and chosen.lines.exists()


@pytest.mark.parametrize("role", Chosen._fields)
def test_a_file_that_vanished_is_said_where_models_are_listed(chosen: Chosen, role: str, tmp_path: Path) -> None:
    assembled(chosen)
    path = getattr(chosen, role)
    path.rename(tmp_path / "elsewhere")
    (listed,) = [one for one in model_catalog.installed() if one.name == "Mine"]
    sentence = f"paints with the file {path}, which is not there any more: put it back"
    assert listed.damaged and sentence in listed.problem and listed.kind == "assembled"
    with pytest.raises(CheckpointError, match="not there any more"):
        model_catalog.find("Mine")
    (tmp_path / "elsewhere").rename(path)
    assert not model_catalog.find("Mine").damaged


def test_a_file_of_another_size_is_said_at_a_glance_and_one_of_the_same_when_it_is_loaded(chosen: Chosen) -> None:
    entry = assembled(chosen)
    kept = chosen.base.read_bytes()
    chosen.base.write_bytes(kept + b"\0")
    with pytest.raises(CheckpointError, match="is another one than when the model was assembled"):
        model_catalog.find("Mine")
    chosen.base.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    os.utime(chosen.base, ns=(1, 1))
    assert not model_catalog.find("Mine").damaged
    with pytest.raises(CheckpointError, match="is another one than when the model was assembled"):
        model_loading.load_colorizer(entry.path, "cpu")


Damage = Callable[[Chosen], Chosen]


def half(chosen: Chosen) -> Chosen:
    weights = toys.weights(layout(toys.SIZES))
    first = UNET + "input_blocks.0.0.weight"
    toys.write(chosen.base, {first: weights[first], UNET + "out.2.bias": weights[UNET + "out.2.bias"]})
    return chosen


def reshaped(chosen: Chosen) -> Chosen:
    weights = toys.weights(layout(toys.SIZES))
    weights[UNET + "out.2.bias"] = weights[UNET + "out.2.bias"][:3]
    toys.write(chosen.base, weights)
    return chosen


def pickled(chosen: Chosen, suffix: str = ".ckpt") -> Chosen:
    path = chosen.base.with_suffix(suffix)
    path.write_bytes(b"PK\x03\x04" + bytes(60))
    return chosen._replace(base=path)


def disguised(chosen: Chosen) -> Chosen:
    chosen.base.write_bytes(b"PK\x03\x04" + bytes(60))
    return chosen


def renamed_as_pickle(chosen: Chosen) -> Chosen:
    return chosen._replace(base=chosen.base.rename(chosen.base.with_suffix(".pt")))


def eight_bits(chosen: Chosen) -> Chosen:
    import torch

    weights = toys.weights(layout(toys.SIZES))
    toys.write(chosen.base, {name: one.to(torch.float8_e4m3fn) for name, one in weights.items()})
    return chosen


def cut_short(chosen: Chosen) -> Chosen:
    chosen.base.write_bytes(chosen.base.read_bytes()[:-10])
    return chosen


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (half, r"sd15.safetensors is not whole: .* tensors are missing \("),
        (reshaped, r"1 tensors of another shape than it should \(.*out.2.bias: 3 in the place of 4\)"),
        (pickled, "sd15.ckpt is a pickled model, which is refused .*take the .safetensors file of the same model"),
        (disguised, "is a pickled model, which is refused"),
        (renamed_as_pickle, "sd15.pt is a pickled model"),
        (eight_bits, "holds weights as F8_E4M3"),
        (cut_short, "is cut short"),
        (lambda one: one._replace(base=one.base.with_name("no")), "There is no model file"),
        (lambda one: one._replace(base=one.base.parent), "is a folder"),
        (lambda one: one._replace(base=one.lines), "is a ControlNet; choose a file of Stable Diffusion 1.x"),
        (lambda one: one._replace(lines=one.base), "choose a ControlNet for line art"),
        (lambda one: one._replace(eyes=one.reference), "is an IP-Adapter; choose a CLIP"),
        (lambda one: one._replace(reference=one.eyes), "is a CLIP .*; choose an IP-Adapter"),
        (lambda one: one._replace(eyes=None), "name both or none"),
        (lambda one: one._replace(reference=None), "name both or none"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    chosen: Chosen, models: Path, damage: Damage, sentence: str
) -> None:
    with pytest.raises(CheckpointError, match=sentence) as told:
        assembled(damage(chosen))
    assert "\n" not in str(told.value)
    assert not models.exists() or list(models.iterdir()) == []


def test_where_diffusers_is_missing_nothing_is_assembled(
    chosen: Chosen, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(DeviceError, match="need the library diffusers"):
        assembled(chosen)
    assert not models.exists() or list(models.iterdir()) == []


def test_a_name_that_is_taken_is_refused(chosen: Chosen) -> None:
    assembled(chosen)
    with pytest.raises(CheckpointError, match="There is a model named 'mine' already"):
        assembled(chosen, "mine")
    with pytest.raises(CheckpointError, match="nurie-compact"):
        assembled(chosen, "nurie-compact")
    with pytest.raises(CheckpointError, match="cannot be called"):
        assembled(chosen, "…")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("base", {"path": "sd15.safetensors", "sha256": "0" * 64, "size": 1}),
        ("base", {"path": "//host/share/sd15.safetensors", "sha256": "0" * 64, "size": 1}),
        ("base", {"path": "\\\\host\\share\\sd15.safetensors", "sha256": "0" * 64, "size": 1}),
        ("base", {"path": "/a", "sha256": "x" * 64, "size": 1}),
        ("base", {"path": "/a", "sha256": "0" * 64, "size": -1}),
        ("base", None),
        ("eyes", None),
        ("steps", 0),
        ("guidance", 99.0),
        ("side", 10**9),
        ("prediction", "x"),
        ("sizes", {"base": 10**9}),
        ("sizes", {"mults": []}),
        ("sizes", {"mults": [1] * 99}),
        ("sizes", {"blocks": 10**6}),
        ("sizes", {"text": [24, 1, 7, 2]}),
        ("more", 1),
    ],
)
def test_a_strangers_model_is_believed_in_nothing(chosen: Chosen, key: str, value: object) -> None:
    entry = assembled(chosen)
    assert entry.info is not None
    config = json.loads(json.dumps(entry.info.config)) | {key: value}
    checkpoint.save(entry.path, {}, CheckpointInfo("stable", config, "x"))
    with pytest.raises(CheckpointError, match="config"):
        model_catalog.find("Mine")
    assert any(one.damaged for one in model_catalog.installed())


def test_a_copy_of_a_model_elsewhere_still_points_there(chosen: Chosen, tmp_path: Path) -> None:
    entry = assembled(chosen)
    copied = shutil.copy(entry.path, tmp_path / "copy.safetensors")
    model_installing.delete("Mine")
    assert model_installing.install(Path(copied), "Again").kind == "assembled"
    assert not model_catalog.find("Again").damaged


def test_a_relative_path_is_remembered_whole(chosen: Chosen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(chosen.base.parent)
    assert ForeignFile.of(Path(chosen.base.name)).path == str(chosen.base)

"""Checkpoints of a run: whole or in shards, the same tensors come back."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from engine.errors import TrainingError
from trainer import run_folder, run_state
from trainer.run_state import RunState

DTYPES = [torch.float32, torch.bfloat16, torch.int64]


def state_of(shapes: list[tuple[list[int], torch.dtype]]) -> RunState:
    module = nn.Module()
    for number, (shape, dtype) in enumerate(shapes):
        count = int(torch.Size(shape).numel())
        module.register_buffer(f"b{number}", torch.arange(count).reshape(shape).to(dtype))
    module.register_parameter("weight", nn.Parameter(torch.rand(3)))
    optimizer = torch.optim.Adam(module.parameters())
    return RunState(module, copy.deepcopy(module), optimizer, torch.amp.GradScaler("cpu", enabled=False))


SHAPES = st.lists(st.tuples(st.lists(st.integers(0, 60), max_size=3), st.sampled_from(DTYPES)), max_size=5)


@settings(max_examples=25, deadline=None)
@given(shapes=SHAPES)
def test_shards_are_small_enough_and_give_back_every_tensor(
    shapes: list[tuple[list[int], torch.dtype]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("run")
    limit = 2**16
    saved = state_of(shapes)
    saved.pictures = 7
    saved.save(folder, {"width": (1, 2)}, shard_size=limit)
    files = list(folder.glob("checkpoints/000000007/*.safetensors"))
    assert all(file.stat().st_size <= limit for file in files)
    loaded = state_of(shapes)
    for value in loaded.model.state_dict().values():
        value.zero_()
    assert loaded.load(folder, {"width": [1, 2]})
    assert loaded.pictures == 7
    for (name, one), two in zip(saved.model.state_dict().items(), loaded.model.state_dict().values(), strict=True):
        assert torch.equal(one, two), name


def test_the_optimizer_comes_back_and_old_checkpoints_go(tmp_path: Path) -> None:
    state = state_of([])
    for step in range(4):
        loss = state.model.get_parameter("weight").square().sum()
        loss.backward()
        state.optimizer.step()
        state.pictures = step
        state.save(tmp_path, {}, kept=2)
    assert sorted(path.name for path in (tmp_path / "checkpoints").iterdir()) == ["000000002", "000000003"]
    other = state_of([])
    other.load(tmp_path, {})
    one, two = (s.optimizer.state[s.model.get_parameter("weight")] for s in (state, other))
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_nothing_to_load_is_no_error(tmp_path: Path) -> None:
    assert not state_of([]).load(tmp_path, {})


POSITION = {"step": 1, "pictures": 1, "seconds": 1, "scaler": {}}
INDEX = {"position": POSITION, "network": {}, "files": [], "shapes": {}}


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("last", range(1, 12))
def test_a_kill_while_a_checkpoint_is_replaced_leaves_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    state = state_of([([3], torch.float32)])
    state.pictures = state.step = 5
    state.save(tmp_path, {})
    calls = 0

    def dying(done: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == last:
                raise Killed
            return done(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dying(Path.replace))
        patch.setattr(Path, "mkdir", dying(Path.mkdir))
        patch.setattr(Path, "write_text", dying(Path.write_text))
        patch.setattr(run_state, "save_file", dying(run_state.save_file))
        patch.setattr(run_state.shutil, "rmtree", dying(run_state.shutil.rmtree))
        try:
            for _ in range(3):
                state.save(tmp_path, {})
        except Killed:
            pass
    other = state_of([([3], torch.float32)])
    assert other.load(tmp_path, {}) and other.step == 5
    other.save(tmp_path, {})
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["000000005"]


def test_a_whole_checkpoint_beside_its_place_is_taken_up(tmp_path: Path) -> None:
    state = state_of([])
    for number in (1, 2):
        state.pictures = number
        state.save(tmp_path, {}, kept=2)
    folder = tmp_path / "checkpoints"
    (folder / "000000002").rename(folder / ".000000002.part")
    (folder / ".000000003.part").mkdir()  # not whole
    other = state_of([])
    assert other.load(tmp_path, {}) and other.pictures == 2
    run_folder.own(tmp_path).release()
    assert sorted(path.name for path in folder.iterdir()) == ["000000001", "000000002"]


@pytest.mark.parametrize(
    "index",
    [
        "[" * 100_000,
        "[]",
        '{"position": 3}',
        json.dumps(INDEX | {"position": POSITION | {"step": "1"}}),
        json.dumps(INDEX | {"position": POSITION | {"pictures": -1}}),
        json.dumps(INDEX | {"network": "a"}),
        json.dumps(INDEX | {"position": POSITION | {"scaler": 1}, "files": [3]}),
        json.dumps(INDEX | {"shapes": []}),
    ],
)
def test_a_foreign_index_is_one_sentence(tmp_path: Path, index: str) -> None:
    state = state_of([])
    (state.save(tmp_path, {}) / "index.json").write_text(index)
    with pytest.raises(TrainingError, match="damaged or of another network"):
        state_of([]).load(tmp_path, {})


def test_one_training_a_folder(tmp_path: Path) -> None:
    with run_folder.own(tmp_path / "run"), pytest.raises(TrainingError, match="Another training works in"):
        run_folder.own(tmp_path / "run")
    run_folder.own(tmp_path / "run").release(remove=True)
    assert list((tmp_path / "run").iterdir()) == []


@pytest.mark.parametrize("text", [b"[1]", b"[" * 100_000, b"\xff", b"{"])
def test_a_foreign_note_of_a_run_is_one_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / run_folder.ABOUT).write_bytes(text)
    with pytest.raises(TrainingError, match="cannot be read"):
        run_folder.read_about(tmp_path)

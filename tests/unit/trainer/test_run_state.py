"""Checkpoints of a run: whole or in shards, the same tensors come back."""

import copy
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

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

"""Models loaded from their files, as networks."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
import torch

from engine import checkpoint, model_loading, registry
from engine.checkpoint import CheckpointInfo


class Own(torch.nn.Module):
    """A network with a parameter that two layers share, or with a buffer that its state lacks."""

    def __init__(self, config: "OwnConfig") -> None:
        super().__init__()
        self.one, self.two = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
        if config.shares:
            self.two.weight = self.one.weight
        if config.has_more:
            self.register_buffer("more", torch.arange(2.0), persistent=False)


@dataclass(frozen=True)
class OwnConfig:
    shares: bool = False
    has_more: bool = False


@pytest.fixture
def own() -> Iterator[str]:
    registry.register("own", config=OwnConfig, module=Own, colorizer=None)
    yield "own"
    del registry._rows["own"]


@pytest.mark.parametrize("config", [OwnConfig(), OwnConfig(shares=True), OwnConfig(has_more=True)])
def test_a_network_is_built_as_its_class_makes_it_in_the_weights_of_its_file(
    own: str, config: OwnConfig, tmp_path: Path
) -> None:
    path = tmp_path / "own.safetensors"
    stored = {name: tensor.half() for name, tensor in Own(config).state_dict().items()}
    checkpoint.save(path, stored, CheckpointInfo(own, asdict(config), "Own"))
    _, network = model_loading.build(path)
    assert isinstance(network, Own)
    assert not network.training
    assert all(one.requires_grad and one.dtype == torch.float32 and not one.is_meta for one in network.parameters())
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, stored[name].float())
    assert (network.two.weight is network.one.weight) == config.shares
    assert not config.has_more or network.get_buffer("more").tolist() == [0.0, 1.0]


def test_a_built_network_does_not_change_with_its_file(own: str, tmp_path: Path) -> None:
    path = tmp_path / "own.safetensors"
    stored = Own(OwnConfig()).state_dict()
    checkpoint.save(path, stored, CheckpointInfo(own, asdict(OwnConfig()), "Own"))
    network = model_loading.build(path)[1]
    with path.open("r+b") as file:
        file.seek(-8, os.SEEK_END)
        file.write(b"\xff" * 8)
    assert all(torch.equal(tensor, stored[name]) for name, tensor in network.state_dict().items())

"""Architectures by id, and configs read from the plain values of a file."""

import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pytest

from engine import registry
from engine.errors import CheckpointError

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Inner:
    depth: int = 1


@dataclass(frozen=True)
class Config:
    width: int
    rate: float = 0.5
    name: Literal["a", "b"] = "a"
    levels: tuple[int, ...] = (1, 2)
    size: tuple[int, int] = (3, 4)
    bias: bool = True
    limit: int | None = None
    inner: Inner = Inner()

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError("width must be at least 1")


class Network:
    def __init__(self, config: Config) -> None:
        self.config = config


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_rows", dict(registry._rows))
    registry.register("toy", Config, Network)


def test_an_architecture_is_found_by_its_id() -> None:
    found = registry.find("toy")
    assert (found.id, found.config, found.module) == ("toy", Config, Network)


def test_a_dotted_path_is_resolved_on_use() -> None:
    registry.register("lazy", f"{__name__}:Config", f"{__name__}:Network")
    assert registry.find("lazy").module is Network


def test_the_sga_network_is_registered_and_fits_its_config() -> None:
    from engine.architectures.sga_generator import SGAConfig, SGAGenerator

    found = registry.find("sga")
    assert found.config is SGAConfig
    assert found.module is SGAGenerator
    for config in (SGAConfig.paper(), SGAConfig.compact()):
        assert registry.make_config("sga", asdict(config)) == config


def test_a_duplicate_is_refused() -> None:
    with pytest.raises(ValueError, match="toy"):
        registry.register("toy", Config, Network)


def test_an_unknown_id_names_the_known_ones() -> None:
    with pytest.raises(CheckpointError, match=r"'nix'.*sga.*split.*toy"):
        registry.find("nix")


def test_the_registry_does_not_import_torch() -> None:
    code = "import sys; from engine import registry, checkpoint, model_catalog; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_config_survives_its_plain_form() -> None:
    config = Config(5, 1.5, "b", (7,), (8, 9), False, 3, Inner(4))
    plain = asdict(config) | {"levels": [7], "size": [8, 9]}
    assert registry.make_config("toy", plain) == config


def test_missing_fields_take_their_defaults_and_whole_numbers_do_for_floats() -> None:
    config = registry.make_config("toy", {"width": 2, "rate": 1})
    assert config == Config(2, 1.0)
    assert type(config.rate) is float


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({}, "width"),
        ({"width": 1, "colour": 2}, "colour"),
        ({"width": "1"}, "width"),
        ({"width": True}, "width"),
        ({"width": 1.0}, "width"),
        ({"width": None}, "width"),
        ({"width": 1, "rate": "fast"}, "rate"),
        ({"width": 1, "name": "c"}, "name"),
        ({"width": 1, "levels": [1, "2"]}, r"levels\[1\]"),
        ({"width": 1, "levels": 3}, "levels"),
        ({"width": 1, "size": [1, 2, 3]}, "size"),
        ({"width": 1, "bias": 1}, "bias"),
        ({"width": 1, "limit": "none"}, "limit"),
        ({"width": 1, "inner": 3}, "inner"),
        ({"width": 1, "inner": {"height": 3}}, "height"),
        ({"width": 0}, "at least 1"),
        ([1], "object"),
        ({"width": "x" * 1000}, r"\.\.\."),
    ],
)
def test_a_wrong_config_is_refused_and_named(values: dict, named: str) -> None:
    with pytest.raises(CheckpointError, match=named) as caught:
        registry.make_config("toy", values)
    assert len(str(caught.value)) < 200

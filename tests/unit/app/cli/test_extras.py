"""The extra `train`: what lacks it says what to install, and everything else runs without it."""

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from app.cli.experiment import EXPERIMENTS
from engine.errors import NurieError, RequestError
from tests.unit.app.cli.conftest import Run
from trainer import extras, inception, metrics, perceptual
from trainer.experiments import charts

ROOT = Path(__file__).parents[4]
PACKAGES = ("matplotlib", "torchmetrics", "torchvision")
WHITE = np.full((200, 200, 3), 255, np.uint8)
BLOCKED = """
import importlib, pkgutil, sys
for name in {packages}:
    sys.modules[name] = None
for root in ("engine", "trainer", "app"):
    for module in pkgutil.walk_packages(importlib.import_module(root).__path__, root + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
"""


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make a package one that is not installed."""

    def block(package: str) -> None:
        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            monkeypatch.delitem(sys.modules, name)
        none: Any = None  # what Python takes for "there is no such module"
        module: ModuleType = none
        monkeypatch.setitem(sys.modules, package, module)

    return block


def test_the_packages_are_those_of_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    listed = [line.partition(">")[0] for line in project["project"]["optional-dependencies"]["train"]]
    assert tuple(listed) == PACKAGES
    assert not [line for line in project["project"]["dependencies"] if line.startswith(PACKAGES)]
    extras = next(line for line in project["dependency-groups"]["dev"] if line.startswith("nurie["))
    assert "train" in extras[6:-1].split(","), "the tests need them"


def test_nothing_imports_them_before_it_needs_them() -> None:
    code = BLOCKED.format(packages=PACKAGES)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("experiment", ["evaluate", *EXPERIMENTS])
def test_a_command_says_what_to_install_before_it_begins(
    experiment: str, nurie: Callable[..., Run], without: Callable[[str], None], tmp_path: Path
) -> None:
    lacking = "matplotlib" if experiment in ("gradients", "spectrum") else "torchmetrics"
    without(lacking)
    (tmp_path / "data").mkdir()
    words: list[object] = ["evaluate", "--data", tmp_path / "data"]
    if experiment != "evaluate":
        words = ["experiment", experiment, "--data", tmp_path / "data", "--output", tmp_path / "out"]
        words += [] if experiment in ("sheet", "spectrum") else ["--epochs", 1]
    error = nurie(*words).error
    assert lacking in error
    assert "uv sync --extra train" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("package", "use"),
    [
        ("torchmetrics", lambda folder: metrics.ssim(WHITE, WHITE)),
        ("torchmetrics", lambda folder: metrics.ms_ssim(WHITE, WHITE)),
        ("torchmetrics", lambda folder: inception.FrechetDistance(folder / "weights.pth")),
        ("torchvision", lambda folder: inception.FrechetDistance(folder / "weights.pth")),
        ("matplotlib", lambda folder: charts.bars(folder / "a.png", "A", ["a"], [charts.Bars("a", [1.0])], "")),
        ("torchvision", lambda folder: perceptual.load("download")),
    ],
    ids=["ssim", "ms-ssim", "fid", "fid of torchvision", "chart", "download"],
)
def test_each_use_says_what_to_install(
    package: str,
    use: Callable[[Path], object],
    without: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path / "hub"))
    without(package)
    with pytest.raises(NurieError, match=f"needs {package}.*uv sync --extra train.*pip install {package}"):
        use(tmp_path)
    assert not list(tmp_path.rglob("*.png"))


def test_all_that_is_missing_is_named_at_once(without: Callable[[str], None]) -> None:
    extras.require(*PACKAGES)
    for package in PACKAGES:
        without(package)
    with pytest.raises(RequestError, match=r"matplotlib and torchmetrics and torchvision.*install them"):
        extras.require(*PACKAGES)

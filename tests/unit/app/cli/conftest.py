"""A place to run commands in: pictures, one small model in the catalogue, and a colorizer that needs no network.

The colorizer stands in for seconds of computing and for what cannot be had on demand (a stop, a slow step). The real
one is run from the command line in tests/e2e.
"""

import json
import shutil
import sys
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from PIL import Image

from app import paths
from app.batch import cluster_task
from app.cli.main import main
from engine import checkpoint, model_catalog
from engine.checkpoint import CheckpointInfo
from engine.colorizers.base import BaseColorizer
from engine.errors import Cancelled
from engine.request import ColorizeRequest, ColorizeResult, Progress


class FakeColorizer(BaseColorizer):
    """Paints everything in the mean colour of the first reference."""

    loads: ClassVar[list[tuple[Path, str]]] = []
    on_step: ClassVar[list[Callable[[], None]]] = []

    @classmethod
    def load(cls, path: Path, device: str = "auto") -> "FakeColorizer":
        cls.loads.append((path, device))
        checkpoint.read_info(path)
        return cls()

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        for step in range(3):
            yield Progress("coloring", step / 3)
            for call in self.on_step:
                call()
            if should_stop is not None and should_stop():
                raise Cancelled
        height, width = request.line_art.size
        mean = request.references[0].pixels.reshape(-1, 3).mean(axis=0)
        color = np.broadcast_to(np.rint(mean).astype(np.uint8), (height, width, 3))
        layer = request.line_art.layer
        return ColorizeResult(color, layer, "cpu", "fp32", (height, width), ("The working size was made smaller.",))


@dataclass
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        assert self.out.count("\n") == 1, "exactly one line of JSON"
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line of an error, checked to be one."""
        assert self.code == 2
        assert self.out == ""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("nurie: error: ")
        return self.err.removeprefix("nurie: error: ").rstrip("\n")


@pytest.fixture
def nurie(capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run a command in this process."""

    def run(*arguments: object) -> Run:
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Run(code, captured.out, captured.err)

    return run


@pytest.fixture
def colorizer(monkeypatch: pytest.MonkeyPatch) -> type[FakeColorizer]:
    """The stand-in, in the place of the real one."""
    monkeypatch.setattr(FakeColorizer, "loads", [])
    monkeypatch.setattr(FakeColorizer, "on_step", [])
    monkeypatch.setattr(
        "engine.model_loading.load_colorizer", lambda path, device="auto": FakeColorizer.load(path, device)
    )
    return FakeColorizer


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's models folder, with one model `tiny`; nothing is shipped, whatever the sources hold."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("NURIE_MODELS", str(folder))
    shutil.copytree(paths.resources() / "templates", tmp_path / "program" / "resources" / "templates")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "program"), raising=False)
    monkeypatch.setattr(model_catalog, "_folders", {})
    info = CheckpointInfo("sga", {}, "Tiny", description="For tests.", licence="CC0-1.0")
    checkpoint.save(folder / "tiny.safetensors", {"weight": torch.zeros(1)}, info)
    return folder


@pytest.fixture
def place(tmp_path: Path, models: Path, colorizer: type[FakeColorizer]) -> Path:
    """A folder with line.png (40×30, black on white) and reference.png (20×20, red)."""
    line = Image.new("RGB", (40, 30), "white")
    line.paste("black", (10, 10, 30, 12))
    line.save(tmp_path / "line.png", dpi=(300, 300))
    Image.new("RGB", (20, 20), (200, 40, 20)).save(tmp_path / "reference.png")
    return tmp_path


@pytest.fixture
def batch(nurie: Callable[..., Run], place: Path) -> Callable[..., Run]:
    """Color place/in into place/out from reference.png (red), without a palette, so that the guess is seen."""

    def run(*more: object, reference: bool = True) -> Run:
        first = ["--reference", place / "reference.png"] if reference else []
        return nurie("batch", place / "in", "--output", place / "out", "--palette", "off", *first, *more)

    return run


@pytest.fixture(scope="module")
def scheduler() -> Iterator[Any]:
    """A scheduler and two workers in this process, so that they take the stand-in for the network, too."""
    distributed = pytest.importorskip("distributed")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": False, "dashboard_address": ":0"}
    with distributed.LocalCluster(protocol="tcp", host="127.0.0.1", scheduler_port=0, **settings) as local:
        yield local


@pytest.fixture
def address(scheduler: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the scheduler is. Its workers know nothing of earlier tests."""
    monkeypatch.setattr(cluster_task, "_KEPT", cluster_task._Kept())
    monkeypatch.setattr(cluster_task, "use_threads", lambda _: None)
    return scheduler.scheduler_address

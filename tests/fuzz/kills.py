"""Kills at any moment of a save: what was there is whole, and the next save leaves nothing behind.

python -m tests.fuzz.kills --kills 150 [--only NAME] [--seed N]
"""

import argparse
import contextlib
import copy
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtWidgets import QApplication
from torch import nn

from app.cli.main import main
from engine.export import formats
from engine.export.png import write_png
from engine.layers import Layer, LayerStack
from tests.projects import page, read_whole, write
from tests.unit.app.cli.conftest import FakeColorizer
from tests.unit.app.cli.folders import color_file, line_file
from trainer import run_folder
from trainer.run_state import RunState

FIRST, LEAST = 0.002, 0.08  # seconds before a kill, and before the latest one, or as long as one saving takes


@dataclass(frozen=True)
class Kind:
    """What is saved again and again. save: makes a thing that saves; check: raises where the file is not whole."""

    save: Callable[[Path], Callable[[], object]]
    check: Callable[[Path], object]


def kill(kind: Kind, kills: int, seed: int = 0) -> tuple[int, int, int]:
    """Kill a process in the middle of saving: how often something was lost, left over at once, and after a save."""
    chance, lost, left, after = random.Random(seed), 0, 0, 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        save = kind.save(folder)
        save()
        kind.check(folder)
        usual = _names(folder)
        longest = _seconds(save)
        for _ in range(kills):
            _killed(save, chance.uniform(FIRST, longest))
            left += not set(_names(folder)) <= set(usual)
            try:
                kind.check(folder)
            except Exception as error:
                print(f"lost: {error}", file=sys.stderr)
                lost += 1
            save()
            if more := set(_names(folder)) - set(usual):
                print(f"after the next save: {sorted(more)}", file=sys.stderr)
                after += 1
    return lost, left, after


def _seconds(save: Callable[[], object]) -> float:
    """As long as a process that saves needs for it once."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            save()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return max(LEAST, time.monotonic() - began)


def _killed(save: Callable[[], object], seconds: float) -> None:
    child = os.fork()
    if child == 0:
        try:
            while True:
                save()
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the process that saves came to an end by itself"


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def _project(folder: Path) -> Callable[[], object]:
    _application = QApplication.instance() or QApplication(["kills", "-platform", "offscreen"])
    pages = (page(1), page(2), page(3))
    return lambda: write(folder / "a.nurie", pages)


def _check_project(folder: Path) -> None:
    assert all(one.coloring is not None for one in read_whole(folder / "a.nurie"))


def _pixels() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (240, 320, 4), np.uint8)


def _layered(name: str) -> Kind:
    stack = LayerStack((240, 320), (Layer("Paper", _pixels()), Layer("Line", _pixels())))
    return Kind(
        lambda folder: lambda: formats.write_layers(folder / name, stack, {}),
        lambda folder: formats.read_layers(folder / name),
    )


def _check_png(folder: Path) -> None:
    with Image.open(folder / "a.png") as image:
        assert image.size == (320, 240)
        image.load()


def _state() -> RunState:
    module = nn.Linear(200, 200)
    return RunState(
        module, copy.deepcopy(module), torch.optim.Adam(module.parameters()), torch.amp.GradScaler("cpu", enabled=False)
    )


def _checkpoint(folder: Path) -> Callable[[], object]:
    torch.set_num_threads(1)
    state = _state()
    state.step = 7

    def save() -> None:
        with run_folder.own(folder) as lock:
            state.save(folder, {})
            lock.release(remove=True)

    return save


def _check_checkpoint(folder: Path) -> None:
    state = _state()
    assert state.load(folder, {}) and state.step == 7


def _batch(folder: Path) -> Callable[[], object]:
    """Colors anew all that is there, with a colorizer that takes no time; after a kill it goes on."""
    for number in range(4):
        line_file(folder / "in" / f"{number}.png", (80, 60 + number))
    color_file(folder / "reference.png", (200, 40, 20))
    command = ["batch", folder / "in", "--reference", folder / "reference.png", "--output", folder / "out"]
    parent = os.getpid()

    def save() -> None:
        if os.getpid() != parent:
            shutil.rmtree(folder / "out", ignore_errors=True)
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stderr(io.StringIO()):
            patch.setattr("engine.model_loading.load_colorizer", FakeColorizer.load)
            assert main([str(one) for one in command]) == 0

    return save


def _check_batch(folder: Path) -> None:
    for path in (folder / "out").glob("*.png"):
        with Image.open(path) as image:
            image.load()


KINDS = {
    "project": Kind(_project, _check_project),
    "png": Kind(lambda folder: lambda: write_png(folder / "a.png", _pixels()), _check_png),
    "psd": _layered("a.psd"),
    "ora": _layered("a.ora"),
    "checkpoint": Kind(_checkpoint, _check_checkpoint),
    "batch": Kind(_batch, _check_batch),
}


def run() -> int:
    """Kill, and print a table; 1 where something was lost or left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    bad = 0
    print(f"{'what':12} {'kills':>6} {'lost':>6} {'left by the kill':>17} {'left after the next save':>25}")
    for name in [options.only] if options.only else KINDS:
        lost, left, after = kill(KINDS[name], options.kills, options.seed)
        print(f"{name:12} {options.kills:6} {lost:6} {left:17} {after:25}", flush=True)
        bad += lost + after
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(run())

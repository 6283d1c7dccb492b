"""Pictures to learn from, and a controller with children that learn nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.document.document import Document
from app.finetune.controller import FinetuneController
from app.jobs.runner import JobRunner
from tests.fakes_finetune import make_child
from tests.window import write_picture

MakeController = Callable[..., FinetuneController]


def figure(number: int, side: int = 160) -> NDArray[np.uint8]:
    """A colored shape on white paper, another one for each number."""
    pixels = np.full((side, side, 3), 255, np.uint8)
    rng = np.random.default_rng(number)
    for _ in range(6):
        center = tuple(int(value) for value in rng.integers(side // 4, 3 * side // 4, 2))
        color = tuple(int(value) for value in rng.integers(0, 220, 3))
        cv2.circle(pixels, center, side // 7, color, -1)
        cv2.circle(pixels, center, side // 7, (0, 0, 0), 2)
    return pixels


@pytest.fixture
def sheets(tmp_path: Path) -> list[Path]:
    """Three pictures of a character."""
    folder = tmp_path / "sheet"
    folder.mkdir()
    return [write_picture(folder / f"mio {number}.png", figure(number)) for number in range(3)]


@pytest.fixture
def make_controller(qapp: QObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeController]:
    """Makes a controller the children of which behave as told; see `tests.fakes_finetune.make_child`."""
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    made: list[tuple[FinetuneController, JobRunner, Document]] = []

    def make(**behavior: Any) -> FinetuneController:
        document, runner = Document(), JobRunner()
        controller = FinetuneController(document, runner, tmp_path / "runs", make_child(**behavior))
        made.append((controller, runner, document))
        return controller

    yield make
    for controller, runner, _ in made:
        controller.close()
        runner.close()

"""Drawing and reference mixed up: offered above the canvas, swapped in one step; a gray reference is said at once."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.application import Nurie
from tests import figures, sheets
from tests.window import drop, urls


@pytest.fixture
def colors(tmp_path: Path) -> Path:
    Image.fromarray(figures.figure(fills=sheets.FILLS)).save(tmp_path / "colors.png")
    return tmp_path / "colors.png"


@pytest.fixture
def line(tmp_path: Path) -> Path:
    Image.fromarray(figures.figure()).save(tmp_path / "line.png")
    return tmp_path / "line.png"


def offered(nurie: Nurie) -> set[str]:
    return {name for name, button in nurie.window.offer.buttons.items() if button.isVisible()}


def mixed_up(nurie: Nurie, qtbot: QtBot, colors: Path, line: Path) -> None:
    drop(nurie.window.canvas, urls(colors))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    assert "swap" not in offered(nurie)
    drop(nurie.window.strip.list.viewport(), urls(line))
    qtbot.waitUntil(lambda: "swap" in offered(nurie))


def test_drawing_and_reference_are_swapped_in_one_step(nurie: Nurie, qtbot: QtBot, colors: Path, line: Path) -> None:
    mixed_up(nurie, qtbot, colors, line)
    assert "line.png" in nurie.window.offer.text.text()
    nurie.window.offer.buttons["swap"].click()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    drawing = nurie.document.drawing
    assert drawing is not None and drawing.picture.name == "line.png"
    assert [item.reference.name for item in nurie.document.references] == ["colors.png"]
    assert nurie.document.lines is not None and not nurie.document.lines.line_art.extracted
    assert not nurie.window.offer.isVisible()
    nurie.document.history.undo()
    assert nurie.document.drawing is not None and nurie.document.drawing.picture.name == "colors.png"
    assert [item.reference.name for item in nurie.document.references] == ["line.png"]
    assert "swap" in offered(nurie)


def test_they_may_be_what_they_are_meant_to_be(nurie: Nurie, qtbot: QtBot, colors: Path, line: Path) -> None:
    mixed_up(nurie, qtbot, colors, line)
    nurie.window.offer.buttons["extract"].click()
    qtbot.waitUntil(lambda: offered(nurie) == {"swap", "leave"})
    nurie.window.offer.buttons["leave"].click()
    assert not nurie.window.offer.isVisible()
    drop(nurie.window.strip.list.viewport(), urls(colors))
    qtbot.waitUntil(lambda: len(nurie.document.references) == 2)
    assert not nurie.window.offer.isVisible()


def test_a_reference_without_colors_is_said_when_it_comes_and_with_the_colors(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, line: Path
) -> None:
    levels = {part: 90 + 30 * number for number, part in enumerate(figures.PARTS)}
    gray = figures.figure(fills={part: (level, level, level) for part, level in levels.items()})
    Image.fromarray(np.ascontiguousarray(gray)).save(tmp_path / "gray.png")
    told: list[str] = []
    nurie.controllers.coloring.noticed.connect(told.append)
    drop(nurie.window.strip.list.viewport(), urls(tmp_path / "gray.png"))
    sentence = "gray.png has no colors; add a color picture of the character."
    qtbot.waitUntil(lambda: told == [sentence])
    drop(nurie.window.canvas, urls(line))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    qtbot.waitUntil(lambda: told[-1].endswith(sentence) and len(told) > 1)

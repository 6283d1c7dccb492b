"""Layered files of other programs in the window: what is asked, and what comes of the answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.dialogs.layer_choice import LayerChoiceDialog
from app.images import incoming
from engine.export import formats
from engine.layers import Layer, LayerStack
from tests import layered
from tests.fakes import FakeColorizer
from tests.layered import HEIGHT, RED, WIDTH, filled, strokes
from tests.window import color_file, drop, line_file, program, urls

WHITE = (255, 255, 255, 255)


@pytest.fixture
def nurie(qapp: QApplication, tmp_path: Path) -> Iterator[Nurie]:
    with program(qapp, tmp_path, FakeColorizer()) as running:
        yield running


def other_file(path: Path) -> Path:
    """A PSD with colors and two layers of lines, one of them in a folder."""

    def make(document: Any, add: Any) -> None:
        base = filled(WHITE)
        base[15:55, 20:65] = RED
        add("Base", base)
        add("Line", strokes([40]), document.create_group(name="Body"))
        add("inks", strokes([10]))
        add("notes", strokes([58])).visible = False

    return layered.psd(path, make)


def dialog_of(nurie: Nurie) -> LayerChoiceDialog | None:
    return next((one for one in nurie.window.findChildren(LayerChoiceDialog) if one.isVisible()), None)


def asked(nurie: Nurie, qtbot: QtBot) -> LayerChoiceDialog:
    qtbot.waitUntil(lambda: dialog_of(nurie) is not None)
    dialog = dialog_of(nurie)
    assert dialog is not None
    return dialog


def dark_rows(nurie: Nurie) -> set[int]:
    drawing = nurie.document.drawing
    assert drawing is not None
    return set(np.flatnonzero(drawing.picture.pixels[:, WIDTH // 2].max(axis=1) < 100).tolist())


def test_lines_and_colors_are_guessed_and_taken(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(other_file(tmp_path / "a.psd")))
    dialog = asked(nurie, qtbot)
    assert (dialog.lines, dialog.colors) == (["inks", "Body/Line"], ["Base"])
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: nurie.document.drawing is not None and len(nurie.document.references) == 1)
    assert dark_rows(nurie) == {10, 11, 12, 40, 41, 42} and not nurie.controllers.coloring.needs_choice
    assert tuple(nurie.document.references[0].reference.pixels[30, 40]) == RED[:3]
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)


def test_as_it_is_shown(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(other_file(tmp_path / "a.psd")))
    qtbot.mouseClick(asked(nurie, qtbot).whole, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: nurie.document.drawing is not None)
    assert nurie.document.drawing is not None
    assert tuple(nurie.document.drawing.picture.pixels[30, 40]) == RED[:3] and not nurie.document.references


def test_cancel_takes_nothing(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(other_file(tmp_path / "a.psd"), line_file(tmp_path)))
    asked(nurie, qtbot).reject()
    qtbot.waitUntil(lambda: not nurie.runner.jobs)
    assert nurie.document.drawing is None and not nurie.document.references


def test_one_answer_for_all_files_that_came(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    files = [other_file(tmp_path / f"{name}.psd") for name in "abc"]
    nurie.controllers.coloring.open_drawing(incoming.from_files([files[0], line_file(tmp_path), *files[1:]]))
    dialog = asked(nurie, qtbot)
    assert dialog.tree.topLevelItemCount() == 4
    row = dialog.tree.topLevelItem(3)
    assert row is not None and row.text(0) == "Base"
    row.setCheckState(2, Qt.CheckState.Unchecked)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(nurie.document.pages) == 4)
    assert not nurie.document.references and dialog_of(nurie) is None


def test_the_strip_asks_for_colors_only(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    nurie.controllers.coloring.add_references(
        incoming.from_files([other_file(tmp_path / "a.psd"), color_file(tmp_path)])
    )
    dialog = asked(nurie, qtbot)
    assert dialog.tree.isColumnHidden(1) and (dialog.lines, dialog.colors) == ([], ["Base"])
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(nurie.document.references) == 2)
    assert nurie.document.references[0].reference.pixels[11, 15].min() == 255  # without the inks


def test_nothing_is_asked_of_nuries_own_and_of_one_layer(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    paper, lines = Layer("Paper", filled(WHITE)), Layer("Line", strokes([10]), blend="multiply")
    formats.write_layers(tmp_path / "own.ora", LayerStack((HEIGHT, WIDTH), (paper, lines)), {})
    one = layered.psd(tmp_path / "one.psd", lambda _document, add: add("Background", filled(RED)))
    nurie.controllers.coloring.open_drawing(incoming.from_files([tmp_path / "own.ora"]))
    nurie.controllers.coloring.add_references(incoming.from_files([one]))
    qtbot.waitUntil(lambda: nurie.document.drawing is not None and len(nurie.document.references) == 1)
    assert dialog_of(nurie) is None


def own_file(path: Path) -> Path:
    """A drawing of two rooms as Nurie writes it, one red and one of the paper."""
    lines = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    lines[10:50, [10, 40, 70], 3] = lines[[10, 49], 10:71, 3] = 255
    flats = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    flats[10:50, 10:40] = RED
    layers = Layer("Paper", filled(WHITE)), Layer("Flats", flats), Layer("Line", lines, blend="multiply")
    formats.write_layers(path, LayerStack((HEIGHT, WIDTH), layers), {})
    return path


@pytest.mark.parametrize("suffix", [".psd", ".ora"])
@pytest.mark.parametrize("auto_color", [True, False])
def test_nuries_own_file_shows_its_colors_at_once(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, suffix: str, auto_color: bool
) -> None:
    nurie.controllers.coloring.set_auto_color(auto_color)
    drop(nurie.window.canvas, urls(own_file(tmp_path / f"own{suffix}")))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    coloring = nurie.document.coloring
    assert coloring is not None and not nurie.document.references
    color = coloring.finished.color
    assert tuple(color[30, 20]) == RED[:3] and tuple(color[30, 55]) == (255, 255, 255)
    assert coloring.finished.palette is not None and RED[:3] in [
        one.color for one in coloring.finished.palette.swatches
    ]
    # A hint works as with references, and references take over the rest.
    nurie.controllers.corrections.hint(55, 30, (60, 120, 200))
    qtbot.waitUntil(lambda: not nurie.runner.jobs and nurie.document.coloring is not coloring)
    assert nurie.document.coloring is not None
    assert tuple(nurie.document.coloring.finished.color[30, 55]) == (60, 120, 200)
    # The project keeps it.
    nurie.controllers.projects.save(tmp_path / "p.nurie")
    qtbot.waitUntil(lambda: not nurie.runner.jobs and not nurie.document.is_modified)
    nurie.controllers.projects.open(tmp_path / "p.nurie")
    qtbot.waitUntil(lambda: not nurie.runner.jobs and nurie.document.coloring is not None)
    assert tuple(nurie.document.coloring.finished.color[30, 20]) == RED[:3]

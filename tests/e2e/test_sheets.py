"""A sheet on the strip: its figures are what is looked at, a person may want one picture, and the project keeps it."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import Nurie
from engine.color import sheet
from tests import figures, sheets
from tests.projects import read_whole
from tests.window import drop, urls


@pytest.fixture
def both(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    made = sheets.in_row(sheets.plain((620, 1000)), [sheets.simple(), sheets.simple()], top=110, space=80)
    Image.fromarray(sheets.with_band(made).pixels).save(tmp_path / "sheet.png")
    Image.fromarray(figures.figure()).save(tmp_path / "line.png")
    drop(nurie.window.strip.list.viewport(), urls(tmp_path / "sheet.png"))
    drop(nurie.window.canvas, urls(tmp_path / "line.png"))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    return nurie


def colors(nurie: Nurie) -> set[tuple[int, int, int]]:
    assert nurie.document.coloring is not None and nurie.document.coloring.finished.palette is not None
    return {swatch.color for swatch in nurie.document.coloring.finished.palette.swatches}


def test_a_person_may_want_one_picture(both: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    strip, action = both.window.strip, both.actions["use_whole"]
    assert "cut into its 2 figures" in strip.list.item(0).toolTip()
    assert sheets.PINK not in colors(both)
    assert strip.list.contextMenuPolicy() == Qt.ContextMenuPolicy.ActionsContextMenu
    assert action in strip.list.actions()
    strip.list.setCurrentRow(0)
    qtbot.waitUntil(action.isEnabled)
    assert not action.isChecked()
    action.trigger()
    qtbot.waitUntil(lambda: sheets.PINK in colors(both))
    assert both.document.references[0].reference.whole
    assert "one picture" in strip.list.item(0).toolTip() and action.isChecked()
    both.controllers.projects.save(tmp_path / "a.nurie")
    qtbot.waitUntil(lambda: not both.document.is_modified)
    (page,) = read_whole(tmp_path / "a.nurie")
    assert page.references[0].reference.whole and page.references[0].figures == 2
    both.document.history.undo()
    qtbot.waitUntil(lambda: sheets.PINK not in colors(both))
    assert not action.isChecked()


def test_what_is_no_sheet_has_nothing_to_choose(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    Image.fromarray(figures.figure(fills=sheets.FILLS)).save(tmp_path / "one.png")
    drop(nurie.window.strip.list.viewport(), urls(tmp_path / "one.png"))
    qtbot.waitUntil(lambda: nurie.window.strip.list.count() == 1)
    nurie.window.strip.list.setCurrentRow(0)
    assert not nurie.actions["use_whole"].isEnabled()
    assert "sheet" not in nurie.window.strip.list.item(0).toolTip()
    assert sheet.cut(nurie.document.references[0].reference).aside is None

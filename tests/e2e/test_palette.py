"""The palette by hand: swatches merged by drag and by menu, deleted, locked; what the current color follows."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QMenu
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.images import incoming
from app.panels.palette_panel import Entry
from engine.palette import Palette, Swatch
from tests.window import OwnDrop, OwnMove, color_both, drag_row, line_file, quiet, write_picture


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def entries(nurie: Nurie) -> list[Entry]:
    return nurie.window.palette_panel.list.entries()


def names(nurie: Nurie) -> list[str]:
    return [entry.swatch.name for entry in entries(nurie)]


def menu(nurie: Nurie, row: int) -> QMenu:
    return nurie.window.palette_panel.menu_of(entries(nurie)[row])


def trigger(menu: QMenu, text: str) -> None:
    (action,) = [one for one in menu.actions() if one.text().replace("&", "") == text]
    assert action.isEnabled()
    action.trigger()


def test_a_swatch_dropped_on_another_becomes_one_with_it(
    colored: Nurie, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = colored.window.palette_panel.list
    before = entries(colored)

    def let_go(mime: QMimeData) -> None:
        place: QPoint = panel.visualItemRect(panel.item(1)).center()
        panel.dragMoveEvent(OwnMove(place, panel, mime))
        panel.dropEvent(OwnDrop(place, panel, mime))

    assert drag_row(monkeypatch, panel, 0, let_go)
    quiet(colored, qtbot.waitUntil)
    merged = entries(colored)
    assert len(merged) == len(before) - 1 and colored.document.history.texts[-1] == "Merge Swatches"
    (row,) = [entry for entry in merged if entry.count == 2]
    assert row.swatch == before[1].swatch and row.share == pytest.approx(before[0].share + before[1].share)
    coloring = colored.document.coloring
    assert coloring is not None
    assert before[0].swatch.color not in {tuple(color) for color in coloring.finished.color.reshape(-1, 3).tolist()}
    trigger(menu(colored, merged.index(row)), "Part")
    quiet(colored, qtbot.waitUntil)
    assert names(colored) == [entry.swatch.name for entry in before]


def test_merge_and_delete_by_menu_and_key(colored: Nurie, qtbot: QtBot) -> None:
    count = len(entries(colored))
    one = menu(colored, 0)
    (into,) = [child for child in one.findChildren(QMenu) if child.objectName() == "mergeInto"]
    assert len(into.actions()) == count - 1
    into.actions()[0].trigger()
    quiet(colored, qtbot.waitUntil)
    assert len(entries(colored)) == count - 1
    colored.window.palette_panel.list.setCurrentRow(0)
    qtbot.keyClick(colored.window.palette_panel.list, Qt.Key.Key_Delete)
    quiet(colored, qtbot.waitUntil)
    assert len(entries(colored)) == count - 2
    while len(entries(colored)) > 1:
        colored.controllers.finish.delete_swatch(entries(colored)[0].base)
        quiet(colored, qtbot.waitUntil)
    colored.controllers.finish.delete_swatch(entries(colored)[0].base)
    assert len(entries(colored)) == 1
    while colored.document.history.texts[colored.document.history.done - 1] in ("Merge Swatches", "Delete Swatch"):
        colored.document.history.undo()
    quiet(colored, qtbot.waitUntil)
    assert len(entries(colored)) == count


def test_a_locked_swatch_stays(colored: Nurie, qtbot: QtBot) -> None:
    base = entries(colored)[0].base
    finish = colored.controllers.finish
    finish.edit_swatch(base, Swatch("shirt", (1, 2, 3)))
    trigger(menu(colored, 0), "Lock")
    quiet(colored, qtbot.waitUntil)
    assert entries(colored)[0].locked
    finish.edit_swatch(base, Swatch("shirt", (9, 9, 9)))
    finish.delete_swatch(base)
    finish.merge_swatches(base, entries(colored)[1].base)
    finish.use_reference_palette()
    quiet(colored, qtbot.waitUntil)
    assert entries(colored)[0].swatch == Swatch("shirt", (1, 2, 3))
    finish._palette_loaded(Palette((Swatch("a", (250, 250, 250)), Swatch("b", (5, 90, 200)))))
    quiet(colored, qtbot.waitUntil)
    assert names(colored) == ["a", "b", "shirt", "Paper"]


def test_a_hint_adds_no_color_to_a_loaded_palette(colored: Nurie, qtbot: QtBot) -> None:
    told: list[str] = []
    colored.controllers.corrections.noticed.connect(told.append)
    given = Palette((Swatch("a", (250, 250, 250)), Swatch("b", (5, 90, 200))))
    colored.controllers.corrections.fill(48, 32, (7, 80, 190))  # before the palette comes
    quiet(colored, qtbot.waitUntil)
    colored.controllers.finish._palette_loaded(given)
    quiet(colored, qtbot.waitUntil)
    colored.controllers.corrections.fill(2, 2, (240, 250, 240))
    quiet(colored, qtbot.waitUntil)
    coloring = colored.document.coloring
    assert coloring is not None and coloring.base is not None
    assert {swatch.color for swatch in coloring.base.swatches} == {(250, 250, 250), (5, 90, 200), (255, 255, 255)}
    assert {tuple(color) for color in coloring.finished.color.reshape(-1, 3).tolist()} <= {
        swatch.color for swatch in coloring.base.swatches
    }
    assert any("locked" in one for one in told)


def test_the_current_color_is_that_of_the_row(colored: Nurie, qtbot: QtBot) -> None:
    panel, context = colored.window.palette_panel.list, colored.shell.context
    panel.setCurrentRow(1)
    assert context.color == entries(colored)[1].swatch.color
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    (dialog,) = colored.window.findChildren(QColorDialog)
    dialog.setCurrentColor(QColor(120, 60, 180))
    dialog.accept()
    quiet(colored, qtbot.waitUntil)
    assert entries(colored)[1].swatch == Swatch("purple", (120, 60, 180))  # its name was automatic
    assert context.color == (120, 60, 180) and panel.currentRow() == 1
    colored.actions["undo"].trigger()
    quiet(colored, qtbot.waitUntil)
    assert context.color == entries(colored)[1].swatch.color
    context.set_color(entries(colored)[0].swatch.color)
    assert panel.currentRow() == 0
    context.set_color((3, 3, 3))
    assert panel.currentRow() == -1


@pytest.fixture
def shaded(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    """Colored from a sheet of one material in light and shade."""
    pixels = np.full((90, 120, 3), 255, np.uint8)
    pixels[10:80, 10:60], pixels[10:80, 60:110] = (168, 46, 56), (214, 70, 66)
    sheet = write_picture(tmp_path / "sheet.png", pixels)
    nurie.controllers.coloring.add_references(incoming.from_files([sheet]))
    nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path)]))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def test_base_and_shadow_are_one_material_when_asked_for(shaded: Nurie, qtbot: QtBot) -> None:
    assert not any(entry.base_name for entry in entries(shaded))
    shaded.window.finish.bases.click()
    quiet(shaded, qtbot.waitUntil)
    paired = [(entry.swatch.color, entry.base_name) for entry in entries(shaded) if entry.base_name]
    base = next(entry for entry in entries(shaded) if entry.swatch.color == (214, 70, 66))
    assert paired == [((168, 46, 56), base.name)]
    row = next(row for row, entry in enumerate(entries(shaded)) if entry.base_name)
    trigger(menu(shaded, row), "No Shadow")
    quiet(shaded, qtbot.waitUntil)
    assert not any(entry.base_name for entry in entries(shaded))
    shaded.actions["undo"].trigger()
    quiet(shaded, qtbot.waitUntil)
    assert [entry.base_name for entry in entries(shaded) if entry.base_name] == [base.name]


def test_a_swatch_dropped_with_shift_is_a_shadow(colored: Nurie, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, before = colored.window.palette_panel.list, entries(colored)

    def let_go(mime: QMimeData) -> None:
        drop = OwnDrop(panel.visualItemRect(panel.item(1)).center(), panel, mime)
        monkeypatch.setattr(OwnDrop, "modifiers", lambda _self: Qt.KeyboardModifier.ShiftModifier)
        panel.dropEvent(drop)

    assert drag_row(monkeypatch, panel, 0, let_go)
    quiet(colored, qtbot.waitUntil)
    assert colored.document.finish_settings.pairs == ((before[0].base, before[1].base),)
    assert colored.window.finish.bases.isChecked()
    assert entries(colored)[0].base_name == before[1].name and entries(colored)[0].share == 0.0
    coloring = colored.document.coloring
    assert coloring is not None
    assert before[0].swatch.color not in {tuple(color) for color in coloring.finished.color.reshape(-1, 3).tolist()}

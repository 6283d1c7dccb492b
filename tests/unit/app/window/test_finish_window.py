"""The window around finishing: what to check, modes by keyboard, names for screen readers."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QFileDialog, QListWidget
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.canvas.content import ViewMode
from app.panels.check_panel import MOST, entries_of
from app.panels.color_dialog import ColorDialog
from engine.inspection import Check, Doubt
from engine.leaks import Leak
from engine.palette import Swatch
from tests.window import color_both


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    """With an escape and a doubt."""
    coloring = color_both(nurie, tmp_path, qtbot.waitUntil)
    doubt = Doubt(2, 50, 32, 900, 0.25, (200, 60, 60), "red")
    escape = Check("ran", 40, 30, 0.9, (replace(doubt, label=1),), Leak("escape", 40, 30, 5, (1,)))
    nurie.document.set_coloring(replace(coloring, checks=(escape, Check("doubt", 50, 32, 0.2, (doubt,)))))
    return nurie


def rows(nurie: Nurie) -> list[str]:
    shown = nurie.window.checks.list
    return [shown.item(row).text() for row in range(shown.count())]


def test_the_worst_comes_first(colored: Nurie) -> None:
    assert [row.split(",")[-1].strip() for row in rows(colored)] == ["Two colors in one region", "25 % sure"]
    assert "5 px" in colored.window.checks.list.item(0).toolTip()
    assert colored.window.docks["checksDock"].windowTitle() == "To check (2)"
    colored.document.set_drawing(None)
    assert rows(colored) == []
    assert colored.window.docks["checksDock"].windowTitle() == "To check"


def test_choosing_a_place_brings_it_to_the_middle(colored: Nurie) -> None:
    canvas = colored.window.canvas
    for row, place in enumerate(((40, 30), (50, 32))):
        canvas.fit()
        colored.window.checks.list.setCurrentRow(row)
        width, height = canvas.viewport.view
        assert canvas.viewport.to_picture(width / 2, height / 2) == pytest.approx(place, abs=1)


def test_an_edited_swatch_is_named_in_the_list(colored: Nurie, qtbot: QtBot) -> None:
    coloring = colored.document.coloring
    assert coloring is not None and coloring.base is not None and coloring.finished.swatch is not None
    base = coloring.base.swatches[coloring.finished.swatch[1]]
    colored.controllers.finish.edit_swatch(base, Swatch("Blue", (0, 0, 250)))
    qtbot.waitUntil(lambda: rows(colored)[1] == "Blue, 25 % sure")
    entry = entries_of(colored.document.coloring, colored.document.current.checks)[1]
    assert entry.color == (0, 0, 250)


def test_a_very_long_list_is_cut(colored: Nurie) -> None:
    coloring = colored.document.coloring
    assert coloring is not None
    assert len(entries_of(coloring, coloring.checks * 500)) == MOST


def test_right_next_until_there_is_nothing_left(colored: Nurie, qtbot: QtBot) -> None:
    """By Enter in the list, by Y and by Enter on the canvas; and back."""
    window, shown = colored.window, colored.window.checks.list
    qtbot.keyClick(window.canvas, Qt.Key.Key_N)
    assert shown.currentRow() == 0
    qtbot.keyClick(window.canvas, Qt.Key.Key_N)
    assert shown.currentRow() == 1
    shown.setFocus()
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert rows(colored) == ["Two colors in one region"]
    assert shown.currentRow() == 0
    assert window.docks["checksDock"].windowTitle() == "To check (1)"
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    assert rows(colored) == []
    assert colored.document.current.to_check == 0
    right = colored.document.finish_settings.corrections.right
    assert [(one.x, one.y) for one in right] == [(50, 32), (40, 30)]
    assert colored.document.coloring is not None  # nothing was colored anew for that
    colored.document.history.undo()
    colored.document.history.undo()
    assert len(rows(colored)) == 2
    qtbot.keyClick(window.canvas, Qt.Key.Key_N)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Y)
    assert len(rows(colored)) == 1


@pytest.mark.parametrize("tool", ["hint", "fill", "merge", "split"])
def test_enter_says_right_of_what_is_looked_at_whatever_the_tool(colored: Nurie, qtbot: QtBot, tool: str) -> None:
    """Until the person does something that means the tool."""
    canvas, before = colored.window.canvas, colored.document.history.done
    colored.actions[f"tool_{tool}"].trigger()
    qtbot.keyClick(canvas, Qt.Key.Key_N)
    assert "Enter" in colored.window.status.message.text()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.keyClick(canvas, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert rows(colored) == []
    assert len(colored.document.finish_settings.corrections.right) == 2
    assert colored.document.history.done == before + 2


@pytest.mark.parametrize("act", ["tool", "color", "arrow"])
def test_enter_uses_the_tool_once_the_person_turned_to_it(colored: Nurie, qtbot: QtBot, act: str) -> None:
    canvas, context = colored.window.canvas, colored.shell.context
    colored.actions["tool_hint"].trigger()
    qtbot.keyClick(canvas, Qt.Key.Key_N)
    if act == "tool":
        colored.actions["tool_hint"].trigger()
    elif act == "color":
        context.set_color((1, 2, 3))
    else:
        qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    corrections = colored.document.finish_settings.corrections
    assert len(corrections.hints) == 1 and not corrections.right


def test_what_was_found_right_stays_so_in_the_project(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    colored.controllers.corrections.settle(colored.document.current.checks[1])
    page = colored.document.current
    assert page.coloring is not None
    again = replace(page, coloring=replace(page.coloring, checks=page.coloring.checks))
    assert [check.kind for check in again.checks] == ["ran"]
    wrong = replace(page.coloring.checks[1].regions[0], area=9000)  # another region by now
    other = replace(page.coloring, checks=(replace(page.coloring.checks[1], regions=(wrong,)),))
    assert len(replace(page, coloring=other).checks) == 1


@pytest.mark.parametrize(("key", "mode"), [(str(number + 1), mode) for number, mode in enumerate(ViewMode)])
def test_modes_by_keyboard(colored: Nurie, qtbot: QtBot, key: str, mode: ViewMode) -> None:
    colored.window.activateWindow()
    colored.window.canvas.setFocus()
    qtbot.keyClick(colored.window.canvas, Qt.Key(ord(key)))
    assert colored.window.canvas.mode == mode
    assert colored.actions[f"show_{mode.value}"].isChecked()


def test_modes_are_off_until_there_are_regions(nurie: Nurie) -> None:
    for mode in ("regions", "confidence"):
        assert not nurie.actions[f"show_{mode}"].isEnabled()


def test_palette_dialogs(colored: Nurie) -> None:
    colored.actions["load_palette"].trigger()
    colored.actions["save_palette"].trigger()
    load, save = colored.window.findChildren(QFileDialog)
    assert "*.gpl *.ase *.aco" in load.nameFilters()[0]
    assert Path(save.selectedFiles()[0]).name == "color.gpl"
    assert save.defaultSuffix() == "gpl"
    load.reject()
    save.reject()


def test_the_color_dialog_recolors_the_picture(colored: Nurie, qtbot: QtBot) -> None:
    coloring = colored.document.coloring
    assert coloring is not None and coloring.base is not None
    base = coloring.base
    index = max(range(len(coloring.shares)), key=lambda number: coloring.shares[number])
    swatches = colored.window.palette_panel.list
    swatches.setCurrentRow(index)
    qtbot.keyClick(swatches, Qt.Key.Key_Return)
    (dialog,) = colored.window.findChildren(ColorDialog)
    dialog.setCurrentColor("#0a0b0c")
    qtbot.waitUntil(lambda: swatches.entries()[index].swatch.color == (10, 11, 12))
    qtbot.waitUntil(lambda: colored.window.canvas.content.color is not coloring.view)
    dialog.reject()
    qtbot.waitUntil(lambda: swatches.entries()[index].swatch == base.swatches[index])
    assert colored.document.finish_settings.edits == ()


def test_everything_has_a_name_and_a_tool_tip(colored: Nurie) -> None:
    window = colored.window
    for panel in (window.finish, window.palette_panel, window.checks):
        for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QListWidget):
            for widget in panel.findChildren(kind):
                if widget.objectName().startswith("qt_") or widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
                    continue
                named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
                assert named, widget
                assert widget.toolTip() or isinstance(widget, QListWidget), widget


def test_it_fits_a_small_screen(colored: Nurie) -> None:
    least = colored.window.minimumSizeHint()
    assert QSize(1280, 720).expandedTo(least) == QSize(1280, 720)
    colored.window.resize(1280, 800)
    assert colored.window.canvas.width() >= 640

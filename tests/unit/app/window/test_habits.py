"""Habits of other painting programs: picking colors, menus of the right button, keys that can be changed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QMouseEvent, QStatusTipEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.canvas.view import CanvasView
from app.dialogs.preferences_dialog import PreferencesDialog
from app.dialogs.shortcuts_dialog import ShortcutsDialog
from app.settings import DRAG_FORMATS
from tests.window import color_both, quiet, speak

CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def colored(nurie: Nurie, tmp_path: Path, qtbot: QtBot) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def middle(canvas: CanvasView) -> QPoint:
    return canvas.rect().center() + QPoint(17, 11)


def move(canvas: CanvasView, to: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    none = Qt.MouseButton.NoButton
    place = QPointF(canvas.mapToGlobal(to))
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, QPointF(to), place, none, LEFT, modifiers))


@pytest.mark.parametrize("modifier", [CONTROL, ALT])
@pytest.mark.parametrize("tool", ["move", "hint", "fill", "split", "merge", "remove"])
def test_a_click_with_ctrl_or_alt_picks_the_color_whatever_the_tool(
    colored: Nurie, tool: str, modifier: Qt.KeyboardModifier
) -> None:
    canvas, context = colored.window.canvas, colored.shell.context
    colored.actions[f"tool_{tool}"].trigger()
    context.set_color((1, 2, 3))
    before = colored.document.history.done
    spot = canvas.spot_at(QPointF(middle(canvas)))
    wanted = context.look_up(int(spot.x), int(spot.y))
    QTest.mouseClick(canvas, LEFT, modifier, middle(canvas))
    assert wanted is not None and context.color == wanted != (1, 2, 3)
    assert colored.document.history.done == before, "nothing is done to the drawing"


def open_menu(colored: Nurie) -> QMenu:
    return next(menu for menu in colored.window.findChildren(QMenu) if menu.isVisible())


def texts(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]


def ask_menu(canvas: CanvasView, at: QPoint) -> None:
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, at, canvas.mapToGlobal(at)))


def test_the_right_button_picks_first_and_fills_and_hints(colored: Nurie, qtbot: QtBot) -> None:
    canvas, context = colored.window.canvas, colored.shell.context
    context.set_color((1, 2, 3))
    ask_menu(canvas, middle(canvas))
    menu = open_menu(colored)
    assert texts(menu)[:3] == ["Pick This Color", "Fill With the Current Color", "Hint With the Current Color"]
    menu.actions()[0].trigger()
    assert context.color != (1, 2, 3)
    menu.close()
    qtbot.waitUntil(lambda: not [menu for menu in colored.window.findChildren(QMenu) if menu.isVisible()])
    context.set_color((1, 200, 3))
    ask_menu(canvas, middle(canvas))
    before = colored.document.history.done
    open_menu(colored).actions()[1].trigger()
    assert colored.document.history.done == before + 1
    assert (1, 200, 3) in [one.color for one in colored.document.finish_settings.corrections.hints]


def test_the_menu_beside_the_drawing_touches_no_region(colored: Nurie) -> None:
    ask_menu(colored.window.canvas, QPoint(2, 2))
    assert not {"Pick This Color", "Fill With the Current Color"} & set(texts(open_menu(colored)))


@pytest.mark.parametrize(
    ("view_of", "first"),
    [
        (lambda window: window.drawings.list, "Rename"),
        (lambda window: window.strip.list, "Look at It Large"),
        (lambda window: window.history.list, "Undo"),
    ],
)
def test_every_list_has_a_menu(colored: Nurie, view_of: object, first: str) -> None:
    view = view_of(colored.window)  # type: ignore[operator]
    assert isinstance(view, QListWidget)
    view.doItemsLayout()
    at = view.visualItemRect(view.item(0)).center()
    view.customContextMenuRequested.emit(at)
    menu = next(one for one in view.findChildren(QMenu) if one.isVisible())
    assert texts(menu)[0].startswith(first)
    menu.close()


def test_space_with_ctrl_zooms_and_with_shift_turns(colored: Nurie) -> None:
    canvas = colored.window.canvas
    colored.actions["tool_hint"].trigger()
    scale, angle, done = canvas.viewport.scale, canvas.viewport.angle, colored.document.history.done
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    QTest.mousePress(canvas, LEFT, CONTROL, middle(canvas))
    move(canvas, middle(canvas) + QPoint(60, 0), CONTROL)
    QTest.mouseRelease(canvas, LEFT, CONTROL, middle(canvas) + QPoint(60, 0))
    assert canvas.viewport.scale > 1.2 * scale and canvas.viewport.angle == angle
    zoomed = canvas.viewport.scale
    QTest.mousePress(canvas, LEFT, SHIFT, middle(canvas))
    move(canvas, middle(canvas) + QPoint(-60, 40), SHIFT)
    QTest.mouseRelease(canvas, LEFT, SHIFT, middle(canvas) + QPoint(-60, 40))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.angle != angle and canvas.viewport.scale == pytest.approx(zoomed)
    assert colored.document.history.done == done


def test_tab_hides_the_panels_and_brings_the_same_back(colored: Nurie) -> None:
    window = colored.window
    before = {name for name, dock in window.docks.items() if not dock.isHidden()}
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert all(dock.isHidden() for dock in window.docks.values()) and colored.actions["hide_panels"].isChecked()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    assert {name for name, dock in window.docks.items() if not dock.isHidden()} == before


@pytest.mark.parametrize("go", ["a key", "hidden", "disabled"])
def test_focus_that_leaves_a_button_on_the_canvas_hides_no_panels(nurie: Nurie, qtbot: QtBot, go: str) -> None:
    """Qt then asks the parent, the canvas, for the next control, as Tab does."""
    window = nurie.window
    window.activateWindow()
    button = window.canvas.findChildren(QPushButton)[-1]
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    if go == "a key":
        QTest.keyClick(button, Qt.Key.Key_Tab)
    elif go == "hidden":
        button.hide()
    else:
        button.setEnabled(False)
    assert not button.hasFocus()
    assert not nurie.actions["hide_panels"].isChecked()
    assert not window.docks["checksDock"].isHidden()


def test_f11_fills_the_screen(nurie: Nurie) -> None:
    nurie.actions["full_screen"].trigger()
    assert nurie.window.windowState() & Qt.WindowState.WindowFullScreen
    nurie.actions["full_screen"].trigger()
    assert not nurie.window.windowState() & Qt.WindowState.WindowFullScreen


def test_views_stand_in_the_order_of_their_keys(nurie: Nurie) -> None:
    view = next(menu for menu in nurie.window.menuBar().findChildren(QMenu) if menu.title() == "&View")
    keys = [action.shortcut().toString() for action in view.actions()]
    assert keys[:9] == ["1", "2", "3", "4", "5", "6", "7", "8", "Shift+B"]


def test_a_tip_and_the_progress_do_not_lie_over_each_other(nurie: Nurie) -> None:
    status = nurie.window.status
    status.show_message("Ready")
    QApplication.sendEvent(nurie.window, QStatusTipEvent("Color every drawing of the project that has no colors yet"))
    status.show_work(0.5, True)
    nurie.window.layout().activate()  # type: ignore[union-attr]
    assert status.message.text().startswith("Color every drawing") and status.message.isVisible()
    assert not status.bar.geometry().intersects(status.message.geometry())
    QApplication.sendEvent(nurie.window, QStatusTipEvent(""))
    assert status.message.text() == "Ready"


def shortcuts(nurie: Nurie) -> ShortcutsDialog:
    nurie.actions["shortcuts"].trigger()
    return next(one for one in nurie.window.findChildren(ShortcutsDialog) if one.isVisible())


def give(dialog: ShortcutsDialog, action: str, key: str) -> None:
    dialog.choose(action)
    dialog.key.setKeySequence(QKeySequence(key))
    dialog.key.editingFinished.emit()


def test_keys_are_changed_at_once_kept_and_told_in_tips(nurie: Nurie) -> None:
    dialog = shortcuts(nurie)
    give(dialog, "mirror", "Ctrl+Alt+M")
    assert nurie.actions["mirror"].shortcut().toString() == "Ctrl+Alt+M"
    assert "Ctrl+Alt+M" in nurie.actions["mirror"].toolTip()
    assert nurie.settings.shortcuts == {"mirror": ["Ctrl+Alt+M"]}
    speak(nurie, "ja")
    assert nurie.actions["mirror"].shortcut().toString() == "Ctrl+Alt+M", "the next window has it, too"
    speak(nurie, "en")
    dialog = shortcuts(nurie)
    dialog.all_defaults.click()
    assert nurie.settings.shortcuts == {} and nurie.actions["mirror"].shortcut().toString() == "M"
    assert [one.toString() for one in nurie.actions["redo"].shortcuts()] == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_a_key_that_is_taken_is_told_and_never_two_actions_have_one(nurie: Nurie) -> None:
    dialog = shortcuts(nurie)
    give(dialog, "mirror", "Ctrl+Y")
    assert "Redo" in dialog.message.text() and dialog.take.isVisible()
    assert nurie.actions["mirror"].shortcut().toString() == "M"
    dialog.take.click()
    assert nurie.actions["mirror"].shortcut().toString() == "Ctrl+Y"
    assert [one.toString() for one in nurie.actions["redo"].shortcuts()] == ["Ctrl+Shift+Z"]
    dialog.choose("redo")
    dialog.default.click()
    keys = [key.toString() for action in nurie.actions.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys)) and nurie.actions["mirror"].shortcut().isEmpty()


def test_no_two_actions_come_with_the_same_key(nurie: Nurie) -> None:
    keys = [key.toString() for action in nurie.actions.all() for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_keys_are_found_by_words_and_by_key(nurie: Nurie) -> None:
    dialog = shortcuts(nurie)
    dialog.search.setText("mirror")
    rows = [dialog.tree.topLevelItem(row) for row in range(dialog.tree.topLevelItemCount())]
    assert [row.text(0) for row in rows if row is not None and not row.isHidden()] == ["Mirror"]
    dialog.search.setText("ctrl+shift+e")
    assert [row.text(0) for row in rows if row is not None and not row.isHidden()] == ["Export Picture As"]


def test_preferences_take_effect_and_are_kept(nurie: Nurie, tmp_path: Path) -> None:
    nurie.actions["preferences"].trigger()
    dialog = next(one for one in nurie.window.findChildren(PreferencesDialog) if one.isVisible())
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    dialog.auto_color.setChecked(False)
    dialog.pixel_grid.setChecked(False)
    dialog.recovery_minutes.setValue(5)
    dialog.drag_format.setCurrentIndex(1)
    dialog.export_format.setCurrentIndex(2)
    dialog.save_folder.setText(str(tmp_path))
    dialog.open_folder.setText(str(tmp_path / "nowhere"))
    dialog._answer()
    settings = nurie.settings
    assert (settings.theme, settings.device, settings.recovery_minutes) == ("light", "cpu", 5)
    assert nurie.themes.theme.name == "light" and nurie.controllers.projects.timer.interval() == 300_000
    assert not settings.auto_color and not nurie.actions["auto_color"].isChecked()
    assert not settings.pixel_grid and settings.drag_format is DRAG_FORMATS[1] and settings.export_format.id == "ora"
    assert settings.save_folder == tmp_path and settings.open_folder != tmp_path / "nowhere"


def test_preferences_left_change_nothing(nurie: Nurie) -> None:
    before = {key: nurie.settings._store.value(key) for key in nurie.settings._store.allKeys()}
    nurie.actions["preferences"].trigger()
    dialog = next(one for one in nurie.window.findChildren(PreferencesDialog) if one.isVisible())
    dialog.recovery_minutes.setValue(9)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert {key: nurie.settings._store.value(key) for key in nurie.settings._store.allKeys()} == before

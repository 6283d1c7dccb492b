"""The panels of projects by themselves: what is listed, what is asked for, what a screen reader says."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QColor, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.dialogs.question_dialog import QuestionDialog
from app.panels.drawings_panel import DrawingsPanel, PageEntry
from app.panels.history_panel import HistoryPanel
from app.panels.recent_menu import RecentMenu
from tests.window import urls


def picture(color: str) -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    return image


ENTRIES = [
    PageEntry(1, "Cover", picture("#c03030"), "colored", "Colored"),
    PageEntry(2, "Page 1", picture("#3030c0"), "check", "To check: 3"),
    PageEntry(7, "Page 2", QImage(), "line_art", "Line art"),
]


@pytest.fixture
def panel(qtbot: QtBot) -> DrawingsPanel:
    made = DrawingsPanel([QAction("&Open…"), QAction("Remove")])
    qtbot.addWidget(made)
    made.resize(420, 150)
    made.show_entries(ENTRIES, 2)
    made.show()
    return made


def test_drawings_are_painted_with_name_and_state(panel: DrawingsPanel) -> None:
    shown = panel.grab().toImage()
    colors = {shown.pixelColor(x, y).name() for x in range(0, shown.width(), 3) for y in range(0, shown.height(), 3)}
    assert {"#c03030", "#3030c0"} <= colors
    item = panel.list.item(1)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole) == "Page 1, To check: 3"
    assert "To check: 3" in item.toolTip() and "F2" in item.toolTip()
    assert panel.list.accessibleName() and panel.list.accessibleDescription()
    assert [button.accessibleName() for button in panel.findChildren(QToolButton)] == ["Open", "Remove"]


def test_showing_asks_for_nothing(panel: DrawingsPanel, qtbot: QtBot) -> None:
    asked: list[object] = []
    for signal in (panel.chosen, panel.reordered, panel.removed, panel.renamed):
        signal.connect(lambda *values: asked.append(values))
    panel.show_entries([ENTRIES[2], ENTRIES[0]], 1)
    assert panel.list.entries() == [ENTRIES[2], ENTRIES[0]] and panel.list.currentRow() == 1
    panel.show_entries([], 0)
    assert asked == []


@pytest.mark.parametrize(("row", "x_of", "expected"), [(0, 2, [2, 7, 1]), (2, 0, [7, 1, 2]), (1, 1, None)])
def test_where_a_dragged_drawing_goes(panel: DrawingsPanel, row: int, x_of: int, expected: list[int] | None) -> None:
    ids: list[list[int]] = []
    panel.reordered.connect(ids.append)
    rect = panel.list.visualItemRect(panel.list.item(x_of))
    place = QPointF(rect.right() - 2 if row < x_of else rect.left() + 2, rect.center().y())
    action, buttons, keys = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    mime = urls(Path("x"))
    target = panel.list._row_at(QDropEvent(place, action, mime, buttons, keys))
    panel.list.move_page(row, target - (target > row))
    assert ids == ([expected] if expected else [])


def test_files_dropped_on_the_panel(panel: DrawingsPanel) -> None:
    from tests.window import drop

    dropped: list[object] = []
    panel.dropped.connect(dropped.append)
    drop(panel.list.viewport(), urls(Path("/art/a.png")))
    assert len(dropped) == 1


def test_the_history_lists_steps(qtbot: QtBot) -> None:
    panel = HistoryPanel(QAction("Undo"), QAction("Redo"))
    qtbot.addWidget(panel)
    panel.show_steps(["One", "Two"], 1)
    assert [panel.list.item(row).text() for row in range(3)] == ["Start", "One", "Two"]
    assert panel.list.currentRow() == 1
    assert "taken back" in panel.list.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.list.setCurrentRow(2)
    assert chosen.args == [2]
    panel.show_steps([], 0)
    assert panel.list.count() == 1


def test_recent_projects_that_are_gone_are_gray(qtbot: QtBot) -> None:
    menu = RecentMenu()
    qtbot.addWidget(menu)
    paths = [Path(f"/art/{number} & more.nurie") for number in range(11)]
    menu.show_paths(paths, {paths[0]})
    first, second, *_, last = menu.actions()
    assert first.isEnabled() and not second.isEnabled()
    assert first.text() == "&1 0 && more.nurie" and not last.text().startswith("&")
    assert "not there" in second.toolTip()
    with qtbot.waitSignal(menu.chosen) as chosen:
        first.trigger()
    assert chosen.args == [paths[0]]


def test_escape_is_the_answer_that_changes_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    buttons = (("accept", "&Save"), ("destroy", "&Discard"), ("reject", "&Cancel"))
    for key, expected in ((Qt.Key.Key_Escape, "reject"), (Qt.Key.Key_Return, "accept")):
        dialog = QuestionDialog(None, "Save?", "More.", buttons)
        dialog.show()
        with qtbot.waitSignal(dialog.answered) as answered:
            qtbot.keyClick(dialog, key)
        assert answered.args == [expected]

"""The panels of projects by themselves: what is listed, what is asked for, what a screen reader says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.dialogs.question_dialog import QuestionDialog
from app.images import incoming
from app.images.outgoing import DraggedFile, fit_name
from app.panels.drawings_panel import DrawingsPanel, PageEntry
from app.panels.history_panel import HistoryPanel
from app.panels.recent_menu import RecentMenu
from engine.errors import PictureError
from tests.window import OwnDrop, OwnMove, drag_row, urls


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
def test_where_a_dragged_drawing_goes(
    panel: DrawingsPanel, monkeypatch: pytest.MonkeyPatch, row: int, x_of: int, expected: list[int] | None
) -> None:
    ids: list[list[int]] = []
    panel.reordered.connect(ids.append)
    rect = panel.list.visualItemRect(panel.list.item(x_of))
    place = QPoint(rect.right() - 2 if row < x_of else rect.left() + 2, rect.center().y())
    before = panel.grab().toImage()

    def let_go(mime: QMimeData) -> None:
        assert not mime.hasUrls()  # nothing says what it is as a file
        panel.list.dragMoveEvent(OwnMove(place, panel.list, mime))
        assert panel.grab().toImage() != before  # where it goes is seen
        panel.list.dropEvent(OwnDrop(place, panel.list, mime))

    assert len(drag_row(monkeypatch, panel.list, row, let_go)) == 1
    assert ids == ([expected] if expected else [])
    assert panel.list.entries() == ENTRIES  # the order comes from the document


def test_what_is_dragged_out_is_a_file_made_when_it_is_asked_for(
    panel: DrawingsPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_bytes(b"a picture")

    panel.list.file_of = lambda entry: DraggedFile(f"{entry.name}: *.png", make, lambda: tmp_path)

    def let_go(mime: QMimeData) -> None:
        assert mime.hasUrls() and not made
        (url,) = mime.urls()
        assert Path(url.toLocalFile()).read_bytes() == b"a picture"
        assert Path(url.toLocalFile()).name == "Cover.png"
        assert not incoming.may_hold_pictures(mime)  # not for this window

    assert drag_row(monkeypatch, panel.list, 0, let_go)
    assert len(made) == 1 and panel.list.count() == 3


def test_a_file_that_cannot_be_written_is_told(
    panel: DrawingsPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    problems: list[object] = []
    panel.list.failed.connect(problems.append)

    def make(path: Path) -> None:
        raise PictureError("The disk is full.")

    panel.list.file_of = lambda _entry: DraggedFile("a.png", make, lambda: tmp_path)
    drag_row(monkeypatch, panel.list, 0, lambda mime: mime.urls())
    assert [str(one) for one in problems] == ["The disk is full."]


@given(st.text(max_size=200), st.sampled_from(("png", "psd")))
def test_names_of_dragged_files_fit_every_disk(name: str, suffix: str) -> None:
    fit = fit_name(f"{name}.{suffix}")
    assert fit.endswith(f".{suffix}") and len(fit) < 120 and fit == Path(fit).name
    assert not set(fit) & set('<>:"/\\|?*\x00\n') and not fit.startswith(".")


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

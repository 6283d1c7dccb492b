from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QPixmap
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app.panels import palette_panel
from app.panels.color_dialog import ColorDialog
from app.panels.palette_panel import Entry, PalettePanel, percent
from engine.corrections import RGB
from engine.palette import Swatch

RED, BLUE = Swatch("hair", (200, 20, 20)), Swatch("coat", (20, 20, 200))
ENTRIES = [Entry(RED, RED, 0.25), Entry(BLUE, replace(BLUE, color=(0, 0, 90)), 0.004)]


@pytest.fixture
def panel(qtbot: QtBot) -> PalettePanel:
    action = QAction("&Load Palette…")
    made = PalettePanel([action])
    action.setParent(made)
    qtbot.addWidget(made)
    made.resize(220, 300)
    made.show()
    made.show_entries(ENTRIES, "")
    return made


@pytest.fixture
def edits(panel: PalettePanel) -> list[tuple[Swatch, Swatch]]:
    found: list[tuple[Swatch, Swatch]] = []
    panel.edited.connect(lambda base, edited: found.append((base, edited)))
    return found


def dialog_of(panel: PalettePanel) -> ColorDialog:
    return panel.window().findChildren(ColorDialog)[-1]


def test_rows_say_color_name_and_share(panel: PalettePanel) -> None:
    assert [panel.list.item(row).text() for row in range(2)] == ["hair", "coat"]
    assert "#c81414" in panel.list.item(0).toolTip()
    assert "25 %" in panel.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    chip = panel.list.visualItemRect(panel.list.item(1)).left() + 12, panel.list.visualItemRect(panel.list.item(1))
    seen = panel.list.viewport().grab().toImage().pixelColor(QPoint(chip[0], chip[1].center().y()))
    assert seen == QColor(0, 0, 90)
    assert panel.findChildren(QToolButton)[0].accessibleName() == "Load Palette"


@pytest.mark.parametrize(("color", "row"), [(RED.color, 0), ((1, 2, 3), -1)])
def test_the_highlight_does_not_part_from_the_current_color(panel: PalettePanel, color: RGB, row: int) -> None:
    """A swatch that was merged or deleted takes its row with it; another one moves up."""
    shadow = Swatch("shade", (9, 9, 9))
    panel.show_entries([ENTRIES[0], Entry(shadow, shadow, 0.1), ENTRIES[1]], "")
    panel.list.show_color(shadow.color)
    assert panel.list.currentRow() == 1
    panel.show_entries(ENTRIES, "")
    assert panel.list.currentRow() == -1, "the current color is no swatch now"
    panel.list.show_color(color)
    assert panel.list.currentRow() == row
    panel.show_entries([Entry(shadow, shadow, 0.1), *ENTRIES], "")
    assert panel.list.currentRow() == (row + 1 if row >= 0 else -1)


def test_a_lock_is_a_picture_as_fonts_lack_its_letter(panel: PalettePanel, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(palette_panel, "_lock", lambda color, ratio: drawn.append(color) or QPixmap(14, 14))
    panel.list.viewport().grab()
    assert not drawn
    panel.show_entries([replace(ENTRIES[0], locked=True), ENTRIES[1]], "")
    panel.list.viewport().grab()
    assert drawn
    monkeypatch.undo()
    lock = palette_panel._lock("#ff0000", 1.0).toImage()
    colors = {lock.pixelColor(x, y).red() for x in range(lock.width()) for y in range(lock.height())}
    assert max(colors) == 255


def test_enter_opens_the_dialog_and_the_picture_follows(
    panel: PalettePanel, edits: list[tuple[Swatch, Swatch]], qtbot: QtBot
) -> None:
    panel.list.setCurrentRow(0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    dialog = dialog_of(panel)
    assert dialog.currentColor() == QColor(*RED.color)
    dialog.setCurrentColor(QColor(1, 2, 3))
    assert edits[-1] == (RED, replace(RED, color=(1, 2, 3)))
    dialog.accept()
    assert edits[-1] == (RED, replace(RED, color=(1, 2, 3)))


def test_cancelling_goes_back_to_the_color_of_before(
    panel: PalettePanel, edits: list[tuple[Swatch, Swatch]], qtbot: QtBot
) -> None:
    rect = panel.list.visualItemRect(panel.list.item(1))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    dialog = dialog_of(panel)
    dialog.setCurrentColor(QColor(9, 9, 9))
    dialog.reject()
    assert edits[-1] == (BLUE, ENTRIES[1].swatch)


def rename(panel: PalettePanel, qtbot: QtBot, text: str) -> None:
    panel.list.setCurrentRow(0)
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.setText(text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.list.viewport().findChild(QLineEdit) is None)


def test_f2_renames(panel: PalettePanel, edits: list[tuple[Swatch, Swatch]], qtbot: QtBot) -> None:
    rename(panel, qtbot, "  red   hair ")
    assert edits == [(RED, replace(RED, name="red hair"))]
    assert panel.window().findChildren(ColorDialog) == []  # the Enter was the editor's


def test_an_empty_name_is_refused(panel: PalettePanel, edits: list[tuple[Swatch, Swatch]], qtbot: QtBot) -> None:
    rename(panel, qtbot, " ")
    assert edits == []
    assert panel.list.item(0).text() == "hair"


def test_the_current_row_stays(panel: PalettePanel, edits: list[tuple[Swatch, Swatch]]) -> None:
    panel.list.setCurrentRow(1)
    panel.show_entries([ENTRIES[0], replace(ENTRIES[1], share=0.5)], "")
    assert panel.list.currentRow() == 1
    assert "50 %" in panel.list.item(1).toolTip()
    panel.show_entries(ENTRIES[:1], "")
    assert panel.list.count() == 1
    assert edits == []


def test_an_empty_list_says_why(panel: PalettePanel) -> None:
    panel.show_entries([], "Nothing yet.")
    written = panel.list.viewport().grab().toImage()
    panel.show_entries([], "")
    assert written != panel.list.viewport().grab().toImage()


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.0004, "<0.1 %"), (0.041, "4.1 %"), (0.0949, "9.5 %"), (0.2, "20 %"), (1, "100 %")],
)
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text

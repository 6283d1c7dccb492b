"""Tools in the real window: real mouse events, real corrections, undo."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.canvas.content import ViewMode
from app.canvas.picture_view import PictureView
from app.canvas.tools import TOOLS
from app.images import incoming
from app.panels.color_dialog import ColorDialog
from app.window.actions import Actions
from app.window.main_window import MainWindow, start_size
from engine.export import openraster
from engine.inspection import Check, Doubt
from tests.window import color_both, color_file, line_file

PINK = (250, 20, 160)
KEYS = {"move": "V", "hint": "H", "pick": "I", "fill": "F", "split": "X", "merge": "J", "gap": "G", "remove": "E",
        "mask": "K", "paint": "P", "lasso": "L", "select": "W", "shape": "D"}  # fmt: skip


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    nurie.window.activateWindow()
    nurie.window.canvas.setFocus()
    return nurie


def point(view: PictureView, x: int, y: int) -> QPoint:
    across, down = view.viewport.to_view(x + 0.5, y + 0.5)
    return QPoint(int(across), int(down))


def click(view: PictureView, x: int, y: int) -> None:
    QTest.mouseMove(view, point(view, x, y))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=point(view, x, y))


def drag(view: PictureView, begin: tuple[int, int], end: tuple[int, int]) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=point(view, *begin))
    QTest.mouseMove(view, point(view, *end))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=point(view, *end))


def color_at(nurie: Nurie, x: int, y: int) -> tuple[int, ...]:
    coloring = nurie.document.coloring
    return tuple(int(value) for value in coloring.finished.color[y, x]) if coloring is not None else ()


@pytest.mark.parametrize("key", ["H", "F"])
def test_a_hint_or_a_fill_colors_a_region_and_is_undone(colored: Nurie, qtbot: QtBot, key: str) -> None:
    canvas = colored.window.canvas
    before = color_at(colored, 48, 32)
    qtbot.keyClick(canvas, Qt.Key(ord(key)))
    colored.shell.context.set_color(PINK)
    click(canvas, 48, 32)
    qtbot.waitUntil(lambda: color_at(colored, 48, 32) == PINK)
    assert colored.document.history.can_undo
    assert colored.shell.context.corrections.hints[0].color == PINK
    colored.document.history.undo()
    qtbot.waitUntil(lambda: color_at(colored, 48, 32) == before)
    assert not colored.shell.context.corrections
    colored.document.history.redo()
    qtbot.waitUntil(lambda: color_at(colored, 48, 32) == PINK)


def test_regions_are_split_merged_and_the_correction_removed(colored: Nurie, qtbot: QtBot) -> None:
    canvas, context = colored.window.canvas, colored.shell.context
    assert context.outlines is not None
    count = context.outlines.regions.count

    def regions() -> int:
        return context.outlines.regions.count if context.outlines is not None else 0

    colored.actions["tool_split"].trigger()
    drag(canvas, (48, 10), (48, 55))
    qtbot.waitUntil(lambda: regions() > count)
    cut = regions()
    colored.actions["tool_merge"].trigger()
    drag(canvas, (38, 32), (58, 32))
    qtbot.waitUntil(lambda: regions() < cut)
    colored.actions["tool_remove"].trigger()
    click(canvas, 48, 40)
    qtbot.waitUntil(lambda: len(colored.document.finish_settings.corrections.strokes) == 1)


@pytest.mark.parametrize("key", [Qt.Key.Key_I, Qt.Key.Key_K])
def test_the_reference_view_makes_way_when_its_tool_is_laid_down(colored: Nurie, qtbot: QtBot, key: Qt.Key) -> None:
    """It had covered the button that colors for good."""
    window = colored.window
    view, color = window.docks["referenceViewDock"], window.docks["colorDock"]
    qtbot.keyClick(window.canvas, key)
    qtbot.waitUntil(lambda: not view.visibleRegion().isEmpty() and color.visibleRegion().isEmpty())
    qtbot.keyClick(window.canvas, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: not color.visibleRegion().isEmpty())
    view.raise_()  # by the person: it stays
    qtbot.waitUntil(lambda: not view.visibleRegion().isEmpty())
    qtbot.keyClick(window.canvas, key)
    qtbot.keyClick(window.canvas, Qt.Key.Key_H)
    QApplication.processEvents()
    assert not view.visibleRegion().isEmpty()


def test_picking_from_the_reference_view(colored: Nurie, qtbot: QtBot) -> None:
    window = colored.window
    qtbot.keyClick(window.canvas, Qt.Key.Key_I)
    view = window.reference_view.canvas
    assert window.docks["referenceViewDock"].isVisible()
    qtbot.waitUntil(lambda: view.tool is not None)
    click(view, 10, 10)
    source = colored.shell.context.source
    assert source is not None and source.color == (60, 120, 200)
    click(window.canvas, 48, 32)
    qtbot.waitUntil(lambda: color_at(colored, 48, 32) == (60, 120, 200))
    colored.actions["tool_move"].trigger()
    assert colored.shell.context.source is None
    assert view.tool is None


def test_masking_and_weighing_a_reference(colored: Nurie, qtbot: QtBot) -> None:
    panel = colored.window.reference_view
    qtbot.keyClick(colored.window.canvas, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: panel.canvas.tool is not None)
    assert panel.masking.isVisible()
    panel.by_rectangle.click()
    drag(panel.canvas, (2, 2), (30, 30))
    mask = colored.document.references[0].reference.mask
    assert mask is not None and not mask[3:30, 3:30].any() and mask[31:].all()
    assert panel.everything.isEnabled()
    panel.weight.setValue(150)
    assert colored.document.references[0].reference.weight == 1.5
    assert colored.document.references[0].reference.mask is mask
    panel.everything.click()
    assert colored.document.references[0].reference.mask is None
    for _ in range(3):
        colored.document.history.undo()
    reference = colored.document.references[0].reference
    assert (reference.mask, reference.weight) == (None, 1.0)
    assert panel.weight.value() == 100


def test_the_reference_view_keeps_a_reference_to_a_panel(colored: Nurie) -> None:
    panel = colored.window.reference_view
    panel.panel.setValue(2)
    assert colored.document.references[0].reference.panel == 2
    panel.panel.setValue(0)
    assert colored.document.references[0].reference.panel is None
    colored.document.history.undo()
    assert colored.document.references[0].reference.panel is None


def test_the_reference_view_follows_the_strip(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    window = colored.window
    window.docks["referenceViewDock"].show()
    window.docks["referenceViewDock"].raise_()
    other = color_file(tmp_path, "other.png", (10, 200, 10))
    colored.controllers.coloring.add_references(incoming.from_files([other]))
    qtbot.waitUntil(lambda: window.strip.list.count() == 2)
    window.strip.list.setCurrentRow(1)
    window.reference_view.weight.setValue(20)
    assert [item.reference.weight for item in colored.document.references] == [1.0, 0.2]
    assert window.strip.list.currentRow() == 1  # the thumbnail is another one, the place is the same
    assert window.reference_view.canvas.toolTip() == "other.png"
    colored.controllers.cast.remove(colored.document.references)
    assert not window.reference_view.weight.isEnabled()
    assert window.reference_view.canvas.picture_size is None


@pytest.mark.parametrize("tool", TOOLS)
def test_tools_by_keyboard(colored: Nurie, qtbot: QtBot, tool: str) -> None:
    qtbot.keyClick(colored.window.canvas, Qt.Key(ord(KEYS[tool])))
    assert colored.actions[f"tool_{tool}"].isChecked()
    assert KEYS[tool] in colored.actions[f"tool_{tool}"].toolTip()


def test_letters_in_a_text_field_are_text(colored: Nurie, qtbot: QtBot) -> None:
    field = QLineEdit(colored.window.reference_view)
    field.show()
    field.setFocus()
    qtbot.keyClicks(field, "hmn")
    assert field.text() == "hmn"
    assert colored.actions["tool_move"].isChecked()
    assert not colored.window.canvas.viewport.mirrored


def test_tools_need_regions(nurie: Nurie) -> None:
    for name in TOOLS:
        assert nurie.actions[f"tool_{name}"].isEnabled() == (name == "move")
    assert not nurie.actions["next_check"].isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_N, Qt.Key.Key_F3])
def test_the_next_to_check(colored: Nurie, qtbot: QtBot, key: Qt.Key) -> None:
    coloring = colored.document.coloring
    assert coloring is not None
    doubts = (Doubt(1, 48, 32, 900, 0.2, PINK, "pink"), Doubt(2, 5, 5, 900, 0.3, PINK, "pink"))
    checks = tuple(Check("doubt", one.x, one.y, 0.5, (one,)) for one in doubts)
    colored.document.set_coloring(replace(coloring, checks=checks))
    canvas = colored.window.canvas
    for place in ((48, 32), (5, 5), (48, 32)):
        qtbot.keyClick(canvas, key)
        width, height = canvas.viewport.view
        assert canvas.viewport.to_picture(width / 2, height / 2) == pytest.approx(place, abs=1)


def test_the_current_color(colored: Nurie, qtbot: QtBot) -> None:
    swatches = colored.window.palette_panel.list
    swatches.setCurrentRow(1)
    color = swatches.entries()[1].swatch.color
    assert colored.shell.context.color == color
    assert colored.window.color_button.color == QColor(*color)
    qtbot.keyClick(colored.window.canvas, Qt.Key.Key_C)
    (dialog,) = colored.window.findChildren(ColorDialog)
    dialog.setCurrentColor("#0a0b0c")
    dialog.accept()
    assert colored.shell.context.color == (10, 11, 12)


def test_how_the_drawing_is_seen(colored: Nurie, qtbot: QtBot) -> None:
    canvas = colored.window.canvas
    colored.actions["turn_right"].trigger()
    qtbot.keyClick(canvas, Qt.Key.Key_M)
    assert (canvas.viewport.angle, canvas.viewport.mirrored) == (15.0, True)
    qtbot.keyClick(canvas, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert (canvas.viewport.angle, canvas.viewport.mirrored) == (0.0, False)
    assert not colored.actions["mirror"].isChecked()
    colored.actions["pixel_grid"].trigger()
    assert not colored.settings.pixel_grid
    qtbot.keyClick(canvas, Qt.Key.Key_6)
    assert canvas.mode == ViewMode.SIDE_BY_SIDE


def test_layers_are_hidden_on_the_canvas_only(colored: Nurie, qtbot: QtBot) -> None:
    canvas, boxes = colored.window.canvas, colored.window.layers.boxes
    boxes["lines"].click()
    assert canvas._shows_ink is False
    boxes["colors"].click()
    qtbot.waitUntil(lambda: canvas._layered is not None)
    boxes["colors"].click()
    assert canvas._layered is None
    coloring = colored.document.coloring
    assert coloring is not None and coloring.view is canvas.content.color


def test_another_drawing_takes_its_corrections_along(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    colored.controllers.corrections.fill(48, 32, PINK)
    first = colored.document.page_id
    colored.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path, "other.png", 120, 90)]))
    qtbot.waitUntil(lambda: colored.document.page_id != first)
    assert not colored.shell.context.corrections
    colored.document.show_page(first)
    assert len(colored.shell.context.corrections.hints) == 1
    assert colored.shell.context.outlines is not None
    assert colored.shell.context.outlines.size == (96, 64)


def test_layered_files_are_saved_as_they_are_seen(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    colored.window.layers.boxes["lines"].click()
    for name in ("picture.ora", "picture.png"):
        with qtbot.waitSignal(colored.controllers.coloring.save_ended):
            colored.controllers.coloring.save(tmp_path / name)
    with (tmp_path / "picture.ora").open("rb") as stream:
        stack = openraster.read_stack(stream, "picture.ora")
    assert [layer.visible for layer in stack.layers] == [True] * (len(stack.layers) - 1) + [False]
    assert np.asarray(Image.open(tmp_path / "picture.png").convert("L")).min() == 0  # flat pictures have their lines


@pytest.mark.parametrize(
    ("screen", "size", "fits"),
    [((1920, 1080), (1523, 826), True), ((1366, 768), (1280, 720), False), ((1440, 900), (1280, 800), True)],
)
def test_it_fits_on_the_screen(screen: tuple[int, int], size: tuple[int, int], fits: bool) -> None:
    found, whole = start_size(QSize(*screen))
    assert (found.toTuple(), whole) == (size, fits)


def test_the_window_begins_as_large_as_it_is_meant_to(qapp: QApplication, qtbot: QtBot) -> None:
    window = MainWindow(Actions(), has_sample=True)
    qtbot.addWidget(window)
    size, _ = start_size(window.screen().availableSize())
    assert window.size() == size.expandedTo(window.minimumSizeHint())


def test_no_panel_makes_the_window_taller_than_a_low_screen(nurie: Nurie, qtbot: QtBot) -> None:
    """768 pixels, of which title and bars of a desktop take some; and the letters of some languages are taller."""
    window = nurie.window
    for dock in window.docks.values():
        dock.show()
        dock.raise_()
        window.reference_view.show_masking(True)
        window.reference_view.show_figures(True)
        QApplication.processEvents()
        assert window.minimumSizeHint().height() <= 700, dock.objectName()

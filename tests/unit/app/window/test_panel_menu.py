"""A panel of a page gets a reference of its own by the right button."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.images import incoming
from tests.unit.app.cli.folders import BLUE, RED, color_file
from tests.unit.app.cli.test_batch_panels import page_file
from tests.window import quiet


@pytest.fixture
def page(nurie: Nurie, tmp_path: Path, qtbot: QtBot) -> Nurie:
    """Two panels, and two references."""
    files = [page_file(tmp_path / "page.png"), color_file(tmp_path / "red.png", RED)]
    nurie.window.show()
    nurie.controllers.coloring.open_drawing(incoming.from_files(files[:1]))
    qtbot.waitUntil(lambda: nurie.document.drawing is not None)
    nurie.controllers.coloring.add_references(incoming.from_files(files[1:]))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def menu_at(nurie: Nurie, x: int, y: int) -> dict[str, QAction]:
    """The rows of the panel's menu at a pixel of the drawing; {} where there is none."""
    for old in nurie.window.findChildren(QMenu):
        old.close()
    canvas = nurie.window.canvas
    at = QPoint(*(round(place) for place in canvas.viewport.to_view(x, y)))
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, at, canvas.mapToGlobal(at)))
    shown = next(menu for menu in nurie.window.findChildren(QMenu) if menu.isVisible())
    for action in shown.actions():
        inner = action.menu()
        if isinstance(inner, QMenu) and "Panel" in action.text():
            rows = {row.text().replace("&", ""): row for row in inner.actions() if not row.isSeparator()}
            return {action.text().replace("&", ""): action, **rows}
    return {}


def panels(nurie: Nurie) -> list[tuple[str, int | None]]:
    return [(item.reference.name, item.reference.panel) for item in nurie.document.references]


def color_in(nurie: Nurie, panel: int) -> tuple[int, ...]:
    coloring = nurie.document.coloring
    assert coloring is not None
    return tuple(coloring.finished.color[115, (100, 300)[panel - 1]].tolist())


def test_pictures_chosen_for_a_panel_count_there_alone(page: Nurie, tmp_path: Path, qtbot: QtBot) -> None:
    rows = menu_at(page, 300, 30)
    assert list(rows) == ["Reference for Panel 2 of 2", "red.png", "Choose Pictures…", "As All Panels"]
    assert not rows["As All Panels"].isEnabled() and not rows["red.png"].isChecked()
    rows["Choose Pictures…"].trigger()
    dialog = next(one for one in page.window.findChildren(QFileDialog) if one.isVisible())
    dialog.filesSelected.emit([str(color_file(tmp_path / "blue.png", BLUE))])
    dialog.close()
    qtbot.waitUntil(lambda: len(panels(page)) == 2)
    assert panels(page) == [("red.png", None), ("blue.png", 2)]
    quiet(page, qtbot.waitUntil)
    qtbot.waitUntil(lambda: color_in(page, 2) != color_in(page, 1))
    assert menu_at(page, 300, 30)["blue.png"].isChecked()
    assert not menu_at(page, 100, 30)["blue.png"].isChecked()
    menu_at(page, 300, 30)["As All Panels"].trigger()
    assert panels(page) == [("red.png", None)]
    page.document.history.undo()
    assert panels(page) == [("red.png", None), ("blue.png", 2)]


def test_the_panel_is_outlined_while_its_menu_is_open(page: Nurie) -> None:
    canvas = page.window.canvas
    before = canvas.lit
    menu_at(page, 300, 30)
    outline = canvas.lit[-1]
    assert canvas.lit[:-1] == before
    assert outline.contains(QPointF(300, 30)) and not outline.contains(QPointF(100, 30))
    next(menu for menu in page.window.findChildren(QMenu) if menu.isVisible()).close()
    assert canvas.lit == before


def test_a_reference_that_is_there_stays_for_the_others(page: Nurie) -> None:
    menu_at(page, 100, 30)["red.png"].trigger()
    assert panels(page) == [("red.png", None), ("red.png", 1)]
    rows = menu_at(page, 100, 30)
    assert list(rows)[1:] == ["red.png", "Choose Pictures…", "As All Panels"], "each picture once"
    rows["red.png"].trigger()
    assert panels(page) == [("red.png", None)]


def test_between_the_panels_and_in_a_single_picture_there_is_no_such_menu(
    page: Nurie, tmp_path: Path, qtbot: QtBot
) -> None:
    assert menu_at(page, 200, 120) == {}
    single = np.full((200, 200), 255, np.uint8)
    single[60:140, 60:64] = single[60:140, 136:140] = single[60:64, 60:140] = single[136:140, 60:140] = 0
    Image.fromarray(single).save(tmp_path / "single.png")
    page.controllers.coloring.open_drawing(incoming.from_files([tmp_path / "single.png"]))
    qtbot.waitUntil(lambda: len(page.document.pages) == 2)
    quiet(page, qtbot.waitUntil)
    assert menu_at(page, 100, 100) == {}

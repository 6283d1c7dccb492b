"""Thumbnails and the picture dragged: in order within the window, as files out of it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.images import incoming
from app.settings import DRAG_FORMATS
from engine.export import formats
from tests.window import OwnDrop, color_both, color_file, drag_row, drop, line_file, quiet, urls


@pytest.fixture
def colored(nurie: Nurie, tmp_path: Path, qtbot: QtBot) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def dropped_files(mime: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls()]


def test_a_drawing_dragged_out_is_what_export_writes(
    colored: Nurie, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    files: list[Path] = []
    view = colored.window.drawings.list
    drag_row(monkeypatch, view, 0, lambda mime: files.extend(dropped_files(mime)))
    exported = tmp_path / "out.png"
    with qtbot.waitSignal(colored.controllers.coloring.save_ended):
        colored.controllers.coloring.save(exported)
    assert [path.name for path in files] == ["line.png"]
    assert np.array_equal(np.asarray(Image.open(files[0])), np.asarray(Image.open(exported)))
    assert view.count() == 1 and len(colored.document.pages) == 1
    colored.controllers.dragging.close()
    assert not files[0].exists()


def test_it_is_a_file_of_layers_where_that_is_set(colored: Nurie, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[list[str]] = []
    colored.settings.drag_format = DRAG_FORMATS[1]

    def let_go(mime: QMimeData) -> None:
        (path,) = dropped_files(mime)
        names.append([layer.name for layer in formats.read_layers(path).layers])

    drag_row(monkeypatch, colored.window.drawings.list, 0, let_go)
    assert names[0][0] == "Paper" and names[0][-1] == "Line"


def test_line_art_without_colors_stays_in_the_window(
    nurie: Nurie, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    quiet(nurie, qtbot.waitUntil)
    held: list[bool] = []
    drag_row(monkeypatch, nurie.window.drawings.list, 0, lambda mime: held.append(mime.hasUrls()))
    assert held == [False]


def test_a_reference_dragged_out_is_its_picture(colored: Nurie, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes: list[tuple[int, ...]] = []
    wanted = colored.document.references[0].reference.pixels

    def let_go(mime: QMimeData) -> None:
        (path,) = dropped_files(mime)
        assert np.array_equal(np.asarray(Image.open(path)), wanted)
        shapes.append(wanted.shape)

    drag_row(monkeypatch, colored.window.strip.list, 0, let_go)
    assert len(shapes) == 1 and len(colored.document.references) == 1


def test_the_button_of_export_can_be_dragged(colored: Nurie, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[Path] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: files.extend(dropped_files(drag.mimeData())))
    (button,) = colored.window.tool_bar_buttons("export")
    at = button.rect().center()
    QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=at)
    far = at + QPoint(0, 40)
    none, left, no_key = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    global_far = QPointF(button.mapToGlobal(far))
    QApplication.sendEvent(button, QMouseEvent(QEvent.Type.MouseMove, QPointF(far), global_far, none, left, no_key))
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=far)
    assert [path.name for path in files] == ["line.png"] and files[0].is_file()


def test_the_order_of_drawings_and_references_is_dragged_undone_and_kept(
    nurie: Nurie, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    controller = nurie.controllers.coloring
    controller.open_drawing(incoming.from_files([line_file(tmp_path, f"{letter}.png") for letter in "abc"]))
    controller.add_references(incoming.from_files([color_file(tmp_path, f"{number}.png") for number in "12"]))
    quiet(nurie, qtbot.waitUntil)

    def drawings() -> str:
        return "".join(Path(page.name).stem for page in nurie.document.pages)

    def references() -> str:
        return "".join(Path(item.reference.name).stem for item in nurie.document.references)

    for view in (nurie.window.drawings.list, nurie.window.strip.list):
        view.doItemsLayout()
        end = view.visualItemRect(view.item(view.count() - 1)).center() + QPoint(3, 0)
        drag_row(monkeypatch, view, 0, lambda mime, view=view, end=end: view.dropEvent(OwnDrop(end, view, mime)))
    assert (drawings(), references()) == ("bca", "21")
    path = tmp_path / "kept.nurie"
    with qtbot.waitSignal(nurie.controllers.projects.save_ended):
        nurie.controllers.projects.save(path)
    for _ in range(2):
        nurie.document.history.undo()
    assert (drawings(), references()) == ("abc", "12")
    nurie.controllers.projects.discard()
    with qtbot.waitSignal(nurie.controllers.projects.opened):
        nurie.controllers.projects.open(path)
    quiet(nurie, qtbot.waitUntil)
    assert (drawings(), references()) == ("bca", "21")

"""Pictures come in by drop, paste and dialog."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app import paths
from app.application import Nurie
from app.images import qt_images
from tests.fakes import color_picture, line_drawing
from tests.window import color_file, drop, error_dialogs, line_file, urls, write_picture


def png_bytes(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def test_drawing_and_references_dropped_are_colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path, "a.png"), color_file(tmp_path, "b.png")))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert [item.reference.name for item in nurie.document.references] == ["a.png", "b.png"]
    assert nurie.window.strip.list.count() == 2
    assert nurie.window.canvas.content.color is not None
    assert not nurie.window.empty.isVisible()
    assert nurie.window.windowTitle().startswith("line.png")


def test_several_files_on_the_canvas_sort_themselves(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(color_file(tmp_path, "sheet.png"), line_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert nurie.document.title == "line.png"
    assert [item.reference.name for item in nurie.document.references] == ["sheet.png"]


def test_drag_from_a_browser_with_bytes(nurie: Nurie, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setData("image/png", png_bytes(line_drawing()))
    mime.setUrls([QUrl("https://example.org/cat.png")])
    drop(nurie.window.canvas, mime)
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    assert nurie.document.drawing is not None
    np.testing.assert_array_equal(nurie.document.drawing.picture.pixels, line_drawing())


def test_drag_from_a_browser_with_an_embedded_picture(nurie: Nurie, qtbot: QtBot) -> None:
    mime = QMimeData()
    code = base64.b64encode(png_bytes(color_picture())).decode()
    mime.setUrls([QUrl(f"data:image/png;base64,{code}")])
    drop(nurie.window.strip.list.viewport(), mime)
    qtbot.waitUntil(lambda: len(nurie.document.references) == 1)
    np.testing.assert_array_equal(nurie.document.references[0].reference.pixels, color_picture())


def test_a_link_alone_is_not_downloaded(nurie: Nurie) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    drop(nurie.window.canvas, mime)
    (dialog,) = error_dialogs(nurie)
    assert "save the picture to a file first" in dialog.label.text()
    assert nurie.runner.jobs == []


def test_text_is_not_accepted(nurie: Nurie) -> None:
    mime = QMimeData()
    mime.setText("hello")
    drop(nurie.window.canvas, mime)
    assert nurie.runner.jobs == []
    assert error_dialogs(nurie) == []


def test_paste_pixels_as_drawing(nurie: Nurie, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setImage(qt_images.to_qimage(line_drawing()))
    nurie.actions["paste_drawing"].trigger()
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    assert nurie.document.drawing is not None
    np.testing.assert_array_equal(nurie.document.drawing.picture.pixels, line_drawing())


def test_paste_file_as_reference(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    QGuiApplication.clipboard().setMimeData(urls(color_file(tmp_path)))
    nurie.actions["paste_reference"].trigger()
    qtbot.waitUntil(lambda: len(nurie.document.references) == 1)
    assert nurie.document.drawing is None


def test_paste_goes_to_the_strip_that_has_the_focus(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    QGuiApplication.clipboard().setMimeData(urls(color_file(tmp_path)))
    nurie.window.activateWindow()
    nurie.window.strip.list.setFocus()
    qtbot.waitUntil(nurie.window.strip.list.hasFocus)
    nurie.actions["paste_drawing"].trigger()
    qtbot.waitUntil(lambda: len(nurie.document.references) == 1)


def test_paste_nothing_says_so(nurie: Nurie) -> None:
    QGuiApplication.clipboard().setText("no picture")
    nurie.actions["paste_drawing"].trigger()
    assert "no picture on the clipboard" in error_dialogs(nurie)[0].label.text()


def test_open_dialog(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    path = line_file(tmp_path)
    nurie.actions["open_drawing"].trigger()
    (dialog,) = nurie.window.findChildren(QFileDialog)
    dialog.filesSelected.emit([str(path)])
    dialog.reject()
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    assert nurie.settings.open_folder == tmp_path


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_bad_files_get_a_dialog(nurie: Nurie, qtbot: QtBot, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    drop(nurie.window.canvas, urls(path))
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    text = error_dialogs(nurie)[0].label.text()
    assert "bad.png" in text
    assert "\n" not in text
    assert nurie.document.drawing is None


def test_good_files_come_in_beside_bad_ones(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.strip.list.viewport(), urls(tmp_path / "missing.png", color_file(tmp_path), tmp_path))
    qtbot.waitUntil(lambda: len(nurie.document.references) == 1)
    assert "missing.png" in error_dialogs(nurie)[0].label.text()


def test_a_second_drawing_takes_the_place_of_the_first(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    drop(nurie.window.canvas, urls(line_file(tmp_path, "second.png", 128, 96)))
    qtbot.waitUntil(lambda: nurie.document.title == "second.png" and nurie.document.coloring is not None)
    assert nurie.document.coloring is not None
    assert nurie.document.coloring.result.color.shape == (96, 128, 3)
    assert len(nurie.document.references) == 1


def test_what_was_done_to_the_ink_is_said_before_and_after_coloring(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_picture(tmp_path / "dark.png", 255 - line_drawing())
    drop(nurie.window.canvas, urls(path))
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    message, note = nurie.window.status.message, nurie.window.line_art.note
    qtbot.waitUntil(lambda: "Light lines" in message.text())
    assert "Light lines" in note.text()
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    qtbot.waitUntil(lambda: "Light lines" in message.text())
    nurie.actions["new_project"].trigger()
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    qtbot.waitUntil(lambda: "stays as it is" in note.text())


def test_sample(nurie: Nurie, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = tmp_path / "samples"
    samples.mkdir()
    line_file(samples, "girl_line.png")
    color_file(samples, "girl_reference.png")
    color_file(samples, "other_reference.png")
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    nurie.window.empty.sample_button.click()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert [item.reference.name for item in nurie.document.references] == ["girl_reference.png"]


def test_no_sample_installed(nurie: Nurie, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    assert paths.sample() is None
    nurie.controllers.coloring.open_sample()
    assert "not installed" in error_dialogs(nurie)[0].label.text()

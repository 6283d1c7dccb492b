"""The picture goes out: to a file of the drawing's own size, and to the clipboard."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.images import qt_images
from engine import inspection, layers
from engine.export import formats
from tests.fakes import line_drawing
from tests.window import color_file, drop, error_dialogs, urls, write_picture


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = write_picture(tmp_path / "page.png", line_drawing(97, 65), dpi=(300, 300), icc_profile=profile)
    drop(nurie.window.canvas, urls(path))
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    return nurie


def test_save_asks_once(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    assert not colored.document.is_saved
    colored.actions["export"].trigger()
    (dialog,) = colored.window.findChildren(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "page colored.png"
    path = tmp_path / "out.png"
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    with qtbot.waitSignal(colored.controllers.coloring.save_ended) as ended:
        pass
    assert ended.args == [True]
    assert colored.document.is_saved
    with Image.open(path) as image:
        assert image.size == (97, 65)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.info["icc_profile"]
        assert image.info["Model"] == "fake"
        assert image.info["Software"].startswith("Nurie")
    path.unlink()
    with qtbot.waitSignal(colored.controllers.coloring.save_ended):
        colored.actions["export"].trigger()
    assert path.exists()


def test_save_where_it_cannot_be(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(colored.controllers.coloring.save_ended) as ended:
        colored.controllers.coloring.save(tmp_path / "no such folder" / "out.png")
    assert ended.args == [False]
    assert error_dialogs(colored)[0].details.toPlainText() == ""
    assert not colored.document.is_saved


def test_what_is_saved_is_what_is_shown(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    # Lines that changed after the last coloring, as when coloring is not automatic.
    colored.window.model.auto.setChecked(False)
    lines = colored.document.lines
    colored.window.line_art.mode.setCurrentIndex(colored.window.line_art.mode.findData("extract"))
    qtbot.waitUntil(lambda: colored.document.lines is not lines)
    path = tmp_path / "out.png"
    with qtbot.waitSignal(colored.controllers.coloring.save_ended):
        colored.controllers.coloring.save(path)
    assert colored.document.coloring is not None
    assert colored.document.lines is not None
    assert colored.document.is_saved
    shown = colored.document.coloring.finished.color * colored.document.lines.line_art.ink[..., None]
    with Image.open(path) as image:
        saved = np.asarray(image.convert("RGB"))
    assert np.abs(saved - shown).max() <= 1


def test_copy(colored: Nurie, qtbot: QtBot) -> None:
    with qtbot.waitSignal(colored.controllers.coloring.copied):
        colored.actions["copy_result"].trigger()
    pixels, _ = qt_images.from_qimage(QGuiApplication.clipboard().image())
    assert colored.document.coloring is not None
    assert colored.document.lines is not None
    shown = colored.document.coloring.finished.color * colored.document.lines.line_art.ink[..., None]
    assert np.abs(pixels - shown).max() <= 1


@pytest.mark.parametrize("suffix", [".psd", ".ora"])
def test_layers_are_the_picture_that_is_shown(colored: Nurie, qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    flat, path = tmp_path / "out.png", tmp_path / f"out{suffix}"
    for one in (flat, path):
        with qtbot.waitSignal(colored.controllers.coloring.save_ended) as ended:
            colored.controllers.coloring.save(one)
        assert ended.args == [True]
    stack = formats.read_layers(path)
    assert {"Paper", "Flats", "Line"} <= {layer.name for layer in stack.layers}
    assert stack.resolution == pytest.approx((300, 300), abs=0.1)
    assert formats.read_text(path)["Model"] == "fake"
    with Image.open(flat) as image:
        np.testing.assert_array_equal(layers.flatten(stack), np.asarray(image.convert("RGB")))
    assert colored.document.save_path == path
    assert colored.document.is_saved


def test_the_dialog_offers_all_kinds_that_are_written(colored: Nurie) -> None:
    colored.actions["export_as"].trigger()
    (dialog,) = colored.window.findChildren(QFileDialog)
    filters = dialog.nameFilters()
    kinds = [one.suffixes[0].removeprefix(".") for one in formats.WRITTEN]
    assert kinds[:3] == ["png", "psd", "ora"] and {"jpg", "webp", "tif"} == set(kinds[3:])
    assert [one[one.index("(") :] for one in filters] == [f"(*.{kind})" for kind in kinds]
    assert dialog.selectedNameFilter() == filters[0]
    assert dialog.defaultSuffix() == "png"
    for chosen, suffix in zip(filters, kinds, strict=True):
        dialog.selectNameFilter(chosen)
        dialog.filterSelected.emit(chosen)
        assert dialog.defaultSuffix() == suffix
        assert Path(dialog.selectedFiles()[0]).name == f"page colored.{suffix}"
    dialog.reject()


def test_another_suffix_is_refused(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(colored.controllers.coloring.save_ended) as ended:
        colored.controllers.coloring.save(tmp_path / "out.gif")
    assert ended.args == [False]
    assert ".ora" in error_dialogs(colored)[0].label.text()
    assert list(tmp_path.glob("out*")) == []


def test_what_to_look_at_is_said_after_saving(
    colored: Nurie, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspection, "notes", lambda _finished: ["A color ran out."])
    with qtbot.waitSignal(colored.controllers.coloring.save_ended):
        colored.controllers.coloring.save(tmp_path / "out.png")
    assert colored.window.status.message.text() == "Saved out.png. A color ran out."


def test_closing_while_saving_waits_for_the_file(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    colored.controllers.projects.discard()
    colored.controllers.coloring.save(path)
    colored.window.close()
    assert colored.window.isVisible()
    qtbot.waitUntil(lambda: not colored.window.isVisible())
    with Image.open(path) as image:
        image.load()


def test_nothing_to_save_without_a_result(nurie: Nurie) -> None:
    assert not nurie.actions["export"].isEnabled()
    assert not nurie.actions["copy_result"].isEnabled()

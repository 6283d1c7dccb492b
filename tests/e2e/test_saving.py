"""The picture goes out: to a file of the drawing's own size, and to the clipboard."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.dialogs.export_dialog import ExportDialog
from app.images import qt_images
from engine import inspection, layers
from engine.export import formats
from engine.options import ExportOptions
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
    (dialog,) = colored.window.findChildren(ExportDialog)
    assert dialog.path == tmp_path / "page colored.png"
    path = tmp_path / "out.png"
    dialog.name.setText("out")
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
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


@pytest.mark.parametrize("typed", ["out.psd", "out.ora", "OUT.PSD", "out.webp", "out.v2"])
def test_an_ending_that_is_typed_says_what_kind_of_file(
    colored: Nurie, qtbot: QtBot, tmp_path: Path, typed: str
) -> None:
    colored.actions["export_as"].trigger()
    (dialog,) = colored.window.findChildren(ExportDialog)
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, typed)
    assert dialog.path == tmp_path / (typed if formats.of(Path(typed)) else f"{typed}.png")


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


def dialog_of(nurie: Nurie) -> ExportDialog:
    nurie.actions["export_as"].trigger()
    return next(one for one in nurie.window.findChildren(ExportDialog) if one.isVisible())


def choose(box: QComboBox, data: str) -> None:
    box.setCurrentIndex(box.findData(data))


def test_the_dialog_offers_all_kinds_that_are_written(colored: Nurie) -> None:
    dialog = dialog_of(colored)
    kinds = [dialog.format.itemData(row) for row in range(dialog.format.count())]
    assert kinds[:3] == ["png", "psd", "ora"] and {"jpg", "webp", "tif"} == set(kinds[3:])
    for kind in formats.WRITTEN:
        choose(dialog.format, kind.id)
        assert dialog.path.name == f"page colored{kind.suffixes[0]}"
        assert dialog.quality.isEnabled() == kind.lossy
        assert dialog.lossless.isEnabled() == (kind.lossy and kind.lossless)
        assert dialog.paper.isEnabled() != kind.opaque
        assert dialog.swatch_layers.isEnabled() == kind.layered
    dialog.reject()


def test_lines_only_on_nothing_at_half_the_size(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_of(colored)
    choose(dialog.content, "lines")
    dialog.paper.setChecked(False)
    dialog.scaled.setChecked(True)
    dialog.longer_side.setValue(48)
    with qtbot.waitSignal(colored.controllers.coloring.save_ended) as ended:
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    assert ended.args == [True]
    with Image.open(tmp_path / "page colored.png") as image:
        assert image.size == (48, 32) and image.mode == "RGBA"
        pixels = np.asarray(image)
    assert pixels[..., 3].min() == 0 and pixels[..., 3].max() > 100
    assert pixels[pixels[..., 3] > 100][:, :3].max() < 60
    assert colored.window.drawings.list.entries()[0].text == "Exported"


def test_one_layer_for_each_color_and_remembered(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = dialog_of(colored)
    choose(dialog.format, "psd")
    dialog.swatch_layers.setChecked(True)
    choose(dialog.content, "flats")
    with qtbot.waitSignal(colored.controllers.coloring.save_ended):
        qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
    stack = formats.read_layers(tmp_path / "page colored.psd")
    paper, *flats = stack.layers
    assert paper.name == "Paper" and flats and {layer.group for layer in flats} == {"Flats"}
    assert colored.document.coloring is not None and colored.document.coloring.finished.palette is not None
    names = {swatch.name for swatch in colored.document.coloring.finished.palette.swatches}
    assert {layer.name for layer in flats} <= names
    again = dialog_of(colored)
    assert again.wish.options == ExportOptions("flats", swatch_layers=True) and again.kind.id == "psd"
    assert again.export.text() == "&Replace" and "page colored.psd" in again.warning.text()
    again.folder.setText(str(tmp_path / "nowhere"))
    assert not again.export.isEnabled() and "nowhere" in again.warning.text()
    again.reject()


def test_a_quality_that_is_set_is_the_files(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    sizes = []
    for quality in (5, 95):
        dialog = dialog_of(colored)
        choose(dialog.format, "jpg")
        dialog.quality.setValue(quality)
        dialog.name.setText(f"q{quality}")
        with qtbot.waitSignal(colored.controllers.coloring.save_ended):
            qtbot.mouseClick(dialog.export, Qt.MouseButton.LeftButton)
        sizes.append((tmp_path / f"q{quality}.jpg").stat().st_size)
    assert sizes[0] < sizes[1]


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
    assert colored.window.status.message.text() == "Exported out.png. A color ran out."


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

"""The ways a drawing goes from a file to a colored file, each by the door that a person takes.

The model is the shipped one: on so small a drawing it answers in a tenth of a second. Of the program these functions
know the command line and the window: its actions, panels and dialogs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.cli.main import main
from app.dialogs.export_dialog import ExportDialog
from app.panels.color_dialog import ColorDialog
from engine.export import formats
from tests.window import drop, program, urls

SUFFIXES = (".png", ".psd", ".ora")

HINT, HINT_COLOR = (45, 45), "#10a028"
SPLIT = ((60, 8), (60, 82))
EDITED, EDITED_COLOR = "blue", "#7a2a8c"
CORRECTED = (f"--hint={HINT[0]},{HINT[1]}={HINT_COLOR}", "--split=60,8:60,82")
PAINTED = (f"--recolor={EDITED}={EDITED_COLOR}", "--shading=soft")


@dataclass(frozen=True)
class Place:
    """Two files: a drawing, 120×90 at 300 dpi, and a reference of three colors."""

    line: Path
    reference: Path


def make_place(folder: Path) -> Place:
    """Draw the two files: a ring with a line through it, and a box with a window, on white; and patches."""
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", (120, 90), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((30, 15, 90, 75), outline=0, width=3)
    draw.rectangle((4, 5, 24, 40), outline=0, width=2)
    draw.rectangle((96, 50, 116, 85), outline=0, width=2)
    image.save(folder / "line.png", dpi=(300, 300))
    image = Image.new("RGB", (64, 64), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((4, 4, 30, 60), fill=(200, 60, 60))
    draw.rectangle((34, 4, 60, 30), fill=(60, 80, 190))
    draw.rectangle((34, 34, 60, 60), fill=(240, 200, 180))
    image.save(folder / "reference.png")
    return Place(folder / "line.png", folder / "reference.png")


def command(*words: object) -> None:
    """Run a command of the command line; it must end well."""
    assert main([str(word) for word in words]) == 0


def colorize(place: Place, output: Path, *options: object) -> bytes:
    """The file that `nurie colorize` writes."""
    command("colorize", place.line, "--reference", place.reference, "--output", output, *options)
    return output.read_bytes()


def batch_folder(place: Place, output: Path, suffix: str, *options: object) -> bytes:
    """The file that `nurie batch FOLDER` writes."""
    drawings = output / "in"
    drawings.mkdir(parents=True, exist_ok=True)
    (drawings / "line.png").write_bytes(place.line.read_bytes())
    out, kind = output / f"out{suffix}", suffix.removeprefix(".")
    command("batch", drawings, "--reference", place.reference, "--output", out, "--format", kind, *options)
    return (out / f"line{suffix}").read_bytes()


def batch_manifest(place: Place, output: Path, suffix: str, *options: object) -> bytes:
    """The file that `nurie batch --manifest` writes."""
    output.mkdir(parents=True, exist_ok=True)
    written, table = output / f"manifest{suffix}", output / "pairs.csv"
    table.write_text(f"line,reference,output\n{place.line},{place.reference},{written}\n", encoding="utf-8")
    command("batch", "--manifest", table, *options)
    return written.read_bytes()


class Hand:
    """A person at the window: clicks, drags, chooses, and waits until all is done."""

    def __init__(self, nurie: Nurie, bot: QtBot) -> None:
        self.nurie = nurie
        self._bot = bot
        self._canvas = nurie.window.canvas

    @classmethod
    @contextmanager
    def at_program(cls, app: QApplication, bot: QtBot, folder: Path) -> Iterator[Hand]:
        """At a program that was just started, with settings of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        with program(app, folder, shipped=True) as nurie:
            nurie.window.activateWindow()
            yield cls(nurie, bot)

    def open(self, path: Path) -> None:
        """Drop a drawing or a project on the canvas."""
        drop(self._canvas, urls(path))
        self.until(lambda: self.nurie.document.drawing is not None)

    def add_reference(self, path: Path) -> None:
        """Drop a picture on the strip of references."""
        drop(self.nurie.window.strip.list.viewport(), urls(path))
        self.until(lambda: self.nurie.document.coloring is not None)

    def hint(self) -> None:
        """Choose the color and click with the tool."""
        self.nurie.actions["tool_hint"].trigger()
        self.nurie.actions["tool_color"].trigger()
        (dialog,) = self.nurie.window.findChildren(ColorDialog)
        dialog.setCurrentColor(HINT_COLOR)
        dialog.accept()
        self.gone(ColorDialog)
        QTest.mouseMove(self._canvas, self._at(HINT))
        QTest.mouseClick(self._canvas, Qt.MouseButton.LeftButton, pos=self._at(HINT))
        self.until(lambda: True)

    def split(self) -> None:
        """Drag with the tool."""
        self.nurie.actions["tool_split"].trigger()
        begin, end = SPLIT
        QTest.mousePress(self._canvas, Qt.MouseButton.LeftButton, pos=self._at(begin))
        QTest.mouseMove(self._canvas, self._at(end))
        QTest.mouseRelease(self._canvas, Qt.MouseButton.LeftButton, pos=self._at(end))
        self.until(lambda: True)

    def edit_swatch(self) -> None:
        """Choose another color for a swatch of the palette."""
        panel = self.nurie.window.palette_panel
        row = next(row for row, one in enumerate(panel.list.entries()) if one.swatch.name == EDITED)
        panel.list.setCurrentRow(row)
        self._bot.keyClick(panel.list, Qt.Key.Key_Return)
        (dialog,) = self.nurie.window.findChildren(ColorDialog)
        dialog.setCurrentColor(EDITED_COLOR)
        dialog.accept()
        self.gone(ColorDialog)
        self.until(lambda: True)

    def shade(self, mode: str = "soft") -> None:
        """Choose the shading."""
        box = self.nurie.window.finish.shading
        box.setCurrentIndex(box.findData(mode))
        self.until(lambda: True)

    def color_again(self) -> None:
        """Ask the network anew."""
        before = self.nurie.document.coloring
        self.nurie.actions["color"].trigger()
        self.until(lambda: self.nurie.document.coloring is not before)

    def export(self, path: Path) -> bytes:
        """Export Picture As; the bytes of the file."""
        self._export(path)
        return path.read_bytes()

    def save_project(self, path: Path) -> None:
        """Save Project As."""
        self._save("save_as", path)

    def until(self, done: Callable[[], bool]) -> None:
        """Wait until `done`, nothing is under way, and the picture is what the settings ask for."""

        def settled() -> bool:
            document = self.nurie.document
            coloring = document.coloring
            return (
                done()
                and not self.nurie.runner.jobs
                and (coloring is None or document.current.coloring_is_current)
                and (coloring is None or coloring.settings == document.finish_settings)
            )

        self._bot.waitUntil(settled)

    def gone(self, kind: type[QDialog]) -> None:
        """Wait until no dialog of this kind is left: it is deleted a moment after it was closed."""
        self._bot.waitUntil(lambda: not self.nurie.window.findChildren(kind))

    def _export(self, path: Path) -> None:
        self.nurie.actions["export_as"].trigger()
        (dialog,) = self.nurie.window.findChildren(ExportDialog)
        dialog.folder.setText(str(path.parent))
        dialog.name.setText(path.name)
        kind = formats.of(path)
        assert kind is not None
        dialog.format.setCurrentIndex(dialog.format.findData(kind.id))
        dialog.export.click()
        self.gone(ExportDialog)
        self.until(path.exists)

    def _save(self, action: str, path: Path) -> None:
        self.nurie.actions[action].trigger()
        (dialog,) = self.nurie.window.findChildren(QFileDialog)
        dialog.fileSelected.emit(str(path))
        dialog.reject()
        self.gone(QFileDialog)
        self.until(path.exists)

    def _at(self, pixel: tuple[int, int]) -> QPoint:
        """Where the middle of a pixel of the drawing is in the canvas."""
        across, down = self._canvas.viewport.to_view(pixel[0] + 0.5, pixel[1] + 0.5)
        return QPoint(int(across), int(down))

"""The docker: references, which layer is the lines, how to color, progress and cancel."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

# pyright: reportMissingImports=false
from krita import DockWidget, Krita

from . import layers
from .coloring import PICTURES, CannotColor, Coloring, arguments, layers_in
from .qt import QtCore, QtWidgets

ID = "nurie_docker"
AUTOMATIC = "Automatic"
_FILTER = f"Pictures ({' '.join('*.' + ending for ending in PICTURES)})"
_OFTEN = 100  # ms between two looks at how far it is
SHADINGS = {"No shading": "off", "Cel shading": "cel", "Soft shading": "soft"}
_PATH = int(getattr(QtCore.Qt, "ItemDataRole", QtCore.Qt).UserRole)


class References(QtWidgets.QListWidget):
    """The reference pictures: files, also dropped ones, and layers of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setToolTip("Pictures that the colors are taken from; drop files here")
        self.setMaximumHeight(120)

    def add_file(self, path: str) -> None:
        """Add a picture by its path."""
        self._add(Path(path).name, path, path)

    def add_layer(self, path: str) -> None:
        """Add a layer of the image by its folders and name."""
        self._add("Layer: " + path, "", f"The layer {path}, as it is when you color")
        self.item(self.count() - 1).setData(_PATH + 1, path)

    def chosen(self) -> list[tuple[str, str]]:
        """File and layer of each; one of the two is empty."""
        items = [self.item(row) for row in range(self.count())]
        return [(item.data(_PATH) or "", item.data(_PATH + 1) or "") for item in items]

    def _add(self, text: str, data: str, tip: str) -> None:
        item = QtWidgets.QListWidgetItem(text)
        item.setData(_PATH, data)
        item.setToolTip(tip)
        self.addItem(item)

    def dragEnterEvent(self, event: Any) -> None:  # noqa: D102 (Qt's)
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    dragMoveEvent = dragEnterEvent

    def dropEvent(self, event: Any) -> None:  # noqa: D102 (Qt's)
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.add_file(url.toLocalFile())
        event.acceptProposedAction()


class NurieDocker(DockWidget):
    """What the artist sees."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Nurie")
        self.setObjectName(ID)
        self._running: Coloring | None = None
        self._folder: Path | None = None
        self._document: Any = None
        self._lines: Any = None
        self._below = True
        self.references = References()
        self.lines = QtWidgets.QComboBox()
        self.lines.setToolTip("The layer of the lines; automatic takes the one that is named so, or the active one")
        self.by_color = QtWidgets.QCheckBox("A layer for each color")
        self.shading = QtWidgets.QComboBox()
        self.shading.addItems(list(SHADINGS))
        self.button = QtWidgets.QPushButton("Color")
        self.progress = QtWidgets.QProgressBar()
        self.progress.setMaximum(1000)
        self.message = QtWidgets.QLabel()
        self.message.setWordWrap(True)
        self._lay_out()
        self.button.clicked.connect(self.color_or_cancel)
        self._timer = QtCore.QTimer(self)
        self._timer.timeout.connect(self._look)
        self.canvasChanged(None)

    def _lay_out(self) -> None:
        body = QtWidgets.QWidget(self)
        column = QtWidgets.QVBoxLayout(body)
        column.addWidget(QtWidgets.QLabel("References"))
        column.addWidget(self.references)
        row = QtWidgets.QHBoxLayout()
        for text, call in (("Add…", self._add_files), ("Add Layer", self._add_layer), ("Remove", self._remove)):
            button = QtWidgets.QPushButton(text)
            button.clicked.connect(call)
            row.addWidget(button)
        column.addLayout(row)
        form = QtWidgets.QFormLayout()
        form.addRow("Lines", self.lines)
        form.addRow("Shading", self.shading)
        column.addLayout(form)
        for widget in (self.by_color, self.button, self.progress, self.message):
            column.addWidget(widget)
        column.addStretch(1)
        self.progress.hide()
        self.setWidget(body)

    def canvasChanged(self, canvas: Any) -> None:
        """Another image is shown: its layers are offered."""
        chosen = self.lines.currentText()
        document = Krita.instance().activeDocument()
        paths = [path for _, path in layers.leaves(document.rootNode())] if document is not None else []
        self.lines.clear()
        self.lines.addItems([AUTOMATIC, *reversed(paths)])
        self.lines.setCurrentText(chosen if chosen in paths else AUTOMATIC)

    def color_or_cancel(self) -> None:
        """The button."""
        if self._running is not None:
            self._running.cancel()
            self.message.setText("Cancelling …")
        else:
            self.color()

    def color(self) -> None:
        """Color the image that is shown, in the background."""
        if self._running is not None:
            return
        self._folder = Path(tempfile.mkdtemp(prefix="nurie-krita-"))
        coloring = Coloring(self._folder)
        try:
            coloring.start(self._prepare(self._folder), "krita")
        except CannotColor as error:
            self._tidy(str(error))
            return
        self.button.setText("Cancel")
        self.progress.setValue(0)
        self.progress.show()
        self.message.setText("")
        self._running = coloring
        self._timer.start(_OFTEN)

    def _prepare(self, folder: Path) -> list[str]:
        document = Krita.instance().activeDocument()
        if document is None:
            raise CannotColor("There is no image; open one first.")
        if not self.references.count():
            raise CannotColor("There is no reference; drop a colored picture of the character on the list.")
        chosen = self.lines.currentText()
        self._document, self._lines = document, layers.find_lines(document, "" if chosen == AUTOMATIC else chosen)
        picture = layers.picture_of(document, self._lines)
        self._below = layers.is_clear(picture)
        lines = folder / "lines.png"
        picture.save(str(lines))
        references = [self._reference(document, folder, *one) for one in self.references.chosen()]
        shading = SHADINGS[self.shading.currentText()]
        return arguments(lines, references, folder, by_color=self.by_color.isChecked(), shading=shading)

    def _reference(self, document: Any, folder: Path, file: str, layer: str) -> Path:
        if file:
            return Path(file)
        path = folder / f"reference {len(list(folder.iterdir()))}.png"
        layers.picture_of(document, layers.find_lines(document, layer)).save(str(path))
        return path

    def _look(self) -> None:
        running = self._running
        if running is None:
            return
        if running.is_running():
            self.progress.setValue(round(running.share * 1000))
            if not running.was_cancelled:
                self.message.setText(running.step)
            return
        self._timer.stop()
        # Krita handles clicks while it adds layers: it counts as running until all of them are there.
        try:
            if running.was_cancelled:
                self._tidy("Cancelled; the image is as it was.")
            elif running.error:
                self._tidy(running.error)
            else:
                self._take_over(running.notes)
        finally:
            self._running = None

    def _take_over(self, notes: list[str]) -> None:
        assert self._folder is not None
        try:
            if not any(one is not None and one == self._document for one in Krita.instance().documents()):
                raise CannotColor("The image was closed meanwhile.")
            made = layers_in(self._folder / "layers", (self._document.width(), self._document.height()))
            layers.insert(self._document, self._lines, made, self._below)
        except CannotColor as problem:
            self._tidy(str(problem))
            return
        self._tidy("Colored. " + " ".join(notes))
        self.canvasChanged(None)

    def _tidy(self, told: str) -> None:
        self.message.setText(told)
        self.button.setText("Color")
        self.progress.hide()
        if self._folder is not None:
            shutil.rmtree(str(self._folder), ignore_errors=True)
        self._folder = self._document = self._lines = None

    def _add_files(self) -> None:
        found, _ = QtWidgets.QFileDialog.getOpenFileNames(self, "References", "", _FILTER)
        for path in found:
            self.references.add_file(path)

    def _add_layer(self) -> None:
        document = Krita.instance().activeDocument()
        node = document.activeNode() if document is not None else None
        if node is not None:
            paths = [path for one, path in layers.leaves(document.rootNode()) if one.uniqueId() == node.uniqueId()]
            for path in paths:
                self.references.add_layer(path)

    def _remove(self) -> None:
        for item in self.references.selectedItems():
            self.references.takeItem(self.references.row(item))

"""The form of Batch Export: which drawings, colors from where, into what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from app.batch.request import LOCK, OFF, BatchRequest
from app.language import format_names
from app.style.plain_text import plain_tip
from engine.export import formats
from engine.options import LayerOptions

OF_WINDOW, CHOSEN, BESIDE = "window", "chosen", "beside"
SHARED, SEPARATE, WINDOW_PALETTE, FREE = "shared", "separate", "window", "free"
OF_FOLDER, OF_PROJECT = "folder", "project"
REPORT_NAME = "report.html"


@dataclass(frozen=True)
class Window:
    """What the window has to offer. pages: drawings of the project. references: of the drawing shown. has_palette: one
    of its own. locked: whether colors are held to a palette."""

    pages: int = 0
    references: int = 0
    has_palette: bool = False
    locked: bool = True


class BatchForm(QWidget):
    """Says by `changed` that something else is asked for."""

    changed = Signal()

    def __init__(self, base: BatchRequest, window: Window, parent: QWidget | None = None) -> None:
        """base: what it shows first, and what it does not ask about."""
        super().__init__(parent)
        self._base = base
        self._chosen: tuple[str, ...] = base.references
        self._was_chosen = False  # where the colors come from, by the person
        self._make_origin(window)
        self._make_colors(window)
        self._make_target()
        self._only_of_folders: list[QWidget] = []
        self._lay_out()
        self._connect()
        self.report.setDisabled(self.watch.isChecked())
        self._show_references()

    @property
    def is_of_project(self) -> bool:
        """Whether the project's drawings will be written, rather than those of a folder."""
        return self.what.currentData() == OF_PROJECT

    @property
    def takes_window_references(self) -> bool:
        """Whether colors come from the references of the window."""
        return self.source.currentData() == OF_WINDOW

    @property
    def takes_window_palette(self) -> bool:
        """Whether colors are held to the palette of the window."""
        return self.colors.currentData() == WINDOW_PALETTE

    def request(self) -> BatchRequest:
        """What is asked for."""
        output, colors = self.output.text().strip(), self.colors.currentData()
        watch = self.watch.isChecked() and not self.is_of_project
        kind, quality = self.format.currentData()
        return replace(
            self._base,
            folder=self.folder.text().strip(),
            output=output,
            references=self._chosen if self.source.currentData() == CHOSEN else (),
            format=kind,
            quality=quality,
            on_exists=self.on_exists.currentData(),
            recursive=self.recursive.isChecked(),
            pattern=self.pattern.text().strip() or "*",
            shared_palette=colors != SEPARATE,
            palette=OFF if colors == FREE else LOCK,
            options=replace(self._base.options, layers=self._layers()),
            report=str(Path(output) / REPORT_NAME) if output and self.report.isChecked() and not watch else "",
            watch=watch,
        )

    def _layers(self) -> LayerOptions:
        """Layers by name, several with a semicolon between."""
        lines, colors = (
            tuple(name for part in box.text().split(";") if (name := part.strip()))
            for box in (self.line_layers, self.reference_layers)
        )
        return LayerOptions(lines, colors)

    def missing(self) -> str:
        """The first thing that is missing, as a sentence; empty if nothing is."""
        if not self.is_of_project and not self.folder.text().strip():
            return self.tr("Choose a folder of drawings, or drop one here.")
        return "" if self.output.text().strip() else self.tr("Choose a folder for the pictures.")

    def show_references(self, count: int) -> None:
        """So many references are in the window by now; they are taken where nothing else was chosen."""
        place = self.source.findData(OF_WINDOW)
        self.source.setItemText(place, self.tr("The window's references ({0})").format(count))
        _set_enabled(self.source, place, count > 0)
        if count and self.source.currentData() == BESIDE and not self._was_chosen:
            _choose(self.source, OF_WINDOW)
        elif not count and self.takes_window_references:
            _choose(self.source, BESIDE)

    def use_folder(self, name: str) -> None:
        """Take this folder, and suggest another for the pictures where the person named none."""
        _choose(self.what, OF_FOLDER)
        before = self._beside(self.folder.text().strip())
        self.folder.setText(str(Path(name)))
        if self.output.text().strip() in ("", before):
            self.output.setText(self._beside(name))

    def use_pictures(self, names: tuple[str, ...]) -> None:
        """Take colors from these pictures."""
        self._chosen = names
        _choose(self.source, CHOSEN)
        self._show_references()
        self.changed.emit()

    def _make_origin(self, window: Window) -> None:
        base = self._base
        self.what = self._combo(
            self.tr("Which drawings to write"),
            (self.tr("A folder of drawings, to be colored"), OF_FOLDER),
            (self.tr("The drawings of this project, as they are colored ({0})").format(window.pages), OF_PROJECT),
        )
        _set_enabled(self.what, 1, window.pages > 0)
        self.folder = _line(self.tr("Folder of drawings"), base.folder, self.tr("Choose a folder, or drop one here"))
        self.browse = _button(self.tr("&Browse…"), self.tr("Choose the folder of drawings"))
        self.recursive = QCheckBox(self.tr("S&ubfolders, too"), self)
        self.recursive.setChecked(base.recursive)
        self.recursive.setToolTip(self.tr("The pictures lie in folders of the same names then"))
        self.pattern = _line(self.tr("Names of drawings"), "" if base.pattern == "*" else base.pattern, "*.png")
        self.pattern.setToolTip(self.tr("Only drawings whose names fit, such as page*.png"))

    def _make_colors(self, window: Window) -> None:
        layers = self._base.options.layers
        self.line_layers = _line(
            self.tr("Layers of layered drawings that are the line art"),
            "; ".join(layers.line_layers),
            self.tr("By their names; several with ; between"),
        )
        self.reference_layers = _line(
            self.tr("Layers of layered references that have the colors"),
            "; ".join(layers.reference_layers),
            self.tr("As they are shown; several with ; between"),
        )
        self.source = self._combo(
            self.tr("Where the colors come from; a folder references or a nurie.toml beside drawings comes first"),
            (self.tr("The window's references ({0})").format(window.references), OF_WINDOW),
            (self.tr("Chosen pictures"), CHOSEN),
            (self.tr("Only those beside the drawings"), BESIDE),
        )
        _set_enabled(self.source, 0, window.references > 0)
        _choose(self.source, CHOSEN if self._base.references else OF_WINDOW if window.references else BESIDE)
        self.choose = _button(self.tr("C&hoose…"), self.tr("Choose color pictures to take colors from"))
        self.chosen_label = QLabel(self)
        self.chosen_label.setObjectName("mutedText")
        self.colors = self._combo(
            self.tr("Which colors the drawings may take"),
            (self.tr("Of the references, the same in all pictures"), SHARED),
            (self.tr("Of the references, each for itself"), SEPARATE),
            (self.tr("The window's palette"), WINDOW_PALETTE),
            (self.tr("Any color"), FREE),
        )
        _set_enabled(self.colors, 2, window.has_palette)
        _choose(self.colors, FREE if not window.locked else WINDOW_PALETTE if window.has_palette else SHARED)

    def _make_target(self) -> None:
        base = self._base
        self.output = _line(self.tr("Folder for the pictures"), base.output, self.tr("It is made if there is none"))
        self.browse_output = _button(self.tr("Bro&wse…"), self.tr("Choose the folder for the pictures"))
        self.format = self._combo(
            self.tr("What kind of files to write"),
            *format_names.choices(),
        )
        _choose(self.format, (base.format, base.quality))
        self.on_exists = self._combo(
            self.tr("What to do where a picture of that name is there already"),
            (self.tr("Skip"), "skip"),
            (self.tr("Replace it"), "overwrite"),
            (self.tr("Number the new one"), "number"),
        )
        _choose(self.on_exists, base.on_exists)
        self.report = QCheckBox(self.tr("Write a re&port with small pictures ({0})").format(REPORT_NAME), self)
        self.report.setChecked(True)
        self.report.setToolTip(self.tr("A page with line art, result, time and places to look at, for any browser"))

        self.watch = QCheckBox(self.tr("&Go on with what is saved into the folder later"), self)
        self.watch.setChecked(base.watch)
        self.watch.setToolTip(
            self.tr(
                "Watches the folder: what any program saves there comes out colored a moment later, until you stop it"
            )
        )

    def _combo(self, tip: str, *entries: tuple[str, object]) -> QComboBox:
        box = QComboBox(self)
        box.setToolTip(tip)
        for text, data in entries:
            box.addItem(text, data)
        return box

    def _lay_out(self) -> None:
        """Rows of label, field, button; those that only folders have are remembered."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        names = QLabel(self.tr("&Names"), self)
        names.setBuddy(self.pattern)
        both, of_folders = False, True
        rows: tuple[tuple[str, tuple[QWidget, ...], QWidget | None, bool], ...] = (
            (self.tr("E&xport"), (self.what,), None, both),
            (self.tr("&Drawings"), (self.folder,), self.browse, of_folders),
            ("", (self.recursive, names, self.pattern), None, of_folders),
            (self.tr("Line &layers"), (self.line_layers,), None, of_folders),
            (self.tr("&Colors from"), (self.source, self.chosen_label), self.choose, of_folders),
            (self.tr("Colo&r layers"), (self.reference_layers,), None, of_folders),
            (self.tr("P&alette"), (self.colors,), None, of_folders),
            (self.tr("Pictures t&o"), (self.output,), self.browse_output, both),
            (self.tr("&Format"), (self.format,), None, both),
            (self.tr("If &the file exists"), (self.on_exists,), None, both),
            ("", (self.report,), None, of_folders),
            ("", (self.watch,), None, of_folders),
        )
        chain: list[QWidget] = []
        for row, (text, fields, button, only_folders) in enumerate(rows):
            label = QLabel(text, self)
            label.setBuddy(fields[0])
            line = QHBoxLayout()
            line.setSpacing(8)
            for place, field in enumerate(fields):
                line.addWidget(field, 1 if place == 0 else 0)
            grid.addWidget(label, row, 0)
            grid.addLayout(line, row, 1)
            parts = [*fields, *([button] if button is not None else [])]
            if button is not None:
                grid.addWidget(button, row, 2)
            chain += [part for part in parts if not isinstance(part, QLabel)]
            if only_folders:
                self._only_of_folders += [label, *(part for part in parts if part is not self.chosen_label)]
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    def _connect(self) -> None:
        for line in (self.folder, self.output, self.pattern, self.line_layers, self.reference_layers):
            line.textChanged.connect(self.changed)
        for box in (self.what, self.source, self.format, self.on_exists, self.colors):
            box.currentIndexChanged.connect(self.changed)
        self.what.currentIndexChanged.connect(self._show_rows)
        self.source.currentIndexChanged.connect(self._show_references)
        self.source.activated.connect(self._note_choice)
        self.recursive.toggled.connect(self.changed)
        self.watch.toggled.connect(self.changed)
        self.watch.toggled.connect(self.report.setDisabled)
        self.browse.clicked.connect(self._ask_folder)
        self.browse_output.clicked.connect(self._ask_output)
        self.choose.clicked.connect(self._ask_pictures)

    def _note_choice(self) -> None:
        self._was_chosen = True

    def _show_rows(self) -> None:
        for part in self._only_of_folders:
            part.setVisible(not self.is_of_project)
        self._show_references()

    def _show_references(self) -> None:
        self.chosen_label.setVisible(self.source.currentData() == CHOSEN and not self.is_of_project)
        self.chosen_label.setText(self.tr("{0} chosen").format(len(self._chosen)))
        self.chosen_label.setToolTip(plain_tip("\n".join(self._chosen)))

    def _beside(self, name: str) -> str:
        path = Path(name)
        return str(path.with_name(self.tr("{0} colored").format(path.name))) if path.name else ""

    def _ask_folder(self) -> None:
        self._ask_directory(self.tr("Folder of drawings"), self.folder.text(), self.use_folder)

    def _ask_output(self) -> None:
        self._ask_directory(self.tr("Folder for the pictures"), self.output.text(), self.output.setText)

    def _ask_directory(self, title: str, start: str, use: Callable[[str], None]) -> None:
        dialog = QFileDialog(self, title, start)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(use)
        dialog.open()

    def _ask_pictures(self) -> None:
        pictures = self.tr("Pictures")
        dialog = QFileDialog(self, self.tr("Take colors from"), "", f"{pictures} ({formats.PATTERNS})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.use_pictures(tuple(names)))
        dialog.open()


def _line(name: str, text: str, hint: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setToolTip(plain_tip(name))
    return line


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoDefault(False)
    return button


def _choose(box: QComboBox, data: object) -> None:
    for index in range(box.count()):
        if box.itemData(index) == data:
            box.setCurrentIndex(index)


def _set_enabled(box: QComboBox, index: int, enabled: bool) -> None:
    item = getattr(box.model(), "item", None)
    if item is not None:
        item(index).setEnabled(enabled)

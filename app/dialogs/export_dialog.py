"""What of the colored picture is written, as what kind of file and where: all that the command line can."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.images.outgoing import fit_name
from app.language import format_names
from app.style.plain_text import plain_tip
from engine.export import formats
from engine.export.formats import Format, Quality
from engine.options import LONGER_SIDE_MAX, LONGER_SIDE_MIN, ExportOptions


@dataclass(frozen=True)
class ExportWish:
    """What a person wants written, and where."""

    path: Path
    options: ExportOptions
    quality: Quality


class ExportDialog(QDialog):
    """A sheet that nobody waits for: the answer comes by `answered`."""

    answered = Signal(object)  # ExportWish

    def __init__(
        self, suggested: Path, options: ExportOptions, quality: Quality, size: QSize | None, parent: QWidget
    ) -> None:
        """suggested: where it would go; its suffix says the kind of file. size: of the drawing, in pixels."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export Picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._longer = max(size.width(), size.height()) if size is not None else LONGER_SIDE_MAX
        self.name = QLineEdit(suggested.stem, self)
        self.folder = QLineEdit(str(suggested.parent), self)
        self.browse = QPushButton(self.tr("C&hoose…"), self)
        self.format = QComboBox(self)
        for one in formats.WRITTEN:
            self.format.addItem(format_names.name_of(one), one.id)
        known = formats.of(suggested)
        self.format.setCurrentIndex(max(0, self.format.findData(known.id if known else "")))
        self.quality = QSpinBox(self)
        self.quality.setRange(1, 100)
        self.quality.setValue(formats.QUALITY_DEFAULT if quality == "lossless" else quality)
        self.lossless = QCheckBox(self.tr("With&out loss"), self)
        self.lossless.setChecked(quality == "lossless")
        self.content = QComboBox(self)
        for name, text in (
            ("all", self.tr("Everything")),
            ("flats", self.tr("Flat colors only")),
            ("lines", self.tr("Lines only")),
        ):
            self.content.addItem(text, name)
        self.content.setCurrentIndex(self.content.findData(options.content))
        self.paper = QCheckBox(self.tr("White &paper"), self)
        self.paper.setChecked(options.paper)
        self.swatch_layers = QCheckBox(self.tr("One &layer for each color"), self)
        self.swatch_layers.setChecked(options.swatch_layers)
        self.scaled = QCheckBox(self.tr("Longer s&ide"), self)
        self.scaled.setChecked(options.longer_side is not None)
        self.longer_side = QSpinBox(self)
        self.longer_side.setRange(LONGER_SIDE_MIN, LONGER_SIDE_MAX)
        self.longer_side.setSuffix(self.tr(" px"))
        self.longer_side.setValue(options.longer_side or min(self._longer, LONGER_SIDE_MAX))
        self.warning = QLabel(self)
        self.warning.setObjectName("warning")
        self.warning.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.export = QPushButton(self)
        self.buttons.addButton(self.export, QDialogButtonBox.ButtonRole.AcceptRole)
        self.export.setDefault(True)
        self._lay_out(size)
        self.name.textEdited.connect(self._take_ending)
        for signal in (self.name.textChanged, self.folder.textChanged, self.format.currentIndexChanged):
            signal.connect(self._look)
        for signal in (self.content.currentIndexChanged, self.lossless.toggled, self.scaled.toggled):
            signal.connect(self._look)
        self.browse.clicked.connect(self._browse)
        self.buttons.accepted.connect(self._answer)
        self.buttons.rejected.connect(self.reject)
        self._look()
        self.name.selectAll()

    @property
    def path(self) -> Path:
        """Where it is to be written."""
        suffix = self.kind.suffixes[0]
        name = self.name.text().strip()
        name = name if Path(name).suffix.lower() in self.kind.suffixes else f"{name}{suffix}"
        return Path(self.folder.text().strip()).expanduser() / fit_name(name)

    @property
    def kind(self) -> Format:
        """As what kind of file."""
        return formats.by_id(self.format.currentData())

    @property
    def wish(self) -> ExportWish:
        """What is set. What the kind of file cannot hold is left out."""
        options = ExportOptions(
            content=self.content.currentData(),
            paper=self.paper.isChecked() or not self.paper.isEnabled(),
            swatch_layers=self.swatch_layers.isChecked() and self.swatch_layers.isEnabled(),
            longer_side=self.longer_side.value() if self.scaled.isChecked() else None,
        )
        is_lossless = self.lossless.isChecked() and self.lossless.isEnabled()
        return ExportWish(self.path, options, "lossless" if is_lossless else self.quality.value())

    def _take_ending(self, name: str) -> None:
        """An ending that was typed says what kind of file is wanted."""
        known = formats.of(Path(name.strip()))
        row = self.format.findData(known.id) if known is not None else -1
        if row >= 0:
            self.format.setCurrentIndex(row)

    def _look(self) -> None:
        """Grey out what has no effect, say why, and what becomes of a file that is there."""
        kind = self.kind
        can_lose = kind.lossy
        self.lossless.setEnabled(can_lose and kind.lossless)
        self.quality.setEnabled(can_lose and not (self.lossless.isEnabled() and self.lossless.isChecked()))
        no_quality = self.tr("{0} keeps every pixel.").format(kind.name)
        for widget in (self.quality, self.lossless):
            widget.setToolTip("" if can_lose else plain_tip(no_quality))
        self.paper.setEnabled(not kind.opaque)
        transparent = self.tr("Off: transparent where there is no color")
        opaque = self.tr("{0} cannot be transparent.").format(kind.name)
        self.paper.setToolTip(plain_tip(opaque if kind.opaque else transparent))
        lines_only = self.content.currentData() == "lines"
        self.swatch_layers.setEnabled(kind.layered and not lines_only)
        self.swatch_layers.setToolTip(
            self.tr("A group “Flats” with a layer for each color, called as the color is")
            if self.swatch_layers.isEnabled()
            else self.tr("Choose Photoshop or OpenRaster to have layers.")
            if not kind.layered
            else self.tr("Lines only have no colors.")
        )
        self.longer_side.setEnabled(self.scaled.isChecked())
        problem, is_there = "", False
        folder = self.path.parent
        if not self.name.text().strip():
            problem = self.tr("Give the file a name.")
        elif not folder.is_dir():
            problem = self.tr("There is no folder {0}; choose one.").format(folder)
        else:
            is_there = self.path.exists()
        self.export.setEnabled(not problem)
        self.export.setText(self.tr("&Replace") if is_there else self.tr("&Export"))
        self.warning.setText(
            problem or (self.tr("{0} is there and will be replaced.").format(self.path.name) * is_there)
        )

    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export to"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _answer(self) -> None:
        if self.export.isEnabled():
            self.answered.emit(self.wish)
            self.accept()

    def _lay_out(self, size: QSize | None) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        folder, quality, longer = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        quality.addWidget(self.quality)
        quality.addWidget(self.lossless)
        quality.addStretch()
        longer.addWidget(self.scaled)
        longer.addWidget(self.longer_side)
        if size is not None:
            own = self.tr("the drawing has {0} × {1}").format(size.width(), size.height())
            longer.addWidget(QLabel(own, self))
        longer.addStretch()
        form.addRow(self.tr("&Name"), self.name)
        folder_label, quality_label = QLabel(self.tr("&Folder"), self), QLabel(self.tr("&Quality"), self)
        folder_label.setBuddy(self.folder)
        quality_label.setBuddy(self.quality)
        form.addRow(folder_label, folder)
        form.addRow(self.tr("File &type"), self.format)
        form.addRow(quality_label, quality)
        form.addRow(self.tr("&What"), self.content)
        form.addRow("", self.paper)
        form.addRow("", self.swatch_layers)
        form.addRow(self.tr("Size"), longer)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.warning)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)

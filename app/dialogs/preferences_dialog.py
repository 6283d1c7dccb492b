"""What is set once and holds for everything: each setting a row, with what it does as its tip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import Qt, Signal
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

from app.language import format_names
from app.language.translations import LANGUAGE_CHOICES
from app.settings import DRAG_FORMATS, RECOVERY_MINUTES_MOST, Settings
from app.style.theme import THEME_CHOICES
from engine.export import formats
from engine.request import DeviceChoice


class PreferencesDialog(QDialog):
    """A sheet that nobody waits for: what was changed comes by `answered`."""

    answered = Signal(object)  # dict[str, Any]: other values, by the names of the properties of `Settings`

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        languages = {"system": self.tr("As the system"), "en": "English", "ja": "日本語"}
        themes = {"system": self.tr("As the system"), "dark": self.tr("Dark"), "light": self.tr("Light")}
        devices = {"auto": self.tr("The fastest there is"), "cpu": self.tr("Processor"), "cuda": self.tr("NVIDIA GPU")}
        self.language = self._choice(self.tr("&Language"), "", languages, LANGUAGE_CHOICES, settings.language)
        self.theme = self._choice(self.tr("&Theme"), "", themes, THEME_CHOICES, settings.theme)
        self.device = self._choice(
            self.tr("&Compute on"),
            self.tr("Where the network computes, from the next start on"),
            devices,
            get_args(DeviceChoice),
            settings.device,
        )
        self.auto_color = self._flag(
            self.tr("Color at every change"),
            self.tr("Else a drawing is colored when you ask for it"),
            settings.auto_color,
        )
        self.pixel_grid = self._flag(
            self.tr("Pixel grid"), self.tr("A grid between pixels from 800 % on"), settings.pixel_grid
        )
        self.recovery_minutes = QSpinBox(self)
        self.recovery_minutes.setRange(1, RECOVERY_MINUTES_MOST)
        self.recovery_minutes.setSuffix(self.tr(" min"))
        self.recovery_minutes.setValue(settings.recovery_minutes)
        self._row(self.tr("Keep a copy &every"), self.tr("For a crash: it is offered then"), self.recovery_minutes)
        self.open_folder = self._folder(
            self.tr("&Open from"), self.tr("Where dialogs for opening begin"), settings.open_folder
        )
        self.save_folder = self._folder(
            self.tr("&Export to"), self.tr("Empty: beside the drawing"), settings.save_folder
        )
        self.export_format = QComboBox(self)
        self.drag_format = QComboBox(self)
        for box, kinds, now in (
            (self.export_format, formats.WRITTEN, settings.export_format),
            (self.drag_format, DRAG_FORMATS, settings.drag_format),
        ):
            for kind in kinds:
                box.addItem(format_names.name_of(kind), kind)
            box.setCurrentIndex([kind.id for kind in kinds].index(now.id))
        self._row(self.tr("Export &as"), self.tr("The kind of file that is suggested"), self.export_format)
        self._row(
            self.tr("&Drag out as"),
            self.tr("What a drawing is when it is dragged into another program"),
            self.drag_format,
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self._answer)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(self._form)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)

    @property
    def values(self) -> dict[str, Any]:
        """What is shown, by the names of the properties of `Settings`. A folder that is none counts as not named."""
        found: dict[str, Any] = {
            "theme": self.theme.currentData(),
            "device": self.device.currentData(),
            "auto_color": self.auto_color.isChecked(),
            "pixel_grid": self.pixel_grid.isChecked(),
            "recovery_minutes": self.recovery_minutes.value(),
            "export_format": self.export_format.currentData(),
            "drag_format": self.drag_format.currentData(),
            "language": self.language.currentData(),  # the last: another window comes for it
        }
        for name, edit in (("open_folder", self.open_folder), ("save_folder", self.save_folder)):
            folder = Path(edit.text().strip()).expanduser()
            if edit.text().strip() and folder.is_dir():
                found[name] = folder
            elif name == "save_folder" and not edit.text().strip():
                found[name] = None
        return found

    def _answer(self) -> None:
        values = self.values
        self.accept()
        self.answered.emit({name: one for name, one in values.items() if one != getattr(self._settings, name)})

    def _row(self, label: str, tip: str, widget: QWidget) -> None:
        widget.setToolTip(tip)
        self._form.addRow(label, widget)

    def _choice(self, label: str, tip: str, names: dict[str, str], choices: Sequence[str], now: str) -> QComboBox:
        box = QComboBox(self)
        for one in choices:
            box.addItem(names.get(one, str(one)), one)
        box.setCurrentIndex(box.findData(now))
        self._row(label, tip, box)
        return box

    def _flag(self, text: str, tip: str, now: bool) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setChecked(now)
        self._row("", tip, box)
        return box

    def _folder(self, label: str, tip: str, now: Path | None) -> QLineEdit:
        edit, browse, row = (
            QLineEdit(str(now) if now else "", self),
            QPushButton(self.tr("Choose…"), self),
            QHBoxLayout(),
        )
        edit.setToolTip(tip)
        browse.clicked.connect(lambda: self._browse(edit))
        row.addWidget(edit, 1)
        row.addWidget(browse)
        name = QLabel(label, self)
        name.setBuddy(edit)
        self._form.addRow(name, row)
        return edit

    def _browse(self, edit: QLineEdit) -> None:
        dialog = QFileDialog(self, self.tr("Choose a folder"), edit.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(edit.setText)
        dialog.open()

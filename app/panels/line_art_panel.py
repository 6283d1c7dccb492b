"""The line-art panel: where lines come from, how thick, hard or soft."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.panels.sigma_controls import STEPS, sigma_controls
from app.panels.slider_row import SliderRow
from app.style.plain_text import plain_tip
from engine.options import DESPECKLE_MAX, LineMode, LineOptions

NOTE_LINES = 3


class LineArtPanel(QWidget):
    """Shows and changes `LineOptions`."""

    changed = Signal(object)  # LineOptions

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = LineOptions()
        self._extracted: bool | None = None
        self._done = ""
        self.mode = QComboBox(self)
        self.mode.setToolTip(self.tr("Where the lines come from"))
        for mode, text in (
            ("auto", self.tr("Automatic")),
            ("ink", self.tr("The drawing's own ink")),
            ("extract", self.tr("Extract from colors")),
            ("untouched", self.tr("Untouched, nothing cleaned")),
        ):
            self.mode.addItem(text, mode)
        self.slider, self.spin = sigma_controls(
            self.tr("Line thickness"),
            self.tr("Line thickness, number"),
            self.tr("Thickness of extracted lines (σ); larger is thicker"),
            self,
        )
        self.sharp = QRadioButton(self.tr("Sharp"), self)
        self.sharp.setToolTip(self.tr("Every pixel is ink or paper"))
        self.soft = QRadioButton(self.tr("Soft"), self)
        self.soft.setToolTip(self.tr("Grey edges, as a pencil has"))
        self._edges = QButtonGroup(self)
        self._edges.addButton(self.sharp)
        self._edges.addButton(self.soft)
        self.note = _Note(self)
        self.note.setObjectName("mutedText")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.black = SliderRow(self.tr("Black level"), 0, 254, self)
        self.black.setToolTip(self.tr("Ink as dark as this, or darker, becomes full ink: raise it for pale scans"))
        self.white = SliderRow(self.tr("White level"), 1, 255, self)
        self.white.setToolTip(self.tr("Ink as pale as this, or paler, becomes paper: lower it for gray or dirty scans"))
        self.despeckle = SliderRow(self.tr("Remove specks up to, in pixels"), 0, DESPECKLE_MAX, self)
        self.despeckle.setToolTip(self.tr("Dots no larger than so many pixels go; lines always stay whole"))
        for row in (self.black, self.white, self.despeckle):
            row.spin.setMinimumWidth(self.spin.sizeHint().width())  # all sliders end at one line
        self._lay_out()
        self.show_settings(self._settings)
        self.mode.currentIndexChanged.connect(self._edited)
        self.slider.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(self._spun)
        self.sharp.toggled.connect(self._edited)
        for row in (self.black, self.white, self.despeckle):
            row.changed.connect(self._edited)

    def show_settings(self, settings: LineOptions) -> None:
        """Show these, without a signal."""
        self._settings = settings
        blockers = [QSignalBlocker(widget) for widget in (self.mode, self.slider, self.spin, self.sharp, self.soft)]
        self.mode.setCurrentIndex(self.mode.findData(settings.lines))
        self.slider.setValue(round(settings.sigma * STEPS))
        self.spin.setValue(settings.sigma)
        self.sharp.setChecked(not settings.soft)
        self.soft.setChecked(settings.soft)
        del blockers
        self.black.show_value(settings.levels[0])
        self.white.show_value(settings.levels[1])
        self.despeckle.show_value(settings.despeckle)
        self._show_note()

    def show_origin(self, extracted: bool | None, done: str = "") -> None:
        """Say whose lines the canvas shows; None: there are none. done: to the ink, without being asked for."""
        self._extracted, self._done = extracted, done
        self._show_note()
        self.sharp.setEnabled(extracted is not False)
        self.soft.setEnabled(extracted is not False)

    def _show_note(self) -> None:
        settings = self._settings
        if self._extracted is None:
            text = ""
        elif self._done:
            text = self._done
        elif self._extracted:
            text = self.tr("Lines are extracted from the picture's colors.")
        elif (settings.levels, settings.despeckle) != ((0, 255), 0):
            text = self.tr("Your ink is cleaned by levels and specks; thickness is for the lines of the references.")
        else:
            text = self.tr("Your ink stays as it is; thickness is for the lines read from the references.")
        self.note.setText(text)
        self.note.setToolTip(plain_tip(text))  # long ones are cut on a low screen

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        thickness = QHBoxLayout()
        thickness.setSpacing(8)
        thickness.addWidget(self.slider, 1)
        thickness.addWidget(self.spin)
        edges = QHBoxLayout()
        edges.setSpacing(14)
        edges.addWidget(self.sharp)
        edges.addWidget(self.soft)
        edges.addStretch()
        for row, (text, item) in enumerate(
            (
                (self.tr("&Lines"), self.mode),
                (self.tr("&Thickness"), thickness),
                (self.tr("Edges"), edges),
                (self.tr("&Black level"), self.black),
                (self.tr("&White level"), self.white),
                (self.tr("S&pecks up to"), self.despeckle),
            )
        ):
            label = QLabel(text, self)
            grid.addWidget(label, row, 0)
            if isinstance(item, QWidget):
                label.setBuddy(item)
                grid.addWidget(item, row, 1)
            else:
                grid.addLayout(item, row, 1)
                if item is thickness:
                    label.setBuddy(self.slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addWidget(self.note)
        layout.addStretch()

    def _slid(self, value: int) -> None:
        with QSignalBlocker(self.spin):
            self.spin.setValue(value / STEPS)
        self._edited()

    def _spun(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(value * STEPS))
        self._edited()

    def _edited(self) -> None:
        mode: LineMode = self.mode.currentData()
        black, white = self.black.value(), self.white.value()
        if black >= white:  # the one that was not moved gives way to the one that was
            black, white = (black, black + 1) if black != self._settings.levels[0] else (white - 1, white)
            self.black.show_value(black)
            self.white.show_value(white)
        settings = replace(
            self._settings,
            lines=mode,
            sigma=self.slider.value() / STEPS,
            soft=self.soft.isChecked(),
            levels=(black, white),
            despeckle=self.despeckle.value(),
        )
        if settings != self._settings:
            self._settings = settings
            self._show_note()
            self.changed.emit(settings)


class _Note(QLabel):
    """Has room for its longest sentence, so that nothing jumps when it appears, and less where the screen is low."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMinimumHeight(self.fontMetrics().lineSpacing())

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, NOTE_LINES * self.fontMetrics().lineSpacing()))

"""The finish panel: flat colors or the guess, the palette's lock, the surface, shading, gaps to close."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from engine.options import GAP_MAX, FinishOptions


class FinishPanel(QWidget):
    """Shows and changes `FinishOptions`."""

    changed = Signal(object)  # FinishOptions

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = FinishOptions()
        self._used_gap: int | None = None
        self.flats = QCheckBox(self.tr("Flat&s"), self)
        self.locked = QCheckBox(self.tr("Loc&k to palette"), self)
        self.shading = QComboBox(self)
        for mode, text in (("off", self.tr("Off")), ("soft", self.tr("Soft")), ("cel", self.tr("Cel"))):
            self.shading.addItem(text, mode)
        self.shading.setAccessibleName(self.tr("Shading"))
        self.surface = QComboBox(self)
        for kind, text in (
            ("auto", self.tr("As the references")),
            ("flat", self.tr("Even")),
            ("soft", self.tr("Soft")),
        ):
            self.surface.addItem(text, kind)
        self.surface.setAccessibleName(self.tr("Surface"))
        self.bases = QCheckBox(self.tr("&Bases"), self)
        self.gap = QSpinBox(self)
        self.gap.setRange(0, GAP_MAX)
        self.gap.setSuffix(self.tr(" px"))
        self.gap.setKeyboardTracking(False)
        self.gap.setAccessibleName(self.tr("Gap to close, in pixels"))
        self.automatic = QCheckBox(self.tr("Auto&matic"), self)
        self._lay_out()
        self.show_settings(self._settings)
        self.flats.toggled.connect(self._edited)
        self.locked.toggled.connect(self._edited)
        self.shading.currentIndexChanged.connect(self._edited)
        self.surface.currentIndexChanged.connect(self._edited)
        self.bases.toggled.connect(self._edited)
        self.automatic.toggled.connect(self._edited)
        self.gap.valueChanged.connect(self._edited)

    def show_settings(self, settings: FinishOptions) -> None:
        """Show these, without a signal."""
        self._settings = settings
        widgets = (self.flats, self.locked, self.shading, self.bases, self.surface, self.gap, self.automatic)
        blockers = [QSignalBlocker(widget) for widget in widgets]
        self.flats.setChecked(settings.flats)
        self.locked.setChecked(settings.locked)
        self.shading.setCurrentIndex(self.shading.findData(settings.shading))
        self.surface.setCurrentIndex(self.surface.findData(settings.surface))
        self.bases.setChecked(settings.shadows == "base")
        self.automatic.setChecked(settings.gap is None)
        self._show_gap()
        del blockers
        self._enable()

    def show_used_gap(self, gap: int | None) -> None:
        """Show which gap was used, which matters where it is chosen automatically; None: not known yet."""
        self._used_gap = gap
        with QSignalBlocker(self.gap):
            self._show_gap()

    def _show_gap(self) -> None:
        shown = self._settings.gap if self._settings.gap is not None else self._used_gap
        # A dash below zero, until it is known what "automatic" comes to.
        self.gap.setMinimum(0 if shown is not None else -1)
        self.gap.setSpecialValueText("" if shown is not None else "–")
        self.gap.setValue(-1 if shown is None else shown)

    def _enable(self) -> None:
        """Grey out what has no effect, and say why."""
        flats, automatic = self._settings.flats, self._settings.gap is None
        needs_flats = self.tr("Needs flats: switch them on first.")
        self.flats.setToolTip(self.tr("One color for each region between the lines, else the network's guess as it is"))
        for widget, tip in (
            (self.locked, self.tr("Every region takes a swatch of the palette")),
            (self.shading, self.tr("Lay the light and shade of the guess over the flats: in soft tones, or in one")),
            (
                self.bases,
                self.tr(
                    "A material has one color: its shadows in the references become its base, and are laid over it "
                    "where shading is on"
                ),
            ),
            (self.automatic, self.tr("Choose the gap from the drawing's line width and size")),
            (self.gap, self.tr("Openings in the lines narrower than this are taken as closed")),
        ):
            widget.setEnabled(flats)
            widget.setToolTip(tip if flats else needs_flats)
        locked = self._settings.locked
        tip = self.tr("Needs a locked palette: switch that on first.")
        if locked:
            tip = self.tr("One even color a region, or color that moves in it as the guess does")
        self.surface.setEnabled(flats and locked)
        self.surface.setToolTip(tip if flats else needs_flats)
        if flats and automatic:
            self.gap.setEnabled(False)
            self.gap.setToolTip(self.tr("Chosen automatically: switch that off to set it."))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        checks = QHBoxLayout()
        checks.setSpacing(14)
        checks.addWidget(self.flats)
        checks.addWidget(self.locked)
        checks.addStretch()
        gaps = QHBoxLayout()
        gaps.setSpacing(14)
        gaps.addWidget(self.gap)
        gaps.addWidget(self.automatic)
        gaps.addStretch()
        grid.addLayout(checks, 0, 0, 1, 2)
        shades = QHBoxLayout()
        shades.setSpacing(14)
        shades.addWidget(self.shading, 1)
        shades.addWidget(self.bases)
        rows = ((self.tr("S&urface"), self.surface), (self.tr("Sha&ding"), self.shading), (self.tr("&Gap"), self.gap))
        for row, (text, widget) in enumerate(rows, 1):
            label = QLabel(text, self)
            label.setBuddy(widget)
            grid.addWidget(label, row, 0)
        grid.addWidget(self.surface, 1, 1)
        grid.addLayout(shades, 2, 1)
        grid.addLayout(gaps, 3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 10)
        layout.addLayout(grid)
        layout.addStretch()

    def _edited(self) -> None:
        settings = replace(
            self._settings,
            flats=self.flats.isChecked(),
            locked=self.locked.isChecked(),
            shading=self.shading.currentData(),
            surface=self.surface.currentData(),
            shadows="base" if self.bases.isChecked() else "own",
            gap=None if self.automatic.isChecked() else max(self.gap.value(), 0),
        )
        if settings != self._settings:
            self.show_settings(settings)
            self.changed.emit(settings)

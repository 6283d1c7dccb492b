"""How an engine that paints in steps is told to: mode, steps, guidance, seed; only what the chosen engine heeds is
shown."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QWidget,
)

from app.language import engine_words, numbers
from app.panels.number_box import NumberBox
from engine.diffusion import modes
from engine.options import GUIDANCE_MAX, SKETCH_GUIDANCE_MAX, STEPS_MAX, PaintingMode, Sampling

SEED_SHOWN = 2**31 - 1  # the largest that a box of Qt takes; a larger one stays while nobody touches it
_NARROWEST = 60  # logical pixels of a box
_ROWS = ("mode", "seed", "steps", "guidance", "sketch_guidance", "strength")


class SamplingControls(QWidget):
    """Shows and changes `Sampling`."""

    changed = Signal(object)  # Sampling
    again_asked = Signal(int)  # paint once more, with this seed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sampling = Sampling()
        self.mode, self.when = QComboBox(self), QLabel(self)
        self.steps, self.seed = QSpinBox(self), QSpinBox(self)
        self.guidance, self.sketch_guidance = NumberBox(self), NumberBox(self)
        self.strength = QSlider(Qt.Orientation.Horizontal, self)
        self.dice, self.again = QPushButton(self.tr("Dice"), self), QPushButton(self.tr("A&gain"), self)
        self._build_mode()
        self._build_numbers()
        self._lay_out()
        self.show_heeded(())
        self.show_sampling(self._sampling)
        self.mode.currentIndexChanged.connect(self._edited)
        for box in (self.seed, self.steps, self.guidance, self.sketch_guidance, self.strength):
            box.valueChanged.connect(self._edited)
        self.dice.clicked.connect(lambda: self.seed.setValue(_thrown()))
        self.again.clicked.connect(lambda: self.again_asked.emit(_thrown()))

    def _build_mode(self) -> None:
        for mode in get_args(PaintingMode):
            self.mode.addItem(engine_words.said(modes.NAMES[mode]), mode)
            index = self.mode.count() - 1
            self.mode.setItemData(index, engine_words.said(modes.WHEN[mode]), Qt.ItemDataRole.ToolTipRole)
        self.mode.setToolTip(self.tr("Which parts of the references the figure and the background look at"))
        self.when.setObjectName("mutedText")
        self.when.setWordWrap(True)
        self.when.setTextFormat(Qt.TextFormat.PlainText)

    def _build_numbers(self) -> None:
        self.seed.setRange(0, SEED_SHOWN)
        self.seed.setToolTip(self.tr("Another number, another picture; the same number, the same one"))
        self.dice.setToolTip(self.tr("Throw another seed"))
        self.again.setToolTip(self.tr("Paint once more, with another seed; undo brings this picture back"))
        # The least value stands for "as the model has it".
        self.steps.setRange(0, STEPS_MAX)
        self.steps.setToolTip(self.tr("How many steps the picture is painted in"))
        for box, most in ((self.guidance, GUIDANCE_MAX), (self.sketch_guidance, SKETCH_GUIDANCE_MAX)):
            box.setRange(0.5, most)
            box.setSingleStep(0.5)
        self.guidance.setToolTip(self.tr("How strictly the references are kept"))
        self.sketch_guidance.setToolTip(self.tr("How strictly the lines are kept"))
        self.strength.setRange(0, 100)
        self.strength.setPageStep(10)
        self.strength.setToolTip(self.tr("How far the references are heeded"))
        for box in (self.steps, self.guidance, self.sketch_guidance):
            box.setSpecialValueText(self.tr("as the model has it"))
        for box in (self.seed, self.steps, self.guidance, self.sketch_guidance):
            box.setKeyboardTracking(False)

    def _lay_out(self) -> None:
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._seed_row = QWidget(self)
        beside = QHBoxLayout(self._seed_row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(6)
        beside.addWidget(self.seed, 1)
        beside.addWidget(self.dice)
        texts = {
            "mode": self.tr("&Mode"),
            "steps": self.tr("S&teps"),
            "guidance": self.tr("&Guidance"),
            "sketch_guidance": self.tr("&Line guidance"),
            "strength": self.tr("Strengt&h"),
            "seed": self.tr("See&d"),
        }
        for name in _ROWS:
            box = getattr(self, name)
            box.setAccessibleName(texts[name].replace("&", ""))
            label = QLabel(texts[name], self)
            label.setBuddy(box)
            self._form.addRow(label, self._seed_row if name == "seed" else box)
            if name == "mode":
                self._form.addRow(self.when)
            elif name == "seed":
                self._form.addRow(self.again)
            # A narrow panel cuts off words of a box rather than the box.
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.setMinimumWidth(_NARROWEST)

    def show_heeded(self, heeded: Collection[str]) -> None:
        """Show the controls of these fields of `Sampling`, see `Abilities.sampling`."""
        for name in _ROWS:
            row = self._seed_row if name == "seed" else getattr(self, name)
            self._form.setRowVisible(row, name in heeded)
        self._form.setRowVisible(self.when, "mode" in heeded)
        self._form.setRowVisible(self.again, "seed" in heeded)
        self.setVisible(bool(heeded))

    def show_sampling(self, sampling: Sampling) -> None:
        """Show this, without a signal."""
        self._sampling = sampling
        blockers = [QSignalBlocker(getattr(self, name)) for name in _ROWS]
        self.mode.setCurrentIndex(self.mode.findData(sampling.mode))
        self.when.setText(engine_words.said(modes.WHEN[sampling.mode]))
        self.seed.setValue(min(sampling.seed, SEED_SHOWN))
        self.steps.setValue(sampling.steps or 0)
        for box, value in ((self.guidance, sampling.guidance), (self.sketch_guidance, sampling.sketch_guidance)):
            box.setValue(box.minimum() if value is None else value)
        self.strength.setValue(round(100 * sampling.strength))
        self.strength.setAccessibleDescription(numbers.percent(sampling.strength))
        del blockers

    def _edited(self) -> None:
        seed = self.seed.value()
        if seed == SEED_SHOWN <= self._sampling.seed:
            seed = self._sampling.seed
        strength = self.strength.value() / 100
        if self.strength.value() == round(100 * self._sampling.strength):
            strength = self._sampling.strength
        guidance, lines = (None if box.value() < 1.0 else box.value() for box in (self.guidance, self.sketch_guidance))
        sampling = replace(
            self._sampling,
            seed=seed,
            steps=self.steps.value() or None,
            guidance=guidance,
            mode=self.mode.currentData(),
            sketch_guidance=lines,
            strength=strength,
        )
        if sampling != self._sampling:
            self.show_sampling(sampling)
            self.changed.emit(sampling)


def _thrown() -> int:
    return random.randrange(SEED_SHOWN)

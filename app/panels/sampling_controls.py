"""What an engine that paints in steps is told: seed, steps, guidance; only what the chosen engine heeds is shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QSpinBox, QWidget

from app.panels.number_box import NumberBox
from engine.options import GUIDANCE_MAX, STEPS_MAX, Sampling

SEED_SHOWN = 2**31 - 1  # the largest that a box of Qt takes; a larger one stays while nobody touches it


class SamplingControls(QWidget):
    """Shows and changes `Sampling`."""

    changed = Signal(object)  # Sampling

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sampling = Sampling()
        self.seed, self.steps, self.guidance = QSpinBox(self), QSpinBox(self), NumberBox(self)
        self.seed.setRange(0, SEED_SHOWN)
        self.seed.setToolTip(self.tr("Another number, another picture; the same number, the same one"))
        # The least value stands for "as the model has it".
        self.steps.setRange(0, STEPS_MAX)
        self.steps.setToolTip(self.tr("How many steps the picture is painted in"))
        self.guidance.setRange(-0.5, GUIDANCE_MAX)
        self.guidance.setSingleStep(0.5)
        self.guidance.setToolTip(self.tr("How strictly lines and references are kept"))
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        rows = (
            (self.tr("See&d"), self.seed),
            (self.tr("S&teps"), self.steps),
            (self.tr("&Guidance"), self.guidance),
        )
        for text, box in rows:
            box.setKeyboardTracking(False)
            box.setAccessibleName(text.replace("&", ""))
            box.valueChanged.connect(self._edited)
            self._form.addRow(text, box)
        for box in (self.steps, self.guidance):
            box.setSpecialValueText(self.tr("as the model has it"))
        self.show_heeded(())
        self.show_sampling(self._sampling)

    def show_heeded(self, heeded: Collection[str]) -> None:
        """Show the controls of these fields of `Sampling`, see `Abilities.sampling`."""
        for name in ("seed", "steps", "guidance"):
            self._form.setRowVisible(getattr(self, name), name in heeded)
        self.setVisible(bool(heeded))

    def show_sampling(self, sampling: Sampling) -> None:
        """Show this, without a signal."""
        self._sampling = sampling
        blockers = [QSignalBlocker(box) for box in (self.seed, self.steps, self.guidance)]
        self.seed.setValue(min(sampling.seed, SEED_SHOWN))
        self.steps.setValue(sampling.steps or 0)
        self.guidance.setValue(self.guidance.minimum() if sampling.guidance is None else sampling.guidance)
        del blockers

    def _edited(self) -> None:
        seed, guidance = self.seed.value(), self.guidance.value()
        if seed == SEED_SHOWN <= self._sampling.seed:
            seed = self._sampling.seed
        sampling = replace(
            self._sampling, seed=seed, steps=self.steps.value() or None, guidance=None if guidance < 0.0 else guidance
        )
        if sampling != self._sampling:
            self.show_sampling(sampling)
            self.changed.emit(sampling)

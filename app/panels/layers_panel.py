"""The layers panel: which layers of the coloring are seen on the canvas."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.document.parts import LayerChoice


class LayersPanel(QWidget):
    """Shows and changes a `LayerChoice`."""

    changed = Signal(object)  # LayerChoice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {
            "lines": QCheckBox(self.tr("Line art"), self),
            "shading": QCheckBox(self.tr("Shading"), self),
            "colors": QCheckBox(self.tr("Colors"), self),
            "paper": QCheckBox(self.tr("Paper"), self),
        }
        tips = {
            "lines": self.tr("Show the lines over the colors"),
            "shading": self.tr("Show light and shade over the colors"),
            "colors": self.tr("Show the flat colors, or the guess where there are none"),
            "paper": self.tr("Show white paper under the colors; a checkerboard stands for nothing"),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 10)
        layout.setSpacing(6)
        for name, box in self.boxes.items():
            box.setToolTip(tips[name])
            box.setChecked(True)
            box.toggled.connect(self._edited)
            layout.addWidget(box)
        note = QLabel(
            self.tr("Layers hidden here are hidden in layered files too; flat pictures have all of them."), self
        )
        note.setObjectName("mutedText")
        note.setWordWrap(True)
        note.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
        layout.addWidget(note)
        layout.addStretch()

    @property
    def choice(self) -> LayerChoice:
        """What is seen."""
        return LayerChoice(**{name: box.isChecked() for name, box in self.boxes.items()})

    def kept(self) -> LayerChoice:
        return self.choice

    def keep(self, value: LayerChoice) -> None:
        for name, box in self.boxes.items():
            box.setChecked(getattr(value, name))

    def _edited(self) -> None:
        self.changed.emit(self.choice)

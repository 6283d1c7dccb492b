"""The model chooser: which model colors, what it is good for, its license."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.language import engine_words
from app.panels.sampling_controls import SamplingControls

if TYPE_CHECKING:
    from engine.colorizer import Abilities


class ModelCard(Protocol):
    """What is shown of a model; `engine.model_catalog.ModelEntry` is one."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def licence(self) -> str: ...
    @property
    def problem(self) -> str: ...
    @property
    def abilities(self) -> Abilities: ...


class ModelPanel(QWidget):
    """A combo box, the card of the chosen model, and the button that colors."""

    chosen = Signal(str)  # the model's name

    def __init__(
        self, color: QAction, auto_color: QAction, adapt: QAction, models: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._models: list[ModelCard] = []
        self.combo = QComboBox(self)
        self.combo.setAccessibleName(self.tr("Model"))
        self.combo.setToolTip(self.tr("The model that colors"))
        self.combo.currentIndexChanged.connect(self._changed)
        self.card = QLabel(self)
        self.card.setObjectName("mutedText")
        self.card.setWordWrap(True)
        self.card.setTextFormat(Qt.TextFormat.PlainText)
        self.card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problem_sentence = ""
        self.problem = QLabel(self)
        self.problem.setObjectName("problemText")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.sampling = SamplingControls(self)
        self._scroll = _scrolled(self.sampling, self)
        self._scroll.hide()
        self.auto = QCheckBox(auto_color.text(), self)
        self.auto.setToolTip(auto_color.toolTip())
        self.auto.setChecked(auto_color.isChecked())
        self.auto.toggled.connect(auto_color.setChecked)
        auto_color.toggled.connect(self.auto.setChecked)
        self.button = QPushButton(self.tr("Color"), self)
        self.button.setProperty("accent", True)
        self.button.setToolTip(color.toolTip())
        self.button.clicked.connect(color.trigger)
        color.enabledChanged.connect(self.button.setEnabled)
        color.changed.connect(lambda: self.button.setToolTip(color.toolTip()))
        self.button.setEnabled(color.isEnabled())
        self.adapt = _button_of(adapt, self.tr("Adapt to references"), self)
        self.models = _button_of(models, self.tr("Models…"), self)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.adapt, 1)
        below.addWidget(self.models)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 10)
        layout.setSpacing(8)
        for widget in (self.combo, self.card, self.problem):
            layout.addWidget(widget)
        layout.addLayout(below)
        layout.addWidget(self._scroll, 100)
        layout.addStretch(1)
        layout.addWidget(self.auto)
        layout.addWidget(self.button)
        for one, other in pairwise((self.combo, self.adapt, self.models, self.auto, self.button)):
            self.setTabOrder(one, other)

    def show_models(self, models: Sequence[ModelCard], chosen: str | None) -> None:
        """List the models; `chosen` is selected, or the first where there is no such."""
        self._models = list(models)
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for model in self._models:
                unusable = self.tr("{0} (cannot be used)").format(model.name)
                self.combo.addItem(unusable if model.problem else model.title)
            names = [model.name for model in self._models]
            if names:
                self.combo.setCurrentIndex(names.index(chosen) if chosen in names else 0)
        self.combo.setEnabled(bool(self._models))
        self._show_card()

    def show_problem(self, sentence: str) -> None:
        """Say why nothing can be colored; empty: all is well."""
        self.problem_sentence = sentence
        self.problem.setText(engine_words.said(sentence))
        self.problem.setVisible(bool(sentence))

    def kept(self) -> str:
        """Why nothing can be colored."""
        return self.problem_sentence

    def keep(self, value: str) -> None:
        self.show_problem(value)

    def _changed(self, index: int) -> None:
        self._show_card()
        if 0 <= index < len(self._models):
            self.chosen.emit(self._models[index].name)

    def _show_card(self) -> None:
        index = self.combo.currentIndex()
        known = 0 <= index < len(self._models)
        heeded = self._models[index].abilities.sampling if known else ()
        self.sampling.show_heeded(heeded)
        self._scroll.setVisible(bool(heeded))
        if not 0 <= index < len(self._models):
            self.card.setText(self.tr("No model is installed."))
            return
        model = self._models[index]
        licence = self.tr("License: {0}").format(model.licence) if model.licence else ""
        self.card.setText(
            "\n".join(part for part in (engine_words.said(model.problem or model.description), licence) if part)
        )


def _scrolled(widget: QWidget, parent: QWidget) -> QScrollArea:
    """A widget that is scrolled where the window is low, and not squeezed."""
    scroll = QScrollArea(parent)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(widget)
    return scroll


def _button_of(action: QAction, text: str, parent: QWidget) -> QPushButton:
    """A button that does what the action does, and says why where it cannot be done."""
    button = QPushButton(text, parent)
    button.setToolTip(action.toolTip())
    button.setEnabled(action.isEnabled())
    button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    action.changed.connect(lambda: button.setToolTip(action.toolTip()))
    return button

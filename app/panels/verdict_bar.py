"""The bar above the canvas that tells how an adaptation came out. It waits; nothing is blocked by it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class VerdictBar(QWidget):
    """A sentence, and what can be done about it."""

    answered = Signal(str)  # "back", "use", "install", "details" or "close"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        self.buttons: dict[str, QPushButton] = {}
        for answer, label, tip in (
            ("back", self.tr("&Go back"), self.tr("Color this project with the model of before")),
            ("use", self.tr("&Use it"), self.tr("Color this project with the adapted model")),
            ("install", self.tr("&Install anyway"), self.tr("Use the adapted model although it is no better")),
            ("details", self.tr("&Details…"), self.tr("Scores and pictures side by side")),
            ("close", self.tr("&OK"), self.tr("Close this bar")),
        ):
            button = QPushButton(label, self)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, chosen=answer: self.answered.emit(chosen))
            layout.addWidget(button)
            self.buttons[answer] = button
        self.hide()

    def show_verdict(self, sentence: str, answer: str) -> None:
        """Tell it. answer: what can be done about the model, "back", "use" or "install"."""
        self.text.setText(sentence)
        for name in ("back", "use", "install"):
            self.buttons[name].setVisible(name == answer)
        self.show()

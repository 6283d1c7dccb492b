"""The bar above the canvas that asks what a color picture is to be. It waits; nothing is blocked by it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget


class OfferBar(QWidget):
    """A sentence and three answers."""

    answered = Signal(str)  # "extract", "ink" or "reference"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        text = QLabel(self.tr("This looks like a color picture. Extract its lines?"), self)
        text.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(text, 1)
        self.buttons: dict[str, QPushButton] = {}
        for answer, label, tip in (
            (
                "extract",
                self.tr("E&xtract lines"),
                self.tr("Draw lines where the colors meet; the thickness can be set"),
            ),
            ("ink", self.tr("Use as li&ne art"), self.tr("Take the picture's dark parts as the ink")),
            ("reference", self.tr("Use as &reference"), self.tr("Take colors from it instead")),
        ):
            button = QPushButton(label, self)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, chosen=answer: self.answered.emit(chosen))
            layout.addWidget(button)
            self.buttons[answer] = button
        self.buttons["extract"].setProperty("accent", True)
        self.hide()

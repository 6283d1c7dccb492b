"""The bar above the canvas that asks what a color picture is to be. It waits; nothing is blocked by it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

_CHOICES = ("extract", "ink", "reference")  # of a color picture
_SWAP, _LEAVE = "swap", "leave"


class OfferBar(QWidget):
    """A sentence and its answers."""

    answered = Signal(str)  # "extract", "ink", "reference", "swap" or "leave"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offerBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QLabel(self)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 12, 7)
        layout.setSpacing(8)
        layout.addWidget(self.text, 1)
        self.buttons: dict[str, QPushButton] = {}
        for answer, label, tip in (
            (_SWAP, self.tr("&Swap them"), self.tr("The reference becomes the drawing, the drawing a reference")),
            (
                "extract",
                self.tr("E&xtract lines"),
                self.tr("Draw lines where the colors meet; the thickness can be set"),
            ),
            ("ink", self.tr("Use as li&ne art"), self.tr("Take the picture's dark parts as the ink")),
            ("reference", self.tr("Use as &reference"), self.tr("Take colors from it instead")),
            (_LEAVE, self.tr("&Leave them"), self.tr("They are what they are meant to be")),
        ):
            button = QPushButton(label, self)
            button.setToolTip(tip)
            button.clicked.connect(lambda _checked=False, chosen=answer: self.answered.emit(chosen))
            layout.addWidget(button)
            self.buttons[answer] = button
        self.show_offer(is_color=False, swap="")

    def show_offer(self, *, is_color: bool, swap: str) -> None:
        """is_color: whether a color picture is to be something. swap: the name of a reference that looks like line art,
        empty for none. With neither there is no bar."""
        if swap:
            told = self.tr("The drawing looks like a color picture, and {0} like line art. Are they swapped?").format(
                swap
            )
        else:
            told = self.tr("This looks like a color picture. Extract its lines?")
        self.text.setText(told)
        for answer, button in self.buttons.items():
            is_offered = is_color if answer in _CHOICES else bool(swap) and (answer == _SWAP or not is_color)
            button.setVisible(is_offered)
            button.setProperty("accent", answer == (_SWAP if swap else "extract"))
            button.style().unpolish(button)
            button.style().polish(button)
        self.setVisible(is_color or bool(swap))

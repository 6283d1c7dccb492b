"""Asks before something would be lost. Sheets that nobody waits for: the answer comes by a signal."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

_ROLES = {
    "accept": QMessageBox.ButtonRole.AcceptRole,
    "destroy": QMessageBox.ButtonRole.DestructiveRole,
    "reject": QMessageBox.ButtonRole.RejectRole,
}


class QuestionDialog(QMessageBox):
    """A sentence, what follows from it, and buttons."""

    answered = Signal(str)  # the role of the button: "accept", "destroy" or "reject", which Esc is too

    def __init__(self, parent: QWidget | None, sentence: str, more: str, buttons: Sequence[tuple[str, str]]) -> None:
        """buttons: role and text; the first is the default."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(sentence)
        self.setInformativeText(more)
        self.choices: dict[str, QPushButton] = {}
        for role, text in buttons:
            self.choices[role] = self.addButton(text, _ROLES[role])
        self.setDefaultButton(self.choices[buttons[0][0]])
        if "reject" in self.choices:
            self.setEscapeButton(self.choices["reject"])
        self.finished.connect(self._answer)

    def _answer(self) -> None:
        clicked = self.clickedButton()
        role = next((role for role, button in self.choices.items() if button is clicked), "reject")
        self.answered.emit(role)

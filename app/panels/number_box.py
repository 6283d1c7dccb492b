"""A number as a person's keyboard writes it: with a comma or a point, whatever the language of the window."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox


class NumberBox(QDoubleSpinBox):
    """A box for decimal numbers. It has no thousands, so that both signs can only mean the decimal one."""

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """See Qt."""
        return super().validate(self._own(text), position)

    def valueFromText(self, text: str) -> float:
        """See Qt."""
        return super().valueFromText(self._own(text))

    def fixup(self, text: str) -> str:
        """See Qt."""
        return super().fixup(self._own(text))

    def _own(self, text: str) -> str:
        """With the decimal sign of the box's own language."""
        sign = self.locale().decimalPoint()
        return text.replace(",", sign).replace(".", sign)

"""A small flat button of a panel for an action of the table."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget


def action_button(action: QAction, icon_size: int, parent: QWidget) -> QToolButton:
    """icon_size: logical pixels. Its name for those who cannot see it is the action's text, without marks."""
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setAutoRaise(True)
    button.setIconSize(QSize(icon_size, icon_size))
    button.setAccessibleName(action.text().replace("&", "").rstrip("…"))
    return button

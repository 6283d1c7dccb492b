"""Windows that are open already, brought before the others."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def to_front(window: QWidget) -> None:
    """Show a window before all others and give it the keyboard; also one that was made small."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()

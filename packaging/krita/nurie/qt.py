"""The Qt that this Krita brings: 6 from Krita 6 on, 5 before."""

# pyright: reportMissingImports=false
try:
    from PyQt6 import QtCore, QtGui, QtWidgets
except ImportError:
    from PyQt5 import QtCore, QtGui, QtWidgets  # type: ignore[no-redef]

__all__ = ["QtCore", "QtGui", "QtWidgets"]

"""About Nurie."""

import platform

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

import engine
from app.style import icons


class AboutDialog(QDialog):
    """Name, version, license, and that nothing leaves the computer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About Nurie"))
        icon = QLabel(self)
        icon.setPixmap(icons.program().pixmap(72, 72))
        text = QLabel(
            self.tr(
                "<h3>Nurie {version}</h3>"
                "<p>Colors line art like your reference pictures, on your own computer.<br>"
                "No picture leaves it.</p>"
                "<p>Nurie is free software under the Apache License 2.0.<br>"
                "Each model has a license of its own, shown beside its name.</p>"
                "<p>Python {python} · Qt for Python {qt}</p>"
            ).format(version=engine.__version__, python=platform.python_version(), qt=PySide6.__version__),
            self,
        )
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(text, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 14)
        layout.setSpacing(14)
        layout.addLayout(top)
        layout.addWidget(buttons)

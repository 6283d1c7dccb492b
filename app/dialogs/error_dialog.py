"""Says what went wrong. A window-modal sheet that nobody waits for: the program runs on behind it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from app.language import engine_words


class ErrorDialog(QDialog):
    """A sentence; for our own bugs also the details, and a button to copy them."""

    def __init__(self, parent: QWidget | None, sentence: str, details: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(QCoreApplication.applicationName())
        self.label = QLabel(sentence, self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setMinimumWidth(380)
        icon = QLabel(self)
        style = self.style()
        icon.setPixmap(style.standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning).pixmap(32, 32))
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.label, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(14)
        layout.addLayout(top)
        self.details = QPlainTextEdit(details, self)
        self.details.setReadOnly(True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setMinimumSize(560, 220)
        self.details.setAccessibleName(self.tr("Details"))
        self.details.setVisible(bool(details))
        layout.addWidget(self.details)
        self.copy_button = QPushButton(self.tr("&Copy details"), self)
        self.copy_button.clicked.connect(self._copy)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setVisible(bool(details))  # adding a button shows it
        layout.addWidget(buttons)
        self.copy_button.setAutoDefault(False)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()

    def add(self, sentence: str, details: str = "") -> None:
        """Something else went wrong while this stands open."""
        if sentence not in self.label.text():
            self.label.setText(f"{self.label.text()}\n\n{sentence}")
        if details:
            self.details.appendPlainText(details)
            self.details.show()
            self.copy_button.show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.label.text()}\n\n{self.details.toPlainText()}")


def show_error(parent: QWidget | None, sentence: str, details: str = "") -> ErrorDialog:
    """Show an error; one dialog collects those that come while it is open."""
    sentence = engine_words.said(sentence)
    for dialog in parent.findChildren(ErrorDialog) if parent else []:
        if dialog.isVisible():
            dialog.add(sentence, details)
            return dialog
    dialog = ErrorDialog(parent, sentence, details)
    dialog.open()
    return dialog

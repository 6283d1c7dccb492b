"""The history panel: all steps, those that were taken back in gray. Choosing one goes there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from app.style.plain_text import plain_tip
from app.style.theme import Theme

ROW = 24


class HistoryPanel(QWidget):
    """A list with the state before all steps at its head."""

    chosen = Signal(int)  # how many steps are to be done

    def __init__(self, undo: QAction, redo: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.muted = self.palette().placeholderText().color()
        self._shown: tuple[tuple[str, ...], int] = ((), 0)
        self.list = QListWidget(self)
        self.list.setObjectName("historyList")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(3 * ROW)
        self.list.setAccessibleName(self.tr("History"))
        self.list.setAccessibleDescription(
            self.tr("The steps that were taken, the last at the end. Choosing one goes there.")
        )
        self.list.currentRowChanged.connect(self._choose)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for action in (undo, redo):
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 6)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)

    def show_steps(self, texts: Sequence[str], done: int) -> None:
        """Show these steps, of which the first `done` are done and the others were taken back."""
        wanted = tuple(texts), done
        if wanted == self._shown and self.list.count():
            return
        self._shown = wanted
        rows = [self.tr("Start"), *texts]
        with QSignalBlocker(self.list):
            while self.list.count() > len(rows):
                self.list.takeItem(self.list.count() - 1)
            while self.list.count() < len(rows):
                QListWidgetItem(self.list).setSizeHint(QSize(60, ROW))
            for index, text in enumerate(rows):
                self._fill(self.list.item(index), text, index <= done)
            self.list.setCurrentRow(done)
        self.list.scrollToItem(self.list.item(done))

    def set_theme(self, theme: Theme) -> None:
        self.muted = theme.color("muted")
        texts, done = self._shown
        self._shown = ((), -1)
        self.show_steps(texts, done)

    def _fill(self, item: QListWidgetItem, text: str, is_done: bool) -> None:
        item.setText(text)
        words = text if is_done else self.tr("{0} (taken back)").format(text)
        item.setToolTip(plain_tip(words))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setData(Qt.ItemDataRole.ForegroundRole, None if is_done else self.muted)
        font = self.list.font()
        font.setItalic(not is_done)
        item.setFont(font)

    def _choose(self, row: int) -> None:
        if row >= 0:
            self.chosen.emit(row)

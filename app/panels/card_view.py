"""Markdown as a card: quiet tables, lines that wrap."""

from __future__ import annotations

from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextFrame, QTextFrameFormat, QTextTable
from PySide6.QtWidgets import QTextBrowser, QWidget

MARGIN, CELL_PADDING = 16, 4
BELOW = 7  # pixels under a paragraph


class CardView(QTextBrowser):
    """Links lead nowhere: nothing here goes to the network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(MARGIN)

    def show_card(self, markdown: str) -> None:
        """Show this text."""
        self.setMarkdown(markdown)
        self._space_paragraphs()
        for table in _tables(self.document().rootFrame()):
            self._quiet(table)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _space_paragraphs(self) -> None:
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            style = QTextBlockFormat(block.blockFormat())
            style.setNonBreakableLines(False)  # code is text to read here
            if cursor.currentTable() is None:
                style.setBottomMargin(BELOW)
            cursor.setPosition(block.position())
            cursor.setBlockFormat(style)
            block = block.next()

    def _quiet(self, table: QTextTable) -> None:
        if all(not table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns())):
            table.removeRows(0, 1)  # Markdown has no table without a heading
        style = table.format()
        style.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        style.setBorder(0)
        style.setCellPadding(CELL_PADDING)
        style.setCellSpacing(0)
        style.setBottomMargin(BELOW)
        table.setFormat(style)


def _tables(frame: QTextFrame) -> list[QTextTable]:
    found: list[QTextTable] = []
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            found.append(child)
        found += _tables(child)
    return found

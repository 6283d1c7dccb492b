"""A row of thumbnails: files are dropped on it, its own are put in order by dragging, or dragged out as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QWidget

from app.images import incoming
from app.images.outgoing import DraggedFile
from app.panels.drag_out import drag_out
from app.panels.placeholder_list import PlaceholderList

DATA_ROLE = Qt.ItemDataRole.UserRole


class ThumbnailList(PlaceholderList):
    """Rows have a value under `DATA_ROLE`. Asks for another order by `moved`, and changes nothing itself.

    file_of: what a row is as a file for other programs.
    """

    dropped = Signal(object)  # Incoming
    moved = Signal(list)  # the values of all rows in their new order
    failed = Signal(object)  # why nothing could be dragged out

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.file_of: Callable[[Any], DraggedFile | None] = lambda _value: None
        self._dragged: list[object] = []  # keys of the rows that are dragged
        self._gap: int | None = None  # before which row they would come
        self._drop_here = False
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)  # it knows no place after the last one

    def values(self) -> list:
        """What the rows show, in order."""
        return [self.item(row).data(DATA_ROLE) for row in range(self.count())]

    def key_of(self, value: Any) -> object:
        """What stays the same of a value while it is dragged."""
        return id(value)

    def image_of(self, value: Any) -> QImage:
        """How it looks beside the pointer."""
        raise NotImplementedError

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        """Drag the selected rows. Qt's own way would pickle what they show, and remove rows that were moved."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        if not rows:
            return
        values = self.values()
        self._dragged = [self.key_of(values[row]) for row in rows]
        current = values[max(self.currentRow(), 0)] if self.currentRow() in rows else values[rows[0]]
        mime = self.file_of(current) or DraggedFile("", None, Path)
        problem = drag_out(self, mime, self.image_of(current))
        self._dragged = []
        self._show_gap(None)
        if problem is not None:
            self.failed.emit(problem)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is self:
            super().dragEnterEvent(event)
            _accept(event)
        elif incoming.may_hold_pictures(event.mimeData()):
            _accept(event)
            self._show_drop_here(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.source() is self:
            super().dragMoveEvent(event)  # scrolls at the ends
            self._show_gap(self.row_at(event.position().toPoint()))
        _accept(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_gap(None)
        self._show_drop_here(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_gap(None)
        self._show_drop_here(False)
        _accept(event)
        if event.source() is self:
            self.move_rows(self._dragged, self.row_at(event.position().toPoint()))
            self.stopAutoScroll()
        else:
            self.dropped.emit(incoming.take(event.mimeData(), self.tr("Dropped picture")))

    def row_at(self, place: QPoint) -> int:
        """Before which row something comes that is dropped there."""
        return sum(self.visualItemRect(self.item(row)).center().x() < place.x() for row in range(self.count()))

    def move_current(self, step: int) -> None:
        """Ask for the current row so many places further on."""
        row = self.currentRow()
        if row >= 0 and 0 <= row + step < self.count():
            key = self.key_of(self.values()[row])
            self.move_rows([key], row + step + (step > 0))

    def move_rows(self, keys: list[object], target: int) -> None:
        """Ask for the rows of these keys before the row `target` of now."""
        values = self.values()
        moving = [one for one in values if self.key_of(one) in keys]
        before = [one for one in values[:target] if self.key_of(one) not in keys]
        after = [one for one in values[target:] if self.key_of(one) not in keys]
        order = [*before, *moving, *after]
        if [self.key_of(one) for one in order] != [self.key_of(one) for one in values]:
            self.moved.emit(order)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is None and not self._drop_here:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().highlight().color(), 2.5))
        if self._gap is not None:
            x = self._x_before(self._gap)
            painter.drawLine(x, 4, x, self.viewport().height() - 5)
        if self._drop_here:
            painter.drawRoundedRect(self.viewport().rect().adjusted(2, 2, -2, -2), 5, 5)

    def _x_before(self, row: int) -> int:
        if row < self.count():
            return max(2, self.visualItemRect(self.item(row)).left())
        last: QRect = self.visualItemRect(self.item(self.count() - 1))
        return min(last.right(), self.viewport().width() - 3)

    def _show_gap(self, row: int | None) -> None:
        if row != self._gap:
            self._gap = row
            self.viewport().update()

    def _show_drop_here(self, value: bool) -> None:
        if value != self._drop_here:
            self._drop_here = value
            self.viewport().update()


def _accept(event: QDropEvent) -> None:
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()

"""The frames of a scene side by side; a colored picture dropped on a frame makes it a key frame, with a badge."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from app.images import incoming
from app.images.qt_images import to_qimage
from app.style.plain_text import plain_tip

MOST = 240  # frames shown; of more every n-th
CELL = QSize(116, 104)
_BADGE = 9  # pixels, radius
_FRAME = Qt.ItemDataRole.UserRole


def shown_frames(count: int, keys: Collection[int] = ()) -> tuple[int, ...]:
    """Which frames are shown of so many: all, or every n-th and the keys."""
    step = max(1, -(-count // MOST))
    return tuple(sorted({*range(0, count, step), *(key for key in keys if key < count)}))


class FilmStrip(QListWidget):
    """Says which frame a person wants to see, and which picture was dropped on which frame."""

    frame_wanted = Signal(int)
    key_dropped = Signal(int, str)  # frame, path of a picture

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Frames of the scene"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(CELL.width() - 8, CELL.height() - 28))
        self.setGridSize(CELL)
        self.setFixedHeight(CELL.height() + 24)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setUniformItemSizes(True)
        self._pictures: dict[int, NDArray[np.uint8]] = {}
        self._keys: frozenset[int] = frozenset()
        self.currentItemChanged.connect(self._changed)

    def show_frames(self, numbers: Sequence[int]) -> None:
        """Make room for these frames."""
        self.blockSignals(True)
        self.clear()
        self._pictures = {}
        for number in numbers:
            item = QListWidgetItem(str(number))
            item.setData(_FRAME, number)
            item.setSizeHint(CELL)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            self.addItem(item)
        self.blockSignals(False)

    def show_pictures(self, pictures: Mapping[int, NDArray[np.uint8]]) -> None:
        """The small pictures of frames, h×w×3."""
        self._pictures |= pictures
        self._paint()

    def show_keys(self, keys: Collection[int]) -> None:
        """Which frames are keys."""
        self._keys = frozenset(keys)
        self._paint()

    def show_frame(self, number: int) -> None:
        """Light up the frame that is seen, or the last one before it."""
        rows = [row for row in range(self.count()) if self.item(row).data(_FRAME) <= number]
        self.blockSignals(True)
        self.setCurrentRow(rows[-1] if rows else -1)
        self.blockSignals(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.local_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        event.setAccepted(item is not None)
        if item is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        item, paths = self.itemAt(event.position().toPoint()), incoming.local_files(event.mimeData())
        if item is not None and paths:
            event.acceptProposedAction()
            self.key_dropped.emit(item.data(_FRAME), str(Path(paths[0])))

    def _changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.frame_wanted.emit(item.data(_FRAME))

    def _paint(self) -> None:
        for row in range(self.count()):
            item = self.item(row)
            number = item.data(_FRAME)
            if number not in self._pictures:
                continue
            pixmap = QPixmap.fromImage(to_qimage(self._pictures[number]))
            if number in self._keys:
                painter = QPainter(pixmap)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(QColor("#e8a13c"))
                painter.setPen(QColor("#402000"))
                painter.drawEllipse(3, 3, 2 * _BADGE, 2 * _BADGE)
                painter.drawText(3, 3, 2 * _BADGE, 2 * _BADGE, Qt.AlignmentFlag.AlignCenter, "K")
                painter.end()
            item.setIcon(QIcon(pixmap))
            item.setToolTip(plain_tip(self.tr("Key frame {0}").format(number)) if number in self._keys else "")

"""The drawings of the project: thumbnails with name and state, to choose, drop on, rename, reorder and remove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.panels.action_button import action_button
from app.panels.thumbnail_list import DATA_ROLE, ThumbnailList
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.style.theme import Theme

PageState = Literal["line_art", "busy", "colored", "check", "saved"]
ENTRY_ROLE = DATA_ROLE
MARGIN, TEXT_LINES, WIDTH = 5, 2, 104


@dataclass(frozen=True)
class PageEntry:
    """A drawing as it is listed. image: null while there is nothing to see. text: its state in words."""

    page_id: int
    name: str
    image: QImage
    state: PageState
    text: str

    def looks_like(self, other: PageEntry) -> bool:
        """Whether both are listed alike."""
        return self.image is other.image and vars(self) | {"image": None} == vars(other) | {"image": None}


class DrawingsPanel(QWidget):
    """The list with its buttons. Asks for changes by signals."""

    chosen = Signal(int)  # a page's id
    reordered = Signal(list)  # all ids
    removed = Signal(int)
    renamed = Signal(int, str)
    dropped = Signal(object)  # Incoming

    def __init__(self, buttons: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = _DrawingList(self)
        self.list.dropped.connect(self.dropped)
        self.list.moved.connect(lambda entries: self.reordered.emit([entry.page_id for entry in entries]))
        self.list.remove_asked.connect(self.removed)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemChanged.connect(self._renamed)
        column = QVBoxLayout()
        column.setSpacing(4)
        for action in buttons:
            column.addWidget(action_button(action, 20, self))
        column.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.list)
        layout.addLayout(column)

    def show_entries(self, entries: Sequence[PageEntry], shown: int) -> None:
        """Show these drawings; shown: the id of the one on the canvas."""
        self.list.show_entries(entries, shown)

    def set_theme(self, theme: Theme) -> None:
        self.list.muted = theme.color("muted")
        self.list.accent, self.list.warning = theme.color("accent"), theme.color("error")
        self.list.viewport().update()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(ENTRY_ROLE).page_id)

    def _renamed(self, item: QListWidgetItem) -> None:
        entry: PageEntry = item.data(ENTRY_ROLE)
        name = " ".join(item.text().split())
        if not name:
            with QSignalBlocker(self.list):
                item.setText(entry.name)
        elif name != entry.name:
            self.renamed.emit(entry.page_id, name)


class _DrawingList(ThumbnailList):
    remove_asked = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drawingList")
        self.accent, self.warning = QColor("#3d7eff"), QColor("#c0392b")
        self.empty = self.tr("The drawings of the project are listed here.")
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setItemDelegate(_PageDelegate(self))
        self.setMinimumHeight(96)
        self.setAccessibleName(self.tr("Drawings"))
        self.setAccessibleDescription(
            self.tr("The drawings of the project. F2 renames, Delete removes, Ctrl+Left and Ctrl+Right move one.")
        )

    def entries(self) -> list[PageEntry]:
        return self.values()

    def key_of(self, value: PageEntry) -> int:
        return value.page_id

    def image_of(self, value: PageEntry) -> QImage:
        return value.image

    def show_entries(self, entries: Sequence[PageEntry], shown: int) -> None:
        """Show these; rows that stay are kept, so that neither focus nor scroll position jumps."""
        with QSignalBlocker(self):
            while self.count() > len(entries):
                self.takeItem(self.count() - 1)
            for row, entry in enumerate(entries):
                item = self.item(row)
                if item is None:
                    item = QListWidgetItem(self)
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable & ~Qt.ItemFlag.ItemIsDropEnabled)
                elif item.data(ENTRY_ROLE).looks_like(entry):
                    continue
                self._fill(item, entry)
            row = next((row for row, entry in enumerate(entries) if entry.page_id == shown), -1)
            moved = row != self.currentRow()
            self.setCurrentRow(row)
        if moved and row >= 0:
            self.scrollToItem(self.item(row))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes; Ctrl+Left and Ctrl+Right move the current drawing."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if step is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.move_current(step)
        elif event.key() == Qt.Key.Key_Delete and not is_editing and self.currentItem() is not None:
            self.remove_asked.emit(self.currentItem().data(ENTRY_ROLE).page_id)
        else:
            super().keyPressEvent(event)

    def _fill(self, item: QListWidgetItem, entry: PageEntry) -> None:
        item.setData(ENTRY_ROLE, entry)
        item.setText(entry.name)
        item.setToolTip(
            plain_tip(
                self.tr(
                    "{0}\n{1}\nF2 renames it, Delete removes it, dragging or Ctrl+Left/Right moves it; "
                    "dragged into another program it is a file"
                ).format(entry.name, entry.text)
            )
        )
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.name}, {entry.text}")


class _PageDelegate(QStyledItemDelegate):
    """The picture, and under it name and state."""

    def __init__(self, view: _DrawingList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH, max(60, self._view.viewport().height() - 1))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: PageEntry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect.adjusted(2, 2, -2, -2)  # type: ignore[attr-defined]
        palette, metrics = option.palette, option.fontMetrics  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.highlight())
            painter.drawRoundedRect(rect, 4, 4)
        line = metrics.height()
        room = rect.adjusted(MARGIN, MARGIN, -MARGIN, -TEXT_LINES * line - MARGIN)
        self._paint_image(painter, entry.image, room, palette.mid().color())
        text = palette.highlightedText().color() if selected else palette.text().color()
        place = QRect(rect.left() + 3, room.bottom() + 3, rect.width() - 6, line)
        painter.setPen(text)
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(text if selected else self._color(entry.state))
        state = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place.translated(0, line), Qt.AlignmentFlag.AlignCenter, state)
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        height = editor.sizeHint().height()
        editor.setGeometry(rect.left() + 2, rect.bottom() - height - 2, rect.width() - 4, height)

    def _color(self, state: PageState) -> QColor:
        return {"busy": self._view.accent, "check": self._view.warning}.get(state, self._view.muted)

    def _paint_image(self, painter: QPainter, image: QImage, room: QRect, border: QColor) -> None:
        if image.isNull() or room.width() < 4 or room.height() < 4:
            return
        size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(room.left() + (room.width() - size.width()) // 2, room.top(), size.width(), size.height())
        place.moveTop(room.top() + (room.height() - size.height()) // 2)
        painter.drawImage(place, image)
        painter.setPen(QPen(border, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0, 0, -1, -1))

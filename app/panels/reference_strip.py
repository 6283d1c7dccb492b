"""The reference strip: thumbnails in a row, to drop on, reorder and remove."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QBrush, QIcon, QImage, QKeyEvent, QPainter, QPen, QPixmap, QResizeEvent
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

from app.document.parts import ReferenceItem
from app.language import numbers
from app.panels.action_button import action_button
from app.panels.cast_button import CastButton
from app.panels.thumbnail_list import DATA_ROLE, ThumbnailList
from app.style import icons
from app.style.plain_text import plain_tip
from app.style.theme import Theme

MARGIN = 5
MIN_HEIGHT = 96


class ReferenceStrip(QWidget):
    """The list with its buttons. Shows the references of the document; asks for changes by signals."""

    dropped = Signal(object)  # Incoming
    reordered = Signal(list)  # list[ReferenceItem]

    def __init__(
        self, add: QAction, remove: QAction, sharing: Sequence[QAction] = (), parent: QWidget | None = None
    ) -> None:
        """sharing: actions that say for which drawings references count."""
        super().__init__(parent)
        self.cast = CastButton(sharing, self)
        self.list = _ReferenceList(self)
        self.list.dropped.connect(self.dropped)
        self.list.moved.connect(self.reordered)
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.cast)
        for action in (add, remove):
            buttons.addWidget(action_button(action, 20, self))
        buttons.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.list)
        layout.addLayout(buttons)
        # Delete removes a reference only from here, so that it stays free for the canvas.
        remove.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(remove)

    @property
    def selected(self) -> list[ReferenceItem]:
        """The references that are selected."""
        return [item.data(DATA_ROLE) for item in self.list.selectedItems()]

    def kept(self) -> int:
        """The row that is current."""
        return self.list.currentRow()

    def keep(self, value: int) -> None:
        self.list.setCurrentRow(value)

    def show_items(self, items: Sequence[ReferenceItem]) -> None:
        """Show these references."""
        self.list.show_items(items)

    def show_own(self, items: Sequence[ReferenceItem]) -> None:
        """Mark these: they are for the drawing that is shown alone, the others for all with the same characters."""
        self.list.own = frozenset(map(id, items))
        self.list.viewport().update()

    def show_menu(self, actions: Sequence[QAction]) -> None:
        """What a right click on the references offers."""
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.addActions(list(actions))

    def set_theme(self, theme: Theme) -> None:
        self.cast.setIcon(icons.themed("cast", theme.color("text"), theme.color("disabled")))
        self.list.muted = theme.color("muted")
        self.list.viewport().update()


class _ReferenceList(ThumbnailList):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("referenceList")
        self.own: frozenset[int] = frozenset()
        self.empty = self.tr("Drop color pictures here: a character sheet, a finished page, a photo")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setItemDelegate(_ThumbnailDelegate(self))
        self.setMinimumHeight(MIN_HEIGHT)
        self.setAccessibleName(self.tr("References"))
        self.setAccessibleDescription(
            self.tr("Pictures the colors are taken from. Delete removes, Ctrl+Left and Ctrl+Right move one.")
        )

    def references(self) -> list[ReferenceItem]:
        """The references in the order shown."""
        return self.values()

    def image_of(self, value: ReferenceItem) -> QImage:
        return value.thumbnail

    def show_items(self, items: Sequence[ReferenceItem]) -> None:
        if self.references() == list(items):
            return
        row, count = self.currentRow(), self.count()
        current = self.currentItem().data(DATA_ROLE) if self.currentItem() else None
        blocker = QSignalBlocker(self)  # who hears of the rows may ask for the references, which are others by now
        self.clear()
        for reference in items:
            item = QListWidgetItem()
            item.setData(DATA_ROLE, reference)
            item.setData(Qt.ItemDataRole.DecorationRole, QIcon(QPixmap.fromImage(reference.thumbnail)))
            height, width = reference.reference.pixels.shape[:2]
            told = self.tr(
                "{0}\n{1} × {2} pixels\nDelete removes it, dragging or Ctrl+Left/Right moves it; "
                "dragged into another program it is a file"
            ).format(reference.reference.name, width, height)
            item.setToolTip(plain_tip("\n".join([told, *self._sheet_words(reference)])))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, reference.reference.name)
            self.addItem(item)
            if reference is current:
                self.setCurrentItem(item)
        if self.currentRow() < 0 and row >= 0 and count == len(items):
            self.setCurrentRow(row)  # it was masked or weighed
        del blocker

    def _sheet_words(self, item: ReferenceItem) -> list[str]:
        if not item.figures:
            return []
        if item.reference.whole:
            return [self.tr("A sheet, used as one picture")]
        if item.figures == 1:
            return [self.tr("A sheet: bands, color chips and lettering give no colors")]
        return [self.tr("A sheet: cut into its {0} figures").format(item.figures)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.move_current(step)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()


class _ThumbnailDelegate(QStyledItemDelegate):
    """A thumbnail as high as the strip, framed when selected."""

    def __init__(self, view: _ReferenceList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        height = self._view.viewport().height() - 2
        picture = index.data(DATA_ROLE).thumbnail.size()
        inside = picture.scaled(10_000, max(height - 2 * MARGIN, 8), Qt.AspectRatioMode.KeepAspectRatio)
        # A very wide picture may not push the others out of sight.
        return QSize(min(inside.width(), 2 * height) + 2 * MARGIN, height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = option.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)  # type: ignore[attr-defined]
        image = index.data(DATA_ROLE).thumbnail
        size = image.size().scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = rect.adjusted(0, 0, 0, 0)
        target.setSize(size)
        target.moveCenter(rect.center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = painter.device().devicePixelRatio()
        sharp = image.scaled(
            size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawImage(target, sharp)
        painter.setPen(QPen(option.palette.midlight().color(), 1.0))  # type: ignore[attr-defined]
        painter.drawRect(target.adjusted(-1, -1, 0, 0))
        self._paint_marks(painter, target, index.data(DATA_ROLE), option)
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(option.palette.highlight().color(), 2.4))  # type: ignore[attr-defined]
            painter.drawRoundedRect(target.adjusted(-2, -2, 2, 2), 3, 3)
        elif state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(option.palette.text().color(), 1.0, Qt.PenStyle.DotLine))  # type: ignore[attr-defined]
            painter.drawRect(target.adjusted(-2, -2, 1, 1))
        painter.restore()

    def _paint_marks(self, painter: QPainter, target: QRect, item: ReferenceItem, option: QStyleOptionViewItem) -> None:
        """A plate at the bottom with the weight, a hatched square where a part is masked, and a word where it is for
        this drawing alone."""
        reference = item.reference
        weight = "" if reference.weight == 1.0 else numbers.percent(reference.weight)
        alone = self._view.tr("only here") if id(item) in self._view.own else ""
        words = " · ".join(one for one in (weight, alone) if one)
        if not words and reference.mask is None:
            return
        metrics, palette = option.fontMetrics, option.palette  # type: ignore[attr-defined]
        side = metrics.height() - 4
        widths = [metrics.horizontalAdvance(words)] * bool(words) + [side] * (reference.mask is not None)
        plate = QRect(0, 0, sum(widths) + 4 * (len(widths) + 1), metrics.height() + 2)
        plate.moveBottomLeft(target.bottomLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.window())
        painter.drawRect(plate)
        painter.setPen(QPen(palette.text().color(), 1.0))
        left = plate.left() + 4
        if reference.mask is not None:
            square = QRect(left, plate.center().y() - side // 2 + 1, side, side)
            painter.setBrush(QBrush(palette.text().color(), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(square)
            left = square.right() + 5
        painter.drawText(left, plate.top() + metrics.ascent() + 1, words)

"""The palette panel: the swatches of a coloring, to recolor and rename; loading and saving them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.language import engine_words, numbers
from app.panels.action_button import action_button
from app.panels.color_dialog import ColorDialog
from app.panels.placeholder_list import PlaceholderList
from app.style import icons
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.style.theme import Theme
    from engine.palette import Swatch

ROW, CHIP, PAD, LOCK = 26, 18, 6, 14
BESIDE = 12  # pixels between the list and the dialog of a color
SWATCH_TYPE = "application/x-nurie-swatch"
ENTRY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """A row. base: the swatch before it was edited. share: of the picture's area, in [0, 1]. count: how many swatches
    became one in it. locked: whether it stays as it is. base_name: what it is a shadow of, empty where it is none."""

    base: Swatch
    swatch: Swatch
    share: float
    count: int = 1
    locked: bool = False
    base_name: str = ""

    @property
    def name(self) -> str:
        """The swatch's name as it is shown."""
        return engine_words.color_name(self.swatch.name)


class PalettePanel(QWidget):
    """Lists swatches; asks for changes by signals."""

    edited = Signal(object, object)  # the Swatch before all edits, and what it is to be
    merged = Signal(object, object)  # two Swatches before all edits: the first becomes one with the second
    parted = Signal(object)  # the Swatch with which others became one
    deleted = Signal(object)
    locked = Signal(object, bool)
    paired = Signal(object, object)  # shadow and base, Swatches before all edits; with itself: it is no shadow

    def __init__(self, buttons: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = SwatchList(self)
        self.list.recolor_requested.connect(self.ask_color)
        self.list.itemChanged.connect(self._renamed)
        self.list.merged.connect(self.merged)
        self.list.paired.connect(self.paired)
        self.list.delete_requested.connect(lambda entry: self.deleted.emit(entry.base))
        self.list.menu_requested.connect(self._open_menu)
        row = QHBoxLayout()
        row.setSpacing(4)
        for action in buttons:
            row.addWidget(action_button(action, 18, self))
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 6)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        layout.addLayout(row)

    def show_entries(self, entries: Sequence[Entry], empty: str) -> None:
        """Show these swatches; `empty`: what to say where there are none."""
        self.list.empty = empty
        self.list.show_entries(entries)

    def set_theme(self, theme: Theme) -> None:
        self.list.muted = theme.color("muted")
        self.list.viewport().update()

    def ask_color(self, entry: Entry) -> None:
        """Open the color dialog; the picture follows while it is open, and goes back when it is cancelled."""
        for before in self.window().findChildren(ColorDialog):
            before.close()
        dialog = ColorDialog(QColor(*entry.swatch.color), self.window())
        dialog.setWindowTitle(self.tr("Color of {0}").format(entry.name))
        dialog.currentColorChanged.connect(lambda color: self._recolor(entry, color))
        dialog.rejected.connect(lambda: self._recolor(entry, QColor(*entry.swatch.color)))
        dialog.move(self.mapToGlobal(QPoint(self.width() + BESIDE, 0)))  # the middle of the drawing stays in sight
        dialog.show()

    def _recolor(self, entry: Entry, color: QColor) -> None:
        from engine.color.editing import renamed_for

        if entry.base not in [one.base for one in self.list.entries()]:
            return  # another drawing is shown by now
        wanted = color.red(), color.green(), color.blue()
        others = [one.swatch for one in self.list.entries() if one.base != entry.base]
        same = wanted == entry.swatch.color
        self.edited.emit(entry.base, entry.swatch if same else renamed_for(entry.swatch, wanted, others))

    def menu_of(self, entry: Entry) -> QMenu:
        """What can be done with a swatch."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        others = [one for one in self.list.entries() if one.base != entry.base]
        change = menu.addAction(self.tr("&Change Color…"))
        change.triggered.connect(lambda: self.ask_color(entry))
        rename = menu.addAction(self.tr("&Rename"))
        rename.triggered.connect(self.list.rename_current)
        into = menu.addMenu(self.tr("&Merge Into"))
        into.setObjectName("mergeInto")
        for one in others:
            action = into.addAction(chip_icon(one.swatch.color), one.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, one=one: self.merged.emit(entry.base, one.base))
        shadow = menu.addMenu(self.tr("&Shadow Of"))
        shadow.setObjectName("shadowOf")
        for one in others:
            action = shadow.addAction(chip_icon(one.swatch.color), one.name.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, one=one: self.paired.emit(entry.base, one.base))
        unpair = menu.addAction(self.tr("&No Shadow"))
        unpair.triggered.connect(lambda: self.paired.emit(entry.base, entry.base))
        unpair.setEnabled(bool(entry.base_name))
        part = menu.addAction(self.tr("&Part"))
        part.triggered.connect(lambda: self.parted.emit(entry.base))
        part.setEnabled(entry.count > 1)
        menu.addSeparator()
        lock = menu.addAction(self.tr("&Lock"))
        lock.setCheckable(True)
        lock.setChecked(entry.locked)
        lock.triggered.connect(lambda checked: self.locked.emit(entry.base, checked))
        delete = menu.addAction(self.tr("&Delete"))
        delete.triggered.connect(lambda: self.deleted.emit(entry.base))
        for action in (change, rename, into.menuAction(), delete):
            action.setEnabled(not entry.locked and (bool(others) or action in (change, rename)))
        return menu

    def _open_menu(self, entry: Entry, place: QPoint) -> None:
        self.menu_of(entry).popup(place)

    def _renamed(self, item: QListWidgetItem) -> None:
        entry: Entry = item.data(ENTRY_ROLE)
        name = " ".join(item.text().split())
        if not name:
            with QSignalBlocker(self.list):
                item.setText(entry.name)
        elif name != entry.name:
            self.edited.emit(entry.base, replace(entry.swatch, name=name))


class SwatchList(PlaceholderList):
    """Rows of color, name and share. Enter and double click ask for a color, F2 renames, Delete deletes; a row that is
    dropped on another is to become one with it."""

    recolor_requested = Signal(object)  # Entry
    delete_requested = Signal(object)  # Entry
    menu_requested = Signal(object, QPoint)  # Entry, and where on the screen
    merged = Signal(object, object)  # the Swatch that was dragged, and the one it was dropped on, before edits
    paired = Signal(object, object)  # the same, with Shift: the first is to be the shadow of the second
    followed = Signal(object, object)  # the color of the current row before and now: it was changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("swatchList")
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_SwatchDelegate(self))
        self.setMinimumHeight(4 * ROW)
        self.setAccessibleName(self.tr("Palette"))
        self.setAccessibleDescription(
            self.tr("The colors of the picture. Enter changes a color, F2 its name, Delete takes it out.")
        )
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)  # a swatch goes onto another, never between two
        self._color: tuple[int, int, int] | None = None  # the current one
        self.dragged: Entry | None = None
        self.target = -1  # the row that a dragged one would become one with
        self.itemDoubleClicked.connect(self._ask)

    def entries(self) -> list[Entry]:
        """What is shown."""
        return [self.item(row).data(ENTRY_ROLE) for row in range(self.count())]

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; the current swatch stays the current one, and where it is gone, that of the current color."""
        if self.entries() == list(entries):
            self.viewport().update()
            return
        row = self.currentRow()
        before: Entry | None = self.item(row).data(ENTRY_ROLE) if row >= 0 else None
        bases, colors = [one.base for one in entries], [one.swatch.color for one in entries]
        if before is None or before.base not in bases:
            row = colors.index(self._color) if self._color in colors else -1
        elif not (row < len(entries) and entries[row].base == before.base):
            row = bases.index(before.base)
        with QSignalBlocker(self):
            if self.count() != len(entries):
                self.clear()
                for _ in entries:
                    item = QListWidgetItem(self)
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.setCurrentRow(row)
            for index, entry in enumerate(entries):
                self._fill(self.item(index), entry)
        self.viewport().update()
        now = entries[self.currentRow()] if 0 <= self.currentRow() < len(entries) else None
        if before is not None and now is not None and before.base == now.base and before.swatch != now.swatch:
            self.followed.emit(before.swatch.color, now.swatch.color)

    def show_color(self, color: tuple[int, int, int]) -> None:
        """Let the row of the current color be the current one; none where no swatch has it."""
        self._color = color
        row = self.currentRow()
        colors = [entry.swatch.color for entry in self.entries()]
        if not (0 <= row < len(colors) and colors[row] == color):
            with QSignalBlocker(self):
                self.setCurrentRow(colors.index(color) if color in colors else -1)
            self.viewport().update()

    def rename_current(self) -> None:
        """Let a person type another name."""
        item = self.currentItem()
        if item is not None:
            self.editItem(item)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_key else self.itemAt(event.pos())
        if item is None:
            return
        self.setCurrentItem(item)
        below = self.viewport().mapToGlobal(self.visualItemRect(item).bottomLeft())
        self.menu_requested.emit(item.data(ENTRY_ROLE), below if by_key else event.globalPos())

    def startDrag(self, supported: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None:
            return
        self.dragged = item.data(ENTRY_ROLE)
        drag, mime = QDrag(self), QMimeData()
        mime.setData(SWATCH_TYPE, QByteArray())
        drag.setMimeData(mime)
        drag.setPixmap(chip_icon(item.data(ENTRY_ROLE).swatch.color).pixmap(CHIP, CHIP))
        drag.exec(Qt.DropAction.CopyAction)
        self.dragged, self.target = None, -1
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(event.mimeData().hasFormat(SWATCH_TYPE) and self.dragged is not None)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.target = self._row_at(event.position().toPoint())
        event.setAccepted(self.target >= 0)
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.target = -1
        self.viewport().update()

    def dropEvent(self, event: QDropEvent) -> None:
        row, dragged = self._row_at(event.position().toPoint()), self.dragged
        event.setAccepted(row >= 0)
        if row >= 0 and dragged is not None:
            with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.paired if with_shift else self.merged).emit(dragged.base, self.item(row).data(ENTRY_ROLE).base)

    def _row_at(self, place: QPoint) -> int:
        """The row onto which what is dragged may be dropped here, -1 where there is none."""
        item = self.itemAt(place)
        allowed = item is not None and self.dragged is not None and item.data(ENTRY_ROLE).base != self.dragged.base
        return self.row(item) if item is not None and allowed else -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for a color, except the one that ends the editing of a name and comes here too."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if is_enter and not is_editing and self.currentItem() is not None:
            self._ask(self.currentItem())
        elif event.key() == Qt.Key.Key_Delete and not is_editing and self.currentItem() is not None:
            self.delete_requested.emit(self.currentItem().data(ENTRY_ROLE))
        else:
            super().keyPressEvent(event)

    def _ask(self, item: QListWidgetItem) -> None:
        self.recolor_requested.emit(item.data(ENTRY_ROLE))

    def _fill(self, item: QListWidgetItem, entry: Entry) -> None:
        digits = QColor(*entry.swatch.color).name()
        share = percent(entry.share)
        item.setData(ENTRY_ROLE, entry)
        item.setText(entry.name)
        item.setToolTip(
            plain_tip(
                self.tr(
                    "{0}, {1}, {2} of the picture\nEnter or a double click changes the color, F2 the name\n"
                    "Dropped on another swatch it becomes one with that, with Shift its shadow; a right click has more"
                ).format(entry.name, digits, share)
            )
        )
        words = [entry.name, digits, share]
        if entry.base_name:
            words.append(self.tr("shadow of {0}").format(entry.base_name))
        if entry.locked:
            words.append(self.tr("locked"))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(words))


def chip_icon(color: tuple[int, int, int]) -> QIcon:
    """A square of a color."""
    pixmap = QPixmap(CHIP, CHIP)
    pixmap.fill(QColor(*color))
    return QIcon(pixmap)


def percent(share: float) -> str:
    """A share in [0, 1] as a person reads it."""
    if 0.0 < share < 0.0005:
        return f"<{numbers.percent(0.001, 1)}"
    return numbers.percent(share, 0 if share >= 0.095 or share == 0.0 else 1)


@lru_cache(maxsize=8)
def _lock(color: str, ratio: float) -> QPixmap:
    return icons.pixmap("lock", LOCK, QColor(color), ratio)


class _SwatchDelegate(QStyledItemDelegate):
    """A chip of the color, the name, and the share at the right."""

    def __init__(self, view: SwatchList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette = option.palette  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        if selected:
            painter.fillRect(rect, palette.highlight())
        text = palette.highlightedText() if selected else palette.text()
        muted = text.color() if selected else self._view.muted
        chip = QRect(rect.left() + PAD, rect.center().y() - CHIP // 2 + 1, CHIP + 6, CHIP)
        painter.setPen(QPen(palette.mid().color(), 1.0))
        painter.setBrush(QColor(*entry.swatch.color))
        painter.drawRect(chip.adjusted(0, 0, -1, -1))
        share = percent(entry.share)
        if entry.base_name:
            share = f"↳ {entry.base_name}"  # the shadow of that
        if entry.count > 1:
            share = f"{entry.count} × · {share}"
        width = option.fontMetrics.horizontalAdvance(share)  # type: ignore[attr-defined]
        if entry.locked:  # a picture: few fonts have a lock
            width += LOCK + 4
            lock = _lock(muted.name(), painter.device().devicePixelRatio())
            painter.drawPixmap(rect.right() - PAD - width, rect.center().y() - LOCK // 2, lock)
        inside = QRect(chip.right() + PAD + 2, rect.top(), rect.right() - chip.right() - 2 * PAD, rect.height())
        painter.setPen(muted)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        name = option.fontMetrics.elidedText(  # type: ignore[attr-defined]
            entry.name, Qt.TextElideMode.ElideRight, inside.width() - width - PAD
        )
        painter.setPen(text.color())
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        if index.row() == self._view.target:
            painter.setPen(QPen(palette.highlight().color(), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        editor.setGeometry(rect.adjusted(2 * PAD + CHIP + 2, 1, -1, -1))

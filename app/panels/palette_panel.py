"""The palette panel: the swatches of a coloring, to recolor and rename; loading and saving them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPen
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

from app.language import engine_words, numbers
from app.panels.action_button import action_button
from app.panels.color_dialog import ColorDialog
from app.panels.placeholder_list import PlaceholderList
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.style.theme import Theme
    from engine.palette import Swatch

ROW, CHIP, PAD = 26, 18, 6
BESIDE = 12  # pixels between the list and the dialog of a color
ENTRY_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """A row. base: the swatch before it was edited. share: of the picture's area, in [0, 1]."""

    base: Swatch
    swatch: Swatch
    share: float

    @property
    def name(self) -> str:
        """The swatch's name as it is shown."""
        return engine_words.color_name(self.swatch.name)


class PalettePanel(QWidget):
    """Lists swatches; asks for changes by signals."""

    edited = Signal(object, object)  # the Swatch before all edits, and what it is to be

    def __init__(self, buttons: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = SwatchList(self)
        self.list.recolor_requested.connect(self.ask_color)
        self.list.itemChanged.connect(self._renamed)
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
        now = next((one for one in self.list.entries() if one.base == entry.base), None)
        if now is not None:  # else another drawing is shown by now
            self.edited.emit(entry.base, replace(now.swatch, color=(color.red(), color.green(), color.blue())))

    def _renamed(self, item: QListWidgetItem) -> None:
        entry: Entry = item.data(ENTRY_ROLE)
        name = " ".join(item.text().split())
        if not name:
            with QSignalBlocker(self.list):
                item.setText(entry.name)
        elif name != entry.name:
            self.edited.emit(entry.base, replace(entry.swatch, name=name))


class SwatchList(PlaceholderList):
    """Rows of color, name and share. Enter and double click ask for a color, F2 renames."""

    recolor_requested = Signal(object)  # Entry

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("swatchList")
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setItemDelegate(_SwatchDelegate(self))
        self.setMinimumHeight(4 * ROW)
        self.setAccessibleName(self.tr("Palette"))
        self.setAccessibleDescription(self.tr("The colors of the picture. Enter changes a color, F2 its name."))
        self.itemDoubleClicked.connect(self._ask)

    def entries(self) -> list[Entry]:
        """What is shown."""
        return [self.item(row).data(ENTRY_ROLE) for row in range(self.count())]

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; the current row stays the current one."""
        if self.entries() == list(entries):
            self.viewport().update()
            return
        row = self.currentRow()
        with QSignalBlocker(self):
            if self.count() != len(entries):
                self.clear()
                for _ in entries:
                    item = QListWidgetItem(self)
                    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                self.setCurrentRow(min(row, len(entries) - 1))
            for index, entry in enumerate(entries):
                self._fill(self.item(index), entry)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for a color, except the one that ends the editing of a name and comes here too."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        is_editing = self.state() == QAbstractItemView.State.EditingState
        if is_enter and not is_editing and self.currentItem() is not None:
            self._ask(self.currentItem())
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
                self.tr("{0}, {1}, {2} of the picture\nEnter or a double click changes the color, F2 the name").format(
                    entry.name, digits, share
                )
            )
        )
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.name}, {digits}, {share}")


def percent(share: float) -> str:
    """A share in [0, 1] as a person reads it."""
    if 0.0 < share < 0.0005:
        return f"<{numbers.percent(0.001, 1)}"
    return numbers.percent(share, 0 if share >= 0.095 or share == 0.0 else 1)


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
        width = option.fontMetrics.horizontalAdvance(share)  # type: ignore[attr-defined]
        inside = QRect(chip.right() + PAD + 2, rect.top(), rect.right() - chip.right() - 2 * PAD, rect.height())
        painter.setPen(muted)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, share)
        name = option.fontMetrics.elidedText(  # type: ignore[attr-defined]
            entry.name, Qt.TextElideMode.ElideRight, inside.width() - width - PAD
        )
        painter.setPen(text.color())
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        editor.setGeometry(rect.adjusted(2 * PAD + CHIP + 2, 1, -1, -1))

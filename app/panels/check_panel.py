"""The list of what is worth a look in a coloring: doubtful colors and places where color ran, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListWidgetItem, QMenu, QToolButton, QVBoxLayout, QWidget

from app.language import engine_words, numbers
from app.panels.placeholder_list import PlaceholderList
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.document.parts import Coloring
    from app.style.theme import Theme
    from engine import inspection

translate = QCoreApplication.translate

ROW, CHIP = 22, 14
MOST = 200  # rows; nobody goes through more
LEAST_EXTENT = 160  # picture pixels that are shown around a place
DOUBT_EXTENT, LEAK_EXTENT = 4.0, 12.0  # sides of a region's square, lengths of a leak


@dataclass(frozen=True)
class Entry:
    """A row. x, y: picture pixels. extent: of what to show around it. color: None where color ran. check: what it is
    about."""

    text: str
    tip: str
    x: int
    y: int
    extent: float
    color: tuple[int, int, int] | None = None
    check: inspection.Check | None = None


def entries_of(coloring: Coloring | None, checks: Sequence[inspection.Check]) -> list[Entry]:
    """What the list says of the checks of a coloring that are left."""
    if coloring is None:
        return []
    return [entry_of(coloring, check) for check in checks[:MOST]]


def entry_of(coloring: Coloring, check: inspection.Check) -> Entry:
    """What the list says of one."""
    finished = coloring.finished
    if check.leak is not None:
        length = check.leak.length
        return Entry(
            translate("CheckPanel", "Two colors in one region"),
            translate("CheckPanel", "Two colors share a region: one ran through a gap of {0} px here.").format(length),
            check.x,
            check.y,
            max(LEAST_EXTENT, LEAK_EXTENT * length),
            check=check,
        )
    assert finished.flats is not None
    worst = check.regions[0]
    color = finished.flats.colors[worst.label - 1]
    swatch = -1 if finished.swatch is None else int(finished.swatch[worst.label - 1])
    named = finished.palette is not None and swatch >= 0
    name = engine_words.color_name(
        finished.palette.swatches[swatch].name if named and finished.palette else worst.swatch
    )
    sure = numbers.percent(worst.confidence)
    if len(check.regions) > 1:
        text = translate("CheckPanel", "{0}, {1} regions, {2} sure").format(name, len(check.regions), sure)
        tip = translate("CheckPanel", "The color of these {1} regions is in doubt: {0}, {2} sure.")
    else:
        text = translate("CheckPanel", "{0}, {2} sure").format(name, 1, sure)
        tip = translate("CheckPanel", "The color of this region is in doubt: {0}, {2} sure.")
    away = max(max(abs(one.x - check.x), abs(one.y - check.y)) for one in check.regions)
    extent = max(LEAST_EXTENT, DOUBT_EXTENT * worst.area**0.5, 2.5 * away)
    rgb = int(color[0]), int(color[1]), int(color[2])
    return Entry(text, tip.format(name, len(check.regions), sure), check.x, check.y, extent, rgb, check)


class CheckPanel(QWidget):
    """Lists the places; choosing one asks to be shown it, Enter says that it is right."""

    chosen = Signal(object)  # Entry
    settled = Signal(object)  # Entry that a person finds right

    def __init__(self, settle: QAction | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = _CheckList(self)
        self.list.currentItemChanged.connect(lambda now, _before: self._choose(now))
        self.list.itemClicked.connect(self._choose)
        self.list.entered_right.connect(self._settle)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 10)
        layout.setSpacing(6)
        layout.addWidget(self.list)
        if settle is not None:
            button = QToolButton(self)
            button.setDefaultAction(settle)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            layout.addWidget(button)

    def show_entries(self, entries: Sequence[Entry], empty: str) -> None:
        """Show these; `empty`: what to say where there are none. Nothing is chosen by that."""
        self.list.empty = empty
        before = self.list.entries()
        if before != list(entries):
            with QSignalBlocker(self.list):
                self.list.fill(entries)
                if [(one.x, one.y) for one in before] != [(one.x, one.y) for one in entries]:
                    self.list.setCurrentRow(-1)
        self.list.viewport().update()

    def select(self, check: inspection.Check | None) -> None:
        """Let the row of this check be the chosen one, without asking to be shown it."""
        rows = (row for row, entry in enumerate(self.list.entries()) if check is not None and entry.check == check)
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(next(rows, -1))
        self.list.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        self.list.muted, self.list.warning = theme.color("muted"), theme.color("error")
        entries = self.list.entries()
        with QSignalBlocker(self.list):
            self.list.fill(entries)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))

    def _settle(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.settled.emit(item.data(Qt.ItemDataRole.UserRole))

    def _show_menu(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        if item is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entry = item.data(Qt.ItemDataRole.UserRole)
        menu.addAction(self.tr("This Is &Right")).triggered.connect(lambda: self.settled.emit(entry))
        menu.addAction(self.tr("&Show")).triggered.connect(lambda: self.chosen.emit(entry))
        menu.popup(self.list.viewport().mapToGlobal(place))


class _CheckList(PlaceholderList):
    entered_right = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("checkList")
        self.warning = QColor("#c0392b")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(80)
        self.setAccessibleName(self.tr("To check"))
        self.setAccessibleDescription(
            self.tr(
                "What is in doubt, the worst first. Choosing one shows it on the canvas, Enter says that it is right."
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered_right.emit()
        else:
            super().keyPressEvent(event)

    def entries(self) -> list[Entry]:
        return [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]

    def fill(self, entries: Sequence[Entry]) -> None:
        if self.count() != len(entries):
            self.clear()
            self.addItems([""] * len(entries))
        for row, entry in enumerate(entries):
            item = self.item(row)
            item.setSizeHint(QSize(100, ROW))
            item.setIcon(self._icon(entry))
            item.setText(entry.text)
            item.setToolTip(plain_tip(entry.tip))
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.tip)

    def _icon(self, entry: Entry) -> QIcon:
        """A chip of the color in doubt; a broken ring where color ran."""
        ratio = self.devicePixelRatioF()
        image = QPixmap(round(CHIP * ratio), round(CHIP * ratio))
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if entry.color is None:
            painter.setPen(QPen(self.warning, 2.0))
            painter.drawArc(2, 2, CHIP - 4, CHIP - 4, 30 * 16, 300 * 16)
        else:
            painter.setPen(QPen(self.palette().mid().color(), 1.0))
            painter.setBrush(QColor(*entry.color))
            painter.drawRect(1, 1, CHIP - 2, CHIP - 2)
        painter.end()
        return QIcon(image)

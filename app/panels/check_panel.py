"""The list of what is worth a look in a coloring: doubtful regions and leaks, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from app.language import engine_words, numbers
from app.panels.placeholder_list import PlaceholderList
from app.style.plain_text import plain_tip

if TYPE_CHECKING:
    from app.document.parts import Coloring
    from app.style.theme import Theme
    from engine.inspection import Doubt
    from engine.leaks import Leak

translate = QCoreApplication.translate

ROW, CHIP = 22, 14
MOST = 200  # rows; nobody goes through more
LEAST_EXTENT = 160  # picture pixels that are shown around a place
DOUBT_EXTENT, LEAK_EXTENT = 4.0, 12.0  # sides of a region's square, lengths of a leak


@dataclass(frozen=True)
class Check:
    """A place to look at. x, y: picture pixels. extent: of what to show around it. color: None for a leak."""

    text: str
    tip: str
    x: int
    y: int
    extent: float
    color: tuple[int, int, int] | None = None


def checks_of(coloring: Coloring | None) -> list[Check]:
    """What to look at: where color ran out, then doubtful regions, then outlines that only the gap setting closes."""
    if coloring is None or coloring.finished.regions is None:
        return []
    leaks = coloring.finished.leaks
    found = [_of_leak(leak) for leak in leaks if leak.kind != "opening"]
    found += [_of_doubt(doubt, coloring) for doubt in coloring.doubts]
    found += [_of_leak(leak) for leak in leaks if leak.kind == "opening"]
    return found[:MOST]


def _of_doubt(doubt: Doubt, coloring: Coloring) -> Check:
    finished = coloring.finished
    assert finished.flats is not None
    color = finished.flats.colors[doubt.label - 1]
    swatch = -1 if finished.swatch is None else int(finished.swatch[doubt.label - 1])
    named = finished.palette is not None and swatch >= 0
    name = engine_words.color_name(
        finished.palette.swatches[swatch].name if named and finished.palette else doubt.swatch
    )
    sure = numbers.percent(doubt.confidence)
    return Check(
        translate("CheckPanel", "{0}, {1} sure").format(name, sure),
        translate("CheckPanel", "The color of this region is in doubt: {0}, {1} sure.").format(name, sure),
        doubt.x,
        doubt.y,
        max(LEAST_EXTENT, DOUBT_EXTENT * doubt.area**0.5),
        (int(color[0]), int(color[1]), int(color[2])),
    )


def _of_leak(leak: Leak) -> Check:
    text, tip = {
        "escape": (
            translate("CheckPanel", "Two colors in one region"),
            translate("CheckPanel", "Two colors share a region: one ran through a gap of {0} px here."),
        ),
        "paper": (
            translate("CheckPanel", "Open to paper, {0} px"),
            translate("CheckPanel", "The outline is open towards the paper here, {0} px wide: color can run out."),
        ),
        "opening": (
            translate("CheckPanel", "Open outline, {0} px"),
            translate(
                "CheckPanel", "The outline is open here, {0} px wide: only the gap setting keeps two regions apart."
            ),
        ),
    }[leak.kind]
    extent = max(LEAST_EXTENT, LEAK_EXTENT * leak.length)
    return Check(text.format(leak.length), tip.format(leak.length), leak.x, leak.y, extent)


class CheckPanel(QWidget):
    """Lists the places; choosing one asks to be shown it."""

    chosen = Signal(object)  # Check

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = _CheckList(self)
        self.list.currentItemChanged.connect(lambda now, _before: self._choose(now))
        self.list.itemClicked.connect(self._choose)
        self.list.itemActivated.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 2, 10, 10)
        layout.addWidget(self.list)

    def show_checks(self, checks: Sequence[Check], empty: str) -> None:
        """Show these; `empty`: what to say where there are none. Nothing is chosen by that."""
        self.list.empty = empty
        before = self.list.checks()
        if before != list(checks):
            with QSignalBlocker(self.list):
                self.list.fill(checks)
                if [(one.x, one.y) for one in before] != [(one.x, one.y) for one in checks]:
                    self.list.setCurrentRow(-1)
        self.list.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        self.list.muted, self.list.warning = theme.color("muted"), theme.color("error")
        checks = self.list.checks()
        with QSignalBlocker(self.list):
            self.list.fill(checks)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


class _CheckList(PlaceholderList):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("checkList")
        self.warning = QColor("#c0392b")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(80)
        self.setAccessibleName(self.tr("To check"))
        self.setAccessibleDescription(
            self.tr("Doubtful regions and leaks, the worst first. Choosing one shows it on the canvas.")
        )

    def checks(self) -> list[Check]:
        return [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())]

    def fill(self, checks: Sequence[Check]) -> None:
        if self.count() != len(checks):
            self.clear()
            self.addItems([""] * len(checks))
        for row, check in enumerate(checks):
            item = self.item(row)
            item.setSizeHint(QSize(100, ROW))
            item.setIcon(self._icon(check))
            item.setText(check.text)
            item.setToolTip(plain_tip(check.tip))
            item.setData(Qt.ItemDataRole.UserRole, check)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, check.tip)

    def _icon(self, check: Check) -> QIcon:
        """A chip of the color in doubt; a broken ring for an outline that is open."""
        ratio = self.devicePixelRatioF()
        image = QPixmap(round(CHIP * ratio), round(CHIP * ratio))
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if check.color is None:
            painter.setPen(QPen(self.warning, 2.0))
            painter.drawArc(2, 2, CHIP - 4, CHIP - 4, 30 * 16, 300 * 16)
        else:
            painter.setPen(QPen(self.palette().mid().color(), 1.0))
            painter.setBrush(QColor(*check.color))
            painter.drawRect(1, 1, CHIP - 2, CHIP - 2)
        painter.end()
        return QIcon(image)

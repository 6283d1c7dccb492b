"""Ties the tools to the canvas, to their actions and to the corrections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QListWidgetItem

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import TOOLS
from app.controllers.controllers import Controllers
from app.panels.check_panel import DOUBT_EXTENT, LEAST_EXTENT
from app.panels.palette_panel import ENTRY_ROLE
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.corrections import RGB

if TYPE_CHECKING:
    from app.controllers.carry_over_work import PageProposals
    from engine.inspection import Doubt


class ToolsPresenter(QObject):
    """Owns nothing; connects the tools, the canvas and the corrections."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        corrections = controllers.corrections
        self._window = window
        self._document = controllers.document
        self._corrections = corrections
        self._context = shell.context
        self._context.look_up = self._color_at
        actions, canvas = window.actions_table, window.canvas
        for name, spec in TOOLS.items():
            actions[spec.action].triggered.connect(partial(self._choose_tool, name))
        actions["tool_color"].triggered.connect(self._ask_color)
        actions["next_doubt"].triggered.connect(corrections.next_doubt)
        actions["carry_over"].triggered.connect(corrections.carry_over_preview)
        actions["clear_corrections"].triggered.connect(corrections.clear_corrections)
        corrections.carry_over_found.connect(self._show_proposals)
        canvas.spot_erased.connect(self._erase)
        swatches = window.palette_panel.list
        swatches.currentItemChanged.connect(lambda now, _before: self._use_swatch(now))
        swatches.itemClicked.connect(self._use_swatch)
        self._context.color_changed.connect(self._show_color)
        self._context.said.connect(shell.notice)
        corrections.doubt_shown.connect(self._look_at)
        self._document.coloring_changed.connect(self._show_regions)
        self._document.finish_settings_changed.connect(self._show_corrections)
        self._show_color()
        self._show_regions()
        self._show_corrections()
        self.use_tool("move")

    def use_tool(self, name: str) -> None:
        """Let the pointer do this."""
        self._window.actions_table[TOOLS[name].action].setChecked(True)
        if name != "pick":
            self._context.set_source(None)
        make = TOOLS[name].make
        self._window.canvas.set_tool(make(self._context) if make is not None else None)
        self._context.tool_changed.emit(name)

    def _choose_tool(self, name: str, *_: object) -> None:
        self.use_tool(name)
        self._context.said.emit(self._window.actions_table[TOOLS[name].action].statusTip())

    def _show_regions(self) -> None:
        coloring = self._document.coloring
        regions = coloring.finished.regions if coloring is not None else None
        known = self._context.outlines
        if regions is None:
            self._context.outlines = None
        elif known is None or known.regions is not regions:
            self._context.outlines = RegionOutlines(regions)
        self._window.canvas.update()

    def _show_corrections(self) -> None:
        self._context.corrections = self._document.finish_settings.corrections
        self._window.canvas.update()

    def _show_color(self) -> None:
        self._window.color_button.set_color(self._context.color)

    def _use_swatch(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._context.set_color(item.data(ENTRY_ROLE).swatch.color)

    def _ask_color(self) -> None:
        dialog = QColorDialog(QColor(*self._context.color), self._window)
        dialog.setWindowTitle(self.tr("Current color"))
        dialog.colorSelected.connect(lambda color: self._context.set_color((color.red(), color.green(), color.blue())))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_proposals(self, found: Sequence[PageProposals]) -> None:
        from app.dialogs.carry_over_dialog import CarryOverDialog

        dialog = CarryOverDialog(found, self._window)
        dialog.chosen.connect(self._corrections.carry_over_apply)
        dialog.open()

    def _erase(self, x: float, y: float) -> None:
        outlines = self._context.outlines
        if outlines is not None and 0 <= x < outlines.size[0] and 0 <= y < outlines.size[1]:
            self._corrections.remove_correction_at(int(x), int(y))

    def _look_at(self, doubt: Doubt) -> None:
        canvas = self._window.canvas
        canvas.look_at(doubt.x, doubt.y, max(LEAST_EXTENT, DOUBT_EXTENT * doubt.area**0.5))
        canvas.setFocus()
        canvas.aim()

    def _color_at(self, x: int, y: int) -> RGB | None:
        coloring = self._document.coloring
        if coloring is None:
            return None
        pixel = coloring.finished.color[y, x]
        return int(pixel[0]), int(pixel[1]), int(pixel[2])

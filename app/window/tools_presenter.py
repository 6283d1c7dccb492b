"""Ties the tools to the canvas, to their actions and to the corrections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidgetItem

from app.canvas.outlines import RegionOutlines
from app.canvas.tools import TOOLS
from app.controllers import correction_work as correcting
from app.controllers.controllers import Controllers
from app.panels.color_dialog import ColorDialog
from app.panels.palette_panel import ENTRY_ROLE
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.corrections import RGB

if TYPE_CHECKING:
    from app.controllers.carry_over_work import PageProposals


BRUSH_STEP = 1.25


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
        self._known: correcting.Followers | None = None
        actions, canvas = window.actions_table, window.canvas
        for name, spec in TOOLS.items():
            actions[spec.action].triggered.connect(partial(self._choose_tool, name))
        actions["tool_color"].triggered.connect(self._ask_color)
        actions["brush_smaller"].triggered.connect(lambda _checked=False: self._resize_brush(1 / BRUSH_STEP))
        actions["brush_larger"].triggered.connect(lambda _checked=False: self._resize_brush(BRUSH_STEP))
        actions["fill_selection"].triggered.connect(self._fill_selection)
        actions["select_same"].triggered.connect(self._select_same)
        actions["deselect"].triggered.connect(lambda _checked=False: self._context.select(()))
        corrections.hint_followed.connect(self._flash)
        self._context.followers = self._followers
        self._context.selection_changed.connect(canvas.update)
        self._document.page_changed.connect(self._deselect)
        actions["carry_over"].triggered.connect(corrections.carry_over_preview)
        actions["clear_corrections"].triggered.connect(corrections.clear_corrections)
        corrections.carry_over_found.connect(self._show_proposals)
        canvas.spot_erased.connect(self._erase)
        swatches = window.palette_panel.list
        swatches.currentItemChanged.connect(lambda now, _before: self._use_swatch(now))
        swatches.itemClicked.connect(self._use_swatch)
        swatches.followed.connect(self._follow_swatch)
        self._context.color_changed.connect(self._show_color)
        self._context.said.connect(shell.notice)
        self._document.coloring_changed.connect(self._show_regions)
        self._document.finish_settings_changed.connect(self._show_corrections)
        self._show_color()
        self._show_regions()
        self._show_corrections()
        self.use_tool("move")

    def _deselect(self) -> None:
        self._context.select(())

    def use_tool(self, name: str) -> None:
        """Choose the tool of the pointer."""
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

    def _resize_brush(self, factor: float) -> None:
        self._context.resize_brush(factor)
        self._window.canvas.update()

    def _fill_selection(self, *_: object) -> None:
        if self._context.selection:
            self._corrections.fill_all(self._context.selection, self._context.color)
        else:
            self._context.said.emit(self.tr("Select regions first."))

    def _select_same(self, *_: object) -> None:
        coloring = self._document.coloring
        if coloring is None or coloring.finished.flats is None or coloring.finished.regions is None:
            return
        labels = self._context.selected_labels
        colors = coloring.finished.flats.colors
        wanted = {tuple(colors[label - 1].tolist()) for label in labels} or {self._context.color}
        self._context.select(correcting.places_of_colors(coloring.finished, wanted))
        self._context.said.emit(self.tr("{0} regions are selected.").format(len(self._context.selection)))

    def _followers(self, label: int) -> Sequence[int]:
        """Looked up once for each region of a coloring."""
        seen = self._corrections.seen
        if seen is None:
            return ()
        if self._known is None or self._known.finished is not seen:
            self._known = correcting.Followers(seen)
        return self._known.of(label)

    def _flash(self, labels: Sequence[int]) -> None:
        outlines = self._context.outlines
        if outlines is not None:
            self._window.canvas.flash([outlines.path_of(label) for label in labels])

    def _show_corrections(self) -> None:
        self._context.corrections = self._document.finish_settings.corrections
        self._window.canvas.update()

    def _show_color(self) -> None:
        self._window.color_button.set_color(self._context.color)
        self._window.palette_panel.list.show_color(self._context.color)

    def _follow_swatch(self, before: RGB, now: RGB) -> None:
        """The current color is that of the current swatch, also when this is edited or undone."""
        if self._context.color == before:
            self._context.set_color(now)

    def _use_swatch(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._context.set_color(item.data(ENTRY_ROLE).swatch.color)

    def _ask_color(self) -> None:
        before = QColor(*self._context.color)
        for open_one in self._window.findChildren(ColorDialog):
            open_one.close()
        dialog = ColorDialog(before, self._window)
        dialog.setWindowTitle(self.tr("Current color"))
        dialog.currentColorChanged.connect(self._use_color)
        dialog.rejected.connect(lambda: self._use_color(before))
        dialog.show()

    def _use_color(self, color: QColor) -> None:
        self._context.set_color((color.red(), color.green(), color.blue()))

    def _show_proposals(self, found: Sequence[PageProposals]) -> None:
        from app.dialogs.carry_over_dialog import CarryOverDialog

        dialog = CarryOverDialog(found, self._window)
        dialog.chosen.connect(self._corrections.carry_over_apply)
        dialog.open()

    def _erase(self, x: float, y: float) -> None:
        outlines = self._context.outlines
        if outlines is not None and 0 <= x < outlines.size[0] and 0 <= y < outlines.size[1]:
            self._corrections.remove_correction_at(int(x), int(y))

    def _color_at(self, x: int, y: int) -> RGB | None:
        coloring = self._document.coloring
        if coloring is None:
            return None
        pixel = coloring.finished.color[y, x]
        return int(pixel[0]), int(pixel[1]), int(pixel[2])

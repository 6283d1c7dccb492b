"""Ties the mask of the drawing's figure to the canvas: a view that shows it, and the tool that corrects it there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.canvas.content import ViewMode
from app.canvas.tools.mask_tool import FigureTool
from app.controllers import view_work
from app.controllers.controllers import Controllers
from app.images.pyramid import Pyramid
from app.jobs.job import Lane
from app.window.main_window import MainWindow
from app.window.shell import Shell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEY = "figure"

translate = QCoreApplication.translate


class FigurePresenter(QObject):
    """Has the mask of the drawing that is seen, while the canvas shows it."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._canvas, self._brush = window.canvas, window.reference_view.brush
        self._panel = window.reference_view
        self._controller, self._document = controllers.coloring, controllers.document
        self._context = shell.context
        self._tool = "move"
        self._mask: NDArray[np.bool_] | None = None
        shell.context.tool_changed.connect(self._use_tool)
        window.canvas.mode_changed.connect(self._look)
        document = controllers.document
        for changed in (document.figure_changed, document.lines_changed, document.coloring_changed):
            changed.connect(self._look)
        window.actions_table["find_figure"].triggered.connect(lambda _checked=False: self._find())

    def _find(self) -> None:
        self._context.verbs.mask_figure(None)

    def _use_tool(self, name: str) -> None:
        self._tool = name
        self._equip()

    def _look(self) -> None:
        """Have the mask of now made, if it is seen."""
        lines = self._document.lines
        if self._canvas.mode != ViewMode.FIGURE or lines is None:
            if self._mask is not None:
                self._mask = None
                self._canvas.set_figure(None)
                self._equip(left=True)
            return
        coloring, figure = self._document.coloring, self._document.figure
        color = coloring.finished.color if coloring is not None else None
        self._controller.submit(
            Lane.LINES,
            translate("Jobs", "Looking for the figure…"),
            view_work.figure_of(lines.line_art, None if figure is None else figure.inside, color),
            partial(self._made, self._document.page_id),
            KEY,
            owner=self._canvas,
        )

    def _made(self, page_id: int, made: tuple[NDArray[np.bool_], Pyramid, bool]) -> None:
        if page_id != self._document.page_id or self._canvas.mode != ViewMode.FIGURE:
            return
        self._mask, picture, found = made
        self._canvas.set_figure(picture)
        self._equip()
        if not found:
            self._context.said.emit(self.tr("No figure was found: paint one with the mask tool (K)."))

    def _equip(self, *, left: bool = False) -> None:
        """With the mask tool the mask can be painted where it is shown. left: it was shown until now."""
        if self._tool != "mask":
            return
        if self._mask is None:
            if left:
                self._canvas.set_tool(None)
            return
        held = self._canvas.tool
        if isinstance(held, FigureTool) and held.mask.shape == self._mask.shape:
            held.settle(self._mask)
            self._canvas.update()
        else:
            self._canvas.set_tool(FigureTool(self._context, -1, self._mask, self._brush))

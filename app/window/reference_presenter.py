"""Ties the reference view to the strip and to the verbs that weigh and mask a reference."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QDockWidget

from app.canvas.content import ViewMode
from app.canvas.tools.mask_tool import FigureTool, MaskTool
from app.canvas.tools.pick_tool import SourceTool
from app.canvas.tools.tool import Tool
from app.controllers import correction_work as correcting
from app.controllers import view_work as view_pictures
from app.controllers.controllers import Controllers
from app.document.parts import ReferenceItem
from app.images.pyramid import Pyramid
from app.jobs.job import Lane
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.corrections import RGB

REFERENCE_KEY, BESIDE_KEY = "reference view", "reference beside"

translate = QCoreApplication.translate


class ReferencePresenter(QObject):
    """Shows the selected reference; pictures for the view are made in the background, and only while it is open."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._panel = window, window.reference_view
        self._dock = window.docks["referenceViewDock"]
        self._list = window.strip.list
        self._controller = controllers.coloring
        self._document = controllers.document
        self._corrections = controllers.corrections
        context = self._context = shell.context
        self._tool = "move"
        self._covered: QDockWidget | None = None  # what the view came before, for a tool that needs it
        self._shown: ReferenceItem | None = None
        self._painted: ReferenceItem | None = None  # whose picture the view has
        context.reference_color = self._color_at
        context.source_changed.connect(self._panel.canvas.update)
        context.tool_changed.connect(self._use_tool)
        verbs = context.verbs
        self._panel.weight_changed.connect(lambda weight: verbs.weigh_reference(self._index, weight))
        self._panel.panel_chosen.connect(lambda panel: verbs.keep_reference_to_panel(self._index, panel or None))
        self._panel.background_refused.connect(lambda: verbs.ignore_background(self._index))
        self._panel.all_wanted.connect(self._unmask)
        self._figure = False  # whether the mask of the figure is shown, not that of what counts
        self._panel.figure_toggled.connect(self._show_figure)
        self._document.model_changed.connect(self._show_abilities)
        controllers.coloring.models_listed.connect(self._show_abilities)
        self._show_abilities()
        self._panel.canvas.spot_erased.connect(lambda _x, _y: context.set_source(None))
        self._list.file_of = controllers.dragging.reference
        self._strip, self._whole = window.strip, window.actions_table["use_whole"]
        self._strip.show_menu([self._whole, window.actions_table["remove_references"]])
        self._whole.triggered.connect(self._use_whole)
        self._list.itemSelectionChanged.connect(self._show_whole)
        self._document.references_changed.connect(self._show_whole)
        self._list.failed.connect(shell.show_failure)
        self._canvas = window.canvas
        self._beside: ReferenceItem | None = None  # that stands beside the drawing
        window.canvas.mode_changed.connect(self._show_beside)
        window.canvas.reference_clicked.connect(self._take_color)
        self._list.currentRowChanged.connect(lambda _row: self._show())
        self._document.references_changed.connect(self._show)
        self._dock.visibilityChanged.connect(lambda _visible: self._paint())
        self._show()

    def _use_tool(self, name: str) -> None:
        """Pick or mask in the view from now on; the other tools only move the picture there."""
        self._tool = name
        self._panel.show_masking(name == "mask")
        if name in ("pick", "mask"):
            if not _is_seen(self._dock):
                behind = self._window.tabifiedDockWidgets(self._dock) or [self._window.docks["colorDock"]]
                self._covered = next((dock for dock in behind if _is_seen(dock)), None)
            self._dock.show()
            self._dock.raise_()
        elif self._covered is not None:
            self._covered.raise_()
            self._covered = None
        self._equip()

    @property
    def _index(self) -> int:
        """Of the reference that is shown: the current one of the strip, else the first; -1 where there is none."""
        count = len(self._document.references)
        row = self._list.currentRow()
        return row if 0 <= row < count else min(0, count - 1)

    def _unmask(self) -> None:
        verbs = self._context.verbs
        (verbs.mask_reference_figure if self._figure else verbs.mask_reference)(self._index, None)

    def _show_figure(self, figure: bool) -> None:
        self._figure = figure
        self._painted = None
        self._show()

    def _show_abilities(self) -> None:
        """Masks of figures are for models that heed them."""
        model = self._controller.model
        self._panel.show_figures(model is not None and model.abilities.figures)

    def _use_whole(self, whole: bool) -> None:
        self._corrections.use_whole(self._strip.selected, whole)

    def _show_whole(self) -> None:
        sheets = [item for item in self._strip.selected if item.figures]
        self._whole.setChecked(bool(sheets) and all(item.reference.whole for item in sheets))

    def _show(self) -> None:
        index = self._index
        item = self._document.references[index] if index >= 0 else None
        source = self._context.source
        if source is not None and (item is None or source.index >= len(self._document.references)):
            self._context.set_source(None)
        if item is None:
            self._panel.show_reference("", None, masked=False)
        else:
            reference = item.reference
            masked = (reference.figure_mask if self._figure else reference.mask) is not None
            self._panel.show_reference(reference.name, reference.weight, masked=masked, panel=reference.panel)
        self._shown = item
        self._show_beside()
        self._paint()

    def _show_beside(self) -> None:
        """Let the reference stand beside the drawing, while it is to."""
        item = self._shown
        if self._canvas.mode != ViewMode.WITH_REFERENCE or item is self._beside:
            return
        self._beside = item
        if item is None:
            self._canvas.set_reference(None)
            return
        self._controller.submit(
            Lane.LINES,
            translate("Jobs", "Painting…"),
            view_pictures.veiled(item.reference),
            partial(self._beside_made, item),
            BESIDE_KEY,
            stoppable=False,
            quiet=True,
            owner=self._canvas,
        )

    def _beside_made(self, item: ReferenceItem, picture: Pyramid) -> None:
        if item is self._beside:
            self._canvas.set_reference(picture)

    def _take_color(self, x: float, y: float) -> None:
        items = self._document.references
        item = self._beside
        if item is None or item not in items:
            return
        height, width = item.reference.pixels.shape[:2]
        if 0 <= x < width and 0 <= y < height:
            palette = self._controller.finishing.palette if self._document.finish_settings.locked else None
            color = correcting.color_at(item.reference.pixels, int(x), int(y), palette)
            self._context.set_color(color)
            self._context.said.emit(self.tr("Took the color #{0:02x}{1:02x}{2:02x}.").format(*color))

    def _paint(self) -> None:
        """Make the picture for the view, if it is seen."""
        item = self._shown
        if item is None:
            self._painted = None
            self._panel.canvas.set_picture(None)
            self._equip()
            return
        if self._has_picture_of(item):
            self._painted = item
        elif self._dock.isVisible():
            self._controller.submit(
                Lane.LINES,
                translate("Jobs", "Painting…"),
                (view_pictures.figure_veiled if self._figure else view_pictures.veiled)(item.reference),
                partial(self._picture_made, item, self._figure),
                REFERENCE_KEY,
                stoppable=False,
                quiet=True,
                owner=self._panel,
            )
        self._equip()

    def _has_picture_of(self, item: ReferenceItem) -> bool:
        """Whether the view has the pixels and the mask of this reference; its weight is not seen."""
        painted = self._painted
        return (
            painted is not None
            and (painted.reference.pixels is item.reference.pixels)
            and (painted.reference.mask is item.reference.mask)
            and (painted.reference.figure_mask is item.reference.figure_mask)
        )

    def _picture_made(self, item: ReferenceItem, figure: bool, picture: Pyramid) -> None:
        if self._shown is None or figure is not self._figure:
            return  # the reference went, or something else of it is to be seen
        before, self._painted = self._painted, item
        if self._has_picture_of(self._shown):
            self._painted = self._shown
            self._panel.canvas.set_picture(picture)
            self._equip()
        else:
            self._painted = before

    def _equip(self) -> None:
        """Give the view the tool for the reference it has."""
        canvas, item = self._panel.canvas, self._painted
        tool: Tool | None = None
        if item is not None and item is self._shown:
            mask = (view_pictures.figure_mask_of if self._figure else view_pictures.mask_of)(item.reference)
            kind = FigureTool if self._figure else MaskTool
            height, width = mask.shape
            held = canvas.tool
            if self._tool == "pick":
                tool = SourceTool(self._context, self._index, (width, height))
            elif self._tool == "mask" and type(held) is kind and held.mask.shape == mask.shape:
                held.index = self._index
                held.settle(mask)
                canvas.update()
                return
            elif self._tool == "mask":
                tool = kind(self._context, self._index, mask, self._panel.brush)
        canvas.set_tool(tool)

    def _color_at(self, index: int, x: int, y: int) -> RGB | None:
        items = self._document.references
        if not 0 <= index < len(items):
            return None
        pixel = items[index].reference.pixels[y, x]
        return int(pixel[0]), int(pixel[1]), int(pixel[2])


def _is_seen(dock: QDockWidget) -> bool:
    """Whether it is on top where it has tabs."""
    return dock.isVisible() and not dock.visibleRegion().isEmpty()

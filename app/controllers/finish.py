"""The part of the controller that comes after the network: finishing, palettes, and what is looked at. No widgets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers import finish_work as finishing
from app.controllers.coloring_service import ColoringService
from app.document.document import Document
from app.document.parts import Coloring, Overlay, OverlayKind
from app.document.steps import ChangePage
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.language import engine_words
from app.settings import Settings
from engine.options import FinishOptions

if TYPE_CHECKING:
    from engine.palette import Palette, Swatch

REPAINT_KEY, OVERLAY_KEY, PALETTE_KEY = "repaint", "overlay", "palette"


class FinishController(JobOwner):
    """Keeps the coloring of the document finished as its settings say."""

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        coloring: ColoringService,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self._coloring = coloring
        self._settings = settings
        self._overlay: OverlayKind | None = None
        coloring.finished.connect(self._finished)
        document.coloring_changed.connect(self._catch_up)
        document.finish_settings_changed.connect(self._catch_up)

    @property
    def base(self) -> Palette | None:
        """The palette that is shown, before its edits: the coloring's, or one loaded before there is a coloring."""
        coloring, settings = self.document.coloring, self.document.finish_settings
        return coloring.base if coloring is not None else settings.palette

    @property
    def palette(self) -> Palette | None:
        """The palette that is shown."""
        return self.document.finish_settings.edited(self.base) if self.base is not None else None

    def set_settings(self, settings: FinishOptions) -> None:
        """Finish in another way; the guess stays. After an edit of a swatch regions are only painted anew."""
        before = vars(self.document.finish_settings)
        control = ",".join(name for name, value in vars(settings).items() if value != before[name])
        texts = {
            "flats": self.tr("Flats"),
            "locked": self.tr("Lock to Palette"),
            "shading": self.tr("Shading"),
            "gap": self.tr("Gap"),
        }
        text = texts.get(control, self.tr("Finish"))
        self._push(text, settings, control)

    def edit_swatch(self, base: Swatch, edited: Swatch) -> None:
        """Let every region that has the swatch `base` follow to another color or name."""
        settings = self.document.finish_settings
        edits = tuple(pair for pair in settings.edits if pair[0] != base)
        if edited != base:
            edits = (*edits, (base, edited))
        control = f"{base.name} {base.color}"
        text = self.tr("Edit {0}").format(engine_words.color_name(base.name))
        self._push(text, replace(settings, edits=edits), control)

    def use_reference_palette(self) -> None:
        """Back to the colors of the references, as they are there."""
        settings = replace(self.document.finish_settings, palette=None, edits=())
        self._push(self.tr("Palette From References"), settings)

    def load_palette(self, path: Path) -> None:
        """Lock the colors to the palette in a file."""
        title = self.tr("Reading…")
        self.submit(Lane.FILES, title, finishing.load_palette(path), self._palette_loaded, PALETTE_KEY)

    def save_palette(self, path: Path) -> None:
        """Write the palette that is shown."""
        palette = self.palette
        if palette is None:
            self.noticed.emit(self.tr("There is no palette to save: color a drawing with its palette locked first."))
            return
        steps = finishing.save_palette(path, palette)
        self.submit(Lane.FILES, self.tr("Saving…"), steps, self._palette_saved, stoppable=False)

    def show_overlay(self, kind: OverlayKind | None) -> None:
        """Have this ready in the document, now and after every coloring to come."""
        self._overlay = kind
        self._prepare_overlay()

    def _push(self, text: str, settings: FinishOptions, control: str = "") -> None:
        self.document.history.push(ChangePage(self.document, text, control, finish_settings=settings))
        self._settings.finish = self.document.finish_settings

    def _catch_up(self) -> None:
        """Bring the coloring to what the settings say. What is under way for older settings is dropped."""
        coloring, wanted = self.document.coloring, self.document.finish_settings
        if coloring is None or not wanted.needs_finishing(coloring.settings):
            self._coloring.cancel_finishing()
        else:
            self._coloring.finish(coloring, wanted)
        if coloring is not None and coloring.base is not None and wanted.edits != coloring.settings.edits:
            steps = finishing.repaint(coloring, replace(coloring.settings, edits=wanted.edits))
            # A picker dragged faster than the computer follows is still seen to paint.
            self.submit(
                Lane.LINES, self.tr("Painting…"), steps, self._repainted, REPAINT_KEY, stoppable=False, quiet=True
            )
        self._prepare_overlay()

    def _prepare_overlay(self) -> None:
        kind, coloring = self._overlay, self.document.coloring
        if kind is None or coloring is None or coloring.finished.regions is None:
            return
        ready = self.document.overlays.get(kind)
        if ready is None or ready.regions is not coloring.finished.regions:
            steps = finishing.overlay(coloring.finished, kind)
            self.submit(Lane.LINES, self.tr("Painting…"), steps, self._overlay_made, OVERLAY_KEY, quiet=True)

    def _finished(self, coloring: Coloring) -> None:
        # Another drawing may have come meanwhile, or another guess.
        page = next((page for page in self.document.pages if page.has_result(coloring.result)), None)
        if page is not None:
            before = page.coloring.finished.regions if page.coloring is not None else None
            self.document.change_page(page.id, coloring=coloring)
            regions = coloring.finished.regions
            if regions is not None and regions is not before:
                told = self.tr("{0} regions; gaps up to {1} px are closed.").format(regions.count, regions.gap)
                self.noticed.emit(told)

    def _repainted(self, coloring: Coloring) -> None:
        # Every finishing makes regions of its own; what was painted for older ones comes too late.
        shown = self.document.coloring
        if shown is not None and shown.finished.regions is coloring.finished.regions:
            self.document.set_coloring(coloring)

    def _overlay_made(self, overlay: Overlay) -> None:
        shown = self.document.coloring
        if shown is not None and shown.finished.regions is overlay.regions:
            self.document.set_overlay(overlay)

    def _palette_loaded(self, palette: Palette) -> None:
        settings = replace(self.document.finish_settings, flats=True, locked=True, palette=palette, edits=())
        self._push(self.tr("Load Palette"), settings)
        counted = self.tr("{0}: {1} colors.").format(palette.name, len(palette.swatches))
        self.noticed.emit(" ".join([counted, *map(engine_words.said, palette.notes)]))

    def _palette_saved(self, path: Path) -> None:
        self.noticed.emit(self.tr("Saved {0}.").format(path.name))

"""The part of the controller that comes after the network: finishing, palettes, and what is looked at. No widgets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers import finish_work as finishing
from app.controllers import palette_work as palettes
from app.controllers.cast import CastController
from app.controllers.coloring_service import ColoringService, key_of
from app.document.character import PALETTE_FIELDS
from app.document.document import Document
from app.document.parts import Coloring, Overlay, OverlayKind
from app.document.steps import ChangePage, ChangeProject
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.language import engine_words
from app.settings import Settings
from engine.options import FinishOptions

if TYPE_CHECKING:
    from engine.color.editing import Edits
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
        cast: CastController,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self._cast = cast
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
        """The palette that is shown: one for one the swatches of `base`, as they were edited."""
        if self.base is None:
            return None
        from engine.color import editing

        return editing.edited(self.base, self.document.finish_settings.edits)

    @property
    def plain_palette(self) -> Palette | None:
        """The palette that is shown, swatches that became one only once."""
        shown = self.palette
        return None if shown is None else replace(shown, swatches=tuple(dict.fromkeys(shown.swatches)))

    def set_settings(self, settings: FinishOptions) -> None:
        """Finish in another way; the guess stays. After an edit of a swatch regions are only painted anew."""
        before = vars(self.document.finish_settings)
        control = ",".join(name for name, value in vars(settings).items() if value != before[name])
        texts = {
            "flats": self.tr("Flats"),
            "locked": self.tr("Lock to Palette"),
            "shading": self.tr("Shading"),
            "shadows": self.tr("Base Colors"),
            "gap": self.tr("Gap"),
        }
        text = texts.get(control, self.tr("Finish"))
        self._push(text, settings, control)

    def edit_swatch(self, base: Swatch, edited: Swatch) -> None:
        """Let every region that has the swatch `base`, in every drawing of the character, follow to another color or
        name; with it go those that are one with it."""
        from engine.color import editing

        there = self.base
        if there is None or self._refused(base):
            return
        edits = editing.with_edit(there, self.document.finish_settings.edits, base, edited)
        text = self.tr("Edit {0}").format(engine_words.color_name(base.name))
        self._push_edits(text, edits, f"{base.name} {base.color}")

    def merge_swatches(self, swatch: Swatch, into: Swatch) -> None:
        """Let all regions of one swatch have another from now on; both by what they are before edits."""
        from engine.color import editing

        if self.base is not None and swatch != into and not self._refused(swatch):
            edits = editing.merged(self.base, self.document.finish_settings.edits, swatch, into)
            self._push_edits(self.tr("Merge Swatches"), edits)

    def part_swatch(self, swatch: Swatch) -> None:
        """Let the swatches that became one with this be themselves again."""
        from engine.color import editing

        if self.base is not None:
            edits = editing.parted(self.base, self.document.finish_settings.edits, swatch)
            self._push_edits(self.tr("Part Swatches"), edits)

    def delete_swatch(self, swatch: Swatch) -> None:
        """Let all regions of a swatch have the nearest that is left."""
        from engine.color import editing

        if self.base is None or self._refused(swatch):
            return
        edits = editing.without(self.base, self.document.finish_settings.edits, swatch)
        if edits == self.document.finish_settings.edits:
            self.noticed.emit(self.tr("A palette has at least one color."))
            return
        self._push_edits(self.tr("Delete Swatch"), edits)
        taken = self._shown(swatch)
        self.noticed.emit(self.tr("Its regions took {0}, the nearest.").format(engine_words.color_name(taken.name)))

    def lock_swatch(self, swatch: Swatch, locked: bool) -> None:
        """Whether a swatch stays as it is: not edited, merged, deleted, nor replaced with the rest of the palette."""
        settings, shown = self.document.finish_settings, self._shown(swatch)
        locks = tuple(one for one in settings.locks if one != shown)
        text = self.tr("Lock Swatch") if locked else self.tr("Unlock Swatch")
        self._push(text, replace(settings, locks=(*locks, shown) if locked else locks))

    @property
    def bases(self) -> dict[Swatch, Swatch]:
        """Which swatches of `base` are shadows, each with its base; empty where shadows are colors of their own."""
        coloring, settings = self.document.coloring, self.document.finish_settings
        stages = coloring.finished.stages if coloring is not None else None
        if stages is None or stages.pairs is None or stages.palette is None or settings.shadows == "own":
            return {}
        from engine.color import pairs

        swatches = stages.palette.swatches
        found = pairs.with_wishes(stages.pairs, stages.palette, settings.pairs)
        return {swatches[one]: swatches[found.base[one]] for one in found.shadows.nonzero()[0]}

    def pair_swatch(self, shadow: Swatch, base: Swatch) -> None:
        """Let a swatch be the shadow of another: flats take the base. With itself: it is no shadow."""
        settings = self.document.finish_settings
        kept = tuple(pair for pair in settings.pairs if pair[0] != shadow)
        text = self.tr("Pair Swatches") if shadow != base else self.tr("Unpair Swatch")
        self._push(text, replace(settings, shadows="base", pairs=(*kept, (shadow, base))))

    def use_reference_palette(self) -> None:
        """Back to the colors of the references, as they are there, but for swatches that are locked."""
        settings = self.document.finish_settings
        kept = tuple(pair for pair in settings.edits if pair[1] in settings.locks)
        self._push(self.tr("Palette From References"), replace(settings, palette=None, edits=kept, pairs=()))

    def load_palette(self, path: Path) -> None:
        """Lock the colors to the palette in a file."""
        title = self.tr("Reading…")
        self.submit(Lane.FILES, title, finishing.load_palette(path), self._palette_loaded, PALETTE_KEY)

    def save_palette(self, path: Path) -> None:
        """Write the palette that is shown."""
        palette = self.plain_palette
        if palette is None:
            self.noticed.emit(self.tr("There is no palette to save: color a drawing with its palette locked first."))
            return
        steps = finishing.save_palette(path, palette)
        self.submit(Lane.FILES, self.tr("Saving…"), steps, self._palette_saved, stoppable=False)

    def show_overlay(self, kind: OverlayKind | None) -> None:
        """Have this ready in the document, now and after every coloring to come."""
        self._overlay = kind
        self._prepare_overlay()

    def _shown(self, swatch: Swatch) -> Swatch:
        """A swatch as it is shown: after its edits."""
        base, shown = self.base, self.palette
        pairs = zip(base.swatches, shown.swatches, strict=True) if base and shown else ()
        return next((now for one, now in pairs if one == swatch), swatch)

    def _refused(self, swatch: Swatch) -> bool:
        """Whether the swatch is locked, which is told then."""
        if self._shown(swatch) not in self.document.finish_settings.locks:
            return False
        name = engine_words.color_name(self._shown(swatch).name)
        self.noticed.emit(self.tr("{0} is locked: unlock it first.").format(name))
        return True

    def _push_edits(self, text: str, edits: Edits, control: str = "") -> None:
        self._push(text, replace(self.document.finish_settings, edits=edits), control)

    def _push(self, text: str, settings: FinishOptions, control: str = "") -> None:
        page = self.document.current
        before = page.finish_settings
        if page.cast and any(getattr(settings, name) != getattr(before, name) for name in PALETTE_FIELDS):
            characters = palettes.with_palette(self.document.characters, page.cast, before, settings)
            pages = {page.id: {"finish_settings": settings}}
            step = ChangeProject(self.document, text, control, characters=characters, pages=pages, shows=page.id)
            self.document.history.push(step)
        else:
            self.document.history.push(ChangePage(self.document, text, control, finish_settings=settings))
        self._settings.finish = self.document.finish_settings

    def _catch_up(self) -> None:
        """Bring the coloring to what the settings say. What is under way for older settings is dropped."""
        coloring, wanted = self.document.coloring, self.document.finish_settings
        if coloring is None or not wanted.needs_finishing(coloring.settings):
            self._coloring.cancel_finishing(self.document.page_id)
        else:
            self._coloring.finish(coloring, wanted, self.document.page_id)
        if coloring is not None and coloring.base is not None and wanted.edits != coloring.settings.edits:
            steps = finishing.repaint(coloring, replace(coloring.settings, edits=wanted.edits, locks=wanted.locks))
            # A picker dragged faster than the computer follows is still seen to paint.
            done, key = partial(self._repainted, self.document.page_id), key_of(REPAINT_KEY, self.document.page_id)
            self.submit(Lane.LINES, self.tr("Painting…"), steps, done, key, stoppable=False, quiet=True)
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

    def _repainted(self, page_id: int, coloring: Coloring) -> None:
        # Every finishing makes regions of its own; what was painted for older ones comes too late.
        page = self.document.find_page(page_id)
        shown = page.coloring if page is not None else None
        if shown is not None and shown.finished.regions is coloring.finished.regions:
            self.document.change_page(page_id, coloring=coloring)

    def _overlay_made(self, overlay: Overlay) -> None:
        shown = self.document.coloring
        if shown is not None and shown.finished.regions is overlay.regions:
            self.document.set_overlay(overlay)

    def _palette_loaded(self, palette: Palette) -> None:
        before = self.document.finish_settings
        kept = tuple(one for one in before.locks if all(one.color != other.color for other in palette.swatches))
        palette = replace(palette, swatches=(*palette.swatches, *kept))
        settings = replace(before, flats=True, locked=True, palette=palette, edits=(), pairs=())
        self._push(self.tr("Load Palette"), settings)
        counted = self.tr("{0}: {1} colors.").format(palette.name, len(palette.swatches))
        self.noticed.emit(" ".join([counted, *map(engine_words.said, palette.notes)]))

    def _palette_saved(self, path: Path) -> None:
        self.noticed.emit(self.tr("Saved {0}.").format(path.name))

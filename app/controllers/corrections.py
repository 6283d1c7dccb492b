"""The part of the controller by which a person sets a coloring right. Places are pixels of the drawing. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers import carry_over_work as carrying
from app.controllers import correction_work as correcting
from app.document.document import Document
from app.document.parts import FigureMask
from app.document.steps import ChangePage, CompositeStep
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.language import engine_words
from engine.corrections import RGB, Corrections, Hint, Shape, Stroke
from engine.palette import hex_of
from engine.request import WEIGHT_MAX

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.controllers.carry_over_work import PageProposals
    from app.controllers.coloring import ColoringController
    from app.document.parts import Coloring, ReferenceItem
    from engine.finishing import Finished
    from engine.inspection import Check
    from engine.line_art.regions import RegionMap
    from engine.request import ColorizeResult

BACKGROUND_KEY, CARRY_KEY, SEEN_KEY = "background", "carry-over", "seen"
_NEAR = 0.01  # of the longer side: how far from a stroke a click still means it
_NEAR_PIXELS = 6


class CorrectionController(JobOwner):
    """Every verb that corrects; each is one step of the history."""

    carry_over_found = Signal(object)  # a list of PageProposals, never empty
    hint_followed = Signal(object)  # the labels of the regions that followed the hint that was given last
    check_shown = Signal(object)  # the engine.inspection.Check to look at, None for none

    def __init__(self, document: Document, controller: ColoringController, parent: QObject | None = None) -> None:
        super().__init__(controller.runner, parent)
        self.document = document
        self._controller = controller
        self._looked_at: Check | None = None
        self._seen: tuple[Coloring, Finished | None] | None = None  # see `seen`
        self._row = 0  # where it stands, or stood
        self._hinted: tuple[int, int] | None = None  # a hint whose followers nobody was told yet
        self.failed.connect(controller.failed)
        self.noticed.connect(controller.noticed)
        document.page_changed.connect(self._look_away)
        document.drawing_changed.connect(self._look_away)
        document.page_changed.connect(self._forget_hint)
        document.coloring_changed.connect(self._tell_followers)
        document.coloring_changed.connect(self._look_again)
        document.finish_settings_changed.connect(self._look_again)

    @property
    def corrections(self) -> Corrections:
        """Those of the page that is shown."""
        return self.document.finish_settings.corrections

    def hint(self, x: int, y: int, color: RGB) -> None:
        """The region here has this color, and regions in doubt that are like it follow; `hint_followed` tells which."""
        before = self.corrections
        self._color_region(self.tr("Color Hint: {0}"), x, y, color, spread=True)
        if self.corrections is not before:
            self._hinted = x, y

    def fill(self, x: int, y: int, color: RGB) -> None:
        """The region here, and no other, has this color."""
        self._color_region(self.tr("Fill: {0}"), x, y, color, spread=False)

    def fill_all(self, places: Sequence[tuple[int, int]], color: RGB) -> None:
        """The regions at these places, and no others, have this color: one step."""
        size, there = self._size, self.corrections
        inside = [(x, y) for x, y in places if size is not None and 0 <= x < size[1] and 0 <= y < size[0]]
        if not inside:
            return
        labels = {self._label_of(place) for place in inside}
        others = tuple(one for one in there.hints if self._label_of((one.x, one.y)) not in labels)
        before = self._before_edits(color)
        first = {self._label_of(place): place for place in reversed(inside)}
        fills = tuple(Hint(x, y, before, spread=False) for x, y in first.values())
        text = self.tr("Fill {0} Regions").format(len(fills)) if len(fills) > 1 else self.tr("Fill")
        self._push(text, replace(there, hints=(*others, *fills)))

    def draw_region(self, shape: Shape, color: RGB) -> None:
        """Cut a region of this shape out of what is there, and give it this color."""
        size, there, regions = self._size, self.corrections, self._regions
        inside = self._inside(shape.points, shortest=False)
        if size is None or regions is None or regions.labels.shape != size or len(inside) < (2 if shape.width else 3):
            return
        shape = replace(shape, points=inside)
        place = correcting.middle_of(shape, regions)
        if place is None:
            self.noticed.emit(self.tr("This is too small for a region."))
            return
        fill = Hint(*place, self._before_edits(color), spread=False)
        self._push(self.tr("Draw a Region"), replace(there, shapes=(*there.shapes, shape), hints=(*there.hints, fill)))

    def pick(self, item_index: int, rx: int, ry: int, x: int, y: int) -> None:
        """The region here has the color that reference `item_index` has at its pixel (rx, ry): a hint."""
        if not 0 <= item_index < len(self.document.references):
            return
        settings, palette = self.document.finish_settings, self._controller.finishing.palette
        pixels = self.document.references[item_index].reference.pixels
        color = correcting.color_at(pixels, rx, ry, palette if settings.locked else None)
        self._color_region(self.tr("Pick From Reference: {0}"), x, y, color, spread=True)

    def split(self, stroke: Stroke) -> None:
        """Cut the regions along a stroke."""
        there = self.corrections
        inside = self._inside(stroke)
        if inside:
            self._push(self.tr("Split"), replace(there, splits=(*there.splits, inside)))

    def merge(self, a: tuple[int, int], b: tuple[int, int]) -> None:
        """Make one region of those at two places."""
        regions, there = self._regions, self.corrections
        inside = self._inside((a, b), shortest=False)
        if not inside:
            return
        if regions is not None and len({int(regions.labels[y, x]) for x, y in inside}) == 1:
            self.noticed.emit(self.tr("These are one region already."))
            return
        self._push(self.tr("Merge"), replace(there, merges=(*there.merges, inside)))

    def close_gap(self, stroke: Stroke) -> None:
        """Bound regions by a stroke, as lines do; it is not drawn."""
        there = self.corrections
        inside = self._inside(stroke)
        if inside:
            self._push(self.tr("Close Gap"), replace(there, gaps=(*there.gaps, inside)))

    def remove_correction_at(self, x: int, y: int) -> bool:
        """Take back the correction here: the nearest stroke, or the hint of the region; whether there was one."""
        there, size = self.corrections, self._size
        if size is None:
            return False
        reach = max(_NEAR_PIXELS, _NEAR * max(size))
        left = correcting.without_nearest(there, (x, y), reach, self._same_region)
        if left == there:
            self.noticed.emit(self.tr("There is no correction here."))
            return False
        self._push(self.tr("Remove Correction"), left)
        return True

    def clear_corrections(self) -> None:
        """Take back all corrections of this drawing."""
        if self.corrections:
            self._push(self.tr("Clear Corrections"), Corrections())

    def mask_reference(self, index: int, mask: NDArray[np.bool_] | None) -> None:
        """Use only a part of a reference. mask: H×W of the reference's size, True where it counts; None: all."""
        item = self._item(index)
        if item is None or item.reference.mask is mask:
            return
        if mask is not None and not mask.any():
            self.noticed.emit(self.tr("Nothing of the reference would be left: mask less of it."))
            return
        masked = replace(item, reference=replace(item.reference, mask=mask))
        self._controller.cast.exchange(self.tr("Mask Reference"), item, masked)

    def mask_figure(self, mask: NDArray[np.bool_] | None) -> None:
        """Say where the drawing's figure is: H×W of its size; None: let it be found."""
        figure = None if mask is None else FigureMask(mask)
        self.document.history.push(ChangePage(self.document, self.tr("Mask of the Figure"), figure=figure))

    def mask_reference_figure(self, index: int, mask: NDArray[np.bool_] | None) -> None:
        """Say where the figure of a reference is: H×W of its size; None: let it be found."""
        item = self._item(index)
        if item is None:
            return
        figure = None if mask is None else mask.astype("float32")
        masked = replace(item, reference=replace(item.reference, figure_mask=figure))
        self._controller.cast.exchange(self.tr("Mask of a Reference's Figure"), item, masked)

    def ignore_background(self, index: int) -> None:
        """Put the figure of a reference on white paper; the figure is found off the GUI thread."""
        item = self._item(index)
        if item is None:
            return
        done = partial(self._background_found, item)
        steps = correcting.find_figure(item.reference)
        title = self.tr("Looking for the background…")
        self.submit(Lane.FILES, title, steps, done, BACKGROUND_KEY)

    def weigh_reference(self, index: int, weight: float) -> None:
        """Weigh a reference more (up to 2) or less than the others (0: not at all)."""
        item = self._item(index)
        if item is None:
            return
        weight = min(max(weight, 0.0), WEIGHT_MAX)
        weighed = replace(item, reference=replace(item.reference, weight=weight))
        self._controller.cast.exchange(self.tr("Weigh Reference"), item, weighed, f"weight {index}")

    def use_whole(self, items: Sequence[ReferenceItem], whole: bool) -> None:
        """Take these references as one picture each, or cut them into their figures where they are sheets."""
        changed = [(item, replace(item, reference=replace(item.reference, whole=whole))) for item in items]
        text = self.tr("Use as One Picture") if whole else self.tr("Cut Into Figures")
        self._controller.cast.exchange_all(text, changed)

    def keep_reference_to_panel(self, index: int, panel: int | None) -> None:
        """Let one panel of a page (from 1) alone take its colors from a reference; None: all panels again."""
        item = self._item(index)
        if item is None or item.reference.panel == panel:
            return
        kept = replace(item, reference=replace(item.reference, panel=panel))
        self._controller.cast.exchange(self.tr("Keep Reference to Panel"), item, kept, f"panel {index}")

    @property
    def looked_at(self) -> Check | None:
        """The check that is looked at."""
        return self._looked_at

    @property
    def seen(self) -> Finished | None:
        """The coloring with all that tells who would follow a hint; None while that is being looked for.

        A coloring from a file knows nothing of that: it is finished anew, only to be looked at.
        """
        coloring = self.document.coloring
        if coloring is None or coloring.finished.regions is None:
            return None
        if coloring.finished.stages is not None:
            return coloring.finished
        if self._seen is None or self._seen[0] is not coloring:
            self._seen = coloring, None
            title, key = self.tr("Looking at the regions…"), SEEN_KEY
            work = partial(correcting.see, coloring=coloring)
            self._controller.coloring.ask(title, work, partial(self._regions_seen, coloring), key)
        return self._seen[1]

    def _regions_seen(self, coloring: Coloring, finished: Finished | None) -> None:
        if self._seen is not None and self._seen[0] is coloring:
            self._seen = coloring, finished

    def next_check(self) -> Check | None:
        """Look at the check after the one that is looked at; after the last one it begins anew. None: there is none."""
        checks = self.document.current.checks
        if not checks:
            self.noticed.emit(self.tr("There is nothing to check."))
            return None
        at = self._row_of(checks)
        # What was looked at may be set right by now: the one in its place is the next.
        return self.look_at(checks[(self._row if at is None else at + 1) % len(checks)])

    def look_at(self, check: Check) -> Check:
        """Look at this one."""
        self._looked_at = check
        self._row = self._row_of(self.document.current.checks) or 0
        self.check_shown.emit(check)
        return check

    def settle(self, check: Check | None = None) -> None:
        """All of this check, or of the one that is looked at, is right and never asked about again. On to the next."""
        check, coloring = check or self._looked_at, self.document.coloring
        if check is None or coloring is None:
            self.next_check()
            return
        from engine import inspection

        row = self._row_of(self.document.current.checks, check)
        there = self.corrections
        settled = (*there.right, *inspection.found_right(coloring.finished, check))
        self._looked_at = None  # so that nothing is shown before the next one is
        self._push(self.tr("Right"), replace(there, right=settled))
        checks = self.document.current.checks
        if checks:
            self.look_at(checks[(row or 0) % len(checks)])
        else:
            self.check_shown.emit(None)
            self.noticed.emit(self.tr("All is checked."))

    def _forget_hint(self) -> None:
        self._hinted = None

    def _tell_followers(self) -> None:
        """The hint that was given last has been answered."""
        coloring, place = self.document.coloring, self._hinted
        if place is None or coloring is None or coloring.settings.corrections != self.corrections:
            return
        self._hinted = None
        labels = correcting.followers_of(coloring.finished, place)
        self.hint_followed.emit(labels)
        if labels:
            counted = (
                self.tr("1 region followed")
                if len(labels) == 1
                else self.tr("{0} regions followed").format(len(labels))
            )
            self.noticed.emit(self.tr("{0} · Shift: only this one").format(counted))
        else:
            self.noticed.emit(self.tr("No other region followed."))

    def _row_of(self, checks: Sequence[Check], check: Check | None = None) -> int | None:
        """Where the check that is looked at, or what is left of it, stands in a list."""
        wanted = check or self._looked_at
        if wanted is None:
            return None
        if wanted in checks:
            return list(checks).index(wanted)
        labels = {one.label for one in wanted.regions}
        alike = (one.kind == wanted.kind and bool(labels & {part.label for part in one.regions}) for one in checks)
        return next((row for row, found in enumerate(alike) if found), None)

    def _look_away(self) -> None:
        self._looked_at, self._row = None, 0
        self.check_shown.emit(None)

    def _look_again(self) -> None:
        """The regions may be others by now, or in no doubt anymore."""
        if self._looked_at is None:
            return
        checks = self.document.current.checks
        row = self._row_of(checks)
        self._looked_at = checks[row] if row is not None else None
        if self._looked_at is None:
            self.check_shown.emit(None)

    def carry_over_preview(self) -> None:
        """Look for regions of the other drawings that match the hinted ones; `carry_over_found` tells them."""
        coloring = self.document.coloring
        others = [page for page in self.document.pages if page.id != self.document.page_id and page.is_colored]
        if coloring is None or not coloring.settings.corrections.hints:
            self.noticed.emit(self.tr("Color a region by hand first; that can be carried over then."))
            return
        if not others:
            self.noticed.emit(self.tr("There is no other colored drawing in this project."))
            return
        source = coloring.finished
        title = self.tr("Looking for matching regions…")
        done = partial(self._carry_over_looked, coloring.result)
        self._controller.coloring.ask(
            title, lambda colorizer: carrying.find(colorizer, source, others), done, CARRY_KEY
        )

    def carry_over_apply(self, chosen: Sequence[PageProposals]) -> None:
        """Fill the proposed regions of these drawings: one step of the history for all."""
        text = self.tr("Carry Over")
        steps = []
        for one in chosen:
            page = self.document.find_page(one.page_id)
            if page is None:
                continue
            settings, there = page.finish_settings, page.finish_settings.corrections
            fills = tuple(Hint(place.x, place.y, place.color, spread=False) for place in one.proposals)
            after = replace(settings, corrections=replace(there, hints=(*there.hints, *fills)))
            steps.append(ChangePage(self.document, text, page_id=page.id, shows=False, finish_settings=after))
        self.document.history.push(CompositeStep(text, steps))

    @property
    def _size(self) -> tuple[int, int] | None:
        lines = self.document.lines
        return lines.line_art.size if lines is not None else None

    @property
    def _regions(self) -> RegionMap | None:
        coloring = self.document.coloring
        return coloring.finished.regions if coloring is not None else None

    def _color_region(self, text: str, x: int, y: int, color: RGB, *, spread: bool) -> None:
        size = self._size
        if size is None or not (0 <= x < size[1] and 0 <= y < size[0]):
            return
        color = self._held(color)
        there = self.corrections
        others = tuple(one for one in there.hints if not self._same_region((one.x, one.y), (x, y)))
        hints = (*others, Hint(x, y, self._before_edits(color), spread))
        self._push(text.format(self._name_of(color)), replace(there, hints=hints))

    def _name_of(self, color: RGB) -> str:
        """What a color is called: as its swatch is, else by its digits."""
        palette = self._controller.finishing.palette
        names = (one.name for one in palette.swatches if one.color == color) if palette is not None else iter(())
        name = next(names, "")
        return engine_words.color_name(name) if name else hex_of(color)

    def _held(self, color: RGB) -> RGB:
        """The color that a region gets: the nearest swatch of a loaded palette that is locked, which is told then."""
        settings, shown = self.document.finish_settings, self._controller.finishing.palette
        if settings.palette is None or not (settings.flats and settings.locked) or shown is None:
            return color
        if any(swatch.color == color for swatch in shown.swatches):
            return color
        nearest = correcting.nearest(color, shown)
        name = engine_words.color_name(nearest.name)
        self.noticed.emit(
            self.tr("The palette is locked and has no such color: the nearest was taken, {0}.").format(name)
        )
        return nearest.color

    def _before_edits(self, color: RGB) -> RGB:
        """The color that becomes this one by the edits of swatches: a region that is hinted follows its swatch, too."""
        settings, shown = self.document.finish_settings, self._controller.finishing.palette
        base = self._controller.finishing.base
        if not settings.edits or base is None or shown is None:
            return color
        for original, edited in zip(base.swatches, shown.swatches, strict=True):
            if edited.color == color:
                return original.color
        # The color belongs to a swatch that was edited away from it: take the next shade of blue, which looks the same.
        red, green, blue = color
        while any(one.color == (red, green, blue) for one, _ in settings.edits):
            blue = blue + 1 if blue < 255 else 0
        return red, green, blue

    def _label_of(self, place: tuple[int, int]) -> object:
        """The region of a place; the place itself while none are known."""
        regions = self._regions
        if regions is None or regions.labels.shape != self._size:
            return place
        return int(regions.labels[place[1], place[0]])

    def _same_region(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        regions = self._regions
        if regions is None or regions.labels.shape != self._size:
            return one == other
        return bool(regions.labels[one[1], one[0]] == regions.labels[other[1], other[0]])

    def _inside(self, stroke: Sequence[tuple[int, int]], *, shortest: bool = True) -> Stroke:
        """The stroke within the drawing, points that repeat left out; empty where nothing is left to do."""
        if self._size is None:
            return ()
        height, width = self._size
        points = [(min(max(int(x), 0), width - 1), min(max(int(y), 0), height - 1)) for x, y in stroke]
        kept = [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]
        if len(kept) == 1 and shortest:
            return ()
        return tuple(kept) if len(kept) > 1 else tuple(points)

    def _push(self, text: str, corrections: Corrections) -> None:
        settings = self.document.finish_settings
        if not settings.flats:
            self.noticed.emit(self.tr("Corrections are for flats: switch flats on first."))
            return
        after = replace(settings, corrections=corrections)
        self.document.history.push(ChangePage(self.document, text, finish_settings=after))

    def _item(self, index: int) -> ReferenceItem | None:
        items = self.document.references
        return items[index] if 0 <= index < len(items) else None

    def _carry_over_looked(self, result: ColorizeResult, found: list[PageProposals]) -> None:
        shown = self.document.coloring
        if shown is None or shown.result is not result:
            return  # another page is shown
        if found:
            self.carry_over_found.emit(found)
        else:
            self.noticed.emit(self.tr("No region of the other drawings matches surely enough."))

    def _background_found(self, item: ReferenceItem, found: ReferenceItem | None) -> None:
        items = self.document.references
        if item not in items:
            return  # it went meanwhile
        if found is None:
            self.noticed.emit(self.tr("No background was found: the figure stands on paper already, or fills all."))
            return
        self._controller.cast.exchange(self.tr("Ignore Background"), item, found)

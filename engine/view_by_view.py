"""Coloring and matching a page or a strip view by view, with one palette: what an engine sees is always one picture.

See `engine.pages` for what the views are. Engines know nothing of them.
"""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, reopening
from engine.color.swatch_choice import MatchedShares
from engine.colorizer import Colorizer
from engine.line_art.regions import RegionMap
from engine.pages.layout import Layout, View, layout_of
from engine.palette import Palette
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress, Reference
from engine.sentences import Sentence

_DRAWN = 0.9  # ink below which there is something to color in a view
_OUTSIDE = -1
_PREVIEW_SIDE = 512  # pixels on the longer side of a page while it is painted

PANELS = Sentence("Each panel was colored by itself; there are {0} (--panels off takes the page as one picture).")
PIECES = Sentence("This long drawing was looked at in {0} pieces (--panels off takes it as one picture).")
UNMET = Sentence("There is no panel {0} in this drawing: its reference was left out.")

ShouldStop = Callable[[], bool]


def layout_for(request: ColorizeRequest) -> Layout | None:
    """How the drawing of a request is looked at; None where it is one picture. Raises Cancelled.

    A drawing that has all its colors is not looked at.
    """
    return None if reopening.can_color(request) else layout_of(request.line_art, request.panels)


def colorize(
    colorizer: Colorizer, request: ColorizeRequest, should_stop: ShouldStop | None = None
) -> Generator[Progress, None, ColorizeResult]:
    """What the network sees in a drawing, view by view where it has several. Raises what `Colorizer.colorize` does."""
    yield Progress("Looking at the drawing", 0.0)
    with cancellation.cancellable(should_stop):
        layout = layout_for(request)
    unmet = _unmet(request, layout)
    if layout is None:
        own = replace(request, references=_references(request.references, None))
        result = yield from colorizer.colorize(own if unmet else request, should_stop)
        return replace(result, notes=(*result.notes, *unmet)) if unmet else result
    began = time.perf_counter()
    color = np.full((*layout.size, 3), 255, np.uint8)
    seen = _SeenCanvas(layout.size)
    results: list[ColorizeResult] = []
    done: View | None = None
    for number, view in enumerate(layout.views):
        part = view_request(request, layout, view)
        if not (part.line_art.ink < _DRAWN).any():
            continue
        steps = colorizer.colorize(part, should_stop)
        while True:
            try:
                step = next(steps)
            except StopIteration as stop:
                results.append(stop.value)
                break
            preview = None if step.preview is None else seen.with_view(step.preview, view)
            yield Progress(step.message, (number + step.fraction) / len(layout.views), preview)
        _lay(color, results[-1].color, layout, view, done)
        seen.keep(results[-1].color, view)
        done = view
    if not results:
        return (yield from colorizer.colorize(request, should_stop))
    said = Sentence(PANELS, len(layout.panels)) if layout.panels else Sentence(PIECES, len(layout.views))
    notes = dict.fromkeys(note for result in results for note in result.notes)
    told = () if len(layout.views) == 1 and not layout.panels else (said,)
    largest = max(results, key=lambda one: one.working_size[0] * one.working_size[1])
    return replace(
        largest,
        color=color,
        layer=request.line_art.layer,
        notes=(*told, *notes, *unmet),
        seconds=time.perf_counter() - began,
    )


class _SeenCanvas:
    """How the whole picture looks by now, small: what is done of it, and the preview of the view in work."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._scale = min(1.0, _PREVIEW_SIDE / max(size))
        height, width = (max(1, round(side * self._scale)) for side in size)
        self._done = np.full((height, width, 3), 255, np.uint8)

    def with_view(self, preview: NDArray[np.uint8], view: View) -> NDArray[np.uint8]:
        """h×w×3: with a preview, or a color, of any size in the place of a view."""
        shown = self._done.copy()
        rows, columns = view.box.slices
        top, bottom, left, right = (
            round(side * self._scale) for side in (rows.start, rows.stop, columns.start, columns.stop)
        )
        place = shown[top:bottom, left:right]
        if place.size:
            place[:] = cv2.resize(preview, place.shape[1::-1], interpolation=cv2.INTER_AREA)
        return shown

    def keep(self, color: NDArray[np.uint8], view: View) -> None:
        """A view is done."""
        self._done = self.with_view(color, view)


def match_parts(
    colorizer: Colorizer, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8]
) -> MatchedShares | None:
    """See `Colorizer.match_parts`: view by view, a region by the views that see most of it."""
    layout = layout_for(request)
    if layout is None:
        return colorizer.match_parts(request, regions, palette, voted)
    gathered = _Gathered(regions, len(palette.swatches) + 1)
    calibration = (1.0, 0.0)
    for seen in _seen(request, regions, layout):
        matched = colorizer.match_parts(seen.request, seen.regions, palette, seen.of_regions(voted, 255))
        if matched is None:
            return None
        calibration = matched.calibration
        gathered.add(seen, np.column_stack([matched.shares, matched.absent]))
    mean = gathered.mean()
    return MatchedShares(mean[:, :-1], mean[:, -1], calibration)


def match(
    colorizer: Colorizer, request: ColorizeRequest, regions: RegionMap, palette: Palette
) -> NDArray[np.float32] | None:
    """See `Colorizer.match`, view by view."""
    layout = layout_for(request)
    if layout is None:
        return colorizer.match(request, regions, palette)
    gathered = _Gathered(regions, len(palette.swatches))
    for seen in _seen(request, regions, layout):
        masses = colorizer.match(seen.request, seen.regions, palette)
        if masses is None:
            return None
        gathered.add(seen, masses)
    return gathered.mean()


def describe(colorizer: Colorizer, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
    """See `Colorizer.describe`, view by view."""
    layout = layout_for(request)
    if layout is None:
        return colorizer.describe(request, regions)
    gathered: _Gathered | None = None
    for seen in _seen(request, regions, layout):
        features = colorizer.describe(seen.request, seen.regions)
        if features is None:
            return None
        gathered = gathered or _Gathered(regions, features.shape[1])
        gathered.add(seen, features)
    if gathered is None:
        return colorizer.describe(request, regions)
    mean = gathered.mean()
    return mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-12))


def view_request(request: ColorizeRequest, layout: Layout, view: View) -> ColorizeRequest:
    """What is asked of one view: its ink without frames, and the references of its panel."""
    ink = layout.ink(request.line_art.ink, view)
    lines = LineArt(ink, request.line_art.extracted, request.line_art.soft)
    figure = None if request.figure is None else np.ascontiguousarray(request.figure[view.box.slices])
    own = _references(request.references, view.panel)
    return replace(request, line_art=lines, references=own, panels="off", figure=figure)


def _references(references: tuple[Reference, ...], panel: int | None) -> tuple[Reference, ...]:
    """Those given to a panel (from 0), else those given to none."""
    own = tuple(one for one in references if panel is not None and one.panel == panel + 1)
    general = tuple(one for one in references if one.panel is None)
    return own or general or references


def _unmet(request: ColorizeRequest, layout: Layout | None) -> tuple[Sentence, ...]:
    count = 0 if layout is None else len(layout.panels)
    beyond = sorted({one.panel for one in request.references if one.panel is not None and not 1 <= one.panel <= count})
    return tuple(Sentence(UNMET, number) for number in beyond)


def _lay(color: NDArray[np.uint8], guess: NDArray[np.uint8], layout: Layout, view: View, before: View | None) -> None:
    """Put the guess of a view into the picture, in place, fading from that of a window before it."""
    box = view.box
    into = color[box.slices]
    mask = layout.mask(view)
    if mask is not None:
        guess = np.where(mask[..., None], guess, into)
    shared = None if before is None or before.panel != view.panel else before.box.within(box)
    if shared is None or min(shared.size) <= 0:
        into[:] = guess
        return
    along = 0 if before is not None and before.box.top < box.top else 1
    length = shared.size[along]
    fade = np.clip((np.arange(length, dtype=np.float32) + 0.5) / length * 2.0 - 0.5, 0.0, 1.0)
    shape = (length, 1, 1) if along == 0 else (1, length, 1)
    here = slice(0, length)
    kept = (here, slice(None)) if along == 0 else (slice(None), here)
    old, new = into[kept].astype(np.float32), guess[kept].astype(np.float32)
    mixed = old + (new - old) * fade.reshape(shape)
    into[:] = np.where(True, guess, into)
    into[kept] = np.rint(mixed).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Seen:
    """A view with the regions in it: `names`, numbers from 0 of its regions in the drawing, -1 for all that is beyond
    the panel; `areas`, pixels of each in the view."""

    request: ColorizeRequest
    regions: RegionMap
    names: NDArray[np.intp]
    areas: NDArray[np.int64]

    def of_regions(self, values: NDArray[np.uint8], other: int) -> NDArray[np.uint8]:
        """count×channels of the drawing's regions → of the view's."""
        return np.where((self.names >= 0)[:, None], values[self.names], np.uint8(other))


class _Gathered:
    """Means over the views of values of regions; a view that sees a region whole counts most."""

    def __init__(self, regions: RegionMap, columns: int) -> None:
        self._total = np.zeros(regions.count, np.int64)
        for top in range(0, regions.labels.shape[0], 1024):
            rows = regions.labels[top : top + 1024].reshape(-1)
            self._total += np.bincount(rows, minlength=regions.count + 1)[1:]
        self._sum = np.zeros((regions.count, columns), np.float32)
        self._weight = np.zeros(regions.count, np.float64)

    def add(self, seen: _Seen, values: NDArray[np.float32]) -> None:
        own = seen.names >= 0
        names = seen.names[own]
        share = seen.areas[own] / np.maximum(self._total[names], 1)
        weight = share**3
        self._sum[names] += (values[own] * weight[:, None]).astype(np.float32)
        self._weight[names] += weight

    def mean(self) -> NDArray[np.float32]:
        return (self._sum / np.maximum(self._weight, 1e-12)[:, None]).astype(np.float32)


def _seen(request: ColorizeRequest, regions: RegionMap, layout: Layout) -> Iterator[_Seen]:
    """The views in which anything is drawn, with their regions."""
    for view in layout.views:
        cancellation.check()
        part = view_request(request, layout, view)
        if not (part.line_art.ink < _DRAWN).any():
            continue
        labels = regions.labels[view.box.slices].astype(np.intp)
        mask = layout.mask(view)
        if mask is not None:
            labels = np.where(mask, labels, 0)
        names, flat = np.unique(labels, return_inverse=True)
        flat = (flat + 1).reshape(labels.shape).astype(np.int32)
        areas = np.bincount(flat.reshape(-1), minlength=len(names) + 1)[1:].astype(np.int64)
        own = RegionMap(flat, len(names), regions.gap, regions.simplified, areas)
        yield _Seen(part, own, names - 1, areas)

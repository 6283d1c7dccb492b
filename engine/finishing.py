"""From the guess of the network to what a colorist hands over: flats, a locked palette, shading, doubts and leaks."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.color import flats as flat_colors
from engine.color import shading as shades
from engine.color.flats import Flats
from engine.color.palette import Palette
from engine.color.shading import Shading, ShadingMode
from engine.color.swatch_choice import choose, held_swatches
from engine.color.swatches import find_swatches, with_paper
from engine.errors import RequestError
from engine.line_art import leaks as inspector
from engine.line_art.leaks import Leak
from engine.line_art.regions import RegionMap, find_regions
from engine.request import ColorizeRequest, ColorizeResult, Progress

Pixels = NDArray[np.uint8]


class Matches(Protocol):
    """What finishing asks of `engine.colorizer.Colorizer`."""

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        """count×n: the share of each region's attention that rests on each swatch."""
        ...


@dataclass(frozen=True, eq=False)
class FinishOptions:
    """What is to be made of a guess.

    flats: one color for each region, else the guess as it is. locked: each region takes a swatch of `palette`, or of
    the references' own where that is None. gap: pixels, see `find_regions`. kept: H×W×4, flats of before (straight
    alpha); a region that has one opaque color in them keeps it.
    """

    flats: bool = True
    locked: bool = True
    palette: Palette | None = None
    shading: ShadingMode = "off"
    gap: int | None = None
    kept: Pixels | None = None

    def __post_init__(self) -> None:
        if not self.flats and (self.palette is not None or self.shading != "off" or self.kept is not None):
            raise RequestError("A palette, shading and kept colors need flats: leave them on.")


@dataclass(frozen=True, eq=False)
class Finished:
    """A finished coloring.

    color: H×W×3 uint8 sRGB, flats or guess, running on under the lines. regions, flats, palette, swatch (count, number
    of each region's swatch, -1 where it keeps a color of its own), moved (count, CIEDE2000 from the vote to the
    swatch), shading: None where not asked for. leaks: worst first.
    """

    request: ColorizeRequest
    color: Pixels
    regions: RegionMap | None = None
    flats: Flats | None = None
    palette: Palette | None = None
    swatch: NDArray[np.intp] | None = None
    moved: NDArray[np.float32] | None = None
    shading: Shading | None = None
    leaks: tuple[Leak, ...] = ()


def finish(
    colorizer: Matches,
    request: ColorizeRequest,
    result: ColorizeResult,
    options: FinishOptions,
    should_stop: Callable[[], bool] | None = None,
) -> Generator[Progress, None, Finished]:
    """Finish a coloring: yields Progress, returns what came of it. Raises NurieError and Cancelled."""
    if not options.flats:
        return Finished(request, result.color)
    ink = request.line_art.ink
    yield Progress("Finding the regions", 0.0)
    with cancellation.cancellable(should_stop):
        regions = find_regions(ink, options.gap)
    yield Progress("Choosing flat colors", 0.3)
    with cancellation.cancellable(should_stop):
        flats = flat_colors.vote(result.color, regions, ink)
        finished = Finished(request, result.color, regions, flats)
        if options.locked:
            finished = _locked(colorizer, finished, options.palette)
        if options.kept is not None:
            finished = _with_kept(finished, options.kept)
        flats = finished.flats or flats
        finished = replace(finished, color=flat_colors.paint(flats, regions))
    yield Progress("Shading", 0.6)
    with cancellation.cancellable(should_stop):
        shading = shades.find_shading(result.color, finished.color, ink, regions, options.shading)
    yield Progress("Looking for leaks", 0.8)
    with cancellation.cancellable(should_stop):
        found = inspector.find_leaks(regions, flats.colors, ink, result.color)
    yield Progress("Done", 1.0)
    return replace(finished, shading=shading, leaks=tuple(found))


def repaint(finished: Finished, palette: Palette) -> Finished:
    """The same coloring with an edited palette of the same swatches: every region follows its own."""
    assert finished.flats is not None and finished.regions is not None and finished.swatch is not None
    colors = finished.flats.colors.copy()
    held = finished.swatch >= 0
    colors[held] = palette.colors()[finished.swatch[held]]
    flats = replace(finished.flats, colors=colors)
    return replace(finished, palette=palette, flats=flats, color=flat_colors.paint(flats, finished.regions))


def _locked(colorizer: Matches, finished: Finished, palette: Palette | None) -> Finished:
    request, regions, voted = finished.request, finished.regions, finished.flats
    assert regions is not None and voted is not None
    palette = with_paper(find_swatches(request.references) if palette is None else palette)
    masses = colorizer.match(request, regions, palette)
    cancellation.check()
    choice = choose(voted, masses, palette)
    flats = Flats(choice.colors, voted.confidence * choice.certainty)
    return replace(finished, flats=flats, palette=palette, swatch=choice.swatch, moved=choice.moved)


def _with_kept(finished: Finished, kept: Pixels) -> Finished:
    """Regions that have one color in `kept` take it, and are in no doubt."""
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    if kept.shape[:2] != regions.labels.shape:
        raise RequestError("The colors to keep are of another size than the drawing: color it anew.")
    colors, known = flat_colors.colors_of(kept, regions, finished.request.line_art.ink)
    flats = Flats(np.where(known[:, None], colors, flats.colors), np.where(known, np.float32(1.0), flats.confidence))
    if finished.swatch is None or finished.palette is None or finished.moved is None:
        return replace(finished, flats=flats)
    held = held_swatches(colors, finished.palette)
    return replace(
        finished,
        flats=flats,
        swatch=np.where(known, held, finished.swatch),
        moved=np.where(known, np.float32(0.0), finished.moved),
    )

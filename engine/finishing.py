"""From the guess of the network to what a colorist hands over: flats, a locked palette, shading, doubts and leaks."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.color import flats as flat_colors
from engine.color import names
from engine.color import shading as shades
from engine.color.dividing import divide
from engine.color.flats import Flats
from engine.color.palette import Palette, Swatch
from engine.color.shading import Shading, ShadingMode
from engine.color.swatch_choice import choose, held_swatches
from engine.color.swatches import PAPER, WHITE, find_swatches, with_paper
from engine.errors import RequestError
from engine.line_art import region_edits
from engine.line_art.leaks import Leak, find_leaks
from engine.line_art.region_edits import Stroke
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
    alpha), None for those of the line art, if it has any; a region that has one opaque color in them keeps it.
    splits: strokes, each through points (x, y), along which regions are cut; merges: pairs of points whose regions
    become one, after the splits.
    """

    flats: bool = True
    locked: bool = True
    palette: Palette | None = None
    shading: ShadingMode = "off"
    gap: int | None = None
    kept: Pixels | None = None
    splits: tuple[Stroke, ...] = ()
    merges: tuple[Stroke, ...] = ()

    def __post_init__(self) -> None:
        wanted = self.palette or self.splits or self.merges or self.shading != "off" or self.kept is not None
        if wanted and not self.flats:
            raise RequestError("A palette, shading, corrected regions and kept colors need flats: leave them on.")
        if self.palette is not None and not self.palette.swatches:
            raise RequestError("The palette has no colors; add a swatch to it first.")


@dataclass(frozen=True, eq=False)
class Finished:
    """A finished coloring.

    color: H×W×3 uint8 sRGB, flats or guess, running on under the lines. regions, flats, palette, swatch (count, number
    of each region's swatch, -1 where it keeps a color of its own), moved (count, CIEDE2000 from the vote to the
    swatch, 0 for a color that was kept), shading: None where not asked for. leaks: worst first.
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
    options: FinishOptions = FinishOptions()


def finish(
    colorizer: Matches,
    request: ColorizeRequest,
    result: ColorizeResult,
    options: FinishOptions,
    should_stop: Callable[[], bool] | None = None,
) -> Generator[Progress, None, Finished]:
    """Finish a coloring: yields Progress, returns what came of it. Raises NurieError and Cancelled."""
    if not options.flats:
        return Finished(request, result.color, options=options)
    kept = request.line_art.flats if options.kept is None else options.kept
    if kept is not None and kept.shape != (*request.line_art.size, 4):
        raise RequestError("The colors to keep are of another size than the drawing: color it anew.")
    ink = request.line_art.ink
    yield Progress("Finding the regions", 0.0)
    with cancellation.cancellable(should_stop):
        regions = find_regions(ink, options.gap)
        if kept is not None:
            regions = flat_colors.divided_by_paint(regions, kept, ink)
        regions = divide(regions, result.color, ink)
        regions = region_edits.corrected(regions, options.splits, options.merges, ink)
    yield Progress("Choosing flat colors", 0.3)
    with cancellation.cancellable(should_stop):
        flats = flat_colors.vote(result.color, regions, ink)
        finished = Finished(request, result.color, regions, flats, options=options)
        if options.locked:
            finished = _locked(colorizer, finished, flats)
        if kept is not None:
            finished = _with_kept(finished, kept)
        assert finished.flats is not None
        flats = finished.flats
        finished = replace(finished, color=flat_colors.paint(flats, regions))
    yield Progress("Shading", 0.6)
    with cancellation.cancellable(should_stop):
        shading = shades.find_shading(result.color, finished.color, ink, regions, options.shading)
    yield Progress("Looking for leaks", 0.8)
    with cancellation.cancellable(should_stop):
        leaks = find_leaks(regions, flats.colors, ink, result.color)
    yield Progress("Done", 1.0)
    return replace(finished, shading=shading, leaks=tuple(leaks))


def repaint(finished: Finished, palette: Palette) -> Finished:
    """The same coloring with an edited palette, in which every region follows its swatch.

    palette: as many swatches as `finished.palette` has, in the same order. Shading and leaks stay as they were found.
    """
    regions, flats, swatch = finished.regions, finished.flats, finished.swatch
    assert regions is not None and flats is not None and swatch is not None
    colors = np.where((swatch >= 0)[:, None], palette.colors()[swatch], flats.colors)
    flats = replace(flats, colors=colors)
    return replace(finished, palette=palette, flats=flats, color=flat_colors.paint(flats, regions))


def _locked(colorizer: Matches, finished: Finished, voted: Flats) -> Finished:
    """Each region in the swatch that suits its vote and what the network compares."""
    request, regions, given = finished.request, finished.regions, finished.options.palette
    assert regions is not None
    palette = with_paper(find_swatches(request.references)) if given is None else _with_white(given)
    cancellation.check()
    masses = colorizer.match(request, regions, palette)
    cancellation.check()
    choice = choose(voted, masses, palette)
    flats = Flats(choice.colors, voted.confidence * choice.certainty)
    return replace(finished, flats=flats, palette=palette, swatch=choice.swatch, moved=choice.moved)


def _with_white(palette: Palette) -> Palette:
    """A palette that was given, exactly as it is, and pure white for the paper after it where it has none."""
    if any(swatch.color == WHITE for swatch in palette.swatches):
        return palette
    name = names.unique([*(swatch.name for swatch in palette.swatches), PAPER])[-1]
    return replace(palette, swatches=(*palette.swatches, Swatch(name, WHITE)))


def _with_kept(finished: Finished, kept: Pixels) -> Finished:
    """Regions that have one color in `kept` take it, and are in no doubt."""
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
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

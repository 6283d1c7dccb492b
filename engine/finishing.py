"""From the guess of the network to what a colorist hands over: flats, a locked palette, shading, doubts and leaks."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation, recutting, reopening, spreading, view_by_view
from engine.color import editing, names
from engine.color import flats as flat_colors
from engine.color import shading as shades
from engine.color.dividing import divide
from engine.color.flats import Flats
from engine.color.locking import lock
from engine.color.painting import paint_moving, softness
from engine.color.pairs import Pairs, find_pairs, in_bases, with_shadows, with_wishes
from engine.color.shading import Shading
from engine.color.sheet import figures_for
from engine.color.swatch_choice import Choice, choose, choose_matched, held_swatches, nearest
from engine.color.swatches import PAPER, WHITE, find_swatches, with_paper
from engine.colorizer import Colorizer
from engine.corrections import require_inside
from engine.errors import RequestError
from engine.leaks import Leak, find_leaks
from engine.line_art import region_edits
from engine.line_art.regions import RegionMap, find_regions
from engine.options import FinishOptions
from engine.pages.lettering import Marks, find_marks
from engine.palette import Color, Palette, Swatch, hex_of
from engine.recutting import Piece
from engine.request import ColorizeRequest, ColorizeResult, Progress
from engine.spreading import FOLLOWS, Own, followers

Pixels = NDArray[np.uint8]

# Swatches of a palette that are compared with each other and with every region. Of a larger one (a program's whole
# color table) each region takes what is nearest to the swatch it would have of the references' own.
MOST_COMPARED = 256

_WHITE = Swatch(PAPER, WHITE)


@dataclass(frozen=True, eq=False)
class Stages:
    """What finishing found on its way, before any hint: where another finishing of the same guess can go on from.

    guess: the network's picture. bounds: H×W float32, the ink with its closed gaps. found: the regions before any
    correction; votes, first: what they voted and chose. pieces: those that corrections changed, see `recutting`.
    regions, voted, choice: all of them together, see `Flats`, `choose`; palette, first, choice: None without a locked
    palette. seen: see `engine.matching.region_features`, None until it was asked for. marks: what of a page stays
    paper or belongs to its lettering, None for one picture. soft: how soft each swatch of the
    palette is in the references, see `engine.color.painting`.
    """

    guess: Pixels
    bounds: NDArray[np.float32]
    found: RegionMap
    votes: Flats
    regions: RegionMap
    source: NDArray[np.intp]
    voted: Flats
    pieces: tuple[Piece, ...] = ()
    palette: Palette | None = None
    first: Choice | None = None
    choice: Choice | None = None
    seen: NDArray[np.float32] | None = None
    pairs: Pairs | None = None
    soft: NDArray[np.float32] | None = None
    marks: Marks | None = None


@dataclass(frozen=True, eq=False)
class Finished:
    """A finished coloring.

    color: H×W×3 uint8 sRGB, flats (with what moves in them) or guess, running on under the lines. regions, flats,
    palette, swatch (count, number of each region's swatch, -1 where it keeps a color of its own), moved (count,
    CIEDE2000 from the vote to the swatch, 0 for a color that was kept or hinted), shading: None where not asked for.
    leaks: worst first. hint: count, which of the hints a region has its color from, -1 for none; None without flats.
    base: `palette` before any of its swatches was given another color. moves: count, how far each region's color moves
    inside it, from 0 to 1; None where none does. own: the flats before any hint; None in a coloring from a file.
    matcher: see `Choice`.
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
    hint: NDArray[np.intp] | None = None
    base: Palette | None = None
    stages: Stages | None = None
    moves: NDArray[np.float32] | None = None
    own: Flats | None = None
    matcher: str = ""


def finish(
    colorizer: Colorizer,
    request: ColorizeRequest,
    result: ColorizeResult,
    options: FinishOptions,
    should_stop: Callable[[], bool] | None = None,
    before: Finished | None = None,
) -> Generator[Progress, None, Finished]:
    """Finish a coloring: yields Progress, returns what came of it. Raises NurieError and Cancelled.

    before: the same guess as it was finished last. What the options leave as it was is taken over from it, so that a
    hint or a cut is answered at once; the answer is the same without it.
    """
    options = options.in_force
    if not options.flats:
        return Finished(request, result.color, options=options)
    kept = request.line_art.flats
    if kept is not None and kept.shape != (*request.line_art.size, 4):
        raise RequestError("The colors to keep are of another size than the drawing: color it anew.")
    require_inside(options.corrections, request.line_art.size)
    if before is not None and (before.request is not request or before.stages is None):
        before = None
    if before is not None and before.stages is not None and before.stages.guess is not result.color:
        before = None
    yield Progress("Finding the regions", 0.0)
    with cancellation.cancellable(should_stop):
        stages = _regions(request, result.color, options, kept, before)
    yield Progress("Choosing flat colors", 0.3)
    with cancellation.cancellable(should_stop):
        if options.locked and stages.choice is None:
            stages = _locked(colorizer, request, stages, options.palette)
        if options.shadows == "base" and stages.palette is not None and stages.pairs is None:
            stages = replace(stages, pairs=find_pairs(request.heeded, stages.palette))
        finished = _with_marks(_chosen(request, stages, options))
        if kept is not None:
            finished = _with_kept(finished, kept)
        finished = replace(finished, own=finished.flats)
        if options.corrections.hints:
            finished = _with_hints(colorizer, finished)
        assert finished.flats is not None
        regions, flats = stages.regions, finished.flats
        finished = _painted(replace(finished, moves=_moves(finished)))
    yield Progress("Shading", 0.6)
    with cancellation.cancellable(should_stop):
        shading = _with_lost_shadows(_shading(result.color, finished), finished)
    yield Progress("Looking for leaks", 0.8)
    with cancellation.cancellable(should_stop):
        known = before.leaks if before is not None and before.regions is regions else None
        leaks = find_leaks(regions, flats.colors, stages.bounds, result.color, known)
    yield Progress("Done", 1.0)
    finished = replace(finished, shading=shading, leaks=tuple(leaks), base=finished.palette)
    return recolored(finished, options)


def _with_lost_shadows(shading: Shading | None, finished: Finished) -> Shading | None:
    """The shading with the shadows of regions that took the base of theirs; none where it is off."""
    stages, options, swatch = finished.stages, finished.options, finished.swatch
    if options.shading == "off" or options.shadows == "own" or stages is None or swatch is None:
        return shading
    if stages.choice is None or stages.palette is None or stages.pairs is None:
        return shading
    before = stages.choice.swatch
    pairs = with_wishes(stages.pairs, stages.palette, options.pairs)
    kept = (swatch == pairs.base[before]) & (True if finished.hint is None else finished.hint < 0)
    return with_shadows(shading, stages.regions, stages.palette, np.where(kept, before, 0), np.where(kept, swatch, 0))


def recolored(finished: Finished, options: FinishOptions, guess: Pixels | None = None) -> Finished:
    """The same coloring with the edits of its swatches that `options` ask for, and with none but these.

    guess: of a coloring that has no stages.
    Raises RequestError where a swatch is called by a name that is not there.
    """
    if finished.base is None:
        return finished
    palette = _renamed_colors(editing.edited(finished.base, options.edits), options.recolor)
    return finished if palette == finished.palette else repaint(finished, palette, guess)


def _renamed_colors(palette: Palette, recolor: Sequence[tuple[str, Color]]) -> Palette:
    known = {swatch.name: number for number, swatch in enumerate(palette.swatches)}
    known |= {hex_of(swatch.color): number for number, swatch in enumerate(palette.swatches)}
    for name, color in recolor:
        number = known.get(name, known.get(name.lower()))
        if number is None:
            have = ", ".join(swatch.name for swatch in palette.swatches)
            raise RequestError("The palette has no swatch '{0}'; it has {1}.", name, have)
        palette = palette.with_color(number, color)
    return palette


def repaint(finished: Finished, palette: Palette, guess: Pixels | None = None) -> Finished:
    """The same coloring with an edited palette, in which every region follows its swatch.

    palette: as many swatches as `finished.palette` has, in the same order. guess: of a coloring that has no stages.
    Shading and leaks stay as they were found.
    """
    regions, flats, swatch = finished.regions, finished.flats, finished.swatch
    assert regions is not None and flats is not None and swatch is not None
    colors = np.where((swatch >= 0)[:, None], palette.colors()[swatch], flats.colors)
    return _painted(replace(finished, palette=palette, flats=replace(flats, colors=colors)), guess)


def _painted(finished: Finished, guess: Pixels | None = None) -> Finished:
    """With the color that its flats, and what moves in them, make. guess: of a coloring that has no stages."""
    regions, flats, stages = finished.regions, finished.flats, finished.stages
    assert regions is not None and flats is not None
    guess = guess if stages is None else stages.guess
    if finished.moves is None or guess is None:
        return replace(finished, color=flat_colors.paint(flats, regions))
    voted = flat_colors.vote(guess, regions, finished.request.line_art.ink) if stages is None else stages.voted
    return replace(finished, color=paint_moving(guess, regions, flats, voted, finished.moves))


def reopened(finished: Finished, guess: Pixels) -> Finished:
    """A coloring from a file, whose regions, flats and moves are as they were, with its color. guess: H×W×3."""
    return _painted(finished, guess)


def _moves(finished: Finished) -> NDArray[np.float32] | None:
    """How far each region's color moves: as its swatch does in the references; not what a person chose the color of."""
    stages, swatch, surface = finished.stages, finished.swatch, finished.options.surface
    if stages is None or stages.choice is None or stages.soft is None or swatch is None or surface == "flat":
        return None
    amount = np.ones(len(swatch), np.float32) if surface == "soft" else stages.soft[stages.choice.swatch]
    moves = np.where(swatch == stages.choice.swatch, amount, np.float32(0.0)).astype(np.float32)
    if finished.hint is not None:
        moves[finished.hint >= 0] = 0.0
    return moves if moves.any() else None


def _shading(guess: Pixels, finished: Finished) -> Shading | None:
    """The light and shade of the guess where asked for; none in regions that move, which show theirs already."""
    regions, moves, flats, wanted = finished.regions, finished.moves, finished.flats, finished.options.shading
    if wanted == "off" or regions is None or flats is None:
        return None
    painted = finished.color
    if moves is not None:
        painted = flat_colors.paint(flats, regions)
        still = np.append(np.uint8(1), (moves <= 0.0).view(np.uint8))[regions.labels]
        guess = np.asarray(cv2.copyTo(guess, still, painted.copy()), np.uint8)
    return shades.find_shading(guess, painted, finished.request.line_art.ink, regions, wanted)


def _regions(
    request: ColorizeRequest, guess: Pixels, options: FinishOptions, kept: Pixels | None, before: Finished | None
) -> Stages:
    """The regions and their votes; what the options leave as it was in `before` is taken from there."""
    ink, wanted = request.line_art.ink, options.corrections.of_regions
    layout = view_by_view.layout_for(request)
    lines = ink if layout is None else layout.bounded(ink)
    last = None
    if before is not None and before.stages is not None and before.options.gap == options.gap:
        last = before.stages
        if (options.locked, options.palette) != (before.options.locked, before.options.palette):
            parts = tuple(replace(piece, choice=None) for piece in last.pieces)
            last = replace(last, pieces=parts, palette=None, first=None, choice=None, pairs=None, soft=None)
        if before.options.corrections.of_regions == wanted:
            return last
    if last is None:
        found = find_regions(lines, options.gap)
        if kept is not None:
            found = flat_colors.divided_by_paint(found, kept, lines)
        found = divide(found, guess, lines)
        votes = flat_colors.vote(guess, found, ink)
        last = Stages(guess, ink, found, votes, found, np.arange(found.count), votes)
    parts = recutting.pieces(last.found, lines, guess, wanted, last.pieces)
    cut = recutting.assembled(last.found, parts)
    return replace(
        last,
        marks=None if layout is None else find_marks(ink, cut.regions, layout),
        bounds=region_edits.with_closed_gaps(lines, wanted.gaps),
        regions=cut.regions,
        source=cut.source,
        voted=recutting.gathered_flats(cut.source, last.votes, parts),
        pieces=parts,
        choice=None,
        seen=None,
    )


def _locked(colorizer: Colorizer, request: ColorizeRequest, stages: Stages, given: Palette | None) -> Stages:
    """Each region in the swatch that suits its vote and what the network compares."""
    palette, soft = stages.palette, stages.soft
    if palette is None:
        palette = _own_palette(request) if given is None else _with_swatches(given, [_WHITE])
        cancellation.check()
        few = len(palette.swatches) <= MOST_COMPARED and not reopening.can_color(request)
        soft = softness(figures_for(request), palette) if few else None

    compared = _own_palette(request) if len(palette.swatches) > MOST_COMPARED else palette

    def chosen(regions: RegionMap, voted: Flats) -> Choice:
        if reopening.can_color(request):
            return choose(voted, None, palette)
        matched = view_by_view.match_parts(colorizer, request, regions, compared, voted.colors)
        if matched is not None:
            choice = choose_matched(voted, matched, compared)
        else:
            masses = view_by_view.match(colorizer, request, regions, compared)
            cancellation.check()
            choice = choose(voted, masses, compared)
        return choice if compared is palette else nearest(choice, voted, palette)

    first = stages.first if stages.first is not None else chosen(stages.found, stages.votes)
    parts = recutting.chosen(stages.found, stages.votes, stages.pieces, chosen)
    choice = recutting.gathered_choice(stages.source, first, parts)
    return replace(stages, palette=palette, first=first, pieces=parts, choice=choice, soft=soft)


def _own_palette(request: ColorizeRequest) -> Palette:
    """The colors of the references, or those that a reopened drawing has."""
    kept = request.line_art.flats
    if kept is not None and reopening.can_color(request):
        return reopening.palette_of(kept)
    return with_paper(find_swatches(figures_for(request)))


def _chosen(request: ColorizeRequest, stages: Stages, options: FinishOptions) -> Finished:
    """The flats that vote and palette gave."""
    regions, voted, choice = stages.regions, stages.voted, stages.choice
    none = np.full(regions.count, -1, np.intp)
    finished = Finished(request, stages.guess, regions, voted, options=options, hint=none, stages=stages)
    if choice is None:
        return finished
    sure = choice.certainty if choice.probable else voted.confidence * choice.certainty
    if options.shadows == "base" and stages.palette is not None and stages.pairs is not None:
        choice = in_bases(choice, stages.palette, with_wishes(stages.pairs, stages.palette, options.pairs))
    flats = Flats(choice.colors, sure)
    finished = replace(finished, flats=flats, palette=stages.palette, swatch=choice.swatch, moved=choice.moved)
    return replace(finished, matcher=choice.matcher)


def _with_marks(finished: Finished) -> Finished:
    """Gutters and balloons are paper, what letters enclose has the color around them; none of it is in doubt."""
    marks, flats = None if finished.stages is None else finished.stages.marks, finished.flats
    if marks is None or flats is None:
        return finished
    source = np.where(marks.follows >= 0, marks.follows, np.arange(len(marks.follows)))
    colors, sure = flats.colors[source], flats.confidence.copy()
    colors[marks.paper[source]] = 255
    sure[marks.paper | (marks.follows >= 0)] = 1.0
    finished = replace(finished, flats=Flats(colors, sure))
    if finished.swatch is None or finished.palette is None or finished.moved is None:
        return finished
    white = int(held_swatches(np.asarray([WHITE], np.uint8), finished.palette)[0])
    swatch, moved = finished.swatch[source], finished.moved[source]
    swatch[marks.paper[source]] = white
    moved[marks.paper[source]] = 0.0
    return replace(finished, swatch=swatch, moved=moved)


def _with_swatches(palette: Palette, added: Sequence[Swatch]) -> Palette:
    """A palette exactly as it is, and after it those swatches the colors of which it has not."""
    for swatch in added:
        if all(swatch.color != one.color for one in palette.swatches):
            name = names.unique([*(one.name for one in palette.swatches), swatch.name])[-1]
            palette = replace(palette, swatches=(*palette.swatches, Swatch(name, swatch.color)))
    return palette


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


def _with_hints(colorizer: Colorizer, finished: Finished) -> Finished:
    """Hinted regions take their color, which becomes a swatch; regions like them follow (see `spreading`)."""
    regions, flats, stages = finished.regions, finished.flats, finished.stages
    assert regions is not None and flats is not None and stages is not None
    hints = finished.options.corrections.hints
    number = {int(regions.labels[hint.y, hint.x]) - 1: index for index, hint in enumerate(hints)}
    hint = np.full(regions.count, -1, np.intp)
    hint[list(number)] = list(number.values())
    sources = [region for region, index in number.items() if hints[index].spread]
    if sources and stages.seen is None:
        stages = replace(stages, seen=view_by_view.describe(colorizer, finished.request, regions))
    own = own_of(replace(finished, stages=stages)) if sources else None
    if own is not None:
        following = followers(sources, own, (hint >= 0) | _held(finished))
        follows = following >= 0
        hint[follows] = hint[np.asarray(sources, np.intp)[following[follows]]]
    else:
        follows = np.zeros(regions.count, np.bool_)
    return _in_hinted_colors(replace(finished, hint=hint, stages=stages), follows)


def described(colorizer: Colorizer, finished: Finished) -> Finished:
    """The same coloring with all that `following` wants to know. Raises Cancelled."""
    if finished.stages is None or finished.regions is None or finished.stages.seen is not None:
        return finished
    seen = view_by_view.describe(colorizer, finished.request, finished.regions)
    return replace(finished, stages=replace(finished.stages, seen=seen))


def following(finished: Finished, label: int, own: Own | None = None) -> NDArray[np.bool_]:
    """Which of count regions would follow a hint in the region of this label. The network is not asked: it must have
    been by `described` or for another hint; else, and without flats, none does. own: of `own_of`, if at hand."""
    regions = finished.regions
    if regions is None:
        return np.zeros(0, np.bool_)
    own = own_of(finished) if own is None else own
    none = np.zeros(regions.count, np.bool_)
    if own is None:
        return none
    hints = finished.options.corrections.hints
    number = {int(regions.labels[hint.y, hint.x]) - 1: hint.spread for hint in hints}
    number[label - 1] = True
    sources = [region for region, spreads in number.items() if spreads]
    fixed = _held(finished)
    fixed[list(number)] = True
    return followers(sources, own, fixed) == sources.index(label - 1)


def own_of(finished: Finished) -> Own | None:
    """What is known of the regions before any hint; None where nothing was seen."""
    regions, stages, flats = finished.regions, finished.stages, finished.own
    if regions is None or stages is None or stages.seen is None or flats is None:
        return None
    likely = None if stages.choice is None else stages.choice.likely
    spread = spreading.spread_of(regions)
    return Own(stages.seen, flats.colors, flats.confidence, regions.areas, spread, likely)


def _held(finished: Finished) -> NDArray[np.bool_]:
    """Which regions a person found right in the color they had before any hint; they follow nobody."""
    regions, own = finished.regions, finished.own
    assert regions is not None and own is not None
    held = np.zeros(regions.count, np.bool_)
    for one in finished.options.corrections.right:
        index = int(regions.labels[one.y, one.x]) - 1
        held[index] |= one.color == tuple(own.colors[index].tolist())
    return held


def _in_hinted_colors(finished: Finished, follows: NDArray[np.bool_]) -> Finished:
    """follows: which of the regions with a hint have it from another region."""
    flats, hint, hints = finished.flats, finished.hint, finished.options.corrections.hints
    assert flats is not None and hint is not None
    given = hint >= 0
    wanted = np.asarray([one.color for one in hints], np.uint8)
    if finished.options.palette is not None and finished.palette is not None:
        wanted = lock(wanted, finished.palette).colors  # a palette that a person gave is as they gave it
    sure = np.where(follows, np.maximum(flats.confidence, np.float32(FOLLOWS)), np.float32(1.0))
    colors = np.where(given[:, None], wanted[hint], flats.colors)
    finished = replace(finished, flats=Flats(colors, np.where(given, sure, flats.confidence)))
    if finished.swatch is None or finished.palette is None or finished.moved is None:
        return finished
    used = [(int(r), int(g), int(b)) for r, g, b in wanted[np.unique(hint[given])]]
    palette = _with_swatches(finished.palette, [Swatch(names.name_of(color), color) for color in used])
    held = held_swatches(wanted, palette)
    return replace(
        finished,
        palette=palette,
        swatch=np.where(given, held[hint], finished.swatch),
        moved=np.where(given, np.float32(0.0), finished.moved),
    )

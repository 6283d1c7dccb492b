"""Carrying corrections over: which regions of another drawing of the same character should have a hint's color too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import cancellation, inspection
from engine.color import flats
from engine.color.compose import lay_under_ink
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.sheet import figures_for
from engine.color.swatches import find_swatches, with_paper
from engine.colorizer import Colorizer
from engine.corrections import RGB
from engine.finishing import Finished
from engine.line_art.regions import RegionMap, labels_at_edge
from engine.palette import Palette, Swatch
from engine.request import Reference

LEAST = 0.86  # probability from which a region is proposed: nine of ten are right
LEAST_BY_PARTS = (
    0.70  # the same where parts are matched: 0.92 of proposals were right on held-out characters of our own
)

# A logistic model of whether two regions in two drawings of a character have the same true color, fitted on drawings
# of our own characters in two poses each; tests.benchmarks.bench_corrections measures it.
_BIAS, _LIKENESS, _HEIGHT, _SIZE, _EVIDENCE = 0.67, 28.0, -2.2, -0.42, 0.74
_ALIKE = 0.85  # cosine between what the network sees in two regions' lines, up to which they are nothing to each other
_LEAST_MASS, _NO_EVIDENCE = 0.02, -2.8  # floor of the attention on the color; log of it where nothing is known
_SAME = 3.0  # CIEDE2000 between colors that need no correction
# The same where parts are matched, fitted on 37 held-out characters of our own in two poses each: by the logit of the
# probability of the hint's color, and by whether a region has the color now that the hinted one had before.
_SHARE, _SAME_MISTAKE, _BY_PARTS = 0.66, 0.87, -0.79
_OF_PALETTE = 5.0  # CIEDE2000 within which a swatch speaks for a color
_SMALLEST = 1e-4  # of the picture: smaller regions are not worth a proposal


@dataclass(frozen=True)
class Proposal:
    """A region of another drawing that may need a hint's color.

    x, y: a pixel of it; label: its number there; hint: index of the hint. confidence: probability that it is right.
    """

    x: int
    y: int
    label: int
    color: RGB
    hint: int
    confidence: float


def carry(colorizer: Colorizer, source: Finished, target: Finished, least: float | None = None) -> list[Proposal]:
    """Regions of `target` that match a hinted region of `source` and have another color now, the surest first.

    Compared are what the network sees in the lines of both regions, how high in the figure they are and how large, and
    how much of the attention of the other region rests on the hint's color already. Regions that a person colored are
    left alone. Nothing below the probability `least` (None: that from which nine of ten are right); nothing where the
    network compares no line art, or without flats. A colorizer that matches parts is given the corrected drawing as
    the reference instead. Raises Cancelled.
    """
    hints, regions, shown = source.options.corrections.hints, target.regions, target.flats
    if not hints or source.regions is None or regions is None or shown is None or target.request is source.request:
        return []
    found = _by_parts(colorizer, source, target, LEAST_BY_PARTS if least is None else least)
    if found is not None:
        return found
    own, other = colorizer.describe(source.request, source.regions), colorizer.describe(target.request, regions)
    cancellation.check()
    if own is None or other is None:
        return []
    number = {int(source.regions.labels[hint.y, hint.x]) - 1: index for index, hint in enumerate(hints)}
    evidence = _evidence(colorizer, target, [hint.color for hint in hints])
    ours, theirs = _measure(source.regions), _measure(regions)
    best, chosen = np.zeros(regions.count), np.full(regions.count, -1, np.intp)
    wanted = to_lab(np.asarray([hint.color for hint in hints], np.uint8))
    has_other = ciede2000(to_lab(shown.colors)[:, None], wanted[None]) > _SAME
    for region, index in number.items():
        height = np.abs(theirs.height - ours.height[region])
        size = np.minimum(np.abs(np.log(theirs.area / ours.area[region])), 3.0)
        likeness = np.maximum(other @ own[region] - _ALIKE, 0.0)
        score = _BIAS + _LIKENESS * likeness + _HEIGHT * np.minimum(height, 0.5) + _SIZE * size
        sure = 1.0 / (1.0 + np.exp(-(score + _EVIDENCE * evidence[:, index])))
        better = sure > best
        best[better], chosen[better] = sure[better], index
    may = (
        (best >= (LEAST if least is None else least))
        & _free(target)
        & theirs.inside
        & (regions.areas >= _SMALLEST * regions.labels.size)
    )
    found = np.flatnonzero(may & has_other[np.arange(regions.count), chosen])
    found = found[np.argsort(-best[found], kind="stable")]
    places = inspection.places(regions, found)
    return [
        Proposal(x, y, int(at) + 1, hints[chosen[at]].color, int(chosen[at]), round(float(best[at]), 4))
        for at, (x, y) in zip(found, places, strict=True)
    ]


def _by_parts(colorizer: Colorizer, source: Finished, target: Finished, least: float) -> list[Proposal] | None:
    """Where the corrected drawing, as a reference, gives a region the color of a hint; None if it tells nothing."""
    hints, regions, shown, own = source.options.corrections.hints, target.regions, target.flats, source.regions
    assert regions is not None and shown is not None and own is not None and source.flats is not None
    colors = list(dict.fromkeys(tuple(color) for color in source.flats.colors.tolist()))
    palette = Palette(tuple(Swatch(f"{number}", color) for number, color in enumerate(colors)))
    picture = lay_under_ink(flats.paint(source.flats, own), source.request.line_art.layer)
    request = replace(target.request, references=(Reference(picture, None, "corrected"),))
    voted = shown if target.stages is None else target.stages.voted
    matched = colorizer.match_parts(request, regions, palette, voted.colors)
    cancellation.check()
    if matched is None:
        return None
    shares = matched.shares * (1.0 - matched.absent[:, None])
    known = {color: number for number, color in enumerate(colors)}
    # A hint whose swatch was edited, or that another one covers, has no region in its color.
    numbers = np.array([known.get(hint.color, -1) for hint in hints], np.intp)
    share = np.where(numbers >= 0, shares[:, numbers], 0.0)
    sure = _probability(share, _same_mistake(source, shown.colors))
    best = sure.argmax(axis=1)
    certain = sure[np.arange(regions.count), best]
    wanted = np.asarray([hint.color for hint in hints], np.uint8)[best]
    # Among the colors of the corrected drawing the hint's must be the likeliest.
    likeliest = shares.argmax(axis=1) == numbers[best]
    has_other = ciede2000(to_lab(shown.colors), to_lab(wanted)) > _SAME
    large = regions.areas >= _SMALLEST * regions.labels.size
    may = likeliest & (certain >= least) & has_other & large & _free(target) & _measure(regions).inside
    found = np.flatnonzero(may)
    found = found[np.argsort(-certain[found], kind="stable")]
    return [
        Proposal(x, y, int(at) + 1, hints[best[at]].color, int(best[at]), round(float(certain[at]), 4))
        for at, (x, y) in zip(found, inspection.places(regions, found), strict=True)
    ]


def _probability(share: NDArray, same: NDArray[np.bool_]) -> NDArray[np.float64]:
    """count×n: that each region has the color of each hint. share: what the matcher gives it; same: `_same_mistake`."""
    clipped = np.clip(share.astype(np.float64), 1e-4, 1.0 - 1e-4)
    score = _BY_PARTS + _SHARE * np.log(clipped / (1.0 - clipped)) + _SAME_MISTAKE * same
    return 1.0 / (1.0 + np.exp(-score))


def _same_mistake(source: Finished, colors: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """count×n: whether each of count×3 colors is what each hinted region of the source had before its hint."""
    hints, regions = source.options.corrections.hints, source.regions
    assert regions is not None
    choice = None if source.stages is None else source.stages.choice
    if choice is None:
        return np.zeros((len(colors), len(hints)), np.bool_)
    before = choice.colors[[int(regions.labels[hint.y, hint.x]) - 1 for hint in hints]]
    return ciede2000(to_lab(colors)[:, None], to_lab(before)[None]) < _SAME


@dataclass(frozen=True, eq=False)
class _Measures:
    """Of each region the height of its middle and its area, in parts of the figure's. inside: if it is the figure's."""

    height: NDArray[np.float64]
    area: NDArray[np.float64]
    inside: NDArray[np.bool_]


def _measure(regions: RegionMap) -> _Measures:
    """The figure is all but the largest region at the picture's edge."""
    labels, count = regions.labels, regions.count
    rows = np.broadcast_to(np.arange(labels.shape[0], dtype=np.float64)[:, None], labels.shape)
    pixels = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    middle = np.bincount(labels.reshape(-1), rows.reshape(-1), count + 1)[1:] / np.maximum(pixels, 1)
    edge = labels_at_edge(labels) - 1
    inside = np.ones(count, np.bool_)
    inside[edge[regions.areas[edge].argmax()]] = False
    if not inside.any():
        inside[:] = True
    drawn = np.flatnonzero(np.append(False, inside)[labels].any(axis=1))
    top, tall = drawn[0], max(1, drawn[-1] - drawn[0])
    area = np.maximum(regions.areas, 1) / max(1, int(regions.areas[inside].sum()))
    return _Measures((middle - top) / tall, area, inside)


def _evidence(colorizer: Colorizer, target: Finished, colors: Sequence[RGB]) -> NDArray[np.float64]:
    """count×n: the logarithm of the share of each region's attention that rests on each of n colors."""
    assert target.regions is not None
    palette = _palette(target)
    masses = colorizer.match(target.request, target.regions, palette)
    cancellation.check()
    if masses is None:
        return np.full((target.regions.count, len(colors)), _NO_EVIDENCE)
    difference = ciede2000(to_lab(np.asarray(colors, np.uint8))[:, None], to_lab(palette.colors())[None])
    known = np.log(masses[:, difference.argmin(axis=1)].astype(np.float64) + _LEAST_MASS)
    return np.where(difference.min(axis=1) <= _OF_PALETTE, known, _NO_EVIDENCE)


def _palette(target: Finished) -> Palette:
    """The swatches of the references, without what a person made of them."""
    if target.stages is not None and target.stages.palette is not None and target.options.palette is None:
        return target.stages.palette
    return with_paper(find_swatches(figures_for(target.request)))


def _free(target: Finished) -> NDArray[np.bool_]:
    """Regions to which no person gave a color, here or in a layered file of before."""
    regions, line_art = target.regions, target.request.line_art
    assert regions is not None
    free = np.ones(regions.count, np.bool_)
    kept = line_art.flats
    if kept is not None:
        free &= ~flats.colors_of(kept, regions, line_art.ink)[1]
    for hint in target.options.corrections.hints:
        free[regions.labels[hint.y, hint.x] - 1] = False
    return free

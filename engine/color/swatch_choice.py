"""Which swatch of a palette each region of a drawing takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.flats import Flats
from engine.color.locking import lock
from engine.palette import Palette

# Chosen on drawings of our own characters and of those we learn from, in poses other than their reference.
_LEAST = 0.02  # share of the attention that everything has
_REACH = 20.0  # CIEDE2000 from the guess that weighs as much as a factor e of attention
_PAIRS_AT_ONCE = 1 << 18  # of a region and a swatch, which bounds the memory

# For shares of parts, chosen on held-out characters of our own.
_LEAST_SHARE = 0.01
_GUESS = 0.5  # what a step of `_REACH` from the guess weighs there
_ALIKE = 15.0  # CIEDE2000 over which a swatch is worth a factor e² less where another one is right


@dataclass(frozen=True, eq=False)
class Choice:
    """The swatches of count regions.

    swatch: count, numbers of swatches. colors: count×3 uint8, theirs. moved: count float32, CIEDE2000 from the
    region's vote. certainty: count float32 in [0, 1], how far the swatch leads. probable: whether that is the
    probability that it is right, in which the vote's own doubt counts already. likely: count×n float32, the probability
    of each swatch, rows sum to 1; None where only the nearest was looked for. matcher: the SHA-256 of the file that
    matched parts for it, empty for none.
    """

    swatch: NDArray[np.intp]
    colors: NDArray[np.uint8]
    moved: NDArray[np.float32]
    certainty: NDArray[np.float32]
    probable: bool = False
    likely: NDArray[np.float32] | None = None
    matcher: str = ""


def choose(voted: Flats, masses: NDArray[np.float32] | None, palette: Palette) -> Choice:
    """The swatch of each region.

    voted: the colors that the guess gives them. masses: count×n of `engine.matching.swatch_masses`, the share of
    each region's attention on each swatch: where the network looks says more than what it paints, since paint of
    several places mixes to a color that nobody has. None: the nearest swatch is taken.
    Raises RequestError when the palette is empty.
    """
    if masses is None:
        locked = lock(voted.colors, palette)
        return Choice(locked.swatch, locked.colors, locked.moved, np.exp(-locked.moved / np.float32(_REACH)))

    def judge(rows: slice, difference: NDArray) -> _Judged:
        score = np.log(masses[rows] + _LEAST) - difference / _REACH
        shares = _shares(score)
        return score.argmax(axis=1), shares.max(axis=1), shares

    return _choose(voted, palette, judge)


def nearest(choice: Choice, voted: Flats, palette: Palette) -> Choice:
    """A choice among other swatches, each in the nearest of this palette; as certain as it was."""
    locked = lock(choice.colors, palette)
    moved = ciede2000(to_lab(voted.colors), to_lab(locked.colors)).astype(np.float32)
    return replace(choice, swatch=locked.swatch, colors=locked.colors, moved=moved, likely=None)


@dataclass(frozen=True, eq=False)
class MatchedShares:
    """What the matching network says of count regions and n swatches.

    shares: count×n float32, the probability of each swatch if the references show the region's part at all; rows sum
    to 1, or to 0 where nothing is known. absent: count float32, the probability that they do not show it.
    calibration: scale and shift of the logit that make a certainty a probability. matcher: see `Choice`.
    """

    shares: NDArray[np.float32]
    absent: NDArray[np.float32]
    calibration: tuple[float, float] = (1.0, 0.0)
    matcher: str = ""


def choose_matched(voted: Flats, matched: MatchedShares, palette: Palette) -> Choice:
    """The swatch of each region by the parts it matches, and by its vote.

    Not the likeliest swatch is taken but the one with the most likely colors near it: where skin and its shade share
    what hair has not, one of these two is a small mistake at worst. The certainty is the probability that the swatch
    is right, from its own expected likeness to what is right. Raises RequestError when the palette is empty.
    """
    wanted = to_lab(palette.colors())
    alike = np.exp(-((ciede2000(wanted[:, None], wanted[None]) / _ALIKE) ** 2))

    def judge(rows: slice, difference: NDArray) -> _Judged:
        known = matched.shares[rows].any(axis=1, keepdims=True)
        score = np.log(matched.shares[rows] + _LEAST_SHARE) - np.where(known, _GUESS, 1.0) * difference / _REACH
        shares = _shares(score).astype(np.float32)
        expected = shares @ alike
        sure = calibrated(expected.max(axis=1) * (1.0 - matched.absent[rows]), matched.calibration)
        return expected.argmax(axis=1), sure, shares

    return replace(_choose(voted, palette, judge), probable=True, matcher=matched.matcher)


_Judged = tuple[NDArray, NDArray, NDArray]  # of some regions: swatch, certainty, shares of all swatches


def _choose(voted: Flats, palette: Palette, judge: Callable[[slice, NDArray], _Judged]) -> Choice:
    """Judge the regions, many at a time. judge: is told which, and the CIEDE2000 from their votes to all swatches."""
    swatches = palette.colors()
    wanted, given = to_lab(swatches), to_lab(voted.colors)
    count = len(given)
    swatch, moved, certainty = np.empty(count, np.intp), np.empty(count, np.float32), np.empty(count, np.float32)
    shares = np.empty((count, len(swatches)), np.float32)
    step = max(1, _PAIRS_AT_ONCE // len(swatches))
    for top in range(0, count, step):
        cancellation.check()
        rows = slice(top, top + step)
        difference = ciede2000(given[rows, None], wanted[None])
        swatch[rows], certainty[rows], shares[rows] = judge(rows, difference)
        moved[rows] = np.take_along_axis(difference, swatch[rows, None], axis=1)[:, 0]
    return Choice(swatch, swatches[swatch], moved, certainty, likely=shares)


def _shares(score: NDArray) -> NDArray:
    likely = np.exp(score - score.max(axis=1, keepdims=True))
    return likely / likely.sum(axis=1, keepdims=True)


def calibrated(certainty: NDArray, calibration: tuple[float, float]) -> NDArray[np.float32]:
    """A certainty in [0, 1] as a probability: its logit scaled and shifted (Platt, 1999)."""
    clipped = np.clip(certainty, 1e-4, 1.0 - 1e-4)
    logit = np.log(clipped / (1.0 - clipped)) * calibration[0] + calibration[1]
    return (1.0 / (1.0 + np.exp(-logit))).astype(np.float32)


def held_swatches(colors: NDArray[np.uint8], palette: Palette) -> NDArray[np.intp]:
    """For each of n×3 colors the number of the swatch that has exactly it, -1 where none does."""
    number: dict[tuple[int, ...], int] = {}
    for index, swatch in enumerate(palette.swatches):
        number.setdefault(swatch.color, index)
    return np.asarray([number.get(tuple(color), -1) for color in colors.tolist()], np.intp)

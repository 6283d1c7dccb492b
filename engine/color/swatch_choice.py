"""Which swatch of a palette each region of a drawing takes."""

from dataclasses import dataclass

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


@dataclass(frozen=True, eq=False)
class Choice:
    """The swatches of count regions.

    swatch: count, numbers of swatches. colors: count×3 uint8, theirs. moved: count float32, CIEDE2000 from the region's
    vote. certainty: count float32 in [0, 1], how far the swatch leads.
    """

    swatch: NDArray[np.intp]
    colors: NDArray[np.uint8]
    moved: NDArray[np.float32]
    certainty: NDArray[np.float32]


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
    swatches = palette.colors()
    wanted, given = to_lab(swatches), to_lab(voted.colors)
    count = len(given)
    swatch, moved, certainty = np.empty(count, np.intp), np.empty(count, np.float32), np.empty(count, np.float32)
    step = max(1, _PAIRS_AT_ONCE // len(swatches))
    for top in range(0, count, step):
        cancellation.check()
        rows = slice(top, top + step)
        difference = ciede2000(given[rows, None], wanted[None])
        score = np.log(masses[rows] + _LEAST) - difference / _REACH
        swatch[rows] = score.argmax(axis=1)
        moved[rows] = np.take_along_axis(difference, swatch[rows, None], axis=1)[:, 0]
        certainty[rows] = 1.0 / np.exp(score - score.max(axis=1, keepdims=True)).sum(axis=1)
    return Choice(swatch, swatches[swatch], moved, certainty)


def held_swatches(colors: NDArray[np.uint8], palette: Palette) -> NDArray[np.intp]:
    """For each of n×3 colors the number of the swatch that has exactly it, -1 where none does."""
    number: dict[tuple[int, ...], int] = {}
    for index, swatch in enumerate(palette.swatches):
        number.setdefault(swatch.color, index)
    return np.asarray([number.get(tuple(color), -1) for color in colors.tolist()], np.intp)

"""Holding a coloring to a palette."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.errors import RequestError
from engine.palette import Palette

_PAIRS_AT_ONCE = 1 << 18  # of a color and a swatch, which bounds the memory


@dataclass(frozen=True, eq=False)
class Locked:
    """Colors held to a palette.

    colors: n×3 uint8, each a swatch's. swatch: n indices. moved: n float32, CIEDE2000 between before and after.
    """

    colors: NDArray[np.uint8]
    swatch: NDArray[np.intp]
    moved: NDArray[np.float32]


def lock(colors: NDArray[np.uint8], palette: Palette) -> Locked:
    """The nearest swatch of each color by CIEDE2000; of equally near ones the first.

    colors: n×3 uint8. Raises RequestError when the palette is empty.
    """
    if not palette.swatches:
        raise RequestError("The palette has no colors; add a swatch to it first.")
    swatches = palette.colors()
    wanted, given = to_lab(swatches), to_lab(np.asarray(colors, np.uint8).reshape(-1, 3))
    index, moved = np.empty(len(given), np.intp), np.empty(len(given), np.float32)
    step = max(1, _PAIRS_AT_ONCE // len(swatches))
    for top in range(0, len(given), step):
        rows = slice(top, top + step)
        difference = ciede2000(given[rows, None], wanted[None])
        index[rows] = difference.argmin(axis=1)
        moved[rows] = difference.min(axis=1)
    return Locked(swatches[index], index, moved)

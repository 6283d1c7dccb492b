"""Cleaning ink by hand: levels for scans, and specks that go. What is cleaned is the line layer from then on."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import RequestError
from engine.options import DESPECKLE_MAX
from engine.request import LineArt

_TOUCHED = 0.98  # ink below which a pixel holds dots together: the palest edge of a line counts


@dataclass(frozen=True)
class Cleaning:
    """How ink is cleaned.

    black, white: gray levels, 0 ≤ black < white ≤ 255; ink of `black` and below becomes 0, of `white` and above paper,
    and what is between is spread evenly. despeckle: pixels; dots no wider and no higher than that go; 0 keeps all.
    """

    black: int = 0
    white: int = 255
    despeckle: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.black < self.white <= 255:
            raise RequestError(
                "The levels are {0} and {1}; choose black below white, both from 0 to 255.", self.black, self.white
            )
        if not 0 <= self.despeckle <= DESPECKLE_MAX:
            raise RequestError("Dots of {0} pixels are no specks; choose 0 to {1}.", self.despeckle, DESPECKLE_MAX)


def cleaned(line_art: LineArt, cleaning: Cleaning) -> LineArt:
    """Line art with its levels stretched and then its specks gone; the same object where nothing is to be cleaned.

    A speck is all that hangs together, over sides or corners and over the palest pixels, and fits into a square. So a
    line never loses a part of itself, however thin or pale it is; what stands apart as a dot goes.
    """
    if cleaning == Cleaning():
        return line_art
    ink = _stretched(line_art.ink, cleaning)
    outline = None if line_art.outline is None else _stretched(line_art.outline, cleaning)
    if cleaning.despeckle > 0:
        specks = _specks(ink, cleaning.despeckle)
        ink[specks] = 1.0
        if outline is not None:
            outline[specks] = 1.0
    own = None if line_art.own is None else _faded(line_art.own, line_art.layer, ink if outline is None else outline)
    return replace(line_art, ink=ink, outline=outline, own=own)


def _faded(own: NDArray[np.uint8], before: NDArray[np.float32], after: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A line layer in its own color as much deeper or paler as its ink became."""
    share = np.clip((1.0 - after) / np.maximum(1.0 - before, 1e-6), 0.0, 255.0)
    result = own.copy()
    result[..., 3] = np.clip(np.rint(own[..., 3] * share), 0, 255).astype(np.uint8)
    result[result[..., 3] == 0] = 0
    return result


def _stretched(ink: NDArray[np.float32], cleaning: Cleaning) -> NDArray[np.float32]:
    black, white = cleaning.black / 255.0, cleaning.white / 255.0
    if (cleaning.black, cleaning.white) == (0, 255):
        return ink.copy()
    return np.clip((ink - np.float32(black)) / np.float32(white - black), 0.0, 1.0)


def _specks(ink: NDArray[np.float32], size: int) -> NDArray[np.bool_]:
    """H×W, True on dots of at most `size` pixels in width and height."""
    drawn = (ink < _TOUCHED).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8, ltype=cv2.CV_32S)
    small = np.zeros(count, np.bool_)
    extent = np.asarray(statistics)[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    small[1:] = (extent[1:] <= size).all(axis=1)
    return small[np.asarray(labels, np.int32)]

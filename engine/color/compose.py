"""From a small coloured guess with lines in it to colour at the drawing's size that runs on under its own lines."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.request import ColorizeResult

STRIP_ROWS = 1024  # rows composed at a time, so that a huge drawing never exists as floats
_NEAR_LINE, _ON_LINE = 0.05, 1e-4  # how far the guess is believed beside and on a line


def fill_under_lines(guess: NDArray[np.uint8], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Replace the lines in a guess by the colours around them.

    guess: H×W×3 uint8; ink: H×W float32 in [0, 1], 0 ink, at the same size. Returns H×W×3 uint8.

    Push-pull (Gortler et al., "The Lumigraph", 1996, §3.3): colours with their weights are averaged down a pyramid, and
    on the way back up fill where the finer level knows little.
    """
    beside = cv2.erode(ink, np.ones((3, 3), np.uint8))
    weight = _ON_LINE + (_NEAR_LINE - _ON_LINE) * ink**2 + (1.0 - _NEAR_LINE) * beside**2
    known = np.dstack([guess.astype(np.float32) * weight[..., None], weight]).astype(np.float32, copy=False)
    filled = _push_pull(known)
    return np.clip(filled + 0.5, 0.0, 255.0).astype(np.uint8)


def _push_pull(known: NDArray[np.float32]) -> NDArray[np.float32]:
    """H×W×4 (colour × weight, weight) → H×W×3, every pixel a colour."""
    height, width = known.shape[:2]
    color = known[..., :3] / known[..., 3:]
    if min(height, width) <= 2:
        return color
    coarse = np.asarray(cv2.pyrDown(known), np.float32)
    # A quarter of known pixels is enough to be sure; else far colours would leak in where many lines run.
    coarse *= np.minimum(1.0, 4.0 * coarse[..., 3:]) / coarse[..., 3:]
    below = cv2.pyrUp(_push_pull(coarse), dstsize=(width, height))
    trust = np.clip(known[..., 3:], 0.0, 1.0)
    return np.asarray(trust * color + (1.0 - trust) * below, np.float32)


def lay_under_ink(color: NDArray[np.uint8], ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Multiply colour by ink: H×W×3 uint8 and H×W float32 → H×W×3 uint8. Where the ink is 1 the colour is untouched."""
    image = np.empty_like(color)
    for top in range(0, color.shape[0], STRIP_ROWS):
        rows = slice(top, top + STRIP_ROWS)
        product = color[rows].astype(np.float32) * ink[rows, :, None]
        image[rows] = (product + 0.5).astype(np.uint8)
    return image


def picture_of(result: ColorizeResult) -> NDArray[np.uint8]:
    """The flattened guess, H×W×3 uint8 sRGB: its color multiplied by the ink of the line layer, made anew each time."""
    return lay_under_ink(result.color, result.layer)


def shrink_ink(ink: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Line art at a smaller size (height, width) in which thin lines stay dark.

    Plain averaging turns a 2-pixel line of a 4096-pixel drawing into a breath of grey at 512; so lines are thickened by
    half the shrinking factor before it.
    """
    height, width = size
    factor = max(ink.shape[0] / height, ink.shape[1] / width)
    reach = round(factor / 2)
    if reach > 1:
        ink = np.asarray(cv2.erode(ink, np.ones((reach, reach), np.uint8)), np.float32)
    return np.asarray(cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA), np.float32)

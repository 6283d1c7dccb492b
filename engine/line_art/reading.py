"""How a drawing is read before its ink is taken: clean or scanned, light on nothing, or over a rough."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.images import Picture
from engine.line_art.channels import broad
from engine.line_art.extent import seen_side
from engine.line_art.paper import is_light_on_dark, reduced, whitened
from engine.line_art.rough import Rough, may_have_rough, split_rough

_NEAR_WHITE = 225  # of 255; a clean digital drawing has nearly nothing between this and 255
_CLEAN_SHARE = 0.8
_LIGHT, _LIGHT_SHARE = 200, 0.85  # luma of light lines on transparency, and the share of what is opaque that has it
_THIN, _COVERED = 0.03, 0.4  # of the longer side: lines are thinner; share of the canvas they have at most
_BROAD_SHARE = 0.25

Pixels = NDArray[np.uint8]


def is_on_white(gray: Pixels) -> bool:
    """True when the paper of H×W `gray` is pure white, as in a clean digital drawing or one laid on white."""
    counts = np.bincount(gray.reshape(-1), minlength=256)
    near_white = int(counts[_NEAR_WHITE:].sum())
    return near_white > 0.02 * gray.size and counts[255] >= _CLEAN_SHARE * near_white


def gray_levels(pixels: Pixels) -> Pixels:
    """H×W×3 → H×W uint8 (Rec. 601 luma)."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def light_lines(picture: Picture) -> Pixels | None:
    """The layer of light lines on transparency, H×W×4 uint8; None when the picture is something else.

    On white, on which pictures are laid, such lines cannot be seen; their maker sees them on a dark canvas.
    """
    alpha = picture.alpha
    if alpha is None or not (alpha >= 128).any() or (alpha >= 128).mean() > _COVERED:
        return None
    seen = alpha >= 128
    share = alpha[seen].astype(np.float32)[:, None] / np.float32(255.0)
    own = np.clip((picture.pixels[seen] - 255.0 * (1.0 - share)) / share, 0.0, 255.0)
    luma = own @ np.array([0.299, 0.587, 0.114], np.float32)
    if (luma >= _LIGHT).mean() < _LIGHT_SHARE:
        return None
    width = max(7, round(_THIN * seen_side(alpha.shape))) | 1
    if np.count_nonzero(broad(seen, width)) > _BROAD_SHARE * np.count_nonzero(seen):
        return None
    drawn = alpha > 0
    share = alpha[drawn].astype(np.float32)[:, None] / np.float32(255.0)
    layer = np.zeros((*alpha.shape, 4), np.uint8)
    layer[drawn, :3] = np.clip(np.rint((picture.pixels[drawn] - 255.0 * (1.0 - share)) / share), 0.0, 255.0)
    layer[drawn, 3] = alpha[drawn]
    return layer


def set_aside(pixels: Pixels) -> Rough | None:
    """The rough under the inks of a drawing on whatever paper, and the drawing without it, which then is on white."""
    small = (reduced(pixels) * 255.0).astype(np.uint8)
    if is_light_on_dark(reduced(pixels)):
        return None
    clean = is_on_white(gray_levels(pixels))
    if not may_have_rough(small if clean else whitened(small)):
        return None
    return split_rough(pixels if clean else whitened(pixels))

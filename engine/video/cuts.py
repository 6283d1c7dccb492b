"""Where one shot ends and the next begins."""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.line_art.distance import distance_field
from engine.video.flow import Field, flow_between

_SIDE = 192  # pixels of the longer side at which frames are compared
_MEMORY = 8  # steps that say what is usual in this shot
_UNLIKE, _UNUSUAL = 0.58, 0.75  # likeness below which, and below which share of the usual one, it is a cut
_NEAR, _MOVED = 90, 40  # gray levels of a sketch: beside a line; by how much what moved may differ
_FEW = 10  # pixels beside lines, with less a frame is empty


def sketch_of(pixels: NDArray[np.uint8]) -> Field:
    """What is compared of a frame: the root of the distance to its lines. pixels: H×W×3 uint8 sRGB."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, 2 * _SIDE / max(gray.shape))
    small = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1.0 else gray
    darkest, lightest = (float(one) for one in np.percentile(small, (1, 99)))
    ink = np.clip((small.astype(np.float32) - darkest) / max(lightest - darkest, 32.0), 0.0, 1.0)
    far = np.sqrt(distance_field(ink))
    scale = _SIDE / max(far.shape)
    size = max(16, round(far.shape[1] * scale)), max(16, round(far.shape[0] * scale))
    return np.rint(cv2.resize(far, size, interpolation=cv2.INTER_AREA) * 255.0).astype(np.uint8)


def likeness(one: Field, other: Field) -> float:
    """How much of the lines of either frame went somewhere in the other, from 0 to 1."""
    if one.shape != other.shape:
        return 0.0
    return (_found_again(one, other) + _found_again(other, one)) / 2


class CutFinder:
    """Takes the frames of a scene in their order and tells which of them begin another shot.

    A frame begins one when it is unlike the frame before, by itself and for this shot: what is usual differs from shot
    to shot, so a fixed limit alone would not do.
    """

    def __init__(self) -> None:
        self._usual: deque[float] = deque(maxlen=_MEMORY)
        self._before: Field | None = None

    def begins(self, sketch: Field) -> bool:
        """Whether the next frame begins another shot; the first one of all does not count."""
        before, self._before = self._before, sketch
        if before is None:
            return False
        alike = likeness(before, sketch)
        if alike < _UNLIKE and (not self._usual or alike < _UNUSUAL * float(np.median(self._usual))):
            self._usual.clear()
            return True
        self._usual.append(alike)
        return False


def _found_again(one: Field, other: Field) -> float:
    beside = one < _NEAR
    if beside.sum() < _FEW:
        return 1.0 if (other < _NEAR).sum() < _FEW else 0.0
    ahead, closes = flow_between(one, other)
    rows, columns = np.mgrid[0 : one.shape[0], 0 : one.shape[1]].astype(np.float32)
    x, y = columns + ahead[..., 0], rows + ahead[..., 1]
    met = cv2.remap(other, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    return float((closes & (np.abs(met.astype(np.int16) - one) < _MOVED))[beside].mean())

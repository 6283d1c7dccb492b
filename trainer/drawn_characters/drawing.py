"""The paper and the pen: smooth shapes in body units, drawn as ink and labels at twice the size, then shrunk.

Shapes are N×2 float arrays (x to the right, y down, the standing character about 1 high). A part is a union of such
shapes: all outlines are inked first and all insides cleared after, so limbs join without seams and hide what is behind.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, hypot, pi, sin

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

Shape = NDArray[np.float64]
Generator = np.random.Generator

OVERSAMPLING = 2
_SHIFT = 4
_UNIT = 1 << _SHIFT
_LIMIT = 3.0e4  # pixels; keeps far points of a close-up inside what OpenCV's fixed point can hold


@dataclass(frozen=True)
class LineStyle:
    """How the pen is held. thickness: pixels at 256; wobble: pixels; darkness and grain in [0, 1]."""

    thickness: float
    wobble: float
    darkness: float
    grain: float
    sketchy: bool
    gaps: int
    inner: float
    heavy_side: float


@lru_cache(maxsize=32)
def _spline_basis(steps: int) -> NDArray[np.float64]:
    t = np.arange(steps) / steps
    return 0.5 * np.stack(
        [-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3], axis=1
    )


def xy(x: float, y: float) -> Shape:
    """A step of x to the right and y down."""
    return np.array((x, y), np.float64)


def smooth(points: ArrayLike, closed: bool = True, steps: int = 4) -> Shape:
    """A Catmull-Rom curve through the points, `steps` points for each."""
    p = np.asarray(points, np.float64)
    if closed:
        around = np.stack([np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0)], axis=1)
    else:
        ends = np.concatenate([p[:1], p, p[-1:]])
        around = np.stack([ends[:-3], ends[1:-2], ends[2:-1], ends[3:]], axis=1)
    curve = np.einsum("sk,nkd->nsd", _spline_basis(steps), around).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, p[-1:]])


@lru_cache(maxsize=8)
def _circle(count: int) -> Shape:
    angles = np.arange(count) * (2 * pi / count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def ellipse(center: ArrayLike, rx: float, ry: float | None = None, turn: float = 0.0, count: int = 20) -> Shape:
    """An ellipse; turn in radians."""
    points = _circle(count) * (rx, rx if ry is None else ry)
    if turn:
        c, s = cos(turn), sin(turn)
        points = points @ np.array([[c, s], [-s, c]])
    return points + np.asarray(center, np.float64)


@lru_cache(maxsize=8)
def _half_circle(count: int) -> Shape:
    angles = np.linspace(-pi / 2, pi / 2, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def capsule(start: ArrayLike, end: ArrayLike, r0: float, r1: float, bulge: float = 0.0) -> Shape:
    """A tapered limb from start (radius r0) to end (radius r1), its sides swollen by the share `bulge`."""
    (x0, y0), (x1, y1) = np.asarray(start, np.float64), np.asarray(end, np.float64)
    length = hypot(x1 - x0, y1 - y0)
    if length < 1e-6 or length < abs(r0 - r1):
        return ellipse((x0, y0), r0) if r0 > r1 else ellipse((x1, y1), r1)
    c, s = (x1 - x0) / length, (y1 - y0) / length
    cap = _half_circle(9)
    middle = (0.62 * r0 + 0.38 * r1) * (1 + bulge)
    # Halfway points of the parabola through both ends and the swollen middle.
    t = np.array([0.8, 0.6, 0.4, 0.2])
    swell = (middle - (r0 + (r1 - r0) * 0.38)) / (0.38 * 0.62)
    side = np.stack([t * length, r0 + (r1 - r0) * t + swell * t * (1 - t)], axis=1)
    local = np.concatenate([cap * r1 + (length, 0.0), side, -cap * r0, side[::-1] * (1, -1)])
    return local @ np.array([[c, s], [-s, c]]) + (x0, y0)


def hull(circles: Sequence[tuple[float, float, float]], count: int = 20) -> Shape:
    """The convex outline around circles (x, y, radius)."""
    unit = _circle(count)
    points = np.concatenate([unit * r + (x, y) for x, y, r in circles]).astype(np.float32)
    return cv2.convexHull(points)[:, 0].astype(np.float64)


def lerp(a: ArrayLike, b: ArrayLike, t: float) -> Shape:
    """The point at share t of the way from a to b."""
    a = np.asarray(a, np.float64)
    return a + (np.asarray(b, np.float64) - a) * t


class Canvas:
    """Ink (0 ink, 255 paper) and labels (0 background), both at OVERSAMPLING times the size asked for."""

    def __init__(self, size: int, style: LineStyle, rng: Generator) -> None:
        self.size = size
        self.style = style
        side = size * OVERSAMPLING
        self.ink: NDArray[np.uint8] = np.full((side, side), 255, np.uint8)
        self.labels: NDArray[np.uint8] = np.zeros((side, side), np.uint8)
        self.matrix = np.eye(2)
        self.offset = np.zeros(2)
        self.pen = style.thickness * side / 256.0
        self._waves = rng.uniform(0, 2 * pi, (2, 2))
        self._lengths = rng.uniform(0.7, 1.3, (2, 2)) * 256.0 / side
        self._amplitude = style.wobble * side / 256.0

    def place(self, scale: float, center: ArrayLike, middle: ArrayLike, roll: float = 0.0) -> None:
        """Put the body point `center` at the canvas point `middle` (pixels of the final size), scaled, rolled (rad)."""
        c, s = cos(roll), sin(roll)
        self.matrix = scale * OVERSAMPLING * np.array([[c, s], [-s, c]])
        self.offset = np.asarray(middle, np.float64) * OVERSAMPLING - np.asarray(center, np.float64) @ self.matrix

    def pixels(self, shape: ArrayLike) -> NDArray[np.int32]:
        """Body units → fixed-point pixels, moved a little by a smooth field that is the same for all parts."""
        q = np.asarray(shape, np.float64) @ self.matrix + self.offset
        swapped = q[:, ::-1]
        wave = np.sin(swapped * (0.045 * self._lengths[0]) + self._waves[0])
        wave += 0.6 * np.sin(swapped * (0.13 * self._lengths[1]) + self._waves[1])
        q += self._amplitude * wave
        return np.rint(np.clip(q, -_LIMIT, _LIMIT) * _UNIT).astype(np.int32)

    def part(self, shapes: Sequence[Shape], label: int, weight: float = 1.0) -> None:
        """Draw the union of shapes as one outlined part that hides what is below it."""
        polygons = [self.pixels(shape) for shape in shapes]
        pen = max(1.0, self.pen * weight)
        cv2.polylines(self.ink, polygons, True, 0, max(2, round(2 * pen)), cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.labels, polygons, True, int(label), max(1, round(pen)), cv2.LINE_8, _SHIFT)
        if self.style.heavy_side:
            lower = [p + round(pen * self.style.heavy_side * _UNIT) for p in polygons]
            cv2.polylines(self.ink, lower, True, 0, max(1, round(pen)), cv2.LINE_AA, _SHIFT)
        for polygon in polygons:
            cv2.fillPoly(self.ink, [polygon], 255, cv2.LINE_AA, _SHIFT)
            cv2.fillPoly(self.labels, [polygon], int(label), cv2.LINE_8, _SHIFT)

    def ring(self, outer: Shape, inner: Shape, label: int, weight: float = 1.0) -> None:
        """A part with a hole: what is below shows through inside the inner outline."""
        polygons = [self.pixels(outer), self.pixels(inner)]
        pen = max(1.0, self.pen * weight)
        cv2.polylines(self.labels, polygons, True, int(label), max(1, round(pen)), cv2.LINE_8, _SHIFT)
        cv2.fillPoly(self.labels, polygons, int(label), cv2.LINE_8, _SHIFT)
        cv2.fillPoly(self.ink, polygons, 255, cv2.LINE_AA, _SHIFT)
        cv2.polylines(self.ink, polygons, True, 0, max(2, round(pen)), cv2.LINE_AA, _SHIFT)

    @contextmanager
    def finer(self, limit: float) -> Iterator[None]:
        """In this block lines are at most `limit` body units thick, so that small parts stay legible."""
        pen = self.pen
        self.pen = min(pen, max(1.3, limit * float(np.hypot(*self.matrix[0]))))
        yield
        self.pen = pen

    def fill(self, shape: Shape, label: int) -> None:
        """Cover with a label, no outline."""
        polygon = self.pixels(shape)
        cv2.fillPoly(self.ink, [polygon], 255, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(self.labels, [polygon], int(label), cv2.LINE_8, _SHIFT)

    def solid(self, shape: Shape) -> None:
        """Fill with ink."""
        cv2.fillPoly(self.ink, [self.pixels(shape)], 0, cv2.LINE_AA, _SHIFT)

    def stroke(self, path: ArrayLike, weight: float = 1.0, taper: bool = True) -> None:
        """An open line; tapered ones swell in the middle as a pen does."""
        points = self.pixels(path)
        width = self.pen * weight * self.style.inner
        if not taper or len(points) < 3:
            cv2.polylines(self.ink, [points], False, 0, max(1, round(width)), cv2.LINE_AA, _SHIFT)
            return
        q = points.astype(np.float64)
        tangent = np.gradient(q, axis=0)
        normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
        normal /= np.maximum(np.hypot(normal[:, 0], normal[:, 1]), 1e-6)[:, None]
        t = np.linspace(0.0, 1.0, len(q))
        half = np.maximum(width * (0.25 + 0.4 * np.sin(pi * t)), 0.6)[:, None] * _UNIT
        outline = np.concatenate([q + normal * half, (q - normal * half)[::-1]])
        cv2.fillPoly(self.ink, [np.rint(outline).astype(np.int32)], 0, cv2.LINE_AA, _SHIFT)

    @contextmanager
    def inside(self, shapes: Sequence[Shape]) -> Iterator[None]:
        """Whatever is drawn in this block stays inside the union of shapes."""
        polygons = [self.pixels(shape) for shape in shapes]
        every = np.concatenate(polygons) / _UNIT
        side = self.ink.shape[0]
        x0, y0 = np.clip(np.floor(every.min(0)) - 2, 0, side).astype(int)
        x1, y1 = np.clip(np.ceil(every.max(0)) + 2, 0, side).astype(int)
        if x1 <= x0 or y1 <= y0:
            x0, y0, x1, y1 = 0, 0, 1, 1
        mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
        for polygon in polygons:
            cv2.fillPoly(mask, [polygon - np.array([x0, y0], np.int32) * _UNIT], 255, cv2.LINE_8, _SHIFT)
        # What the block draws elsewhere is taken back, so everything is kept, not the box alone.
        ink, labels = self.ink, self.labels
        self.ink, self.labels = ink.copy(), labels.copy()
        yield
        keep = mask == 0
        for new, old in ((self.ink, ink), (self.labels, labels)):
            box = new[y0:y1, x0:x1]
            box[keep] = old[y0:y1, x0:x1][keep]
            old[y0:y1, x0:x1] = box
        self.ink, self.labels = ink, labels


def direction(a: ArrayLike, b: ArrayLike) -> float:
    """The angle (radians) of the way from a to b."""
    (x0, y0), (x1, y1) = np.asarray(a), np.asarray(b)
    return atan2(y1 - y0, x1 - x0)

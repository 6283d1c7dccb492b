"""Our own drawn backgrounds: six families, each with a line layer and a few flat colors, in any number of shapes.

Whatever the family, its surfaces play the same six roles, so that one background may take the colors of another: 0 what
lies farthest and is largest, 1 the ground, 2 and 3 large things, 4 small things, 5 what is light.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from trainer.drawn_characters.character import Color, hls
from trainer.drawn_characters.drawing import OVERSAMPLING, Canvas, LineStyle, Shape, ellipse, smooth

Pixels = NDArray[np.uint8]
Generator = np.random.Generator

ROLES = 6
_APART = 60.0  # sum of the differences of two roles' sRGB, at least; nearer ones could not be told from each other
_FAR = 1.3  # beyond every edge of the canvas, which is 0 to 1
_PEN = 0.8  # of the figure's: what lies behind is drawn finer

# Hue, lightness and saturation (low and high each) of the roles, as such a place mostly has them.
_Range = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
_NATURAL: dict[str, tuple[_Range, ...]] = {
    "hills": (
        ((0.52, 0.62), (0.7, 0.88), (0.4, 0.9)), ((0.22, 0.38), (0.35, 0.6), (0.3, 0.7)),
        ((0.28, 0.45), (0.4, 0.7), (0.2, 0.6)), ((0.5, 0.7), (0.5, 0.7), (0.15, 0.4)),
        ((0.05, 0.14), (0.5, 0.7), (0.6, 1.0)), ((0.5, 0.6), (0.9, 0.97), (0.1, 0.5)),
    ),
    "room": (
        ((0.05, 0.2), (0.75, 0.92), (0.15, 0.5)), ((0.04, 0.11), (0.35, 0.6), (0.3, 0.6)),
        ((0.9, 1.1), (0.45, 0.7), (0.2, 0.6)), ((0.4, 0.8), (0.4, 0.7), (0.2, 0.6)),
        ((0.03, 0.1), (0.25, 0.45), (0.3, 0.6)), ((0.5, 0.6), (0.8, 0.95), (0.3, 0.8)),
    ),
    "street": (
        ((0.5, 0.7), (0.6, 0.88), (0.2, 0.7)), ((0.5, 0.7), (0.35, 0.6), (0.02, 0.15)),
        ((0.0, 0.12), (0.45, 0.75), (0.2, 0.6)), ((0.05, 0.7), (0.5, 0.8), (0.1, 0.4)),
        ((0.0, 1.0), (0.25, 0.5), (0.2, 0.7)), ((0.1, 0.17), (0.7, 0.9), (0.5, 1.0)),
    ),
    "foliage": (
        ((0.2, 0.5), (0.75, 0.92), (0.2, 0.6)), ((0.25, 0.4), (0.25, 0.45), (0.3, 0.7)),
        ((0.2, 0.35), (0.45, 0.65), (0.3, 0.7)), ((0.35, 0.5), (0.35, 0.55), (0.2, 0.6)),
        ((0.8, 1.1), (0.6, 0.8), (0.5, 0.9)), ((0.12, 0.17), (0.7, 0.9), (0.6, 1.0)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Background:
    """One background. line: H×W uint8, 0 ink, 255 paper; flats: H×W×3 uint8 sRGB, without lines; roles: H×W uint8,
    below `ROLES`."""

    line: Pixels
    flats: Pixels
    roles: Pixels


def palette_of(family: str, seed: int) -> tuple[Color, ...]:
    """A color for each role: half of the seeds have those of such a place, the others any. Neighbors can be told apart.

    Raises ValueError for an unknown family or a negative seed.
    """
    _check(family, seed)
    rng = np.random.default_rng((seed, 211))
    natural = _NATURAL.get(family) if rng.random() < 0.5 else None
    colors: list[Color] = []
    while len(colors) < ROLES:
        if natural is None:
            color = hls(rng.random(), rng.uniform(0.25, 0.9), rng.uniform(0.1, 0.95))
        else:
            color = hls(*(rng.uniform(*one) for one in natural[len(colors)]))
        # After many tries any will do: a narrow range may have no room left.
        apart = min((float(np.abs(np.subtract(color, other)).sum()) for other in colors), default=_APART)
        if apart >= _APART * rng.random():
            colors.append(color)
    return tuple(colors)


def draw_background(
    family: str, seed: int, size: tuple[int, int], colors: tuple[Color, ...], style: LineStyle
) -> Background:
    """A background of `FAMILIES` in the shapes of a seed, of a height and width in pixels, in the colors of its roles.

    Drawn in a square of the longer side, of which the middle is shown. The same values give the same background.
    Raises ValueError for an unknown family, a negative seed, a side below 16 or too few colors.
    """
    _check(family, seed)
    height, width = size
    if min(size) < 16 or len(colors) < ROLES:
        raise ValueError(f"A background needs sides of 16 pixels and {ROLES} colors.")
    side = max(size)
    rng = np.random.default_rng((seed, 223))
    canvas = Canvas(side, style, rng)
    canvas.pen *= _PEN
    canvas.place(float(side), (0.0, 0.0), (0.0, 0.0))
    FAMILIES[family](canvas, rng)
    top, left = (side - height) * OVERSAMPLING // 2, (side - width) * OVERSAMPLING // 2
    shown = slice(top, top + height * OVERSAMPLING), slice(left, left + width * OVERSAMPLING)
    roles = canvas.labels[shown]
    table = np.array(colors[:ROLES], np.uint8)
    return Background(
        _shrunk(canvas.ink[shown], size),
        _shrunk(table[roles], size),
        np.ascontiguousarray(roles[::OVERSAMPLING, ::OVERSAMPLING]),
    )


def _check(family: str, seed: int) -> None:
    if family not in FAMILIES or seed < 0:
        raise ValueError(f"There is no background {family!r} of the seed {seed}.")


def _shrunk(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return np.asarray(cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)


def _box(left: float, top: float, right: float, bottom: float) -> Shape:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def _below(edge: Shape) -> Shape:
    """All below a line that runs from left to right."""
    return np.concatenate([edge, [(_FAR, _FAR), (-0.3, _FAR)]])


def _ridge(rng: Generator, level: float, rise: float) -> Shape:
    x = np.linspace(-0.3, _FAR, int(rng.integers(5, 9)))
    return smooth(np.stack([x, level + rng.uniform(-rise, rise, len(x))], axis=1), False, 6)


def _cloud(rng: Generator, x: float, y: float, reach: float) -> list[Shape]:
    puffs = rng.uniform(-1.0, 1.0, (int(rng.integers(3, 6)), 2)) * (reach, reach * 0.25)
    return [
        ellipse((x + dx, y + dy), reach * rng.uniform(0.35, 0.6), reach * rng.uniform(0.25, 0.4)) for dx, dy in puffs
    ]


def _hills(canvas: Canvas, rng: Generator) -> None:
    """Sky with clouds and a sun, ridges one before another, and the ground."""
    horizon = rng.uniform(0.4, 0.7)
    if rng.random() < 0.6:
        canvas.part([ellipse(rng.uniform(0.08, 0.92, 2) * (1.0, horizon * 0.6), rng.uniform(0.05, 0.12))], 4)
    for _ in range(int(rng.integers(0, 5))):
        canvas.part(_cloud(rng, rng.uniform(0, 1), rng.uniform(0.03, horizon * 0.7), rng.uniform(0.08, 0.2)), 5)
    for role in (3, 2)[: int(rng.integers(1, 3))]:
        canvas.part([_below(_ridge(rng, horizon, rng.uniform(0.03, 0.14)))], role)
        horizon += rng.uniform(0.06, 0.14)
    canvas.part([_below(_ridge(rng, min(horizon + 0.05, 0.9), 0.03))], 1)
    for _ in range(int(rng.integers(0, 4))):
        _tree(canvas, rng, rng.uniform(0, 1), horizon + rng.uniform(0.02, 0.12))


def _tree(canvas: Canvas, rng: Generator, x: float, foot: float) -> None:
    tall = rng.uniform(0.12, 0.3)
    canvas.part([_box(x - tall * 0.06, foot - tall * 0.5, x + tall * 0.06, foot)], 4)
    if rng.random() < 0.5:
        canvas.part(_cloud(rng, x, foot - tall * 0.7, tall * 0.3), 2)
    else:
        canvas.part(
            [np.array([(x - tall * 0.28, foot - tall * 0.3), (x, foot - tall), (x + tall * 0.28, foot - tall * 0.3)])],
            2,
        )


def _room(canvas: Canvas, rng: Generator) -> None:
    """A wall with a window or pictures, a floor, a rug and furniture."""
    floor = rng.uniform(0.6, 0.85)
    canvas.part([_box(-0.3, floor, _FAR, _FAR)], 1)
    if rng.random() < 0.5:
        canvas.part([_box(-0.3, floor - rng.uniform(0.02, 0.05), _FAR, floor)], 4)
    if rng.random() < 0.6:
        canvas.part([ellipse((rng.uniform(0.25, 0.75), floor + 0.12), rng.uniform(0.2, 0.45), 0.07)], 2)
    for place in rng.permutation(3)[: int(rng.integers(1, 4))]:
        middle = (place + 0.5) / 3 + rng.uniform(-0.04, 0.04)
        _on_wall(canvas, rng, middle, floor)
    for place in rng.permutation(4)[: int(rng.integers(0, 3))]:
        x, wide, high = (place + 0.5) / 4, rng.uniform(0.07, 0.14), rng.uniform(0.15, 0.45)
        canvas.part([_box(x - wide, floor + 0.06 - high, x + wide, floor + 0.06)], 3)
        for shelf in range(1, int(rng.integers(2, 5))):
            y = floor + 0.06 - high * shelf / 4
            canvas.part([_box(x - wide * 0.8, y - high * 0.03, x + wide * 0.8, y + high * 0.03)], 4, 0.7)


def _on_wall(canvas: Canvas, rng: Generator, middle: float, floor: float) -> None:
    wide, top, bottom = rng.uniform(0.07, 0.13), rng.uniform(0.06, 0.2), floor - rng.uniform(0.15, 0.3)
    canvas.part([_box(middle - wide, top, middle + wide, bottom)], 4)
    inner = _box(middle - wide * 0.82, top + wide * 0.18, middle + wide * 0.82, bottom - wide * 0.18)
    canvas.part([inner], 5, 0.8)
    if rng.random() < 0.6:
        canvas.stroke([(middle, top), (middle, bottom)], 0.8, taper=False)
        canvas.stroke(
            [(middle - wide * 0.8, (top + bottom) / 2), (middle + wide * 0.8, (top + bottom) / 2)], 0.8, taper=False
        )
    if rng.random() < 0.5:
        for side in (-1.0, 1.0):
            x = middle + side * wide
            cloth = [
                (x - 0.02, top - 0.03),
                (x + 0.05 * side, top - 0.03),
                (x + 0.06 * side, bottom + 0.06),
                (x - 0.01, bottom + 0.05),
            ]
            canvas.part([np.array(cloth)], 3)


def _street(canvas: Canvas, rng: Generator) -> None:
    """Blocks with rows of windows, before the sky and behind a road."""
    ground = rng.uniform(0.7, 0.9)
    if rng.random() < 0.4:
        canvas.part(_cloud(rng, rng.uniform(0, 1), rng.uniform(0.05, 0.25), rng.uniform(0.1, 0.2)), 5)
    left, role = rng.uniform(-0.25, 0.0), int(rng.integers(2, 4))
    while left < 1.0:
        wide, top = rng.uniform(0.14, 0.34), rng.uniform(0.08, ground - 0.25)
        role = 5 - role
        canvas.part([_box(left, top, left + wide, ground + 0.02)], role)
        if rng.random() < 0.4:
            peak = np.array([(left - 0.02, top), (left + wide / 2, top - wide * 0.3), (left + wide + 0.02, top)])
            canvas.part([peak], 4)
        _windows(canvas, rng, (left, top, left + wide, ground))
        left += wide + (rng.uniform(0.0, 0.12) if rng.random() < 0.4 else 0.0)
    canvas.part([_box(-0.3, ground, _FAR, _FAR)], 1)
    if rng.random() < 0.5:
        y = (ground + 1.0) / 2
        for x in np.arange(-0.1, 1.1, 0.2) + rng.uniform(0, 0.1):
            canvas.part([_box(x, y - 0.012, x + 0.1, y + 0.012)], 5, 0.7)


def _windows(canvas: Canvas, rng: Generator, block: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = block
    columns, rows = int(rng.integers(2, 4)), int(rng.integers(2, 5))
    across, down = (right - left) / columns, (bottom - top) / rows
    share = rng.uniform(0.22, 0.36)
    for row in range(rows):
        for column in range(columns):
            x, y = left + across * (column + 0.5), top + down * (row + 0.5)
            canvas.part([_box(x - across * share, y - down * share, x + across * share, y + down * share)], 5, 0.7)
    if rng.random() < 0.6:
        x, door = (left + right) / 2, min(0.05, across * 0.3)
        canvas.part([_box(x - door, bottom - 0.13, x + door, bottom)], 4)


def _stripes(canvas: Canvas, rng: Generator) -> None:
    """Bands at one angle, straight or waved, of one to three colors."""
    turn = rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi)])
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    wave = rng.uniform(0.01, 0.05) if rng.random() < 0.3 else 0.0
    roles, step = int(rng.integers(1, 4)), rng.uniform(0.09, 0.25)
    t = np.linspace(-1.2, 1.2, 25)
    for number, at in enumerate(np.arange(-1.0, 1.0, step)):
        half = step * rng.uniform(0.2, 0.3)
        bent = wave * np.sin(t * 9.0)
        edges = [(0.5 + np.outer(t, along) + np.outer(at + bent + side * half, across)) for side in (-1.0, 1.0)]
        canvas.part([np.concatenate([edges[0], edges[1][::-1]])], 1 + number % roles)


def _dots(canvas: Canvas, rng: Generator) -> None:
    """Discs, rings, diamonds or stars in rows, of one to four colors."""
    step, roles = rng.uniform(0.12, 0.26), int(rng.integers(2, 5))
    kind, loose = str(rng.choice(["disc", "disc", "ring", "diamond", "star"])), rng.uniform(0.0, 0.2)
    shift = rng.uniform(0.0, step, 2)
    for row, y in enumerate(np.arange(-0.1, 1.2, step)):
        for column, x in enumerate(np.arange(-0.1, 1.2, step) + (step / 2 if row % 2 else 0.0)):
            center = np.array([x, y]) + shift + rng.uniform(-loose, loose, 2) * step
            radius, role = step * rng.uniform(0.2, 0.38), 1 + (row + 2 * column) % roles
            if kind == "star":
                turns = np.arange(10) * np.pi / 5
                lengths = np.where(np.arange(10) % 2, 0.45, 1.0)[:, None] * radius
                canvas.part([center + lengths * np.stack([np.sin(turns), -np.cos(turns)], axis=1)], role)
                continue
            canvas.part([ellipse(center, radius, count=4 if kind == "diamond" else 24)], role)
            if kind == "ring":
                canvas.part([ellipse(center, radius * 0.5)], 5)


def _foliage(canvas: Canvas, rng: Generator) -> None:
    """Leaves in rows from the back to the front, and flowers."""
    ground = rng.uniform(0.6, 1.1)
    canvas.part([_below(_ridge(rng, ground, 0.04))], 1)
    long, span = rng.uniform(0.14, 0.3), rng.uniform(0.25, 0.4)
    for row in range(int(rng.integers(2, 5))):
        base = ground - 0.35 + 0.14 * row
        for x in np.arange(-0.1, 1.15, long * rng.uniform(0.5, 0.9)):
            foot = np.array([x + rng.uniform(-0.04, 0.04), base + rng.uniform(-0.05, 0.05)])
            _leaf(
                canvas,
                foot,
                rng.uniform(-1.1, 1.1),
                long * rng.uniform(0.7, 1.2),
                span,
                2 + (row + int(rng.integers(0, 2))) % 2,
            )
    for _ in range(int(rng.integers(0, 9))):
        center, radius = rng.uniform(0.03, 0.97, 2), rng.uniform(0.03, 0.06)
        turns = np.arange(5) * 2 * np.pi / 5 + rng.uniform(0, 1)
        petals = center + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        canvas.part([ellipse(petal, radius * 0.62) for petal in petals], 4, 0.8)
        canvas.part([ellipse(center, radius * 0.45)], 5, 0.7)


def _leaf(canvas: Canvas, foot: NDArray[np.float64], turn: float, long: float, span: float, role: int) -> None:
    up, side = np.array([np.sin(turn), -np.cos(turn)]), np.array([np.cos(turn), np.sin(turn)])
    right, left = (foot + long * (0.45 * up + sign * span * side) for sign in (0.5, -0.5))
    tip = foot + long * up
    canvas.part([np.concatenate([smooth([foot, right, tip], False), smooth([tip, left, foot], False)])], role)
    canvas.stroke([foot, foot + 0.5 * long * up, foot + 0.85 * long * up], 0.6)


FAMILIES: dict[str, Callable[[Canvas, Generator], None]] = {
    "hills": _hills,
    "room": _room,
    "street": _street,
    "stripes": _stripes,
    "dots": _dots,
    "foliage": _foliage,
}

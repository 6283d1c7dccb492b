"""Reference sheets made for tests: the same character several times, and what people lay beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.request import Reference
from tests import figures
from trainer import drawn_characters

Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]
FILLS: dict[str, Color] = {
    "hat": (186, 52, 62),
    "face": (246, 208, 176),
    "shirt": (58, 110, 190),
    "trousers": (92, 70, 50),
    "boots": (40, 140, 90),
}
PINK: Color = (255, 90, 200)
LIME: Color = (0, 255, 0)


@dataclass(frozen=True, eq=False)
class Sheet:
    """pixels H×W×3; owner H×W: 0 ground, 1 … of a figure, -1 of what is laid beside; alpha H×W or None."""

    pixels: Pixels
    owner: NDArray[np.int32]
    alpha: Pixels | None = None

    def reference(self, name: str = "sheet.png") -> Reference:
        """As the program reads it."""
        figure = None if self.alpha is None else self.alpha >= 128
        return Reference(self.pixels, name=name, figure=figure)


def simple(fills: dict[str, Color] | None = None, lines: Color = (0, 0, 0)) -> Pixels:
    """H×W×4: the simple figure of the tests, by its outline."""
    pixels = figures.figure(lines, fills or FILLS)
    page = np.zeros((figures.HEIGHT, figures.WIDTH), np.uint8)
    for corners in figures.PARTS.values():
        cv2.fillPoly(page, [np.array([corners], np.int32)], 255)
        cv2.polylines(page, [np.array([corners], np.int32)], True, 255, 5)
    return _cropped(np.dstack([pixels, page]))


def drawn(character: int, pose: int, size: int = 360) -> Pixels:
    """H×W×4: a drawn character in a pose."""
    made = drawn_characters.draw(character, pose, size)
    inside = (made.regions > 0) | (made.line < 128)
    return _cropped(np.dstack([made.color, np.where(inside, np.uint8(255), np.uint8(0))]))


def _cropped(figure: Pixels) -> Pixels:
    rows, columns = (np.flatnonzero(figure[..., 3].any(axis=axis)) for axis in (1, 0))
    return np.ascontiguousarray(figure[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def plain(size: tuple[int, int], color: Color = (255, 255, 255)) -> Sheet:
    """An empty sheet of height and width."""
    return Sheet(np.full((*size, 3), color, np.uint8), np.zeros(size, np.int32))


def gradient(size: tuple[int, int], top: Color = (150, 190, 230), bottom: Color = (240, 225, 205)) -> Sheet:
    """An empty sheet whose ground goes over from one color to another."""
    share = np.linspace(0.0, 1.0, size[0])[:, None, None]
    ground = (1.0 - share) * np.asarray(top, float) + share * np.asarray(bottom, float)
    return Sheet(np.broadcast_to(np.rint(ground), (*size, 3)).astype(np.uint8), np.zeros(size, np.int32))


def with_figure(sheet: Sheet, figure: Pixels, x: int, y: int) -> Sheet:
    """A further figure, or a loose part of none: its top left corner at x, y."""
    pixels, owner = sheet.pixels.copy(), sheet.owner.copy()
    place = slice(y, y + figure.shape[0]), slice(x, x + figure.shape[1])
    inside = figure[..., 3] > 0
    pixels[place][inside] = figure[..., :3][inside]
    owner[place][inside] = int(owner.max()) + 1
    return replace(sheet, pixels=pixels, owner=owner)


def in_row(sheet: Sheet, made: Sequence[Pixels], top: int = 90, left: int = 30, space: int = 40) -> Sheet:
    """The figures beside each other, standing on one line."""
    floor = top + max(one.shape[0] for one in made)
    for one in made:
        sheet = with_figure(sheet, one, left, floor - one.shape[0])
        left += one.shape[1] + space
    return sheet


def with_band(sheet: Sheet, color: Color = PINK, height: int = 50, text: str = "MIRA turnaround v3") -> Sheet:
    """A title band along the top."""
    pixels = sheet.pixels.copy()
    pixels[:height] = color
    cv2.putText(pixels, text, (20, height - 18), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (20, 20, 20), 1, cv2.LINE_AA)
    return _aside(sheet, pixels)


def with_chips(
    sheet: Sheet, colors: Sequence[Color], x: int, y: int, *, side: int = 40, kind: str = "outlined"
) -> Sheet:
    """Color chips, one below the other. kind: "outlined", "plain" or "round"."""
    pixels = sheet.pixels.copy()
    for number, color in enumerate(colors):
        top = y + number * (side + 14)
        if kind == "round":
            cv2.circle(pixels, (x + side // 2, top + side // 2), side // 2, color, -1, cv2.LINE_AA)
            continue
        pixels[top : top + side, x : x + side] = color
        if kind == "outlined":
            cv2.rectangle(pixels, (x, top), (x + side, top + side), (0, 0, 0), 1)
    return _aside(sheet, pixels)


def with_strip(sheet: Sheet, colors: Sequence[Color], x: int, y: int, side: int = 36) -> Sheet:
    """Color chips that touch each other in a row."""
    pixels = sheet.pixels.copy()
    for number, color in enumerate(colors):
        pixels[y : y + side, x + number * side : x + (number + 1) * side] = color
    return _aside(sheet, pixels)


def with_text(sheet: Sheet, text: str, x: int, y: int, color: Color = (200, 30, 30), scale: float = 0.5) -> Sheet:
    """Lettering; x, y: where its line begins."""
    pixels = sheet.pixels.copy()
    cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, color, 1, cv2.LINE_AA)
    return _aside(sheet, pixels)


def with_frame(sheet: Sheet, x: int, y: int, width: int, height: int, color: Color = (60, 60, 60)) -> Sheet:
    """A thin frame."""
    pixels = sheet.pixels.copy()
    cv2.rectangle(pixels, (x, y), (x + width, y + height), color, 2)
    return _aside(sheet, pixels)


def _aside(sheet: Sheet, pixels: Pixels) -> Sheet:
    changed = (pixels != sheet.pixels).any(axis=2)
    return replace(sheet, pixels=pixels, owner=np.where(changed, np.int32(-1), sheet.owner))


def transparent(sheet: Sheet) -> Sheet:
    """The sheet on transparency: what is neither figure nor laid beside has no color."""
    alpha = np.where(sheet.owner != 0, np.uint8(255), np.uint8(0))
    return replace(sheet, pixels=np.where(alpha[..., None] > 0, sheet.pixels, np.uint8(255)), alpha=alpha)

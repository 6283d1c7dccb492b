"""A drawn figure whose parts may have lines, fills and roughs of any color, as artists' files have them."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]
BLACK: Color = (0, 0, 0)

FINE = 4  # drawn so many times larger, then averaged: true anti-aliasing
WIDTH, HEIGHT = 320, 400
PARTS: dict[str, tuple[tuple[int, int], ...]] = {
    "hat": ((125, 20), (195, 20), (220, 62), (100, 62)),
    "face": ((125, 62), (195, 62), (190, 130), (130, 130)),
    "shirt": (
        (115, 140),
        (205, 140),
        (260, 215),
        (230, 235),
        (205, 200),
        (205, 262),
        (115, 262),
        (115, 200),
        (90, 235),
        (60, 215),
    ),
    "trousers": ((118, 262), (202, 262), (208, 350), (170, 350), (160, 290), (150, 350), (112, 350)),
    "boots": ((100, 350), (150, 350), (150, 385), (92, 385)),
}


def inside(part: str) -> tuple[int, int]:
    """x, y of a pixel within a part, off its lines."""
    return {"hat": (160, 42), "face": (160, 95), "shirt": (160, 230), "trousers": (132, 300), "boots": (125, 368)}[part]


def on_line(part: str) -> tuple[int, int]:
    """x, y of a pixel in the middle of a part's line that no other part touches."""
    return {"hat": (160, 20), "face": (128, 96), "shirt": (115, 245), "trousers": (115, 306), "boots": (125, 385)}[part]


def canvas(color: Color = (255, 255, 255)) -> Pixels:
    """A page to draw on, `FINE` times larger than the picture."""
    return np.full((HEIGHT * FINE, WIDTH * FINE, 3), color, np.uint8)


def averaged(page: Pixels) -> Pixels:
    """The picture, HEIGHT×WIDTH×3."""
    return np.asarray(cv2.resize(page, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)


def draw(
    page: Pixels,
    lines: Mapping[str, Color] | Color | None = BLACK,
    fills: Mapping[str, Color] | None = None,
    width: float = 5.0,
) -> None:
    """Fill the parts, then draw their outlines; parts that are not named have neither."""
    for part, corners in PARTS.items():
        points = np.array([corners], np.int32) * FINE
        if fills and part in fills:
            cv2.fillPoly(page, [points], fills[part])
    for part, corners in PARTS.items():
        points = np.array([corners], np.int32) * FINE
        color = lines.get(part) if isinstance(lines, Mapping) else lines
        if color is not None:
            cv2.polylines(page, [points], True, color, round(width * FINE))


def sketch(page: Pixels, color: Color, seed: int = 0, width: float = 4.0) -> None:
    """A rough: a middle line, and each outline drawn loosely several times."""
    random = np.random.default_rng(seed)
    cv2.line(page, (160 * FINE, 5 * FINE), (160 * FINE, 395 * FINE), color, round(width * FINE))
    for corners in PARTS.values():
        ends = zip(corners, (*corners[1:], corners[0]), strict=True)
        for (x, y), (other_x, other_y) in ends:
            for _ in range(2):
                shift = random.normal(0.0, 4.0, 4)
                start = round((x + shift[0]) * FINE), round((y + shift[1]) * FINE)
                end = round((other_x + shift[2]) * FINE), round((other_y + shift[3]) * FINE)
                cv2.line(page, start, end, color, round(width * FINE))


def figure(
    lines: Mapping[str, Color] | Color | None = BLACK, fills: Mapping[str, Color] | None = None, width: float = 5.0
) -> Pixels:
    """The figure on white."""
    page = canvas()
    draw(page, lines, fills, width)
    return averaged(page)


def scanned(pixels: Pixels, grain: float = 3.0, paper: Color = (246, 242, 228), seed: int = 1) -> Pixels:
    """On off-white paper with grain, the same in all channels."""
    noise = np.random.default_rng(seed).normal(0.0, grain, (*pixels.shape[:2], 1))
    return np.clip(np.rint(pixels / 255.0 * np.array(paper) + noise), 0, 255).astype(np.uint8)


def compressed(pixels: Pixels, quality: int = 88) -> Pixels:
    """Through a JPEG."""
    data = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])

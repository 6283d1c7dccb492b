"""Drawings with known regions, and finishing them without a network."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.colorizer import run
from engine.colorizers.base import BaseColorizer
from engine.finishing import Finished, finish
from engine.line_art.regions import RegionMap
from engine.options import FinishOptions
from engine.palette import Palette
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress, Reference

RED, BLUE, SKIN, WHITE = (200, 60, 60), (60, 80, 190), (240, 200, 180), (255, 255, 255)


@dataclass
class Compares(BaseColorizer):
    """What finishing asks of a colorizer: `masses` and `seen`, one row for each region, or nothing."""

    masses: NDArray[np.float32] | None = None
    seen: NDArray[np.float32] | None = None
    described: int = 0

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        raise NotImplementedError
        yield Progress("", 0.0)

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        return self.masses

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        self.described += 1
        return self.seen


def rooms(count: int, size: int = 40, line: int = 2) -> NDArray[np.float32]:
    """Ink of `count` closed squares in a row, each `size` pixels wide, with paper around."""
    ink = np.ones((size + 20, count * size + 20), np.float32)
    for number in range(count):
        corner, end = (10 + number * size, 10), (10 + (number + 1) * size, 10 + size)
        cv2.rectangle(ink, corner, end, 0.0, line)
    return ink


def in_rooms(ink: NDArray[np.float32], colors: list[tuple[int, int, int]], size: int = 40) -> NDArray[np.uint8]:
    """A guess that knows the `rooms`, white outside."""
    guess = np.full((*ink.shape, 3), 255, np.uint8)
    for number, color in enumerate(colors):
        guess[10 : 10 + size, 10 + number * size : 10 + (number + 1) * size] = color
    return guess


def label_in(regions: RegionMap | None, room: int, size: int = 40) -> int:
    """The label in the middle of a room."""
    assert regions is not None
    return int(regions.labels[10 + size // 2, 10 + room * size + size // 2])


def ellipses(seed: int, height: int = 120, width: int = 160, count: int = 6) -> NDArray[np.float32]:
    """Ink of ellipses over each other, in 8 bits."""
    random = np.random.default_rng(seed)
    canvas = np.full((height, width), 255, np.uint8)
    for _ in range(count):
        center = (int(random.integers(0, width)), int(random.integers(0, height)))
        axes = (int(random.integers(8, width // 3)), int(random.integers(8, height // 3)))
        cv2.ellipse(canvas, center, axes, int(random.integers(180)), 0, 360, 0, 2, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


def blotches(seed: int, height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    """A hazy guess."""
    small = np.random.default_rng(seed).integers(0, 256, (4, 5, 3), np.uint8)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def patches(*colors: tuple[int, int, int]) -> Reference:
    """A reference of flat patches with white around them."""
    pixels = np.full((60, 20 + 40 * len(colors), 3), 255, np.uint8)
    for number, color in enumerate(colors):
        pixels[10:50, 10 + 40 * number : 50 + 40 * number] = color
    return Reference(pixels)


def finished(
    art: LineArt | NDArray[np.float32],
    guess: NDArray[np.uint8],
    *references: Reference,
    masses: NDArray[np.float32] | None = None,
    kept: NDArray[np.uint8] | None = None,
    **options: Any,
) -> Finished:
    """The drawing finished with a guess; kept: its flats of before; options: of `FinishOptions`."""
    line_art = art if isinstance(art, LineArt) else LineArt(art, flats=kept)
    # `masses` are of all regions of the drawing, so it is looked at as one picture.
    request = ColorizeRequest(line_art, references or (patches(RED, BLUE, SKIN),), panels="off")
    result = ColorizeResult(guess, line_art.layer, "cpu", "fp32", (guess.shape[0], guess.shape[1]))
    return run(finish(Compares(masses), request, result, FinishOptions(**options)), lambda _: None)

"""Animated GIF: for a look at a scene that is shown anywhere. Up to 256 colors a frame, and times in hundredths."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import RequestError
from engine.export.atomic import atomic_path

MOST_PIXELS = 400_000_000  # of all frames together, a byte each


class GifSink:
    """An animation that is kept until it is whole, a byte a pixel. As a context manager."""

    def __init__(self, path: Path, rate: Fraction) -> None:
        self._path, self._rate = path, rate
        self._frames: list[Image.Image] = []
        self._pixels = 0

    def add(self, pixels: NDArray[np.uint8]) -> None:
        """The next frame, H×W×3 uint8 sRGB. Raises RequestError where they are more than a GIF is for."""
        self._pixels += pixels.shape[0] * pixels.shape[1]
        if self._pixels > MOST_PIXELS:
            raise RequestError(
                "{0} would be too large for a GIF after {1} frames: write .mkv or a folder instead.",
                self._path.name,
                len(self._frames),
            )
        self._frames.append(Image.fromarray(np.ascontiguousarray(pixels)).quantize(256, dither=Image.Dither.NONE))

    def __enter__(self) -> GifSink:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None or not self._frames:
            return
        first, *others = self._frames
        with atomic_path(self._path) as temporary:
            first.save(
                temporary,
                "GIF",
                save_all=True,
                append_images=others,
                duration=self._durations(),
                loop=0,
                optimize=False,
            )

    def _durations(self) -> list[int]:
        """Milliseconds of each frame, such that the whole keeps the rate although a GIF counts in tens of them."""
        ends = [round(Fraction(number * 100) / self._rate) for number in range(len(self._frames) + 1)]
        return [10 * (end - begin) for begin, end in itertools.pairwise(ends)]

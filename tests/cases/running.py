"""Runs Nurie's command line on a case's files and looks at what came of it."""

import io
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.cli.main import main

Pixels = NDArray[np.uint8]
Point = tuple[float, float]

# The figure of the cases: where its parts lie in the drawing of 512 × 640 pixels, and the colors of its reference.
PLACES: dict[str, Point] = {
    "hat": (265, 76),
    "face": (265, 160),
    "scarf": (265, 238),
    "shirt": (265, 330),
    "trousers": (226, 473),
    "boots": (206, 559),
}
COLORS = {
    "hat": (186, 52, 62),
    "face": (246, 208, 176),
    "scarf": (240, 196, 60),
    "shirt": (58, 110, 190),
    "trousers": (92, 70, 50),
    "boots": (40, 140, 90),
}
NEAR = 24  # of 255, what a color may be off in its worst channel


@dataclass(frozen=True)
class Run:
    """What a command did. seconds: of processor time."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def said(self) -> str:
        """All of it, for a measured value: the code and what was said on stderr."""
        return f"exit {self.code}" + (f", {short(self.err)}" if self.err.strip() else "")


@dataclass(frozen=True)
class Finding:
    """One thing that a case asks, whether it holds, and what was measured."""

    asked: str
    holds: bool
    measured: str


def short(text: str, length: int = 160) -> str:
    """On one line, cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


@contextmanager
def _caught(number: int) -> Iterator[list[str]]:
    """What is written to a file descriptor meanwhile, by libraries in C, too."""
    told: list[str] = []
    kept = os.dup(number)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), number)
        try:
            yield told
        finally:
            (sys.stdout if number == 1 else sys.stderr).flush()
            os.dup2(kept, number)
            os.close(kept)
            file.seek(0)
            told.append(file.read().decode(errors="replace"))


def nurie(*arguments: object) -> Run:
    """Run the command line in this process."""
    sys.stdout.flush()
    start = time.process_time()
    with _caught(1) as out, _caught(2) as err:
        code = main([str(one) for one in arguments])
    return Run(code, out[0], err[0], time.process_time() - start)


def pixels(path: Path, member: str = "") -> Pixels:
    """A picture of any mode as RGB, transparency on white; member: the one of this name in a zip file."""
    merged: Path | io.BytesIO = path
    if member:
        with zipfile.ZipFile(path) as packed:
            merged = io.BytesIO(packed.read(member))
    with Image.open(merged) as opened:
        picture = opened.convert("RGBA")
    paper = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    paper.alpha_composite(picture)
    return np.asarray(paper.convert("RGB"))


def color_at(picture: Pixels, x: float, y: float, reach: int = 4) -> tuple[int, ...]:
    """The median color around a pixel."""
    column, row = round(x), round(y)
    around = picture[max(row - reach, 0) : row + reach + 1, max(column - reach, 0) : column + reach + 1]
    return tuple(int(value) for value in np.median(around.reshape(-1, picture.shape[2]), axis=0))


def is_near(one: tuple[int, ...], other: tuple[int, ...], most: int = NEAR) -> bool:
    """Whether two colors are about the same."""
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) <= most


def wrong_parts(
    picture: Pixels, colors: dict[str, tuple[int, int, int]] | None = None, places: dict[str, Point] | None = None
) -> list[str]:
    """Parts of the figure that have another color than asked; `places` in pixels of the picture, else as the drawing
    of 512 × 640 has them."""
    height, width = picture.shape[:2]
    scaled = {part: (x * width / 512, y * height / 640) for part, (x, y) in PLACES.items()}
    wrong: list[str] = []
    for part, expected in (COLORS if colors is None else colors).items():
        found = color_at(picture, *(places or scaled)[part])
        if not is_near(found, expected):
            wrong.append(f"{part} #{bytes(found).hex()}")
    return wrong


def colored(run: Run, output: Path, asked: str, colors: dict[str, tuple[int, int, int]] | None = None) -> Finding:
    """That a command ended well and each part of the figure has its color."""
    if run.code or not output.is_file():
        return Finding(asked, False, run.said)
    wrong = wrong_parts(pixels(output), colors)
    return Finding(asked, not wrong, "wrong: " + ", ".join(wrong) if wrong else "all parts right")


def either(run: Run, output: Path, asked: str, *colors: dict[str, tuple[int, int, int]]) -> Finding:
    """That a command ended well and all parts of the figure have the colors of one of these."""
    found = [colored(run, output, asked, one) for one in colors]
    return next((one for one in found if one.holds), found[0])


def says(run: Run, asked: str, *words: str, code: int | None = 0) -> Finding:
    """That a command said one of these words (all of one that has `+`), ending with `code` (None: any)."""
    text = run.err.lower()
    told = any(all(part in text for part in word.lower().split("+")) for word in words)
    return Finding(asked, told and code in (None, run.code), run.said)

"""Writing drawn characters into a data folder, resumable, in one or several processes."""

import json
import os
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.errors import TrainingError
from trainer.drawn_characters import character_of, draw, draw_washed

_SPACING = 1_000_003  # keeps the seeds of two runs apart
PARTS = "parts.json"


def generate(
    output: Path, characters: int, poses: int, size: int, seed: int, jobs: int = 1, washed: bool = False
) -> tuple[int, int]:
    """Write `characters/drawn_NNNNN/PP.webp` and `line_PP.png` below output; what is there already is kept.

    Beside them lies `parts.json`, the color of each `Part`. washed: in ink and watercolor, see
    `drawn_characters.washing`; the folders are called washed_NNNNN, and have none, as pigment has no one color.

    Returns how many were drawn and how many kept. Raises TrainingError for a bad option or an unwritable folder.
    """
    for name, value, low, high in (
        ("characters", characters, 1, 99_999), ("poses", poses, 1, 99), ("size", size, 64, 2048), ("jobs", jobs, 1, 64),
        ("seed", seed, 0, 2**31),
    ):  # fmt: skip
        if not low <= value <= high:
            raise TrainingError("--{0} {1} cannot be used: give a number from {2} to {3}.", name, value, low, high)
    tasks = [(output, index, poses, size, seed, washed) for index in range(characters)]
    if jobs == 1:
        results = [_draw_character(*task) for task in tasks]
    else:
        # A forked OpenCV can hang on the locks of its threads.
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            results = list(pool.map(_draw_character, *zip(*tasks, strict=True), chunksize=8))
    return sum(r[0] for r in results), sum(r[1] for r in results)


def _draw_character(output: Path, index: int, poses: int, size: int, seed: int, washed: bool) -> tuple[int, int]:
    cv2.setNumThreads(1)
    folder = output / "characters" / f"{'washed' if washed else 'drawn'}_{index:05d}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not washed:
            _write_parts(folder / PARTS, seed * _SPACING + index)
        drawn = 0
        for pose in range(poses):
            color, line = folder / f"{pose:02d}.webp", folder / f"line_{pose:02d}.png"
            if color.exists() and line.exists():
                continue
            picture = (draw_washed if washed else draw)(
                seed * _SPACING + index, (seed * _SPACING + index) * 100 + pose, size
            )
            _write(line, picture.line, "PNG")
            _write(color, picture.color, "WEBP")
            drawn += 1
    except OSError as error:
        raise TrainingError(
            "The folder {0} cannot be written to ({1}): give another --output.", folder, error.strerror
        ) from error
    return drawn, poses - drawn


def _write_parts(path: Path, character_seed: int) -> None:
    if not path.exists():
        colors = character_of(character_seed).colors
        _replace(path, json.dumps({part.name.lower(): list(color) for part, color in colors.items()}).encode())


def _write(path: Path, pixels: np.ndarray, kind: str) -> None:
    buffer = BytesIO()
    options = {"quality": 95, "method": 2} if kind == "WEBP" else {"compress_level": 6}
    Image.fromarray(pixels).save(buffer, kind, **options)
    _replace(path, buffer.getvalue())


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

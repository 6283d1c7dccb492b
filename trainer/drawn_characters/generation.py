"""Writing drawn characters, and scenes of them, into a data folder, resumable, in one or several processes."""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from engine.errors import TrainingError
from trainer.drawn_characters import character_of, draw, draw_washed
from trainer.drawn_characters.scene import scene

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
    _require(characters=(characters, 99_999), poses=(poses, 99), size=(size, 2048), jobs=(jobs, 64), seed=(seed, 2**31))
    return _shared_out(
        _draw_character, [(output, index, poses, size, seed, washed) for index in range(characters)], jobs
    )


def generate_scenes(output: Path, scenes: int, frames: int, size: int, seed: int, jobs: int = 1) -> tuple[int, int]:
    """Write `scene_NNNNN/NNN.webp` and `line_NNN.png` below output, every other scene with large motion.

    What is there already is kept; webp without loss, as flats have exact colors. Returns how many frames were drawn and
    how many kept. Raises TrainingError for a bad option or an unwritable folder.
    """
    _require(scenes=(scenes, 99_999), poses=(frames, 999), size=(size, 2048), jobs=(jobs, 64), seed=(seed, 2**31))
    return _shared_out(_draw_scene, [(output, index, frames, size, seed) for index in range(scenes)], jobs)


def _require(**options: tuple[int, int]) -> None:
    """Raise TrainingError where an option's number is above its most, or below its least."""
    least = {"seed": 0, "size": 64}
    for name, (value, most) in options.items():
        if not least.get(name, 1) <= value <= most:
            raise TrainingError(
                "--{0} {1} cannot be used: give a number from {2} to {3}.", name, value, least.get(name, 1), most
            )


def _shared_out(work: Callable[..., tuple[int, int]], tasks: Sequence[tuple[Any, ...]], jobs: int) -> tuple[int, int]:
    if jobs == 1:
        results = [work(*task) for task in tasks]
    else:
        # A forked OpenCV can hang on the locks of its threads.
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            results = list(pool.map(work, *zip(*tasks, strict=True), chunksize=8))
    return sum(r[0] for r in results), sum(r[1] for r in results)


def _draw_scene(output: Path, index: int, frames: int, size: int, seed: int) -> tuple[int, int]:
    cv2.setNumThreads(1)
    folder = output / f"scene_{index:05d}"
    names = [(folder / f"{number:03d}.webp", folder / f"line_{number:03d}.png") for number in range(frames)]
    if all(one.exists() for pair in names for one in pair):
        return 0, frames
    try:
        folder.mkdir(parents=True, exist_ok=True)
        motion = "large" if index % 2 else "small"
        for (color, line), frame in zip(names, scene(seed * _SPACING + index, frames, size, motion), strict=True):
            _write(line, frame.line, "PNG")
            _write(color, np.minimum(frame.flats, frame.line[..., None]), "WEBP", lossless=True)
    except OSError as error:
        raise TrainingError(
            "The folder {0} cannot be written to ({1}): give another --output.", folder, error.strerror
        ) from error
    return frames, 0


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


def _write(path: Path, pixels: np.ndarray, kind: str, *, lossless: bool = False) -> None:
    buffer = BytesIO()
    options = {"quality": 95, "method": 2, "lossless": lossless} if kind == "WEBP" else {"compress_level": 6}
    Image.fromarray(pixels).save(buffer, kind, **options)
    _replace(path, buffer.getvalue())


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

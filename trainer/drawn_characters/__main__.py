"""Draw characters in many poses into a data folder: `python -m trainer.drawn_characters --output DIR`."""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.errors import NurieError, TrainingError
from trainer.drawn_characters import draw

_SPACING = 1_000_003  # keeps the seeds of two runs apart


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 for an error, 130 for Ctrl+C)."""
    options = _parser().parse_args(arguments)
    try:
        drawn, kept = generate(
            options.output, options.characters, options.poses, options.size, options.seed, options.jobs
        )
    except NurieError as error:
        print(f"nurie: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("nurie: stopped; run the same command again to draw what is missing", file=sys.stderr)
        return 130
    print(f"drew {drawn} pictures, kept {kept} that were there already, in {options.output}")
    return 0


def generate(output: Path, characters: int, poses: int, size: int, seed: int, jobs: int = 1) -> tuple[int, int]:
    """Write `characters/drawn_NNNNN/PP.webp` and `line_PP.png` below output; what is there already is kept.

    Returns how many were drawn and how many kept. Raises TrainingError for a bad option or an unwritable folder.
    """
    for name, value, low, high in (
        ("characters", characters, 1, 99_999), ("poses", poses, 1, 99), ("size", size, 64, 2048), ("jobs", jobs, 1, 64),
        ("seed", seed, 0, 2**31),
    ):  # fmt: skip
        if not low <= value <= high:
            raise TrainingError(f"--{name} {value} cannot be used: give a number from {low} to {high}.")
    tasks = [(output, index, poses, size, seed) for index in range(characters)]
    if jobs == 1:
        results = [_draw_character(*task) for task in tasks]
    else:
        # A forked OpenCV can hang on the locks of its threads.
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            results = list(pool.map(_draw_character, *zip(*tasks, strict=True), chunksize=8))
    return sum(r[0] for r in results), sum(r[1] for r in results)


def _draw_character(output: Path, index: int, poses: int, size: int, seed: int) -> tuple[int, int]:
    cv2.setNumThreads(1)
    folder = output / "characters" / f"drawn_{index:05d}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        drawn = 0
        for pose in range(poses):
            color, line = folder / f"{pose:02d}.webp", folder / f"line_{pose:02d}.png"
            if color.exists() and line.exists():
                continue
            picture = draw(seed * _SPACING + index, (seed * _SPACING + index) * 100 + pose, size)
            _write(line, picture.line, "PNG")
            _write(color, picture.color, "WEBP")
            drawn += 1
    except OSError as error:
        raise TrainingError(
            f"The folder {folder} cannot be written to ({error.strerror}): give another --output."
        ) from error
    return drawn, poses - drawn


def _write(path: Path, pixels: np.ndarray, kind: str) -> None:
    buffer = BytesIO()
    options = {"quality": 95, "method": 2} if kind == "WEBP" else {"compress_level": 6}
    Image.fromarray(pixels).save(buffer, kind, **options)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(buffer.getvalue())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m trainer.drawn_characters", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="data folder; its characters/ is filled")
    parser.add_argument("--characters", type=int, default=100, help="how many characters (default 100)")
    parser.add_argument("--poses", type=int, default=8, help="drawings of each (default 8)")
    parser.add_argument("--size", type=int, default=320, help="side in pixels (default 320)")
    parser.add_argument("--seed", type=int, default=0, help="another seed draws other characters")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())

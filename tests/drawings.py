"""Small drawings for the tests of the trainer: colored discs with outlines on white."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray


def draw(seed: int, size: tuple[int, int] = (90, 70)) -> NDArray[np.uint8]:
    """A drawing of `size` (height, width), H×W×3; another seed, another drawing."""
    rng = np.random.default_rng(seed)
    height, width = size
    picture = np.full((height, width, 3), 255, np.uint8)
    radius = min(size) // 3
    for _ in range(3):
        color = tuple(int(c) for c in rng.integers(0, 220, 3))
        center = (int(rng.integers(width // 4, 3 * width // 4)), int(rng.integers(height // 4, 3 * height // 4)))
        cv2.circle(picture, center, int(rng.integers(radius // 2, radius)), color, -1)
        cv2.circle(picture, center, radius, (0, 0, 0), 2)
    return picture


def write_drawings(folder: Path, names: list[str]) -> None:
    """Write a drawing to each of the names below `folder`."""
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / name), draw(seed))

"""Small pictures for the report: line art and result side by side."""

import io
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.export.atomic import atomic_path
from engine.request import LineArt

SIDE = 200  # pixels of the longer side of each half
GAP = 8
_QUALITY = 82
_GROUND = 255


def write(path: Path, line_art: LineArt, color: NDArray[np.uint8]) -> None:
    """Write line art and result as one small JPEG. color: H×W×3 uint8, under the lines. Raises PictureError."""
    height, width = line_art.size
    factor = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    # Shrunk before they are laid over each other: a thumbnail shows no difference, and a large picture is not copied.
    ink, clear = _ink(line_art, size)
    colors = np.asarray(cv2.resize(color, size, interpolation=cv2.INTER_AREA), np.float32)
    ground = np.full((size[1], GAP, 3), _GROUND, np.float32)
    both = np.concatenate([ink + 255.0 * clear, ground, ink + colors * clear], axis=1)
    data = io.BytesIO()
    Image.fromarray(np.rint(both).clip(0, 255).astype(np.uint8)).save(data, "JPEG", quality=_QUALITY, optimize=True)
    with atomic_path(path) as temporary:
        temporary.write_bytes(data.getvalue())


def _ink(line_art: LineArt, size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The line layer at a width and height: h×w×3, its color as far as it covers, and h×w×1, how far it does not."""
    if line_art.own is None:
        clear = np.asarray(cv2.resize(line_art.layer, size, interpolation=cv2.INTER_AREA), np.float32)[..., None]
        return np.zeros((*clear.shape[:2], 3), np.float32), clear
    color, alpha = line_art.own[..., :3], line_art.own[..., 3:]
    covered = cv2.multiply(color, cv2.merge([alpha] * 3), scale=1.0 / 255.0)
    small, cover = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (covered, alpha))
    return np.asarray(small, np.float32), 1.0 - np.asarray(cover, np.float32)[..., None] / np.float32(255.0)

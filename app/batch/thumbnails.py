"""Small pictures for the report: line art and result side by side."""

import io
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.export.atomic import atomic_path

SIDE = 200  # pixels of the longer side of each half
GAP = 8
_QUALITY = 82
_GROUND = 255


def write(path: Path, ink: NDArray[np.float32], color: NDArray[np.uint8]) -> None:
    """Write line art and result as one small JPEG. ink: H×W in [0, 1], 0 ink; color: H×W×3 uint8, under the lines.

    Raises PictureError.
    """
    height, width = ink.shape
    factor = min(1.0, SIDE / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    # Shrunk before it is multiplied: a thumbnail shows no difference, and a large picture is not copied.
    lines = np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.float32)[..., None]
    colors = np.asarray(cv2.resize(color, size, interpolation=cv2.INTER_AREA), np.float32)
    ground = np.full((size[1], GAP, 3), _GROUND, np.float32)
    both = np.concatenate([np.broadcast_to(lines * 255.0, colors.shape), ground, colors * lines], axis=1)
    data = io.BytesIO()
    Image.fromarray(np.rint(both).clip(0, 255).astype(np.uint8)).save(data, "JPEG", quality=_QUALITY, optimize=True)
    with atomic_path(path) as temporary:
        temporary.write_bytes(data.getvalue())

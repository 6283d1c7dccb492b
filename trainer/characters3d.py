"""Renderings of 3D characters: line art and labels of parts, and a palette.

In a folder for each character lie `NN_line.png`, `NN_label.png` and `palette.json`. A label is the same part in all
renderings of a character, and the palette gives each a color. 00 is the character sheet.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import plain_text
from engine.errors import PictureError
from engine.images import Picture

PALETTE, LINE, LABEL = "palette.json", "_line.png", "_label.png"

Pixels = NDArray[np.uint8]


def is_character(folder: Path) -> bool:
    """Whether a folder holds such renderings."""
    return (folder / PALETTE).is_file()


def is_rendering(path: Path) -> bool:
    """Whether a file is the line art of such a rendering."""
    return path.name.endswith(LINE) and is_character(path.parent)


def renderings(folder: Path) -> list[Path]:
    """The line art of a character's renderings, the sheet first."""
    return sorted(folder.glob(f"*{LINE}"))


def palette_of(folder: Path) -> dict[int, tuple[int, int, int]]:
    """The color of each label. Raises PictureError for a damaged file."""
    try:
        values = plain_text.from_json((folder / PALETTE).read_bytes())["palette"]
        colors = {int(label): tuple(int(level) for level in color) for label, color in values.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PictureError("{0} is damaged: it must give every label a color.", folder / PALETTE) from error
    if any(len(color) != 3 or not 0 < label < 256 for label, color in colors.items()):
        raise PictureError("{0} is damaged: labels go from 1 to 255, colors have three levels.", folder / PALETTE)
    return colors  # type: ignore[return-value]


def table_of(colors: dict[int, tuple[int, int, int]]) -> NDArray[np.uint8]:
    """256×3: the color of each label, white for others."""
    table = np.full((256, 3), 255, np.uint8)
    for label, color in colors.items():
        table[label] = color
    return table


def read(path: Path, table: NDArray[np.uint8]) -> tuple[Pixels, Pixels]:
    """A rendering's color H×W×3 and line art H×W (0 ink). path: its line art. Raises PictureError."""
    line = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    labels = cv2.imread(str(path.with_name(path.name.replace(LINE, LABEL))), cv2.IMREAD_GRAYSCALE)
    if line is None or labels is None or line.shape != labels.shape:
        raise PictureError("{0} cannot be read, or its labels are missing.", path)
    color = np.rint(table[np.asarray(labels, np.intp)] * (np.asarray(line)[..., None] / 255.0)).astype(np.uint8)
    return color, np.asarray(line, np.uint8)


def picture(path: Path) -> Picture:
    """A rendering in its character's colors, as a picture. Raises PictureError."""
    color, _ = read(path, table_of(palette_of(path.parent)))
    return Picture(color, None, None, None, path.name)

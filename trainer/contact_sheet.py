"""Contact sheets: rows of pictures side by side with a caption below, for looking at many results at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.export.png import write_png

Pixels = NDArray[np.uint8]

TILE = 320  # pixels, longer side of a picture
MAX_HEIGHT = 16000  # pixels of a sheet
SUFFIXES = (".png", ".webp")  # of the files of sheets
_QUALITY = 88  # of a WebP
_GAP, _CAPTION, _BACKGROUND, _TEXT = 8, 26, 235, (20, 20, 20)


def row(pictures: Sequence[Pixels], caption: str, side: int = TILE) -> Pixels:
    """Pictures (H×W×3 or H×W uint8) next to each other, each shrunk into side × side pixels, the caption below."""
    tiles = [_shrunk(picture, side) for picture in pictures]
    height = max(tile.shape[0] for tile in tiles)
    width = _GAP + len(tiles) * (side + _GAP)
    sheet = np.full((_GAP + height + _CAPTION, width, 3), _BACKGROUND, np.uint8)
    for number, tile in enumerate(tiles):
        left = _GAP + number * (side + _GAP) + (side - tile.shape[1]) // 2
        sheet[_GAP : _GAP + tile.shape[0], left : left + tile.shape[1]] = tile
    image = Image.fromarray(sheet)
    ImageDraw.Draw(image).text((_GAP, _GAP + height + 4), caption, fill=_TEXT, font=ImageFont.load_default(15))
    return np.asarray(image)


def _shrunk(picture: Pixels, side: int) -> Pixels:
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    factor = side / max(picture.shape[:2])
    if factor >= 1.0:
        return picture
    size = max(1, round(picture.shape[1] * factor)), max(1, round(picture.shape[0] * factor))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def sheets(rows: Sequence[Pixels], max_height: int = MAX_HEIGHT) -> Iterator[Pixels]:
    """Rows of one width below each other, on as many sheets as it takes for none to be taller than `max_height`."""
    page: list[Pixels] = []
    for strip in rows:
        if page and sum(part.shape[0] for part in page) + strip.shape[0] > max_height:
            yield np.concatenate(page)
            page = []
        page.append(strip)
    if page:
        yield np.concatenate(page)


def side_by_side(rows: Sequence[Pixels], columns: int) -> Pixels:
    """At least one row, all of one width, below each other in so many columns, in order from top to bottom."""
    each = -(-len(rows) // columns)
    parts = [np.concatenate(list(rows[start : start + each])) for start in range(0, len(rows), each)]
    height = max(part.shape[0] for part in parts)
    filled = [np.pad(p, ((0, height - p.shape[0]), (0, 0), (0, 0)), constant_values=_BACKGROUND) for p in parts]
    return np.concatenate(filled, axis=1)


def write(path: Path, sheet: Pixels) -> None:
    """Write a sheet as a PNG, or as a WebP where the name ends so. Raises PictureError."""
    if path.suffix.lower() != ".webp":
        write_png(path, sheet)
        return
    try:
        with atomic_path(path) as temporary:
            Image.fromarray(sheet).save(temporary, format="WEBP", quality=_QUALITY, method=6)
    except ValueError as error:  # no side of a WebP is longer than 16,383 pixels
        raise PictureError("The contact sheet cannot be written as {0}: {1}", path, error) from error

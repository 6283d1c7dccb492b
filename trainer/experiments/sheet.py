"""The contact sheet of a table: some test drawings, each with lines, reference and what every row made of it."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.errors import PictureError, TrainingError
from engine.export.png import write_png
from trainer import contact_sheet
from trainer.experiments.runner import RowResult
from trainer.experiments.scoring import SHEET

Pixels = NDArray[np.uint8]
HEADER = 30  # pixels


def write_sheet(path: Path, results: Sequence[RowResult]) -> None:
    """Lines, reference, the result of every row, and the drawing. Raises TrainingError when it cannot be written."""
    rows = []
    for name in _names(results[0].folder):
        first = results[0].folder / SHEET
        made = [_read(result.folder / SHEET / f"{name}-result.png") for result in results]
        pictures = [
            _read(first / f"{name}-line.png"),
            _read(first / f"{name}-reference.png"),
            *made,
            _read(first / f"{name}-target.png"),
        ]
        rows.append(contact_sheet.row([_framed(picture) for picture in pictures], name.rpartition("-")[0]))
    if not rows:
        return
    labels = ["lines", "reference", *(result.row.label for result in results), "drawing"]
    page = next(contact_sheet.sheets([_header(labels, rows[0].shape[1]), *rows]))
    try:
        write_png(path, page)
    except PictureError as error:
        raise TrainingError("The contact sheet cannot be written: {0}", error) from error


def _names(folder: Path) -> list[str]:
    found = (folder / SHEET).glob("*-target.png")
    return sorted((path.name.removesuffix("-target.png") for path in found), reverse=True)


def _read(path: Path) -> Pixels:
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR) if path.is_file() else None
    if picture is None:
        return np.full((contact_sheet.TILE, contact_sheet.TILE, 3), 200, np.uint8)
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def _framed(picture: Pixels) -> Pixels:
    """In the middle of a square of paper, so that columns stand below each other."""
    side = contact_sheet.TILE
    height, width = picture.shape[:2]
    square = np.full((side, side, 3), 255, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = picture
    return square


def _header(labels: Sequence[str], width: int) -> Pixels:
    """The labels above their columns."""
    image = Image.new("RGB", (width, HEADER), (235, 235, 235))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(17)
    pitch = width / len(labels)
    for number, label in enumerate(labels):
        pen.text(((number + 0.5) * pitch, HEADER / 2), label, fill=(20, 20, 20), font=font, anchor="mm")
    return np.asarray(image, np.uint8)

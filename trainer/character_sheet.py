"""A character sheet: the pictures of one character that a model is adapted to, looked through first.

Pictures are H×W×3 uint8 sRGB on white. Imports no torch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.color import sheet as sheets
from engine.color.figure import to_lab
from engine.errors import TrainingError
from engine.request import Reference
from engine.sentences import Sentence
from trainer.fine_tuning_events import Skipped

Pixels = NDArray[np.uint8]
Box = tuple[slice, slice]  # rows, columns

LIMIT = 50  # pictures of a sheet
SMALLEST = 96  # pixels of the longer side
STORED_SIDE = 768  # pixels of the longer side; no more is looked at
_LOOKED_AT = 256  # pixels of the longer side, to find figures
_PAPER = 245  # a pixel is drawn on where one of its channels is darker
_DRAWN = 0.005  # share of a picture that is drawn on at least
_FAR_APART = 0.03  # of the longer side: what is nearer belongs together
_FIGURE_AREA, _FIGURE_HEIGHT = 0.3, 0.5  # of the largest figure's: what is smaller is a prop or a note
_MARGIN = 0.04  # of the longer side, around a figure
_HASH_SIDE = 16
_SAME_BITS = 14  # of 256 that may differ between two copies of a picture
_SAME_COLOR = 9.0  # CIELAB, mean distance of copies where they are least alike, on a quarter of the picture


@dataclass(frozen=True, eq=False)
class SheetPicture:
    """One figure to learn from. path: the file it is from; name: the file's, with a number where it held several."""

    path: Path
    name: str
    pixels: Pixels


@dataclass(frozen=True, eq=False)
class CharacterSheet:
    """pictures: what is learned from, at least one. skipped: what is left out."""

    pictures: tuple[SheetPicture, ...]
    skipped: tuple[Skipped, ...] = ()


def assemble(pictures: Iterable[tuple[Path, Pixels]], skipped: Sequence[Skipped] = ()) -> CharacterSheet:
    """Cut pictures with several figures apart, and leave out what cannot teach anything, with the reason.

    pictures: with their files, read one by one. skipped: what was left out before, such as files that cannot be read;
    looked at in the end, so that it may grow while the pictures are read. Raises TrainingError, one sentence, where
    nothing is left.
    """
    kept: list[SheetPicture] = []
    left_out: list[Skipped] = []
    fingerprints: list[tuple[NDArray[np.bool_], NDArray[np.float32]]] = []
    for path, pixels in pictures:
        parts = _parts(pixels)
        for number, part in enumerate(parts, 1):
            name = path.name if len(parts) == 1 else f"{path.name} ({number})"
            fingerprint = _fingerprint(part)
            why = _refusal(part, fingerprint, fingerprints, kept)
            if why:
                left_out.append(Skipped(path, why))
                continue
            kept.append(SheetPicture(path, name, _stored(part)))
            fingerprints.append(fingerprint)
    left_out = [*skipped, *left_out]
    if not kept:
        if not left_out:
            raise TrainingError("There is no picture to learn from.")
        raise TrainingError("There is no picture to learn from: {0}: {1}", left_out[0].path.name, left_out[0].why)
    return CharacterSheet(tuple(kept), tuple(left_out))


def find_figures(pixels: Pixels) -> list[Box]:
    """Where the figures of a picture on white paper stand, from left to right; the whole picture where there is one.

    Figures are far apart (3 % of the longer side), about as tall as the largest, and not much smaller; anything else,
    a name or a prop beside the figure, belongs to no figure of its own. A picture without a white border is one figure.
    """
    height, width = pixels.shape[:2]
    whole = [(slice(0, height), slice(0, width))]
    factor = min(1.0, _LOOKED_AT / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    drawn = _drawn_on(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8))
    edge = np.concatenate([drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]])
    if edge.mean() > 0.2:
        return whole
    reach = max(3, round(_FAR_APART * max(drawn.shape)) | 1)
    joined = cv2.dilate(drawn.astype(np.uint8), np.ones((reach, reach), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    labels = np.where(drawn, np.asarray(labels, np.int32), 0)
    found = [box for box in ndimage.find_objects(labels) if box is not None]
    areas = [
        np.count_nonzero(labels[box] == number) for number, box in enumerate(ndimage.find_objects(labels), 1) if box
    ]
    if not found:
        return whole
    heights = [box[0].stop - box[0].start for box in found]
    largest, tallest = max(areas), max(heights)
    figures = [
        box
        for box, area, tall in zip(found, areas, heights, strict=True)
        if area >= _FIGURE_AREA * largest and tall >= _FIGURE_HEIGHT * tallest
    ]
    if len(figures) < 2 or min(max(_sides(_enlarged(box, factor, (height, width)))) for box in figures) < SMALLEST:
        return whole
    return [_enlarged(box, factor, (height, width)) for box in sorted(figures, key=lambda box: box[1].start)]


def _parts(pixels: Pixels) -> list[Pixels]:
    """The figures of a sheet without what is laid beside them, else those that stand far apart, alike or not."""
    cut = sheets.cut(Reference(pixels))
    if cut.is_sheet and min(max(one.pixels.shape[:2]) for one in cut.figures) >= SMALLEST:
        return [one.pixels for one in cut.figures]
    return [np.ascontiguousarray(pixels[box]) for box in find_figures(pixels)]


def _drawn_on(pixels: Pixels) -> NDArray[np.bool_]:
    return pixels.min(axis=2) < _PAPER


def _sides(box: Box) -> tuple[int, int]:
    return box[0].stop - box[0].start, box[1].stop - box[1].start


def _enlarged(box: Box, factor: float, size: tuple[int, int]) -> Box:
    """A box of the small picture in the large one, with a margin."""
    margin = round(_MARGIN * max(size))
    rows, columns = (
        slice(max(0, int(side.start / factor) - margin), min(whole, int(np.ceil(side.stop / factor)) + margin))
        for side, whole in zip(box, size, strict=True)
    )
    return rows, columns


def _refusal(
    pixels: Pixels,
    fingerprint: tuple[NDArray[np.bool_], NDArray[np.float32]],
    known: Sequence[tuple[NDArray[np.bool_], NDArray[np.float32]]],
    kept: Sequence[SheetPicture],
) -> str:
    """Why a picture is left out, or nothing."""
    longest = max(pixels.shape[:2])
    if longest < SMALLEST:
        return Sentence("it is tiny, {0} pixels on its longer side, and at least {1} are needed.", longest, SMALLEST)
    drawn = _drawn_on(pixels)
    if drawn.mean() < _DRAWN or (np.ptp(pixels.reshape(-1, 3), axis=0) < 16).all():
        return Sentence("there is nothing drawn on it.")
    bits, colors = fingerprint
    for (other, other_colors), picture in zip(known, kept, strict=True):
        distance = np.sort(np.linalg.norm(colors - other_colors, axis=2), axis=None)
        if (bits != other).sum() <= _SAME_BITS and distance[-distance.size // 4 :].mean() <= _SAME_COLOR:
            return Sentence("it is (nearly) the same picture as {0}.", picture.name)
    if len(kept) >= LIMIT:
        return Sentence("there are {0} pictures already, and more bring nothing.", LIMIT)
    return ""


def _fingerprint(pixels: Pixels) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """A perceptual hash of what is drawn (which of two neighbors of a small gray copy is lighter), and a tiny copy.

    Hashes of copies that were saved or scaled anew differ in few bits.
    """
    drawn = _drawn_on(pixels)
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    if rows.size:
        pixels = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = np.asarray(cv2.resize(pixels, (_HASH_SIDE + 1, _HASH_SIDE), interpolation=cv2.INTER_AREA), np.uint8)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)
    return np.diff(gray, axis=1) > 1.0, to_lab(small)


def _stored(pixels: Pixels) -> Pixels:
    factor = STORED_SIDE / max(pixels.shape[:2])
    if factor >= 1.0:
        return np.ascontiguousarray(pixels)
    size = max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)

"""What is laid beside the figures of a reference sheet: color chips and lettering."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import narrow
from engine.color.figure import to_lab
from engine.color.sheet_shapes import EVEN, SAME, Color, Piece, View, median_color

Mask = NDArray[np.bool_]

_CHIP_SIZES = 0.25  # by which the sides of chips differ
_WORD = 0.06  # of the sheet's longer side, that letters are high at most
_THIN = 0.24  # of a letter's height, that its strokes are wide at most on either side of their middle


def chip_colors(piece: Piece) -> list[Color]:
    """The color of a chip, or of each of several ones in a piece; none where it is something else."""
    if piece.even_color is not None:
        return [piece.even_color]
    if piece.shape != "box" or max(piece.size) < 2.0 * min(piece.size):
        return []
    return _strip_colors(piece)


def _strip_colors(piece: Piece) -> list[Color]:
    """The colors of chips that touch one another in a row; none where they are not of one size."""
    lab, pixels = piece.seen.lab, piece.seen.pixels
    if piece.height > piece.width:
        lab, pixels = lab.transpose(1, 0, 2), pixels.transpose(1, 0, 2)
    cut = max(1, len(lab) // 5)
    lab, pixels = lab[cut:-cut], pixels[cut:-cut]
    even = np.percentile(lab, 90, axis=0) - np.percentile(lab, 10, axis=0)
    steps = np.linalg.norm(np.diff(np.median(lab, axis=0), axis=0), axis=1)
    if len(lab) < 3 or float((even.max(axis=1) < EVEN).mean()) < 0.9:
        return []
    edges = [-1, *np.flatnonzero(steps > EVEN / 2).tolist(), lab.shape[1] - 1]
    runs = [(one + 1, other + 1) for one, other in itertools.pairwise(edges) if other - one > 3]
    lengths = [end - start for start, end in runs]
    if len(runs) < 3 or min(lengths) < 0.6 * max(lengths) or sum(lengths) < 0.7 * lab.shape[1]:
        return []
    return [median_color(pixels[:, start + 1 : end - 1].reshape(-1, 3)) for start, end in runs]


def chips(pieces: Sequence[Piece], longest: float) -> list[Piece]:
    """The color chips: even boxes or discs of about one size, in a row, a column or a grid, two or more."""
    others = [one for one in pieces if not one.is_even]
    able = [
        one
        for one in pieces
        if max(one.size) <= longest
        and one.shape != "other"
        and one.is_even
        and not any(_lies_in(one, o) for o in others)
    ]
    found: list[Piece] = [one for one in others if len(chip_colors(one)) > 2]
    for one in able:
        alike = [other for other in able if other is not one and _same_size(one, other) and _in_line(one, other)]
        if any(_differ(chip_colors(one)[0], chip_colors(other)[0]) for other in alike):
            found += [one, *alike]
    sizes = list(found)
    found += [one for one in able if any(_same_size(one, other) for other in sizes)]
    return list(dict.fromkeys(found))


def _lies_in(one: Piece, other: Piece) -> bool:
    """Whether a box lies in that of a larger piece, as a button does in a figure's."""
    return (
        other.x <= one.x
        and other.y <= one.y
        and one.x + one.width <= other.x + other.width
        and one.y + one.height <= other.y + other.height
    )


def _differ(one: Color, other: Color) -> bool:
    first, second = to_lab(np.asarray([one, other], np.uint8))
    return float(np.linalg.norm(first - second)) > SAME


def _same_size(one: Piece, other: Piece) -> bool:
    sides = zip(one.size, other.size, strict=True)
    return one.shape == other.shape and all(abs(a - b) <= max(2.0, _CHIP_SIZES * max(a, b)) for a, b in sides)


def _in_line(one: Piece, other: Piece) -> bool:
    across = abs(2 * one.x + one.width - 2 * other.x - other.width) <= max(3.0, 0.2 * one.width)
    down = abs(2 * one.y + one.height - 2 * other.y - other.height) <= max(3.0, 0.2 * one.height)
    return across != down


def lettering(view: View, pieces: Sequence[Piece]) -> list[Piece]:
    """Small thin pieces of one color that stand in rows, and words whose letters have run together.

    What lies within the hull of something large, as a fold of white cloth on white paper does, is none.
    """
    high = _WORD * view.side
    large = [one for one in pieces if max(one.size) > 2 * high]
    small = [one for one in pieces if one.height <= high and not any(_lies_in_hull(one, other) for other in large)]
    found: list[Piece] = []
    for row in _rows(small):
        thin = [one for one in row if one.is_drawn_alike and _is_thin(one)]
        width = max(one.x + one.width for one in row) - min(one.x for one in row)
        height = float(np.median([one.height for one in row]))
        letters = len(thin) > 2 and len(thin) >= 0.5 * len(row) and width > 2.5 * height
        if letters or (thin and any(_is_word(one) for one in thin)):
            found += row
    return found


def _lies_in_hull(one: Piece, other: Piece) -> bool:
    return _lies_in(one, other) and other.is_around(one.x + one.width / 2, one.y + one.height / 2)


def _is_thin(piece: Piece) -> bool:
    deepest = float(cv2.distanceTransform(np.pad(_inked(piece), 1).astype(np.uint8), cv2.DIST_L2, 3).max())
    return deepest <= max(2.0, _THIN * piece.height)


def _inked(piece: Piece) -> Mask:
    """Of a piece of one ink the pixels that have more of it than of the ground."""
    beside = ~piece.mask
    lab = piece.seen.lab
    if not beside.any():
        return piece.mask
    far = narrow.length(lab - np.median(lab[beside], axis=0))
    return piece.mask & (far > 0.5 * np.percentile(far[piece.mask], 95))


def _is_word(piece: Piece) -> bool:
    """Letters that touch: many strokes along the middle of something low."""
    if piece.width < 2 * piece.height or piece.height > 0.03 * piece.view.side:
        return False
    gray = piece.seen.lab[..., 0]
    middle = gray[len(gray) // 4 : max(len(gray) // 4 + 1, 3 * len(gray) // 4)].mean(axis=0)
    crossings = int(np.count_nonzero(np.diff(np.sign(middle - np.median(middle)))))
    return crossings >= 1.2 * piece.width / max(4, piece.height)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces of about one height, at about one height, near one another."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.x):
        for row in rows:
            last = row[-1]
            high = max(last.height, piece.height)
            middle = abs(2 * last.y + last.height - 2 * piece.y - piece.height) / 2
            if middle <= 0.8 * high and piece.x - last.x - last.width <= 2.0 * high:
                row.append(piece)
                break
        else:
            rows.append([piece])
    return rows

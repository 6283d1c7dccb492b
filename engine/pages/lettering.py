"""Lettering and the balloons that hold it: what of a page is neither colored nor to be checked."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.regions import RegionMap
from engine.pages.layout import Layout

_INK = 0.6
_LEAST, _LEAST_SHARE, _MOST_SHARE = 5, 0.008, 0.16  # pixels and shares of a view's shorter side: how large letters are
_MOST_LETTERS = 1500  # of a view; more small pieces of ink than that are a tone
_WORD, _WORD_LETTERS = 1.7, 3  # times as long as high: letters that run into each other; how many these are at least
_LEAST_STROKES, _WORD_STROKES = 4, 1.1  # strokes across such a piece, and for each of its heights
_GAP = 1.1  # of a letter's size: to the next one, or to the next line
_OTHER = 2.2  # how much larger one letter may be than the next one
_TIGHT, _OVER = 0.6, 0.3  # of a letter's size: to the next one of a word, and over it
_ALIKE = 1.8  # how much larger a letter of a word may be than the next one
_SPREAD = 0.32  # of the logarithms of the sizes of all letters that stand together
_LINE = 3  # letters of a word; if none has more,
_FILLED = 0.58  # share of their box that the letters' own boxes fill
_BESIDE = 0.5  # share of the smaller letter's size at which both lie in one line
_STROKE, _STROKES = 0.75, 0.6  # a straight stroke fills its own box; share of strokes that makes a hatching
_DOT, _DOTS = 0.8, 0.6  # a dot fills its hull; share of dots that makes a tone
_LOOKED_AT = 24  # pieces of a group
_WITHIN = 0.85  # share of a region that lies among letters
_ROUND, _LARGE = 0.86, 0.5  # a balloon's share of its hull, with the letters; of a view's area at most
_TEXT_LENGTH = 0.2  # of a balloon's longer or shorter side, that the lettering is long
_OTHER_INK = 0.25  # of the lettering's size: larger pieces of ink in a balloon are none of it

Mask = NDArray[np.bool_]


class Marks(NamedTuple):
    """Of count regions: paper, those that stay paper; follows, the region (from 0) whose color a region of the
    lettering takes, -1 for others."""

    paper: Mask
    follows: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Text:
    """A piece of lettering. box: left, top, right, bottom of its letters in a view; size: of a letter in pixels."""

    box: tuple[int, int, int, int]
    size: float


def find_marks(ink: NDArray[np.float32], regions: RegionMap, layout: Layout) -> Marks:
    """What of a page or strip stays as it is: gutters and what else lies outside all views, balloons, lettering.

    ink: H×W float32, 0 ink. Raises Cancelled.
    """
    paper = _outside(regions, layout)
    follows = np.full(regions.count, -1, np.intp)
    # A drawing of one figure is no page, however long it is.
    for view in layout.views if layout.panels or len(layout.views) > 1 else ():
        cancellation.check()
        labels = regions.labels[view.box.slices]
        seen = layout.ink(ink, view) < _INK
        texts = find_lettering(seen)
        if not texts:
            continue
        _mark(texts, labels, seen, Marks(paper, follows))
    # A chain of letters in letters ends at what is no letter.
    for _ in range(4):
        more = (follows >= 0) & (follows[follows] >= 0) & (follows[follows] != np.arange(regions.count))
        follows[more] = follows[follows[more]]
    return Marks(paper, np.where(paper, -1, follows))


def _outside(regions: RegionMap, layout: Layout) -> Mask:
    """The regions most of which lies in no view."""
    total = np.zeros(regions.count + 1, np.int64)
    for top in range(0, layout.size[0], 1024):
        total += np.bincount(regions.labels[top : top + 1024].reshape(-1), minlength=regions.count + 1)
    inside = np.zeros(regions.count + 1, np.int64)
    for panel in layout.panels:
        box = panel.box(layout.size)
        inside += np.bincount(regions.labels[box.slices][panel.inside(box)], minlength=regions.count + 1)
    for box in (view.box for view in layout.views if view.panel is None):
        inside += np.bincount(regions.labels[box.slices].reshape(-1), minlength=regions.count + 1)
    return (2 * inside < total)[1:]


def find_lettering(drawn: Mask) -> list[Text]:
    """Lines and columns of letters among the ink of a view."""
    side = min(drawn.shape)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(drawn.astype(np.uint8), connectivity=8)
    boxes = np.asarray(statistics, np.int64)[:, :4]  # left, top, width, height
    large, thin = boxes[:, 2:].max(axis=1), boxes[:, 2:].min(axis=1)
    least, most = max(_LEAST, _LEAST_SHARE * side), _MOST_SHARE * side
    small = (large >= least) & (large <= most)
    long = (thin >= least) & (thin <= most) & (large >= _WORD * thin) & (large <= side)
    small[0] = long[0] = False
    is_word = np.zeros(len(boxes), np.bool_)
    for number in np.flatnonzero(long)[:_MOST_LETTERS]:
        is_word[number] = _is_word(labels, int(number), boxes[number])
    chosen = np.flatnonzero(small | is_word)
    if not 1 <= len(chosen) <= _MOST_LETTERS:
        return []
    pieces, words = boxes[chosen].astype(np.float64), is_word[chosen]
    size = np.where(words, thin[chosen], large[chosen]).astype(np.float64)
    found: list[Text] = []
    for members in _groups(pieces, size):
        group = pieces[members]
        if not _are_letters(group, size[members], np.where(words[members], _WORD_LETTERS, 1)):
            continue
        if _is_tone(labels, chosen[members], boxes):
            continue
        right, bottom = (group[:, :2] + group[:, 2:]).max(axis=0)
        box = int(group[:, 0].min()), int(group[:, 1].min()), int(right), int(bottom)
        found.append(Text(box, float(np.median(size[members]))))
    return found


def _is_word(labels: NDArray, number: int, box: NDArray[np.int64]) -> bool:
    """Whether one piece of ink is letters that run into each other: many strokes across it, with paper between."""
    left, top, width, height = box
    piece = labels[top : top + height, left : left + width] == number
    if width < height:
        piece = piece.T
    if not 0.15 <= piece.mean() <= 0.75:
        return False
    strokes = np.count_nonzero(piece[:, 1:] & ~piece[:, :-1], axis=1) + piece[:, 0]
    return float(np.median(strokes)) >= max(_LEAST_STROKES, _WORD_STROKES * max(width, height) / min(width, height))


def _groups(pieces: NDArray[np.float64], large: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Which pieces (n×4: left, top, width, height) stand together in lines or columns.

    large: of each piece, how large its letters are.
    """
    beside = np.zeros((len(pieces), len(pieces)), np.bool_)
    larger, smaller = np.maximum(large[:, None], large[None]), np.minimum(large[:, None], large[None])
    for in_line, gap in _in_lines(pieces):
        beside |= in_line & (gap <= _GAP * larger) & (larger <= _OTHER * smaller)
    number = _numbered(beside)
    return [np.flatnonzero(number == first) for first in np.unique(number)]


def _in_lines(pieces: NDArray[np.float64]) -> list[tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    """Of rows, then of columns: n×n, whether two pieces stand in one, and the gap between them along it, below 0 where
    they overlap."""
    low, size = pieces[:, :2], pieces[:, 2:]
    high = low + size
    gaps = np.maximum(low[:, None], low[None]) - np.minimum(high[:, None], high[None])
    shorter = np.minimum(size[:, None], size[None])
    return [
        (-gaps[..., across] >= _BESIDE * shorter[..., across], gaps[..., along]) for along, across in ((0, 1), (1, 0))
    ]


def _numbered(joined: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The same number for all that hang together. joined: n×n."""
    count = len(joined)
    number = np.arange(count)
    while True:
        lowest = np.where(joined | np.eye(count, dtype=np.bool_), number[None], count).min(axis=1)
        if (lowest == number).all():
            return number
        number = lowest


def _are_letters(group: NDArray[np.float64], large: NDArray[np.float64], letters: NDArray[np.intp]) -> bool:
    """Whether pieces that stand together are letters: some follow each other closely, and all are about as large.

    The marks of a face are none: they are few in a line, one in the other, and of many sizes. letters: how many each
    piece is.
    """
    if float(np.std(np.log(large))) > _SPREAD:
        return False
    larger, smaller = np.maximum(large[:, None], large[None]), np.minimum(large[:, None], large[None])
    longest = int(letters.max())
    for in_line, gap in _in_lines(group):
        follows = in_line & (gap <= _TIGHT * larger) & (gap >= -_OVER * smaller) & (larger <= _ALIKE * smaller)
        longest = max(longest, int(np.bincount(_numbered(follows), letters).max()))
    if longest != _LINE:
        return longest > _LINE
    low, high = group[:, :2].min(axis=0), (group[:, :2] + group[:, 2:]).max(axis=0)
    filled = np.zeros((high - low).astype(np.intp)[::-1], np.bool_)
    for left, top, right, bottom in np.concatenate([group[:, :2], group[:, :2] + group[:, 2:]], axis=1) - [*low, *low]:
        filled[int(top) : int(bottom), int(left) : int(right)] = True
    return bool(filled.mean() >= _FILLED)


def _is_tone(labels: NDArray, members: NDArray[np.intp], boxes: NDArray[np.int64]) -> bool:
    """Whether most pieces are dots, or straight strokes that run about the same way."""
    members = members[:_LOOKED_AT]
    strokes, dots = [], 0
    for number in members:
        left, top, width, height = boxes[number]
        piece = (labels[top : top + height, left : left + width] == number).astype(np.uint8)
        points = cv2.findNonZero(piece)
        _, (one, other), angle = cv2.minAreaRect(points)
        thick, long = sorted((one + 1.0, other + 1.0))
        if len(points) >= _STROKE * thick * long and long >= 2.5 * thick:
            strokes.append((angle + (90.0 if one < other else 0.0)) % 180.0)
        hull = np.zeros_like(piece)
        cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
        holes = len(cv2.findContours(piece, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)[0]) > 1
        dots += long < 1.6 * thick and not holes and len(points) >= _DOT * int(hull.sum())
    if dots >= _DOTS * len(members):
        return True
    if len(strokes) < _STROKES * len(members):
        return False
    return bool(np.abs(np.exp(2j * np.deg2rad(strokes)).mean()) > 0.8)


def _mark(texts: list[Text], labels: NDArray[np.int32], drawn: Mask, marks: Marks) -> None:
    """Mark what the lettering of a view makes of its regions, in place. labels: of the view, from 1."""
    names, flat = np.unique(labels, return_inverse=True)
    flat = flat.reshape(labels.shape)
    areas = np.bincount(flat.reshape(-1), minlength=len(names))
    covers: dict[int, list[Text]] = {}
    for text in texts:
        around = _box(text, labels.shape, 0.5)
        ring = np.concatenate([flat[around][0], flat[around][-1], flat[around][:, 0], flat[around][:, -1]])
        covers.setdefault(int(np.bincount(ring).argmax()), []).append(text)
    for region, held in covers.items():
        among = np.zeros(labels.shape, np.bool_)
        for text in held:
            among[_box(text, labels.shape, 0.25)] = True
        within = np.bincount(flat[among], minlength=len(names)) >= _WITHIN * areas
        within[region] = False
        if _is_balloon(flat == region, within[flat], drawn, held):
            marks.paper[names[region] - 1] = True
        marks.follows[names[within] - 1] = names[region] - 1


def _box(text: Text, size: tuple[int, ...], wider: float) -> tuple[slice, slice]:
    more = max(2, round(wider * text.size))
    left, top, right, bottom = text.box
    return slice(max(0, top - more), min(size[0], bottom + more)), slice(
        max(0, left - more), min(size[1], right + more)
    )


def _is_balloon(region: Mask, letters: Mask, drawn: Mask, texts: list[Text]) -> bool:
    """Whether a region holds its lettering and nothing else, and bulges nowhere inwards much."""
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    whole = (region | letters)[part].astype(np.uint8)
    if whole.sum() > _LARGE * region.size:
        return False
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outer = max(contours, key=cv2.contourArea)
    # Without the tail of a balloon, which is thin.
    tail = max(3, round(0.12 * min(whole.shape))) | 1
    filled = np.zeros(whole.shape, np.uint8)
    cv2.drawContours(filled, [outer], -1, 1, -1)
    body = cv2.morphologyEx(
        np.pad(filled, tail), cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (tail, tail))
    )
    points = cv2.findNonZero(body)
    if points is None or len(points) < 16:
        return False
    hull = cv2.contourArea(cv2.convexHull(points))
    if len(points) < _ROUND * hull:
        return False
    height, width = whole.shape
    across = max(text.box[2] for text in texts) - min(text.box[0] for text in texts)
    down = max(text.box[3] for text in texts) - min(text.box[1] for text in texts)
    if across < _TEXT_LENGTH * width and down < _TEXT_LENGTH * height:
        return False
    among = np.zeros(region.shape, np.bool_)
    for text in texts:
        among[_box(text, region.shape, 0.5)] = True
    # Ink inside that is no lettering: an eye, a fold, a button.
    others = (drawn[part] & (filled > 0) & ~among[part]).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(others, connectivity=8)
    edge = cv2.morphologyEx(np.pad(filled, 1), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))[1:-1, 1:-1]
    is_outline = np.zeros(count, np.bool_)
    is_outline[np.unique(np.asarray(labels, np.intp)[np.asarray(edge) > 0])] = True
    size = _OTHER_INK * float(np.median([text.size for text in texts]))
    longest = statistics[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) if count > 1 else np.zeros(0)
    return not (longest[~is_outline[1:]] > max(4.0, 2.0 * size)).any()

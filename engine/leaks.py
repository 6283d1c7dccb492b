"""The inspector: places where color runs, or could run, out of its outline."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.spatial import KDTree

from engine import cancellation, narrow
from engine.color.compose import shrink_ink
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.line_art.extent import seen_area, seen_side
from engine.line_art.regions import RegionMap
from engine.sentences import Sentence

LeakKind = Literal["opening", "escape", "paper"]

MOST_LEAKS = 300
_CLEAR = 0.92  # ink from which a pixel is not drawn on at all
_WHITE = 250  # from which all channels of a region's color are paper
_PAPER_LIGHTNESS, _PAPER_CHROMA = 92.0, 6.0  # CIELAB of a guess that sees paper
_APART = 3.0  # CIEDE2000 from which two regions differ in color
_BRIDGED = 2.1  # pixels between two points of one stretch; specks of dirt do not divide it
_GOES_ON = 6  # pixels a region must go on for at both sides of an opening
_MOST_STRETCHES = 3000
_LEAST_EDGE = 3  # pixels; shorter contacts with the picture's edge are chance
_SIDE, _VOTING_SIDE = 1024, 512  # longer sides at which escapes are looked for, and at which their colors are
_SHARE, _SHARE_OF_PICTURE, _LEAST_PART = 0.15, 0.02, 64  # of a region, of the picture, and pixels: parts of an escape
_CLEARLY_APART, _EVEN = 15.0, 2.5  # CIEDE2000 between the parts; distance of their colors in standard deviations
_ROUNDS = 5
_AROUND = 0.02  # share of the longer side: how far from the change of color the passage is looked for
_MOST_ESCAPES = 24  # the largest regions only
_ROWS_AT_ONCE = 1024
_VOTES_AT_ONCE = 1 << 18
_ROUNDED = 8  # pixels that rounding takes from a strip's side at most, and some

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]


@dataclass(frozen=True)
class Leak:
    """A place to look at.

    x, y: pixel. length: pixels: of the open stretch, of the contact with the picture's edge, or the width of the
    passage. regions: the labels concerned; of a "paper" leak the colored one first.
    """

    kind: LeakKind
    x: int
    y: int
    length: int
    regions: tuple[int, ...]


class _Points(NamedTuple):
    """Pairs of neighboring pixels of clear paper in different regions: the place between them, and their labels."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    low: NDArray[np.int64]
    high: NDArray[np.int64]


class _Stretches(NamedTuple):
    """Center n×2 (x, y) and length in pixels of each stretch, and which of the places is in its middle."""

    center: NDArray[np.float64]
    length: NDArray[np.float64]
    middle: NDArray[np.intp]


class _Small(NamedTuple):
    """The drawing at a smaller size: labels, paper, the guess in CIELAB, and the size of a pixel in full pixels."""

    labels: Labels
    paper: Mask
    lab: NDArray[np.float32]
    scale: float


def find_leaks(
    regions: RegionMap,
    colors: NDArray[np.uint8],
    ink: NDArray[np.float32],
    color_guess: NDArray[np.uint8],
    known: Sequence[Leak] | None = None,
) -> list[Leak]:
    """The leaks of a drawing, worst first: escapes, then "paper", then openings, each from the longest; 300 at most.

    colors: count×3 uint8 sRGB, row i for label i + 1; ink: H×W float32 in [0, 1], 0 ink; color_guess: H×W×3 uint8 sRGB
    (`ColorizeResult.color`). known: those of the same regions and guess in other colors, of which the escapes are still
    there. Raises Cancelled.

    opening: a stretch of border between two regions of different color that runs over clear paper. The outline is open
    there, and only the gap setting closes it.

    escape: a region in which the guess has two clearly different colors, each in one large part (15 % of the region or
    2 % of the picture): the color ran through a gap wider than the gap setting. The place is the narrowest passage near
    the change of color.

    paper: a colored region that is open towards the background (a white region at the picture's edge), or that reaches
    the picture's edge where the guess has left the paper white.
    """
    white = np.concatenate([[False], colors.min(axis=1) >= _WHITE])
    edge = _edge(regions.labels)
    background = np.zeros(regions.count + 1, np.bool_)
    background[regions.labels[edge]] = True
    background &= white
    leaks = _openings(regions, colors, ink, background)
    cancellation.check()
    leaks += _at_edge(regions.labels, edge, white, ink, color_guess)
    cancellation.check()
    if known is None:
        leaks += _escapes(regions, ink, color_guess)
    else:
        leaks += [leak for leak in known if leak.kind == "escape"]
    order: dict[LeakKind, int] = {"escape": 0, "paper": 1, "opening": 2}
    return sorted(leaks, key=lambda leak: (order[leak.kind], -leak.length, leak.y, leak.x))[:MOST_LEAKS]


def describe(leak: Leak) -> str:
    """One sentence for a report."""
    place = f"{leak.x}, {leak.y}"
    length = Sentence("1 pixel") if leak.length == 1 else Sentence("{0} pixels", leak.length)
    if leak.kind == "opening":
        one, other = leak.regions
        return Sentence(
            "The outline is open at {0} ({1}): only the gap setting keeps regions {2} and {3} apart.",
            place,
            length,
            one,
            other,
        )
    if leak.kind == "escape":
        return Sentence(
            "Two colors share region {0}: one ran through the gap at {1} ({2} wide).", leak.regions[0], place, length
        )
    if len(leak.regions) == 1:
        return Sentence(
            "The color of region {0} runs over paper to the edge of the picture at {1} ({2}).",
            leak.regions[0],
            place,
            length,
        )
    return Sentence(
        "The outline is open towards the paper at {0} ({1}): region {2} can run out.", place, length, leak.regions[0]
    )


def _openings(regions: RegionMap, colors: NDArray[np.uint8], ink: NDArray[np.float32], background: Mask) -> list[Leak]:
    x, y, low, high = _open_borders(regions.labels, ink)
    pairs, pair = np.unique(low * (regions.count + 1) + high, return_inverse=True)
    low, high = pairs // (regions.count + 1), pairs % (regions.count + 1)
    lab = to_lab(colors)
    kept = (ciede2000(lab[low - 1], lab[high - 1]) > _APART)[pair]
    if not kept.any():
        return []
    places, pair = np.column_stack([x, y])[kept], pair[kept]
    stretches = _stretches(places, pair)
    longest = np.argsort(-stretches.length, kind="stable")[:_MOST_STRETCHES]
    real = longest[_goes_on(regions.labels, ink, places[stretches.middle[longest]])]
    leaks: list[Leak] = []
    for number in real[:MOST_LEAKS]:
        between = pair[stretches.middle[number]]
        one, other = int(low[between]), int(high[between])
        to_paper = background[one] != background[other]
        both = (other, one) if to_paper and background[one] else (one, other)
        center, length = stretches.center[number].astype(int), round(float(stretches.length[number]))
        leaks.append(Leak("paper" if to_paper else "opening", int(center[0]), int(center[1]), length, both))
    return leaks


def _stretches(places: NDArray[np.float64], pair: NDArray[np.intp]) -> _Stretches:
    """Group places (n×2, x and y) that are near each other and between the same pair of regions."""
    # Far apart in a third coordinate, so stretches between other regions never join.
    linked = KDTree(np.column_stack([places, pair * 10.0])).query_pairs(_BRIDGED, output_type="ndarray")
    graph = sparse.coo_array((np.ones(len(linked), np.bool_), (linked[:, 0], linked[:, 1])), (len(pair), len(pair)))
    count, stretch = sparse.csgraph.connected_components(graph, directed=False)
    first, last = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(first, stretch, places)
    np.maximum.at(last, stretch, places)
    center = np.asarray((first + last) / 2.0, np.float64)
    # The place nearest to the center comes last, and what is assigned last stays.
    order = np.argsort(-np.hypot(*(places - center[stretch]).T), kind="stable")
    middle = np.empty(count, np.intp)
    middle[stretch[order]] = order
    return _Stretches(center, np.hypot(*(last - first).T) + 1.0, middle)


def _goes_on(labels: Labels, ink: NDArray[np.float32], between: NDArray[np.floating]) -> Mask:
    """Whether the region goes on for some pixels over paper at both sides of a place (x, y) between two pixels.

    Corners cut off by the line's own steps may be given to the region across the line; they are no openings.
    """
    steps = np.arange(-_GOES_ON, _GOES_ON + 1)
    result = np.ones(len(between), np.bool_)
    for side in (np.floor(between), np.ceil(between)):
        x, y = side.astype(np.intp).T
        rows, columns = y[:, None, None] + steps[:, None], x[:, None, None] + steps
        rows, columns = rows.clip(0, labels.shape[0] - 1), columns.clip(0, labels.shape[1] - 1)
        free = (labels[rows, columns] == labels[y, x][:, None, None]) & (ink[rows, columns] > _CLEAR)
        reached = np.zeros_like(free)
        reached[:, _GOES_ON, _GOES_ON] = True
        for _ in range(3 * _GOES_ON):
            grown = reached.copy()
            grown[:, 1:] |= reached[:, :-1]
            grown[:, :-1] |= reached[:, 1:]
            grown[:, :, 1:] |= reached[:, :, :-1]
            grown[:, :, :-1] |= reached[:, :, 1:]
            reached = grown & free
        result &= reached[:, [0, -1]].any(axis=(1, 2)) | reached[:, :, [0, -1]].any(axis=(1, 2))
    return result


def _open_borders(labels: Labels, ink: NDArray[np.float32]) -> _Points:
    parts: list[_Points] = []
    height, width = labels.shape
    flat, lines = labels.reshape(-1), ink.reshape(-1)
    for top in range(0, height, _ROWS_AT_ONCE):
        end = min(top + _ROWS_AT_ONCE, height)
        beside = labels[top:end].copy()
        beside[:, :-1] = labels[top:end, 1:]
        below = min(end + 1, height)
        for step, here, next_to in (
            (1, labels[top:end], beside),
            (width, labels[top : below - 1], labels[top + 1 : below]),
        ):
            place = np.flatnonzero(here != next_to) + top * width
            place = place[(lines[place] > _CLEAR) & (lines[place + step] > _CLEAR)]
            y, x = np.divmod(place, width)
            one, other = flat[place].astype(np.int64), flat[place + step].astype(np.int64)
            middle = (x + 0.5, y + 0.0) if step == 1 else (x + 0.0, y + 0.5)
            parts.append(_Points(*middle, np.minimum(one, other), np.maximum(one, other)))
    return _Points(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _edge(labels: Labels) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the pixels at the picture's edge, once around."""
    bottom, right = labels.shape[0] - 1, labels.shape[1] - 1
    rows, columns = np.arange(bottom), np.arange(right)
    if bottom == 0 or right == 0:
        y, x = np.divmod(np.arange(labels.size), labels.shape[1])
        return y, x
    y = np.concatenate([np.zeros(right, np.intp), rows, np.full(right, bottom), rows[::-1] + 1])
    x = np.concatenate([columns, np.full(bottom, right), columns[::-1] + 1, np.zeros(bottom, np.intp)])
    return y, x


def _at_edge(
    labels: Labels,
    edge: tuple[NDArray[np.intp], NDArray[np.intp]],
    white: Mask,
    ink: NDArray[np.float32],
    guess: NDArray[np.uint8],
) -> list[Leak]:
    lab = to_lab(guess[edge])
    sees_paper = (lab[:, 0] > _PAPER_LIGHTNESS) & (np.hypot(lab[:, 1], lab[:, 2]) < _PAPER_CHROMA)
    label = np.where(sees_paper & (ink[edge] > _CLEAR) & ~white[labels[edge]], labels[edge], 0)
    # Begin where something changes, so that no stretch is cut in two.
    changes = np.flatnonzero(label != np.roll(label, 1))
    turn = int(changes[0]) if len(changes) else 0
    label = np.roll(label, -turn)
    starts = np.append(changes - turn, len(label)) if len(changes) else np.array([0, len(label)])
    leaks = []
    for start, end in itertools.pairwise(starts):
        if label[start] and end - start >= _LEAST_EDGE:
            place = ((start + end) // 2 + turn) % len(label)
            x, y = int(edge[1][place]), int(edge[0][place])
            leaks.append(Leak("paper", x, y, int(end - start), (int(label[start]),)))
    return leaks


def _escapes(regions: RegionMap, ink: NDArray[np.float32], guess: NDArray[np.uint8]) -> list[Leak]:
    small = _shrunk(regions.labels, ink, guess)
    centers, candidates = _two_colors(small, regions.count)
    leaks = []
    boxes = ndimage.find_objects(small.labels, regions.count)
    for label in candidates[:_MOST_ESCAPES]:
        box = boxes[label - 1]
        if box is None:
            continue
        cancellation.check()
        inside = (small.labels[box] == label) & small.paper[box]
        found = _divided(inside, small.lab[box], centers[label], seen_area(small.labels.shape))
        if found is None:
            continue
        passage = _passage(inside, *found, max(8, round(_AROUND * seen_side(small.labels.shape))))
        if passage is None:
            continue
        y, x, width = passage
        place = ((np.array([x + box[1].start, y + box[0].start]) + 0.5) * small.scale).astype(int)
        leaks.append(Leak("escape", int(place[0]), int(place[1]), round(width * small.scale), (int(label),)))
    return leaks


def _shrunk(labels: Labels, ink: NDArray[np.float32], guess: NDArray[np.uint8]) -> _Small:
    height, width = labels.shape
    scale = max(1.0, seen_side((height, width)) / _SIDE)
    size = max(1, round(height / scale)), max(1, round(width / scale))
    rows = ((np.arange(size[0]) + 0.5) * height / size[0]).astype(np.intp)
    columns = ((np.arange(size[1]) + 0.5) * width / size[1]).astype(np.intp)
    color = np.asarray(cv2.resize(guess, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    return _Small(labels[rows[:, None], columns], shrink_ink(ink, size) > 0.5, to_lab(color), scale)


def _two_colors(small: _Small, count: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The two colors of each region by 2-means, (count + 1)×2×3 CIELAB, and the labels, largest first, that have two.

    The means begin at either side of the region's mean along its main axis.
    """
    # The size of a strip is rounded, and must not fall below a step for that.
    step = max(1, (seen_side(small.labels.shape) + _ROUNDED) // _VOTING_SIDE)
    off_lines = np.asarray(cv2.erode(small.paper.astype(np.uint8), np.ones((5, 5), np.uint8)), np.uint8) > 0
    votes = off_lines[::step, ::step]
    label, lab = small.labels[::step, ::step][votes], small.lab[::step, ::step][votes]
    total = np.bincount(label, minlength=count + 1).astype(np.float64)

    second = _beyond_the_middle(lab, label, count)
    nearest = np.zeros(len(label), np.float32)
    centers = _means(lab, label * 2 + second, 2 * (count + 1)).reshape(-1, 2, 3)
    for _ in range(_ROUNDS):
        cancellation.check()
        for some in _slices(len(label)):
            off = lab[some, None] - centers[label[some]]
            away = np.einsum("nkc,nkc->nk", off, off)
            second[some], nearest[some] = away[:, 1] < away[:, 0], narrow.smallest(away)
        centers = _means(lab, label * 2 + second, 2 * (count + 1)).reshape(-1, 2, 3)
    one = np.bincount(label, second, count + 1)
    spread = np.sqrt(np.bincount(label, nearest, count + 1) / np.maximum(total, 1.0))
    distance = np.linalg.norm(centers[:, 0] - centers[:, 1], axis=1)
    seen = label.size * seen_area(small.labels.shape) // small.labels.size
    two = (np.minimum(one, total - one) > _least(total, seen) / 2.0) & (distance > _EVEN * 2.0 * spread)
    two &= ciede2000(centers[:, 0], centers[:, 1]) > _CLEARLY_APART
    labels = np.flatnonzero(two)
    return centers, labels[np.argsort(-total[labels], kind="stable")]


def _beyond_the_middle(lab: NDArray[np.float32], label: Labels, count: int) -> Mask:
    """Which of n colors lie beyond the mean of their region, along its main axis."""
    middle = _means(lab, label, count + 1)
    products = np.zeros((count + 1, 3, 3))
    for some in _slices(len(label)):
        off = lab[some] - middle[label[some]]
        for i, j in itertools.product(range(3), repeat=2):
            products[:, i, j] += np.bincount(label[some], off[:, i] * off[:, j], count + 1)
    axis = np.linalg.eigh(products)[1][..., -1]
    second = np.empty(len(label), np.bool_)
    for some in _slices(len(label)):
        second[some] = narrow.total((lab[some] - middle[label[some]]) * axis[label[some]]) > 0.0
    return second


def _means(values: NDArray[np.float32], number: NDArray[np.integer], count: int) -> NDArray[np.float64]:
    """count×channels: the means of the values (n×channels) of each number; 0 where there are none."""
    size = np.maximum(np.bincount(number, minlength=count), 1)
    return np.stack([np.bincount(number, column, count) / size for column in values.T], axis=1)


def _slices(count: int) -> Iterator[slice]:
    """So many votes at a time that what is computed of them stays small, however long the drawing is."""
    return (slice(start, start + _VOTES_AT_ONCE) for start in range(0, count, _VOTES_AT_ONCE))


def _least(area: NDArray[np.float64] | float, picture: int) -> NDArray[np.float64]:
    """Pixels that a part needs: 15 % of its region, but of a wide background just 2 % of the picture."""
    return np.maximum(np.minimum(_SHARE * np.asarray(area, np.float64), _SHARE_OF_PICTURE * picture), _LEAST_PART)


def _divided(
    inside: Mask, lab: NDArray[np.float32], centers: NDArray[np.float64], picture: int
) -> tuple[Mask, Mask] | None:
    """The largest part of either color, or None where one of them is too small."""
    away = [narrow.total((lab - center.astype(np.float32)) ** 2) for center in centers]
    first = np.asarray(cv2.medianBlur((away[0] <= away[1]).astype(np.uint8), 5), np.uint8) > 0
    least = _least(float(inside.sum()), picture)
    parts = []
    for mask in (inside & first, inside & ~first):
        _, numbers, figures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
        areas = figures[1:, cv2.CC_STAT_AREA]
        if not len(areas) or areas.max() < least:
            return None
        parts.append(np.asarray(numbers, np.int32) == 1 + int(areas.argmax()))
    return parts[0], parts[1]


def _passage(inside: Mask, first: Mask, second: Mask, around: int) -> tuple[int, int, float] | None:
    """Row, column and width of the widest way between two parts at its narrowest place; None where only a line is.

    What is farther than `around` from the other part counts as open, so that a wrist is not taken for the gap.
    """
    to_first, to_second = _distance(first), _distance(second)
    ends = first & (to_second > around), second & (to_first > around)
    if not (ends[0].any() and ends[1].any()):
        y, x = np.nonzero(first & (to_second <= to_second[first].min() + 0.5))
        return int(y[len(y) // 2]), int(x[len(x) // 2]), float(len(x))
    depth = np.asarray(cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)
    depth = np.minimum(depth, np.float32(max(depth.shape) / 2.0))  # without any line it is endless
    opened, closed = 0.0, float(depth.max()) + 1.0
    while closed - opened > 0.25:
        radius = (opened + closed) / 2.0
        reached = _reached(inside & (depth >= radius), *ends)
        if (reached[0] & reached[1]).any():
            opened = radius
        else:
            closed = radius
    if opened == 0.0:
        return None
    reached = _reached(inside & (depth >= closed), *ends)
    way = _distance(reached[0]) + _distance(reached[1]) + depth
    way += np.float32(0.01) * np.abs(to_first - to_second)  # of places alike the one at the change of color
    way[~(inside & (depth >= opened))] = np.inf
    y, x = np.divmod(int(way.argmin()), way.shape[1])
    return y, x, 2.0 * opened


def _reached(free: Mask, *ends: Mask) -> list[Mask]:
    """For each end, what can be reached from it through `free` and the ends themselves."""
    count, numbers = cv2.connectedComponents((free | ends[0] | ends[1]).astype(np.uint8), connectivity=4)
    numbers = np.asarray(numbers, np.int32)
    reached = []
    for end in ends:
        chosen = np.zeros(count, np.bool_)
        chosen[numbers[end]] = True
        reached.append(chosen[numbers])
    return reached


def _distance(mask: Mask) -> NDArray[np.float32]:
    return np.asarray(cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE), np.float32)

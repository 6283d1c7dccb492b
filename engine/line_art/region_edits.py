"""Looking at a map of regions and changing it by hand: tints, cutting along a stroke, joining two regions."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.corrections import Stroke
from engine.errors import RequestError
from engine.line_art.regions import Labels, RegionMap, paper_of

_HUES, _SATURATIONS = 12, (0.22, 0.45)
_STRIDE = 7  # from a label to the next in the row of tints; shares no divisor with their number
_SMALLEST_PART = 4  # pixels; what a stroke cuts off must be larger than the teeth of its edge

_STROKE_WIDTH = 3  # pixels; a diagonal one has no holes for the color to pass

Mask = NDArray[np.bool_]


def tint(regions: RegionMap) -> NDArray[np.uint8]:
    """The map as a picture, H×W×3 uint8 sRGB: every region in a light tint, regions that touch in different ones."""
    hues = np.repeat(np.arange(_HUES) * (360.0 / _HUES), len(_SATURATIONS))
    hsv = np.stack([hues, np.tile(_SATURATIONS, _HUES), np.ones(len(hues))], axis=1).astype(np.float32)
    tints = np.rint(255.0 * np.asarray(cv2.cvtColor(hsv[None], cv2.COLOR_HSV2RGB)[0])).astype(np.uint8)
    chosen = np.zeros(regions.count + 1, np.intp)
    lesser: dict[int, list[int]] = {}
    for one, other in neighbors(regions).tolist():
        lesser.setdefault(one, []).append(other)
    for label in range(1, regions.count + 1):
        taken = set(chosen[lesser.get(label, [])].tolist())
        turns = ((label * _STRIDE + turn) % len(tints) for turn in range(len(tints)))
        chosen[label] = next((choice for choice in turns if choice not in taken), 0)
    return tints[chosen][regions.labels]


def with_closed_gaps(ink: NDArray[np.float32], gaps: Sequence[Stroke]) -> NDArray[np.float32]:
    """The ink by which regions are found: H×W float32, strokes through points (x, y) as dark as the drawing's own."""
    return np.where(drawn(gaps, ink.shape), ink.min(), ink) if gaps else ink


def split(regions: RegionMap, stroke: Mask, ink: NDArray[np.float32]) -> RegionMap:
    """The map with the regions cut along a stroke.

    stroke: H×W bool, True where the artist drew; ink: H×W float32, the ink from which the regions came. A region is cut
    where the stroke takes apart a piece of its paper that hung together; its largest part keeps the label, the others
    are count + 1 and on. The pixels of the stroke, the lines and other pieces of the region go to the nearest part.
    A stroke that cuts nothing gives a map equal to the one before.
    """
    return cut(regions, stroke, paper_of(ink) > 0)


def cut(regions: RegionMap, stroke: Mask, paper: Mask) -> RegionMap:
    """As `split`, where the paper is known already. paper: H×W bool."""
    labels, count = regions.labels.copy(), regions.count
    boxes = ndimage.find_objects(regions.labels)
    for label in np.unique(regions.labels[stroke]).tolist():
        box = boxes[label - 1]
        region = regions.labels[box] == label
        parts, found = _parts(region & paper[box], stroke[box])
        if found > 1:
            part = _nearest_part(parts)[1][region]
            place = np.arange(count - 1, count + found)
            place[:2] = 0, label
            labels[box][region] = place[part]
            count += found - 1
    if count == regions.count:
        return regions
    return regions.relabeled(labels, count, paper)


def merge(regions: RegionMap, one: int, other: int) -> RegionMap:
    """The map with two regions as one. It has the lesser of the two labels; labels above the greater go down by one.

    Raises RequestError for a label that does not exist.
    """
    for label in (one, other):
        if not 1 <= label <= regions.count:
            raise RequestError("There is no region {0}; choose one from 1 to {1}.", label, regions.count)
    if one == other:
        return regions
    kept, gone = min(one, other), max(one, other)
    place = np.arange(regions.count + 1, dtype=np.int32)
    place[gone] = kept
    place[gone + 1 :] -= 1
    areas = np.delete(regions.areas, gone - 1)
    areas[kept - 1] += regions.areas[gone - 1]
    return RegionMap(place[regions.labels], regions.count - 1, regions.gap, regions.simplified, areas)


def drawn(strokes: Sequence[Stroke], shape: tuple[int, ...], width: int = _STROKE_WIDTH) -> Mask:
    """Where strokes run, straight from point to point (x, y) and so many pixels wide; they may lie outside in part."""
    mask = np.zeros(shape, np.bool_)
    for stroke in strokes:
        _paste(mask, stroke, width, lambda picture, points: cv2.polylines(picture, [points], False, 1, width))
    return mask


def filled(outline: Stroke, shape: tuple[int, ...]) -> Mask:
    """What an outline through points (x, y) has inside; it may lie outside in part."""
    mask = np.zeros(shape, np.bool_)
    _paste(mask, outline, 1, lambda picture, points: cv2.fillPoly(picture, [points], 1))
    return mask


def _paste(mask: Mask, stroke: Stroke, around: int, draw: Callable[[NDArray[np.uint8], NDArray], object]) -> None:
    """Draw on a picture that has room for all of a stroke, and put it in its place: OpenCV draws what it cuts off at
    a border in other pixels."""
    points = np.asarray(stroke, np.int32)
    corner = points.min(axis=0) - around
    picture = np.zeros((points.max(axis=0) - corner + around + 1)[::-1], np.uint8)
    draw(picture, points - corner)
    first, last = np.maximum(corner, 0), np.minimum(corner + picture.shape[::-1], mask.shape[::-1])
    if (first < last).all():
        (left, top), (right, bottom) = first - corner, last - corner
        mask[first[1] : last[1], first[0] : last[0]] |= picture[top:bottom, left:right] > 0


def neighbors(regions: RegionMap) -> NDArray[np.int64]:
    """n×2: the pairs of labels that touch, in a row or in a column, the greater first; each once, in order."""
    labels, base = regions.labels, regions.count + 1
    keys = []
    for first, second in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        differs = first != second
        a, b = first[differs].astype(np.int64), second[differs].astype(np.int64)
        keys.append(np.unique(np.maximum(a, b) * base + np.minimum(a, b)))
    return np.stack(np.divmod(np.unique(np.concatenate(keys)), base), axis=1)


def _parts(paper: Mask, stroke: Mask) -> tuple[Labels, int]:
    """The parts 1 … n into which a stroke cuts the paper of one region, the largest first, 0 elsewhere; n.

    A piece of paper that the stroke leaves whole goes as one to the part nearest to it.
    """
    pieces, piece_count = _connected(paper)
    shards, shard_count = _connected(paper & ~stroke)
    area = np.bincount(shards.reshape(-1), minlength=shard_count + 1)
    piece_of = np.zeros(shard_count + 1, np.intp)
    piece_of[shards.reshape(-1)] = pieces.reshape(-1)
    real = (area >= _SMALLEST_PART) & (np.arange(shard_count + 1) > 0)
    apart = np.bincount(piece_of[real], minlength=piece_count + 1) > 1
    cut = np.flatnonzero(real & apart[piece_of])
    if not len(cut):
        return np.zeros_like(shards), 0
    number = np.zeros(shard_count + 1, np.int32)
    number[cut[np.argsort(-area[cut], kind="stable")]] = np.arange(1, len(cut) + 1)
    away, nearest = _nearest_part(number[shards])
    whole = np.flatnonzero(number == 0)[1:]
    if len(whole):
        places = np.array(ndimage.minimum_position(away, shards, whole), np.intp)
        number[whole] = nearest[places[:, 0], places[:, 1]]
    return number[shards], len(cut)


def _nearest_part(parts: Labels) -> tuple[NDArray[np.float32], Labels]:
    """For each pixel the distance to the nearest part, and its number."""
    away, nearest = cv2.distanceTransformWithLabels(
        (parts == 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    part_of = np.append(np.int32(0), parts[parts > 0])
    return np.asarray(away, np.float32), part_of[np.asarray(nearest, np.int32)]


def _connected(mask: Mask) -> tuple[Labels, int]:
    """Pieces of `mask` that hang together over their sides, 1 … n, 0 elsewhere; n."""
    count, pieces = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(pieces, np.int32), count - 1

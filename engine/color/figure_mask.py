"""Where the figure is, in a picture and in a drawing, without a network: h×w probabilities a person may correct."""

import threading
import weakref
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from engine.color.compose import shrink_ink
from engine.color.figure import to_lab
from engine.line_art.regions import find_regions, paper_of
from engine.request import LineArt, Reference

Floats = NDArray[np.float32]

_SIDE = 384  # pixels on the longer side, at which both are looked at
_NEAR = 5.0  # CIELAB: so far a background of one color moves
_GROUND = 0.6  # share of a picture's border that the colors flooded from it have to have
_PLACES = 24  # of the border, from which it is flooded
_STRIP = 0.05  # of the longer side: how much of a picture's border is background for sure
_FOREIGN = 0.25  # a color lies in that strip so many times as seldom as if it were anywhere
_BINS = 32  # of each channel of CIELAB
_FOOT = 0.7  # of the lower edge
_MARGIN = 0.06  # of the height: so narrow a margin under the lowest line is none, the drawing ends with the picture
_ONE_GROUND = 0.9  # share of three edges that one region has where a drawing stands on paper
_MOST = 0.4  # of that region, which a ball from the edge reaches if it is paper; the rest may be figure
_FAINT, _THICK = 0.1, 5  # depth from which a line stops that ball; pixels across, from which it is a tone
_BALL = 0.026  # of the longer side: radius of a ball that comes through no usual opening of an outline
_FIGURE = 0.01, 0.97  # shares of a picture between which something is a figure
_SPECK = 0.1  # of the largest piece; smaller ones are background
_SOFT = 1.0  # pixels over which a mask is blurred: nobody knows an edge better than that


_known: weakref.WeakKeyDictionary[Reference | LineArt, Floats | None] = weakref.WeakKeyDictionary()
_lock = threading.Lock()


def of_line_art(line_art: LineArt) -> Floats | None:
    """As `of_drawing`; the answer is kept for as long as the line art is. Raises Cancelled."""
    return _kept(line_art, lambda: of_drawing(line_art.ink))


def of_picture(reference: Reference) -> Floats | None:
    """H×W in [0, 1], how likely the figure of a reference is there; None where none can be told from a background.

    A person's own mask, else what is not transparent, else what a flood from the border over a nearly constant color
    does not reach, else what has other colors than the border, by GrabCut (Rother et al., SIGGRAPH 2004). The middle
    of the lower edge is no border: figures often end there. The answer is kept for as long as the reference is.
    """
    if reference.figure_mask is not None:
        return reference.figure_mask
    return _kept(reference, lambda: _found(reference))


def _kept(what: Reference | LineArt, find: Callable[[], Floats | None]) -> Floats | None:
    with _lock:
        if what in _known:
            return _known[what]
    found = find()
    with _lock:
        return _known.setdefault(what, found)


def _found(reference: Reference) -> Floats | None:
    if reference.figure is not None and _is_figure(reference.figure):
        return reference.figure.astype(np.float32)
    pixels = reference.pixels
    small = _small(pixels)
    found = _not_flooded(small)
    if found is None:
        found = _unlike_border(small)
    if found is None or not _is_figure(found):
        return None
    return _soft(found, pixels.shape[:2])


def of_drawing(ink: Floats) -> Floats | None:
    """H×W in [0, 1], how likely the figure of line art is there: regions that the edge does not join, in one piece.

    ink: H×W in [0, 1], 0 ink. Of several pieces the one with most regions and the largest area counts, what is far
    from the middle less. A region that reaches the lower edge alone, and not all along it, may be a figure that ends
    there; a drawing may end a little above that edge. Where the drawing stands on paper, what a large ball from the
    edge does not reach is figure, too, however open its outline: figure that is taken for paper loses its colors, paper
    that is taken for figure is painted as it would be without a mask. None where nothing is closed. Raises Cancelled.
    """
    height, width = ink.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    small = shrink_ink(ink, size)
    regions, paper = find_regions(small), paper_of(small)
    foot = _foot(paper)
    labels = regions.labels[:foot]
    inside = np.zeros(size, np.bool_)
    inside[:foot] = _within(labels, regions.count)
    ground = _ground(labels)
    if ground is not None:
        reached = _reached((paper & (1 - _faint_lines(small)))[:foot])
        if reached[ground].mean() >= _MOST:
            inside[:foot] |= ~reached
    count, pieces, statistics, centers = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    if count <= 1:
        return None
    kinds = np.unique(np.stack([pieces[inside], regions.labels[inside]]), axis=1)[0]
    details = np.bincount(kinds, minlength=count)
    off = np.abs(centers[:, 0] / size[1] - 0.5)
    score = statistics[:, cv2.CC_STAT_AREA] * details * (1.0 - off)
    score[0] = 0.0
    found = np.asarray(pieces) == int(score.argmax())
    return _soft(found, ink.shape) if _is_figure(found) else None


def _foot(paper: NDArray[np.uint8]) -> int:
    """The rows of a drawing above a narrow margin under its lowest line; all of them where there is no such margin."""
    height = len(paper)
    drawn = np.flatnonzero((paper == 0).any(axis=1))
    return int(drawn[-1]) + 1 if drawn.size and drawn[-1] + 1 >= (1.0 - _MARGIN) * height else height


def _ground(labels: NDArray[np.int32]) -> NDArray[np.bool_] | None:
    """Where the one region is that has nearly all of the upper edge and of those at the sides, as paper has; None where
    a background is drawn."""
    around = np.bincount(np.concatenate([labels[0], labels[:, 0], labels[:, -1]]))
    return labels == around.argmax() if around.max() >= _ONE_GROUND * around.sum() else None


def _faint_lines(ink: Floats) -> NDArray[np.uint8]:
    """1 on lines too faint to bound a region of flats, of which an outline may be all the same; a tone is no line."""
    drawn = (ink <= 1.0 - _FAINT).astype(np.uint8)
    tone = np.asarray(cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((_THICK, _THICK), np.uint8)), np.uint8)
    return drawn & (1 - tone)


def _reached(paper: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a ball comes that is rolled over the paper from the upper edge and the sides, which it may cross."""
    radius = max(1.0, _BALL * max(paper.shape))
    beyond = int(radius) + 2
    around = np.pad(paper, ((beyond, 0), (beyond, beyond)), constant_values=1)
    fits = cv2.distanceTransform(around, cv2.DIST_L2, cv2.DIST_MASK_5) >= radius
    _, places = cv2.connectedComponents(fits.astype(np.uint8), connectivity=4)
    from_edge = np.asarray(places) == places[0, 0]
    near = cv2.distanceTransform((~from_edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5) <= radius
    return near[beyond:, beyond:-beyond]


def _within(labels: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    """Where regions are that no edge joins, but for the lower edge, which may do so for less than `_FOOT` of it."""
    outside = np.zeros(count + 1, np.bool_)
    for side in (labels[0], labels[:, 0], labels[:, -1]):
        outside[side] = True
    below, lengths = np.unique(labels[-1], return_counts=True)
    outside[below[lengths > _FOOT * labels.shape[1]]] = True
    return ~outside[labels]


def _is_figure(mask: NDArray[np.bool_]) -> bool:
    return bool(_FIGURE[0] < mask.mean() < _FIGURE[1])


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _soft(mask: NDArray[np.bool_], size: tuple[int, ...]) -> Floats:
    blurred = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), _SOFT)
    return np.clip(cv2.resize(blurred, size[::-1], interpolation=cv2.INTER_LINEAR), 0.0, 1.0).astype(np.float32)


def _not_flooded(pixels: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """What cannot be reached from the border over nearly one color; None where the border has many colors."""
    height, width = pixels.shape[:2]
    if min(height, width) < 8:
        return None
    lab = to_lab(pixels)
    flooded = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    around = np.linspace(0.0, 1.0, _PLACES // 4, endpoint=False)
    top, left = np.rint(around * (width - 1)).astype(int), np.rint(around * (height - 1)).astype(int)
    places = [(int(x), y) for x in top for y in (0, height - 1)] + [(x, int(y)) for y in left for x in (0, width - 1)]
    common = np.median(np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]]), axis=0)
    for x, y in places:
        if not flooded[y + 1, x + 1] and np.linalg.norm(lab[y, x] - common) < 2.0 * _NEAR:
            cv2.floodFill(lab, flooded, (x, y), (0.0, 0.0, 0.0), (_NEAR,) * 3, (_NEAR,) * 3, flags)
    inner = flooded[1:-1, 1:-1] > 0
    border = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    if border.mean() < _GROUND or inner.mean() < 1.0 - _FIGURE[1]:
        return None
    return _pieces(~inner)


def _unlike_border(pixels: NDArray[np.uint8]) -> NDArray[np.bool_] | None:
    """What has other colors than the strip along the border; GrabCut moves its edge to where the picture has one."""
    height, width = pixels.shape[:2]
    if min(height, width) < 8:
        return None
    strip = np.zeros((height, width), np.bool_)
    thick = max(2, round(_STRIP * max(height, width)))
    strip[:thick] = strip[:, :thick] = strip[:, -thick:] = True
    strip[-thick:, : width // 6] = strip[-thick:, -(width // 6) :] = True
    share = _share_of(strip, pixels) / strip.mean()
    own = cv2.morphologyEx((share < _FOREIGN).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    own = cv2.morphologyEx(own, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9)))
    found = _pieces(own > 0)
    parts = np.where(found, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    parts[cv2.erode(found.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0] = cv2.GC_FGD
    parts[cv2.dilate(found.astype(np.uint8), np.ones((25, 25), np.uint8)) == 0] = cv2.GC_BGD
    if not (parts == cv2.GC_FGD).any() or not np.isin(parts, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return None
    cv2.setRNGSeed(1)  # the same picture is cut in the same way every time
    bgr = np.ascontiguousarray(pixels[..., ::-1])
    cv2.grabCut(bgr, parts, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    return _pieces((parts & 1) > 0)


def _share_of(strip: NDArray[np.bool_], pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """H×W: of all pixels colored like this one, how many lie in the strip."""
    lab = cv2.cvtColor(cv2.medianBlur(pixels, 5), cv2.COLOR_RGB2LAB)
    bins = lab.astype(np.intp) * _BINS // 256
    code = (bins[..., 0] * _BINS + bins[..., 1]) * _BINS + bins[..., 2]
    counts = [
        gaussian_filter(np.bincount(chosen, minlength=_BINS**3).reshape((_BINS,) * 3).astype(np.float64), 0.7)
        for chosen in (code[strip], code.ravel())
    ]
    return (counts[0] / (counts[1] + 1e-6)).ravel()[code]


def _pieces(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask without small pieces."""
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 1:
        return mask
    areas = statistics[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = areas >= _SPECK * areas.max()
    kept[0] = False
    return kept[np.asarray(labels, np.intp)]

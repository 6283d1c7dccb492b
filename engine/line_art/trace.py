"""Colored trace lines: the borders of shade and highlight in animation line art.

They stand in saturated red, green or blue beside black lines. They bound regions as other lines do, but must not be in
the finished picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation
from engine.line_art.channels import chroma_of, dilated, hue_of
from engine.line_art.extent import seen_side

# Degrees, and the least brightness: red, green, blue. Brown and sepia stay lines, and so do dark red and navy.
_HUES = ((-20.0, 20.0, 150), (85.0, 165.0, 90), (190.0, 260.0, 150))
_CHROMA = 80.0  # of 255, max − min of the channels, that a trace reaches in its middle
_TINTED, _FAINTEST = 20.0, 4.0  # chroma at its edges, and at most a pixel beyond
_SHORTEST = 12  # pixels of full chroma; less is a speck
_BROADEST, _BROADEST_SHARE = 6.0, 0.01  # half the width of a stroke, in pixels or of the longer side; more is a fill
_LINES_SHARE = 0.25  # of the ink of the trace that black lines must have, else the color is the artist's ink
_BLACK_CHROMA = 0.35  # of their depth, chroma below which lines are black: pale blue pencil is not
_OUTSIDE_SHARE, _GAP = 0.5, 0.004  # of a stroke along the background: an outline; of the longer side: gaps closed
_DARK = 0.5  # ink of a black line
_FAINT_INK = 0.1  # depth from which paper is drawn on
_JOINED = 4  # pixels between two parts of one stroke, half of that
_PEEKS_OUT = 16  # pixels from a stroke within which a little more of its color belongs to it
_NEAR_LINE = 2  # pixels over which a trace and a black line blend

Pixels = NDArray[np.uint8]
Channel = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Ink = NDArray[np.float32]
Places = NDArray[np.intp]


def split_trace(pixels: NDArray[np.uint8], ink: Ink) -> tuple[Ink, Mask] | None:
    """Take the colored trace lines out of the ink.

    pixels: H×W×3 uint8 sRGB, the drawing; ink: H×W float32, its ink, 0 ink, 1 paper. Returns the ink without them and
    an H×W bool mask of their pixels, blended edges included. Within the mask ink is 1, but for the share that a black
    line has in a pixel that both meet in, and where a trace lies over a black line that goes on at both sides; outside
    it is the same bit for bit. None when there are no trace lines, or no black lines beside them: then the colored ink
    is the artist's line (blue pencil).
    """
    if np.count_nonzero(chroma_of(pixels)[1] >= _CHROMA / 2.0) < _SHORTEST:
        return None
    brightest, chroma = chroma_of(_on_white(pixels, ink))
    cancellation.check()
    vivid = np.flatnonzero(chroma >= _CHROMA)
    hue = hue_of(pixels.reshape(-1, 3)[vivid])
    classes = [vivid[(hue >= low) & (hue <= high)] for low, high, _ in _HUES]
    least = np.concatenate([np.full(len(one), bound) for one, (_, _, bound) in zip(classes, _HUES, strict=True)])
    trace = np.concatenate(classes)
    mask = _strokes(vivid, trace, brightest.reshape(-1)[trace] >= least, chroma)
    if not mask.any():
        return None
    depth = 1.0 - ink
    mask = _within_figure(mask, ink)
    black = ~mask & (chroma < _BLACK_CHROMA * 255.0 * depth)
    if not mask.any() or float(depth[black].sum()) < _LINES_SHARE * float(depth[mask].sum()):
        return None
    cancellation.check()
    lines = ink.copy()
    lines[mask] = 1.0
    near = np.flatnonzero(mask & dilated(~mask & (ink < _DARK), _NEAR_LINE))
    lines.reshape(-1)[near] = _without_color(near, brightest, chroma, classes)
    cancellation.check()
    return _bridged(lines, mask), mask


def _on_white(pixels: Pixels, ink: Ink) -> Pixels:
    """The picture with its paper made white, so that yellowed paper has no hue."""
    some = slice(None, None, max(1, ink.shape[0] // 512)), slice(None, None, max(1, ink.shape[1] // 512))
    on_paper = pixels[some][ink[some] > 0.9]
    paper = np.median(on_paper, axis=0) if len(on_paper) else np.full(3, 255.0)
    levels = np.arange(256)[:, None] * (255.0 / np.maximum(paper, 1.0))
    return np.asarray(cv2.LUT(pixels, np.minimum(np.rint(levels), 255).astype(np.uint8)[None]), np.uint8)


def _strokes(vivid: Places, trace: Places, bright: Mask, chroma: Channel) -> Mask:
    """The strokes of the trace, with their blended edges; specks and broad fills are left out.

    vivid, trace: places in the flat picture with full chroma, and those of them in a hue of trace; bright: of the
    latter, whether they are as bright as a trace is somewhere.
    """
    tinted = (chroma >= _TINTED).astype(np.uint8)
    count, pieces = cv2.connectedComponents(tinted, connectivity=8, ltype=cv2.CV_32S)
    pieces = np.asarray(pieces, np.int32)
    piece = pieces.reshape(-1)[trace]
    radius = np.asarray(cv2.distanceTransform(tinted, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    widest = np.zeros(count, np.float32)
    np.maximum.at(widest, piece, radius.reshape(-1)[trace])
    broadest = max(_BROADEST, _BROADEST_SHARE * seen_side(chroma.shape))
    length = np.bincount(piece, minlength=count)
    strokes = (length >= _SHORTEST) & (widest <= broadest) & (np.bincount(piece[bright], minlength=count) > 0)
    if not strokes.any():
        return np.zeros(chroma.shape, np.bool_)
    # What peeks out from under a black line, too little to be sure of, goes with the stroke that passes there.
    little = (length < _SHORTEST) & (length == np.bincount(pieces.reshape(-1)[vivid], minlength=count))
    strokes |= little & (np.bincount(pieces[dilated(strokes[pieces], _PEEKS_OUT)], minlength=count) > 0)
    strokes[0] = False
    kept = strokes[pieces]
    return kept | (dilated(kept, 1) & (chroma >= _FAINTEST))


def _within_figure(mask: Mask, ink: Ink) -> Mask:
    """The strokes of `mask` that do not run along the background: what does is the outline of a figure, and its ink."""
    gap = 2 * max(1, round(_GAP * seen_side(ink.shape))) + 1
    paper = np.pad((ink > 1.0 - _FAINT_INK).astype(np.uint8), 1, constant_values=1)
    free = cv2.erode(paper, np.ones((gap, gap), np.uint8))
    reached = np.asarray(cv2.connectedComponents(free, connectivity=4)[1], np.int32)
    outside = dilated((reached == reached[0, 0]) & (free > 0), gap // 2 + 2)[1:-1, 1:-1]
    joined = dilated(mask, _JOINED)  # a black line that crosses a stroke does not end it
    count, pieces = cv2.connectedComponents(joined.astype(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    pieces = np.asarray(pieces, np.int32)
    rim = mask & dilated(paper[1:-1, 1:-1] > 0, 1)
    length = np.bincount(pieces[rim], minlength=count)
    along = np.bincount(pieces[rim & outside], minlength=count)
    kept = along <= _OUTSIDE_SHARE * length / 2.0  # a stroke has two sides
    return mask & kept[pieces]


def _without_color(places: Places, brightest: Channel, chroma: Channel, classes: list[Places]) -> NDArray[np.float32]:
    """Ink of the black line in the pixels at `places`, where black, trace and paper blend.

    With the shares b of black, t of trace and 1 − b − t of paper the chroma is t·C and the brightest channel is
    255·(1 − b − t) + M·t, where C and M are those of the trace alone; so 1 − b = (brightest + t·(255 − M)) / 255.
    """
    bright, colored = brightest.reshape(-1), chroma.reshape(-1)
    missing = np.zeros(len(places), np.float32)
    for vivid in classes:
        if len(vivid) == 0:
            continue
        most = np.percentile(colored[vivid], 90)
        alone = bright[vivid[colored[vivid] >= 0.9 * most]]
        beside = np.zeros(chroma.shape, np.bool_)
        beside.reshape(-1)[vivid] = True
        share = np.minimum(colored[places] / np.float32(most), 1.0) * dilated(beside, 2).reshape(-1)[places]
        missing = np.maximum(missing, share * np.float32(255.0 - np.median(alone)))
    return np.minimum((bright[places] + missing) / 255.0, 1.0).astype(np.float32)


def _bridged(lines: Ink, mask: Mask) -> Ink:
    """`lines` with the black lines drawn on under the trace, wherever they end at both sides of it.

    A closing along the four main directions, as long as a trace is wide.
    """
    radius = float(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5).max())
    length = 2 * round(radius) + 3
    level = np.zeros((length, length), np.uint8)
    level[length // 2] = 1
    rising = np.eye(length, dtype=np.uint8)
    coarse = np.rint(lines * np.float32(255.0)).astype(np.uint8)
    closed = coarse
    for along in (level, level.T, rising, rising[::-1]):
        # Ink is dark where it is low, so closing a line is opening its ink.
        opened = cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ascontiguousarray(along))
        closed = np.minimum(closed, np.asarray(opened, np.uint8))
    under = mask & (closed < coarse)
    lines[under] = closed[under] / np.float32(255.0)
    return lines

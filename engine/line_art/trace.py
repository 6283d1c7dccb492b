"""Colored trace lines: the borders of shade and highlight in animation line art.

They stand in saturated red, green or blue beside black lines. They bound regions as other lines do, but must not be in
the finished picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import cancellation

_HUES = ((-20.0, 20.0), (85.0, 165.0), (190.0, 260.0))  # degrees: red, green, blue; brown and sepia stay lines
_CHROMA = 80.0  # of 255, max − min of the channels, that a trace reaches in its middle
_TINTED, _FAINTEST = 20.0, 4.0  # chroma at its edges, and at most a pixel beyond
_SHORTEST = 12  # pixels of full chroma; less is a speck
_BROADEST, _BROADEST_SHARE = 6.0, 0.01  # half the width of a stroke, in pixels or of the longer side; more is a fill
_LINES_SHARE = 0.25  # of the ink of the trace that black lines must have, else the color is the artist's ink
_DARK = 0.5  # ink of a black line
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
    if np.count_nonzero(_chroma(pixels)[1] >= _CHROMA / 2.0) < _SHORTEST:
        return None
    brightest, chroma = _chroma(_on_white(pixels, ink))
    cancellation.check()
    vivid = np.flatnonzero(chroma >= _CHROMA)
    hue = _hue(pixels.reshape(-1, 3)[vivid])
    classes = [vivid[(hue >= low) & (hue <= high)] for low, high in _HUES]
    mask = _strokes(vivid, np.concatenate(classes), chroma)
    if not mask.any():
        return None
    depth = 1.0 - ink
    if float(depth[~mask & (chroma < _CHROMA)].sum()) < _LINES_SHARE * float(depth[mask].sum()):
        return None
    cancellation.check()
    lines = ink.copy()
    lines[mask] = 1.0
    near = np.flatnonzero(mask & (_dilated(~mask & (ink < _DARK), _NEAR_LINE) > 0))
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


def _chroma(pixels: Pixels) -> tuple[Channel, Channel]:
    """The brightest of the channels, and how far it is above the darkest; H×W uint8."""
    red, green, blue = cv2.split(pixels)
    brightest = cv2.max(cv2.max(red, green), blue)
    chroma = cv2.subtract(brightest, cv2.min(cv2.min(red, green), blue))
    return np.asarray(brightest, np.uint8), np.asarray(chroma, np.uint8)


def _hue(colors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Hue of n×3 colors in degrees, −60 to 300; 0 for grays."""
    red, green, blue = colors.T.astype(np.float32)
    brightest = np.maximum(np.maximum(red, green), blue)
    chroma = np.maximum(brightest - np.minimum(np.minimum(red, green), blue), np.float32(1.0))
    from_red, from_green, from_blue = (green - blue) / chroma, (blue - red) / chroma + 2.0, (red - green) / chroma + 4.0
    return 60.0 * np.where(brightest == red, from_red, np.where(brightest == green, from_green, from_blue))


def _strokes(vivid: Places, trace: Places, chroma: Channel) -> Mask:
    """The strokes of the trace, with their blended edges; specks and broad fills are left out.

    vivid, trace: places in the flat picture with full chroma, and those of them in a hue of trace.
    """
    tinted = (chroma >= _TINTED).astype(np.uint8)
    count, pieces = cv2.connectedComponents(tinted, connectivity=8, ltype=cv2.CV_32S)
    pieces = np.asarray(pieces, np.int32)
    piece = pieces.reshape(-1)[trace]
    radius = np.asarray(cv2.distanceTransform(tinted, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    widest = np.zeros(count, np.float32)
    np.maximum.at(widest, piece, radius.reshape(-1)[trace])
    broadest = max(_BROADEST, _BROADEST_SHARE * max(chroma.shape))
    length = np.bincount(piece, minlength=count)
    strokes = (length >= _SHORTEST) & (widest <= broadest)
    if not strokes.any():
        return np.zeros(chroma.shape, np.bool_)
    # What peeks out from under a black line, too little to be sure of, goes with the stroke that passes there.
    little = (length < _SHORTEST) & (length == np.bincount(pieces.reshape(-1)[vivid], minlength=count))
    strokes |= little & (np.bincount(pieces[_dilated(strokes[pieces], _PEEKS_OUT) > 0], minlength=count) > 0)
    strokes[0] = False
    kept = strokes[pieces]
    return kept | ((_dilated(kept, 1) > 0) & (chroma >= _FAINTEST))


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
        share = np.minimum(colored[places] / np.float32(most), 1.0) * (_dilated(beside, 2).reshape(-1)[places] > 0)
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


def _dilated(mask: Mask, radius: int) -> NDArray[np.uint8]:
    side = 2 * radius + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8)

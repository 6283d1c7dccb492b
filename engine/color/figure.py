"""What of a reference picture is color: the figure without the background, the lines and the pixels beside edges."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.line_art.channels import brightest_of, darkest_of
from engine.request import Reference

Mask = NDArray[np.bool_]

_LOOKING_SIZE = 1024  # pixels on the longer side
_PAPER_LIGHTNESS, _PAPER_CHROMA = 96.0, 3.0  # CIELAB
_FLAT_RANGE = 12  # levels of 256 within 3×3 pixels, what lossy files leave of a flat color
_THIN, _THICK = 0.012, 0.06  # of the longer side: width of what counts as a line at least, and at most
_LINE_DEPTH = 16  # levels of 256 by which a line is darker than what it runs through
_INK_RANGE = 24  # levels of 256 above the picture's darkest part that are still the ink of thick lines
_CUT_SIZE = 384  # pixels on the longer side, at which a figure is cut out
_RIM = 0.015  # of the longer side: what of the border is background for sure
_ON_PAPER = 0.8  # share of the border from which a picture stands on paper
_CUTS = 5  # iterations of GrabCut
_PALE = 225  # level of all channels above which cloth cannot be told from paper
_FIGURE = 0.02, 0.97  # shares of a picture between which what was cut out is a figure
_SQUARE = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Figure:
    """The parts of a picture with no side longer than 1024 pixels.

    pixels: H×W×3 uint8 sRGB. colored: H×W, True for the figure without its lines; never False everywhere.
    flat: H×W, True where a pixel of `colored` and its eight neighbors differ by little. line: H×W, the figure's lines.
    """

    pixels: NDArray[np.uint8]
    colored: Mask
    flat: Mask
    line: Mask


def of(reference: Reference) -> Figure:
    """The figure of a reference.

    White that reaches the border of the picture is background, unless the reference says what its figure is. A line is
    what is darker than both its sides and thin: up to twice as wide as the dark lines of this picture commonly are. Of
    a picture that is all background or all line everything is color.
    """
    pixels, counted = _reduced(reference)
    if not counted.any():
        counted = ~counted
    own = _own_figure(reference, pixels.shape[:2])
    figure = counted & (~_background(pixels) if own is None else own)
    line = figure & _is_line(pixels, figure)
    colored = next(part for part in (figure & ~line, figure, counted) if part.any())
    return Figure(pixels, colored, colored & _is_flat(pixels), line)


def on_paper(reference: Reference) -> Reference | None:
    """The reference with its background painted white, as if the figure stood on paper; None where it does already, or
    where no figure can be told from a background.

    A background that were only masked out would take with it all that says what paper looks like. It is found by
    GrabCut (Rother et al., SIGGRAPH 2004) from the picture's border inwards.
    """
    if reference.figure is not None:
        return None  # transparent around its figure, and so on paper
    pixels = reference.pixels
    height, width = pixels.shape[:2]
    scale = min(1.0, _CUT_SIZE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    if min(small.shape[:2]) < 8:
        return None
    ring = np.ones(small.shape[:2], np.bool_)
    rim = max(1, round(_RIM * max(small.shape[:2])))
    ring[rim:-rim, rim:-rim] = False
    if is_paper(to_lab(small[ring])).mean() > _ON_PAPER:
        return None
    parts = np.where(ring, cv2.GC_BGD, cv2.GC_PR_FGD).astype(np.uint8)
    cv2.setRNGSeed(1)  # the same picture is cut in the same way every time
    bgr = np.ascontiguousarray(small[..., ::-1])
    cv2.grabCut(bgr, parts, None, np.zeros((1, 65)), np.zeros((1, 65)), _CUTS, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]
    figure = ((parts == cv2.GC_FGD) | (parts == cv2.GC_PR_FGD)).astype(np.float32)
    if not _FIGURE[0] < figure.mean() < _FIGURE[1]:
        return None
    kept = np.asarray(cv2.resize(figure, (width, height), interpolation=cv2.INTER_LINEAR)) > 0.5
    return replace(reference, pixels=np.where(kept[..., None], pixels, np.uint8(255)))


def outlined(pixels: NDArray[np.uint8], figure: Mask) -> NDArray[np.uint8]:
    """H×W×3 `pixels` with a dark line around the figure (h×w, of any size) where some of it is as white as the paper.

    For a network, which sees where cloth ends by lines and edges alone.
    """
    size = pixels.shape[1], pixels.shape[0]
    inside = (cv2.resize(figure.astype(np.float32), size, interpolation=cv2.INTER_AREA) >= 0.5).astype(np.uint8)
    square = edge_square(pixels.shape)
    within = cv2.erode(inside, square, borderValue=1)
    beside = (within > 0) & ~(cv2.erode(within, square, borderValue=1) > 0)
    if not (beside & (darkest_of(pixels) > _PALE)).any():
        return pixels
    rim = (cv2.dilate(inside, square) > 0) & ~(within > 0)
    return np.where(rim[..., None], np.uint8(0), pixels)


def edge_square(size: tuple[int, ...]) -> NDArray[np.uint8]:
    """Ones for a morphology that reaches as far as an edge is blurred in a picture of this size: one pixel for 512."""
    width = 2 * max(1, round(max(size) / 512)) + 1
    return np.ones((width, width), np.uint8)


def is_paper(lab: NDArray[np.float32]) -> Mask:
    """Which of the …×3 CIELAB colors are white paper."""
    return (lab[..., 0] > _PAPER_LIGHTNESS) & (np.hypot(lab[..., 1], lab[..., 2]) < _PAPER_CHROMA)


def to_lab(colors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """…×3 sRGB → …×3 CIELAB (D65)."""
    if colors.size == 0:
        return colors.astype(np.float32)
    flat = colors.reshape(1, -1, 3).astype(np.float32) / np.float32(255.0)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), np.float32).reshape(colors.shape)


def _reduced(reference: Reference) -> tuple[NDArray[np.uint8], Mask]:
    """The picture and its mask with no side longer than 1024 pixels."""
    pixels, mask = reference.pixels, reference.mask
    height, width = pixels.shape[:2]
    scale = _LOOKING_SIZE / max(height, width)
    if scale < 1.0:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        if mask is not None:
            mask = cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    return pixels, np.ones(pixels.shape[:2], np.bool_) if mask is None else np.asarray(mask, np.bool_)


def _own_figure(reference: Reference, size: tuple[int, ...]) -> Mask | None:
    if reference.figure is None:
        return None
    return np.asarray(cv2.resize(reference.figure.astype(np.uint8), size[::-1], interpolation=cv2.INTER_NEAREST)) > 0


def _background(pixels: NDArray[np.uint8]) -> Mask:
    """The white that is connected with the picture's border, through gaps of at least three pixels."""
    white = np.zeros(pixels.shape[:2], np.uint8)
    bright = darkest_of(pixels) > 225  # no darker pixel is paper, so only these need their Lab
    if not bright.any():
        return bright
    white[bright] = is_paper(to_lab(pixels[bright]))
    inner = cv2.erode(white, _SQUARE, borderType=cv2.BORDER_CONSTANT, borderValue=1)
    labels = np.asarray(cv2.connectedComponents(inner, connectivity=4)[1], np.int32)
    reached = np.zeros(int(labels.max()) + 1, np.uint8)
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        reached[side] = 1
    reached[0] = 0
    return np.asarray(cv2.dilate(reached[labels], _SQUARE) > 0) & (white > 0)


def _is_flat(pixels: NDArray[np.uint8]) -> Mask:
    spread = cv2.subtract(cv2.dilate(pixels, _SQUARE), cv2.erode(pixels, _SQUARE))
    return brightest_of(np.asarray(spread, np.uint8)) <= _FLAT_RANGE


def _is_line(pixels: NDArray[np.uint8], figure: Mask) -> Mask:
    """Where the picture is dark and thin: a gray closing (black top hat) makes it lighter."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    darkest = np.percentile(gray[figure], 2.0) if figure.any() else 0.0
    dark = figure & (gray < darkest + _INK_RANGE)
    side = max(gray.shape)
    thin = max(3, round(_THIN * side) | 1)
    thick = min(round(_THICK * side), 2 * _common_width(dark)) | 1
    line = _hat(gray, thin) > _LINE_DEPTH
    if thick > thin:
        thick_line = _hat(gray, thick) > _LINE_DEPTH
        # With the pixels beside it, where it mixes with what it runs through.
        line |= thick_line & (cv2.dilate((dark & thick_line).astype(np.uint8), edge_square(gray.shape)) > 0)
    return line


def _hat(gray: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((width, width), np.uint8)), np.uint8)


def _common_width(dark: Mask) -> int:
    """The median width in pixels along the middle of what is dark: lines are long, so there are more of them."""
    framed = np.pad(dark.astype(np.uint8), 1)  # the depth of a picture that is dark all over would be infinite
    depth = np.asarray(cv2.distanceTransform(framed, cv2.DIST_L2, 3), np.float32)
    middle = (depth > 1.0) & (depth >= cv2.dilate(depth, _SQUARE))
    return round(2.0 * float(np.median(depth[middle])) - 1.0) if middle.any() else 0

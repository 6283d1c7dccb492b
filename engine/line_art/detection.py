"""Which pictures are drawings, and which are color pictures that lines have to be extracted from."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import narrow
from engine.images import Picture
from engine.line_art.extent import seen_side
from engine.line_art.paper import FloatPicture, fitted_paper, is_light_on_dark, opened, reduced
from engine.line_art.reading import light_lines, set_aside

# Thresholds of `detect`, tried on some 300 drawn line arts and 550 coloured drawings, and on scans, pencil, blue ink,
# grey and pale versions of them.
_MARK = 0.1  # depth below the paper from which a pixel is drawn on
_BROAD_FILL, _BROAD_HUE, _BROAD_HATCH = 0.04, 0.03, 0.045  # of the longer side: strokes are thinner, areas broader
_PALE = 0.06  # depth of the palest fill that counts
_HUE_DISTANCE = 0.05
_BLACK_INK = 0.7  # depth of ink that is black rather than pencil or coloured
_FILL_SHARE, _HUE_SHARE = 0.26, 0.06  # of the drawn-on area
_TONES, _TONE_REACH, _TONE_SHARE = 3, 0.015, 0.85  # flat grays of a drawing, their spread, the share of gray in them
_MIDDLE, _EVEN_WIDTH, _EVEN_SHARE = (48, 232), 5, 0.05  # levels of gray, pixels and share of a fill that is no dots
_LINES_SHARE = 0.1  # of the drawn-on area that black lines beside a tone have
_WHITE_SHARE = 0.15  # of the figure that is paper in a drawing with tones


def detect(picture: Picture) -> Literal["line_art", "color"]:
    """Whether `picture` is line art (ink, pencil, lines of any colors, any paper) or has areas of colour or tone to
    extract from.

    Once the paper is divided out and a pale rough under the inks is set aside, line art has two marks: what is drawn on
    is thin or as dark as its ink gets, and what is broad mixes paper with one ink. Broad areas of another hue break
    that, and of middle tone (a fill, a grey photograph) unless they are few flat grays beside black lines and paper.
    """
    if light_lines(picture) is not None:
        return "line_art"
    aside = set_aside(picture.pixels)
    return kind_of(picture.pixels if aside is None else aside.pixels)


def kind_of(pixels: NDArray[np.uint8]) -> Literal["line_art", "color"]:
    """`detect` for H×W×3 uint8 sRGB whose rough was set aside."""
    small = reduced(pixels)
    if is_light_on_dark(small):
        small = 1.0 - small
    depth = np.clip(1.0 - small / fitted_paper(small), 0.0, 1.0).astype(np.float32)
    tone, deepest = narrow.mean(depth), narrow.largest(depth)
    noise = _paper_noise(tone)
    drawn = deepest > max(_MARK, 4.0 * noise)
    if not drawn.any():
        return "line_art"
    area = max(float(drawn.mean()), 0.01)
    if _other_hue(depth, drawn).mean() > _HUE_SHARE * area:
        return "color"
    ink_depth = float(np.percentile(tone[drawn], 95))
    lighter = tone < (0.9 if ink_depth > _BLACK_INK else 0.7) * ink_depth
    fill = (opened(deepest, _BROAD_FILL) > max(_PALE, 3.0 * noise)) & lighter
    if fill.mean() <= _FILL_SHARE * area or _has_flat_tones(tone, drawn, fill) or _is_screened(pixels, fill):
        return "line_art"
    return "color"


def _is_screened(pixels: NDArray[np.uint8], fill: NDArray[np.bool_]) -> bool:
    """Whether the broad gray areas of a reduced picture are dots, black and white, at its own size."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    middle = cv2.inRange(gray, *_MIDDLE)
    inner = cv2.erode(middle, np.ones((_EVEN_WIDTH, _EVEN_WIDTH), np.uint8))
    return cv2.countNonZero(inner) / gray.size <= _EVEN_SHARE * float(fill.mean())


def _paper_noise(tone: FloatPicture) -> float:
    """Standard deviation of the paper's grain (from the median deviation, which lines do not disturb)."""
    paper = tone[tone < _MARK]
    if paper.size == 0:
        return 0.0
    return 1.4826 * float(np.median(np.abs(paper - np.median(paper))))


def _other_hue(depth: FloatPicture, drawn: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Broad areas whose color is far from every mixture of paper with the one ink that explains the drawing best.

    A mixture lies on the line from the paper (no depth) to the ink, so the ink is the main direction of all depths.
    Broader ones are looked for after a little blur, too: colored hatching counts as the area it stands for.
    """
    colors = depth[drawn]
    ink = np.linalg.eigh(colors.T @ colors / len(colors))[1][:, -1]

    def away(seen: FloatPicture) -> FloatPicture:
        return narrow.length(seen - (seen @ ink)[..., None] * ink).astype(np.float32)

    soft = cv2.GaussianBlur(depth, (0, 0), max(1.0, seen_side(depth.shape) * 0.003))
    blurred = np.asarray(soft, np.float32).reshape(depth.shape)
    # Undrawn paper beside a stroke has a tint, too, where JPEG blurred the colors.
    areas = opened(np.where(drawn, away(depth), np.float32(0.0)).astype(np.float32), _BROAD_HUE) > _HUE_DISTANCE
    return areas | (opened(away(blurred), _BROAD_HATCH) > _HUE_DISTANCE)


def _has_flat_tones(tone: FloatPicture, drawn: NDArray[np.bool_], fill: NDArray[np.bool_]) -> bool:
    """Whether the broad areas are shadows of a drawing: a few flat grays beside black lines, with paper between them.

    Of a color picture made gray, every area is filled, and each color has a gray of its own.
    """
    inner = cv2.erode(fill.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    if not inner.any():
        return False
    levels = tone[inner]
    # A dark tone is as deep as pale ink is; the lines beside it are deeper still.
    black = drawn & (tone > max(_BLACK_INK, float(np.percentile(levels, 95)) + 2.0 * _TONE_REACH))
    lines = black & ~(opened(black.astype(np.float32), _BROAD_FILL) > 0.5)
    if lines.sum() < _LINES_SHARE * drawn.sum():
        return False
    count, bins = np.histogram(levels, bins=256, range=(0.0, 1.0))
    found, left = 0, np.ones(len(levels), np.bool_)
    while left.mean() > 1.0 - _TONE_SHARE and found <= _TONES:
        count = np.histogram(levels[left], bins=bins)[0]
        peak = float(bins[int(count.argmax())]) + 0.5 / 256
        left &= np.abs(levels - peak) > _TONE_REACH
        found += 1
    if found > _TONES:
        return False
    return found == 1 or _white_within(drawn) >= _WHITE_SHARE


def _white_within(drawn: NDArray[np.bool_]) -> float:
    """Of all that is drawn on or closed in by it, the share that is paper."""
    paper = np.pad((~drawn).astype(np.uint8), 1, constant_values=1)
    outside = np.asarray(cv2.connectedComponents(paper, connectivity=4)[1], np.int32)
    within = ~((outside == outside[0, 0]) & (paper > 0))[1:-1, 1:-1]
    return 1.0 - float(drawn[within].mean()) if within.any() else 0.0

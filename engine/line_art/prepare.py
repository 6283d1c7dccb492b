"""From a picture to line art: the artist's own ink, cleaned of its paper, or lines extracted from colours."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import RequestError
from engine.images import Picture
from engine.line_art.cleaning import Cleaning, cleaned
from engine.line_art.paper import FloatPicture, fitted_paper, is_light_on_dark, local_paper, opened, reduced
from engine.line_art.trace import split_trace
from engine.line_art.xdog import gray_of, xdog
from engine.options import SIGMA_DEFAULT, SIGMA_MAX, SIGMA_MIN, LineMode
from engine.request import LineArt

_AS_IT_IS = Cleaning()
_NO_LINES = "There are no lines in this drawing; choose another picture or draw something first."

# Thresholds of `detect`, tried on some 300 drawn line arts and 550 coloured drawings, and on scans, pencil, blue ink,
# grey and pale versions of them.
_MARK = 0.1  # depth below the paper from which a pixel is drawn on
_BROAD_FILL, _BROAD_HUE = 0.04, 0.02  # of the longer side: strokes are thinner, coloured areas broader
_PALE = 0.06  # depth of the palest fill that counts
_HUE_DISTANCE = 0.05
_BLACK_INK = 0.7  # depth of ink that is black rather than pencil or coloured
_FILL_SHARE, _HUE_SHARE = 0.26, 0.06  # of the drawn-on area

_NEAR_WHITE = 225  # of 255; a clean digital drawing has nearly nothing between this and 255
_CLEAN_SHARE = 0.8
_FAINTEST = 0.06  # contrast below this is no drawing


def detect(picture: Picture) -> Literal["line_art", "color"]:
    """Whether `picture` is line art (ink, pencil, one hue, any paper) or has areas of colour or tone to extract from.

    Once the paper is divided out, line art has two marks: what is drawn on is thin or as dark as its ink gets, and all
    of it mixes paper with one ink. Broad areas of middle tone (a fill, a grey photograph) or of another hue break that.
    """
    small = reduced(picture.pixels)
    if is_light_on_dark(small):
        small = 1.0 - small
    depth = np.clip(1.0 - small / fitted_paper(small), 0.0, 1.0)
    tone, deepest = depth.mean(axis=-1), depth.max(axis=-1)
    noise = _paper_noise(tone)
    drawn = deepest > max(_MARK, 4.0 * noise)
    if not drawn.any():
        return "line_art"
    ink_depth = float(np.percentile(tone[drawn], 95))
    lighter = tone < (0.9 if ink_depth > _BLACK_INK else 0.7) * ink_depth
    fill = (opened(deepest, _BROAD_FILL) > max(_PALE, 3.0 * noise)) & lighter
    other_hue = opened(_distance_from_ink(depth, drawn), _BROAD_HUE) > _HUE_DISTANCE
    area = max(float(drawn.mean()), 0.01)
    return "color" if fill.mean() > _FILL_SHARE * area or other_hue.mean() > _HUE_SHARE * area else "line_art"


def prepare(
    picture: Picture,
    mode: LineMode = "auto",
    sigma: float = SIGMA_DEFAULT,
    sharp: bool = True,
    cleaning: Cleaning = _AS_IT_IS,
) -> LineArt:
    """Line art of `picture`, at its own size.

    mode: "ink" takes the picture as drawn, "extract" draws its lines by XDoG, "auto" leaves it to `detect`.
    sigma, sharp: thickness in pixels and hardness of extracted lines, see `xdog`. cleaning: of the lines, whichever
    they are; the line layer is then the cleaned ink.
    A drawing on paper that is white already passes bit for bit (ink = grey / 255). Scans lose their paper and uneven
    light; drawings in white on black are inverted. Colored trace lines beside black ones are not in the line layer.
    Raises RequestError when sigma is out of range or there are no lines.
    """
    if not SIGMA_MIN <= sigma <= SIGMA_MAX:
        raise RequestError(
            f"The line thickness sigma is {sigma:g}; choose one from {SIGMA_MIN:.2f} to {SIGMA_MAX:.2f}."
        )
    extract = mode == "extract" or (mode == "auto" and detect(picture) == "color")
    if not extract:
        inverted = is_light_on_dark(reduced(picture.pixels))
        ink = _ink(picture.pixels, inverted)
        # Nobody traces on black paper, whose color would look like one.
        split = None if inverted else split_trace(picture.pixels, ink)
        return cleaned(LineArt(ink, outline=None if split is None else split[0]), cleaning)
    ink = xdog(gray_of(picture.pixels), sigma, sharp)
    if float(ink.min()) > 0.9 or float(ink.max()) == 0.0:
        raise RequestError(_NO_LINES)
    return cleaned(LineArt(ink, extracted=True, soft=not sharp), cleaning)


def _paper_noise(tone: FloatPicture) -> float:
    """Standard deviation of the paper's grain (from the median deviation, which lines do not disturb)."""
    paper = tone[tone < _MARK]
    if paper.size == 0:
        return 0.0
    return 1.4826 * float(np.median(np.abs(paper - np.median(paper))))


def _distance_from_ink(depth: FloatPicture, drawn: NDArray[np.bool_]) -> FloatPicture:
    """How far each pixel's colour is from every mixture of paper with the one ink that explains the drawing best.

    A mixture lies on the line from the paper (no depth) to the ink, so the ink is the main direction of all depths.
    Blurred a little first, so that coloured hatching counts as the area it stands for.
    """
    colors = depth[drawn]
    ink = np.linalg.eigh(colors.T @ colors / len(colors))[1][:, -1]
    blurred = cv2.GaussianBlur(depth, (0, 0), max(1.0, max(depth.shape) * 0.003)).reshape(depth.shape)
    return np.linalg.norm(blurred - (blurred @ ink)[..., None] * ink, axis=-1).astype(np.float32)


def _ink(pixels: NDArray[np.uint8], inverted: bool) -> NDArray[np.float32]:
    """The artist's own lines in H×W×3 `pixels`, light ones if `inverted`: H×W float32, 0 ink, 1 paper."""
    gray = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    if inverted:
        gray = 255 - gray
    if not _on_white(gray):
        return _from_scan(gray)
    if int(gray.max()) - int(gray.min()) < _FAINTEST * 255:
        raise RequestError(_NO_LINES)
    return gray.astype(np.float32) / 255.0


def _on_white(gray: NDArray[np.uint8]) -> bool:
    """True when the paper is pure white, as in a clean digital drawing or a transparent one laid on white."""
    counts = np.bincount(gray.reshape(-1), minlength=256)
    near_white = int(counts[_NEAR_WHITE:].sum())
    return near_white > 0.02 * gray.size and counts[255] >= _CLEAN_SHARE * near_white


def _from_scan(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Ink of a scan: paper and its lighting divided out, its grain lifted to 1, the darkest lines brought to 0."""
    height, width = gray.shape
    paper = cv2.resize(local_paper(reduced(gray)), (width, height), interpolation=cv2.INTER_LINEAR)
    level = np.asarray(cv2.divide(gray.astype(np.float32), paper, scale=1.0 / 255.0), dtype=np.float32)
    on_paper = level[level > 0.85]
    middle = float(np.median(on_paper)) if on_paper.size else 1.0
    noise = 1.4826 * float(np.median(np.abs(on_paper - middle))) if on_paper.size else 0.0
    # Averaging 3×3 takes the grain away, but not a line.
    smooth = cv2.blur(level, (3, 3))
    if float(smooth.max()) - float(smooth.min()) < max(_FAINTEST, 4.0 * noise):
        raise RequestError(_NO_LINES)
    white = max(middle - 2.5 * noise, 0.8)
    darkest = float(level.min())
    dark_half = level[level < (white + darkest) / 2.0]
    black = min(float(np.percentile(dark_half, 5)), white - 0.05)
    level -= black
    level *= 1.0 / (white - black)
    return np.clip(level, 0.0, 1.0, out=level)

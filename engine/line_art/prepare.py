"""From a picture to line art: the artist's own ink, cleaned of its paper, or lines extracted from colours."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import RequestError
from engine.images import Picture
from engine.line_art.channels import darkest_of
from engine.line_art.cleaning import Cleaning, cleaned
from engine.line_art.detection import detect, kind_of
from engine.line_art.ink_color import is_colored, own_layer
from engine.line_art.paper import is_light_on_dark, local_paper, reduced, whitened
from engine.line_art.reading import gray_levels, is_on_white, light_lines, set_aside
from engine.line_art.tones import without_tones
from engine.line_art.trace import split_trace
from engine.line_art.xdog import gray_of, xdog
from engine.options import SIGMA_DEFAULT, SIGMA_MAX, SIGMA_MIN, LineMode
from engine.request import LineArt
from engine.sentences import Sentence

__all__ = ["detect", "prepare"]

_AS_IT_IS = Cleaning()
_NO_LINES = Sentence("There are no lines in this drawing; choose another picture or draw something first.")
_FAINTEST = 0.06  # contrast below this is no drawing

EXTRACTED = Sentence(
    "The lines were extracted from a color picture; the drawing's own ink (--lines ink) takes them as drawn."
)
SCANNED = Sentence(
    "The paper was made white and the ink darkened, as in a scan; untouched lines (--lines untouched) leave both."
)
WHITENED = Sentence("The paper was made white, as in a scan; untouched lines (--lines untouched) leave it as it is.")
INVERTED = Sentence(
    "Light lines on dark became black lines on white; untouched lines (--lines untouched) leave them light."
)
TRACED = Sentence("Colored trace lines bound regions and are no lines; untouched lines (--lines untouched) keep them.")
ROUGH_ASIDE = Sentence(
    "The rough under the ink is a hidden layer of its own; untouched lines (--lines untouched) keep it."
)

Pixels = NDArray[np.uint8]
Ink = NDArray[np.float32]


class _Scan(NamedTuple):
    """ink: H×W, 0 ink, 1 paper. white: share of the paper's brightness from which a pixel is paper."""

    ink: Ink
    white: float


def prepare(
    picture: Picture,
    mode: LineMode = "auto",
    sigma: float = SIGMA_DEFAULT,
    sharp: bool = True,
    cleaning: Cleaning = _AS_IT_IS,
) -> LineArt:
    """Line art of `picture`, at its own size.

    mode: "ink" takes the picture as drawn, "extract" draws its lines by XDoG, "auto" leaves it to `detect`; "untouched"
    takes every pixel as it is. sigma, sharp: thickness in pixels and hardness of extracted lines, see `xdog`.
    cleaning: of the lines, whichever they are; the line layer is then the cleaned ink.
    A drawing on paper that is white already passes bit for bit (ink = grey / 255), colored ink in its own color. Scans
    lose their paper and uneven light; drawings in white on black are inverted. Colored trace lines beside black ones
    and a pale rough under them are not in the line layer, tones bound no regions. `LineArt.notes` says what was done.
    Raises RequestError when sigma is out of range or there are no lines, and Cancelled.
    """
    if not SIGMA_MIN <= sigma <= SIGMA_MAX:
        raise RequestError(
            "The line thickness sigma is {0:g}; choose one from {1:.2f} to {2:.2f}.", sigma, SIGMA_MIN, SIGMA_MAX
        )
    if picture.alpha is not None and not picture.alpha.any():
        raise RequestError("{0} is transparent everywhere; choose a picture with something to see.", picture.name)
    if mode == "extract":
        return cleaned(_extracted(picture.pixels, sigma, sharp), cleaning)
    light = light_lines(picture)
    if light is not None:
        ink = 1.0 - light[..., 3].astype(np.float32) / np.float32(255.0)
        return cleaned(LineArt(ink, own=light), cleaning)
    if mode == "untouched":
        return cleaned(_untouched(picture.pixels), cleaning)
    aside = set_aside(picture.pixels)
    pixels = picture.pixels if aside is None else aside.pixels
    if mode == "auto" and kind_of(pixels) == "color":
        return cleaned(_extracted(picture.pixels, sigma, sharp, (EXTRACTED,)), cleaning)
    if aside is None:
        return cleaned(_drawn(pixels), cleaning)
    return cleaned(_drawn(pixels, aside.layer, (ROUGH_ASIDE,)), cleaning)


def _extracted(pixels: Pixels, sigma: float, sharp: bool, notes: tuple[str, ...] = ()) -> LineArt:
    ink = xdog(gray_of(pixels), sigma, sharp)
    if float(ink.min()) > 0.9 or float(ink.max()) == 0.0:
        raise RequestError(_NO_LINES)
    return LineArt(ink, extracted=True, soft=not sharp, notes=notes)


def _untouched(pixels: Pixels) -> LineArt:
    ink, own = _clean_ink(gray_levels(pixels)), own_layer(pixels)
    return LineArt(ink, own=own) if own is None else LineArt(_deepest_ink(pixels), outline=ink, own=own)


def _drawn(pixels: Pixels, rough: Pixels | None = None, notes: tuple[str, ...] = ()) -> LineArt:
    """The artist's own lines in H×W×3 `pixels`, of which the rough was taken."""
    gray = gray_levels(pixels)
    if is_light_on_dark(reduced(pixels)):
        # Nobody traces on black paper, whose color would look like one.
        ink = _clean_ink(255 - gray) if is_on_white(255 - gray) else _from_scan(255 - gray).ink
        return LineArt(ink, notes=(*notes, INVERTED))
    if is_on_white(gray):
        ink, on_white, grainy = _clean_ink(gray), pixels, False
    else:
        scan = _from_scan(gray)
        ink, on_white, grainy = scan.ink, whitened(pixels), True
        colored = is_colored(on_white)
        notes = (*notes, WHITENED if colored else SCANNED)
        on_white = _lifted(on_white, scan) if colored else None
    split = split_trace(pixels, ink)
    if split is not None:
        notes = (*notes, TRACED)
        if on_white is not None:
            on_white = _in_black(on_white, split[1], split[0])
    own = None if on_white is None else own_layer(on_white, grainy)
    bounds = ink if own is None or grainy else _deepest_ink(pixels)
    lines = without_tones(bounds)
    bounds = bounds if lines is None else lines
    seen = ink if split is None else split[0]
    return LineArt(bounds, outline=None if seen is bounds else seen, own=own, rough=rough, notes=notes)


def _deepest_ink(pixels: Pixels) -> Ink:
    """The ink of colored lines: yellow is as much of a line as blue is, though its gray is nearly white."""
    return darkest_of(pixels).astype(np.float32) / np.float32(255.0)


def _in_black(pixels: Pixels, mask: NDArray[np.bool_], ink: Ink) -> Pixels:
    """`pixels` with only the black ink in the pixels of `mask`."""
    result = pixels.copy()
    result[mask] = np.rint(ink[mask] * 255.0).astype(np.uint8)[:, None]
    return result


def _lifted(pixels: Pixels, scan: _Scan) -> Pixels:
    """`pixels` on white paper with its grain lifted to white, as in the ink of the scan."""
    lifted = np.asarray(cv2.convertScaleAbs(pixels, alpha=1.0 / scan.white), np.uint8)
    lifted[scan.ink >= 1.0] = 255
    return lifted


def _clean_ink(gray: Pixels) -> Ink:
    if int(gray.max()) - int(gray.min()) < _FAINTEST * 255:
        raise RequestError(_NO_LINES)
    return gray.astype(np.float32) / np.float32(255.0)


def _from_scan(gray: Pixels) -> _Scan:
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
    return _Scan(np.clip(level, 0.0, 1.0, out=level), white)

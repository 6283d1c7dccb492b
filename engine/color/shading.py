"""Light and shade that the network's guess has beyond the flat colors, as two layers."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine import cancellation
from engine.color.compose import STRIP_ROWS
from engine.line_art.extent import seen_area, seen_side
from engine.line_art.regions import RegionMap
from engine.options import ShadingMode

WORKING_SIDE = 1024  # longer side at which shading is looked for; a guess has hardly finer tones
DARKEST, LIGHTEST = 0.45, 0.35  # the most taken from a flat, and the most given of its distance to white
_LEVELS = 128  # of gray, in which the middle of a region is looked for
_ROUNDS, _REACH = 8, 0.06  # mean shift: rounds, standard deviation of the kernel in gray from 0 to 1
_UNSURE = 1e-3  # weight of pixels at lines and borders, where the guess is a mixture
_MARGIN = 5  # pixels square that must lie in one region for the guess to be sure
_RADIUS, _EDGE = 3, 0.05  # guided filter: of its windows, and the contrast from which an edge is kept
_NOISE, _SURE = 0.04, 0.10  # deviation that is nothing yet, and that is kept whole
_CEL = 0.07  # deviation from which a pixel may be in the second tone
_LEAST_AREA, _LEAST_SHARE = 24, 0.02  # pixels and share of its region below which an area of shade is a speck
_SURE_SHARE = 0.15  # of a region's pixels that must not touch a line or a border, else its tones are its neighbors'
_ROUNDING, _SOFTENING = 2.5, 1.0  # pixels: standard deviations that smooth the border of a tone, and carry it up
_LUMA, _TINT = np.array([0.299, 0.587, 0.114]), (0.5, 1.5)  # Rec. 601; bounds of a channel's part in shading
_SPARSEST = 0.02  # share of its bounding box below which a region is a thread without room for shading

Gray = NDArray[np.float32]
Labels = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Shading:
    """Two layers to lay over the flats, `multiply` first and `screen` over it.

    multiply: H×W×3 uint8, 255 where there is no shade. screen: H×W×3 uint8, 0 where there is no light.
    """

    multiply: NDArray[np.uint8]
    screen: NDArray[np.uint8]


class _View(NamedTuple):
    """The drawing at the working size: region of each pixel, guess in color and in gray from 0 to 1, how sure it is."""

    labels: Labels
    color: NDArray[np.uint8]
    gray: Gray
    sure: Gray


class _Field(NamedTuple):
    """Shading at the working size, from -1 (shade) to 1 (light); what 1 is in red, green and blue, row i for label i.

    soft: how much is taken or given. cel: where the tones are; their borders are at a half.
    """

    values: Gray
    shade: Gray
    light: Gray


def find_shading(
    guess: NDArray[np.uint8],
    flats: NDArray[np.uint8],
    ink: NDArray[np.float32],
    regions: RegionMap,
    mode: ShadingMode,
) -> Shading | None:
    """The shading of a guess, relative to the middle tone of each region.

    guess: H×W×3 uint8 sRGB with color running under the lines; flats: H×W×3 uint8 sRGB, one color a region (only white
    is asked for: a white region is paper and stays so); ink: H×W float32 in [0, 1], 0 ink. mode "soft": continuous;
    "cel": one even tone of shade and one of light a region; "off": None. None too where there is no shading at all.

    A pixel's deviation is its gray minus the middle of the guess in its region, so a flat of another color than the
    guess changes nothing. Guided filter (He, Sun, Tang: "Guided Image Filtering", IEEE TPAMI 35(6), 2013, Eq. 5-8) with
    the deviation as its own guide, in each region by itself. In gray no more than 45 % is taken and 35 % given; the
    color of shade and light is the guess's.
    """
    if mode == "off":
        return None
    view = _at_working_size(guess, ink, regions.labels)
    white = np.zeros(regions.count + 1, np.bool_)
    white[view.labels[_sampled(flats, view.labels.shape).min(axis=2) == 255]] = True
    cancellation.check()
    middle = _middles(view, regions.count)
    field = _field(view, middle, white, mode == "cel")
    if not field.values.any():
        return None
    return _layers(field, view.labels, regions.labels, mode == "cel")


def _at_working_size(guess: NDArray[np.uint8], ink: NDArray[np.float32], labels: Labels) -> _View:
    height, width = labels.shape
    scale = min(1.0, WORKING_SIDE / seen_side((height, width)))
    size = max(1, round(height * scale)), max(1, round(width * scale))
    small = np.asarray(cv2.resize(guess, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    gray = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32) / np.float32(255.0)
    paper = np.asarray(cv2.resize(ink, size[::-1], interpolation=cv2.INTER_AREA), np.float32)
    paper = np.asarray(cv2.erode(paper, np.ones((3, 3), np.uint8)), np.float32)
    reduced = _sampled(labels, size)
    sure = np.float32(_UNSURE) + paper**2 * _inside(reduced, _MARGIN)
    return _View(reduced, small, gray, sure)


def _sampled(picture: NDArray, size: tuple[int, int]) -> NDArray:
    """The pixels nearest to the middles of a grid of `size`."""
    rows, columns = (
        np.minimum(((np.arange(few) + 0.5) * many / few).astype(np.intp), many - 1)
        for few, many in zip(size, picture.shape[:2], strict=True)
    )
    return picture[rows[:, None], columns]


def _inside(labels: Labels, side: int) -> NDArray[np.bool_]:
    """Where a square of `side` pixels lies in one region."""
    square, numbers = np.ones((side, side), np.uint8), labels.astype(np.float32)
    return np.asarray(cv2.erode(numbers, square)) == np.asarray(cv2.dilate(numbers, square))


def _middles(view: _View, count: int) -> Gray:
    """count + 1: the most common gray of each region, from its median by mean shift, as `flats.vote` has it."""
    level = np.minimum((view.gray * _LEVELS).astype(np.int64), _LEVELS - 1)
    found = np.bincount((view.labels * _LEVELS + level).reshape(-1), view.sure.reshape(-1), (count + 1) * _LEVELS)
    votes = found.reshape(count + 1, _LEVELS)
    total = votes.cumsum(axis=1)
    grays = (np.arange(_LEVELS) + 0.5) / _LEVELS
    center = grays[(total < total[:, -1:] / 2.0).sum(axis=1).clip(max=_LEVELS - 1)]
    for _ in range(_ROUNDS):
        weight = votes * np.exp((grays - center[:, None]) ** 2 / (-2.0 * _REACH**2)) + 1e-12
        center = (weight @ grays) / weight.sum(axis=1)
    return center.astype(np.float32)


def _field(view: _View, middle: Gray, white: NDArray[np.bool_], cel: bool) -> _Field:
    values = np.zeros(view.labels.shape, np.float32)
    shade, light = np.ones((2, len(middle), 3), np.float32)
    for label, box in enumerate(ndimage.find_objects(view.labels), 1):
        if box is None or white[label]:
            continue
        inside = view.labels[box] == label
        area = int(inside.sum())
        sure = float((view.sure[box] * inside).sum())
        if area < _SPARSEST * seen_area(inside.shape) or sure < max(_LEAST_AREA, _SURE_SHARE * area):
            continue
        deviation = view.gray[box] - middle[label]
        if np.abs(deviation[inside]).max() < _NOISE:
            continue
        cancellation.check()
        filtered = _filtered(deviation, inside * view.sure[box])
        depth = _share(filtered, middle[label])
        shade[label], light[label] = _tints(view.color[box], deviation, depth, inside * view.sure[box])
        if cel:
            least = max(_LEAST_AREA, _LEAST_SHARE * area)
            dark, dark_tone = _tone(-filtered, -depth, inside, least)
            bright, bright_tone = _tone(filtered, depth, inside, least)
            shade[label] *= dark_tone
            light[label] *= bright_tone
            depth = bright - dark
        values[box][inside] = depth[inside]
    return _Field(values, shade, light)


def _filtered(deviation: Gray, weight: Gray) -> Gray:
    """Guided filter of a region's deviation; what is not sure is taken from its surroundings first."""
    norm = np.float32(1.0) / np.maximum(_mean(weight), np.float32(1e-9))

    def mean(values: NDArray) -> Gray:
        return np.asarray(_mean(weight * values) * norm, np.float32)

    certain = np.minimum(weight, 1.0)
    source = certain * deviation + (1.0 - certain) * mean(deviation)
    middle = mean(source)
    variance = np.maximum(mean(source**2) - middle**2, 0.0)
    gain = variance / (variance + np.float32(_EDGE**2))
    return np.asarray(mean(gain) * source + mean((1.0 - gain) * middle), np.float32)


def _mean(values: NDArray) -> Gray:
    side = 2 * _RADIUS + 1
    return np.asarray(cv2.boxFilter(values, -1, (side, side), borderType=cv2.BORDER_CONSTANT), np.float32)


def _share(deviation: Gray, middle: np.float32) -> Gray:
    """Deviation in gray → negative: share to be taken from a flat; positive: share to be given of what lacks to white.

    Noise is cut off smoothly; strong shading bends towards the limits instead of being clipped.
    """
    size = np.abs(deviation)
    kept = np.clip((size - _NOISE) / (_SURE - _NOISE), 0.0, 1.0)
    kept = deviation * kept**2 * (3.0 - 2.0 * kept)
    dark = DARKEST * np.tanh(np.minimum(kept, 0.0) / (DARKEST * max(float(middle), 0.15)))
    light = LIGHTEST * np.tanh(np.maximum(kept, 0.0) / (LIGHTEST * max(1.0 - float(middle), 0.15)))
    return np.asarray(dark + light, np.float32)


def _tints(color: NDArray[np.uint8], deviation: Gray, depth: Gray, weight: Gray) -> tuple[Gray, Gray]:
    """The colors of a region's shade and of its light: shares of each channel that are taken and given, in gray 1.

    So the shade of skin stays warm. A tint is bounded, as a neighbor's color that ran over would make it garish.
    """
    middle, dark, bright = (
        np.tensordot(where, color, 2) / max(float(where.sum()), 1e-6)
        for where in (weight * (np.abs(deviation) < _SURE), weight * (depth < 0.0), weight * (depth > 0.0))
    )
    shares = (1.0 - dark / np.maximum(middle, 1.0), (bright - middle) / np.maximum(255.0 - middle, 1.0))
    tints = [np.clip(share / max(float(share @ _LUMA), 0.02), *_TINT) for share in shares]
    dark, bright = (np.asarray(tint / (tint @ _LUMA), np.float32) for tint in tints)
    return dark, bright


def _tone(deviation: Gray, depth: Gray, inside: NDArray[np.bool_], least: float) -> tuple[Gray, float]:
    """One even tone where `deviation` is large: where it is from 0 to 1, its border at a half; and its depth."""
    chosen = inside & (deviation > _CEL)
    if chosen.any():
        # The border of a gradient lies halfway to its mean depth.
        chosen &= deviation > deviation[chosen].mean() / 2.0
    chosen = _blurred(chosen, inside, _ROUNDING) > 0.5
    chosen = _without_specks(chosen & inside, least)
    chosen = inside & ~_without_specks(inside & ~chosen, least)
    if not chosen.any():
        return np.zeros(inside.shape, np.float32), 1.0
    return _blurred(chosen, inside, _SOFTENING), float(depth[chosen].mean())


def _blurred(chosen: NDArray[np.bool_], inside: NDArray[np.bool_], sigma: float) -> Gray:
    """Share of `chosen` in the part of the surroundings that is `inside`."""
    part, whole = (cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma) for mask in (chosen, inside))
    return np.asarray(part / np.maximum(whole, np.float32(1e-6)), np.float32)


def _without_specks(mask: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    _, parts, figures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    large = figures[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    return large[np.asarray(parts, np.int32)]


def _layers(field: _Field, reduced: Labels, labels: Labels, cel: bool) -> Shading:
    """The field at full size as layers, made in strips."""
    height, width = labels.shape
    multiply, screen = np.full((height, width, 3), 255, np.uint8), np.zeros((height, width, 3), np.uint8)
    values = np.asarray(cv2.resize(field.values, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    square = np.ones((5, 5), np.uint8)
    active = np.asarray(cv2.dilate((field.values != 0).astype(np.uint8), square), np.uint8) > 0
    beside = ~_inside(reduced, 3)
    # In pixels of the full size, the border of a tone fades over one: the slope of a blurred step is 1 / (sigma √2π).
    slope = max(1.0, _SOFTENING * float(np.sqrt(2.0 * np.pi)) * height / reduced.shape[0])
    for top in range(0, height, STRIP_ROWS):
        cancellation.check()
        rows = slice(top, min(top + STRIP_ROWS, height))
        strip, own = values[rows], labels[rows]
        if reduced.shape != labels.shape:
            _gate(strip, own, top, height, field.values, reduced, active, beside)
        for layer, side, tints in ((multiply, -strip, field.shade), (screen, strip, field.light)):
            y, x = np.nonzero(side > 0.0)
            size = side[y, x]
            if cel:
                size = np.clip((size - 0.5) * slope + 0.5, 0.0, 1.0)
            tone = np.minimum(size[:, None] * tints[own[y, x]] * 255.0 + 0.5, 255.0).astype(np.uint8)
            layer[rows][y, x] = 255 - tone if layer is multiply else tone
    return Shading(multiply, screen)


def _gate(
    strip: Gray,
    own: Labels,
    top: int,
    height: int,
    values: Gray,
    reduced: Labels,
    active: NDArray[np.bool_],
    beside: NDArray[np.bool_],
) -> None:
    """Take each pixel of the enlarged `strip` near a border from those of its own region alone, in place.

    Joint bilateral upsampling (Kopf, Cohen, Lischinski, Uyttendaele, SIGGRAPH 2007) with "same region or not" as the
    weight of range.
    """
    few_rows, few_columns = reduced.shape
    v = (np.arange(top, top + strip.shape[0]) + 0.5) * few_rows / height - 0.5
    u = (np.arange(strip.shape[1]) + 0.5) * few_columns / strip.shape[1] - 0.5
    row, column = np.rint(v).astype(np.intp).clip(0, few_rows - 1), np.rint(u).astype(np.intp).clip(0, few_columns - 1)
    nearest = np.ix_(row, column)
    y, x = np.nonzero(active[nearest] & (beside[nearest] | (reduced[nearest] != own)))
    region, v, u = own[y, x], v[y], u[x]
    total, weights = np.zeros((2, len(y)), np.float32)
    # Four neighbors are bilinear; the ring around them, hardly weighed, serves pixels with none of theirs among them.
    below, left = np.floor(v).astype(np.intp), np.floor(u).astype(np.intp)
    for down in (-1, 0, 1, 2):
        r = below + down
        tall = np.maximum(0.0, 1.0 - np.abs(v - r))
        for along in (-1, 0, 1, 2):
            c = left + along
            weight = tall * np.maximum(0.0, 1.0 - np.abs(u - c)) + 1e-4
            place = r.clip(0, few_rows - 1), c.clip(0, few_columns - 1)
            weight *= reduced[place] == region
            total += weight * values[place]
            weights += weight
    strip[y, x] = total / np.maximum(weights, 1e-6)

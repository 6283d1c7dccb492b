"""Layers of any blend mode laid over each other, in groups, for files whose merged picture is missing.

Source: W3C Compositing and Blending Level 1, §5, §9 and §10; colors are sRGB numbers in [0, 1], as programs blend them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
_Floats = NDArray[np.floating]

_STRIP_PIXELS = 2**18
_TINY = np.float32(1e-6)


@dataclass(frozen=True, eq=False)
class Node:
    """A layer, or a group of them from the bottom to the top.

    pixels: h×w×4 uint8, straight alpha, their corner at left, top of the canvas. opacity: in [0, 1]. operator: "normal"
    or a name of `OPERATORS`. isolated: a group that is blended as a whole.
    """

    pixels: Pixels | None = None
    children: tuple["Node", ...] = ()
    left: int = 0
    top: int = 0
    opacity: float = 1.0
    operator: str = "normal"
    isolated: bool = True


def compose(nodes: Sequence[Node], size: tuple[int, int]) -> Pixels:
    """What the nodes make on nothing: H×W×4 uint8, straight alpha. size: height and width."""
    height, width = size
    image = np.empty((height, width, 4), np.uint8)
    rows = max(1, _STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip = np.zeros((min(rows, height - top), width, 4), np.float32)
        for node in nodes:
            _lay(strip, node, top, 0)
        image[top : top + rows] = _straight(strip)
    return image


def _straight(strip: _Floats) -> Pixels:
    """Premultiplied floats as straight bytes."""
    alpha = strip[..., 3:]
    color = np.where(alpha > _TINY, strip[..., :3] / np.maximum(alpha, _TINY), np.float32(0.0))
    whole = np.concatenate((color, alpha), axis=-1)
    return (np.clip(whole, 0.0, 1.0) * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)


def _lay(strip: _Floats, node: Node, top: int, left: int) -> None:
    """Lay a node over a strip of premultiplied floats, in place. top, left: where the strip lies for the node."""
    if node.pixels is None:
        if not node.isolated:
            for child in node.children:
                _lay(strip, child, top - node.top, left - node.left)
            return
        source = np.zeros_like(strip)
        for child in node.children:
            _lay(source, child, top - node.top, left - node.left)
        _blend(strip, source * np.float32(node.opacity), node.operator)
        return
    height, width = strip.shape[:2]
    upper, lower = max(node.top - top, 0), min(node.top + node.pixels.shape[0] - top, height)
    west, east = max(node.left - left, 0), min(node.left + node.pixels.shape[1] - left, width)
    if node.operator in _WHOLE:  # what lies around it is transparent, and counts
        upper, lower, west, east = 0, height, 0, width
    if upper >= lower or west >= east:
        return
    source = _source(node, (upper + top, lower + top, west + left, east + left))
    _blend(strip[upper:lower, west:east], source, node.operator)


def _source(node: Node, box: tuple[int, int, int, int]) -> _Floats:
    """Premultiplied pixels of a layer in a box of its parent, transparent where it has none."""
    assert node.pixels is not None
    upper, lower, west, east = box
    source = np.zeros((lower - upper, east - west, 4), np.float32)
    height, width = node.pixels.shape[:2]
    first, last = max(upper, node.top), min(lower, node.top + height)
    start, end = max(west, node.left), min(east, node.left + width)
    if first < last and start < end:
        part = node.pixels[first - node.top : last - node.top, start - node.left : end - node.left]
        source[first - upper : last - upper, start - west : end - west] = part / np.float32(255.0)
    source[..., 3] *= np.float32(node.opacity)
    source[..., :3] *= source[..., 3:]
    return source


def _blend(backdrop: _Floats, source: _Floats, operator: str) -> None:
    """Lay premultiplied `source` over premultiplied `backdrop`, in place."""
    below, above = backdrop[..., 3:].copy(), source[..., 3:]
    if operator in _COVERAGES:
        of_source, of_backdrop = _COVERAGES[operator](above, below)
        backdrop[:] = np.minimum(source * of_source + backdrop * of_backdrop, np.float32(1.0))
        return
    mixed = source[..., :3]
    if operator in _MIXES:
        lower = np.clip(backdrop[..., :3] / np.maximum(below, _TINY), 0.0, 1.0)
        upper = np.clip(mixed / np.maximum(above, _TINY), 0.0, 1.0)
        mixed = mixed * (1 - below) + above * below * _MIXES[operator](lower, upper)
    backdrop[..., :3] = mixed + backdrop[..., :3] * (1 - above)
    backdrop[..., 3:] = above + below - above * below


def _hard_light(b: _Floats, s: _Floats) -> _Floats:
    return np.where(s <= 0.5, b * 2 * s, b + (2 * s - 1) - b * (2 * s - 1))


def _soft_light(b: _Floats, s: _Floats) -> _Floats:
    curve = np.where(b <= 0.25, ((16 * b - 12) * b + 4) * b, np.sqrt(b))
    return np.where(s <= 0.5, b - (1 - 2 * s) * b * (1 - b), b + (2 * s - 1) * (curve - b))


def _dodge(b: _Floats, s: _Floats) -> _Floats:
    return np.where(b <= 0, np.float32(0.0), np.minimum(1.0, b / np.maximum(1 - s, _TINY)))


def _burn(b: _Floats, s: _Floats) -> _Floats:
    return np.where(b >= 1, np.float32(1.0), 1 - np.minimum(1.0, (1 - b) / np.maximum(s, _TINY)))


def _light(color: _Floats) -> _Floats:
    return color @ np.array([[0.3], [0.59], [0.11]], np.float32)


def _with_light(color: _Floats, light: _Floats) -> _Floats:
    color = color + (light - _light(color))
    low, high = color.min(axis=-1, keepdims=True), color.max(axis=-1, keepdims=True)
    color = np.where(low < 0, light + (color - light) * light / np.maximum(light - low, _TINY), color)
    return np.where(high > 1, light + (color - light) * (1 - light) / np.maximum(high - light, _TINY), color)


def _with_saturation(color: _Floats, other: _Floats) -> _Floats:
    low, high = color.min(axis=-1, keepdims=True), color.max(axis=-1, keepdims=True)
    wanted = other.max(axis=-1, keepdims=True) - other.min(axis=-1, keepdims=True)
    return (color - low) * wanted / np.maximum(high - low, _TINY)


_MIXES: dict[str, Callable[[_Floats, _Floats], _Floats]] = {
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: _hard_light(s, b),
    "darken": np.minimum,
    "lighten": np.maximum,
    "color-dodge": _dodge,
    "color-burn": _burn,
    "hard-light": _hard_light,
    "soft-light": _soft_light,
    "difference": lambda b, s: np.abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
    "hue": lambda b, s: _with_light(_with_saturation(s, b), _light(b)),
    "saturation": lambda b, s: _with_light(_with_saturation(b, s), _light(b)),
    "color": lambda b, s: _with_light(s, _light(b)),
    "luminosity": lambda b, s: _with_light(b, _light(s)),
}
# Of the alphas of source and backdrop: the shares of both (§9.1.4).
_COVERAGES: dict[str, Callable[[_Floats, _Floats], tuple[_Floats | float, _Floats | float]]] = {
    "plus": lambda s, b: (1.0, 1.0),
    "src-atop": lambda s, b: (b, 1 - s),
    "dst-in": lambda s, b: (0.0, s),
    "dst-out": lambda s, b: (0.0, 1 - s),
    "dst-atop": lambda s, b: (1 - b, s),
}
_WHOLE = {"dst-in", "dst-atop"}
OPERATORS = frozenset({"normal", *_MIXES, *_COVERAGES})

"""Layers as a painting program has them, and the picture they make when laid over each other.

Pixels have straight alpha and 8 bits a channel. A stack is listed from the bottom to the top.
"""

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import icc

Blend = Literal["normal", "multiply", "screen"]
RESOLUTION_DEFAULT = (300.0, 300.0)  # dots an inch, what comics are printed at

_FARTHEST = 2**24  # pixels from the canvas to a layer's corner; what files can hold, with room to spare
_ROWS = 512  # laid on white at a time
_STRIP_PIXELS = 2**16  # flattened at a time by each thread
_THREADS = min(4, os.cpu_count() or 1)
_NOT_TEXT = {"Cc", "Cs"}  # control characters and half surrogates, which neither XML nor UTF-16 can hold


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer.

    name: any script, no control characters (see `clean_name`).
    pixels: h×w×4 uint8 sRGB, red, green, blue and straight alpha; a layer without pixels is 0×0×4.
    left, top: where its corner lies on the canvas; it may reach beyond.
    opacity: 0 to 255. group: the folder it lies in; neighbours with the same name share one.
    """

    name: str
    pixels: NDArray[np.uint8]
    left: int = 0
    top: int = 0
    blend: Blend = "normal"
    opacity: int = 255
    visible: bool = True
    group: str | None = None

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 4:
            raise ValueError(f"pixels must be uint8 h×w×4, not {self.pixels.dtype} {self.pixels.shape}")
        if max(abs(self.left), abs(self.top)) > _FARTHEST:
            raise ValueError(f"the layer lies at {self.left}, {self.top}, too far from the canvas")
        if not 0 <= self.opacity <= 255:
            raise ValueError(f"the opacity is {self.opacity}; it is from 0 to 255")
        if clean_name(self.name) != self.name or (self.group is not None and clean_name(self.group) != self.group):
            raise ValueError(f"a layer's name has control characters: {self.name!r}")

    @property
    def is_empty(self) -> bool:
        """Whether it has no pixels at all."""
        return self.pixels.size == 0


@dataclass(frozen=True, eq=False)
class LayerStack:
    """A picture in layers.

    size: height and width of the canvas in pixels. layers: from the bottom to the top; their pixels are sRGB.
    resolution: dots an inch, horizontal and vertical. icc_profile: an RGB profile that files are written in and come
    from, as `engine.export.png.write_png` has it; None is sRGB.
    """

    size: tuple[int, int]
    layers: tuple[Layer, ...]
    resolution: tuple[float, float] = RESOLUTION_DEFAULT
    icc_profile: bytes | None = None

    def __post_init__(self) -> None:
        if min(self.size) < 1:
            raise ValueError(f"the canvas is {self.size[1]}×{self.size[0]} pixels")


def clean_name(name: str) -> str:
    """`name` without the characters that a file's text cannot hold."""
    return "".join(
        letter for letter in name if unicodedata.category(letter) not in _NOT_TEXT and letter not in "\ufffe\uffff"
    )


def cropped(layer: Layer) -> Layer:
    """The layer without the rows and columns at its edges that are transparent; 0×0 when all of it is."""
    seen = layer.pixels[..., 3] > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if rows.size == 0:
        return replace(layer, pixels=np.zeros((0, 0, 4), np.uint8))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    return replace(layer, pixels=layer.pixels[top:bottom, left:right], left=layer.left + left, top=layer.top + top)


def on_canvas(layer: Layer, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The pixels of `layer` in a canvas of `size` (height, width): H×W×4 uint8, transparent around them."""
    canvas = np.zeros((*size, 4), np.uint8)
    there, here = _overlap(layer, 0, size)
    canvas[there] = layer.pixels[here]
    return canvas


def on_white(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """H×W×4 uint8 with straight alpha → H×W×3, laid on white."""
    image = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, len(pixels), _ROWS):
        rows = slice(top, top + _ROWS)
        alpha = pixels[rows, :, 3:].astype(np.uint16)
        # At most 255·255 + 127, which fits 16 bits.
        image[rows] = (pixels[rows, :, :3] * alpha + (255 - alpha) * np.uint16(255) + np.uint16(127)) // np.uint16(255)
    return image


def in_profile(stack: LayerStack) -> LayerStack:
    """`stack` with its pixels, no longer sRGB, as the numbers of its profile that a file holds; alpha is kept.

    A profile that sRGB cannot be converted to is dropped and the pixels stay sRGB, as in `write_png`.
    """
    profile = stack.icc_profile
    if profile is None:
        return stack
    if icc.from_srgb(np.zeros((1, 1, 3), np.uint8), profile) is None:
        return replace(stack, icc_profile=None)
    return replace(stack, layers=tuple(_layer_in_profile(layer, profile) for layer in stack.layers))


def _layer_in_profile(layer: Layer, profile: bytes) -> Layer:
    if layer.is_empty:
        return layer
    srgb = np.ascontiguousarray(layer.pixels[..., :3])
    color = icc.from_srgb(srgb, profile)
    if color is None or color is srgb:
        return layer
    return replace(layer, pixels=np.dstack((color, layer.pixels[..., 3])))


def flatten(stack: LayerStack) -> NDArray[np.uint8]:
    """The picture that the visible layers make on white: H×W×3 uint8.

    Over a backdrop b, a source s of opacity a gives b + a · (B(b, s) - b), with B = s (normal), b·s (multiply) or
    b + s - b·s (screen), see W3C Compositing and Blending Level 1, §5 and §10, for opaque backdrops. Groups pass
    through. Nothing is rounded before the last layer is laid. Painting programs show the same wherever the lowest layer
    is opaque, or nothing is screened: on nothing at all, unlike on white, screened colors can be seen.
    """
    height, width = stack.size
    image = np.empty((height, width, 3), np.uint8)
    rows = max(1, _STRIP_PIXELS // width)

    def lay_strip(top: int) -> None:
        strip = np.full((min(rows, height - top), width, 3), 255.0, np.float32)
        for layer in stack.layers:
            if layer.visible and layer.opacity > 0:
                _lay(strip, layer, top)
        # Blending numbers from 0 to 255 leaves this range by rounding errors only, and truncation undoes those.
        image[top : top + rows] = (strip + np.float32(0.5)).astype(np.uint8)

    # Small strips stay in the cache, and numpy lets other threads work meanwhile.
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lay_strip, range(0, height, rows)))
    return image


def flatten_clear(stack: LayerStack) -> NDArray[np.uint8]:
    """The picture that the visible layers make on nothing: H×W×4 uint8, straight alpha.

    Over a backdrop b of opacity β a source s of opacity α gives α(1 - β)s + αβB(b, s) + (1 - α)βb at the opacity
    α + (1 - α)β, see W3C Compositing and Blending Level 1, §5 and §10.
    """
    height, width = stack.size
    image = np.zeros((height, width, 4), np.uint8)
    rows = max(1, _STRIP_PIXELS // width)

    def lay_strip(top: int) -> None:
        strip = np.zeros((min(rows, height - top), width, 4), np.float32)  # premultiplied, from 0 to 1
        for layer in stack.layers:
            if layer.visible and layer.opacity > 0:
                _lay_clear(strip, layer, top)
        alpha = strip[..., 3:]
        strip[..., :3] /= np.maximum(alpha, np.float32(1e-6))
        image[top : top + rows] = (np.clip(strip, 0.0, 1.0) * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lay_strip, range(0, height, rows)))
    image[image[..., 3] == 0] = 0
    return image


def _lay_clear(strip: NDArray[np.float32], layer: Layer, top: int) -> None:
    """Lay `layer` over a premultiplied strip that begins at row `top`, in place."""
    there, here = _overlap(layer, top, (strip.shape[0], strip.shape[1]))
    backdrop, pixels = strip[there], layer.pixels[here].astype(np.float32) / np.float32(255.0)
    if pixels.size == 0:
        return
    source, alpha = pixels[..., :3], pixels[..., 3:] * np.float32(layer.opacity / 255.0)
    below, beta = backdrop[..., :3], backdrop[..., 3:]
    blended = beta * source
    if layer.blend == "multiply":
        blended = below * source
    elif layer.blend == "screen":
        blended = below + beta * source - below * source
    backdrop[..., :3] = alpha * ((1.0 - beta) * source + blended) + (1.0 - alpha) * below
    backdrop[..., 3:] = alpha + (1.0 - alpha) * beta


def scaled(stack: LayerStack, longer_side: int) -> LayerStack:
    """The stack with this longer side in pixels; nothing hard gets soft: a layer of few colors keeps exactly these.

    Hard layers are those whose pixels are either opaque or not there; they take the nearest pixel, so that flats of
    one color each still fit together without a seam. The others are averaged, alpha and all.
    """
    factor = longer_side / max(stack.size)
    if factor == 1.0:
        return stack
    height, width = (max(1, round(side * factor)) for side in stack.size)

    def resized(layer: Layer) -> Layer:
        if layer.is_empty:
            return replace(layer, left=round(layer.left * factor), top=round(layer.top * factor))
        pixels = on_canvas(layer, stack.size)
        alpha = pixels[..., 3]
        if bool(((alpha == 0) | (alpha == 255)).all()):
            whole = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
            return cropped(replace(layer, pixels=np.asarray(whole, np.uint8), left=0, top=0))
        way = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_LINEAR
        share = pixels.astype(np.float32) / np.float32(255.0)
        share[..., :3] *= share[..., 3:]
        share = np.asarray(cv2.resize(share, (width, height), interpolation=way), np.float32)
        share[..., :3] /= np.maximum(share[..., 3:], np.float32(1e-6))
        whole = (np.clip(share, 0.0, 1.0) * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)
        return cropped(replace(layer, pixels=whole, left=0, top=0))

    return replace(stack, size=(height, width), layers=tuple(resized(layer) for layer in stack.layers))


def scaled_flat(pixels: NDArray[np.uint8], longer_side: int) -> NDArray[np.uint8]:
    """A flat picture (H×W×3, or ×4 with straight alpha, uint8) with this longer side in pixels, averaged."""
    height, width = pixels.shape[:2]
    factor = longer_side / max(height, width)
    if factor == 1.0:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    way = cv2.INTER_AREA if factor < 1.0 else cv2.INTER_CUBIC
    if pixels.shape[2] == 3:
        return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)
    share = pixels.astype(np.float32)
    share[..., :3] *= share[..., 3:] / np.float32(255.0)
    share = np.asarray(cv2.resize(share, size, interpolation=way), np.float32)
    share[..., :3] /= np.maximum(share[..., 3:] / np.float32(255.0), np.float32(1e-6))
    return (np.clip(share, 0.0, 255.0) + np.float32(0.5)).astype(np.uint8)


def _lay(strip: NDArray[np.float32], layer: Layer, top: int) -> None:
    """Lay `layer` over a strip of the picture that begins at row `top`, in place; levels from 0 to 255."""
    there, here = _overlap(layer, top, (strip.shape[0], strip.shape[1]))
    backdrop, pixels = strip[there], layer.pixels[here]
    if pixels.size == 0:
        return
    source, alpha = pixels[..., :3].astype(np.float32), pixels[..., 3:]
    is_opaque = layer.opacity == 255 and int(alpha.min()) == 255
    if layer.blend == "multiply":
        # The ink divided first, as `engine.color.compose.lay_under_ink` has it.
        source = backdrop * (source / np.float32(255.0))
    elif layer.blend == "screen":
        source = backdrop + source - backdrop * source / np.float32(255.0)
    if is_opaque:
        backdrop[...] = source
    else:
        backdrop += (source - backdrop) * (alpha * np.float32(layer.opacity / 255.0**2))


def _overlap(layer: Layer, row: int, size: tuple[int, int]) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Where `layer` meets a window of `size` whose first row is `row`: the slices of the window and of the layer."""
    height, width = layer.pixels.shape[:2]
    top, bottom = max(layer.top - row, 0), min(layer.top - row + height, size[0])
    left, right = max(layer.left, 0), min(layer.left + width, size[1])
    if top >= bottom or left >= right:
        nothing = slice(0, 0), slice(0, 0)
        return nothing, nothing
    there = slice(top, bottom), slice(left, right)
    down, along = row - layer.top, -layer.left
    return there, (slice(top + down, bottom + down), slice(left + along, right + along))

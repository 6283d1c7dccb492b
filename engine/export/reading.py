"""What the readers of layered files share: limits, colors, and refusing what a `LayerStack` cannot hold."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import icc
from engine.errors import PictureError
from engine.images import MAX_PIXELS, MAX_SIDE, check_size, most_pixels
from engine.layers import RESOLUTION_DEFAULT, Layer

# The layers and folders that Nurie writes, outside of folders.
KNOWN = frozenset({"Paper", "Flats", "Colors", "Shading", "Highlights", "Rough", "Line"})

_MOST_PIXELS = 2 * MAX_PIXELS  # of all layers together, which are 2 GiB
_COST = 16  # bytes of memory for each pixel of a layer while it is read, and of the picture that all of them make


class PixelBudget:
    """How many pixels may still be decoded: a small file can claim to hold more than any memory."""

    def __init__(self, name: str, file_bytes: int) -> None:
        most = most_pixels(file_bytes, _COST)
        self._name = name
        self._left = min(_MOST_PIXELS, 2 * MAX_PIXELS if most == MAX_PIXELS else most)

    def take(self, width: int, height: int) -> None:
        """Count a layer of this size. Raises PictureError when it, or all of them together, are too large."""
        if max(width, height) > MAX_SIDE:
            raise PictureError(
                "{0} has {1}×{2} pixels in a layer and the limit is {3} on a side; crop it.",
                self._name,
                width,
                height,
                MAX_SIDE,
            )
        self._left -= width * height
        if self._left < 0:
            raise PictureError("The layers of {0} are too large to open; merge some of them or crop them.", self._name)


def check_canvas(width: int, height: int, name: str, file_bytes: int) -> None:
    """Raise PictureError when a canvas of this size cannot be opened from a file of so many bytes."""
    check_size((width, height), name, most_pixels(file_bytes, _COST))


def length_of(stream: IO[bytes]) -> int:
    """Bytes of an opened file, which is left at its start."""
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return length


def sensible_resolution(x: float, y: float) -> tuple[float, float]:
    """Dots an inch as stated, or the default when they make no sense."""
    return (x, y) if all(1 < dots < 1e6 for dots in (x, y)) else RESOLUTION_DEFAULT


def usable_profile(profile: object) -> bytes | None:
    """`profile` when it is one that RGB pixels can be converted from."""
    probe = Image.new("RGB", (1, 1))
    return profile if isinstance(profile, bytes) and icc.to_srgb(probe, profile) is not None else None


def srgb_pixels(image: Image.Image, profile: bytes | None) -> NDArray[np.uint8]:
    """`image`, numbers of `profile` (None is sRGB), as h×w×4 uint8 sRGB with straight alpha."""
    pixels = np.array(image.convert("RGBA"))
    color = icc.to_srgb(image.convert("RGB"), profile) if profile is not None else None
    if color is not None:
        pixels[..., :3] = np.asarray(color)
    return pixels


def in_group(layers: Sequence[Layer], name: str, *, visible: bool) -> list[Layer]:
    """`layers` as a folder's content; of folders in folders, one with both names is left."""
    return [
        replace(
            layer, group=name if layer.group is None else f"{name} / {layer.group}", visible=layer.visible and visible
        )
        for layer in layers
    ]


def refusal(file: str, layer: str, what: str) -> PictureError:
    """The error for a layer with something that would be lost."""
    return PictureError("The layer {0} of {1} has {2}, which Nurie cannot read; merge it first.", layer, file, what)

"""JPEG XL, where the package imagecodecs is installed: its decoder, and the size beforehand.

Source of the header: ISO/IEC 18181-1 (codestream, SizeHeader) and 18181-2 (boxes).
"""

import importlib.util

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.images.limits import check_size, most_pixels

_CODESTREAM, _BOX, _PART = b"\xff\x0a", b"jxlc", b"jxlp"
_LENGTHS = (9, 13, 18, 30)  # bits of a side
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))  # width to height
_MOST_BOXES = 1000
_COST = 40  # bytes of memory a pixel needs: the decoder works with floats


def is_read() -> bool:
    """Whether the decoder is there."""
    return importlib.util.find_spec("imagecodecs") is not None


def decoded(data: bytes, name: str) -> Image.Image:
    """The first frame with 8 bits a channel, upright. Raises PictureError for its size, and nearly anything for bytes
    that are none."""
    import imagecodecs

    check_size(size_of(data), name, most_pixels(len(data), _COST))
    found = np.asarray(imagecodecs.jpegxl_decode(data, index=0))
    return Image.fromarray(_in_8_bits(found))


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height that the header states. Raises ValueError where there is none."""
    bits = _Bits(_codestream(data)[2:])
    if bits.take(1):
        height = (bits.take(5) + 1) * 8
        ratio = bits.take(3)
        return (bits.take(5) + 1) * 8 if ratio == 0 else _wide(height, ratio), height
    height = 1 + bits.take(_LENGTHS[bits.take(2)])
    ratio = bits.take(3)
    return 1 + bits.take(_LENGTHS[bits.take(2)]) if ratio == 0 else _wide(height, ratio), height


def _wide(height: int, ratio: int) -> int:
    across, down = _RATIOS[ratio - 1]
    return height * across // down


def _codestream(data: bytes) -> bytes:
    """The first bytes of the codestream, which may lie in boxes."""
    place = 0
    for _ in range(_MOST_BOXES):
        if data[place : place + 2] == _CODESTREAM:
            return data[place : place + 16]
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        start = 8
        if length == 1:
            length, start = int.from_bytes(data[place + 8 : place + 16], "big"), 16
        if kind in (_BOX, _PART):
            inside = place + start + (4 if kind == _PART else 0)
            if data[inside : inside + 2] == _CODESTREAM:
                return data[inside : inside + 16]
        if length < start:
            break
        place += length
    raise ValueError("there is no codestream")


def _in_8_bits(values: NDArray) -> NDArray[np.uint8]:
    """H×W or H×W×1 to 4 of any kind of sample; Pillow knows gray with and without transparency as others."""
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[..., 0]
    if values.dtype.kind == "f":
        values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=1.0, neginf=0.0)
        return (np.clip(values, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return (values >> 8).astype(np.uint8) if values.dtype == np.uint16 else values.astype(np.uint8)


class _Bits:
    """Numbers from bytes, the lowest bit first."""

    def __init__(self, data: bytes) -> None:
        self._value, self._left = int.from_bytes(data, "little"), 8 * len(data)

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("it breaks off in its header")
        value = self._value & ((1 << count) - 1)
        self._value, self._left = self._value >> count, self._left - count
        return value

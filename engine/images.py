"""Reading pictures: whatever the file holds becomes upright 8-bit sRGB on white, with its transparency kept beside it.

Everything is decoded inside `read` and `read_bytes`; a damaged file cannot surprise anyone later. Sizes are checked on
the header, before any pixel is decoded.
"""

import contextlib
import io
import os
import stat
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from engine.color import profiles
from engine.errors import PictureError
from engine.request import Reference

MAX_SIDE = 16384  # pixels
MAX_PIXELS = MAX_SIDE * MAX_SIDE

# Only formats that are pictures and nothing else: no PostScript interpreter, no video, no installed plug-in.
_PLUGINS = (
    PngImagePlugin.PngImageFile,
    JpegImagePlugin.JpegImageFile,
    WebPImagePlugin.WebPImageFile,
    TiffImagePlugin.TiffImageFile,
    BmpImagePlugin.BmpImageFile,
    GifImagePlugin.GifImageFile,
    PpmImagePlugin.PpmImageFile,
)
_FORMATS = [str(plugin.format) for plugin in _PLUGINS]
_FORMAT_NAMES = "PNG, JPEG, WebP, TIFF, BMP or GIF"
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_TIFF_BITS, _TIFF_PHOTOMETRIC, _TIFF_ORIENTATION = 258, 262, 274
_WHITE_IS_ZERO = 0
_QUARTER_TURNS = (5, 6, 7, 8)
_ROWS_AT_ONCE = 512

_PILLOW_LIMIT_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as it was read.

    pixels: H×W×3 uint8 sRGB, upright, transparency flattened on white.
    alpha: H×W uint8, 255 opaque; None when every pixel is opaque.
    icc_profile: the profile the file came with, so that an output can be written in it; None if it had none that works.
    dpi: horizontal and vertical resolution in dots an inch, None if not stated.
    name: the file's name, for messages.
    notes: sentences on what of the file was chosen, guessed or left out, without the file's name.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    icc_profile: bytes | None
    dpi: tuple[float, float] | None
    name: str
    notes: tuple[str, ...] = ()


def read(path: Path) -> Picture:
    """The picture in the file `path`. Of an animation or a file of many pages, the first.

    Raises PictureError when there is no such file, it may not be read, or it holds no picture that can be used.
    """
    name = path.name or str(path)
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise PictureError(f"{path} is a folder, not a picture; choose a file in it.")
        if not stat.S_ISREG(kind.st_mode):
            raise PictureError(f"{path} is not a file with a picture in it.")
        with path.open("rb") as stream:
            return _decode(stream, name)
    except FileNotFoundError:
        raise PictureError(f"There is no file {path}; check its name and folder.") from None
    except PermissionError:
        raise PictureError(f"You have no permission to read {path}; ask its owner, or copy it elsewhere.") from None
    except OSError as error:
        raise PictureError(f"Cannot read {path}: {error.strerror or error}.") from error


def read_bytes(data: bytes, name: str) -> Picture:
    """The picture in `data`, an encoded file from the clipboard or a drag; `name` is for messages.

    Raises PictureError as `read` does.
    """
    return _decode(io.BytesIO(data), name)


def for_reference(picture: Picture) -> Reference:
    """`picture` as a reference. What is transparent counts as paper, which a network needs to see to leave paper white.

    Raises PictureError when nothing of it can be seen.
    """
    if picture.alpha is not None and not picture.alpha.any():
        raise PictureError(f"{picture.name} is transparent everywhere; choose a picture with something to see.")
    return Reference(picture.pixels, None, picture.name)


def _decode(stream: IO[bytes], name: str) -> Picture:
    if stream.seek(0, os.SEEK_END) == 0:
        raise PictureError(f"{name} is empty (0 bytes); save or download it again.")
    stream.seek(0)
    try:
        return _to_picture(_load(stream, name), name)
    except MemoryError:
        raise PictureError(f"There is too little memory to open {name}; close other programs first.") from None


def _load(stream: IO[bytes], name: str) -> Image.Image:
    """The picture with every pixel decoded, so that nothing is left to go wrong later."""
    try:
        image = _open_header(stream, name)
        _check_size(image.size, name)
        turned = _tiff_tag(image, _TIFF_ORIENTATION) in _QUARTER_TURNS
        image.load()
        _check_size(image.size, name)
        if turned and "dpi" in image.info:  # Pillow turns a TIFF itself, and forgets its resolution
            image.info["dpi"] = image.info["dpi"][::-1]
        return image
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise PictureError(f"{name} is too large; the limit is {MAX_SIDE} pixels on a side.") from None
    except Exception as error:
        # Foreign bytes can make a decoder raise nearly anything (struct.error, IndexError, zlib.error ...); all of it
        # means the same to a person.
        raise PictureError(f"{name} is damaged or incomplete; save or download it again.") from error


def _open_header(stream: IO[bytes], name: str) -> Image.Image:
    """The picture with only its header read."""
    try:
        with _without_pillow_limit():
            return Image.open(stream, formats=_FORMATS)
    except UnidentifiedImageError:
        stream.seek(0)
        start = stream.read(26)
        _check_stated_size(start, name)
        if start.startswith(_SIGNATURES) or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
            raise  # the right first bytes and nothing sensible behind them: damaged, as every other decoder error
        raise PictureError(f"{name} is not a picture Nurie can open; use {_FORMAT_NAMES}.") from None


@contextlib.contextmanager
def _without_pillow_limit() -> Iterator[None]:
    """Pillow's own limit (in pixels, a third of ours) set aside while a header is read.

    It is a global of Pillow, so only one thread at a time may lift it, for the moment `Image.open` looks at it.
    """
    with _PILLOW_LIMIT_LOCK:
        before = Image.MAX_IMAGE_PIXELS
        Image.MAX_IMAGE_PIXELS = None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _check_stated_size(start: bytes, name: str) -> None:
    """Say so when it is a size of 0×0 that made Pillow refuse a PNG or BMP with these first 26 bytes."""
    if len(start) == 26 and start.startswith(b"\x89PNG"):
        _check_size(struct.unpack(">II", start[16:24]), name)
    elif len(start) == 26 and start.startswith(b"BM"):
        width, height = struct.unpack("<ii", start[18:26])
        _check_size((width, abs(height)), name)


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(f"{name} is {width}×{height} pixels, so there is no picture in it.")
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise PictureError(
            f"{name} is {width}×{height} pixels and the limit is {MAX_SIDE} on a side; make it smaller first."
        )


def _to_picture(image: Image.Image, name: str) -> Picture:
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or not profiles.is_usable(profile):
        profile = None
    color, alpha = _split_alpha(_to_8_bit(_upright(image)))
    if alpha is not None and alpha.min() == 255:
        alpha = None
    pixels = _srgb_pixels(color, profile)
    if alpha is not None:
        _flatten_on_white(pixels, alpha)
    return Picture(pixels, alpha, profile, _resolution(image), name)


def _upright(image: Image.Image) -> Image.Image:
    """`image` turned as its EXIF orientation says, in place, its resolution with it."""
    width, height = image.size
    with contextlib.suppress(Exception):
        # EXIF is an attachment that cameras and programs get wrong in many ways; the picture itself is sound.
        ImageOps.exif_transpose(image, in_place=True)
    if image.size != (width, height) and "dpi" in image.info:
        image.info["dpi"] = image.info["dpi"][::-1]
    return image


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """Dots an inch, when stated and sensible (Pillow gives 1 for a TIFF without)."""
    try:
        x, y = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return (x, y) if all(1 < value < 1e6 for value in (x, y)) else None


def _to_8_bit(image: Image.Image) -> Image.Image:
    """`image` with 8 bits a channel. 16-bit colour arrives here as 8 bits already; grey and floats do not."""
    if image.mode.startswith("I;16"):
        values = np.asarray(image).astype(np.uint32)
        scaled, transparent = _scale(values, _deepest_value(image)), image.info.get("transparency")
        if _tiff_tag(image, _TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO:
            scaled = 255 - scaled  # Pillow inverts such pictures at 8 bits only
        gray = Image.fromarray(scaled)
        if isinstance(transparent, int):
            seen = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
            return Image.merge("LA", (gray, seen))
        return gray
    if image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        return Image.fromarray(_scale(np.maximum(values, 0.0), _likely_white(float(values.max()), image.mode)))
    return image


def _deepest_value(image: Image.Image) -> int:
    bits = _tiff_tag(image, _TIFF_BITS)
    return 4095 if bits in (12, (12,)) else 65535


def _likely_white(highest: float, mode: str) -> float:
    """What stands for white in a picture of plain numbers: the smallest usual range that holds `highest`."""
    usual = (1.0, 255.0, 65535.0) if mode == "F" else (65535.0,)
    return next((white for white in usual if highest <= white * 1.001), highest)


def _scale(values: NDArray, white: float) -> NDArray[np.uint8]:
    return np.minimum(values * (255.0 / white) + 0.5, 255.0).astype(np.uint8)


def _tiff_tag(image: Image.Image, tag: int) -> object:
    tags = getattr(image, "tag_v2", None)
    return tags.get(tag) if tags is not None else None


def _split_alpha(image: Image.Image) -> tuple[Image.Image, NDArray[np.uint8] | None]:
    """The colours (mode L, RGB, CMYK or LAB) and the transparency of an 8-bit `image`."""
    transparent = image.info.get("transparency")
    if isinstance(transparent, tuple) and max(transparent) > 255:
        # A 16-bit PNG names its transparent colour in 16 bits, but its pixels have arrived with the upper 8.
        image.info["transparency"] = tuple(value >> 8 for value in transparent)
    if image.has_transparency_data:
        bands = (image if image.mode in ("LA", "RGBA") else image.convert("RGBA")).split()
        # Merged anew rather than converted, which would look at the transparency again.
        color = bands[0] if len(bands) == 2 else Image.merge("RGB", bands[:3])
        return color, np.asarray(bands[-1])
    if image.mode == "1":
        return image.convert("L"), None
    return image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("RGB"), None


def _srgb_pixels(color: Image.Image, profile: bytes | None) -> NDArray[np.uint8]:
    if color.mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(color, lab, srgb, outputMode="RGB")  # pyright: ignore[reportArgumentType]
    else:
        converted = profiles.to_srgb(color, profile) if profile is not None else None
    return np.array((converted or color).convert("RGB"))


def _flatten_on_white(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    """Lay `pixels` on white, in place, some rows at a time so that a huge picture needs little extra memory."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        seen = alpha[rows, :, None].astype(np.uint16)
        # At most 255·255 + 127, which fits 16 bits.
        pixels[rows] = (pixels[rows] * seen + (255 - seen) * np.uint16(255) + np.uint16(127)) // np.uint16(255)

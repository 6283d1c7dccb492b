"""Writing JPEG and WebP files: flattened pictures for the web and for looking at, smaller than a PNG."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import icc
from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.export.provenance import to_xmp

SUFFIXES = (".jpg", ".jpeg", ".webp")
QUALITY_DEFAULT = 95

Quality = int | Literal["lossless"]

_LARGEST = {"JPEG": 65_500, "WEBP": 16_383}  # pixels a side, as libjpeg and the format of WebP have it
_EXIF_X, _EXIF_Y, _EXIF_UNIT, _INCHES = 282, 283, 296, 2


def is_flat(path: Path) -> bool:
    """Whether `write_flat` writes files of this name."""
    return path.suffix.lower() in SUFFIXES


def write_flat(
    path: Path,
    pixels: NDArray[np.uint8],
    *,
    quality: Quality = QUALITY_DEFAULT,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    text: Mapping[str, str] | None = None,
) -> None:
    """Write `pixels` as JPEG or WebP, as the suffix says, replacing an old file only once the new one is whole.

    pixels: H×W×3 uint8 sRGB. quality: 1 to 100, or "lossless" for a WebP that keeps every pixel; a JPEG has the color
    of every pixel (4:4:4), as flats need it, a WebP with loss that of every second (it knows no other way).
    icc_profile: an RGB profile to convert to and to embed; others are left out and the picture stays sRGB. dpi: dots an
    inch. text: how it was made, in the XMP packet.
    Raises PictureError when the file cannot be written, is too large for its kind, or a JPEG was to be lossless.
    """
    kind = "WEBP" if path.suffix.lower() == ".webp" else "JPEG"
    largest = _LARGEST[kind]
    if max(pixels.shape[:2]) > largest:
        raise PictureError(f"{path.name} cannot be written: a {kind} has at most {largest} pixels a side; choose PNG.")
    if quality == "lossless" and kind == "JPEG":
        raise PictureError(f"{path.name} cannot be written without loss: JPEG has no such kind; choose WebP or PNG.")
    converted = icc.from_srgb(np.ascontiguousarray(pixels), icc_profile) if icc_profile is not None else None
    options: dict[str, Any] = {"icc_profile": icc_profile} if converted is not None else {}
    if text:
        options["xmp"] = to_xmp(text)
    if kind == "JPEG":
        options |= {"quality": quality, "subsampling": 0, "optimize": True}
        if dpi is not None:
            options["dpi"] = dpi
    else:
        options |= {"lossless": True} if quality == "lossless" else {"quality": quality}
        if dpi is not None:
            options["exif"] = _resolution(dpi)
    image = Image.fromarray(np.ascontiguousarray(pixels if converted is None else converted))
    with atomic_path(path) as temporary:
        image.save(temporary, format=kind, **options)


def _resolution(dpi: tuple[float, float]) -> Image.Exif:
    """EXIF with nothing but dots an inch, which a WebP has no other place for."""
    exif = Image.Exif()
    exif[_EXIF_X], exif[_EXIF_Y], exif[_EXIF_UNIT] = dpi[0], dpi[1], _INCHES
    return exif

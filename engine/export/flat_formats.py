"""Writing JPEG, WebP and TIFF files: flattened pictures for the web, for looking at and for print."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import icc
from engine.errors import PictureError
from engine.export import formats
from engine.export.atomic import atomic_path
from engine.export.formats import QUALITY_DEFAULT, Quality
from engine.export.provenance import to_xmp

# Pixels a side, as libjpeg and the formats of WebP and TIFF have it.
_LARGEST = {"JPEG": 65_500, "WEBP": 16_383, "TIFF": 2**31 - 1}
_EXIF_X, _EXIF_Y, _EXIF_UNIT, _INCHES = 282, 283, 296, 2
_XMP = 700  # tag of a TIFF


def write_flat(
    path: Path,
    pixels: NDArray[np.uint8],
    *,
    quality: Quality = QUALITY_DEFAULT,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    text: Mapping[str, str] | None = None,
) -> None:
    """Write `pixels` as JPEG, WebP or TIFF (LZW), as the suffix says; an old file goes once the new one is whole.

    pixels: H×W×3 uint8 sRGB, or H×W×4 with straight alpha, which a JPEG cannot hold.
    quality: 1 to 100, or "lossless" for a WebP that keeps every pixel; a JPEG has the color
    of every pixel (4:4:4), as flats need it, a WebP with loss that of every second (it knows no other way);
    a TIFF never loses any.
    icc_profile: an RGB profile to convert to and to embed; others are left out and the picture stays sRGB. dpi: dots an
    inch. text: how it was made, in the XMP packet.
    Raises PictureError when the file cannot be written, is too large for its kind, or a JPEG was to be lossless.
    """
    known = formats.of(path)
    kind = {"webp": "WEBP", "tif": "TIFF"}.get(known.id if known else "", "JPEG")
    largest = _LARGEST[kind]
    if max(pixels.shape[:2]) > largest:
        raise PictureError(
            "{0} cannot be written: a {1} has at most {2} pixels a side; choose PNG.", path.name, kind, largest
        )
    if quality == "lossless" and kind == "JPEG":
        raise PictureError("{0} cannot be written without loss: JPEG has no such kind; choose WebP or PNG.", path.name)
    if pixels.shape[2] == 4 and kind == "JPEG":
        raise PictureError("{0} cannot be transparent: JPEG has no such kind; choose PNG or WebP.", path.name)
    converted = icc.from_srgb(np.ascontiguousarray(pixels[..., :3]), icc_profile) if icc_profile is not None else None
    if converted is not None and pixels.shape[2] == 4:
        converted = np.dstack((converted, pixels[..., 3]))
    options: dict[str, Any] = {"icc_profile": icc_profile} if converted is not None else {}
    if text and kind != "TIFF":
        options["xmp"] = to_xmp(text)
    if kind == "TIFF":
        options |= {"compression": "tiff_lzw", "tiffinfo": {_XMP: to_xmp(text)} if text else {}}
        if dpi is not None:
            options["dpi"] = dpi
    elif kind == "JPEG":
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

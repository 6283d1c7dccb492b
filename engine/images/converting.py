"""From what a decoder gives to a `Picture`: upright, 8 bits, sRGB, on white."""

import contextlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

from engine import icc
from engine.images import tiff
from engine.images.picture import Picture
from engine.sentences import Sentence

_PIXELS_AT_ONCE = 2**22  # so that a huge picture needs little memory beside itself
_ROWS_AT_ONCE = 512
_TIFF_BITS, _TIFF_PHOTOMETRIC = 258, 262
_WHITE_IS_ZERO = 0
# EXIF orientation -> what turns the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
QUARTER_TURNS = (5, 6, 7, 8)

Dpi = tuple[float, float]


def to_picture(image: Image.Image, name: str, notes: Sequence[str], *, trusts_alpha: bool = True) -> Picture:
    """A decoded image of any mode of Pillow. trusts_alpha: False for formats in which an alpha of 0 everywhere only
    means that nobody filled it in."""
    profile = usable_profile(image.info.get("icc_profile"))
    image = _upright(image)
    dpi = sensible(image.info.get("dpi"))
    pixels, alpha, white = _pixels(image, profile)
    notes = [*notes, *white]
    if alpha is not None and not trusts_alpha and not alpha.any():
        alpha = None
        notes.append(Sentence("Its transparency hides all of it, so it was read as opaque."))
    return _finished(pixels, alpha, profile, dpi, name, notes)


def from_samples(
    samples: tiff.Samples, name: str, profile: bytes | None, dpi: Dpi | None, orientation: int, notes: Sequence[str]
) -> Picture:
    """A page of a TIFF that was put together here."""
    profile = usable_profile(profile)
    image, alpha = samples.image, samples.alpha
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
        if alpha is not None:
            alpha = np.asarray(Image.fromarray(alpha).transpose(_TURNS[orientation]))
        if dpi is not None and orientation in QUARTER_TURNS:
            dpi = (dpi[1], dpi[0])
    pixels, _, _ = _pixels(image, profile)
    return _finished(pixels, alpha, profile, sensible(dpi), name, [*notes, *samples.notes])


def usable_profile(profile: object) -> bytes | None:
    """`profile` when it is one that can be read at all."""
    return profile if isinstance(profile, bytes) and icc.is_usable(profile) else None


def sensible(dpi: object) -> Dpi | None:
    """Dots an inch, when stated and sensible (Pillow gives 1 for a TIFF without)."""
    try:
        x, y = (float(value) for value in dpi)  # type: ignore[attr-defined]  # whatever the file says
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return (x, y) if all(1 < value < 1e6 for value in (x, y)) else None


def _finished(
    pixels: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    profile: bytes | None,
    dpi: Dpi | None,
    name: str,
    notes: Sequence[str],
) -> Picture:
    if alpha is not None and alpha.min() == 255:
        alpha = None
    if alpha is not None:
        _flatten_on_white(pixels, alpha)
    return Picture(pixels, alpha, profile, dpi, name, tuple(dict.fromkeys(notes)))


def _upright(image: Image.Image) -> Image.Image:
    """`image` turned as its EXIF orientation says, in place, its resolution with it."""
    width, height = image.size
    with contextlib.suppress(Exception):
        # EXIF is an attachment that cameras and programs get wrong in many ways; the picture itself is sound.
        ImageOps.exif_transpose(image, in_place=True)
    if image.size != (width, height) and "dpi" in image.info:
        image.info["dpi"] = image.info["dpi"][::-1]
    return image


def _pixels(
    image: Image.Image, profile: bytes | None
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None, tuple[str, ...]]:
    """H×W×3 sRGB, the alpha where there may be one, and what there is to say about white."""
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    alpha: NDArray[np.uint8] | None = None
    white, cut = _white(image)
    step = max(1, _PIXELS_AT_ONCE // width)
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        # A crop copies; a picture that fits is taken as it is.
        strip = image if step >= height else image.crop((0, top, width, rows.stop))
        color, seen = _split_alpha(_to_8_bit(strip, image, white))
        pixels[rows] = _srgb_pixels(color, profile)
        if seen is not None:
            alpha = np.full((height, width), 255, np.uint8) if alpha is None else alpha
            alpha[rows] = seen
    return pixels, alpha, (cut,) if cut else ()


def _white(image: Image.Image) -> tuple[float, str]:
    """What is white in gray of more than 8 bits, and a note where something is brighter."""
    if image.mode.startswith("I;16"):
        return (4095.0 if _tag(image, _TIFF_BITS) in (12, (12,)) else 65535.0), ""
    if image.mode not in ("I", "F"):
        return 255.0, ""
    values = np.asarray(image)
    highest = values[np.isfinite(values)].max(initial=0)
    return (65535.0, "") if image.mode == "I" and highest <= 65535 else tiff.likely_white(float(highest), exact=True)


def _to_8_bit(strip: Image.Image, image: Image.Image, white: float) -> Image.Image:
    """`strip` of `image` with 8 bits a channel. 16-bit color arrives here as 8 bits already; gray and floats do not."""
    if image.mode.startswith("I;16"):
        values = np.asarray(strip).astype(np.uint32)
        scaled, transparent = _scale(values, white), image.info.get("transparency")
        if _tag(image, _TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO:
            scaled = 255 - scaled  # Pillow inverts such pictures at 8 bits only
        gray = Image.fromarray(scaled)
        if isinstance(transparent, int):
            seen = Image.fromarray(np.where(values == transparent, 0, 255).astype(np.uint8))
            return Image.merge("LA", (gray, seen))
        return gray
    if image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(strip, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        return Image.fromarray(_scale(np.maximum(values, 0.0), white))
    return strip


def _scale(values: NDArray, white: float) -> NDArray[np.uint8]:
    return np.minimum(values * (255.0 / white) + 0.5, 255.0).astype(np.uint8)


def _tag(image: Image.Image, tag: int) -> object:
    tags = getattr(image, "tag_v2", None)
    return tags.get(tag) if tags is not None else None


def _split_alpha(image: Image.Image) -> tuple[Image.Image, NDArray[np.uint8] | None]:
    """The colors (mode L, RGB, CMYK or LAB) and the transparency of an 8-bit `image`."""
    transparent = image.info.get("transparency")
    if isinstance(transparent, tuple) and max(transparent) > 255:
        # A 16-bit PNG names its transparent color in 16 bits, but its pixels have arrived with the upper 8.
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
        converted = icc.to_srgb(color, profile) if profile is not None else None
    return np.asarray((converted or color).convert("RGB"))


def _flatten_on_white(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> None:
    """Lay `pixels` on white, in place, some rows at a time so that a huge picture needs little extra memory."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        seen = alpha[rows, :, None].astype(np.uint16)
        # At most 255·255 + 127, which fits 16 bits.
        pixels[rows] = (pixels[rows] * seen + (255 - seen) * np.uint16(255) + np.uint16(127)) // np.uint16(255)

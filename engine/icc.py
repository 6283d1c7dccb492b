"""ICC profiles: pictures come in as sRGB whatever they were, and go out in the profile of the drawing."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

# Relative colorimetric with black point compensation keeps paper at 255 and full black at 0 in both directions.
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION
_SAME_COLOR = 2  # of 255: closer than this to sRGB counts as sRGB, so that an ordinary picture stays bit for bit
_MODE_OF_SPACE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
# What lcms raises on a profile that is damaged, or that cannot be used in the direction asked for.
_BROKEN = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def is_usable(profile: bytes) -> bool:
    """True when `profile` can be read at all; a broken one is best forgotten."""
    return _open(profile) is not None


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image | None:
    """`image` (mode RGB, L or CMYK) converted from `profile` to an sRGB image of mode RGB (or L where nothing changes).

    None when the profile is broken or meant for other kinds of picture.
    """
    source = _open(profile)
    if source is None:
        return None
    mode = _MODE_OF_SPACE.get(_space(source))
    if mode == "RGB" and image.mode == "L":
        image = image.convert("RGB")
    if mode is None or mode != image.mode:
        return None
    try:
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB", _INTENT, _FLAGS)
        if mode != "CMYK" and _keeps_colors(transform, mode):
            return image
        return ImageCms.applyTransform(image, transform)
    except _BROKEN:
        return None


def lab_to_srgb(image: Image.Image) -> Image.Image:
    """An image of mode LAB (D50) as sRGB."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")  # pyright: ignore[reportArgumentType, reportReturnType]


def from_srgb(pixels: NDArray[np.uint8], profile: bytes) -> NDArray[np.uint8] | None:
    """`pixels` (H×W×3 uint8 sRGB) as numbers of an RGB `profile`.

    None when the profile is not RGB, is broken, or only serves for reading.
    """
    target = _open(profile)
    if target is None or _space(target) != "RGB":
        return None
    try:
        transform = ImageCms.buildTransform(_srgb(), target, "RGB", "RGB", _INTENT, _FLAGS)
        if _keeps_colors(transform, "RGB"):
            return pixels
        return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))
    except _BROKEN:
        return None


def _open(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except _BROKEN:
        return None


def _space(profile: ImageCms.ImageCmsProfile) -> str:
    return str(getattr(profile.profile, "xcolor_space", "")).strip()


def _srgb() -> ImageCms.ImageCmsProfile:
    # Made anew each time: lcms does not promise that one handle may be used by several threads.
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _keeps_colors(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """True when `transform` moves no colour of a probe visibly."""
    steps = np.linspace(0, 255, 17).round().astype(np.uint8)
    if mode == "RGB":
        probe = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(17, -1, 3)
    else:
        probe = np.arange(256, dtype=np.uint8)[None]
    moved = np.asarray(ImageCms.applyTransform(Image.fromarray(probe), transform))
    expected = probe if mode == "RGB" else probe[..., None]
    return int(np.abs(moved.astype(np.int16) - expected).max()) <= _SAME_COLOR

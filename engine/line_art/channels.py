"""What the channels of a picture say about a color: chroma and hue. And masks that grow."""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Channel = NDArray[np.uint8]
Mask = NDArray[np.bool_]


def chroma_of(pixels: Pixels) -> tuple[Channel, Channel]:
    """The brightest of the channels, and how far it is above the darkest; H×W uint8."""
    red, green, blue = cv2.split(pixels)
    brightest = cv2.max(cv2.max(red, green), blue)
    chroma = cv2.subtract(brightest, cv2.min(cv2.min(red, green), blue))
    return np.asarray(brightest, np.uint8), np.asarray(chroma, np.uint8)


def brightest_of(pixels: Pixels) -> Channel:
    """The brightest of the channels of H×W×3 `pixels`. Some times faster than numpy's, which goes pixel by pixel."""
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def darkest_of(pixels: Pixels) -> Channel:
    """The darkest of the channels of H×W×3 `pixels`."""
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def hue_of(colors: Pixels) -> NDArray[np.float32]:
    """Hue of n×3 colors in degrees, −60 to 300; 0 for grays."""
    red, green, blue = colors.T.astype(np.float32)
    brightest = np.maximum(np.maximum(red, green), blue)
    chroma = np.maximum(brightest - np.minimum(np.minimum(red, green), blue), np.float32(1.0))
    from_red, from_green, from_blue = (green - blue) / chroma, (blue - red) / chroma + 2.0, (red - green) / chroma + 4.0
    return 60.0 * np.where(brightest == red, from_red, np.where(brightest == green, from_green, from_blue))


def dilated(mask: Mask, radius: int) -> Mask:
    """`mask` grown by a square that reaches so many pixels."""
    side = 2 * radius + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)), np.uint8) > 0


def flat_within(pixels: Pixels, levels: int) -> Mask:
    """Where the pixels of H×W or H×W×3 `pixels` differ by at most so many levels from all of their neighbors."""
    square = np.ones((3, 3), np.uint8)
    spread = np.asarray(cv2.subtract(cv2.dilate(pixels, square), cv2.erode(pixels, square)), np.uint8)
    return (spread if spread.ndim == 2 else brightest_of(spread)) <= levels


def broad(mask: Mask, width: int) -> Mask:
    """The parts of `mask` that a disc of so many pixels fits into."""
    result = np.zeros(mask.shape, np.bool_)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    # A square is many times faster. Where that within the disc does not fit, the disc does not, and in lines neither.
    middle, half = width // 2, (width - 1) // 2
    while not disc[middle - half : middle + half + 1, middle - half : middle + half + 1].all():
        half -= 1
    square = np.ones((2 * half + 1, 2 * half + 1), np.uint8)
    fits = np.asarray(cv2.erode(mask.astype(np.uint8), square), np.uint8)
    rows, columns = np.flatnonzero(fits.any(axis=1)), np.flatnonzero(fits.any(axis=0))
    if not len(rows):
        return result
    box = tuple(slice(max(0, at[0] - width), at[-1] + width + 1) for at in (rows, columns))
    eroded = cv2.min(np.asarray(cv2.erode(mask[box].astype(np.uint8), disc), np.uint8), fits[box])
    result[box] = np.asarray(cv2.dilate(eroded, disc), np.uint8) > 0
    return result

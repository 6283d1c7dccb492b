"""Colour difference as people see it."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

_AT_ONCE = 4096  # differences, so that what lies between stays in the processor's cache


def ciede2000(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """CIEDE2000 between CIELAB colours (…×3, L in [0, 100]), broadcast over the leading axes.

    Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula", Color Research & Application 30(1), 2005, with
    k_L = k_C = k_H = 1; the numbers in parentheses below are their equations.
    """
    one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
    shape = np.broadcast_shapes(one.shape[:-1], two.shape[:-1])
    if math.prod(shape) <= _AT_ONCE:
        return _differences(one, two)
    result = np.empty(shape)
    rows = max(1, _AT_ONCE // math.prod(shape[1:]))
    for start in range(0, shape[0], rows):
        some = slice(start, start + rows)
        result[some] = _differences(_rows(one, some, shape), _rows(two, some, shape))
    return result


def _rows(colors: NDArray[np.float64], some: slice, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Those of the colors that go with some rows of what is computed, which has this shape."""
    return colors[some] if colors.ndim - 1 == len(shape) and colors.shape[0] > 1 else colors


def _differences(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    mean_chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(two[..., 1], two[..., 2])) / 2.0  # (2)-(3)
    stretch = 1.5 - 0.5 * _ratio_to_25(mean_chroma)  # 1 + G (4)
    a1, a2 = one[..., 1] * stretch, two[..., 1] * stretch  # (5)
    c1, c2 = np.hypot(a1, one[..., 2]), np.hypot(a2, two[..., 2])  # (6)
    h1 = np.degrees(np.arctan2(one[..., 2], a1)) % 360.0  # (7)
    h2 = np.degrees(np.arctan2(two[..., 2], a2)) % 360.0
    gray = c1 * c2 == 0.0
    turn = h2 - h1  # (10)
    turn = np.where(np.abs(turn) <= 180.0, turn, turn - np.sign(turn) * 360.0)
    turn = np.where(gray, 0.0, turn)
    d_lightness, d_chroma = two[..., 0] - one[..., 0], c2 - c1  # (8)-(9)
    d_hue = 2.0 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2.0)  # (11)
    lightness, chroma = (one[..., 0] + two[..., 0]) / 2.0, (c1 + c2) / 2.0  # (12)-(13)
    hue = np.where(gray, h1 + h2, _mean_angle(h1, h2))  # (14)
    t = (
        1.0
        - 0.17 * np.cos(np.radians(hue - 30.0))
        + 0.24 * np.cos(np.radians(2.0 * hue))
        + 0.32 * np.cos(np.radians(3.0 * hue + 6.0))
        - 0.20 * np.cos(np.radians(4.0 * hue - 63.0))
    )  # (15)
    rotation = 30.0 * np.exp(-(((hue - 275.0) / 25.0) ** 2))  # (16)
    r_c = 2.0 * _ratio_to_25(chroma)  # (17)
    s_l = 1.0 + 0.015 * (lightness - 50.0) ** 2 / np.sqrt(20.0 + (lightness - 50.0) ** 2)  # (18)
    s_c, s_h = 1.0 + 0.045 * chroma, 1.0 + 0.015 * chroma * t  # (19)-(20)
    r_t = -np.sin(np.radians(2.0 * rotation)) * r_c  # (21)
    light, c, h = d_lightness / s_l, d_chroma / s_c, d_hue / s_h
    return np.sqrt(np.maximum(light**2 + c**2 + h**2 + r_t * c * h, 0.0))  # (22)


def _ratio_to_25(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    power = chroma**7
    return np.sqrt(power / (power + 25.0**7))


def _mean_angle(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    total = first + second
    wrapped = np.where(total < 360.0, (total + 360.0) / 2.0, (total - 360.0) / 2.0)
    return np.where(np.abs(first - second) <= 180.0, total / 2.0, wrapped)

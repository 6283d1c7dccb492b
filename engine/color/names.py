"""Plain English names of colors, for people who look for one in a list."""

from collections.abc import Sequence

import cv2
import numpy as np

_GRAY_CHROMA = 5.0
_GRAYS = ((12.0, "black"), (38.0, "dark gray"), (68.0, "gray"), (93.0, "light gray"), (101.0, "white"))
# Hue angles in CIELAB, in degrees, up to which a name holds.
_HUES = (
    (18.0, "pink"),
    (52.0, "red"),
    (78.0, "orange"),
    (112.0, "yellow"),
    (165.0, "green"),
    (225.0, "turquoise"),
    (307.0, "blue"),
    (325.0, "purple"),
    (345.0, "magenta"),
    (361.0, "pink"),
)
_PALE, _LIGHT, _DARK = 85.0, 70.0, 38.0  # L
_DARK_BLUE = 27.0  # L; blue is dark by nature
_BROWN, _OLIVE = 44.0, 92.0  # hue angles from which dark reds are brown and dark yellows olive
_PURE = 90.0  # chroma from which a color is as strong as can be, whatever its lightness


def name_of(color: Sequence[int]) -> str:
    """The name of an sRGB color (three numbers from 0 to 255), such as "light brown"."""
    pixel = np.asarray(color, np.float32).reshape(1, 1, 3) / np.float32(255.0)
    lightness, a, b = (float(value) for value in np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)).reshape(3))
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)) % 360.0)
    if chroma < _GRAY_CHROMA or lightness < 6.0:
        return next(name for limit, name in _GRAYS if lightness < limit)
    name = next(name for limit, name in _HUES if hue < limit)
    if name in ("red", "orange", "yellow"):
        return _warm(name, lightness, chroma, hue)
    if chroma < 15.0:
        return f"{_tone(lightness, chroma)} {name} gray".strip()
    if lightness < 50.0:
        name = {"pink": "red", "magenta": "purple"}.get(name, name)
    return f"{_tone(lightness, chroma, _DARK_BLUE if name == 'blue' else _DARK)} {name}".strip()


def unique(names: Sequence[str]) -> list[str]:
    """The names in their order, the second of the same kind with " 2" after it, and so on."""
    counts: dict[str, int] = {}
    result = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        result.append(name if counts[name] == 1 else f"{name} {counts[name]}")
    return result


def _tone(lightness: float, chroma: float, dark: float = _DARK) -> str:
    if chroma >= _PURE:
        return ""
    if lightness >= _LIGHT:
        return "pale" if lightness >= _PALE and chroma < 45.0 else "light"
    return "dark" if lightness < dark else ""


def _warm(name: str, lightness: float, chroma: float, hue: float) -> str:
    """Warm hues have names of their own where they are pale (skin, cloth) or dull (wood, leather, hair)."""
    if lightness >= _LIGHT and chroma < 45.0:
        light = {"red": "pink", "orange": "peach", "yellow": "cream" if lightness >= _PALE else "beige"}[name]
        return f"pale {light}" if lightness >= _PALE and name != "yellow" else light
    if name == "red" and chroma >= 35.0 and (hue < _BROWN or lightness >= 50.0):
        return f"{_tone(lightness, chroma)} red".strip()
    if chroma < 12.0:
        return f"{_tone(lightness, chroma)} brown gray".strip()
    if lightness < 62.0 and hue >= _OLIVE:
        return f"{_tone(lightness, chroma)} olive".strip()
    if lightness < 62.0 or chroma < 40.0:
        return f"{'dark' if lightness < 30.0 else 'light' if lightness >= 52.0 else ''} brown".strip()
    return name if lightness < _PALE or name == "yellow" else f"light {name}"

"""Procreate's .swatches: a ZIP with Swatches.json, hue, saturation and brightness of each color in [0, 1]."""

from __future__ import annotations

import colorsys
import io
import math
import zipfile
from typing import Any

from engine import plain_text
from engine.export.palette_texts import Found, clean
from engine.palette import Color, Swatch

START = b"PK\x03\x04"

_PAGE = "Swatches.json"
_MOST_BYTES = 4 * 2**20  # of the page
_FIELDS = ("hue", "saturation", "brightness")


def read(data: bytes) -> Found | None:
    """The palettes of the file as one, None where it is another ZIP. Raises ValueError for one that is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _PAGE not in archive.namelist():
                return None
            with archive.open(_PAGE) as entry:
                page = entry.read(_MOST_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise ValueError("no whole ZIP file") from error
    values = plain_text.from_json(page, plain_text.Limits(_MOST_BYTES))
    palettes = values if isinstance(values, list) else [values]
    if not all(isinstance(one, dict) for one in palettes):
        raise ValueError("no palettes")
    found = Found()
    for palette in palettes:
        name = palette.get("name")
        found.title = found.title or (clean(name) if isinstance(name, str) else "")
        found.swatches += [Swatch("", _color(one)) for one in _listed(palette) if one is not None]
    return found


def _listed(palette: dict[str, Any]) -> list[Any]:
    """The places of a palette, None for one that is empty."""
    swatches = palette.get("swatches", [])
    if not isinstance(swatches, list):
        raise ValueError("no swatches")
    return swatches


def _color(values: Any) -> Color:
    if not isinstance(values, dict):
        raise ValueError("no swatch")
    stated = [values.get(field) for field in _FIELDS]
    shares = [float(one) for one in stated if isinstance(one, int | float) and math.isfinite(one)]
    if len(shares) != len(_FIELDS):
        raise ValueError("no color")
    hue, saturation, brightness = (min(max(one, 0.0), 1.0) for one in shares)
    red, green, blue = (round(255.0 * channel) for channel in colorsys.hsv_to_rgb(hue, saturation, brightness))
    return red, green, blue

"""What corrections need to find out. Without Qt."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.corrections import RGB, Corrections, Stroke
from engine.request import Progress, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.document.parts import ReferenceItem
    from engine.palette import Palette, Swatch

Point = tuple[int, int]
_SWATCH = 5.0  # CIEDE2000 within which a picked color means a swatch
_AROUND = 2  # pixels around a place that is picked


def color_at(pixels: NDArray[np.uint8], x: int, y: int, palette: Palette | None) -> RGB:
    """The color at a place of an H×W×3 picture: the median of a few pixels around it, or a swatch that is near that."""
    import numpy as np

    height, width = pixels.shape[:2]
    x, y = min(max(x, 0), width - 1), min(max(y, 0), height - 1)
    rows, columns = (slice(max(0, at - _AROUND), at + _AROUND + 1) for at in (y, x))
    color = np.median(pixels[rows, columns].reshape(-1, 3), axis=0).astype(np.uint8)
    if palette is not None and palette.swatches:
        from engine.color.locking import lock

        locked = lock(color[None], palette)
        if locked.moved[0] <= _SWATCH:
            color = locked.colors[0]
    return int(color[0]), int(color[1]), int(color[2])


def nearest(color: RGB, palette: Palette) -> Swatch:
    """The swatch nearest to a color by CIEDE2000. Raises RequestError when the palette is empty."""
    from engine.color.locking import lock
    from engine.palette import Palette, Swatch

    return palette.swatches[int(lock(Palette((Swatch("", color),)).colors(), palette).swatch[0])]


def find_figure(reference: Reference) -> Generator[Progress, None, ReferenceItem | None]:
    """The reference on white paper in the place of its background; None where it has none."""
    from app.document import making
    from engine.color import figure

    yield Progress("", 0.0)
    found = figure.on_paper(reference)
    return None if found is None else making.item_of(found)


def without_nearest(
    there: Corrections, place: Point, reach: float, same_region: Callable[[Point, Point], bool]
) -> Corrections:
    """The corrections without the one a click means: the nearest stroke or hint within `reach` pixels, else the hint of
    the region that was clicked. The same ones where there is none."""
    found: list[tuple[float, Corrections]] = []
    for name in ("splits", "merges", "gaps"):
        strokes: tuple[Stroke, ...] = getattr(there, name)
        for stroke in strokes:
            left = tuple(one for one in strokes if one is not stroke)
            found.append((_distance(place, stroke), replace(there, **{name: left})))
    for hint in there.hints:
        left = replace(there, hints=tuple(one for one in there.hints if one is not hint))
        at = hint.x, hint.y
        found.append((_distance(place, (at, at)), left))
        if same_region(at, place):
            found.append((reach, left))
    distance, left = min(found, key=lambda one: one[0], default=(reach + 1.0, there))
    return left if distance <= reach else there


def _distance(place: Point, stroke: Stroke) -> float:
    """Pixels from a place to the nearest point of a stroke."""
    import numpy as np

    points = np.asarray(stroke, np.float64)
    begin, step = points[:-1], np.diff(points, axis=0)
    away = np.asarray(place, np.float64) - begin
    along = np.clip((away * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9), 0.0, 1.0)
    return float(np.hypot(*(away - along[:, None] * step).T).min())

"""What corrections need to find out. Without Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.corrections import RGB, Corrections, Shape, Stroke
from engine.request import Progress, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.document.parts import Coloring, ReferenceItem
    from engine.colorizer import Colorizer
    from engine.finishing import Finished
    from engine.line_art.regions import RegionMap
    from engine.palette import Palette, Swatch

Point = tuple[int, int]
_SWATCH = 5.0  # CIEDE2000 within which a picked color means a swatch
LEAST_SHAPE = 4  # pixels of a drawn region
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
    drawn = _shape_at(there, place)
    if drawn is not None:
        found.append((reach / 2, drawn))
    for name in ("splits", "merges", "gaps"):
        strokes: tuple[Stroke, ...] = getattr(there, name)
        for stroke in strokes:
            left = tuple(one for one in strokes if one is not stroke)
            found.append((_distance(place, stroke), replace(there, **{name: left})))
    for hint in there.hints if drawn is None else drawn.hints:  # the colors of a drawn region go with it
        left = replace(there, hints=tuple(one for one in there.hints if one is not hint))
        at = hint.x, hint.y
        found.append((_distance(place, (at, at)), left))
        if same_region(at, place):
            found.append((reach, left))
    distance, left = min(found, key=lambda one: one[0], default=(reach + 1.0, there))
    return left if distance <= reach else there


def middle_of(shape: Shape, regions: RegionMap) -> Point | None:
    """A pixel well inside the region that a drawn shape will be; None where it takes in nothing."""
    import cv2
    import numpy as np

    from engine.recutting import shape_mask

    xs, ys = zip(*shape.points, strict=True)
    around = shape.width // 2 + 2
    left, top = max(0, min(xs) - around), max(0, min(ys) - around)
    labels = regions.labels[top : max(ys) + around + 1, left : max(xs) + around + 1]
    mask = shape_mask(shape, labels.shape, (left, top))
    if not shape.across:
        mask &= labels == regions.labels[shape.points[0][1], shape.points[0][0]]
    if np.count_nonzero(mask) < LEAST_SHAPE:
        return None
    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_3)[1:-1, 1:-1]
    y, x = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return int(x) + left, int(y) + top


def followers_of(finished: Finished, place: Point) -> list[int]:
    """The labels of the regions that have their color from the hint in the region of a place."""
    import numpy as np

    regions, hint = finished.regions, finished.hint
    if regions is None or hint is None:
        return []
    label = int(regions.labels[place[1], place[0]])
    number = int(hint[label - 1])
    return [] if number < 0 else [int(one) + 1 for one in np.flatnonzero(hint == number) if one + 1 != label]


def see(colorizer: Colorizer, coloring: Coloring) -> Generator[Progress, None, Finished | None]:
    """A coloring from a file, finished anew; None where another model or version would make other regions of it."""
    import numpy as np

    from engine import finishing, pipeline

    was = coloring.finished
    steps = pipeline.finish(colorizer, was.request, coloring.result, coloring.options)
    made = finishing.described(colorizer, (yield from steps))
    assert was.regions is not None
    same = made.regions is not None and np.array_equal(made.regions.labels, was.regions.labels)
    return made if same else None


class Followers:
    """Who would follow a hint in a coloring. The network is not asked; each region is looked up once."""

    def __init__(self, finished: Finished) -> None:
        from engine import finishing

        self.finished = finished
        self._own = finishing.own_of(finished)
        self._known: dict[int, tuple[int, ...]] = {}

    def of(self, label: int) -> tuple[int, ...]:
        """The labels of the regions that would follow a hint in this one."""
        if label not in self._known:
            from engine import finishing

            follows = finishing.following(self.finished, label, self._own)
            self._known[label] = tuple((follows.nonzero()[0] + 1).tolist())
        return self._known[label]


def places_of_colors(finished: Finished, colors: Collection[tuple[int, ...]]) -> list[Point]:
    """A pixel of each region that has one of these colors."""
    import numpy as np

    from engine import inspection

    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return []
    chosen = [index for index, color in enumerate(flats.colors.tolist()) if tuple(color) in colors]
    return inspection.places(regions, np.asarray(chosen, np.intp))


def _shape_at(there: Corrections, place: Point) -> Corrections | None:
    """The corrections without the last drawn region that a place lies in, and without the colors in it."""
    from engine.recutting import shape_mask

    def covers(shape: Shape, at: Point) -> bool:
        return bool(shape_mask(shape, (1, 1), at)[0, 0])

    for shape in reversed(there.shapes):
        if covers(shape, place):
            hints = tuple(one for one in there.hints if not covers(shape, (one.x, one.y)))
            shapes = tuple(one for one in there.shapes if one is not shape)
            return replace(there, shapes=shapes, hints=hints)
    return None


def _distance(place: Point, stroke: Stroke) -> float:
    """Pixels from a place to the nearest point of a stroke."""
    import numpy as np

    points = np.asarray(stroke, np.float64)
    begin, step = points[:-1], np.diff(points, axis=0)
    away = np.asarray(place, np.float64) - begin
    along = np.clip((away * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9), 0.0, 1.0)
    return float(np.hypot(*(away - along[:, None] * step).T).min())

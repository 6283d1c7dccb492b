"""What a person corrects in a coloring: colors of regions, cuts, joins and closed gaps. Plain values, no numpy, no Qt.

All places are pixels (x, y) of the drawing at its own size, x to the right and y down, from 0.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine import plain_text, typed_values
from engine.errors import PictureError, RequestError

RGB = tuple[int, int, int]
Stroke = tuple[tuple[int, int], ...]  # straight from point to point
WIDTH_MAX = 2000  # pixels of a drawn stroke


@dataclass(frozen=True)
class Hint:
    """The region at (x, y) has this color, sRGB with 8 bits a channel.

    spread: whether regions in doubt that are like it follow (see `engine.spreading`); else it is a mere fill.
    """

    x: int
    y: int
    color: RGB
    spread: bool = True

    def __post_init__(self) -> None:
        _require_point((self.x, self.y))
        if len(self.color) != 3 or not all(0 <= channel <= 255 for channel in self.color):
            raise RequestError("The color of a hint is {0}; give red, green and blue from 0 to 255.", list(self.color))


@dataclass(frozen=True)
class Shape:
    """A region that a person drew where no line is: a blush, a highlight, a strand of hair over an eye.

    points: its outline, closed from the last point to the first; with a width the middle of a stroke so many pixels
    wide. across: whether it takes in all that it covers; else it stays within the region in which it begins.
    """

    points: Stroke
    width: int = 0
    across: bool = False

    def __post_init__(self) -> None:
        for point in self.points:
            _require_point(point)
        if len(self.points) < (2 if self.width else 3):
            raise RequestError("A drawn region needs three points or more, or two and a width.")
        if not 0 <= self.width <= WIDTH_MAX:
            raise RequestError("The width of a drawn region is {0}; give one from 0 to {1}.", self.width, WIDTH_MAX)


@dataclass(frozen=True)
class Right:
    """A place that a person looked at and found right, so that nobody is asked to check it again.

    x, y: a pixel of it. color: of its region, sRGB, before any edit of swatches; None for a leak. area: pixels of
    paper of the region, or the length of the leak: of something clearly larger or smaller nothing was said.
    """

    x: int
    y: int
    color: RGB | None
    area: int

    def __post_init__(self) -> None:
        _require_point((self.x, self.y))
        if self.color is not None and not all(0 <= channel <= 255 for channel in self.color):
            raise RequestError("The color of a place is {0}; give red, green and blue from 0 to 255.", list(self.color))


@dataclass(frozen=True)
class Corrections:
    """All corrections of one drawing.

    gaps: strokes that bound regions as lines do, but are not drawn. splits: strokes along which regions are cut.
    merges: pairs of points whose regions become one, after the splits. shapes: regions drawn by hand, after the merges.
    hints: colors of regions, of those that are there in the end; of two hints in one region the later counts. right:
    places that need no correction. Raises RequestError for what cannot be meant.
    """

    hints: tuple[Hint, ...] = ()
    splits: tuple[Stroke, ...] = ()
    merges: tuple[Stroke, ...] = ()
    gaps: tuple[Stroke, ...] = ()
    shapes: tuple[Shape, ...] = ()
    right: tuple[Right, ...] = ()

    def __post_init__(self) -> None:
        for points in self.strokes:
            for point in points:
                _require_point(point)
        if any(len(stroke) < 2 for stroke in (*self.splits, *self.gaps)):
            raise RequestError("A stroke needs two points or more.")
        if any(len(pair) != 2 for pair in self.merges):
            raise RequestError("Two regions are joined by two points, one in each.")

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.hints or self.strokes or self.right)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All that changes the regions."""
        return (*self.splits, *self.merges, *self.gaps, *(shape.points for shape in self.shapes))

    @property
    def of_regions(self) -> Corrections:
        """What changes the regions, without what colors them."""
        return Corrections(splits=self.splits, merges=self.merges, gaps=self.gaps, shapes=self.shapes)


def to_values(corrections: Corrections) -> dict[str, Any]:
    """Plain values for JSON, as {"hints": [{"x": 3, "y": 5, "color": [255, 0, 0], "spread": true}], "splits": …}."""
    return {name: [_plain(one) for one in values] for name, values in asdict(corrections).items()}


def from_values(values: Any) -> Corrections:
    """The corrections in plain values of `to_values`. Raises RequestError that says where something does not fit."""
    try:
        return typed_values.to_dataclass(Corrections, values)
    except typed_values.Misfit as misfit:
        place = f" ({misfit.path})" if misfit.path else ""
        raise RequestError("These are no corrections of a drawing{0}: {1}.", place, str(misfit).rstrip(".")) from misfit


def read(path: Path) -> Corrections:
    """The corrections in a JSON file. Raises PictureError where it cannot be read, RequestError for what is in it."""
    values = _values(path)
    with _named(path):
        return from_values(values)


def read_by_frame(path: Path) -> dict[int, Corrections]:
    """Those of each frame of a scene, by its number, as `read` has them. Raises as it does."""
    values = _values(path)
    if not isinstance(values, dict) or not all(re.fullmatch(r"\d{1,9}", one, re.ASCII) for one in values):
        raise RequestError("{0} must have the corrections of each frame under the frame's number.", path)
    with _named(path):
        return {int(number): from_values(one) for number, one in values.items()}


def _values(path: Path) -> Any:
    try:
        return plain_text.from_json(path.read_bytes(), plain_text.OWN)
    except OSError as error:
        raise PictureError("{0} cannot be read: {1}.", path, error.strerror or error) from error
    except ValueError as error:
        raise RequestError("{0} is no JSON file: write one with hints, splits, merges and gaps.", path) from error


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    try:
        yield
    except RequestError as error:
        raise RequestError("{0}: {1}", path, error) from error


def beside(drawing: Path) -> Path:
    """Where the corrections of a drawing lie that is colored with a folder: `page.corrections.json` by `page.png`."""
    return drawing.with_name(f"{drawing.stem}.corrections.json")


def require_inside(corrections: Corrections, size: tuple[int, int]) -> None:
    """Raise RequestError for a point outside a drawing of this height and width."""
    height, width = size
    points = [(one.x, one.y) for one in (*corrections.hints, *corrections.right)]
    points += [point for stroke in corrections.strokes for point in stroke]
    for x, y in points:
        if x >= width or y >= height:
            raise RequestError("The point {0},{1} is outside the drawing of {2}×{3} pixels.", x, y, width, height)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _require_point(point: Sequence[int]) -> None:
    if len(point) != 2 or min(point) < 0:
        raise RequestError("The point {0} is no pixel; give x and y from 0 on.", ",".join(map(str, point)))

"""Charts as PNG files, drawn with matplotlib, which is imported here alone and only when a chart is drawn."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from trainer import extras

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOR, BEST, WARNING = "#8aa4c8", "#2f5d9b", "#c9603f"
DOTS = 130  # an inch


@dataclass(frozen=True)
class Bars:
    """One panel of a bar chart: a value for each row, None where there is none; errors: whiskers, as long as values."""

    title: str
    values: Sequence[float | None]
    errors: Sequence[float | None] = ()
    higher_is_better: bool = True
    digits: int = 3


@contextmanager
def figure(path: Path, rows: int, columns: int, size: tuple[float, float]) -> "Iterator[tuple[Figure, Any]]":
    """A figure with rows × columns panels of `size` inches in all; it is written to `path` when the block ends.

    Raises TrainingError when the file cannot be written, RequestError where matplotlib is not installed.
    """
    extras.require("matplotlib")
    import matplotlib

    matplotlib.use("Agg")  # no screen is needed
    from matplotlib import pyplot

    drawn, axes = pyplot.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    try:
        yield drawn, axes
        with atomic_path(path) as temporary:
            drawn.savefig(temporary, dpi=DOTS, format="png")
    except PictureError as error:
        raise TrainingError("The chart cannot be written: {0}", error) from error
    finally:
        pyplot.close(drawn)


def bars(path: Path, title: str, labels: Sequence[str], panels: Sequence[Bars], note: str) -> None:
    """Horizontal bars: a panel for each measure, a bar for each row, the best one darker. note: below the title."""
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    with figure(path, rows, columns, (6.4 * columns, 0.9 + rows * (0.9 + 0.36 * len(labels)))) as (drawn, axes):
        drawn.suptitle(f"{title}\n{note}", fontsize=11)
        for number, axis in enumerate(axes.flat):
            if number >= len(panels):
                axis.axis("off")
                continue
            _draw_bars(axis, labels, panels[number], names=number % columns == 0)


def _draw_bars(axis: Any, labels: Sequence[str], panel: Bars, *, names: bool) -> None:
    places = range(len(labels))
    values = [0.0 if value is None else value for value in panel.values]
    known = [value for value in panel.values if value is not None]
    best = (max if panel.higher_is_better else min)(known) if known else None
    errors = [error or 0.0 for error in panel.errors] or None
    axis.barh(places, values, xerr=errors, color=[BEST if v == best else COLOR for v in panel.values], ecolor="#444444")
    axis.set_yticks(places, labels if names else [])
    axis.invert_yaxis()
    axis.set_title(f"{panel.title} ({'higher' if panel.higher_is_better else 'lower'} is better)", fontsize=10)
    axis.spines[["top", "right"]].set_visible(False)
    reach = max((abs(value) + (errors[n] if errors else 0.0) for n, value in enumerate(values)), default=0.0) or 1.0
    axis.set_xlim(min(0.0, *values) * 1.15, reach * 1.22)
    for place, value in zip(places, panel.values, strict=True):
        end = max(0.0, value or 0.0) + (errors[place] if errors else 0.0)
        text = "none" if value is None else f"{value:.{panel.digits}f}"
        axis.text(end + 0.015 * reach, place, text, va="center", fontsize=9)

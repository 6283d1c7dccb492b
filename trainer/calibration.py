"""Is certainty true? Of the regions that are said to be so sure, how many are in the right color."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.finishing import Finished
from engine.line_art.regions import RegionMap
from trainer import metrics

BINS = 10
SAID = 0.85, 0.95  # what is called nine tenths sure


class Certain(Protocol):
    """K regions. area: K; right: K bool; certainty: K in [0, 1]."""

    @property
    def area(self) -> NDArray:
        """Of any unit."""
        ...

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether the color is right."""
        ...

    @property
    def certainty(self) -> NDArray:
        """What was said of it."""
        ...


@dataclass(frozen=True, eq=False)
class Certainty:
    """The regions of one finished coloring that count, see `Certain`."""

    area: NDArray[np.float64]
    right: NDArray[np.bool_]
    certainty: NDArray[np.float32]


class Bin(NamedTuple):
    """Mean certainty, share that is right, and share of all regions, by area."""

    said: float
    right: float
    share: float


def certainty_of(finished: Finished, truth: NDArray[np.uint8]) -> Certainty | None:
    """Of a finished coloring; None without flats. truth: H×W×3, the picture that it should have become.

    Right is a flat within `metrics.RIGHT_DIFFERENCE` of the median of the truth between the region's lines. Paper, as
    `metrics.find_regions` has it, does not count.
    """
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return None
    lab, _ = region_colors(truth, regions, finished.request.line_art.ink)
    white = (lab[:, 0] > metrics.PAPER_LIGHTNESS) & (np.hypot(lab[:, 1], lab[:, 2]) < metrics.PAPER_CHROMA)
    counts = ~(white & (regions.areas > metrics.SMALLEST_PAPER * regions.labels.size)) & (regions.areas > 0)
    right = ciede2000(to_lab(flats.colors), lab) <= metrics.RIGHT_DIFFERENCE
    return Certainty(regions.areas[counts].astype(np.float64), right[counts], flats.confidence[counts])


def region_colors(
    color: NDArray[np.uint8], regions: RegionMap, ink: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """count×3 CIELAB medians of the clear pixels of each region, and the share of them that is near (CIEDE2000 12)."""
    clear = ink.reshape(-1) > 0.5
    labels = regions.labels.reshape(-1) - 1
    clear |= (np.bincount(labels[clear], minlength=regions.count) == 0)[labels]
    labels, lab = labels[clear], to_lab(color).reshape(-1, 3)[clear]
    count = np.bincount(labels, minlength=regions.count)
    middle = np.cumsum(count) - (count + 1) // 2
    median = np.stack([lab[np.lexsort((lab[:, axis], labels)), axis][middle] for axis in range(3)], axis=1)
    near = ciede2000(lab, median[labels]) <= 12.0
    pure = np.bincount(labels, near, regions.count) / np.maximum(count, 1)
    return median.astype(np.float32), pure.astype(np.float32)


def reliability(judged: Sequence[Certain]) -> list[Bin]:
    """One for each tenth of certainty that occurs."""
    if not judged:
        return []
    area, right, sure = (
        np.concatenate([getattr(one, key) for one in judged]) for key in ("area", "right", "certainty")
    )
    bins = np.minimum((sure * BINS).astype(np.intp), BINS - 1)
    total = np.bincount(bins, area, BINS)
    rows = zip(np.bincount(bins, area * sure, BINS), np.bincount(bins, area * right, BINS), total, strict=True)
    return [Bin(float(a / t), float(b / t), float(t / area.sum())) for a, b, t in rows if t > 0.0]


def right_of_sure(judged: Sequence[Certain]) -> float:
    """The share that is right of what is said to be 85 to 95 % sure, by area; NaN without any."""
    area = right = 0.0
    for one in judged:
        said = (one.certainty >= SAID[0]) & (one.certainty <= SAID[1])
        area += float(one.area[said].sum())
        right += float(one.area[said & one.right].sum())
    return right / area if area else float("nan")


def as_text(bins: Sequence[Bin]) -> list[str]:
    """A table with bars for a terminal: the longer of said and right shows by its mark."""
    lines = [f"{'said':>6}{'right':>7}{'share':>7}"]
    for one in bins:
        bar = ["#" if at < round(one.right * 40) else "." for at in range(40)]
        bar[min(39, round(one.said * 40))] = "|"
        lines.append(f"{one.said:6.2f}{one.right:7.2f}{one.share:7.2f}  {''.join(bar)}")
    return lines

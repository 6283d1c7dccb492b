"""What to look at in a finished coloring: doubtful regions and places where color ran, for a person and as a report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine import leaks
from engine.color import names
from engine.color.colorless import mistakes
from engine.color.flats import sampled
from engine.corrections import RGB, Right
from engine.finishing import Finished
from engine.leaks import Leak
from engine.line_art.extent import seen_area
from engine.line_art.region_edits import neighbors
from engine.line_art.regions import RegionMap
from engine.palette import hex_of
from engine.sentences import Sentence
from engine.view_by_view import layout_for

# Chosen on drawings of our own characters and of drawn art in poses other than their reference;
# tests.benchmarks.bench_checks measures what they do.
DOUBTFUL = 0.5  # confidence below which a region is doubtful
_SMALLEST = 2e-4  # of the picture: smaller regions, letters and specks are not worth a look
_SIZE = 0.5  # power of the area: a doubt weighs as its width does
_RAN = 0.25  # share of a region that two colors share, whose color is taken to be wrong
_NEAR = 8  # pixels: a leak so near to one that was found right is the same
_ALIKE = 1.25  # times the area: so much may a place that was found right have grown or shrunk

CheckKind = Literal["doubt", "ran"]


@dataclass(frozen=True)
class Doubt:
    """A region to look at. x, y: a pixel of it near its middle. area: pixels of paper. swatch: the color's name."""

    label: int
    x: int
    y: int
    area: int
    confidence: float
    color: RGB
    swatch: str


@dataclass(frozen=True)
class Check:
    """One thing for a person to look at.

    kind: doubt: the color of regions that lie beside each other and have one color is in doubt; ran: two colors share a
    region, as one ran through a gap. x, y: pixel to look at. regions: those concerned, the one that weighs most first;
    of a place where color ran the one region. leak: that place.
    """

    kind: CheckKind
    x: int
    y: int
    weight: float
    regions: tuple[Doubt, ...]
    leak: Leak | None = None

    @property
    def area(self) -> int:
        """Pixels of paper of all its regions."""
        return sum(one.area for one in self.regions)


def doubts(finished: Finished) -> list[Doubt]:
    """The regions whose color is doubtful, the worst first: least confident for their area. None without flats."""
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return []
    worth = (flats.confidence < DOUBTFUL) & (regions.areas >= _SMALLEST * seen_area(regions.labels.shape))
    order = np.argsort(-_weights(finished), kind="stable")
    return _described(finished, order[worth[order]])


def checks(finished: Finished) -> list[Check]:
    """What is worth a look, what weighs most first: doubt × √area, summed over regions beside each other that have one
    color, and places where color ran. Outlines that only the gap setting closes are none: they do no harm."""
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return []
    found = doubts(finished)
    weights = _weights(finished)
    listed = [_doubt(group, weights) for group in _beside(finished, found)]
    in_doubt = {one.label for one in found}
    for leak in ran(finished):
        if leak.regions[0] not in in_doubt:
            (region,) = _described(finished, np.asarray([leak.regions[0] - 1], np.intp))
            weight = _RAN * (region.area / seen_area(regions.labels.shape)) ** _SIZE
            listed.append(Check("ran", leak.x, leak.y, weight, (region,), leak))
    return sorted(listed, key=lambda check: (-check.weight, check.y, check.x))


def ran(finished: Finished) -> list[Leak]:
    """Where color ran out of its region: of the leaks those that do harm. What the gap setting closes does none."""
    return [leak for leak in finished.leaks if leak.kind == "escape"]


def remaining(finished: Finished, found: Sequence[Check], right: Sequence[Right]) -> list[Check]:
    """Those of the checks of a coloring that nobody found right yet, without the regions that were."""
    regions = finished.regions
    if regions is None or not right:
        return list(found)
    height, width = regions.labels.shape
    settled: dict[int, list[Right]] = {}
    for one in right:
        if one.color is not None and one.x < width and one.y < height:
            settled.setdefault(int(regions.labels[one.y, one.x]), []).append(one)
    result = []
    for check in found:
        if check.leak is not None:
            if not any(_same_leak(check.leak, one) for one in right):
                result.append(check)
            continue
        left = tuple(one for one in check.regions if not _is_right(finished, one, settled.get(one.label, ())))
        if len(left) == len(check.regions):
            result.append(check)
        elif left:
            result.append(replace(check, x=left[0].x, y=left[0].y, regions=left))
    return result


def found_right(finished: Finished, check: Check) -> tuple[Right, ...]:
    """What is noted when a person says that all of a check is right."""
    if check.leak is not None:
        return (Right(check.leak.x, check.leak.y, None, check.leak.length),)
    return tuple(Right(one.x, one.y, base_color(finished, one.label), one.area) for one in check.regions)


def base_color(finished: Finished, label: int) -> RGB:
    """The color of a region before any edit of swatches."""
    assert finished.flats is not None
    if finished.base is not None and finished.swatch is not None and finished.swatch[label - 1] >= 0:
        return finished.base.swatches[finished.swatch[label - 1]].color
    return _color(finished.flats.colors[label - 1])


def _is_right(finished: Finished, doubt: Doubt, right: Sequence[Right]) -> bool:
    color = base_color(finished, doubt.label)
    return any(one.color == color and one.area <= _ALIKE * doubt.area <= _ALIKE**2 * one.area for one in right)


def _same_leak(leak: Leak, right: Right) -> bool:
    near = max(_NEAR, leak.length)
    return right.color is None and abs(leak.x - right.x) <= near and abs(leak.y - right.y) <= near


def _weights(finished: Finished) -> NDArray[np.float64]:
    assert finished.regions is not None and finished.flats is not None
    share = finished.regions.areas / seen_area(finished.regions.labels.shape)
    return (1.0 - finished.flats.confidence.astype(np.float64)) * share**_SIZE


def _beside(finished: Finished, found: Sequence[Doubt]) -> list[list[Doubt]]:
    """Doubts in groups of regions that touch, across a line, and have one color; each in the order they have."""
    assert finished.regions is not None
    row = np.full(finished.regions.count + 1, -1, np.intp)
    row[[one.label for one in found]] = np.arange(len(found))
    pairs = row[neighbors(finished.regions)]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    colors = np.asarray([one.color for one in found], np.int64).reshape(-1, 3)
    pairs = pairs[(colors[pairs[:, 0]] == colors[pairs[:, 1]]).all(axis=1)]
    graph = sparse.coo_array((np.ones(len(pairs), np.bool_), (pairs[:, 0], pairs[:, 1])), (len(found), len(found)))
    group = sparse.csgraph.connected_components(graph, directed=False)[1] if found else ()
    groups: dict[int, list[Doubt]] = {}
    for one, number in zip(found, group, strict=True):
        groups.setdefault(int(number), []).append(one)
    return list(groups.values())


def _doubt(group: Sequence[Doubt], weights: NDArray[np.float64]) -> Check:
    weight = float(weights[[one.label - 1 for one in group]].sum())
    return Check("doubt", group[0].x, group[0].y, weight, tuple(group))


def _described(finished: Finished, chosen: NDArray[np.intp]) -> list[Doubt]:
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    return [
        Doubt(
            label=int(index) + 1,
            x=x,
            y=y,
            area=int(regions.areas[index]),
            confidence=round(float(flats.confidence[index]), 4),
            color=_color(flats.colors[index]),
            swatch=_name(finished, int(index)),
        )
        for index, (x, y) in zip(chosen, places(regions, chosen), strict=True)
    ]


def shares(finished: Finished) -> list[float]:
    """Of each swatch the share in [0, 1] of the regions' area; empty without a locked palette."""
    if finished.palette is None or finished.swatch is None or finished.regions is None:
        return []
    areas = np.bincount(finished.swatch + 1, finished.regions.areas, len(finished.palette.swatches) + 1)[1:]
    return (areas / max(1.0, float(finished.regions.areas.sum()))).tolist()


def report(finished: Finished) -> dict[str, Any]:
    """All of it as JSON has it: regions, palette with areas, how far colors moved, doubts and leaks."""
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return {"flats": False}
    areas = regions.areas / max(1, int(regions.areas.sum()))
    result: dict[str, Any] = {
        "flats": True,
        "regions": {"count": regions.count, "gap": regions.gap, "simplified": regions.simplified},
        "confidence": round(float(flats.confidence @ areas), 4),
        "doubtful": [vars(doubt) for doubt in doubts(finished)],
        "checks": len(checks(finished)),
        "panels": _panels(finished),
        "leaks": [vars(leak) | {"text": leaks.describe(leak)} for leak in finished.leaks],
    }
    if finished.palette is not None and finished.swatch is not None and finished.moved is not None:
        result["palette"] = [
            {"name": swatch.name, "color": list(swatch.color), "share": round(float(share), 4)}
            for swatch, share in zip(finished.palette.swatches, shares(finished), strict=True)
        ]
        result["moved"] = {
            "mean": round(float(finished.moved @ areas), 2),
            "most": round(float(finished.moved.max()), 2),
        }
    return result


def _panels(finished: Finished) -> list[dict[str, Any]]:
    """The panels of a page by their numbers, each with the box around it: left, top, right and bottom in pixels."""
    layout = layout_for(finished.request)
    boxes = [] if layout is None else [panel.box(layout.size) for panel in layout.panels]
    return [
        {"number": number, "box": [box.left, box.top, box.right, box.bottom]} for number, box in enumerate(boxes, 1)
    ]


def notes(finished: Finished) -> list[str]:
    """Sentences for the person who exports: what was done to the lines, mistaken references, drawings too busy, colors
    that may run out."""
    found = [*finished.request.line_art.notes, *mistakes(finished.request)]
    if finished.regions is not None and finished.regions.simplified:
        found.append(Sentence("The drawing has very many tiny areas; small ones were given to their neighbors."))
    found += _held_hints(finished)
    escapes = ran(finished)
    if escapes:
        first, others = leaks.describe(escapes[0]), len(escapes) - 1
        found.append(Sentence("{0} (and {1} more)", first, others) if others else first)
    return found


def _held_hints(finished: Finished) -> list[Sentence]:
    """Which hints had a color that the given palette has not."""
    given, base, swatch, hint = finished.options.palette, finished.base, finished.swatch, finished.hint
    if given is None or base is None or swatch is None or hint is None:
        return []
    found: dict[str, Sentence] = {}
    for index, one in enumerate(finished.options.corrections.hints):
        regions = np.flatnonzero((hint == index) & (swatch >= 0))
        if regions.size and (taken := base.swatches[swatch[regions[0]]]).color != one.color:
            name = hex_of(one.color)
            found[name] = Sentence("The palette has no {0}: the nearest was taken, {1}.", name, taken.name)
    return list(found.values())


def _name(finished: Finished, index: int) -> str:
    if finished.palette is not None and finished.swatch is not None and finished.swatch[index] >= 0:
        return finished.palette.swatches[finished.swatch[index]].name
    assert finished.flats is not None
    return names.name_of(_color(finished.flats.colors[index]))


def _color(color: NDArray[np.uint8]) -> RGB:
    return int(color[0]), int(color[1]), int(color[2])


def places(regions: RegionMap, chosen: NDArray[np.intp]) -> list[tuple[int, int]]:
    """x, y of a pixel of each chosen region (from 0): of those that stand for it the middle one as they are read."""
    rank = np.full(regions.count + 1, -1, np.intp)
    rank[chosen + 1] = np.arange(len(chosen))
    pixels = np.sort(sampled(regions))
    of = rank[regions.labels.reshape(-1)[pixels]]
    ordered = pixels[np.argsort(of, kind="stable")][np.count_nonzero(of < 0) :]
    counts = np.bincount(of[of >= 0], minlength=len(chosen))
    y, x = np.divmod(ordered[np.cumsum(counts) - counts + counts // 2], regions.labels.shape[1])
    return list(zip(x.tolist(), y.tolist(), strict=True))

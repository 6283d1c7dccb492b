"""What to look at in a finished coloring: doubtful regions and leaks, for a person and as a report."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import leaks
from engine.color import names
from engine.color.colorless import mistakes
from engine.color.flats import sampled
from engine.finishing import Finished
from engine.line_art.extent import seen_area
from engine.line_art.regions import RegionMap
from engine.palette import hex_of
from engine.sentences import Sentence
from engine.view_by_view import layout_for

DOUBTFUL = 0.5  # confidence below which a region is doubtful
_SMALLEST = 1e-4  # of the picture: smaller regions are not worth a look


@dataclass(frozen=True)
class Doubt:
    """A region to look at. x, y: a pixel of it near its middle. area: pixels of paper. swatch: the color's name."""

    label: int
    x: int
    y: int
    area: int
    confidence: float
    color: tuple[int, int, int]
    swatch: str


def doubts(finished: Finished) -> list[Doubt]:
    """The regions whose color is doubtful, the worst first: least confident for their area. None without flats."""
    regions, flats = finished.regions, finished.flats
    if regions is None or flats is None:
        return []
    worth = (flats.confidence < DOUBTFUL) & (regions.areas >= _SMALLEST * seen_area(regions.labels.shape))
    loss = (1.0 - flats.confidence) * np.sqrt(regions.areas)
    order = np.argsort(-loss, kind="stable")
    order = order[worth[order]]
    found = places(regions, order)
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
        for index, (x, y) in zip(order, found, strict=True)
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
    escapes = [leak for leak in finished.leaks if leak.kind != "opening"]
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


def _color(color: NDArray[np.uint8]) -> tuple[int, int, int]:
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

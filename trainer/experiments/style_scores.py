"""What is measured of a network that colors in a style, and of "palette only", on the same drawings."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import pipeline
from engine.color import swatches
from engine.color.compose import lay_under_ink, picture_of
from engine.colorizer import Colorizer
from engine.line_art.regions import find_regions
from engine.options import ColorOptions, LineOptions, Options
from engine.request import ColorizeRequest, LineArt
from trainer import contact_sheet, evaluation, metrics, palette_distance
from trainer.evaluation import Plan, Shelf
from trainer.experiments import scoring
from trainer.experiments.runner import Hooks
from trainer.experiments.settings import ExperimentConfig, Setup, fingerprint

Pixels = NDArray[np.uint8]

FORMAT = 1
SKETCHES, STYLES = 8, 4  # every one of these drawings is colored in every one of these styles, for the spread
SHEET, PARTS = "sheet", ("line", "reference", "raw", "flats", "target")
MEASURES = (
    "mse", "palette_distance", "palette_share", "palette_locked", "spread", "accuracy", "tinted", "tinted_flats",
)  # fmt: skip


@dataclass(frozen=True)
class StylePlan:
    """shuffled: the reference is another drawing; warp: it is a warp of the drawing itself."""

    shuffled: Plan
    warp: Plan
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class _Made:
    """A coloring in the style of a reference: the raw guess, and flats in the reference's palette."""

    raw: Pixels
    flats: Pixels


Paint = Callable[[ColorizeRequest], _Made]


def plan_of(setup: Setup, config: ExperimentConfig) -> StylePlan:
    """Which drawings are colored from which. Raises RequestError where they are too few."""
    plans = [
        evaluation.plan_for(setup.test_folder, setup.test, protocol, config.seed, config.limit)
        for protocol in ("shuffled", "warp")
    ]
    told = {
        "format": FORMAT,
        "size": config.working_size,
        "limit": config.limit,
        "seed": config.seed,
        "drawings": fingerprint([drawing.path for drawing in setup.test]),
        "device": setup.where.kind,
        "precision": setup.where.precision,
    }
    return StylePlan(plans[0], plans[1], told)


def measured(
    folder: Path,
    model: Path | None,
    plan: StylePlan,
    config: ExperimentConfig,
    setup: Setup,
    told: Callable[[str, float], None],
    hooks: Hooks,
) -> dict[str, float | None] | None:
    """The scores of a model, or of "palette only" for None, from result.json of the folder where they are there.

    None when `hooks.should_stop` turned true. Raises NurieError.
    """
    about = {**plan.settings, "model": _digest(model) if model is not None else "palette only"}
    if (kept := _kept(folder, about)) is not None:
        return kept
    paint = palette_only if model is None else _painter(scoring.load_colorizer(model, setup.where)[0])
    scores = _measure(folder, paint, plan, config, lambda fraction: told("measuring", 0.8 + 0.2 * fraction), hooks)
    if scores is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    scoring.write_json(folder / scoring.RESULT, {"format": scoring.FORMAT, "settings": about, "scores": scores})
    return scores


def _kept(folder: Path, about: Mapping[str, Any]) -> dict[str, float | None] | None:
    result = scoring.read_result(folder)
    return result["scores"] if result.get("settings") == about and "scores" in result else None


def _digest(model: Path) -> str:
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _painter(colorizer: Colorizer) -> Paint:
    def paint(request: ColorizeRequest) -> _Made:
        result = pipeline.run(pipeline.color(colorizer, request))
        return _Made(picture_of(result), picture_of(evaluation.flattened(colorizer, request, result)))

    return paint


def palette_only(request: ColorizeRequest) -> _Made:
    """What anybody gets without a network: the largest region that is not the paper takes the largest swatch, and so
    on, each swatch as long as there is some of it left."""
    art = request.line_art
    regions = find_regions(art.ink)
    palette = swatches.with_paper(swatches.find_swatches(request.references))
    colors = palette.colors()
    left = np.asarray(swatches.shares(request.references, palette), np.float64).copy()
    paper = int(np.bincount(np.concatenate([regions.labels[edge].ravel() for edge in _EDGES])).argmax())
    painted = np.full((regions.count + 1, 3), 255, np.uint8)
    areas = np.concatenate([[0], regions.areas]).astype(np.float64)
    areas[paper] = 0.0
    areas /= max(1.0, areas.sum())
    for region in np.argsort(-areas, kind="stable"):
        if areas[region] > 0.0:
            swatch = int(left.argmax())
            painted[region], left[swatch] = colors[swatch], left[swatch] - areas[region]
    picture = lay_under_ink(painted[regions.labels], art.ink)
    return _Made(picture, picture)


_EDGES = (np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1])


def _measure(
    folder: Path,
    paint: Paint,
    plan: StylePlan,
    config: ExperimentConfig,
    told: Callable[[float], None],
    hooks: Hooks,
) -> dict[str, float | None] | None:
    values: dict[str, list[float]] = {name: [] for name in MEASURES}
    shelf, requests = Shelf(), list[ColorizeRequest]()
    steps = len(plan.shuffled.targets) + len(plan.warp.targets)
    for number, (pair, request) in enumerate(_requests(plan.shuffled, config, shelf)):
        made, reference = paint(request), pair.reference.pixels
        raw, flats = (
            evaluation.score(one, pair.picture.pixels, reference, structure=False) for one in (made.raw, made.flats)
        )
        values["palette_distance"].append(palette_distance.palette_distance(made.raw, reference))
        for name, value in (("palette_share", raw.palette), ("palette_locked", flats.palette),
                            ("tinted", raw.tinted), ("tinted_flats", flats.tinted)):  # fmt: skip
            values[name].append(value)
        requests.append(request)
        _keep(folder / SHEET, f"{number:03d}", request.line_art, reference, made, pair.picture.pixels)
        told(0.9 * number / steps)
        if hooks.should_stop():
            return None
    for number, (pair, request) in enumerate(_requests(plan.warp, config, shelf)):
        scores = evaluation.score(paint(request).raw, pair.picture.pixels, structure=False)
        values["mse"].append(10.0 ** (-scores.psnr / 10.0))
        values["accuracy"].append(scores.accuracy)
        told(0.9 * (number + len(requests)) / steps)
        if hooks.should_stop():
            return None
    values["spread"].append(_spread(paint, requests))
    return {name: _mean(found) for name, found in values.items()}


def _requests(plan: Plan, config: ExperimentConfig, shelf: Shelf) -> Any:
    """The pairs of a plan that can be used, each with what the colorizer is asked."""
    options = Options(LineOptions("extract", evaluation.SIGMA), ColorOptions(config.working_size))
    for pair in evaluation.pairs(plan, shelf, config.working_size):
        if pair is not None:
            art = pipeline.prepare_lines(pair.picture, None, options.lines)
            yield pair, pipeline.request_of(art, (pair.reference,), options)


def _spread(paint: Paint, requests: Sequence[ColorizeRequest]) -> float:
    styles = [one.references for one in requests[:STYLES]]
    means = [[palette_distance.mean_color(paint(replace(one, references=style)).raw) for style in styles]
             for one in requests[:SKETCHES]]  # fmt: skip
    of_styles = [palette_distance.mean_color(style[0].pixels) for style in styles]
    return palette_distance.spread(np.asarray(means), np.asarray(of_styles))


def _mean(values: Sequence[float]) -> float | None:
    known = [value for value in values if math.isfinite(value)]
    return round(float(np.mean(known)), 6) if known else None


def _keep(sheet: Path, name: str, art: LineArt, reference: Pixels, made: _Made, target: Pixels) -> None:
    from engine.export.png import write_png

    sheet.mkdir(parents=True, exist_ok=True)
    line = np.repeat(np.rint(art.ink * 255.0).astype(np.uint8)[..., None], 3, axis=2)
    for part, picture in zip(PARTS, (line, reference, made.raw, made.flats, target), strict=True):
        write_png(sheet / f"{name}-{part}.png", metrics.fit(picture, contact_sheet.TILE))

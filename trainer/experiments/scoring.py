"""The scores of a trained row on the test drawings, kept in result.json so that no protocol is measured twice."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from engine import model_loading, plain_text
from engine.colorizer import Colorizer
from engine.device import Device
from engine.errors import PictureError, RequestError, TrainingError
from engine.export.atomic import atomic_path
from engine.export.png import write_png
from engine.request import Progress
from trainer import contact_sheet, evaluation, inception, metrics
from trainer.evaluation import Colored, Drawing, Plan, ProtocolName, Scores, Shelf
from trainer.experiments.settings import ExperimentConfig, Setup, fingerprint

RESULT, SHEET = "result.json", "sheet"
FORMAT = 1
SHEET_DRAWINGS = 6  # of all protocols together
SHEET_PARTS = ("line", "reference", "result", "target")
WITH_ERRORS = ("accuracy", "ssim", "ssim_paper")  # measures whose standard error is told


@dataclass(frozen=True)
class Plans:
    """What to color, by the name under which its scores are kept, and what tells it from other plans."""

    plans: Mapping[str, Plan]
    settings: dict[str, Any]


def make_plans(config: ExperimentConfig, setup: Setup) -> Plans:
    """The protocols: warp, shuffled, and cross-pose where characters have two drawings or more.

    For the recipe cross-pose alone, "own" on the test drawings and "val" on those of `config.val`. Raises NurieError.
    """
    characters = posed(setup.test)
    poses = len({drawing.character for drawing in characters}) < len(characters)
    weights, reason = find_inception(config)
    settings = {
        "size": config.working_size,
        "limit": config.limit,
        "seed": config.seed,
        "drawings": len(setup.test),
        "fingerprint": fingerprint([drawing.path for drawing in setup.test]),
        "inception": weights.name if weights else reason,
        "device": setup.where.kind,
        "precision": setup.where.precision,
    }

    def plan(drawings: Sequence[Drawing], protocol: ProtocolName) -> Plan:
        return evaluation.plan_for(setup.test_folder, drawings, protocol, config.seed, config.limit)

    if config.base == "paper":
        plans = {"warp": plan(setup.test, "warp"), "shuffled": plan(setup.test, "shuffled")}
        return Plans(plans | ({"cross-pose": plan(characters, "cross-pose")} if poses else {}), settings)
    if not poses:
        raise TrainingError(
            "No character of the test drawings has two of them: name data with more characters/NAME folders."
        )
    plans = {"own": plan(characters, "cross-pose")}
    if config.val is not None:
        plans["val"] = evaluation.make_plan(config.val, "cross-pose", config.seed, config.limit)
        settings["val"] = fingerprint([drawing.path for drawing in plans["val"].drawings])
    return Plans(plans, settings)


def posed(drawings: Sequence[Drawing]) -> list[Drawing]:
    """Those that show a character in one of its poses; frames of a clip are no poses."""
    return [one for one in drawings if one.character and Path(one.character).parent.name == "characters"]


def find_inception(config: ExperimentConfig) -> tuple[Path | None, str]:
    """The Inception weights, or None and why there is no FID. Raises RequestError for a file that was named."""
    try:
        return inception.find_weights(config.inception), ""
    except RequestError:
        if config.inception is not None:
            raise
        return None, "not measured, as there are no published Inception weights on this computer (see --inception)"


def load_colorizer(model: Path, where: Device) -> tuple[Colorizer, nn.Module]:
    """The colorizer of a model file and the network in it. Raises CheckpointError."""
    info, network = model_loading.build(model)
    return model_loading.colorizer_of(network, info, where), network


def read_result(folder: Path) -> dict[str, Any]:
    """What result.json of a row says; nothing where there is none. Raises TrainingError for a damaged one."""
    path = folder / RESULT
    try:
        value = plain_text.from_json(path.read_bytes(), plain_text.OWN)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TrainingError("{0} cannot be read: remove it, and the row is evaluated again.", path) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise TrainingError("{0} is of another version of Nurie: remove it, and the row is evaluated again.", path)
    return value


def evaluate_row(
    folder: Path,
    model: Path,
    plans: Plans,
    setup: Setup,
    config: ExperimentConfig,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any] | None:
    """Scores by protocol, from result.json of the row's folder as far as they are there and of the same settings.

    None when `should_stop` turned true; protocols that were done by then are kept.
    """
    about = {**plans.settings, "model": _digest(model)}
    result = read_result(folder)
    if result.get("settings") != about:
        result = {"format": FORMAT, "settings": about, "protocols": {}}
    missing = {name: plan for name, plan in plans.plans.items() if name not in result["protocols"]}
    if not missing:
        return result
    colorizer, _ = load_colorizer(model, setup.where)
    for name, plan in missing.items():
        # What is measured on `val` may be art that must not be shown.
        shown = 0 if name == "val" else SHEET_DRAWINGS // len(plans.plans)
        scored = _score(plan, colorizer, setup.where, config, folder / SHEET, shown, on_progress, should_stop)
        if scored is None:
            return None
        result["protocols"][name] = scored
        write_json(folder / RESULT, result)
    return result


def _digest(model: Path) -> str:
    with model.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _score(
    plan: Plan,
    colorizer: Colorizer,
    where: Device,
    config: ExperimentConfig,
    sheet: Path,
    shown: int,
    on_progress: Callable[[Progress], None],
    should_stop: Callable[[], bool],
) -> dict[str, Any] | None:
    shelf, scores, names = Shelf(), list[Scores](), list[str]()
    weights, reason = find_inception(config) if plan.protocol == "shuffled" else (None, "")
    device = "cuda" if where.kind == "cuda" else "cpu"  # in float64, which MPS does not have
    distance = inception.FrechetDistance(weights, device) if weights else None
    on_sheet = {plan.drawings[plan.targets[i]].path: n for n, i in enumerate(_spread(len(plan.targets), shown))}
    for colored in evaluation.evaluate(plan, colorizer, config.working_size, shelf, on_progress):
        path = colored.pair.target.path
        scores.append(colored.scores)
        names.append(plan.name_of(path))
        if distance is not None:
            distance.add(colored.image, colored.pair.picture.pixels)
        if path in on_sheet:
            _keep(sheet, f"{plan.protocol}-{on_sheet[path]}", colored)
        if should_stop():
            return None
    if not scores:
        first = next(iter(shelf.skipped.values()), "there are none")
        raise TrainingError("None of the test drawings in {0} can be used; the first: {1}", plan.folder, first)
    fid = distance.value() if distance is not None else math.nan
    if distance is not None and not distance.published:
        reason = "torchvision's weights: not to be compared with published FID"
    return {
        "n": len(scores),
        "skipped": len(shelf.skipped),
        "means": _known(evaluation.means(scores)),
        "errors": {name: _known_number(standard_error([getattr(s, name) for s in scores])) for name in WITH_ERRORS},
        "fid": _known_number(fid),
        "fid_reason": reason,
        "pictures": [{"target": n, **_known(asdict(s))} for n, s in zip(names, scores, strict=True)],
    }


def standard_error(values: Sequence[float]) -> float:
    """Of the mean of those values that are numbers; NaN for fewer than two."""
    known = np.array([value for value in values if math.isfinite(value)])
    return float(known.std(ddof=1) / math.sqrt(len(known))) if len(known) > 1 else math.nan


def _spread(count: int, wanted: int) -> list[int]:
    """`wanted` numbers below `count`, far from each other."""
    return sorted({int(value) for value in np.linspace(0, count - 1, min(count, wanted))})


def _keep(sheet: Path, name: str, colored: Colored) -> None:
    """Keep the small pictures that the contact sheet of the table shows."""
    sheet.mkdir(parents=True, exist_ok=True)
    line = np.rint(colored.line_art.ink * 255.0).astype(np.uint8)
    line = np.repeat(line[..., None], 3, axis=2)
    pictures = (line, colored.pair.reference.pixels, colored.image, colored.pair.picture.pixels)
    for part, picture in zip(SHEET_PARTS, pictures, strict=True):
        write_png(sheet / f"{name}-{part}.png", metrics.fit(picture, contact_sheet.TILE))


def write_json(path: Path, value: Any) -> None:
    """Write plain values as JSON, whole or not at all. Raises TrainingError."""
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The experiment's folder cannot be used: {0}", error) from error


def _known_number(value: float) -> float | None:
    """JSON has no NaN."""
    return round(value, 6) if math.isfinite(value) else None


def _known(values: dict[str, float]) -> dict[str, float | None]:
    return {name: _known_number(value) for name, value in values.items()}

"""Variants of the style U-Net at an equal budget: what they make of a style, and whether they heed it at all.

The folder of the experiment holds runs/NAME-HASH/ for each trained row: run/ is the run of `training_loop.train`,
result.json what was measured, sheet/ small pictures.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine import model_catalog, model_loading
from engine.architectures.style_unet import StyleConfig
from engine.errors import TrainingError
from engine.request import Progress
from engine.typed_values import telling
from trainer import recipes, run_folder
from trainer.config import DataConfig, Stage, TrainConfig
from trainer.experiments import settings, style_scores
from trainer.experiments.runner import Hooks
from trainer.experiments.settings import ExperimentConfig, Setup
from trainer.progress import TrainProgress
from trainer.recipes.style import require_published
from trainer.training_loop import train

ENCODERS = {"vgg19-fc1": "VGG19 fc1", "inception-v3": "Inception v3", "own": "own style encoder"}
PALETTE_ONLY = "palette-only"
TRAINING_SHARE = 0.8


@dataclass(frozen=True)
class Variant:
    """What to train. preset: where it begins; network, losses: what is changed; varied: our samples, not theirs."""

    label: str
    preset: str
    varied: bool
    network: Mapping[str, Any]
    losses: Mapping[str, Any]


VARIANTS: Mapping[str, Variant] = {
    "m1": Variant("M1: guides, no normalization", "style-m1", False, {}, {}),
    "m2": Variant("M2: batch normalization", "style-m2", False, {}, {}),
    "m3": Variant("M3: batch normalization, style as a map", "style-m3", False, {}, {}),
    "own": Variant("ours: AdaIN, swatches, guides", "style-own", True, {}, {}),
    "m1-varied": Variant("M1, learned from our samples", "style-m1", True, {}, {}),
    "own-natural": Variant("ours, learned from natural samples", "style-own", False, {}, {}),
    "own-mixing": Variant("ours without swatches", "style-own", True, {"swatches": 0}, {}),
    "own-gan": Variant("ours + auxiliary-classifier GAN", "style-own", True, {}, {"adversarial": 0.01}),
}


@dataclass(frozen=True)
class StyleRow:
    """A row of the table. encoder: what looks at references, in words. facts: how it was trained, scores: measured."""

    name: str
    label: str
    encoder: str
    folder: Path
    facts: Mapping[str, Any]
    scores: Mapping[str, float | None]


@dataclass(frozen=True)
class Finding:
    """What came of an experiment: the rows that are done, in order, and the names of those that are not."""

    rows: Sequence[StyleRow]
    unfinished: Sequence[str]
    setup: Setup


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """The variants of these names, as they are asked for. Raises TrainingError for an unknown one."""
    for name in names:
        if name not in VARIANTS:
            raise TrainingError("There is no variant '{0}': choose among {1}.", name, ", ".join(VARIANTS))
    return tuple(dict.fromkeys(names))


def run(
    config: ExperimentConfig, names: Sequence[str], style_network: str, models: Sequence[Path], hooks: Hooks
) -> Finding:
    """Train and measure the variants, then measure finished models and "palette only" on the same drawings.

    style_network: see `Recipe.looking_with`. Fewer rows than asked for when `hooks.should_stop` turned true; the same
    call goes on. Raises NurieError, before anything is trained where a published network is missing.
    """
    setup = settings.prepare(replace(config, perceptual_network="seeded"))
    trainings = {name: training_of(name, config, style_network) for name in chosen(names)}
    for training in trainings.values():
        require_published(training.network)
    plan = style_scores.plan_of(setup, config)
    rows: list[StyleRow] = []
    count = len(trainings) + len(models) + 1
    wanted = [*trainings, *(path.stem for path in models), PALETTE_ONLY]

    def told(message: str, fraction: float) -> None:
        hooks.on_progress(Progress(message, (len(rows) + fraction) / count))

    for name, training in trainings.items():
        folder = config.output / "runs" / f"{name}-{_hash(training, setup)}"
        model = folder / "run" / run_folder.MODEL
        if not _trained(name, replace(training, output=str(folder / "run")), model, hooks, told):
            break
        scores = style_scores.measured(folder, model, plan, config, setup, told, hooks)
        if scores is None:
            break
        rows.append(StyleRow(name, VARIANTS[name].label, encoder_of(training.network), folder, facts_of(model), scores))
    else:
        for path in (*models, None):
            folder = config.output / "runs" / (PALETTE_ONLY if path is None else path.stem)
            scores = style_scores.measured(folder, path, plan, config, setup, told, hooks)
            if scores is None:
                break
            rows.append(_finished_row(path, folder, scores))
    done = {row.name for row in rows}
    return Finding(rows, [name for name in wanted if name not in done], setup)


def training_of(name: str, config: ExperimentConfig, style_network: str) -> TrainConfig:
    """The settings of a row within the budget. Raises TrainingError."""
    variant = VARIANTS[name]
    recipe = recipes.find("style")
    start = recipe.presets[variant.preset]()
    network = replace(start.network, **variant.network)
    if network.style != "own":
        network = recipe.looking_with(network, style_network)
    protocol = "varied" if variant.varied else "paper"
    data = DataConfig(
        tuple(map(str, config.data)),
        held_out=0.0 if config.test else config.held_out,
        protocol=protocol,
        workers=config.workers,
    )
    rate = start.stages[0].learning_rate
    return replace(
        start,
        data=data,
        network=network,
        stages=(Stage(config.size, config.pictures, rate, config.batch, config.epochs),),
        losses=replace(start.losses, **variant.losses),
        device=config.device,
        precision=config.precision,
        seed=config.seed,
        # A short run is over before a slow average has seen it.
        ema_decay=0.98,
    )


def encoder_of(network: StyleConfig) -> str:
    """What looks at references, as every row says it."""
    return ENCODERS[network.style]


def facts_of(model: Path) -> dict[str, Any]:
    """How a model was trained, as far as its file says. Raises CheckpointError."""
    info, network = model_loading.build(model)
    told = info.provenance
    return {
        "pictures": told.get("pictures"),
        "seconds": round(float(told["hours"]) * 3600.0) if "hours" in told else None,
        "weights": sum(parameter.numel() for parameter in network.parameters()),
    }


def _finished_row(path: Path | None, folder: Path, scores: Mapping[str, float | None]) -> StyleRow:
    if path is None:
        facts = {"pictures": None, "seconds": None, "weights": 0}
        return StyleRow(PALETTE_ONLY, "palette only, no network", "the swatches", folder, facts, scores)
    info = model_catalog.find(path).info
    assert info is not None
    encoder = ENCODERS[info.config.get("style", "own")] if info.architecture == "style" else "its own"
    label = f"{info.name}, as it ships (another budget)"
    return StyleRow(path.stem, label, encoder, folder, facts_of(path), scores)


def _hash(training: TrainConfig, setup: Setup) -> str:
    """Of all that determines the weights, but for device and precision."""
    data = {key: value for key, value in asdict(training.data).items() if key not in ("folders", "workers", "memory")}
    values = {
        "network": telling(training.network),
        "stages": [telling(stage) for stage in training.stages],
        "data": data,
        "losses": asdict(training.losses),
        "optimizer": asdict(training.optimizer),
        "seed": training.seed,
        "pictures": settings.fingerprint([source.color for source in setup.training]),
    }
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:10]


def _trained(name: str, training: TrainConfig, model: Path, hooks: Hooks, told: Any) -> bool:
    """Train, or go on, unless that is done; True when the row is trained to its end."""
    if model.is_file():
        return True
    if hooks.should_stop():
        return False

    def on_progress(step: TrainProgress) -> None:
        message = f"{name}: {step.pictures} of {step.total} pictures, loss {step.losses['total']:.3f}"
        told(f"{message}, {step.rate:.1f} a second", TRAINING_SHARE * step.pictures / step.total)

    state = train(training, on_progress, hooks.should_stop)
    done = model.is_file()
    hooks.say(f"{name}: {'trained' if done else 'stopped'}, {state.pictures} pictures in {state.seconds / 60:.1f} min")
    return done

"""Gradient conflict while a network learns (Fig. 4 and 5 of Li et al., ECCV 2022).

The run is trained in slices; between them the weights of its last checkpoint are loaded anew and measured on the
samples that come next, so that training is what it would have been without.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import plain_text
from engine.architectures.sga_generator import SGAGenerator
from engine.errors import TrainingError
from engine.request import Progress
from engine.sentences import Sentence
from engine.typed_values import telling
from trainer import networks, perceptual
from trainer.config import TrainConfig
from trainer.datasets import make_samples, open_pictures
from trainer.experiments import gradient_report, scoring, settings
from trainer.experiments.gradient_parts import PARTS, cosines, gradients
from trainer.experiments.runner import RUN, Hooks, require_comparable
from trainer.experiments.settings import ExperimentConfig
from trainer.experiments.tables import Row
from trainer.losses import generator_losses
from trainer.perceptual import PerceptualNetwork
from trainer.pictures import PictureStore
from trainer.progress import TrainProgress
from trainer.run_state import RunState
from trainer.training_loop import train

FOLDER, MEASURED = "gradients", "measured"
FORMAT = 1
ROWS = {
    "scft": Row("scft", "SCFT", {"fusion": "scft"}),
    "sga": Row("sga", "SGA without stop-gradient", {"stop_gradient": False}),
}
ALIGNED = 0.935  # the cosine from which the paper calls a part aligned with the whole
BINS = 100  # of a histogram over [-1, 1]
MEASUREMENTS = 5  # in a run, after the one before its first step


@dataclass
class _Slice:
    """A `should_stop` that is true after so many steps, or when the person says so."""

    steps: int
    asked: Callable[[], bool]

    def __call__(self) -> bool:
        self.steps -= 1
        return self.steps <= 0 or self.asked()


def run(
    config: ExperimentConfig, fusion: str, every: int | None, batches: int, hooks: Hooks, command: str
) -> dict[str, Any]:
    """Train with measurements every so many steps (None: five in all) on `batches` batches; write the report.

    Returns plain values: "finished", "files", "summary" (lines) and the measurements. Raises TrainingError.
    """
    row = ROWS[fusion]
    setup = settings.prepare(config)
    folder = config.output / FOLDER / settings.row_key(config.train_config(row.changes, Path()), setup.training)
    training = config.train_config(row.changes, folder / RUN)
    require_comparable(row, folder / RUN, setup)
    store = open_pictures(training.data, training.seed, config.size)
    training = training.counted(len(store))
    device = torch.device(setup.where.kind)
    features = perceptual.load(config.perceptual_network).to(device)
    total = training.stages[0].steps
    every = every or math.ceil(total / MEASUREMENTS)
    measured = _read(folder / MEASURED, batches)
    while True:
        state = _load(training, device)
        due = state.step % every == 0 or state.step >= total
        if due and state.step not in measured:
            about = {"step": state.step, "epoch": state.pictures / len(store), "batches": batches}
            found = measure(training, state, store, features, batches)
            measured[state.step] = {"format": FORMAT, **about, "losses": found}
            _write(folder / MEASURED, measured[state.step])
            hooks.say(f"{row.label}: measured after {state.step} of {total} steps")
        if state.step >= total or hooks.should_stop():
            break
        train(training, _following(hooks, row), _Slice(every - state.step % every, hooks.should_stop))
    facts = {
        "fusion": fusion,
        "label": row.label,
        "command": command,
        "finished": state.step >= total,
        "size": config.size,
        "batch": config.batch,
        "learning_rate": config.learning_rate,
        "batches": batches,
        "levels": config.levels,
        "seed": config.seed,
        "drawings": len(store),
        "pictures": training.pictures,
        "perceptual_network": setup.perceptual_network,
        "device": setup.where.kind,
        "precision": setup.where.precision,
    }
    return gradient_report.write(config.output, facts, [measured[step] for step in sorted(measured)])


def _following(hooks: Hooks, row: Row) -> Callable[[TrainProgress], None]:
    def follow(step: TrainProgress) -> None:
        hooks.on_progress(
            Progress(
                Sentence("{0}: {1} of {2} pictures", row.label, step.pictures, step.total), step.pictures / step.total
            )
        )

    return follow


def _load(config: TrainConfig, device: torch.device) -> RunState:
    """The run as its last checkpoint has it; the beginning where there is none."""
    state = networks.build(config, device)
    state.load(Path(config.output), telling(config.network))
    return state


def measure(
    config: TrainConfig, state: RunState, store: PictureStore, features: PerceptualNetwork, batches: int
) -> dict[str, dict[str, dict[str, Any]]]:
    """Cosines of all tokens on the samples that come next: loss → part → figures, see `figures`.

    The networks are left in training mode as they are when they learn, so their batch statistics move: the state is
    used up. In float32, whatever the run trains with.
    """
    stage = config.stages[0]
    samples = make_samples(config.data, store, stage.size, stage.batch, config.seed, reference_line=False)
    assert isinstance(state.model, SGAGenerator)
    device = next(state.model.parameters()).device
    judge: nn.Module | None = state.discriminator
    if judge is not None:
        judge.requires_grad_(False)
    collected: dict[str, dict[str, list[NDArray[np.float64]]]] = {}
    for number in range(batches):
        start = state.pictures + number * stage.batch
        picked = [samples[start + index] for index in range(stage.batch)]
        line, reference, target = (
            torch.stack([one[key] for one in picked]).to(device) for key in ("line", "reference", "target")
        )

        def losses_of(output: Tensor, line: Tensor = line, target: Tensor = target) -> Mapping[str, Tensor]:
            scores = judge(output, line) if judge is not None else None
            return generator_losses(config.losses, output, target, features=features, fake_scores=scores)

        for loss, parts in gradients(state.model, line, reference, losses_of).items():
            of_loss = collected.setdefault(loss, {part: [] for part in PARTS})
            for part, values in cosines(parts).items():
                of_loss[part].append(values.numpy())
    return {loss: {part: figures(np.concatenate(parts[part])) for part in PARTS} for loss, parts in collected.items()}


def figures(values: NDArray[np.float64]) -> dict[str, Any]:
    """What is kept of many cosines, NaN left out: shares below 0 and above 0.935, mean, counts of 100 bins in [-1, 1].

    Shares and mean are None where no cosine is a number.
    """
    known = values[np.isfinite(values)]
    counts, _ = np.histogram(np.clip(known, -1.0, 1.0), BINS, (-1.0, 1.0))
    empty = not known.size
    return {
        "tokens": int(known.size),
        "undefined": int(values.size - known.size),
        "below_0": None if empty else float(np.mean(known < 0.0)),
        "above_0.935": None if empty else float(np.mean(known > ALIGNED)),
        "mean": None if empty else float(np.mean(known)),
        "histogram": counts.tolist(),
    }


def _read(folder: Path, batches: int) -> dict[int, dict[str, Any]]:
    """The measurements of earlier slices by step. Raises TrainingError for those of another kind."""
    measured = {}
    for path in sorted(folder.glob("*.json")):
        try:
            value = plain_text.from_json(path.read_bytes(), plain_text.OWN)
            known = value["format"] == FORMAT and value["batches"] == batches
            measured[int(value["step"])] = value
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise TrainingError("The measurement {0} cannot be read: choose another --output.", path) from error
        if not known:
            raise TrainingError(
                "{0} was measured on {1} batches, not {2}, or by another version of Nurie: "
                "ask for the same --batches, or choose another --output.",
                path,
                value["batches"],
                batches,
            )
    return measured


def _write(folder: Path, value: Mapping[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    scoring.write_json(folder / f"{value['step']:08d}.json", value)

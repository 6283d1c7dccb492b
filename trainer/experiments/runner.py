"""Trains, publishes and evaluates the rows of a table, one after another, and goes on where it was stopped.

The folder of an experiment holds runs/KEY/ for each row: run/ is the run of `training_loop.train` with the published
model.safetensors, result.json the scores, sheet/ small pictures. Tables that share a row share its folder.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import model_loading
from engine.errors import TrainingError
from engine.request import Progress
from trainer import run_folder
from trainer.config import TrainConfig
from trainer.experiments import scoring
from trainer.experiments.settings import ExperimentConfig, Setup, row_key
from trainer.experiments.tables import Row
from trainer.progress import TrainProgress
from trainer.training_loop import train

RUNS, RUN = "runs", "run"
TRAINING_SHARE = 0.9  # of a row's progress


@dataclass(frozen=True)
class RowResult:
    """A trained and evaluated row. training: how it was trained; protocols: scores, see `scoring.evaluate_row`."""

    row: Row
    folder: Path
    training: dict[str, Any]
    protocols: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What came of the rows. failed: those that cannot be trained, each with the reason; the rest was stopped."""

    results: list[RowResult]
    failed: list[tuple[Row, str]]

    def unfinished(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are neither done nor failed."""
        settled = [*(result.row for result in self.results), *(row for row, _ in self.failed)]
        return [row for row in rows if row not in settled]


@dataclass(frozen=True)
class Hooks:
    """How a long run speaks and listens. say: a sentence when something is done."""

    on_progress: Callable[[Progress], None] = lambda progress: None
    say: Callable[[str], None] = lambda sentence: None
    should_stop: Callable[[], bool] = lambda: False


def run_rows(
    rows: Sequence[Row], config: ExperimentConfig, setup: Setup, plans: scoring.Plans, hooks: Hooks
) -> Outcome:
    """Train and evaluate rows; fewer than asked for when `hooks.should_stop` turned true: call it again to go on.

    A row that cannot be trained, as one whose loss is no number any more, leaves the others as they are. Raises
    TrainingError where a row was trained with another perceptual network, device or precision than this setup has: such
    rows cannot be compared.
    """
    runs = [run_of(row, config, setup) for row in rows]
    for row, run in zip(rows, runs, strict=True):
        require_comparable(row, run, setup, perceptual=_is_perceptual(row, config))
    outcome = Outcome([], [])
    for number, (row, run) in enumerate(zip(rows, runs, strict=True)):
        told = _Part(hooks.on_progress, number, len(rows))
        try:
            trained = _train(row, config.train_config(row.changes, run, row.losses, row.data), hooks, told)
        except TrainingError as error:
            hooks.say(f"{row.label}: cannot be trained. {error}")
            outcome.failed.append((row, str(error)))
            continue
        result = _evaluate(row, run, config, setup, plans, hooks, told) if trained else None
        if result is None:
            break
        outcome.results.append(result)
    return outcome


def run_of(row: Row, config: ExperimentConfig, setup: Setup) -> Path:
    """The folder of a row's run."""
    training = config.train_config(row.changes, Path(), row.losses, row.data)
    return config.output / RUNS / row_key(training, setup.training) / RUN


def _is_perceptual(row: Row, config: ExperimentConfig) -> bool:
    losses = config.train_config(row.changes, Path(), row.losses, row.data).losses
    return losses.perceptual > 0.0 or losses.style > 0.0


def require_comparable(row: Row, run: Path, setup: Setup, *, perceptual: bool = True) -> None:
    """Raise TrainingError where the row was trained in another way than this setup would train it.

    perceptual: whether a perceptual network takes part in its losses.
    """
    about = run_folder.read_about(run)
    wanted = {
        "perceptual_network": ("perceptual network", setup.perceptual_network if perceptual else None),
        "device": ("device", setup.where.kind),
        "precision": ("precision", setup.where.precision),
    }
    for key, (what, now) in wanted.items():
        if about and about.get(key) != now:
            raise TrainingError(
                "The row '{0}' in {1} was trained with the {2} '{3}' and now it "
                "would be '{4}', which cannot be compared: ask for the same {2}, or choose another --output.",
                row.label,
                run.parent,
                what,
                about.get(key),
                now,
            )


@dataclass(frozen=True)
class _Part:
    """Turns the progress of a row into that of the table."""

    on_progress: Callable[[Progress], None]
    number: int
    count: int

    def tell(self, message: str, fraction: float) -> None:
        self.on_progress(Progress(message, (self.number + fraction) / self.count))


def _evaluate(
    row: Row,
    run: Path,
    config: ExperimentConfig,
    setup: Setup,
    plans: scoring.Plans,
    hooks: Hooks,
    told: _Part,
) -> RowResult | None:
    done = len(scoring.read_result(run.parent).get("protocols", {})) == len(plans.plans)
    names = list(plans.plans)

    def evaluating(step: Progress) -> None:
        told.tell(f"{row.label}: evaluating, {step.message}", TRAINING_SHARE + (1.0 - TRAINING_SHARE) * step.fraction)

    result = scoring.evaluate_row(
        run.parent, run / run_folder.MODEL, plans, setup, config, evaluating, hooks.should_stop
    )
    if result is None:
        return None
    if not done:
        hooks.say(f"{row.label}: evaluated, {', '.join(names)}")
    protocols = {name: result["protocols"][name] for name in names}
    return RowResult(row, run.parent, training_facts(run), protocols)


def _train(row: Row, training: TrainConfig, hooks: Hooks, told: _Part) -> bool:
    """Train, or go on, unless that is done; True when the row is trained to its end and published."""
    model = Path(training.output) / run_folder.MODEL
    if model.is_file():
        return True
    if hooks.should_stop():
        return False

    def on_progress(step: TrainProgress) -> None:
        message = f"{row.label}: {step.pictures} of {step.total} pictures, loss {step.losses['total']:.3f}"
        told.tell(f"{message}, {step.rate:.1f} a second", TRAINING_SHARE * step.pictures / step.total)

    state = train(training, on_progress, hooks.should_stop)
    done = model.is_file()
    what = "trained" if done else "stopped"
    hooks.say(f"{row.label}: {what}, {state.pictures} pictures in {state.seconds / 60.0:.1f} minutes")
    return done


def training_facts(run: Path) -> dict[str, Any]:
    """How a published run was trained. Raises TrainingError and CheckpointError."""
    about = run_folder.read_about(run)
    info, network = model_loading.build(run / run_folder.MODEL)
    names = ("perceptual_network", "device", "device_name", "precision")
    return {
        "pictures": info.provenance["pictures"],
        "hours": info.provenance["hours"],
        "drawings": about["pictures"],
        "weights": sum(parameter.numel() for parameter in network.parameters()),
        **{name: about.get(name) for name in names},
    }

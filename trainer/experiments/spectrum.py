"""How many components features have before and after a fusion (Fig. 8 of Li et al., ECCV 2022).

The squared singular values of a drawing's tokens (tokens × channels), largest first, summed up and divided by their
sum: a curve that rises late means features of many components. Averaged over test drawings with other drawings as
references, as in the published code.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.architectures.sga_generator import SGAGenerator
from engine.device import Device
from engine.errors import NurieError, PictureError, TrainingError
from engine.export.atomic import atomic_path
from engine.line_art import prepare
from engine.pipeline import run as run_colorizer
from engine.request import ColorizeRequest, Progress
from trainer import evaluation
from trainer.evaluation import SIGMA, Plan, Shelf
from trainer.experiments import charts, scoring, settings, tables
from trainer.experiments.runner import RUNS, Hooks
from trainer.experiments.settings import ExperimentConfig

STAGES = {"before": "before the fusion", "after": "after the fusion", "context": "after self-SGA"}
HELD = (0.5, 0.9, 0.99)  # of the energy: how many components hold as much
Curve = NDArray[np.float64]


@dataclass
class Spectra:
    """The curves of one model, a list for each stage. label: what the model is called in chart and table."""

    label: str
    model: Path
    curves: dict[str, list[Curve]] = field(default_factory=dict)

    def mean(self, stage: str) -> Curve:
        """The average curve; a drawing with fewer components holds all from its last one on."""
        found = self.curves[stage]
        length = max(len(curve) for curve in found)
        return np.mean([np.pad(curve, (0, length - len(curve)), constant_values=1.0) for curve in found], axis=0)

    def numbers(self, stage: str) -> dict[str, float]:
        """How many components hold a share of the energy, on average over drawings."""
        return {f"{h:.0%}": float(np.mean([components(c, h) for c in self.curves[stage]])) for h in HELD}


def accumulated(tokens: Tensor) -> Curve:
    """Tokens × channels → accumulated squared singular values over their sum, as many as the smaller side.

    Features that are all zero have no component; the curve is then 1 from the start.
    """
    energy = torch.linalg.svdvals(tokens.detach().double().cpu()).square().cumsum(dim=0).numpy()
    return energy / energy[-1] if energy[-1] > 0.0 else np.ones_like(energy)


def components(curve: Curve, share: float) -> int:
    """How many of the largest components hold `share` of the energy."""
    return int(np.searchsorted(curve, share - 1e-9)) + 1


@contextmanager
def listening(network: SGAGenerator, found: dict[str, list[Curve]]) -> Iterator[None]:
    """While it is open, every drawing that `network` colors adds its curves to `found`."""

    def cross(_: Any, given: tuple[Tensor, ...], output: Tensor) -> None:
        found.setdefault("before", []).append(accumulated(given[0][0]))
        found.setdefault("after", []).append(accumulated(output[0]))

    def context(_: Any, given: tuple[Tensor, ...], output: Tensor) -> None:
        found.setdefault("context", []).append(accumulated(output[0]))

    handles = [network.cross_attention.register_forward_hook(cross)]
    if network.self_attention is not None:
        handles.append(network.self_attention.register_forward_hook(context))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def run(config: ExperimentConfig, models: Sequence[Path], hooks: Hooks, command: str) -> dict[str, Any]:
    """Measure the models on the test drawings in float32 and write spectrum.json, .csv and .png.

    Returns plain values: "finished", "files", "summary" (lines) and the numbers. Raises TrainingError.
    """
    setup = settings.prepare(config)
    plan = evaluation.plan_for(setup.test_folder, setup.test, "shuffled", config.seed, config.limit)
    where = Device(setup.where.kind, "fp32")
    measured: list[Spectra] = []
    for number, model in enumerate(models):
        told = _telling(hooks, number, len(models))
        one = _measure(model, where, plan, config.working_size, told, hooks.should_stop)
        if one is None:
            break
        measured.append(one)
    _make_labels_differ(measured)
    finished = len(measured) == len(models)
    value = {
        "experiment": "spectrum",
        "command": command,
        "finished": finished,
        "drawings": len(measured[0].curves["after"]) if measured else 0,
        "size": config.working_size,
        "models": [
            {"label": one.label, "components": {stage: one.numbers(stage) for stage in one.curves}} for one in measured
        ],
    }
    files = _write(config.output, value, measured) if measured else []
    return {**value, "files": [str(path) for path in files], "summary": _summary(measured)}


def _telling(hooks: Hooks, number: int, count: int) -> Callable[[str, float], None]:
    def tell(message: str, fraction: float) -> None:
        hooks.on_progress(Progress(message, (number + fraction) / count))

    return tell


def _measure(
    model: Path,
    where: Device,
    plan: Plan,
    working_size: int,
    tell: Callable[[str, float], None],
    should_stop: Callable[[], bool],
) -> Spectra | None:
    colorizer, network = scoring.load_colorizer(model, where)
    if not isinstance(network, SGAGenerator):
        raise TrainingError("{0} has no fusion whose features could be measured: name a model of 'train'.", model)
    found = Spectra(tables.label_of(network.config) or model.stem, model)
    shelf = Shelf()
    for number, pair in enumerate(evaluation.pairs(plan, shelf, working_size)):
        if should_stop():
            return None
        tell(f"{found.label}: drawing {number} of {len(plan.targets)}", number / len(plan.targets))
        if pair is None:
            continue
        try:
            line_art = prepare.prepare(pair.picture, "extract", SIGMA)
        except NurieError as error:
            shelf.skip(pair.target.path, error)
            continue
        request = ColorizeRequest(line_art, (pair.reference,), working_size=working_size, sigma=SIGMA)
        with listening(network, found.curves):
            run_colorizer(colorizer.colorize(request), lambda _: None)
    if not found.curves:
        raise TrainingError("None of the test drawings in {0} can be used: name others with --test.", plan.folder)
    return found


def _make_labels_differ(measured: Sequence[Spectra]) -> None:
    labels = [one.label for one in measured]
    for one in measured:
        if labels.count(one.label) > 1:
            trained = one.model.parent.parent
            one.label += f" ({trained.name if trained.parent.name == RUNS else one.model.stem})"


def _write(folder: Path, value: dict[str, Any], measured: Sequence[Spectra]) -> list[Path]:
    paths = [folder / f"spectrum{ending}" for ending in (".json", ".csv", ".png")]
    scoring.write_json(paths[0], value)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["model", "stage", "component", "accumulated"])
    for one in measured:
        for stage in one.curves:
            rows = enumerate(one.mean(stage).tolist(), start=1)
            writer.writerows([one.label, stage, number, f"{share:.6f}"] for number, share in rows)
    try:
        with atomic_path(paths[1]) as temporary:
            temporary.write_text(stream.getvalue(), encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The table cannot be written: {0}", error) from error
    _draw(paths[2], measured)
    return paths


def _draw(path: Path, measured: Sequence[Spectra]) -> None:
    stages = [stage for stage in STAGES if any(stage in one.curves for one in measured)]
    with charts.figure(path, 1, len(stages), (5.2 * len(stages), 4.6)) as (drawn, axes):
        drawn.suptitle("Accumulated squared singular values of the drawing's tokens (in brackets: components for 90 %)")
        for axis, stage in zip(axes[0], stages, strict=True):
            for one in measured:
                if stage in one.curves:
                    curve = one.mean(stage)
                    label = f"{one.label} ({one.numbers(stage)['90%']:.1f})"
                    axis.plot(np.arange(1, len(curve) + 1), curve, label=label)
            axis.axhline(0.9, color="#999999", linewidth=0.8, linestyle=":")
            axis.set_xscale("log")
            axis.set_ylim(min(0.8, axis.get_ylim()[0]), 1.02)
            axis.set_xlabel("components")
            axis.set_title(STAGES[stage], fontsize=11)
            axis.legend(frameon=False, fontsize=8, loc="lower right")
            axis.spines[["top", "right"]].set_visible(False)


def _summary(measured: Sequence[Spectra]) -> list[str]:
    if not measured:
        return ["no model is measured yet"]
    width = max(len(one.label) for one in measured)
    lines = [f"{'components that hold 90 % of the energy':{width}}"]
    for one in measured:
        cells = [f"{STAGES[stage]} {one.numbers(stage)['90%']:.1f}" for stage in STAGES if stage in one.curves]
        lines.append(f"{one.label:{width}}  {', '.join(cells)}")
    return lines

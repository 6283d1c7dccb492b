"""What adapting a model brings: region color accuracy on drawings of a character that the adaptation never saw.

Of each character a few pictures, chosen by the seed, are the sheet; the model is adapted to it as `trainer.fine_tuning`
does it, verdict and all, and where the verdict is not better the base is used, as a person would. Then base and adapted
model color the character's other drawings, both with the sheet's pictures as references.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine import model_loading, pipeline, plain_text
from engine.color.compose import lay_under_ink, picture_of
from engine.colorizer import Colorizer
from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path
from engine.model_catalog import ModelEntry
from engine.options import LineOptions, Options
from engine.request import Reference
from trainer import evaluation
from trainer.character_sheet import assemble
from trainer.config import FineTuneConfig
from trainer.evaluation import SIGMA
from trainer.fine_tuning import fine_tune
from trainer.fine_tuning_events import Finished, Measured, Progressed, Score, Wish
from trainer.sheet_judge import region_accuracy

RESULT = "result.json"


_OPTIONS = Options(LineOptions("extract", SIGMA))


@dataclass(frozen=True)
class Trial:
    """One character: drawings measured, whether the adapted model was kept, and what it took.

    before, after: of the drawings that were not on the sheet; after is the adapted model's, kept or not. expected: what
    the verdict says that it gains, of region accuracy. seconds, cpu_seconds: of the adaptation, its verdict included;
    told: the seconds that were told before it began.
    """

    character: str
    sheet: tuple[str, ...]
    measured: int
    steps: int
    kept: bool
    before: Score
    after: Score
    seconds: float
    cpu_seconds: float
    expected: float = 0.0
    told: float = 0.0

    @property
    def used(self) -> Score:
        """What a person gets."""
        return self.after if self.kept else self.before


def run_trials(
    folder: Path,
    output: Path,
    base: ModelEntry,
    config: FineTuneConfig,
    pictures: int,
    on_progress: Callable[[str, float], None],
    should_stop: Callable[[], bool],
    only: str = "*",
    limit: int | None = None,
) -> tuple[list[Trial], bool]:
    """All characters of folder/NAME/ or folder/characters/NAME/; those with a result in `output` are not tried again.

    pictures: on a sheet; a character with fewer drawings spares one to be measured. only: characters with names like
    this pattern of the shell. limit: drawings of each that are measured, at most. Returns the trials, and whether
    these are all. Raises NurieError.
    """
    drawings: dict[str, list[Path]] = {}
    for drawing in evaluation.make_plan(folder, "cross-pose", only=only).drawings:
        drawings.setdefault(str(drawing.character), []).append(drawing.path)
    trials: list[Trial] = []
    for number, (character, paths) in enumerate(drawings.items()):

        def tell(what: str, part: float, number: int = number, character: str = character) -> None:
            on_progress(f"{character}: {what}", (number + part) / len(drawings))

        sheet, measured = _split(paths, pictures, config.seed)
        trial = _read(output / character / RESULT) or _try(
            character, (sheet, measured[:limit]), output / character, base, config, tell, should_stop
        )
        if trial is None:
            return trials, False
        trials.append(trial)
    return trials, True


def _split(paths: Sequence[Path], pictures: int, seed: int) -> tuple[list[Path], list[Path]]:
    """The sheet and the drawings to measure, each in the order of their names."""
    order = np.random.default_rng((seed, len(paths))).permutation(len(paths))
    count = min(pictures, len(paths) - 1)
    return [paths[i] for i in sorted(order[:count])], [paths[i] for i in sorted(order[count:])]


def _try(
    character: str,
    split: tuple[list[Path], list[Path]],
    folder: Path,
    base: ModelEntry,
    config: FineTuneConfig,
    tell: Callable[[str, float], None],
    should_stop: Callable[[], bool],
) -> Trial | None:
    """One character; None where it was stopped."""
    began, cpu_began = time.monotonic(), time.process_time()
    pictures = [(path, evaluation.read_drawing(path)) for path in split[0]]
    sheet = assemble((path, picture.pixels) for path, picture in pictures)

    def wishes() -> Wish:
        return Wish.CANCEL if should_stop() else Wish.GO

    finished, steps, told = None, 0, 0.0
    for event in fine_tune(sheet, base, character, config, folder, wishes):
        if isinstance(event, Finished):
            finished = event
        if isinstance(event, Measured):
            told = event.seconds_needed
        if isinstance(event, Progressed):
            steps = event.step
            tell("adapting", 0.5 * event.step / event.steps)
    if finished is None:
        return None
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - cpu_began
    references = tuple(pipeline.reference_of(picture) for _, picture in pictures)
    scores: list[Score] = []
    for place, path in enumerate((base.path, finished.path)):
        tell("measuring", 0.5 + 0.25 * place)
        score = _measure(model_loading.load_colorizer(path), references, split[1], should_stop)
        if score is None:
            return None
        scores.append(score)
    trial = Trial(
        character,
        tuple(path.name for path in split[0]),
        len(split[1]),
        steps,
        finished.verdict.better,
        scores[0],
        scores[1],
        seconds,
        cpu_seconds,
        finished.verdict.after.region_accuracy - finished.verdict.before.region_accuracy,
        told,
    )
    _write(folder / RESULT, json.dumps(asdict(trial), indent=2) + "\n")
    return trial


def _measure(
    colorizer: Colorizer, references: tuple[Reference, ...], paths: Sequence[Path], should_stop: Callable[[], bool]
) -> Score | None:
    found: list[tuple[float, float, float]] = []
    for path in paths:
        if should_stop():
            return None
        picture = evaluation.read_drawing(path)
        line_art = pipeline.prepare_lines(picture, None, _OPTIONS.lines)
        request = pipeline.request_of(line_art, references, _OPTIONS)
        result = pipeline.run(pipeline.color(colorizer, request))
        finished = pipeline.run(pipeline.finish(colorizer, request, result, _OPTIONS))
        guessed = region_accuracy(picture_of(result), picture.pixels)[0]
        flat = lay_under_ink(finished.color, request.line_art.layer)
        found.append((*region_accuracy(flat, picture.pixels), guessed))
    return Score(*np.mean(found, axis=0).tolist())


def write_report(trials: Sequence[Trial], output: Path, command: str) -> Path:
    """The table as Markdown, `adaptation.md` in the folder. Raises TrainingError."""
    path = output / "adaptation.md"
    _write(path, f"`{command}`\n\n" + "\n".join(table(trials)) + "\n")
    return path


def table(trials: Sequence[Trial]) -> list[str]:
    """A row for each character and their mean, as lines of Markdown. Accuracies in percent, before → after."""
    lines = [
        "| character | drawings | finished | raw guess | ΔE, finished | verdict | kept | steps | seconds, told (CPU) |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in trials:
        lines.append(
            f"| {one.character} | {one.measured} | {_change(one.before.region_accuracy, one.after.region_accuracy)} | "
            f"{_change(one.before.guess_accuracy, one.after.guess_accuracy)} | "
            f"{one.before.delta_e:.1f} → {one.after.delta_e:.1f} | {100.0 * one.expected:+.1f} | "
            f"{'yes' if one.kept else 'no'} | {one.steps} | "
            f"{one.seconds:.0f}, {one.told:.0f} ({one.cpu_seconds:.0f}) |"
        )
    if trials:
        mean = means(trials)
        lines.append(
            f"| **mean, as used** | {sum(one.measured for one in trials)} | "
            f"{_change(mean['before']['region_accuracy'], mean['used']['region_accuracy'])} | "
            f"{_change(mean['before']['guess_accuracy'], mean['used']['guess_accuracy'])} | "
            f"{mean['before']['delta_e']:.1f} → {mean['used']['delta_e']:.1f} | | "
            f"{sum(one.kept for one in trials)} of {len(trials)} | | "
            f"{np.mean([one.seconds for one in trials]):.0f}, {np.mean([one.told for one in trials]):.0f} "
            f"({np.mean([one.cpu_seconds for one in trials]):.0f}) |"
        )
        always = float(np.mean([one.after.region_accuracy for one in trials]))
        lines.append(f"| mean, if always used | | {_change(mean['before']['region_accuracy'], always)} | | | | | | |")
    return lines


def means(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """Means over characters of the scores "before" and as "used": adapted where that was kept."""
    scores = {"before": [asdict(one.before) for one in trials], "used": [asdict(one.used) for one in trials]}
    return {
        which: {name: float(np.mean([one[name] for one in found])) for name in found[0]}
        for which, found in scores.items()
    }


def _change(before: float, after: float) -> str:
    return f"{100.0 * before:.1f} → {100.0 * after:.1f}"


def _read(path: Path) -> Trial | None:
    try:
        values: dict[str, Any] = plain_text.from_json(path.read_bytes(), plain_text.OWN)
        scores = {which: Score(**values[which]) for which in ("before", "after")}
        return Trial(**{**values, **scores, "sheet": tuple(values["sheet"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise TrainingError("The result {0} is damaged: remove it, and it is measured again.", path) from error


def _write(path: Path, text: str) -> None:
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The result cannot be written: {0}", error) from error

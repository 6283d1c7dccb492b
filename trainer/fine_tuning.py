"""Adapting a model to one character: a sheet of pictures, a minute of training, a verdict by pictures held out.

What learns is the matching (see `trainer.matching_tuning`) or the colors, here. Every picture of the sheet is colored
from others of the sheet, or where there is only one from a warp of it; colors are not varied, so the network may
remember the character's own. The model that is judged is the one that is kept: the pictures it is judged by are never
learned from.
"""

from collections.abc import Generator
from pathlib import Path

from engine import adaptation
from engine.device import is_out_of_memory
from engine.errors import TrainingError
from engine.model_catalog import ModelEntry
from engine.sentences import Sentence
from trainer import adapted_model
from trainer.adapted_model import Story
from trainer.character_sheet import CharacterSheet
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Event, Finished, Prepared, Stopped, Wish, Wishes
from trainer.fine_tuning_run import AdaptingRun
from trainer.matching_tuning import teach_matching
from trainer.sheet_judge import Judge, Split, hold_out

ADAPTED = "adapted.safetensors"
SAMPLES = 4  # times that a held-out picture is shown before the end
_JUDGED, _SHOWN = 10.0, 3.0  # steps that judging a picture is worth, and showing one
PROVES_LESS = Sentence(
    "There is no picture to spare for judging: a strong warp of one stands for another pose, which proves less."
)


def fine_tune(
    sheet: CharacterSheet,
    base: ModelEntry,
    name: str,
    config: FineTuneConfig,
    folder: Path,
    wishes: Wishes = lambda: Wish.GO,
    *,
    measure_only: bool = False,
) -> Generator[Event, None, None]:
    """Adapt the model `base` to the character of a sheet: yields what happens, and ends with Finished or Stopped.

    folder: of the run; a slice with the same sheet, base and settings that was cancelled there goes on. wishes: asked
    between any two steps. measure_only: ends after Measured, and leaves nothing behind. Raises TrainingError where the
    folder is of another run or cannot be used, where a loss stops being a number and where memory runs out, and
    CheckpointError for a base that cannot be used.
    """
    try:
        yield from _fine_tune(sheet, base, name, config, folder, wishes, measure_only)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise TrainingError("There is too little memory to adapt a model here: close other programs.") from error


def _fine_tune(
    sheet: CharacterSheet,
    base: ModelEntry,
    name: str,
    config: FineTuneConfig,
    folder: Path,
    wishes: Wishes,
    measure_only: bool,
) -> Generator[Event, None, None]:
    if config.teach == "matching":
        yield from teach_matching(sheet, base, name, config, folder, folder / ADAPTED, wishes, measure_only)
        return
    split = hold_out(sheet.pictures, config.seed)
    run = AdaptingRun(split.learned, base, config, folder)
    try:
        if not measure_only:
            run.open_folder()
        yield from _adapt(sheet, base, name, config, folder, wishes, split, run, measure_only)
    finally:
        run.release()


def _adapt(
    sheet: CharacterSheet,
    base: ModelEntry,
    name: str,
    config: FineTuneConfig,
    folder: Path,
    wishes: Wishes,
    split: Split,
    run: AdaptingRun,
    measure_only: bool,
) -> Generator[Event, None, None]:
    yield _prepared(sheet, split, run)
    if wishes() is Wish.CANCEL:
        yield Stopped(resumable=run.resumed)
        return
    judging = _JUDGED * len(split.judged)
    judge = None if measure_only else Judge(split, run.network, run.info, config.sigma, folder)
    yield run.measure(judging + _SHOWN * SAMPLES)
    if judge is None:
        return
    yield judge.first_sample()
    shown = 0
    for progress in run.train(wishes, judging):
        yield progress
        part = progress.step * SAMPLES // run.steps
        if part > shown and not progress.paused and progress.step < run.steps:
            shown = part
            yield judge.sample(progress.step, run.adapted())
    if run.wish is Wish.CANCEL:
        yield Stopped(resumable=True)
        return
    changes = adaptation.changes(run.weights, run.adapted())
    # What is judged is what a person will get: with the rounding of the file.
    verdict = judge.verdict(adaptation.apply(run.weights, changes))
    yield verdict
    names = tuple(picture.name for picture in sheet.pictures)
    story = Story(names, len(split.judged) if split.real else 0, run.state.step, run.state.seconds, config)
    path = folder / ADAPTED
    adapted_model.write(path, changes, adapted_model.describe(name, base, story, verdict))
    run.close_folder()
    yield Finished(path, verdict)


def _prepared(sheet: CharacterSheet, split: Split, run: AdaptingRun) -> Prepared:
    return Prepared(
        pictures=len(sheet.pictures),
        pairs=run.samples.pairs,
        held_out=tuple(picture.name for picture in split.judged) if split.real else (),
        skipped=sheet.skipped,
        disk_bytes=run.disk_bytes,
        resumed=run.resumed,
        note="" if split.real else PROVES_LESS,
    )

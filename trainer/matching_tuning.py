"""Adapting what decides which part of a reference a region takes its color from: a sheet, minutes, a verdict.

Unlike with colors (`trainer.fine_tuning`), what is kept has learned from all pictures: the verdict comes from further
heads that have each learned from all but the pictures that they are judged by.
"""

from collections.abc import Generator
from pathlib import Path

from torch import Tensor

from engine.model_catalog import ModelEntry
from engine.sentences import Sentence
from trainer import adapted_model
from trainer.adapted_model import Story
from trainer.character_sheet import CharacterSheet
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Event, Finished, Prepared, Stopped, Wish, Wishes
from trainer.matching_judge import SECONDS, MatchingJudge
from trainer.matching_run import MatchingRun

ONE = Sentence(
    "With one picture nothing can be known of other drawings: it is judged by a strong warp of that picture. Add a "
    "second and a third one."
)
TWO = Sentence(
    "With two pictures each is judged after learning from the other one alone, which proves less: add a third one."
)


def teach_matching(
    sheet: CharacterSheet,
    base: ModelEntry,
    name: str,
    config: FineTuneConfig,
    folder: Path,
    adapted: Path,
    wishes: Wishes,
    measure_only: bool,
) -> Generator[Event, None, None]:
    """As `trainer.fine_tuning.fine_tune`. adapted: the file to write."""
    run = MatchingRun(sheet, base, config, folder)
    try:
        if not measure_only:
            run.open_folder()
        judge = MatchingJudge(sheet.pictures, run.folds, base, run.colorizer, config.sigma, run.place, config.seed)
        yield _prepared(sheet, run, judge)
        if wishes() is Wish.CANCEL:
            yield Stopped(resumable=run.resumed)
            return
        yield run.measure(SECONDS * judge.count)
        if not measure_only:
            yield from _teach(sheet, base, name, config, adapted, wishes, run, judge)
    finally:
        run.place.release()


def _teach(
    sheet: CharacterSheet,
    base: ModelEntry,
    name: str,
    config: FineTuneConfig,
    adapted: Path,
    wishes: Wishes,
    run: MatchingRun,
    judge: MatchingJudge,
) -> Generator[Event, None, None]:
    judge.load()
    yield judge.first_sample()
    yield from run.prepare(wishes)
    head: dict[str, Tensor] | None = None
    for stage in range(run.stages):
        is_last = stage == run.stages - 1
        # Once a person has had enough, one judged fold has to do.
        if not is_last and (judge.is_judged(stage) or (run.wish is Wish.STOP and stage > 0)):
            run.taken = (stage + 1) * run.steps
            continue
        head = None if run.wish is Wish.CANCEL else (yield from run.train(stage, wishes))
        if head is None:
            yield Stopped(resumable=True)
            return
        if not is_last:
            yield judge.judge(stage, run.rounded(head), run.taken)
    assert head is not None
    if not run.folds:
        yield judge.judge(0, run.rounded(head), run.taken)
    verdict = judge.verdict()
    yield verdict
    story = Story(
        tuple(picture.name for picture in sheet.pictures),
        len(verdict.pictures) if run.folds else 0,
        run.steps,
        run.seconds,
        config,
        run.parts,
    )
    adapted_model.write(adapted, run.changes(head), adapted_model.describe(name, base, story, verdict))
    run.place.clear()
    yield Finished(adapted, verdict)


def _prepared(sheet: CharacterSheet, run: MatchingRun, judge: MatchingJudge) -> Prepared:
    count = len(sheet.pictures)
    return Prepared(
        pictures=count,
        pairs=max(1, count * (count - 1)),
        held_out=(),
        skipped=sheet.skipped,
        disk_bytes=run.disk_bytes,
        resumed=run.resumed,
        note=ONE if count == 1 else TWO if count == 2 else "",
        judged=judge.count if run.folds else 0,
    )

"""Teaching the matching a character: what is learned from and what judges, stops, what is kept, where it is found."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import adaptation, checkpoint, model_catalog, model_installing, model_loading
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import CheckpointError, TrainingError
from engine.model_catalog import ModelEntry
from tests.characters import QUICK, TAUGHT, pictures, sheet_of, wishing, write_base, write_matcher
from trainer import sheet_pieces
from trainer.character_sheet import CharacterSheet, SheetPicture
from trainer.config import FineTuneConfig
from trainer.fine_tuning import fine_tune
from trainer.fine_tuning_events import (
    Event,
    Finished,
    Measured,
    Prepared,
    Progressed,
    Sampled,
    Score,
    Stopped,
    Verdict,
    Wish,
)
from trainer.matching_judge import is_better
from trainer.matching_run import MatchingRun, folds_of


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    monkeypatch.setattr(model_catalog, "_folders", {})
    monkeypatch.setattr(sheet_pieces, "DRAWINGS", 4)
    model_catalog.set_user_folder(tmp_path)
    write_matcher(tmp_path)
    return write_base(tmp_path)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Event]]:
    """A folder of models, and what a whole run of three pictures told; its files lie below the folder."""
    folder = tmp_path_factory.mktemp("learned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model_catalog, "_folders", {})
        patch.setattr(sheet_pieces, "DRAWINGS", 4)
        model_catalog.set_user_folder(folder)
        write_matcher(folder)
        return folder, teach(write_base(folder), folder / "run", count=3)


@pytest.fixture
def mine(base: ModelEntry, learned: tuple[Path, list[Event]], tmp_path: Path) -> Path:
    """The adapted model of that run, to be changed, beside the models it is made of."""
    finished = learned[1][-1]
    assert isinstance(finished, Finished)
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere" / "adapted.safetensors"
    path.write_bytes(finished.path.read_bytes())
    return path


def teach(
    base: ModelEntry, folder: Path, count: int = 2, config: FineTuneConfig = TAUGHT, **more: object
) -> list[Event]:
    return list(fine_tune(sheet_of(count), base, "Mine", config, folder, **more))  # type: ignore[arg-type]


def head_of(path: Path) -> dict[str, torch.Tensor]:
    return adaptation.parted(checkpoint.load_stored(path))[1]


def test_a_whole_run_leaves_a_model_whose_matching_has_learned(
    base: ModelEntry, learned: tuple[Path, list[Event]]
) -> None:
    folder, events = learned
    order = [type(one).__name__ for one in events if not isinstance(one, Progressed | Sampled)]
    assert order == ["Prepared", "Measured", "Verdict", "Finished"]
    prepared, finished = events[0], events[-1]
    assert isinstance(prepared, Prepared) and isinstance(finished, Finished)
    assert (prepared.pictures, prepared.pairs, prepared.judged, prepared.note) == (3, 6, 3, "")
    verdict = finished.verdict
    assert len(verdict.pictures) == 3 and all(
        path.is_file() for one in verdict.pictures for path in (one.before, one.after, one.truth)
    )
    assert verdict.before.guess_accuracy == verdict.after.guess_accuracy  # colors are not taught
    info, network = model_loading.build(finished.path)
    whole = model_loading.build(base.path)[1].state_dict()
    assert all(torch.equal(value, whole[name]) for name, value in network.state_dict().items())
    plain = model_catalog.matcher()
    assert plain is not None and info.parts is not None and info.parts.sha256 == model_catalog.sha256_of(plain)
    changed = head_of(finished.path)
    assert changed and not any("backbone" in name or "head.seen" in name for name in changed)
    assert info.provenance["taught"] == "matching" and info.provenance["sheet"]["held_out"] == 3
    card = finished.path.with_suffix(".md").read_text(encoding="utf-8")
    assert "had learned from others only" in card and info.parts.sha256 in card
    assert not (folder / "run" / "checkpoints").exists()
    assert isinstance(events[-2], Verdict) and events[-2] == verdict


def test_it_travels_with_the_model_file(base: ModelEntry, mine: Path) -> None:
    entry = model_installing.install(mine, "mine")
    assert entry.kind == "adapted" and entry.parts_sha256() == entry.sha256() != base.parts_sha256()
    colorizer = model_loading.load_colorizer(entry.path, "cpu")
    assert isinstance(colorizer, ReferenceColorizer) and colorizer._matcher is not None
    assert colorizer._matcher.sha256 == hashlib.sha256(mine.read_bytes()).hexdigest()
    taught = colorizer._matcher._network.head.state_dict()
    plain = model_loading.build(model_catalog.matcher() or Path())[1].state_dict()
    differ = [name for name, value in taught.items() if not torch.equal(value, plain[f"head.{name}"].float())]
    assert differ and all(f"head.{name}" in {one.split(":")[-1] for one in head_of(entry.path)} for name in differ)
    model_installing.delete("mine")
    assert not entry.path.exists()


def test_another_version_of_the_matching_is_not_taken_for_it(base: ModelEntry, mine: Path) -> None:
    plain = model_catalog.matcher()
    assert plain is not None
    other = model_loading.build(plain)
    checkpoint.save(plain, other[1].state_dict(), replace(other[0], name="newer"))
    for use in (lambda: model_loading.load_colorizer(mine), lambda: model_installing.install(mine)):
        with pytest.raises(CheckpointError, match="made from another version of"):
            use()
    model_loading.load_colorizer(base.path, "cpu")


def test_a_file_that_changes_what_it_does_not_name_is_damaged(base: ModelEntry, mine: Path) -> None:
    info, stored = checkpoint.read_info(mine), checkpoint.load_stored(mine)
    checkpoint.save(mine, stored, replace(info, parts=None))
    with pytest.raises(CheckpointError, match="damaged"):
        model_loading.load_colorizer(mine)
    checkpoint.save(mine, {"parts:change:head.nothing": torch.zeros(2)}, info)
    with pytest.raises(CheckpointError, match="damaged"):
        model_loading.load_colorizer(mine)


def test_what_is_judged_was_not_learned_from(base: ModelEntry, tmp_path: Path) -> None:
    """Another drawing in the place of the pictures of a fold changes nothing of the head that judges them."""
    heads = []
    first = list(sheet_of(4).pictures)
    for number in range(2):
        shown = first
        if number:
            fold = folds_of(4, TAUGHT.seed)[0]
            others = pictures(4, character=9)
            shown = [
                SheetPicture(one.path, one.name, others[at]) if at in fold else one for at, one in enumerate(first)
            ]
        run = MatchingRun(CharacterSheet(tuple(shown)), base, TAUGHT, tmp_path / str(number))
        run.place.open()
        list(run.prepare(lambda: Wish.GO))
        steps = run.train(0, lambda: Wish.GO)
        with pytest.raises(StopIteration) as ended:
            while True:
                next(steps)
        run.place.release()
        heads.append(ended.value.value)
    assert all(torch.equal(value, heads[1][name]) for name, value in heads[0].items())


@pytest.mark.parametrize(("count", "word"), [(1, "nothing can be known"), (2, "proves less")])
def test_few_pictures_say_what_can_be_known(base: ModelEntry, tmp_path: Path, count: int, word: str) -> None:
    events = teach(base, tmp_path / "run", count=count)
    assert isinstance(events[0], Prepared) and isinstance(events[-1], Finished)
    assert word in events[0].note and events[0].judged == (0 if count == 1 else 2)
    assert len(events[-1].verdict.pictures) == count


def test_measuring_leaves_nothing_behind(base: ModelEntry, tmp_path: Path) -> None:
    events = teach(base, tmp_path / "run", measure_only=True)
    assert [type(one).__name__ for one in events] == ["Prepared", "Measured"]
    assert isinstance(events[-1], Measured) and events[-1].seconds_needed > 0.0
    assert not (tmp_path / "run").exists()


def test_a_cancelled_run_goes_on_to_the_weights_of_one_that_was_not(base: ModelEntry, tmp_path: Path) -> None:
    whole = teach(base, tmp_path / "whole")[-1]
    for asked in (2, 3, 4):  # how often a person is asked before: each time it comes further
        part = teach(base, tmp_path / "parts", wishes=wishing(*[Wish.GO] * asked, Wish.CANCEL))
        assert part[-1] == Stopped(resumable=True)
    last = teach(base, tmp_path / "parts")
    assert isinstance(last[0], Prepared) and last[0].resumed
    assert isinstance(whole, Finished) and isinstance(last[-1], Finished)
    one, other = head_of(whole.path), head_of(last[-1].path)
    assert one.keys() == other.keys() and all(torch.equal(value, other[name]) for name, value in one.items())
    assert whole.verdict.after == last[-1].verdict.after


def test_a_run_that_is_stopped_is_judged_by_what_there_is(base: ModelEntry, tmp_path: Path) -> None:
    config = replace(TAUGHT, steps=200)
    events = teach(base, tmp_path / "run", count=3, config=config, wishes=wishing(*[Wish.GO] * 9, Wish.STOP))
    assert isinstance(events[-1], Finished) and len(events[-1].verdict.pictures) == 1
    assert checkpoint.read_info(events[-1].path).provenance["steps"] < 20


def test_one_that_was_stopped_and_then_cancelled_goes_on_as_short(base: ModelEntry, tmp_path: Path) -> None:
    config = replace(TAUGHT, steps=200)
    asked = wishing(*[Wish.GO] * 9, *[Wish.STOP] * 3, Wish.CANCEL)
    assert teach(base, tmp_path / "run", config=config, wishes=asked)[-1] == Stopped(resumable=True)
    last = teach(base, tmp_path / "run", config=config)[-1]
    assert isinstance(last, Finished) and checkpoint.read_info(last.path).provenance["steps"] < 20


def test_minutes_bound_the_steps_of_every_head(base: ModelEntry, tmp_path: Path) -> None:
    events = teach(base, tmp_path / "run", config=replace(TAUGHT, steps=10**6, minutes=0.01))
    progress = [event for event in events if isinstance(event, Progressed)]
    assert progress[-1].step == progress[-1].steps < 10**4
    assert isinstance(events[-1], Finished)


def test_a_pause_is_told_and_ends(base: ModelEntry, tmp_path: Path) -> None:
    events = teach(base, tmp_path / "run", wishes=wishing(*[Wish.GO] * 6, Wish.PAUSE, Wish.PAUSE, Wish.GO))
    paused = [event.paused for event in events if isinstance(event, Progressed)]
    assert paused.count(True) == 1 and paused[-1] is False
    assert isinstance(events[-1], Finished)


def test_the_folder_of_a_run_that_taught_colors_is_refused(base: ModelEntry, tmp_path: Path) -> None:
    list(fine_tune(sheet_of(2), base, "Mine", QUICK, tmp_path / "run", wishing(Wish.GO, Wish.GO, Wish.CANCEL)))
    with pytest.raises(TrainingError, match="other pictures or settings"):
        teach(base, tmp_path / "run")


def test_without_a_file_that_matches_there_is_nothing_to_teach(
    base: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_catalog, "_matchers", list)
    with pytest.raises(CheckpointError, match="no file of nurie-parts"):
        teach(base, tmp_path / "run")


def test_colors_taught_before_stay(base: ModelEntry, tmp_path: Path) -> None:
    first = list(fine_tune(sheet_of(2), base, "Mine", QUICK, tmp_path / "one"))[-1]
    assert isinstance(first, Finished)
    entry = model_installing.install(first.path, "colors")
    second = teach(entry, tmp_path / "two")[-1]
    assert isinstance(second, Finished)
    one, both = (model_loading.load(path)[1] for path in (first.path, second.path))
    assert all(torch.equal(value, both[name]) for name, value in one.items())
    assert head_of(second.path) and checkpoint.read_info(second.path).parts is not None


@given(st.integers(1, 60), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_folds_judge_a_picture_once_and_leave_some_to_learn_from(count: int, seed: int) -> None:
    folds = folds_of(count, seed)
    judged = [number for fold in folds for number in fold]
    assert len(set(judged)) == len(judged) == (0 if count == 1 else min(count, 8))
    assert all(0 < len(fold) < count for fold in folds) and all(0 <= number < count for number in judged)


@pytest.mark.parametrize(
    ("gains", "further", "better"),
    [
        ((0.02, 0.01, 0.0), -0.5, True),
        ((0.02, 0.01, 0.0), 0.0, True),
        ((0.02, 0.01, 0.0), 0.5, False),  # a region at the bound of what is right
        ((0.01, -0.02, 0.0), -0.5, False),
        ((0.2, -0.01, -0.01), -0.5, False),  # one picture alone may be chance
        ((0.002, 0.002, 0.002), -0.5, False),
        ((0.0, 0.0), 0.0, False),
        ((-0.1,), -0.5, False),
    ],
)
def test_what_is_better(gains: tuple[float, ...], further: float, better: bool) -> None:
    before = Score(0.5, 9.0, 0.4)
    pairs = [(before, Score(0.5 + gain, 9.0 + further, 0.4)) for gain in gains]
    assert is_better(pairs) is better


def test_drawings_depend_on_seed_and_number_alone(base: ModelEntry, tmp_path: Path) -> None:
    made = []
    for seed in (1, 1, 2):
        run = MatchingRun(sheet_of(2), base, replace(TAUGHT, seed=seed), tmp_path / "none")
        while not run.pieces.is_full:
            run.pieces.make_next()
        made.append(run.pieces)
    one, same, other = ([drawing.piece.geometry for drawing in pieces.drawings] for pieces in made)
    assert all(np.array_equal(*pair) for pair in zip(one, same, strict=True))
    assert any(a.shape != b.shape or not np.array_equal(a, b) for a, b in zip(one, other, strict=False))
    again, first = (pieces.draws((0,), 4)(7) for pieces in made[:2])
    assert torch.equal(again.pairs, first.pairs) and torch.equal(again.right, first.right)

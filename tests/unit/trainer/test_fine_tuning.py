"""Adapting a model: samples, held-out pictures, the run with its stops, the verdict and what is left of it."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import checkpoint, model_catalog, model_loading
from engine.errors import CheckpointError, TrainingError
from engine.model_catalog import ModelEntry
from tests.characters import QUICK, pictures, sheet_of, wishing, write_base
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
from trainer.sheet_judge import hold_out, is_better
from trainer.sheet_samples import SheetSamples


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    monkeypatch.setattr(model_catalog, "_folders", {})
    model_catalog.set_user_folder(tmp_path)
    return write_base(tmp_path)


def adapt(
    base: ModelEntry, folder: Path, count: int = 3, config: FineTuneConfig = QUICK, **more: object
) -> list[Event]:
    return list(fine_tune(sheet_of(count), base, "Mine", config, folder, **more))  # type: ignore[arg-type]


def names(events: list[Event]) -> list[str]:
    """The kinds of events, each run of progress as one."""
    found = [type(event).__name__ for event in events]
    return [name for number, name in enumerate(found) if number == 0 or name != found[number - 1]]


def test_a_whole_run_tells_what_it_does_and_leaves_a_model_that_loads(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(base, tmp_path / "run")
    order = [name for name in names(events) if name not in ("Progressed", "Sampled")]
    assert order == ["Prepared", "Measured", "Verdict", "Finished"]
    prepared, finished = events[0], events[-1]
    assert isinstance(prepared, Prepared) and isinstance(finished, Finished)
    assert (prepared.pictures, prepared.pairs, len(prepared.held_out), prepared.resumed) == (3, 2, 1, False)
    info, network = model_loading.build(finished.path)
    assert info.base is not None and info.base.sha256 == base.sha256()
    assert info.licence == "CC0-1.0" and info.attributions == ("Drawn by us.",)
    before = model_loading.build(base.path)[1].state_dict()
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert changed and not any(name.startswith(("sketch_encoder", "sketch_tokens")) for name in changed)
    assert finished.path.stat().st_size < 10_000_000
    card = finished.path.with_suffix(".md").read_text(encoding="utf-8")
    assert "Drawn by us." in card and base.sha256() in card and "0.png" not in card
    verdict = next(event for event in events if isinstance(event, Verdict))
    assert all(path.is_file() for one in verdict.pictures for path in (one.before, one.after, one.truth))
    sample = next(event for event in events if isinstance(event, Sampled))
    assert sample.before.is_file() and sample.after.is_file() and sample.truth.is_file()


def test_held_out_pictures_are_never_learned_from(base: ModelEntry, tmp_path: Path) -> None:
    """Another drawing in its place changes nothing of the weights."""
    first = list(sheet_of(4).pictures)
    held = hold_out(first, QUICK.seed).judged[0]
    other = SheetPicture(held.path, held.name, pictures(1, character=9)[0])
    second = [other if one is held else one for one in first]
    weights = []
    for number, sheet in enumerate((first, second)):
        events = list(fine_tune(CharacterSheet(tuple(sheet)), base, "Mine", QUICK, tmp_path / str(number)))
        assert isinstance(events[-1], Finished)
        weights.append(model_loading.load(events[-1].path)[1])
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())


@pytest.mark.parametrize(("count", "judged", "real"), [(1, 1, False), (2, 1, False), (3, 1, True), (12, 2, True)])
def test_what_is_held_out(count: int, judged: int, real: bool) -> None:
    sheet = [SheetPicture(Path(str(i)), str(i), one) for i, one in enumerate(pictures(min(count, 3)) * 4)][:count]
    split = hold_out(sheet, 1)
    assert (len(split.judged), split.real, len(split.learned)) == (judged, real, count - judged if real else count)
    assert not ({id(one) for one in split.judged} & {id(one) for one in split.learned})


def test_one_picture_is_enough_and_says_that_it_proves_less(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(base, tmp_path / "run", count=1)
    assert isinstance(events[0], Prepared) and isinstance(events[-1], Finished)
    assert events[0].held_out == () and "proves less" in events[0].note
    assert "proves less" in events[-1].path.with_suffix(".md").read_text(encoding="utf-8")


def test_measuring_leaves_nothing_behind(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(base, tmp_path / "run", measure_only=True)
    assert names(events) == ["Prepared", "Measured"]
    assert isinstance(events[-1], Measured) and events[-1].seconds_needed > 0.0
    assert not (tmp_path / "run").exists()


def test_a_cancelled_run_goes_on_to_the_weights_of_one_that_was_not(base: ModelEntry, tmp_path: Path) -> None:
    config = replace(QUICK, steps=9)
    whole = adapt(base, tmp_path / "whole", config=config)[-1]
    go = [Wish.GO] * 3
    first = adapt(base, tmp_path / "parts", config=config, wishes=wishing(*go, Wish.CANCEL))
    assert first[-1] == Stopped(resumable=True)
    second = adapt(base, tmp_path / "parts", config=config)
    assert isinstance(second[0], Prepared) and second[0].resumed
    assert isinstance(whole, Finished) and isinstance(second[-1], Finished)
    one, other = (model_loading.load(path)[1] for path in (whole.path, second[-1].path))
    assert all(torch.equal(value, other[name]) for name, value in one.items())


def test_a_run_that_is_stopped_is_judged(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(
        base, tmp_path / "run", config=replace(QUICK, steps=500), wishes=wishing(Wish.GO, Wish.GO, Wish.STOP)
    )
    assert isinstance(events[-1], Finished)
    assert checkpoint.read_info(events[-1].path).provenance["steps"] < 20


def test_a_pause_is_told_and_ends(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(base, tmp_path / "run", wishes=wishing(Wish.GO, Wish.PAUSE, Wish.PAUSE, Wish.GO))
    paused = [event.paused for event in events if isinstance(event, Progressed)]
    assert paused.count(True) == 1 and paused[-1] is False
    assert isinstance(events[-1], Finished)


def test_the_folder_of_another_run_is_refused(base: ModelEntry, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    adapt(base, folder, config=replace(QUICK, steps=9), wishes=wishing(Wish.GO, Wish.GO, Wish.CANCEL))
    with pytest.raises(TrainingError, match="holds a run of other pictures or settings"):
        adapt(base, folder, count=4, config=replace(QUICK, steps=9))
    (folder / "run.json").write_text("{")
    with pytest.raises(TrainingError, match="other pictures or settings"):
        adapt(base, folder, config=replace(QUICK, steps=9))


def test_the_folder_of_another_training_is_refused(base: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "run" / "checkpoints").mkdir(parents=True)
    with pytest.raises(TrainingError, match="holds another training"):
        adapt(base, tmp_path / "run")


def test_a_folder_that_is_a_file_is_refused(base: ModelEntry, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(TrainingError, match="cannot be used"):
        adapt(base, tmp_path / "run")


def test_minutes_set_the_number_of_steps(base: ModelEntry, tmp_path: Path) -> None:
    events = adapt(base, tmp_path / "run", config=replace(QUICK, steps=10**6, minutes=0.005))
    progress = [event for event in events if isinstance(event, Progressed)]
    assert progress[-1].step == progress[-1].steps < 10**4
    assert isinstance(events[-1], Finished)


def test_an_adapted_model_can_be_adapted_again(base: ModelEntry, tmp_path: Path) -> None:
    first = adapt(base, tmp_path / "one")[-1]
    assert isinstance(first, Finished)
    place = base.path.with_name("first.safetensors")
    place.write_bytes(first.path.read_bytes())
    second = adapt(model_catalog.find(place), tmp_path / "two")[-1]
    assert isinstance(second, Finished)
    info = checkpoint.read_info(second.path)
    assert info.base is not None and info.base.sha256 == base.sha256()
    second.path.rename(base.path.with_name("second.safetensors"))
    model_loading.build(base.path.with_name("second.safetensors"))


def test_running_out_of_memory_is_one_sentence(
    base: ModelEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("trainer.fine_tuning_run.weighted_l1", fail)
    with pytest.raises(TrainingError, match="too little memory to adapt"):
        adapt(base, tmp_path / "run")


def test_a_base_that_is_not_installed_is_refused(base: ModelEntry, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    base.path.rename(elsewhere / base.path.name)
    with pytest.raises(CheckpointError, match="is not installed"):
        adapt(model_catalog.find(elsewhere / base.path.name), tmp_path / "run")


@pytest.mark.parametrize(
    ("after", "better"),
    [
        (Score(0.6, 5.0, 0.6), True),
        (Score(0.5, 5.0, 0.6), True),
        (Score(0.6, 4.0, 0.5), False),
        (Score(0.6, 4.0, 0.505), False),
        (Score(0.5, 5.0, 0.5), False),
        (Score(0.4, 1.0, 0.9), False),
        (Score(0.6, 5.0, 0.3), False),
    ],
)
def test_what_is_better(after: Score, better: bool) -> None:
    assert is_better(Score(0.5, 5.0, 0.5), after) is better


def test_samples_depend_on_seed_and_number_alone_and_keep_the_colors() -> None:
    shown = pictures(3)
    samples = SheetSamples(shown, QUICK, 32)
    one, again = samples.sample(7), SheetSamples(shown, QUICK, 32).sample(7)
    assert torch.equal(one.line, again.line) and torch.equal(one.target, again.target)
    assert one.line.shape[2:] == one.target.shape[2:] and one.line.shape[2] % 32 == 0
    colors = np.unique(np.concatenate([picture.reshape(-1, 3) for picture in shown]), axis=0).astype(np.int16)
    values = ((one.target[0].permute(1, 2, 0).reshape(-1, 3) + 1.0) * 127.5).round().numpy()
    near = [np.abs(colors - value).max(axis=1).min() <= 12 for value in values[::37]]
    assert np.mean(near) > 0.9


def test_a_single_picture_is_its_own_reference() -> None:
    samples = SheetSamples(pictures(1), QUICK, 32)
    assert samples.pairs == 1
    assert all(len(samples.sample(number).references) == 1 for number in range(4))


def test_settings_out_of_range_are_refused() -> None:
    for name, value in {"steps": 0, "minutes": 0.0, "size": 8, "learning_rate": 2.0, "sigma": 0.05}.items():
        with pytest.raises(TrainingError, match=f"'{name}'"):
            FineTuneConfig(**{**dataclasses.asdict(QUICK), name: value})

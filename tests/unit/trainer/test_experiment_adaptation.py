"""Measuring what an adaptation brings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine import model_catalog
from engine.errors import TrainingError
from engine.model_catalog import ModelEntry
from tests.characters import QUICK, write_base, write_pictures
from trainer.experiments import adaptation
from trainer.experiments.adaptation import Trial
from trainer.fine_tuning_events import Score


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelEntry:
    monkeypatch.setattr(model_catalog, "_folders", {})
    model_catalog.set_user_folder(tmp_path)
    for character in (3, 4):
        write_pictures(tmp_path / "data" / "characters" / f"c{character}", 3, character)
    return write_base(tmp_path)


def trials(base: ModelEntry, folder: Path, stop_after: int | None = None) -> tuple[list[Trial], bool]:
    """All trials, or stopped while a later character is being measured."""
    told: list[str] = []

    def stop() -> bool:
        return stop_after is not None and len({line.split(":")[0] for line in told}) > stop_after

    return adaptation.run_trials(
        folder / "data", folder / "out", base, replace(QUICK, steps=4), 2, lambda line, part: told.append(line), stop
    )


def test_each_character_is_measured_on_drawings_that_are_not_on_its_sheet(base: ModelEntry, tmp_path: Path) -> None:
    found, finished = trials(base, tmp_path)
    assert finished and [one.character for one in found] == ["c3", "c4"]
    for one in found:
        assert (len(one.sheet), one.measured, one.steps) == (2, 1, 4)
        assert 0.0 <= one.before.region_accuracy <= 1.0 and one.seconds > 0.0 and one.cpu_seconds > 0.0
    text = adaptation.write_report(found, tmp_path / "out", "the command").read_text(encoding="utf-8")
    assert text.startswith("`the command`\n") and "| c3 | 1 | " in text and "| **mean, as used** | 2 | " in text


def test_a_stopped_measurement_goes_on_with_what_is_left(base: ModelEntry, tmp_path: Path) -> None:
    first, finished = trials(base, tmp_path, stop_after=1)
    assert not finished and [one.character for one in first] == ["c3"]
    result = tmp_path / "out" / "c3" / adaptation.RESULT
    result.write_text(json.dumps({**json.loads(result.read_text()), "measured": 77}))
    second, finished = trials(base, tmp_path)
    assert finished and second[0].measured == 77  # it was not measured again
    result.write_text("{}")
    with pytest.raises(TrainingError, match="is damaged: remove it"):
        trials(base, tmp_path)


def test_where_the_verdict_is_not_better_the_base_counts() -> None:
    good, bad = Score(0.8, 4.0, 0.7), Score(0.2, 9.0, 0.1)
    kept = Trial("a", ("1",), 1, 4, True, bad, good, 1.0, 1.0)
    left = Trial("b", ("1",), 1, 4, False, good, bad, 1.0, 1.0)
    mean = adaptation.means([kept, left])
    assert mean["before"]["region_accuracy"] == pytest.approx(0.5)
    assert mean["used"]["region_accuracy"] == pytest.approx(0.8)

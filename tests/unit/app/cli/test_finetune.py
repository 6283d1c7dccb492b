"""`nurie finetune`, and `nurie models --install` and `--delete`."""

import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from PIL import Image

from app.cli import finetune
from app.cli.finetune_report import duration
from app.cli.stdin_words import Control
from engine import model_catalog
from engine.sentences import from_plain
from tests.characters import QUICK, TAUGHT, write_base, write_matcher, write_pictures
from tests.unit.app.cli.conftest import Run
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Score

Nurie = Callable[..., Run]


@pytest.fixture
def place(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder `sheet` of three pictures, the base model `tiny`, and settings for seconds."""
    write_pictures(tmp_path / "sheet", 3)
    write_base(models)
    monkeypatch.setattr(FineTuneConfig, "quick", classmethod(lambda cls, teach: QUICK))
    return tmp_path


def events(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.splitlines()]


def verdict_is(better: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.sheet_judge.is_better", lambda before, after: better)


def test_every_event_of_a_run_that_is_better(nurie: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict_is(True, monkeypatch)
    run = nurie("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--json")
    assert (run.code, run.err) == (0, "")
    told = events(run)
    kinds = [event["event"] for event in told]
    assert kinds[:2] == ["prepared", "measured"] and kinds[-2:] == ["verdict", "installed"]
    assert {"progress", "sample"} <= set(kinds)
    prepared, measured, verdict, installed = told[0], told[1], told[-2], told[-1]
    assert (prepared["pictures"], prepared["pairs"], prepared["skipped"], prepared["resumed"]) == (3, 2, [], False)
    assert len(prepared["held_out"]) == 1 and prepared["disk_bytes"] > 0
    assert measured["samples_per_second"] > 0.0 and measured["seconds_needed"] > 0.0
    progress = next(event for event in told if event["event"] == "progress")
    assert set(progress) == {"event", "step", "steps", "seconds", "seconds_left", "loss", "paused"}
    assert set(verdict["before"]) >= {"region_accuracy", "delta_e"} and verdict["better"] is True
    assert all(Path(verdict["pictures"][0][key]).is_file() for key in ("before", "after", "truth"))
    entry = model_catalog.find("Mine")
    assert (installed["name"], installed["path"]) == ("Mine", str(entry.path))
    assert (installed["sha256"], installed["bytes"]) == (entry.sha256(), entry.path.stat().st_size)
    assert entry.kind == "adapted" and entry.path.with_suffix(".md").is_file()


def test_what_is_taught_is_the_matching_unless_colors_are_asked_for(
    nurie: Nurie, place: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_matcher(models)
    asked: list[str] = []

    def quick(_: type, teach: str) -> FineTuneConfig:
        asked.append(teach)
        return TAUGHT if teach == "matching" else QUICK

    monkeypatch.setattr(FineTuneConfig, "quick", classmethod(quick))
    monkeypatch.setattr("trainer.sheet_pieces.DRAWINGS", 3)
    common = ("finetune", place / "sheet", "--name", "Mine", "--keep-worse")
    taught = nurie(*common, "--run", place / "one")
    assert taught.code == 0 and "3 pictures judged by what has learned from others only" in taught.out
    assert " points" in taught.out and "installed as 'Mine'" in taught.out
    info = model_catalog.find("Mine").info
    assert info is not None and info.parts is not None
    listed = {one["name"]: one["parts"] for one in nurie("models", "--json").json["models"]}
    assert listed["tiny"] is None and listed["Mine"]["sha256"] == info.parts.sha256
    told = events(nurie(*common, "--run", place / "two", "--measure", "--json"))
    assert (told[0]["judged"], told[0]["held_out"]) == (3, [])
    nurie(*common, "--run", place / "three", "--measure", "--teach", "colors")
    assert asked == ["matching", "matching", "colors"]


def test_worse_is_kept_out_and_can_be_installed_later(
    nurie: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict_is(False, monkeypatch)
    run = nurie("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--json")
    last = events(run)[-1]
    assert (run.code, last["event"]) == (0, "kept_out")
    assert "no better than before" in last["why"]
    assert [entry.name for entry in model_catalog.installed()] == ["tiny"]
    installed = nurie("models", "--install", last["file"], "--json")
    assert installed.json["installed"] == "adapted"
    listed = nurie("models", "--json").json["models"]
    assert [(one["name"], one["kind"]) for one in listed] == [("tiny", "whole"), ("adapted", "adapted")]
    assert listed[1]["base"]["name"] == "tiny"
    assert nurie("models", "--delete", "adapted").out.startswith("deleted 'adapted'")
    assert [entry.name for entry in model_catalog.installed()] == ["tiny"]


def test_worse_is_installed_where_it_is_insisted_on(nurie: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    verdict_is(False, monkeypatch)
    run = nurie("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--keep-worse")
    assert run.code == 0
    assert "3 pictures, 2 pairs to learn from, " in run.out
    assert "before: " in run.out and "after:  " in run.out
    assert f"installed as 'Mine' (0.0 MB): {model_catalog.find('Mine').path}" in run.out


def test_measuring_only(nurie: Nurie, place: Path) -> None:
    run = nurie("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--measure", "--json")
    assert run.code == 0
    assert [event["event"] for event in events(run)] == ["prepared", "measured"]
    assert not (place / "run").exists()


def test_what_is_left_out_is_told(nurie: Nurie, place: Path) -> None:
    Image.new("RGB", (20, 20), "red").save(place / "sheet" / "tiny.png")
    (place / "sheet" / "copy.png").write_bytes((place / "sheet" / "0.png").read_bytes())
    (place / "sheet" / "damaged.png").write_bytes(b"no picture")
    (place / "sheet" / "notes.txt").write_text("not a picture")
    run = nurie("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--measure", "--json")
    skipped = {Path(one["path"]).name: one["why"] for one in events(run)[0]["skipped"]}
    assert set(skipped) == {"tiny.png", "copy.png", "damaged.png"}
    assert "20 pixels" in skipped["tiny.png"] and "0.png" in skipped["copy.png"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.png", "--name", "Mine"], "There is no file or folder missing.png"),
        (["sheet", "--name", "tiny"], "There is a model named 'tiny' already"),
        (["sheet", "--name", "//"], "cannot be called '//'"),
        (["sheet", "--name", "Mine", "--model", "nobody"], "There is no model named 'nobody'"),
        (["empty", "--name", "Mine"], "There are no pictures in empty"),
        (["sheet/0.png", "--name", "Mine", "--run", "sheet/0.png"], "cannot be used"),
        (["sheet", "--name", "Mine", "--minutes", "0"], "minutes above 0"),
        (["sheet", "--name", "Mine", "--sigma", "9"], "sigma from"),
        (["sheet"], "--name"),
    ],
)
def test_bad_input_is_one_line(
    nurie: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    (place / "empty").mkdir()
    monkeypatch.chdir(place)
    assert said in nurie("finetune", *arguments).error


def test_an_error_is_an_event_too(nurie: Nurie, place: Path) -> None:
    Image.new("RGB", (20, 20), "red").save(place / "dot.png")
    run = nurie("finetune", place / "dot.png", "--name", "Mine", "--json")
    assert run.code == 2
    (event,) = events(run)
    assert (event["event"], event["message"]) == ("error", run.err.removeprefix("nurie: error: ").rstrip("\n"))
    sentence = from_plain(event)["message"]
    assert sentence.template == "There is no picture to learn from: {0}: {1}" and sentence == event["message"]
    assert sentence.values[1].template.startswith("it is tiny, {0} pixels")


def test_a_closed_stdin_stops_a_run_that_can_go_on(nurie: Nurie, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("finetune", place / "sheet", "--name", "Mine", "--run", place / "run", "--json", "--control")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    # The steps are so many that the end of stdin is always met first.
    monkeypatch.setattr(
        FineTuneConfig, "quick", classmethod(lambda cls, teach: FineTuneConfig(teach="colors", steps=10**6, size=64))
    )
    run = nurie(*arguments)
    assert (run.code, events(run)[-1]["event"]) == (0, "stopped")


def test_words_on_stdin() -> None:
    """The last word counts; after stop or cancel none does, and the end of stdin is a cancel."""
    for text, word in {
        "pause\n": "cancel",
        "pause\nresume\nstop\npause\n": "stop",
        "nonsense\ncancel\nresume\n": "cancel",
        "": "cancel",
    }.items():
        control = Control(io.StringIO(text))
        control.start()
        for thread in threading.enumerate():
            if thread.name == "control":
                thread.join(5.0)
        assert (control.word, control.closed) == (word, True), text


def test_presets_and_names_of_scores_are_those_of_the_trainer() -> None:
    assert get_args(get_type_hints(FineTuneConfig)["preset"]) == finetune.PRESETS
    assert get_args(get_type_hints(FineTuneConfig)["teach"]) == finetune.TAUGHT
    assert FineTuneConfig.quick().preset == "quick" and FineTuneConfig.thorough().preset == "thorough"
    assert set(Score.__dataclass_fields__) >= {"region_accuracy", "delta_e"}


@pytest.mark.parametrize(("seconds", "shown"), [(0.2, "1 s"), (89.0, "89 s"), (100.0, "2 min"), (7300.0, "2 h 2 min")])
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown

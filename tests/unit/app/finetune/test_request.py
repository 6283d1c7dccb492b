import json
import os
from pathlib import Path

import pytest

from app.finetune import request
from app.finetune.request import FinetuneRequest

ASKED = FinetuneRequest((Path("a b.png"), Path("ぬりえ.png")), "mio", "thorough", 0.35, "nurie-compact", "colors")


def test_the_command_line_is_told_everything() -> None:
    words = ASKED.arguments(Path("run"))
    assert words[:3] == ["finetune", "a b.png", "ぬりえ.png"]
    for option, value in (
        ("--name", "mio"),
        ("--preset", "thorough"),
        ("--sigma", "0.35"),
        ("--model", "nurie-compact"),
        ("--run", "run"),
        ("--teach", "colors"),
    ):
        assert words[words.index(option) + 1] == value
    assert {"--json", "--control"} <= set(words)
    assert "--measure" not in words
    assert "--measure" in ASKED.arguments(Path("run"), measure=True)
    assert "--model" not in FinetuneRequest((Path("a.png"),), "mio").arguments(Path("run"))


def test_a_note_brings_the_run_back(tmp_path: Path) -> None:
    request.write_note(tmp_path / "one", ASKED, is_over=False)
    request.write_note(tmp_path / "two", FinetuneRequest((), "x"), is_over=True)
    found = {note.folder.name: note for note in request.read_notes(tmp_path)}
    assert found["one"].request == ASKED
    assert not found["one"].is_over
    assert found["two"].is_over


def test_a_note_of_before_there_was_a_choice_goes_on_with_colors(tmp_path: Path) -> None:
    request.write_note(tmp_path / "one", FinetuneRequest((Path("a.png"),), "mio"), is_over=False)
    assert request.read_notes(tmp_path)[0].request.teach == "matching"
    path = tmp_path / "one" / request.NOTE
    values = json.loads(path.read_text(encoding="utf-8"))
    del values["teach"]
    path.write_text(json.dumps(values), encoding="utf-8")
    assert request.read_notes(tmp_path)[0].request.teach == "colors"


def test_without_runs_there_are_none(tmp_path: Path) -> None:
    assert request.read_notes(tmp_path / "nowhere") == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 99}', "\x00", '{"version": 1, "sheets": 3}'])
def test_a_note_that_cannot_be_read_is_left_alone(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / request.NOTE).write_text(text, encoding="utf-8")
    assert request.read_notes(tmp_path) == []
    assert (folder / request.NOTE).exists()


def test_values_of_a_changed_note_are_kept_in_bounds(tmp_path: Path) -> None:
    request.write_note(tmp_path / "one", ASKED, is_over=False)
    path = tmp_path / "one" / request.NOTE
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "sigma": 9.0, "preset": "odd"}))
    found = request.read_notes(tmp_path)[0].request
    assert (found.sigma, found.preset) == (0.5, "quick")


def test_a_run_that_another_window_works_on_is_not_free(tmp_path: Path) -> None:
    request.write_note(tmp_path / "one", ASKED, is_over=False)
    note = request.read_notes(tmp_path)[0]
    lock = request.lock_of(note.folder)
    assert lock.tryLock(0)
    assert not request.is_free(note)
    lock.unlock()
    assert request.is_free(note)


def test_what_a_crash_left_is_abandoned_after_a_day(tmp_path: Path) -> None:
    old, young, noted, other = (tmp_path / name for name in ("a" * 12, "b" * 12, "c" * 12, "mio"))
    for folder in (old, young, noted, other):
        folder.mkdir()
    request.write_note(noted, ASKED, is_over=False)
    for folder in (old, noted, other):
        os.utime(folder, (0, 0))
    assert request.abandoned(tmp_path) == [old]
    assert request.FOLDER_NAME.fullmatch(request.new_name())


def test_the_real_command_line_understands_it() -> None:
    from app.cli.main import build_parser

    for measure in (False, True):
        told = build_parser().parse_args(ASKED.arguments(Path("run"), measure=measure))
        assert told.sheet == list(ASKED.sheets)
        assert (told.name, told.preset, told.sigma, told.model, told.teach) == (
            "mio",
            "thorough",
            0.35,
            "nurie-compact",
            "colors",
        )
        assert (told.folder, told.measure, told.json, told.control) == (Path("run"), measure, True, True)

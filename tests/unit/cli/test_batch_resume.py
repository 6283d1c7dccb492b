"""`nurie batch FOLDER`: what is there already, what failed, and how it goes on after an end."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.errors import PictureError
from tests.unit.cli.conftest import FakeColorizer, Run
from tests.unit.cli.folders import BLUE, RED, color_file, color_of, events, line_file, made, named

Batch = Callable[..., Run]


@pytest.mark.parametrize("choice", ["skip", "overwrite", "number"])
def test_what_is_there_already(batch: Batch, place: Path, choice: str) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "b.png")
    color_file(place / "out" / "a.png", BLUE)
    run = batch("--on-exists", choice, "--json")
    assert run.code == 0
    assert color_of(place / "out" / "b.png") == RED
    assert color_of(place / "out" / "a.png") == (RED if choice == "overwrite" else BLUE)
    assert made(place) == {"a.png", "b.png"} | ({"a-2.png"} if choice == "number" else set())
    assert named(run, "skipped") == ({"a.png"} if choice == "skip" else set())
    again = batch("--on-exists", choice, "--json")
    assert named(again, "finished") == set(), "what is colored already is not colored again"
    assert made(place) == {"a.png", "b.png"} | ({"a-2.png"} if choice == "number" else set())


def test_drawings_of_one_name_are_numbered_and_keep_their_numbers(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.tif")
    assert batch().code == 0
    line_file(place / "in" / "a.bmp", (44, 30))
    run = batch("--json")
    assert named(run, "finished") == {"a.bmp"}
    assert made(place) == {"a.png", "a-2.png"}
    with Image.open(place / "out" / "a.png") as image:
        assert image.size == (40, 30), "the new drawing did not take the old one's place"


def test_a_changed_drawing_is_colored_anew(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "b.png")
    assert batch().code == 0
    line_file(place / "in" / "a.png", (50, 30))
    run = batch("--on-exists", "overwrite", "--json")
    assert named(run, "finished") == {"a.png"}
    (place / "out" / "b.png").unlink()
    assert named(batch("--json"), "finished") == {"b.png"}
    run = batch("--on-exists", "overwrite", "--sigma", "0.5", "--json")
    assert named(run, "finished") == {"a.png", "b.png"}


def test_failed_drawings_are_listed_and_retried_on_request(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    (place / "in" / "broken.png").write_text("text")
    first = batch()
    assert first.code == 1
    assert first.err.count("broken.png is not a picture") == 1
    again = batch("--json")
    assert (again.code, named(again, "started"), named(again, "failed")) == (1, set(), {"broken.png"})
    retried = batch("--retry-failed", "--json")
    assert (retried.code, named(retried, "started")) == (1, {"broken.png"})
    line_file(place / "in" / "broken.png")
    mended = batch("--json")
    assert (mended.code, named(mended, "finished")) == (0, {"broken.png"})


def test_an_unreadable_drawing_and_folder(batch: Batch, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "b.png")
    (place / "in" / "closed").mkdir()
    real_open, real_scan = Path.open, os.scandir

    # Rights alone would not do: the tests may run as root.
    def refuse_drawing(self: Path, *arguments: Any, **options: Any) -> Any:
        if self.name == "b.png":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_open(self, *arguments, **options)

    def refuse_folder(path: Any = ".") -> Any:
        if Path(path).name == "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_scan(path)

    monkeypatch.setattr(Path, "open", refuse_drawing)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    run = batch("--recursive")
    assert run.code == 1
    assert "b.png: You have no permission to read" in run.err
    assert "closed may not be looked into" in run.err
    assert made(place) == {"a.png"}


def test_a_full_disk_stops_the_batch(batch: Batch, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        line_file(place / "in" / f"{number}.png")
    real, written = Image.Image.save, []

    def save(self: Image.Image, target: Any, *arguments: Any, **options: Any) -> None:
        if options.get("format") == "PNG":
            written.append(target)
            if len(written) > 2:
                raise OSError(errno.ENOSPC, "No space left on device")
        real(self, target, *arguments, **options)

    monkeypatch.setattr(Image.Image, "save", save)
    run = batch("--jobs", 1)
    assert run.code == 1
    assert "the disk is full" in run.err
    assert "the same command goes on" in run.err
    assert len(written) == 3, "nothing more was tried"
    assert made(place) == {"0.png", "1.png"}
    monkeypatch.setattr(Image.Image, "save", real)
    assert batch("--jobs", 1).code == 0
    assert len(made(place)) == 9


def test_a_damaged_reference_of_one_folder_fails_its_drawings_only(batch: Batch, place: Path) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "two" / "b.png")
    color_file(place / "in" / "two" / "references" / "girl.png", RED).write_text("text")
    run = batch("--recursive")
    assert run.code == 1
    assert "two/b.png: girl.png is not a picture" in run.err
    (place / "reference.png").write_text("text")
    assert "reference.png is not a picture" in batch().error


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(batch: Batch, place: Path) -> None:
    for number in range(40):
        line_file(place / "in" / f"{number:02d}.png")
    steps: list[None] = []

    def interrupt() -> None:
        steps.append(None)
        if len(steps) == 30:
            import _thread

            _thread.interrupt_main()

    FakeColorizer.on_step.append(interrupt)
    run = batch("--jobs", 2)
    assert run.code == 130
    assert "the same command goes on" in run.err
    before = made(place)
    assert 1 <= len(before) < 40
    FakeColorizer.on_step.clear()
    run = batch("--json")
    assert run.code == 0
    assert len(made(place)) == 40
    assert len(named(run, "finished")) == 40 - len(before)


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """A stdin to say words on."""
    reading, writing = os.pipe()
    monkeypatch.setattr("sys.stdin", os.fdopen(reading, encoding="utf-8"))
    with os.fdopen(writing, "w", encoding="utf-8", buffering=1) as words:
        yield lambda word: print(word, file=words, flush=True)


def test_words_on_stdin_pause_resume_and_stop(
    batch: Batch, place: Path, listening: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.cli.batch_output import JsonVoice

    for number in range(30):
        line_file(place / "in" / f"{number:02d}.png")
    real = JsonVoice.say
    said: list[str] = []

    def say(self: JsonVoice, event: dict[str, Any]) -> None:
        said.append(event["event"])
        if event["event"] == "finished" and said.count("finished") == 3:
            listening("pause")
        elif event["event"] == "paused":
            listening("resume")
        elif event["event"] == "resumed":
            listening("stop")
        real(self, event)

    # Slow enough that the words come while there is work.
    FakeColorizer.on_step.append(lambda: __import__("time").sleep(0.02))
    monkeypatch.setattr(JsonVoice, "say", say)
    run = batch("--json", "--control", "--jobs", 1)
    assert run.code == 130
    order = [event for event in said if event in ("paused", "resumed", "stopped", "ended")]
    assert order == ["paused", "resumed", "stopped", "ended"]
    assert 3 <= len(made(place)) < 30
    last = events(run)[-1]
    assert last["done"] == len(made(place))
    assert last["waiting"] == 30 - last["done"]


def test_an_error_is_an_event_too(batch: Batch, place: Path) -> None:
    run = batch("--json")
    assert run.code == 2
    assert events(run)[-1]["event"] == "error"
    assert events(run)[-1]["message"] in run.err


def test_two_batches_into_one_folder_are_refused(batch: Batch, place: Path) -> None:
    from app.batch.journal import Journal

    line_file(place / "in" / "a.png")
    with Journal(place / "out"):
        assert "Another batch is writing into" in batch().error
    assert batch().code == 0


def test_a_bug_in_one_drawing_does_not_stop_the_rest(
    batch: Batch, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_file(place / "in" / "a.png")
    line_file(place / "in" / "b.png")
    real, calls = FakeColorizer.colorize, []

    def colorize(self: FakeColorizer, request: Any, should_stop: Any = None) -> Any:
        calls.append(request)
        if len(calls) == 1:
            raise KeyError("nix")
        return real(self, request, should_stop)

    monkeypatch.setattr(FakeColorizer, "colorize", colorize)
    run = batch("--jobs", 1)
    assert run.code == 1
    assert "a.png: An unexpected error in Nurie, please report it: KeyError: 'nix'" in run.err
    assert made(place) == {"b.png"}


def test_a_picture_error_of_writing_names_the_drawing(
    batch: Batch, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_file(place / "in" / "a.png")

    def refuse(*_: Any, **__: Any) -> None:
        raise PictureError("Cannot write a.png: you have no permission to write it.")

    monkeypatch.setattr("engine.export.writing.write_png", refuse)
    assert "a.png: Cannot write a.png" in batch().err

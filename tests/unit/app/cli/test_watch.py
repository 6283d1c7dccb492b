"""A folder that is watched: what is saved into it comes out colored, once, and anew when it changes."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.batch.control import Control
from app.batch.folder_batch import RunOptions
from app.batch.plan import BatchOptions
from app.batch.watching import GRACE, RETRY, SETTLED, Watch
from engine.options import Options
from tests.unit.app.cli.conftest import Run


class Clock:
    """Time that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(place: Path, told: list[dict[str, Any]], clock: Clock) -> Callable[[], Watch]:
    """A watch of the folder `in`, as the command makes one."""
    (place / "in").mkdir()

    def made() -> Watch:
        asked = BatchOptions(place / "in", place / "out", Options(), (place / "reference.png",))
        return Watch(RunOptions(asked, jobs=1), told.append, Control(), clock=clock)

    return made


def save(path: Path, gray: int = 0, age: float = 100.0) -> None:
    """A drawing, saved so many seconds ago."""
    image = Image.new("L", (40, 30), 255)
    image.paste(gray, (10, 10, 30, 12))
    image.save(path)
    backdate(path, age)


def backdate(path: Path, age: float) -> None:
    stamp = path.stat().st_mtime - age
    os.utime(path, (stamp, stamp))


def settle(watch: Watch, clock: Clock) -> None:
    """Two looks, between which nothing changes."""
    watch.look()
    clock.now += SETTLED + 0.1
    watch.look()


def finished(told: list[dict[str, Any]]) -> list[str]:
    return [event["name"] for event in told if event["event"] == "finished"]


def test_a_drawing_is_colored_once_it_has_settled(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    watch = make()
    assert not watch.look()
    save(place / "in/a.png")
    assert not watch.look(), "it may still be written"
    clock.now += SETTLED / 2
    save(place / "in/a.png", gray=20, age=50.0)
    assert not watch.look()
    clock.now += SETTLED / 2
    assert not watch.look(), "it changed meanwhile"
    clock.now += SETTLED
    assert watch.look()
    assert finished(told) == ["a.png"] and (place / "out/a.png").exists()
    settle(watch, clock)
    assert finished(told) == ["a.png"], "nothing is done twice"


def test_a_changed_drawing_is_colored_anew_and_a_restart_does_nothing_twice(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    save(place / "in/a.png")
    save(place / "in/b.png")
    settle(make(), clock)
    again = make()
    settle(again, clock)
    assert sorted(finished(told)) == ["a.png", "b.png"]
    save(place / "in/a.png", gray=90, age=10.0)
    settle(again, clock)
    assert sorted(finished(told)) == ["a.png", "a.png", "b.png"]


def test_a_picture_that_was_painted_over_is_left_alone(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    save(place / "in/a.png")
    watch = make()
    settle(watch, clock)
    Image.new("RGB", (40, 30), "blue").save(place / "out/a.png")
    save(place / "in/a.png", gray=90, age=10.0)
    settle(watch, clock)
    assert finished(told) == ["a.png"]
    assert any(event["event"] == "skipped" and event["why"] == "exists" for event in told)
    assert Image.open(place / "out/a.png").convert("RGB").getpixel((1, 1)) == (0, 0, 255)


def test_corrections_beside_a_drawing_are_kept_when_it_changes(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    save(place / "in/a.png")
    watch = make()
    settle(watch, clock)
    hint = {"x": 2, "y": 2, "color": [10, 120, 30], "spread": False}
    corrections = place / "in/a.corrections.json"
    corrections.write_text(json.dumps({"hints": [hint]}))
    settle(watch, clock)
    assert finished(told) == ["a.png", "a.png"]
    save(place / "in/a.png", gray=60, age=60.0)
    settle(watch, clock)
    assert Image.open(place / "out/a.png").convert("RGB").getpixel((2, 2)) == (10, 120, 30)
    corrections.write_text("{")
    settle(watch, clock)
    assert "no JSON file" in next(event for event in told if event["event"] == "failed")["message"]


def test_a_half_written_file_is_waited_for_and_a_broken_one_told_once(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    path = place / "in/a.png"
    save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    watch = make()
    settle(watch, clock)
    assert not [event for event in told if event["event"] == "failed"]
    path.write_bytes(whole)
    clock.now += RETRY
    settle(watch, clock)
    assert finished(told) == ["a.png"]
    (place / "in/bad.png").write_bytes(whole[:40])
    backdate(place / "in/bad.png", GRACE + 5)
    settle(watch, clock)
    settle(watch, clock)
    assert len([event for event in told if event["event"] == "failed"]) == 1


def test_other_references_color_all_drawings_anew(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    save(place / "in/a.png")
    watch = make()
    settle(watch, clock)
    Image.new("RGB", (20, 20), (20, 40, 200)).save(place / "reference.png")
    settle(watch, clock)
    assert finished(told) == ["a.png", "a.png"]


def test_a_broken_settings_file_is_told_and_mended(
    make: Callable[[], Watch], place: Path, told: list[dict[str, Any]], clock: Clock
) -> None:
    save(place / "in/a.png")
    (place / "in/nurie.toml").write_text("sigma = ")
    watch = make()
    settle(watch, clock)
    assert [event for event in told if event["event"] == "note"]
    (place / "in/nurie.toml").write_text("sigma = 0.35\n")
    settle(watch, clock)
    assert finished(told) == ["a.png"]


def test_the_command_ends_when_stdin_does(
    nurie: Callable[..., Run], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    (place / "in").mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("stop\n"))
    run = nurie("watch", place / "in", "--reference", place / "reference.png", "--output", place / "out", "--control")
    assert run.code == 0, run.err
    assert nurie("watch", place / "none", "--output", place / "out").error.startswith("There is no folder")
    assert "no folder to write to" in nurie("watch", place / "in").error

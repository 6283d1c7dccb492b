"""`nurie batch`: one model for many drawings, and a bad row that does not stop the rest."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.cli import output as report
from engine.errors import CheckpointError, PictureError
from tests.unit.app.cli.conftest import FakeColorizer, Run

Nurie = Callable[..., Run]
GOOD = ("line.png", "reference.png")


@pytest.fixture
def batch(nurie: Nurie, place: Path) -> Callable[..., Run]:
    """Run a manifest of (line, reference, output) rows."""

    def run(rows: list[tuple[str, str, str]], *more: object) -> Run:
        lines = ["line,reference,output", *(",".join(row) for row in rows)]
        (place / "pairs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return nurie("batch", "--manifest", place / "pairs.csv", *more)

    return run


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_all_rows_are_colored_with_one_model(batch: Callable[..., Run], place: Path, jobs: int) -> None:
    run = batch([(*GOOD, f"{i}.png") for i in range(7)], "--jobs", jobs, "--json")
    assert run.code == 0
    value = run.json
    assert (value["done"], value["failed"], len(FakeColorizer.loads)) == (7, 0, 1)
    assert value["model"]["name"] == "tiny"
    assert set(value["seconds"]) == {"load", "total"}
    assert value["peak_memory_bytes"] > 0
    assert [result["output"] for result in value["results"]] == [str(place / f"{i}.png") for i in range(7)]
    assert [result["row"] for result in value["results"]] == list(range(2, 9))
    assert all((result["width"], result["height"]) == (40, 30) for result in value["results"])
    for i in range(7):
        with Image.open(place / f"{i}.png") as image:
            assert image.size == (40, 30)


def test_what_a_killed_batch_left_goes_even_if_nothing_is_left_to_color(nurie: Nurie, place: Path) -> None:
    command = ("batch", place / "in", "--reference", place / "reference.png", "--output", place / "out")
    (place / "in").mkdir()
    (place / "line.png").rename(place / "in" / "line.png")
    assert nurie(*command).code == 0
    left = place / "out" / ".nurie-batch" / "thumbnails" / ".nurie-0123456789ab.jpg"
    left.write_bytes(b"")
    assert nurie(*command).code == 0
    assert not left.exists() and left.parent.is_dir()


def test_bad_rows_are_reported_in_order_and_the_rest_go_on(batch: Callable[..., Run], place: Path) -> None:
    (place / "text.png").write_text("text")
    rows = [
        (*GOOD, "a.png"),
        ("none.png", "reference.png", "b.png"),
        ("line.png", "text.png", "c.png"),
        ("line.png", "", "d\0.png"),
        (*GOOD, "e.gif"),
        (*GOOD, "nowhere/f.png"),
        (*GOOD, "line.png"),
        ("line.png", "reference.png; line.png", "g.png"),
    ]
    run = batch(rows, "--json")
    assert run.code == 1
    reports = [line for line in run.err.splitlines() if line.startswith("row ")]
    assert [line.split(":")[0] for line in reports] == [f"row {number}" for number in range(3, 9)]
    for line, said in zip(reports, ("none.png", "not a picture", "reference", ".png", "nowhere", "row 2"), strict=True):
        assert said in line
    value = run.json
    assert (value["done"], value["failed"]) == (2, 6)
    assert ["error" in result for result in value["results"]] == [False, *[True] * 6, False]
    assert (place / "a.png").exists()
    assert (place / "g.png").exists()


def test_without_json_nothing_is_on_stdout(batch: Callable[..., Run]) -> None:
    run = batch([(*GOOD, "a.png"), ("none.png", "reference.png", "b.png")])
    assert (run.code, run.out) == (1, "")
    assert run.err.count("\n") == 2  # the note of the first row, the error of the second


def test_the_second_row_with_an_output_fails(batch: Callable[..., Run], place: Path) -> None:
    run = batch([(*GOOD, "a.png"), (*GOOD, "b.png"), (*GOOD, "models/../a.png")])
    assert run.code == 1
    assert "row 4: It has the same output as row 2; choose another name.\n" in run.err
    assert (place / "a.png").exists()


def test_an_output_that_another_row_reads_is_refused(batch: Callable[..., Run], place: Path) -> None:
    Image.new("RGB", (9, 9), "blue").save(place / "other.png")
    before = (place / "other.png").read_bytes()
    run = batch([(*GOOD, "other.png"), ("line.png", "other.png", "b.png")])
    assert run.code == 1
    assert "row 2: The output would overwrite a picture that row 3 reads" in run.err
    assert (place / "other.png").read_bytes() == before
    assert (place / "b.png").exists()


def test_a_bug_in_one_row_does_not_stop_the_rest(
    batch: Callable[..., Run], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []
    real = FakeColorizer.colorize

    def colorize(self: FakeColorizer, request: Any, should_stop: Any = None) -> Any:
        calls.append(request)
        if len(calls) == 1:
            raise KeyError("nix")
        return real(self, request, should_stop)

    monkeypatch.setattr(FakeColorizer, "colorize", colorize)
    run = batch([(*GOOD, "a.png"), (*GOOD, "b.png")], "--jobs", 1)
    assert run.code == 1
    assert "row 2: An unexpected error in Nurie, please report it: KeyError: 'nix'" in run.err
    assert (place / "b.png").exists()


def test_only_one_drawing_is_in_the_network_at_a_time(batch: Callable[..., Run]) -> None:
    inside, most = threading.Semaphore(1), []

    def step() -> None:
        most.append(inside.acquire(blocking=False))
        inside.release()

    FakeColorizer.on_step.append(step)
    assert batch([(*GOOD, f"{i}.png") for i in range(12)], "--jobs", 4).code == 0
    assert len(most) == 36
    assert all(most)


def test_ctrl_c_stops_the_rows_that_wait(
    batch: Callable[..., Run], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(text: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(report, "note", interrupted)
    before = {path.name for path in place.iterdir()}
    run = batch([(*GOOD, f"{i}.png") for i in range(200)], "--jobs", 1, "--json")
    assert run == Run(130, "", "nurie: stopped\n")
    new = {path.name for path in place.iterdir()} - before - {"pairs.csv"}
    assert 1 <= len(new) < 200
    assert all(name.removesuffix(".png").isdigit() for name in new)


def test_a_bad_manifest_or_model_stops_before_any_work(batch: Callable[..., Run], nurie: Nurie, place: Path) -> None:
    (place / "empty.csv").touch()
    assert "empty" in nurie("batch", "--manifest", place / "empty.csv").error
    assert "there are: tiny" in batch([(*GOOD, "a.png")], "--model", "huge").error
    assert FakeColorizer.loads == []


def test_a_model_that_cannot_be_loaded_is_one_error(batch: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: Path, device: str) -> None:
        raise CheckpointError("The weights do not fit.")

    monkeypatch.setattr(FakeColorizer, "load", load)
    assert batch([(*GOOD, "a.png")]).error == "The weights do not fit."


@pytest.mark.parametrize("suffix", [".csv", ".html"])
def test_a_manifest_has_a_report_as_a_folder_has(batch: Callable[..., Run], place: Path, suffix: str) -> None:
    (place / "text.png").write_text("text")
    told = place / f"told{suffix}"
    run = batch([(*GOOD, "a.png"), ("text.png", "reference.png", "b.png")], "--report", told, "--json")
    assert (run.code, run.json["report"]) == (1, str(told))
    text = told.read_text(encoding="utf-8-sig")
    assert all(words in text for words in ("line.png", "a.png", "text.png", "failed", "40"))
    assert ("data:image/jpeg;base64," in text) == (suffix == ".html")


def test_a_report_that_cannot_be_written_hides_nothing(
    batch: Callable[..., Run], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "must end in" in batch([(*GOOD, "a.png")], "--report", place / "told.txt").error
    assert not (place / "a.png").exists()

    def full(*_: object) -> None:
        raise PictureError("The disk is full.")

    monkeypatch.setattr("app.batch.report.write", full)
    run = batch([(*GOOD, "a.png")], "--report", place / "told.csv", "--json")
    assert (run.code, run.json["done"], run.json["report"]) == (1, 1, None)
    assert run.err.endswith("\nThe disk is full.\n") and (place / "a.png").exists()

"""A batch whose drawings are colored by the workers of a scheduler: the same pictures, report and journal."""

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.batch import cluster_task
from app.batch.cluster import Cluster, HandAgain
from app.batch.cluster_task import Wanted
from app.batch.coloring import Made, Order, Worker
from engine import model_catalog
from engine.errors import CheckpointError, PictureError
from tests.unit.app.cli.conftest import FakeColorizer, Run
from tests.unit.app.cli.folders import BLUE, RED, color_file, color_of, events, line_file, made, named

Batch = Callable[..., Run]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Workers that see no file of ours; the folders of references that they were sent."""
    unpacked: list[Path] = []
    real = cluster_task._unpacked

    def note(digest: str, blobs: cluster_task.Blobs) -> tuple[Path, ...]:
        found = real(digest, blobs)
        unpacked.append(found[0])
        return found

    monkeypatch.setattr(cluster_task, "_digest", lambda _: "")
    monkeypatch.setattr(cluster_task, "sees", lambda _: False)
    monkeypatch.setattr(cluster_task, "_unpacked", note)
    return unpacked


def journal(place: Path) -> list[dict[str, Any]]:
    text = (place / "out" / ".nurie-batch" / "journal.jsonl").read_text()
    left_out = ("seconds", "modified")
    lines = (json.loads(line) for line in text.splitlines())
    return sorted(
        ({key: value for key, value in line.items() if key not in left_out} for line in lines),
        key=lambda line: line["name"],
    )


def bytes_of(place: Path) -> dict[str, bytes]:
    return {name: (place / "out" / name).read_bytes() for name in made(place)}


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize("kind", ["png", "psd"])
def test_the_same_as_on_one_computer(
    batch: Batch, place: Path, address: str, seen: bool, kind: str, request: pytest.FixtureRequest
) -> None:
    for number in range(5):
        line_file(place / "in" / f"{number}.png", (40 + number, 30))
    color_file(place / "in" / "blue" / "references" / "b.png", BLUE)
    line_file(place / "in" / "blue" / "6.png")
    assert batch("--recursive", "--format", kind).code == 0
    alone, noted = bytes_of(place), journal(place)
    (place / "out").rename(place / "alone")
    unpacked = [] if seen else request.getfixturevalue("elsewhere")
    run = batch("--recursive", "--format", kind, "--cluster", address, "--json", "--report", place / "report.csv")
    assert run.code == 0, run.err
    assert bytes_of(place) == alone
    assert journal(place) == noted
    assert len(set(unpacked)) == (0 if seen else 2), "each set of references was sent, and laid down once"
    thumbnails = {path.name for path in (place / "out" / ".nurie-batch" / "thumbnails").iterdir()}
    assert thumbnails == {path.name for path in (place / "alone" / ".nurie-batch" / "thumbnails").iterdir()}
    assert not list((place / "out" / ".nurie-batch").glob("incoming-*"))
    assert "blue/6.png" in (place / "report.csv").read_text(encoding="utf-8")
    again = batch("--recursive", "--format", kind, "--cluster", address, "--json")
    assert named(again, "skipped") == {*(f"{number}.png" for number in range(5)), "blue/6.png"}


def test_one_that_fails_leaves_the_others(batch: Batch, place: Path, address: str) -> None:
    line_file(place / "in" / "a.png")
    (place / "in" / "broken.png").write_text("text")
    run = batch("--cluster", address, "--json")
    assert (run.code, named(run, "failed"), made(place)) == (1, {"broken.png"}, {"a.png"})
    assert "is not a picture" in next(one for one in events(run) if one["event"] == "failed")["message"]
    again = batch("--cluster", address, "--json")
    assert named(again, "started") == set()


def test_a_bug_in_one_is_told_and_the_rest_go_on(
    batch: Batch, place: Path, address: str, colorizer: type[FakeColorizer]
) -> None:
    for name in ("a.png", "b.png"):
        line_file(place / "in" / name)
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError("once")

    colorizer.on_step.append(fail)
    run = batch("--cluster", address, "--json")
    assert (run.code, len(named(run, "failed")), len(made(place))) == (1, 1, 1)


def test_a_picture_that_does_not_show_up_is_sent_back(
    batch: Batch, place: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that took another disk's folder for ours."""
    line_file(place / "in" / "a.png")
    written: list[bool] = []
    real = Worker.color

    def lose(self: Worker, order: Order, *more: Any) -> Made:
        made = real(self, order, *more)
        written.append(order.output.parent.name.startswith("incoming-"))
        if written[-1]:
            order.output.unlink()
        return made

    monkeypatch.setattr(Worker, "color", lose)
    run = batch("--cluster", address, "--json")
    assert (run.code, written, color_of(place / "out" / "a.png")) == (0, [True, False], RED)


def test_a_full_disk_ends_the_batch(batch: Batch, place: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        line_file(place / "in" / f"{number}.png")

    def full(self: Any, *_: Any) -> None:
        raise PictureError("Cannot write it: the disk is full.") from OSError(28, "No space left on device")

    monkeypatch.setattr(Worker, "color", full)
    run = batch("--cluster", address, "--json")
    assert run.code == 1
    stopped = next(one for one in events(run) if one["event"] == "stopped")
    assert "disk is full" in stopped["why"]
    monkeypatch.undo()


def test_a_model_is_known_by_its_digest(place: Path, models: Path, address: str) -> None:
    entry = model_catalog.find("tiny")
    wanted = Wanted.of(entry)
    assert cluster_task.greet([wanted]) == ""
    (models / "renamed.safetensors").write_bytes(entry.path.read_bytes())
    entry.path.unlink()
    assert cluster_task.greet([wanted]) == "", "whatever the file is called there"
    (models / "renamed.safetensors").unlink()
    assert "does not have the model 'tiny'" in cluster_task.greet([wanted])
    with pytest.raises(CheckpointError):
        cluster_task.entry_of(wanted)


def test_what_the_scheduler_gives_up_is_handed_out_again(
    batch: Batch, place: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dask gives up on a drawing after four lost workers, some of which may not even have begun it."""
    for number in range(3):
        line_file(place / "in" / f"{number}.png")
    real, asked = Cluster.result, []

    def give_up(self: Cluster, future: Any, what: Any, should_stop: Callable[[], bool]) -> Any:
        asked.append(what)
        if asked.count(what) < 3:
            raise HandAgain
        return real(self, future, what, should_stop)

    monkeypatch.setattr(Cluster, "result", give_up)
    run = batch("--cluster", address, "--json")
    assert (run.code, len(named(run, "finished")), len(journal(place)), len(asked)) == (0, 3, 3, 9)


def test_a_drawing_that_ends_every_worker_fails_in_the_end() -> None:
    distributed = pytest.importorskip("distributed")

    class Lost:
        status = "error"

        def result(self, timeout: float) -> None:
            raise distributed.KilledWorker("drawing", None, 3)

    cluster = Cluster.__new__(Cluster)
    cluster.lost = Counter()
    for _ in range(3):
        with pytest.raises(HandAgain):
            cluster.result(Lost(), "drawing", lambda: False)  # type: ignore[arg-type]
    with pytest.raises(PictureError, match="Many workers ended"):
        cluster.result(Lost(), "drawing", lambda: False)  # type: ignore[arg-type]


def test_an_answer_that_is_lost_with_its_worker_is_asked_for_again() -> None:
    """A worker that ends after its work, before the answer was fetched, takes the answer with it: no scheduler went
    away, and the drawing is neither over nor failed."""
    pytest.importorskip("distributed")

    class Gone:
        status = "finished"

        def result(self, timeout: float) -> None:
            self.status = "lost"
            raise TimeoutError

    cluster = Cluster.__new__(Cluster)
    cluster.client = SimpleNamespace(status="running")  # type: ignore[assignment]
    with pytest.raises(HandAgain):
        cluster.result(Gone(), "drawing", lambda: False)  # type: ignore[arg-type]


def test_a_lost_worker_changes_no_roundings_of_its_neighbor() -> None:
    cluster = Cluster.__new__(Cluster)
    cluster.workers, cluster.neighbors = None, 1
    alive = {"tcp://here:1": 1, "tcp://here:2": 1, "tcp://there:1": 2}
    cluster.client = SimpleNamespace(nthreads=lambda: alive)  # type: ignore[assignment]
    assert (cluster.jobs, cluster.neighbors) == (4, 2)
    del alive["tcp://here:2"]
    assert (cluster.jobs, cluster.neighbors) == (3, 2)
    alive.clear()
    assert (cluster.jobs, cluster.neighbors) == (0, 2)


def test_no_scheduler_no_files(
    nurie: Callable[..., Run], batch: Batch, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.batch.cluster.CONNECT", 0.3)
    line_file(place / "in" / "a.png")
    assert "No scheduler answers at tcp://127.0.0.1:1" in batch("--cluster", "tcp://127.0.0.1:1").error
    assert "needs certificates" in batch("--cluster", "tls://127.0.0.1:1").error
    (place / "no.pem").write_text("no certificate")
    named = [word for name in ("ca", "cert", "key") for word in (f"--cluster-{name}", place / "no.pem")]
    assert "cannot be used" in batch("--cluster", "tls://127.0.0.1:1", *named).error
    assert "No scheduler answers at nonsense://" in batch("--cluster", "nonsense://x").error
    assert "--cluster-ca is for a cluster" in batch("--cluster-ca", place / "ca.pem").error
    assert "ca.pem" in batch("--cluster", "tls://127.0.0.1:1", "--cluster-ca", place / "ca.pem").error
    assert not (place / "out" / "a.png").exists()


def test_stopping_takes_back_what_is_not_over(
    batch: Batch, place: Path, address: str, colorizer: type[FakeColorizer]
) -> None:
    for number in range(12):
        line_file(place / "in" / f"{number:02}.png")
    import signal

    def interrupt() -> None:
        colorizer.on_step.clear()
        signal.raise_signal(signal.SIGINT)

    colorizer.on_step.append(lambda: None if len(made(place)) < 3 else interrupt())
    with contextlib.suppress(KeyboardInterrupt):
        first = batch("--cluster", address, "--json")
        assert first.code == 130
    kept = made(place)
    assert 0 < len(kept) < 12
    second = batch("--cluster", address, "--json")
    assert second.code == 0
    assert named(second, "finished").isdisjoint(named(second, "skipped"))
    assert len(made(place)) == 12
    assert len(journal(place)) == 12, "each was noted once"

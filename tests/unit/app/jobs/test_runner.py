import threading
from collections.abc import Callable, Generator, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.jobs.job import Job, JobState, Lane
from app.jobs.runner import JobRunner
from engine.errors import Cancelled
from engine.request import Progress

Work = Generator[Progress, None, str]


@pytest.fixture
def runner(qapp: object) -> Iterator[JobRunner]:
    running = JobRunner()
    yield running
    threads = running.threads
    running.close()
    assert all(thread.isFinished() for thread in threads)


class Outcome:
    """Collects what a job comes to."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.failed: list[Exception] = []
        self.threads: list[threading.Thread] = []

    def job(self, work: Callable[[Callable[[], bool]], Work], **options: object) -> Job:
        return Job(Lane.FILES, "Working", work, self._done, self.failed.append, **options)  # type: ignore[arg-type]

    def _done(self, value: object) -> None:
        self.threads.append(threading.current_thread())
        self.done.append(value)


def work_of(value: str, gate: threading.Event | None = None) -> Callable[[Callable[[], bool]], Work]:
    def work(should_stop: Callable[[], bool]) -> Work:
        yield Progress("begun", 0.0)
        while gate is not None and not gate.wait(0.002):
            if should_stop():
                raise Cancelled
        yield Progress("nearly", 0.9)
        return value

    return work


def test_value_arrives_on_the_gui_thread(runner: JobRunner, qtbot: QtBot) -> None:
    outcome = Outcome()
    job = outcome.job(work_of("a"))
    runner.submit(job)
    assert runner.shown_job is job
    qtbot.waitUntil(lambda: outcome.done == ["a"])
    assert outcome.threads == [threading.main_thread()]
    assert job.state == JobState.DONE
    assert runner.jobs == []


def test_jobs_of_a_lane_keep_their_order(runner: JobRunner, qtbot: QtBot) -> None:
    outcome = Outcome()
    for letter in "abcde":
        runner.submit(outcome.job(work_of(letter)))
    qtbot.waitUntil(lambda: len(outcome.done) == 5)
    assert outcome.done == list("abcde")


def test_newest_of_a_key_wins(runner: JobRunner, qtbot: QtBot) -> None:
    outcome, gate = Outcome(), threading.Event()
    first = outcome.job(work_of("first", gate), key="k")
    runner.submit(first)
    qtbot.waitUntil(lambda: first.state == JobState.RUNNING)
    for name in ("second", "third"):
        runner.submit(outcome.job(work_of(name), key="k"))
    qtbot.waitUntil(lambda: bool(outcome.done))
    assert outcome.done == ["third"]
    assert first.state == JobState.CANCELLED


def test_short_jobs_finish_but_only_the_newest_waits(runner: JobRunner, qtbot: QtBot) -> None:
    outcome, gate = Outcome(), threading.Event()
    first = outcome.job(work_of("1", gate), key="k", stoppable=False)
    runner.submit(first)
    qtbot.waitUntil(lambda: first.state == JobState.RUNNING)
    for name in "234":
        runner.submit(outcome.job(work_of(name), key="k", stoppable=False))
    gate.set()
    qtbot.waitUntil(lambda: len(outcome.done) == 2)
    assert outcome.done == ["1", "4"]


def test_failure(runner: JobRunner, qtbot: QtBot) -> None:
    def work(_stop: Callable[[], bool]) -> Work:
        yield Progress("begun", 0.0)
        raise ValueError("no")

    outcome = Outcome()
    runner.submit(outcome.job(work))
    qtbot.waitUntil(lambda: len(outcome.failed) == 1)
    assert str(outcome.failed[0]) == "no"
    runner.submit(outcome.job(work_of("later")))
    qtbot.waitUntil(lambda: outcome.done == ["later"])


def test_cancelled_jobs_bring_nothing(runner: JobRunner, qtbot: QtBot) -> None:
    outcome, gate, told = Outcome(), threading.Event(), []
    job = outcome.job(work_of("x", gate), on_cancelled=lambda: told.append(1))
    runner.submit(job)
    qtbot.waitUntil(lambda: job.state == JobState.RUNNING)
    runner.cancel_all()
    assert told == [1]
    assert runner.shown_job is None
    runner.submit(outcome.job(work_of("next")))
    qtbot.waitUntil(lambda: outcome.done == ["next"])


def test_stop_all_leaves_what_must_finish(runner: JobRunner, qtbot: QtBot) -> None:
    outcome = Outcome()
    runner.submit(outcome.job(work_of("saved"), stoppable=False))
    runner.cancel_all()
    qtbot.waitUntil(lambda: outcome.done == ["saved"])


def test_lanes_run_side_by_side(runner: JobRunner, qtbot: QtBot) -> None:
    outcome, gate = Outcome(), threading.Event()
    runner.submit(outcome.job(work_of("slow", gate)))
    quick = outcome.job(work_of("quick"))
    quick.lane = Lane.LINES
    runner.submit(quick)
    qtbot.waitUntil(lambda: outcome.done == ["quick"])
    gate.set()


def test_close_stops_running_work(qapp: object, qtbot: QtBot) -> None:
    running, outcome, gate = JobRunner(), Outcome(), threading.Event()
    job = outcome.job(work_of("x", gate))
    running.submit(job)
    qtbot.waitUntil(lambda: job.state == JobState.RUNNING)
    threads = running.threads
    running.close()
    assert all(thread.isFinished() for thread in threads)
    running.submit(outcome.job(work_of("too late")))
    assert running.jobs == []

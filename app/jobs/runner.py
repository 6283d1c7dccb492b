"""Runs jobs off the GUI thread, one thread a lane, and brings their outcomes back onto it."""

from __future__ import annotations

import logging
import queue
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal

from app.jobs.job import Job, JobState, Lane
from app.jobs.warm_up import wait_for_libraries
from engine.errors import Cancelled
from engine.request import Progress

log = logging.getLogger(__name__)
STOP_TIMEOUT_MS = 10_000


class JobRunner(QObject):
    """Queue and threads. All methods are for the GUI thread."""

    changed = Signal()  # a job began, advanced or ended
    _reported = Signal(object, str, object)  # from a lane's thread: job, "progress" | "done" | "failed" | "stopped"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._threads: dict[Lane, _LaneThread] = {}
        self._closed = False
        self._reported.connect(self._receive, Qt.ConnectionType.QueuedConnection)

    @property
    def jobs(self) -> list[Job]:
        """Waiting and running jobs, oldest first."""
        return list(self._jobs)

    @property
    def threads(self) -> list[QThread]:
        """The threads of the lanes that were used, to wait for when the runner is closed."""
        return list(self._threads.values())

    @property
    def shown_job(self) -> Job | None:
        """The job to show in the status bar: a running one before a waiting one, none of the quiet ones."""
        loud = [job for job in self._jobs if not job.quiet]
        running = [job for job in loud if job.state == JobState.RUNNING]
        return (running or loud or [None])[-1]

    def submit(self, job: Job) -> None:
        """Run the job when its lane is free. Jobs of the same key make way."""
        if self._closed:
            return
        if job.key:
            for older in self.jobs:
                if older.key == job.key and (older.stoppable or older.state == JobState.WAITING):
                    self.cancel(older)
        self._jobs.append(job)
        if job.lane not in self._threads:
            self._threads[job.lane] = _LaneThread(job.lane, self)
            self._threads[job.lane].start()
        self._threads[job.lane].queue.put(job)
        self.changed.emit()

    def cancel(self, job: Job) -> None:
        """The outcome is no longer wanted; the work stops at its next chance."""
        if job.is_over:
            return
        job.ask_to_stop()
        job.state = JobState.CANCELLED
        self._jobs.remove(job)
        if job.on_cancelled:
            job.on_cancelled()
        self.changed.emit()

    def cancel_all(self) -> None:
        """Cancel every job that shows itself and can be stopped."""
        for job in self.jobs:
            if job.stoppable and not job.quiet:
                self.cancel(job)

    def close(self) -> None:
        """Stop everything and wait for the threads to end."""
        self._closed = True
        for job in self.jobs:
            self.cancel(job)
        for thread in self._threads.values():
            thread.queue.put(None)
        for thread in self._threads.values():
            if not thread.wait(STOP_TIMEOUT_MS):
                log.warning("The %s thread did not end in time.", thread.objectName())
        self._threads.clear()

    def report(self, job: Job, kind: str, value: Any) -> None:
        """For the lanes' threads: send news of a job to the GUI thread."""
        self._reported.emit(job, kind, value)

    def _receive(self, job: Job, kind: str, value: Any) -> None:
        if job.is_over or self._closed:
            return
        if kind == "progress":
            job.state = JobState.RUNNING
            job.progress = value
        else:
            self._jobs.remove(job)
            self._end(job, kind, value)
        self.changed.emit()

    def _end(self, job: Job, kind: str, value: Any) -> None:
        if kind == "done":
            job.state = JobState.DONE
            job.on_done(value)
        elif kind == "failed":
            job.state = JobState.FAILED
            job.on_failed(value)
        else:
            job.state = JobState.CANCELLED
            if job.on_cancelled:
                job.on_cancelled()


class _LaneThread(QThread):
    """Takes jobs off a queue until it finds None."""

    def __init__(self, lane: Lane, runner: JobRunner) -> None:
        super().__init__()
        self.setObjectName(f"nurie-{lane.value}")
        self.setStackSize(16 * 1024 * 1024)  # a thread's own default is too small for torch on macOS
        self.queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._runner = runner

    def run(self) -> None:
        while (job := self.queue.get()) is not None:
            if job.waits:
                wait_for_libraries()
            if not job.should_stop():
                self._work_on(job)
            # A finished job must not keep its pictures alive while the queue is empty.
            del job

    def _work_on(self, job: Job) -> None:
        report = self._runner.report
        try:
            report(job, "progress", Progress(job.title, 0.0))
            steps = job.work(job.should_stop)
            while True:
                try:
                    progress = next(steps)
                except StopIteration as end:
                    report(job, "done", end.value)
                    return
                if job.should_stop():
                    steps.close()
                    report(job, "stopped", None)
                    return
                report(job, "progress", progress)
        except Cancelled:
            report(job, "stopped", None)
        except Exception as error:
            report(job, "failed", error)

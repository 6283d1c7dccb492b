"""What the controllers have in common: they hand work to the lanes and say what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Signal

from app.jobs.job import Job, Lane, Work
from app.jobs.runner import JobRunner
from engine.request import Progress


class JobOwner(QObject):
    """Submits jobs; what goes wrong arrives by `failed`, what is worth a word by `noticed`."""

    failed = Signal(object)  # an exception, or a sentence
    noticed = Signal(str)  # a sentence for the status bar

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner

    def submit(
        self,
        lane: Lane,
        title: str,
        work: Work | Generator[Progress, None, Any],
        on_done: Callable[[Any], None],
        key: str = "",
        *,
        stoppable: bool = True,
        quiet: bool = False,
        waits: bool = True,
        on_failed: Callable[[Exception], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Hand in work; see `Job` for the arguments of the same names.

        work: a generator, or a function that makes one and is told how to ask whether to stop.
        owner: a window or dialog that waits for the outcome; once it is deleted nobody is told.
        """

        def tell(told: Callable[[Any], None], value: Any) -> None:
            if owner is None or shiboken6.isValid(owner):
                told(value)

        # A generator begins to work only when its lane takes the first step.
        steps: Work = work if callable(work) else lambda _stop: work
        done, failed = partial(tell, on_done), partial(tell, on_failed or self.failed.emit)
        job = Job(lane, title, steps, done, failed, key, stoppable, quiet, waits, on_cancelled)
        self.runner.submit(job)
        return job

"""What the controllers have in common: they hand work to the lanes and say what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.jobs.job import Job, Lane
from app.jobs.runner import JobRunner
from engine.request import Progress


class JobOwner(QObject):
    """Submits jobs; what goes wrong arrives by `failed`, what is worth a word by `noticed`."""

    failed = Signal(object)  # an exception, or a sentence
    noticed = Signal(str)  # a sentence for the status bar

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner

    def _submit(
        self,
        lane: Lane,
        title: str,
        steps: Generator[Progress, None, Any],
        on_done: Callable[[Any], None],
        key: str = "",
        *,
        stoppable: bool = True,
        quiet: bool = False,
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        # The generator begins to work only when its lane takes the first step.
        failed = on_failed or self.failed.emit
        self.runner.submit(Job(lane, title, lambda _stop: steps, on_done, failed, key, stoppable, quiet))

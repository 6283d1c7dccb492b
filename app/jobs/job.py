"""One long task: a generator, each `yield` of which is a progress and a place to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from engine.request import Progress

Work = Callable[[Callable[[], bool]], Generator[Progress, None, Any]]


class JobState(Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Lane(Enum):
    """Jobs of one lane run one after another; lanes run side by side, so that a slider need not wait for a network."""

    FILES = "files"
    LINES = "lines"
    COLOR = "color"
    PROJECT = "project"


@dataclass(eq=False)
class Job:
    """A task and what to do with its outcome.

    work: called off the GUI thread with `should_stop`; yields Progress, returns the value.
    on_done, on_failed: called on the GUI thread with the value or the exception; neither of them after a cancellation.
    key: a newer job of the same key takes this one's place; empty: nothing does.
    stoppable: whether a newer job also stops this one while it runs, or only while it waits. Short jobs are left to
    finish, so that a slider dragged faster than the computer follows is still seen to move.
    quiet: without a word in the status bar.
    waits: for the libraries that are being loaded when the program starts; what imports none of them need not.
    """

    lane: Lane
    title: str
    work: Work
    on_done: Callable[[Any], None]
    on_failed: Callable[[Exception], None]
    key: str = ""
    stoppable: bool = True
    quiet: bool = False
    waits: bool = True
    on_cancelled: Callable[[], None] | None = None
    state: JobState = JobState.WAITING
    progress: Progress | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Done, cancelled or failed."""
        return self.state not in (JobState.WAITING, JobState.RUNNING)

    def should_stop(self) -> bool:
        """Whether the work is no longer wanted."""
        return self._stop.is_set()

    def ask_to_stop(self) -> None:
        """Tell the work that it is no longer wanted."""
        self._stop.set()

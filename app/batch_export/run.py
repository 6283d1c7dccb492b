"""A batch as the window sees it: its child process, what that said so far, and its row in the jobs panel."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.batch.request import BatchRequest
from app.jobs.child_process import ChildProcess
from app.jobs.child_run import STOPPED, ChildRun, MakeChild
from app.jobs.long_run import RunState, Words
from app.language.engine_words import said


@dataclass
class BatchProgress:
    """How far a batch is.

    drawings: all; to_do: to be colored in this run; over: of these. in_work: step and share of each drawing. failures:
    name and sentence. thumbnail: of the picture that was made last.
    """

    drawings: int = 0
    to_do: int = 0
    over: int = 0
    colored: int = 0
    before: int = 0
    exists: int = 0
    in_work: dict[str, tuple[str, float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    share: float | None = None
    seconds_left: float | None = None
    last: str = ""
    thumbnail: Path | None = None
    report: Path | None = None
    problem: str = ""  # why there is no report


class BatchRun(ChildRun):
    """A batch; it goes on where the journal in its output folder says it ended."""

    def __init__(
        self, request: BatchRequest, make_child: MakeChild = ChildProcess, parent: QObject | None = None
    ) -> None:
        self.request = request
        self.standing = BatchProgress()
        self._why = ""
        self._was_stopped = False
        super().__init__(self._title, make_child, parent)

    def _title(self) -> str:
        title = self.tr("Watched: {0}") if self.request.watch else self.tr("Batch: {0}")
        return title.format(Path(self.request.folder).name or self.request.folder)

    def start(self, *, retry_failed: bool = False) -> None:
        """Begin, or go on where the journal in the output folder says it ended."""
        if self._child is not None:
            return
        self.standing = BatchProgress()
        self._why = ""
        self._was_stopped = False
        self._launch(self.request.arguments(retry_failed=retry_failed), self._where)

    def _go_on(self) -> None:
        self.start()

    def _paused(self) -> str:
        return self.tr("Paused; {0}").format(self._where())

    def _received(self, event: dict[str, Any]) -> None:
        standing, name = self.standing, str(event.get("name", ""))
        match event["event"]:
            case "preparing":
                step = str(event.get("step", ""))
                self._while_running(lambda: said(step) + "…")
            case "planned":
                standing.drawings, standing.to_do = _count(event, "drawings"), _count(event, "to_do")
                standing.share = 0.0
            case "started":
                standing.in_work[name] = "", 0.0
            case "progress":
                standing.in_work[name] = str(event.get("step", "")), _share(event, "fraction") or 0.0
                standing.share, standing.seconds_left = _share(event, "share"), _share(event, "seconds_left")
            case "finished":
                standing.in_work.pop(name, None)
                standing.over += 1
                standing.colored += 1
                standing.last = str(event.get("output", ""))
                standing.thumbnail = Path(event["thumbnail"]) if event.get("thumbnail") else None
                standing.failures.pop(name, None)  # of a drawing that was watched and mended
            case "skipped":
                standing.before += event.get("why") == "before"
                standing.exists += event.get("why") == "exists"
            case "failed":
                standing.over += standing.in_work.pop(name, None) is not None
                standing.failures[name] = str(event.get("message", ""))
            case "stopped":
                self._was_stopped = True
                self._why = str(event.get("why", ""))
            case "watching":
                standing.in_work.clear()
                standing.share, standing.seconds_left = 1.0, None
                self._while_running(self._watching)
            case "ended":
                standing.report = Path(event["report"]) if event.get("report") else None
                standing.problem = str(event.get("problem") or "")
        if event["event"] in ("planned", "started", "progress", "finished", "failed"):
            self._while_running(self._where)
        self.changed.emit()

    def _while_running(self, message: Words) -> None:
        if self.state == RunState.RUNNING:
            self.row.show(RunState.RUNNING, message, self.standing.share, self.standing.seconds_left)

    def _where(self) -> str:
        standing = self.standing
        if not standing.drawings:
            return self.tr("Looking through the folder…")
        words = self.tr("{0} of {1} drawings").format(standing.over, standing.to_do)
        return self.tr("{0}, {1} failed").format(words, len(standing.failures)) if standing.failures else words

    def _watching(self) -> str:
        standing = self.standing
        words = self.tr("Watching the folder; {0} colored so far").format(standing.colored)
        return self.tr("{0}, {1} failed").format(words, len(standing.failures)) if standing.failures else words

    def _over(self, code: int, sentence: str) -> None:
        standing = self.standing
        standing.in_work.clear()
        if self._was_stopped or code in (STOPPED, -1):
            why = self._why or ("" if self._was_stopped or code == STOPPED else sentence)
            stopped = partial(said, why) if why else lambda: self.tr("Stopped; it can go on.")
            self._show(RunState.INTERRUPTED, stopped, standing.share)
        elif self.request.watch and code == 0:
            self._show(RunState.INTERRUPTED, lambda: self.tr("Not watched any more; it can go on."))
        elif code in (0, 1) and standing.drawings:
            self._show(RunState.DONE, self._outcome, 1.0)
        else:
            self._show(RunState.FAILED, partial(said, sentence))

    def _outcome(self) -> str:
        standing = self.standing
        words = [self.tr("{0} colored").format(standing.colored)]
        if standing.before:
            words.append(self.tr("{0} colored before").format(standing.before))
        if standing.exists:
            words.append(self.tr("{0} were there already").format(standing.exists))
        if standing.failures:
            words.append(self.tr("{0} failed").format(len(standing.failures)))
        if standing.problem:
            words.append(said(standing.problem))
        return " · ".join(words)


def _count(event: dict[str, Any], key: str) -> int:
    value = event.get(key)
    return value if isinstance(value, int) else 0


def _share(event: dict[str, Any], key: str) -> float | None:
    value = event.get(key)
    return float(value) if isinstance(value, int | float) else None

"""A scene being colored: its child process, what that said, and its row in the jobs panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.jobs.child_process import ChildProcess
from app.jobs.long_run import RunRow, RunState, Verb
from app.language.engine_words import said
from app.video.wish import SceneWish

MakeChild = Callable[[QObject], ChildProcess]

STOPPED = 130  # exit code


@dataclass(frozen=True)
class Doubt:
    """A track whose color is uncertain: where to look, how many frames it has, and the swatch that was taken."""

    frame: int
    x: int
    y: int
    frames: int
    swatch: str


@dataclass(frozen=True)
class Outcome:
    """What the child told at its end. palette: names and colors. shots: the frames that begin one."""

    frames: int
    shots: tuple[int, ...]
    palette: tuple[tuple[str, tuple[int, int, int]], ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


class SceneRun(QObject):
    """Starts the child, follows it, tells it what a person wants. All methods are for the GUI thread."""

    changed = Signal()
    ended = Signal()  # the child has ended; `row.state` says how
    opened = Signal()  # a person wants to see it
    removed = Signal()  # a person wants to see it no longer

    def __init__(self, wish: SceneWish, make_child: MakeChild = ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wish = wish
        self.outcome: Outcome | None = None
        self.row = RunRow(self.tr("Scene: {0}").format(Path(wish.scene).name or wish.scene), self)
        self.row.asked.connect(self._do)
        self._make_child = make_child
        self._child: ChildProcess | None = None
        self._corrections: Path | None = None
        self.row.show(RunState.INTERRUPTED, self.tr("Not finished; it can go on."))

    @property
    def is_alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None

    def start(self, corrections: Path | None) -> None:
        """Begin, or go on with what is known. corrections: the file of the answers."""
        if self._child is not None:
            return
        self._corrections = corrections
        self._show(RunState.RUNNING, self.tr("Reading the frames…"))
        self._child = self._make_child(self)
        self._child.received.connect(self._received)
        self._child.ended.connect(self._ended)
        self._child.start(self.wish.arguments(corrections))

    def close(self) -> None:
        """End the child with the program; the scene can go on another day."""
        if self._child is not None:
            self._child.close()

    def _do(self, verb: Verb) -> None:
        if verb == Verb.OPEN:
            self.opened.emit()
        elif verb == Verb.REMOVE:
            self.removed.emit()
        elif self._child is None and verb == Verb.RESUME:
            self.start(self._corrections)
        elif self._child is not None:
            self._tell(self._child, verb)

    def _tell(self, child: ChildProcess, verb: Verb) -> None:
        if verb == Verb.PAUSE:
            child.send("pause")
            self._show(RunState.PAUSED, self.tr("Paused"), self.row.fraction)
        elif verb == Verb.RESUME:
            child.send("resume")
            self._show(RunState.RUNNING, self.tr("Going on…"), self.row.fraction)
        elif verb == Verb.CANCEL:
            child.send("stop")
            child.terminate()
            self._show(RunState.ENDING, self.tr("Stopping…"), self.row.fraction)

    def _received(self, event: dict[str, Any]) -> None:
        if event["event"] == "ended":
            self.outcome = _outcome(event)
        elif event["event"] == "progress" and self.row.state == RunState.RUNNING:
            share = event.get("share")
            fraction = float(share) if isinstance(share, int | float) else None
            self._show(RunState.RUNNING, said(str(event.get("step", ""))) + "…", fraction)

    def _ended(self, code: int, sentence: str) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.deleteLater()
        if code == 0 and self.outcome is not None:
            self._show(RunState.DONE, self._told(self.outcome), 1.0)
        elif code in (STOPPED, -1):
            words = self.tr("Stopped; it can go on.") if code == STOPPED else sentence
            self._show(RunState.INTERRUPTED, words, self.row.fraction)
        else:
            self._show(RunState.FAILED, said(sentence))
        self.ended.emit()

    def _told(self, outcome: Outcome) -> str:
        words = [self.tr("{0} frames in {1} shots").format(outcome.frames, len(outcome.shots))]
        if outcome.doubts:
            words.append(self.tr("{0} to check").format(len(outcome.doubts)))
        return " · ".join([*words, *(said(note) for note in outcome.notes)])

    def _show(self, state: RunState, message: str, fraction: float | None = None) -> None:
        self.row.show(state, message, fraction)
        self.changed.emit()


def _outcome(event: dict[str, Any]) -> Outcome | None:
    """What an event says, None where it is none of ours."""
    try:
        palette = tuple((str(one["name"]), (*map(int, one["color"]),)) for one in event["palette"])
        doubts = tuple(
            Doubt(int(one["frame"]), int(one["x"]), int(one["y"]), int(one["frames"]), str(one["swatch"]))
            for one in event["doubts"]
        )
        shots = tuple(int(one) for one in event["shots"])
        colors = tuple((name, (color[0], color[1], color[2])) for name, color in palette)
        return Outcome(int(event["frames"]), shots, colors, doubts, tuple(event["notes"]))
    except (KeyError, TypeError, ValueError, IndexError):
        return None

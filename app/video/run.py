"""A scene being colored: its child process, what that said, and its row in the jobs panel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from app.jobs.child_process import ChildProcess
from app.jobs.child_run import STOPPED, ChildRun, MakeChild
from app.jobs.long_run import RunState
from app.language.engine_words import said
from app.video.wish import SceneWish


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


class SceneRun(ChildRun):
    """A scene; what is known of its frames stays beside what it writes, so that it can go on."""

    def __init__(self, wish: SceneWish, make_child: MakeChild = ChildProcess, parent: QObject | None = None) -> None:
        self.wish = wish
        self.outcome: Outcome | None = None
        self._corrections: Path | None = None
        super().__init__(self._title, make_child, parent)

    def _title(self) -> str:
        return self.tr("Scene: {0}").format(Path(self.wish.scene).name or self.wish.scene)

    def start(self, corrections: Path | None) -> None:
        """Begin, or go on with what is known. corrections: the file of the answers."""
        if self._child is not None:
            return
        self._corrections = corrections
        self._launch(self.wish.arguments(corrections), lambda: self.tr("Reading the frames…"))

    def _go_on(self) -> None:
        self.start(self._corrections)

    def _where(self) -> str:
        return self.tr("Going on…")

    def _received(self, event: dict[str, Any]) -> None:
        if event["event"] == "ended":
            self.outcome = _outcome(event)
        elif event["event"] == "progress" and self.row.state == RunState.RUNNING:
            share = event.get("share")
            fraction = float(share) if isinstance(share, int | float) else None
            step = str(event.get("step", ""))
            self._show(RunState.RUNNING, lambda: said(step) + "…", fraction)

    def _over(self, code: int, sentence: str) -> None:
        outcome = self.outcome
        if code == 0 and outcome is not None:
            self._show(RunState.DONE, lambda: self._told(outcome), 1.0)
        elif code == STOPPED:
            self._show(RunState.INTERRUPTED, lambda: self.tr("Stopped; it can go on."), self.row.fraction)
        elif code == -1:
            self._show(RunState.INTERRUPTED, lambda: sentence, self.row.fraction)
        else:
            self._show(RunState.FAILED, lambda: said(sentence))

    def _told(self, outcome: Outcome) -> str:
        shots, words = len(outcome.shots), [self.tr("{0} frames").format(outcome.frames)]
        if shots > 1:
            words = [self.tr("{0} frames in {1} shots").format(outcome.frames, shots)]
        if outcome.doubts:
            words.append(self.tr("{0} to check").format(len(outcome.doubts)))
        return " · ".join([*words, *(said(note) for note in outcome.notes)])


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

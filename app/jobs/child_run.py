"""What every long run with a child process has: the child, a row in the jobs panel, and the verbs of a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.jobs.child_process import ChildProcess
from app.jobs.long_run import RunRow, RunState, Verb, Words

translate = QCoreApplication.translate

MakeChild = Callable[[QObject], ChildProcess]

STOPPED = 130  # exit code


class ChildRun(QObject):
    """Starts the child, follows it, tells it what a person wants. All methods are for the GUI thread."""

    changed = Signal()
    ended = Signal()  # the child has ended; `state` says how
    opened = Signal()  # a person wants to see it
    removed = Signal()  # a person wants to see it no longer

    def __init__(self, title: Words, make_child: MakeChild, parent: QObject | None, *, can_keep: bool = False) -> None:
        """title, can_keep: of the row."""
        super().__init__(parent)
        self.row = RunRow(title, self, can_keep=can_keep)
        self.row.asked.connect(self._do)
        self._make_child = make_child
        self._child: ChildProcess | None = None
        self.row.show(RunState.INTERRUPTED, lambda: translate("ChildRun", "Not finished; it can go on."))

    @property
    def state(self) -> RunState:
        """How it stands."""
        return self.row.state

    @property
    def is_alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None

    def ask(self, verb: Verb) -> None:
        """A person wants this of the run."""
        self.row.ask(verb)

    def close(self) -> None:
        """End the child with the program; the run can go on another day."""
        if self._child is not None:
            self._child.close()

    def _launch(self, arguments: Sequence[str], message: Words) -> None:
        """Start the child. message: what it does first."""
        self._show(RunState.RUNNING, message)
        self._child = self._make_child(self)
        self._child.received.connect(self._received)
        self._child.ended.connect(self._ended)
        self._child.start(arguments)

    def _do(self, verb: Verb) -> None:
        if verb == Verb.OPEN:
            self.opened.emit()
        elif verb == Verb.REMOVE:
            self.removed.emit()
        elif self._child is not None:
            self._tell(self._child, verb)
        elif verb == Verb.RESUME:
            self._go_on()

    def _tell(self, child: ChildProcess, verb: Verb) -> None:
        row = self.row
        if verb == Verb.PAUSE:
            child.send("pause")
            self._show(RunState.PAUSED, self._paused, row.fraction)
        elif verb == Verb.RESUME:
            child.send("resume")
            self._show(RunState.RUNNING, self._where, row.fraction, row.seconds_left)
        elif verb == Verb.CANCEL:
            child.send("stop")
            child.terminate()
            self._show(RunState.ENDING, lambda: translate("ChildRun", "Stopping…"), row.fraction)

    def _ended(self, code: int, sentence: str) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.deleteLater()
        self._over(code, sentence)
        self.ended.emit()

    def _show(
        self, state: RunState, message: Words, fraction: float | None = None, seconds_left: float | None = None
    ) -> None:
        self.row.show(state, message, fraction, seconds_left)
        self.changed.emit()

    def _paused(self) -> str:
        return translate("ChildRun", "Paused")

    def _where(self) -> str:
        """How far it is, in words."""
        raise NotImplementedError

    def _go_on(self) -> None:
        """A person wants it to go on, and no child runs."""
        raise NotImplementedError

    def _received(self, event: dict[str, Any]) -> None:
        """The child said something."""
        raise NotImplementedError

    def _over(self, code: int, sentence: str) -> None:
        """The child has ended: show how. sentence: its mistake."""
        raise NotImplementedError

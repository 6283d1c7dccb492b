"""One long run as the jobs panel shows it. Whoever runs it says how it stands and does what is asked."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QCoreApplication, QObject, Signal

translate = QCoreApplication.translate

MINUTE, HOUR = 60, 3600


class RunState(Enum):
    """How a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDING = "ending"  # told to stop or to be cancelled, and not yet there
    INTERRUPTED = "interrupted"  # can go on from where it was
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Verb(Enum):
    """What a person can ask of a run."""

    PAUSE = "pause"
    RESUME = "resume"  # after a pause, and of a run that was interrupted
    KEEP = "keep"  # stop now and keep what there is
    CANCEL = "cancel"
    OPEN = "open"
    REMOVE = "remove"  # from the list; of an interrupted run also what it left on disk


Words = Callable[[], str]  # a sentence in the language of the window, whichever that is when it is asked


class RunRow(QObject):
    """Title, state, how far, how long still, and the verbs. All methods are for the GUI thread."""

    changed = Signal()
    asked = Signal(object)  # a Verb

    def __init__(
        self,
        title: Words,
        parent: QObject | None = None,
        *,
        can_pause: bool = True,
        can_keep: bool = False,
        can_open: bool = True,
        state: RunState = RunState.RUNNING,
    ) -> None:
        """can_open: there is a dialog or a folder to open."""
        super().__init__(parent)
        self._title: Words = title
        self._message: Words = str  # nothing yet
        self.state = state
        self.fraction: float | None = None
        self.seconds_left: float | None = None
        self._can_pause, self._can_keep, self._can_open = can_pause, can_keep, can_open

    @property
    def title(self) -> str:
        """What runs, in a few words."""
        return self._title()

    @property
    def message(self) -> str:
        """How it stands, a sentence."""
        return self._message()

    @property
    def is_over(self) -> bool:
        """Done, failed or cancelled."""
        return self.state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED)

    @property
    def verbs(self) -> frozenset[Verb]:
        """What can be asked now."""
        verbs = set[Verb]()
        if self._can_open:
            verbs.add(Verb.OPEN)
        if self.state in (RunState.RUNNING, RunState.PAUSED):
            verbs.add(Verb.CANCEL)
            if self._can_pause:
                verbs.add(Verb.PAUSE if self.state == RunState.RUNNING else Verb.RESUME)
            if self._can_keep:
                verbs.add(Verb.KEEP)
        elif self.state == RunState.INTERRUPTED:
            verbs |= {Verb.RESUME, Verb.REMOVE}
        elif self.is_over:
            verbs.add(Verb.REMOVE)
        return frozenset(verbs)

    def show(
        self, state: RunState, message: Words, fraction: float | None = None, seconds_left: float | None = None
    ) -> None:
        """How it stands now. message: asked when it is shown. fraction: in [0, 1], None where there is no telling."""
        self.state, self._message, self.fraction, self.seconds_left = state, message, fraction, seconds_left
        self.changed.emit()

    def ask(self, verb: Verb) -> None:
        """A person wants this; what cannot be done now is ignored."""
        if verb in self.verbs:
            self.asked.emit(verb)


def time_left(seconds: float | None) -> str:
    """How long it still takes, in words; empty where there is no telling."""
    if seconds is None:
        return ""
    return translate("Time", "{0} left").format(duration(seconds))


def duration(seconds: float) -> str:
    """A time as a person says it: 45 s, 3 min, 1 h 20 min."""
    whole = max(round(seconds), 0)
    if whole < 2 * MINUTE:
        return translate("Time", "{0} s").format(whole)
    if whole < HOUR:
        return translate("Time", "{0} min").format(round(whole / MINUTE))
    hours, minutes = divmod(round(whole / MINUTE), MINUTE)
    return translate("Time", "{0} h {1} min").format(hours, minutes)

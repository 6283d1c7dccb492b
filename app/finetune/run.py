"""One fine-tuning: its child process, what that said so far, and its row in the jobs panel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.finetune import events
from app.finetune.events import Installed, KeptOut, Verdict
from app.finetune.request import FinetuneRequest, lock_of
from app.jobs.child_process import ChildProcess
from app.jobs.child_run import ChildRun, MakeChild
from app.jobs.long_run import RunState, Verb
from app.language import numbers
from trainer.fine_tuning_events import JudgedPicture, Measured, Prepared, Progressed, Sampled

translate = QCoreApplication.translate


class FinetuneRun(ChildRun):
    """A fine-tuning; its folder has all it needs to go on."""

    resume_asked = Signal()  # a person wants it to go on, and it has no child

    def __init__(
        self,
        request: FinetuneRequest,
        folder: Path,
        make_child: MakeChild = ChildProcess,
        parent: QObject | None = None,
    ) -> None:
        """folder: of the run, where it leaves all it needs to go on."""
        self.request = request
        self.folder = folder
        self._lock = lock_of(folder)
        self.of_project = False  # whether it was begun in the project that is open
        self.character: int | None = None  # for whose drawings there
        self.model_before: str | None = None  # that was in use before what this came to
        self._cancelled = False
        self._resumable = False
        self.forget_progress()
        super().__init__(self._title, make_child, parent, can_keep=True)

    def _title(self) -> str:
        return self.tr("Adapting to {0}").format(self.request.name)

    def forget_progress(self) -> None:
        """As before the first event."""
        self.prepared: Prepared | None = None
        self.measured: Measured | None = None
        self.progress: Progressed | None = None
        self.sample: Sampled | None = None
        self.losses: list[tuple[int, float]] = []
        self.verdict: Verdict | None = None
        self.installed: Installed | None = None
        self.kept_out: KeptOut | None = None
        self.failure = ""  # the sentence, where it ended by a mistake

    def start(self) -> None:
        """Begin, or go on where the folder says it stopped."""
        if self._child is not None:
            return
        self.forget_progress()
        if not self._lock.tryLock(0):
            self.failure = self.tr("Another window of Nurie works on this; close that first.")
            self._show(RunState.INTERRUPTED, lambda: self.failure)
            self.ended.emit()
            return
        self._cancelled = self._resumable = False
        self._launch(self.request.arguments(self.folder), lambda: self.tr("Preparing the pictures…"))

    def mark_installed(self, installed: Installed) -> None:
        """It was installed after all."""
        self.installed, self.kept_out = installed, None
        self._show(RunState.DONE, self._outcome)

    def _go_on(self) -> None:
        self.resume_asked.emit()

    def _tell(self, child: ChildProcess, verb: Verb) -> None:
        if verb == Verb.KEEP:
            child.send("stop")
            self._show(RunState.ENDING, lambda: self.tr("Ending, then judging what there is…"), self.row.fraction)
        elif verb == Verb.CANCEL:
            self._cancelled = True
            child.send("cancel")
            child.terminate()
            self._show(RunState.ENDING, lambda: self.tr("Cancelling…"), self.row.fraction)
        else:
            super()._tell(child, verb)

    def _received(self, event: dict[str, Any]) -> None:
        told = events.parse(event)
        if isinstance(told, Prepared):
            self.prepared = told
            if self.state == RunState.RUNNING:
                self._show(RunState.RUNNING, lambda: self.tr("Trying a few steps…"))
        elif isinstance(told, Measured):
            self.measured = told
        elif isinstance(told, Progressed):
            self._progressed(told)
        elif isinstance(told, Sampled):
            self.sample = told
        elif isinstance(told, Verdict):
            self.verdict = told
        elif isinstance(told, Installed):
            self.installed = told
        elif isinstance(told, KeptOut):
            self.kept_out = told
        elif isinstance(told, events.Stopped):
            self._resumable = told.resumable
        self.changed.emit()

    def _progressed(self, progress: Progressed) -> None:
        self.progress = progress
        # A pause tells where it is once more; before the first step there is no loss.
        if progress.step > (self.losses[-1][0] if self.losses else 0):
            self.losses.append((progress.step, progress.loss))
        if self.state == RunState.RUNNING:
            if progress.step >= progress.steps:
                self._show(RunState.RUNNING, lambda: self.tr("Judging by the pictures held out…"), progress.fraction)
            else:
                self._show(RunState.RUNNING, self._where, progress.fraction, progress.seconds_left)
        elif self.state == RunState.PAUSED:
            self._show(RunState.PAUSED, self._paused, progress.fraction)

    def _where(self) -> str:
        if self.progress is None:
            return self.tr("Trying a few steps…")
        return self.tr("Step {0} of {1}").format(self.progress.step, self.progress.steps)

    def _over(self, code: int, sentence: str) -> None:
        self._lock.unlock()
        fraction = self.progress.fraction if self.progress else None
        if self.verdict is not None and (self.installed or self.kept_out):
            self._show(RunState.DONE, self._outcome, 1.0)
        elif self._cancelled and not self._resumable:
            self._show(RunState.CANCELLED, lambda: self.tr("Cancelled"))
        elif self._cancelled or self._resumable:
            self._show(RunState.INTERRUPTED, lambda: self.tr("Stopped; it can go on."), fraction)
        else:
            self.failure = sentence or self.tr("The fine-tuning ended without a verdict; let it go on.")
            self._show(RunState.INTERRUPTED, lambda: self.failure, fraction)

    def _outcome(self) -> str:
        if self.verdict is None:
            return ""
        before, after = (percent(score.region_accuracy) for score in (self.verdict.before, self.verdict.after))
        if self.installed is not None:
            return self.tr("Installed as {0}; regions colored right: {1} before, {2} now.").format(
                self.installed.name, before, after
            )
        return self.tr("Not installed; regions colored right: {0} before, {1} now.").format(before, after)


class Measuring(QObject):
    """Asks a child how long a fine-tuning would take, by a few real steps."""

    prepared = Signal(object)  # Prepared
    measured = Signal(object)  # Measured
    failed = Signal(object)  # a sentence
    idle = Signal()  # no child runs any more

    def __init__(self, make_child: MakeChild = ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._make_child = make_child
        self._children: list[ChildProcess] = []
        self._answered = False

    @property
    def is_idle(self) -> bool:
        """Whether no child runs; one that was told to stop may still do."""
        return not self._children

    def start(self, request: FinetuneRequest, folder: Path) -> None:
        """Measure; a measuring that goes on is dropped. folder: to work in."""
        self.stop()
        self._answered = False
        child = self._make_child(self)
        self._children.append(child)
        child.received.connect(lambda event: self._received(child, event))
        child.ended.connect(lambda _code, sentence: self._ended(child, sentence))
        child.start(request.arguments(folder, measure=True))

    def stop(self) -> None:
        """The answer is no longer wanted."""
        self._answered = True
        for child in self._children:
            child.kill()

    def close(self) -> None:
        """As `stop`, and wait for the end: for the end of the program."""
        self._answered = True
        for child in list(self._children):
            child.close(0)

    def _received(self, child: ChildProcess, event: dict[str, Any]) -> None:
        if self._answered or child is not self._children[-1]:
            return
        told = events.parse(event)
        if isinstance(told, Prepared):
            self.prepared.emit(told)
        elif isinstance(told, Measured):
            self._answered = True
            self.measured.emit(told)

    def _ended(self, child: ChildProcess, sentence: str) -> None:
        is_newest = child is self._children[-1]
        self._children.remove(child)
        child.deleteLater()
        if is_newest and not self._answered:
            self._answered = True
            self.failed.emit(sentence or self.tr("How long it takes could not be measured."))
        if not self._children:
            self.idle.emit()


def what_helps() -> str:
    """What a person can do instead of adapting."""
    return QCoreApplication.translate(
        "FinetuneRun",
        "More references, a hint where a color is wrong, and pairs of a color and its shade may help more.",
    )


def percent(share: float) -> str:
    """A share in [0, 1] as a person reads it."""
    return numbers.percent(share, 1)


def pictures_of(verdict: Verdict) -> list[Path]:
    """All picture files of a verdict, in the order shown: before, after, truth, picture by picture."""
    return [path for one in verdict.pictures for path in _files(one)]


def _files(judged: JudgedPicture) -> tuple[Path, Path, Path]:
    return judged.before, judged.after, judged.truth

"""Undo and redo, bounded in bytes: when what only the history still holds is too much, the oldest steps go first."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from app.document import memory

LIMIT_BYTES = 768 * 1024 * 1024
LIMIT_STEPS = 1000


class Step(QUndoCommand):
    """One step of the history. Subclasses: see `app/document/steps.py`."""

    def is_idle(self) -> bool:
        """Whether it would change nothing, so that there is no step to remember."""
        return False

    def held(self) -> Iterable[object]:
        """What it keeps alive: parts of documents as `app.document.memory` knows them."""
        return ()

    def expire(self) -> None:
        """Free the step, which will never be undone or redone again."""


class History(QObject):
    """The steps of a document. Of QUndoStack it has all but its end: steps that were forgotten cannot be undone."""

    changed = Signal()  # steps came, went, or were undone

    def __init__(self, shown: Callable[[], Iterable[object]], parent: QObject, limit_bytes: int = LIMIT_BYTES) -> None:
        """shown: the parts of the document as it is now, which cost no memory of their own."""
        super().__init__(parent)
        self.limit_bytes = limit_bytes
        self._shown = shown
        self._stack = QUndoStack(self)
        self._first = 0  # steps before this one are forgotten
        self._stack.indexChanged.connect(self.changed)
        self._stack.cleanChanged.connect(self.changed)

    def push(self, step: Step) -> None:
        """Take this step, and remember it. A step that changes nothing is not taken."""
        if step.is_idle():
            return
        self._stack.push(step)
        self._forget_oldest()
        self.changed.emit()

    def undo(self) -> None:
        """Go one step back, if there is one."""
        if self.can_undo:
            self._stack.undo()

    def redo(self) -> None:
        """Go one step forward again, if there is one."""
        self._stack.redo()

    def go_to(self, count: int) -> None:
        """Undo or redo until `count` steps are done, of those that `texts` lists."""
        self._stack.setIndex(self._first + max(0, min(count, len(self.texts))))

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._stack.index() > self._first

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return self._stack.canRedo()

    @property
    def undo_text(self) -> str:
        """The name of the step that `undo` would take back, empty where there is none."""
        return self._stack.undoText() if self.can_undo else ""

    @property
    def redo_text(self) -> str:
        """The name of the step that `redo` would take again, empty where there is none."""
        return self._stack.redoText()

    @property
    def texts(self) -> list[str]:
        """The names of all steps that are remembered, the oldest first."""
        return [self._stack.text(index) for index in range(self._first, self._stack.count())]

    @property
    def done(self) -> int:
        """How many of `texts` are done; the others were undone."""
        return self._stack.index() - self._first

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was at `set_clean`."""
        return self._stack.isClean()

    def set_clean(self) -> None:
        """Note that the document lies in a file as it is now."""
        self._stack.setClean()

    def clear(self) -> None:
        """Forget everything."""
        self._first = 0
        self._stack.clear()
        self.changed.emit()

    @property
    def bytes_held(self) -> int:
        """What the steps keep in memory that the document no longer has."""
        held = memory.sizes_of(part for step in self._steps() for part in step.held())
        shown = memory.sizes_of(self._shown())
        return sum(size for key, size in held.items() if key not in shown)

    def _steps(self) -> list[Step]:
        commands = (self._stack.command(index) for index in range(self._first, self._stack.count()))
        return [one for one in commands if isinstance(one, Step)]

    def _forget_oldest(self) -> None:
        """Bring memory and number of steps under their limits. The newest step stays, however large it is."""
        while self._stack.index() - self._first > 1:
            if self._stack.index() - self._first <= LIMIT_STEPS and self.bytes_held <= self.limit_bytes:
                return
            step = self._stack.command(self._first)
            if isinstance(step, Step):
                step.expire()
            self._first += 1

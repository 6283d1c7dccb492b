"""The steps of the history, one class a verb. A step acts on its page, whichever is shown, and shows it then."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QUndoCommand

from app.document.document import Document
from app.document.history import Step
from app.document.page import Page
from app.document.parts import Drawing, ReferenceItem
from engine.options import FinishOptions, LineOptions

MERGE_SECONDS = 1.0  # changes of one control that follow each other faster are one drag


class DocumentCommand(Step):
    """Other values for fields of one page.

    before, after: values by the names of `Page`'s fields. control: what a person drags; steps of the same verb, page
    and control merge while they follow each other quickly; empty: this step never merges.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        control: str = "",
        page_id: int | None = None,
    ) -> None:
        """page_id: None for the page that is shown."""
        super().__init__(text)
        self.document = document
        self.page_id = document.page_id if page_id is None else page_id
        self.before, self.after = dict(before), dict(after)
        self.control = control
        self.shows_page = True
        self.made = time.monotonic()

    def redo(self) -> None:
        """Do it, or do it again."""
        self._apply(self.after)

    def undo(self) -> None:
        """Take it back."""
        self._apply(self.before)

    def id(self) -> int:
        """One number for each verb, so that Qt offers its steps for merging."""
        return zlib.crc32(type(self).__name__.encode()) & 0x3FFFFFFF if self.control else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in a later step of the same drag. One that came back to where it began is no step."""
        if not isinstance(other, DocumentCommand) or type(other) is not type(self):
            return False
        same = (other.page_id, other.control) == (self.page_id, self.control)
        if not same or other.made - self.made > MERGE_SECONDS:
            return False
        self.after, self.made = other.after, other.made
        self.setObsolete(self.before == self.after)
        return True

    def is_idle(self) -> bool:
        """Whether nothing changes, or the page is not there or not in memory."""
        page = self.document.find_page(self.page_id)
        return page is None or not page.is_loaded or self.before == self.after

    def held(self) -> Iterable[object]:
        """The values of before and after."""
        return (*self.before.values(), *self.after.values())

    def expire(self) -> None:
        """Let the values go."""
        self.before, self.after = {}, {}

    def _apply(self, fields: Mapping[str, Any]) -> None:
        self.document.change_page(self.page_id, **fields)
        if self.shows_page:
            self.document.show_page(self.page_id)


class CompositeStep(Step):
    """Several steps that are one for a person, such as the same verb on several pages, none of which it shows."""

    def __init__(self, text: str, steps: Sequence[Step]) -> None:
        super().__init__(text)
        self.steps = tuple(step for step in steps if not step.is_idle())
        for step in self.steps:
            if isinstance(step, DocumentCommand):
                step.shows_page = False

    def redo(self) -> None:
        """Do all of them."""
        for step in self.steps:
            step.redo()

    def undo(self) -> None:
        """Take all of them back, the last first."""
        for step in reversed(self.steps):
            step.undo()

    def is_idle(self) -> bool:
        """Whether none of them changes anything."""
        return not self.steps

    def held(self) -> Iterable[object]:
        """What all of them hold."""
        return tuple(part for step in self.steps for part in step.held())

    def expire(self) -> None:
        """Let all of it go."""
        for step in self.steps:
            step.expire()


class ChangeLines(DocumentCommand):
    """How lines are made of the drawing."""

    def __init__(self, document: Document, text: str, after: LineOptions, control: str = "") -> None:
        before = {"line_settings": document.line_settings}
        super().__init__(document, text, before, {"line_settings": after}, control=control)


class ChangeReferences(DocumentCommand):
    """The references of the page that is shown. Base of all verbs that change them."""

    def __init__(self, document: Document, text: str, after: Sequence[ReferenceItem], control: str = "") -> None:
        before = {"references": document.references}
        super().__init__(document, text, before, {"references": tuple(after)}, control=control)


class AddReferences(ChangeReferences):
    """Take colors from further pictures."""


class RemoveReferences(ChangeReferences):
    """Take no more colors from some."""


class OrderReferences(ChangeReferences):
    """The same references in another order."""


class ChangeFinish(DocumentCommand):
    """What is made of the guess of the page that is shown. Base of all verbs that change that."""

    def __init__(self, document: Document, text: str, after: FinishOptions, control: str = "") -> None:
        before = {"finish_settings": document.finish_settings}
        super().__init__(document, text, before, {"finish_settings": after}, control=control)


class SetFinishSettings(ChangeFinish):
    """Flats, lock, shading or gap."""


class EditSwatch(ChangeFinish):
    """Another color or name for a swatch."""


class LoadPalette(ChangeFinish):
    """Lock the colors to a palette from a file."""


class ResetPalette(ChangeFinish):
    """Back to the colors of the references."""


class UseAsReference(DocumentCommand):
    """The picture that was taken for a drawing is a reference."""

    def __init__(self, document: Document, text: str, item: ReferenceItem) -> None:
        before = {"drawing": document.drawing, "references": document.references}
        after = {"drawing": None, "references": (*document.references, item)}
        super().__init__(document, text, before, after)


class RenameDrawing(DocumentCommand):
    """Another name for a page."""

    def __init__(self, document: Document, text: str, page_id: int, title: str) -> None:
        page = document.page(page_id)
        super().__init__(document, text, {"title": page.title}, {"title": title}, page_id=page_id)
        self.shows_page = False

    def is_idle(self) -> bool:
        """A page need not be in memory to be renamed."""
        return self.before == self.after


class ChangePages(Step):
    """Some pages go, others come. Base of the verbs that add or remove drawings."""

    def __init__(
        self, document: Document, text: str, *, removed: Sequence[int] = (), added: Sequence[tuple[int, Page]] = ()
    ) -> None:
        """removed: ids. added: pages, each with its index in the project as it is after this step."""
        super().__init__(text)
        self.document = document
        self._removed, self._added = tuple(removed), tuple(added)
        self._gone: tuple[tuple[int, Page], ...] = ()
        self._shown = document.page_id

    def redo(self) -> None:
        """Do it, or do it again."""
        self._shown = self.document.page_id
        self._gone = self.document.exchange_pages(self._removed, self._added)

    def undo(self) -> None:
        """Take it back. Pages that come back look as they did when they went."""
        gone = tuple(page.id for _, page in self._added)
        self._added = self.document.exchange_pages(gone, self._gone, show=self._shown)
        self._gone = ()

    def is_idle(self) -> bool:
        """Whether no page comes or goes."""
        return not self._removed and not self._added

    def held(self) -> Iterable[object]:
        """The pages of before and after."""
        return tuple(page for _, page in (*self._gone, *self._added))

    def expire(self) -> None:
        """Let the pages go."""
        self._gone, self._added = (), ()


class AddDrawings(ChangePages):
    """Pages for further drawings, after all others. An empty page that is shown makes room for them.

    They take over references and settings from the page that is shown: the same character, the next picture.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        drawings: Sequence[Drawing],
        references: Sequence[ReferenceItem] = (),
        *,
        inherit: bool = True,
    ) -> None:
        """references: further ones. inherit: whether those of the page that is shown are taken over."""
        like = document.page(document.page_id)
        room = [like.id] if like.is_empty else []
        kept = like.references if inherit else ()
        pages = [document.new_page(like, drawing=drawing, references=(*kept, *references)) for drawing in drawings]
        first = len(document.pages) - len(room)
        super().__init__(document, text, removed=room, added=list(enumerate(pages, first)))


class RemoveDrawing(ChangePages):
    """A page goes. Of the last one an empty page is left, with its references and settings."""

    def __init__(self, document: Document, text: str, page_id: int) -> None:
        page = document.page(page_id)
        is_last = len(document.pages) == 1
        added = [(0, document.new_page(page, references=page.references))] if is_last else []
        super().__init__(document, text, removed=[page_id], added=added)


class OrderDrawings(Step):
    """The pages in another order."""

    def __init__(self, document: Document, text: str, after: Sequence[int]) -> None:
        super().__init__(text)
        self.document = document
        self.before, self.after = tuple(page.id for page in document.pages), tuple(after)

    def redo(self) -> None:
        """Do it, or do it again."""
        self.document.order_pages(self.after)

    def undo(self) -> None:
        """Take it back."""
        self.document.order_pages(self.before)

    def is_idle(self) -> bool:
        """Whether they stand in that order already."""
        return self.before == self.after


class UseModel(Step):
    """Another model for the project."""

    def __init__(self, document: Document, text: str, after: str | None) -> None:
        super().__init__(text)
        self.document = document
        self.before, self.after = document.model, after

    def redo(self) -> None:
        """Do it, or do it again."""
        self.document.set_model(self.after)

    def undo(self) -> None:
        """Take it back."""
        self.document.set_model(self.before)

    def is_idle(self) -> bool:
        """Whether it is in use already."""
        return self.before == self.after

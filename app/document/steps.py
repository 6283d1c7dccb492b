"""The steps of the history. A step acts on its page, whichever is shown, and shows it then."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QUndoCommand

from app.document.character import Character
from app.document.document import Document
from app.document.history import Step
from app.document.page import Page
from app.document.parts import Drawing, ReferenceItem

MERGE_SECONDS = 1.0  # changes of one control that follow each other faster are one drag


class ChangePage(Step):
    """Other values for fields of one page.

    after: values by the names of `Page`'s fields. control: what a person drags; steps of the same text, page, control
    and fields merge while they follow each other quickly; empty: this step never merges. page_id: None for the page
    that is shown. shows: whether the page is shown when it changes; one that is not need not be in memory.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        control: str = "",
        *,
        page_id: int | None = None,
        shows: bool = True,
        **after: Any,
    ) -> None:
        super().__init__(text)
        self.document = document
        self.page_id = document.page_id if page_id is None else page_id
        page = document.page(self.page_id)
        self.before, self.after = {name: getattr(page, name) for name in after}, after
        self.control = control
        self.shows = shows
        self.made = time.monotonic()

    def redo(self) -> None:
        self._apply(self.after)

    def undo(self) -> None:
        self._apply(self.before)

    def id(self) -> int:
        """A number for each control, so that Qt offers its steps for merging."""
        return zlib.crc32(self.control.encode()) & 0x3FFFFFFF if self.control else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in a later step of the same drag. One that came back to where it began is no step."""
        if not isinstance(other, ChangePage) or self._key != other._key or other.made - self.made > MERGE_SECONDS:
            return False
        self.after, self.made = other.after, other.made
        self.setObsolete(self.before == self.after)
        return True

    def is_idle(self) -> bool:
        """Whether nothing changes, or the page is gone or not in memory as it must be."""
        page = self.document.find_page(self.page_id)
        return page is None or (self.shows and not page.is_loaded) or self.before == self.after

    def held(self) -> Iterable[object]:
        """The values of before and after."""
        return (*self.before.values(), *self.after.values())

    def expire(self) -> None:
        self.before, self.after = {}, {}

    @property
    def _key(self) -> tuple[object, ...]:
        return self.text(), self.page_id, self.control, tuple(self.after)

    def _apply(self, fields: Mapping[str, Any]) -> None:
        self.document.change_page(self.page_id, **fields)
        if self.shows:
            self.document.show_page(self.page_id)


class ChangeProject(Step):
    """Other characters, and other values for some pages: one step, whatever number of drawings follows.

    characters: all of them as they are to be; None: as they are. pages: see `Document.change_project`. control: as in
    `ChangePage`. shows: a page to be shown then, None for none.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        control: str = "",
        *,
        characters: Sequence[Character] | None = None,
        pages: Mapping[int, Mapping[str, Any]] | None = None,
        shows: int | None = None,
    ) -> None:
        super().__init__(text)
        self.document, self.control, self.shows = document, control, shows
        there = document.characters
        self.before, self.after = there, there if characters is None else tuple(characters)
        self.pages_after = {page_id: dict(fields) for page_id, fields in (pages or {}).items()}
        self.pages_before = {
            page_id: {name: _value(document.page(page_id), name) for name in _touched(document.page(page_id), fields)}
            for page_id, fields in self.pages_after.items()
        }
        self.made = time.monotonic()

    def redo(self) -> None:
        self._apply(self.after, self.pages_after)

    def undo(self) -> None:
        self._apply(self.before, self.pages_before)

    def id(self) -> int:
        """A number for each control, so that Qt offers its steps for merging."""
        return zlib.crc32(self.control.encode()) & 0x3FFFFFFF if self.control else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in a later step of the same drag. One that came back to where it began is no step."""
        if not isinstance(other, ChangeProject) or self._key != other._key or other.made - self.made > MERGE_SECONDS:
            return False
        self.after, self.pages_after, self.made = other.after, other.pages_after, other.made
        self.setObsolete(self._same())
        return True

    def is_idle(self) -> bool:
        """Whether nothing changes."""
        return self._same()

    def held(self) -> Iterable[object]:
        """The references of before and after, and what pages had and have."""
        characters = (*self.before, *self.after)
        fields = (*self.pages_before.values(), *self.pages_after.values())
        return (*(one.references for one in characters), *(value for one in fields for value in one.values()))

    def expire(self) -> None:
        self.before, self.after, self.pages_before, self.pages_after = (), (), {}, {}

    @property
    def _key(self) -> tuple[object, ...]:
        return self.text(), self.control, self.shows, tuple(self.pages_after)

    def _same(self) -> bool:
        characters = [vars(one) for one in self.before] == [vars(one) for one in self.after]
        pages = ((self.pages_before.get(page_id, {}), fields) for page_id, fields in self.pages_after.items())
        return characters and all(
            before.get(name) == value for before, fields in pages for name, value in fields.items()
        )

    def _apply(self, characters: Sequence[Character], pages: Mapping[int, Mapping[str, Any]]) -> None:
        self.document.change_project(characters, pages)
        if self.shows is not None and self.document.find_page(self.shows) is not None:
            self.document.show_page(self.shows)


def _touched(page: Page, fields: Iterable[str]) -> set[str]:
    """What of a page changes with these fields: who is in it has a say in its references and palette."""
    names = set(fields)
    if "cast" in names:
        unknown = page.stored is not None and page.stored.has_references_stored
        names |= {"finish_settings", "dropped"} | (set() if unknown else {"own"})
    return names


def _value(page: Page, name: str) -> Any:
    """What a page has for a name of `Document.change_project`."""
    if name == "cast":
        return tuple(one.id for one in page.cast)
    return page.all_own if name == "own" else getattr(page, name)


class CompositeStep(Step):
    """Several steps that are one for a person, such as the same verb on several pages, none of which it shows."""

    def __init__(self, text: str, steps: Sequence[Step]) -> None:
        super().__init__(text)
        self.steps = tuple(step for step in steps if not step.is_idle())
        for step in self.steps:
            if isinstance(step, ChangePage):
                step.shows = False

    def redo(self) -> None:
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
        for step in self.steps:
            step.expire()


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
        self._gone, self._added = (), ()


class AddDrawings(ChangePages):
    """Pages for further drawings, after all others. An empty page that is shown makes room for them.

    They take over characters and settings from the page that is shown: the same characters, the next picture. Where
    that has no characters, or makes room, they take over its own references, too.
    """

    def __init__(
        self,
        document: Document,
        text: str,
        drawings: Sequence[Drawing],
        references: Sequence[ReferenceItem] = (),
        *,
        inherit: bool = True,
        cast: Sequence[Character] = (),
    ) -> None:
        """references: for these drawings alone. inherit: whether characters and references are taken over; else they
        have this `cast`."""
        like = document.page(document.page_id)
        room = [like.id] if like.is_empty else []
        kept = like.all_own if inherit and (room or not like.cast) else ()
        pages = [document.new_page(like, drawing=drawing) for drawing in drawings]
        cast = like.cast if inherit else tuple(cast)
        pages = [page.with_cast(cast, (*kept, *references)) for page in pages]
        first = len(document.pages) - len(room)
        super().__init__(document, text, removed=room, added=list(enumerate(pages, first)))


class RemoveDrawing(ChangePages):
    """A page goes. Of the last one an empty page is left, with its references and settings."""

    def __init__(self, document: Document, text: str, page_id: int) -> None:
        page = document.page(page_id)
        is_last = len(document.pages) == 1
        added = [(0, document.new_page(page).with_cast(page.cast, page.all_own))] if is_last else []
        super().__init__(document, text, removed=[page_id], added=added)


class OrderDrawings(Step):
    """The pages in another order."""

    def __init__(self, document: Document, text: str, after: Sequence[int]) -> None:
        super().__init__(text)
        self.document = document
        self.before, self.after = tuple(page.id for page in document.pages), tuple(after)

    def redo(self) -> None:
        self.document.order_pages(self.after)

    def undo(self) -> None:
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
        self.document.set_model(self.after)

    def undo(self) -> None:
        self.document.set_model(self.before)

    def is_idle(self) -> bool:
        """Whether it is in use already."""
        return self.before == self.after

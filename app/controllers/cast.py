"""The verbs on characters and references: who is in a drawing, and what all drawings with them share. No widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.document.character import PALETTE_FIELDS, Character
from app.document.document import Document
from app.document.parts import ReferenceItem
from app.document.steps import ChangeProject


class CastController(QObject):
    """Each verb is one step of the history, whatever number of drawings follows."""

    noticed = Signal(str)  # a sentence for the status bar

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document

    @property
    def shown(self) -> tuple[Character, ...]:
        """The characters in the drawing that is shown."""
        return self.document.current.cast

    def name_of(self, character: Character) -> str:
        """What a character is called on screen."""
        return character.shown_name or self.tr("Character {0}").format(character.id + 1)

    def holder(self, item: ReferenceItem) -> Character | None:
        """The character of the drawing that is shown whose reference this is; None for one of that drawing alone."""
        return next((one for one in self.shown if any(item is other for other in one.references)), None)

    def step_adding(
        self, text: str, items: Sequence[ReferenceItem], fields: Mapping[str, Any] | None = None
    ) -> ChangeProject:
        """The step that adds references to the first character in the drawing that is shown, or to it alone.

        fields: other values for the page that is shown, see `Document.change_project`.
        """
        page = self.document.current
        if not page.cast:
            own = {"own": (*page.all_own, *items)}
            return ChangeProject(self.document, text, pages={page.id: {**own, **(fields or {})}}, shows=page.id)
        first = page.cast[0]
        characters = self._exchanged(replace(first, references=(*first.references, *items)))
        pages = {page.id: fields} if fields else None
        return ChangeProject(self.document, text, characters=characters, pages=pages, shows=page.id)

    def add(self, items: Sequence[ReferenceItem]) -> None:
        """Take colors from these too, in all drawings of the character."""
        self.document.history.push(self.step_adding(self.tr("Add References"), items))
        if self.shown and len(items):
            self._tell_count(self.shown[0])

    def of_panel(self, panel: int) -> tuple[ReferenceItem, ...]:
        """What one panel (from 1) of the drawing that is shown alone takes its colors from."""
        return tuple(item for item in self.document.references if item.reference.panel == panel)

    def give_to_panel(self, panel: int, items: Sequence[ReferenceItem]) -> None:
        """Let one panel (from 1) of the drawing that is shown take its colors from these alone; without any, from
        what all panels have."""
        page = self.document.current
        given = [replace(item, reference=replace(item.reference, panel=panel)) for item in items]
        own = (*(item for item in page.all_own if item.reference.panel != panel), *given)
        self._push(self.tr("Reference of a Panel"), None, {page.id: {"own": own}})

    def remove(self, items: Sequence[ReferenceItem]) -> None:
        """Take no more colors from these, in no drawing that has them."""
        gone = {id(item) for item in items}
        self._change(self.tr("Remove Reference"), lambda there: [one for one in there if id(one) not in gone])

    def order(self, items: Sequence[ReferenceItem]) -> None:
        """The same references in another order; those of a character stay together."""
        place = {id(item): number for number, item in enumerate(items)}
        last = len(place)
        text = self.tr("Reorder References")
        self._change(text, lambda there: sorted(there, key=lambda one: place.get(id(one), last)))

    def exchange(self, text: str, before: ReferenceItem, after: ReferenceItem, control: str = "") -> None:
        """The same reference in another way: masked, weighed."""
        self._change(text, lambda there: [after if one is before else one for one in there], control)

    def exchange_all(self, text: str, others: Sequence[tuple[ReferenceItem, ReferenceItem]]) -> None:
        """The same references in another way: before and after of each."""
        after = {id(before): now for before, now in others}
        self._change(text, lambda there: [after.get(id(one), one) for one in there])

    def step_exchanging(
        self, text: str, before: ReferenceItem, after: ReferenceItem, fields: Mapping[str, Any]
    ) -> ChangeProject:
        """The step that puts a reference in the place of another. fields: other values for the page that is shown."""
        return self._step(text, lambda there: [after if one is before else one for one in there], "", fields)

    def use_here_only(self, items: Sequence[ReferenceItem]) -> None:
        """These count for the drawing that is shown and no other from now on."""
        page, moved = self.document.current, [item for item in items if self.holder(item) is not None]
        gone = {id(item) for item in moved}
        characters = self._without(gone)
        pages = {page.id: {"own": (*page.all_own, *moved)}}
        self._push(self.tr("Only for This Drawing"), characters, pages)

    def share(self, items: Sequence[ReferenceItem] = ()) -> None:
        """These references of the drawing that is shown count for all drawings of its character; without any, all do.

        A drawing without a character gets one: with its references and palette, and in every drawing of the project.
        """
        page = self.document.current
        wanted = {id(item) for item in items or page.own_references}
        moved = [item for item in page.own_references if id(item) in wanted]
        own = tuple(item for item in page.all_own if id(item) not in wanted)
        text = self.tr("Use for All Drawings")
        if page.cast:
            first = page.cast[0]
            characters = self._exchanged(replace(first, references=(*first.references, *moved)))
            pages: dict[int, dict[str, Any]] = {page.id: {"own": own}}
        else:
            palette = {name: getattr(page.finish_settings, name) for name in PALETTE_FIELDS}
            made = Character(self.document.next_character_id, references=tuple(moved), **palette)
            characters = (*self.document.characters, made)
            # What other drawings have of the same references is dropped: it is their character's.
            joining = {"cast": (made.id,), "dropped": made.references}
            pages = {one.id: dict(joining) for one in self.document.pages if not one.cast}
            pages[page.id] = {**pages[page.id], "own": own}
        self._push(text, characters, pages)
        if self.shown:
            self._tell_count(self.shown[0])

    def new_character(self, name: str = "") -> None:
        """Another character, who is in the drawing that is shown and in no other, in place of those there now."""
        page = self.document.current
        made = Character(self.document.next_character_id, name=name)
        pages = {page.id: {"cast": (made.id,)}}
        self._push(self.tr("New Character"), (*self.document.characters, made), pages)

    def put_in(self, character_id: int, there: bool) -> None:
        """Whether this character is in the drawing that is shown."""
        page = self.document.current
        ids = [one.id for one in page.cast if one.id != character_id]
        if there:
            ids.append(character_id)
        self._push(self.tr("Who Is in the Drawing"), None, {page.id: {"cast": tuple(ids)}})

    def rename(self, character_id: int, name: str) -> None:
        """Give a character a name."""
        there = self.document.find_character(character_id)
        if there is not None:
            characters = self._exchanged(replace(there, name=" ".join(name.split())))
            step = ChangeProject(self.document, self.tr("Rename Character"), characters=characters)
            self.document.history.push(step)

    def remove_character(self, character_id: int) -> None:
        """Take a character out of the project, with its references and palette."""
        left = tuple(one for one in self.document.characters if one.id != character_id)
        pages = {
            page.id: {"cast": tuple(one.id for one in page.cast if one.id != character_id)}
            for page in self.document.pages
            if any(one.id == character_id for one in page.cast)
        }
        text = self.tr("Remove Character")
        self.document.history.push(ChangeProject(self.document, text, characters=left, pages=pages))

    def drawings_of(self, character: Character) -> int:
        """In how many drawings a character is."""
        return sum(
            any(one.id == character.id for one in page.cast) for page in self.document.pages if not page.is_empty
        )

    def _push(self, text: str, characters: Sequence[Character] | None, pages: Mapping[int, Mapping[str, Any]]) -> None:
        shown = self.document.page_id
        step = ChangeProject(self.document, text, characters=characters, pages=pages, shows=shown)
        self.document.history.push(step)

    def _change(self, text: str, changed: Any, control: str = "") -> None:
        """Change the references of the drawing that is shown: those of its characters, and its own."""
        self.document.history.push(self._step(text, changed, control))

    def _step(
        self, text: str, changed: Any, control: str = "", fields: Mapping[str, Any] | None = None
    ) -> ChangeProject:
        page, cast = self.document.current, {one.id for one in self.shown}
        characters = [
            replace(one, references=tuple(changed(one.references))) if one.id in cast else one
            for one in self.document.characters
        ]
        same = [
            one if one.references == other.references else other
            for one, other in zip(self.document.characters, characters, strict=True)
        ]
        own = tuple(changed(page.all_own))
        values = {**({"own": own} if own != page.all_own else {}), **(fields or {})}
        pages = {page.id: values} if values else None
        return ChangeProject(self.document, text, control, characters=same, pages=pages, shows=page.id)

    def _exchanged(self, *after: Character) -> tuple[Character, ...]:
        known = {one.id: one for one in after}
        return tuple(known.get(one.id, one) for one in self.document.characters)

    def _without(self, gone: Iterable[int]) -> tuple[Character, ...]:
        gone = set(gone)
        return self._exchanged(
            *(
                replace(one, references=tuple(item for item in one.references if id(item) not in gone))
                for one in self.document.characters
                if any(id(item) in gone for item in one.references)
            )
        )

    def _tell_count(self, character: Character) -> None:
        count = self.drawings_of(character)
        if count > 1:
            told = self.tr("{0} counts for {1} drawings.").format(self.name_of(character), count)
            self.noticed.emit(told)

"""The document: the pages of a project, of which it shows one. Says what changed; does nothing by itself.

Setters are the only way to change it, and they are called on the GUI thread only. What a person does goes through
`history` (see `app/document/steps.py`); setters are for what follows from it, for loading, and for the steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.document.character import Character
from app.document.history import History
from app.document.page import Page, PageContent, StoredContent
from app.document.parts import Coloring, Drawing, FigureMask, Lines, Overlay, OverlayKind, ReferenceItem
from engine.corrections import Corrections
from engine.options import FinishOptions, LineOptions, Sampling
from engine.request import ColorizeRequest

# What a list of pages shows of each.
LISTED = {"drawing", "title", "lines", "coloring", "saved", "save_path", "stored", "thumbnail", "references"}


class Document(QObject):
    """The pages of a project. Properties without a page's id are those of the page that is shown."""

    drawing_changed = Signal()
    line_settings_changed = Signal()
    lines_changed = Signal()
    references_changed = Signal()
    finish_settings_changed = Signal()
    sampling_changed = Signal()
    figure_changed = Signal()
    coloring_changed = Signal()
    overlays_changed = Signal()
    saved = Signal()
    page_changed = Signal()  # another page is shown; after it come all signals above
    pages_changed = Signal()  # pages came, went, moved, or one of them looks different
    page_wanted = Signal(int)  # this page is to be shown, but its content must be loaded first
    characters_changed = Signal()  # characters came, went or changed, or another page is shown with others in it
    model_changed = Signal()
    modified_changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        line_settings: LineOptions | None = None,
        finish_settings: FinishOptions | None = None,
        model: str | None = None,
    ) -> None:
        super().__init__(parent)
        self._next_id = 1
        self._characters: tuple[Character, ...] = (Character(0),)
        lines, finish = line_settings or LineOptions(), finish_settings or FinishOptions()
        page = Page(0, line_settings=lines, finish_settings=finish).with_cast(self._characters)
        self._pages: tuple[Page, ...] = (page,)
        self._page_id = page.id
        self._model = self._told_model = model
        self.is_switching = False  # while another page takes the place of the one that is shown
        self._overlays: dict[OverlayKind, Overlay] = {}
        self._wanted: int | None = None  # to be shown when its content comes
        self._touched = False
        self.is_opening = False  # while another project takes the place of this one
        self._revision = 0
        self.history = History(lambda: self.pages, self)
        self.history.changed.connect(self._stepped)

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages, in the order of the project; there is always one."""
        return self._pages

    @property
    def characters(self) -> tuple[Character, ...]:
        """Those of the project, whether or not a drawing has them; an old project has none."""
        return self._characters

    def find_character(self, character_id: int) -> Character | None:
        """The character with this id, None where it is gone."""
        return next((one for one in self._characters if one.id == character_id), None)

    @property
    def next_character_id(self) -> int:
        """An id that no character has."""
        return max((one.id for one in self._characters), default=-1) + 1

    @property
    def page_id(self) -> int:
        """The page that is shown."""
        return self._page_id

    def page(self, page_id: int) -> Page:
        """The page with this id. Raises KeyError."""
        found = self.find_page(page_id)
        if found is None:
            raise KeyError(page_id)
        return found

    def find_page(self, page_id: int) -> Page | None:
        """The page with this id, None where it is gone."""
        return next((page for page in self._pages if page.id == page_id), None)

    @property
    def current(self) -> Page:
        """The page that is shown."""
        return self.page(self._page_id)

    @property
    def drawing(self) -> Drawing | None:
        """The picture to color."""
        return self.current.drawing

    @property
    def line_settings(self) -> LineOptions:
        """How its lines are made."""
        return self.current.line_settings

    @property
    def lines(self) -> Lines | None:
        """Its line art; None until it is computed, or while a person is asked how."""
        return self.current.lines

    @property
    def references(self) -> tuple[ReferenceItem, ...]:
        """Where the colors come from, in the order of the strip."""
        return self.current.references

    @property
    def finish_settings(self) -> FinishOptions:
        """How the network's guess is finished."""
        return self.current.finish_settings

    @property
    def sampling(self) -> Sampling:
        """What an engine that paints in steps is told."""
        return self.current.sampling

    @property
    def figure(self) -> FigureMask | None:
        """Where its figure is, as a person says."""
        return self.current.figure

    @property
    def overlays(self) -> Mapping[OverlayKind, Overlay]:
        """The overlays made of the coloring; one may be older than the current coloring."""
        return self._overlays

    @property
    def coloring(self) -> Coloring | None:
        """The last result for this drawing. It may be older than the current lines and references."""
        return self.current.coloring

    @property
    def save_path(self) -> Path | None:
        """Where this drawing's result was saved last."""
        return self.current.save_path

    @property
    def is_saved(self) -> bool:
        """Whether the result lies in a file as it is (also when there is none)."""
        return self.current.is_saved

    @property
    def title(self) -> str:
        """Name of the drawing, empty where there is none."""
        return self.current.name

    @property
    def model(self) -> str | None:
        """Name of the project's model, None for the default."""
        return self._model

    @property
    def model_in_use(self) -> str | None:
        """The model that colors the page that is shown."""
        return self.model_of(self.current)

    def model_of(self, page: Page) -> str | None:
        """The model that colors a page: of the first of its characters that has one of its own, else the project's."""
        return next((one.model for one in page.cast if one.model is not None), self._model)

    @property
    def is_modified(self) -> bool:
        """Whether the project has changed since it was last in a file."""
        return self._touched or not self.history.is_clean

    @property
    def is_blank(self) -> bool:
        """Whether nothing was put into the project yet."""
        has_references = bool(self.references) or any(one.references for one in self._characters)
        return len(self._pages) == 1 and self.current.is_empty and not has_references

    @property
    def revision(self) -> int:
        """Another number after every change that a file should have."""
        return self._revision

    def set_drawing(self, drawing: Drawing | None) -> None:
        """Begin with another drawing. Lines, result and file of the one before go; references stay."""
        self.change_page(self._page_id, drawing=drawing)

    def set_line_settings(self, settings: LineOptions) -> None:
        """Make lines in another way from now on."""
        self.change_page(self._page_id, line_settings=settings)

    def set_lines(self, lines: Lines | None) -> None:
        """New line art of the drawing."""
        self.change_page(self._page_id, lines=lines)

    def set_references(self, references: Sequence[ReferenceItem]) -> None:
        """Other references, or the same in another order."""
        self.change_page(self._page_id, references=tuple(references))

    def set_coloring(self, coloring: Coloring | None) -> None:
        """A new result. Without regions there is nothing to lay over it."""
        self.change_page(self._page_id, coloring=coloring)

    def set_overlay(self, overlay: Overlay) -> None:
        """Another picture to look at in place of the colors."""
        self._overlays[overlay.kind] = overlay
        self.overlays_changed.emit()

    def set_model(self, model: str | None) -> None:
        """Color with another model from now on, but what has characters with models of their own."""
        self._model = model
        self._tell_model()

    def mark_saved(self, coloring: Coloring, lines: Lines, path: Path, page_id: int | None = None) -> None:
        """These colors under these lines now lie in this file."""
        shown = self._page_id if page_id is None else page_id
        self.change_page(shown, saved=(coloring, lines), save_path=path)

    def mark_modified(self, modified: bool) -> None:
        """Note that the project has changed beside the history (a result came), or that it lies in a file as it is."""
        before = self.is_modified
        self._touched = modified
        self._revision += 1
        if not modified:
            self.history.set_clean()
        if self.is_modified != before:
            self.modified_changed.emit()

    def change_page(self, page_id: int, **fields: Any) -> None:
        """Give a page other values, by the names of `Page`'s fields, and say so. One that is gone stays so."""
        before = self.find_page(page_id)
        if before is None:
            return
        after = before.changed(**fields)
        differing = {name for name in vars(after) if _differ(getattr(before, name), getattr(after, name))}
        if not differing:
            return
        self._pages = tuple(after if page.id == page_id else page for page in self._pages)
        if page_id == self._page_id:
            self._announce(differing)
        if differing & LISTED or _right(before) != _right(after):
            self.pages_changed.emit()

    def change_project(
        self,
        characters: Sequence[Character] | None = None,
        pages: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> None:
        """Other characters, and other values for pages, all at once; every page follows its characters.

        pages: values by id and by the names of `Page`'s fields; besides "cast", ids of the characters in it, and "own",
        its references beside theirs.
        """
        before_all, before = self._characters, self.current
        if characters is not None:
            self._characters = tuple(characters)
        known, wanted = {one.id: one for one in self._characters}, pages or {}
        self._pages = tuple(_followed(page, known, wanted.get(page.id, {})) for page in self._pages)
        after = self.current
        differing = {name for name in vars(after) if _differ(getattr(before, name), getattr(after, name))}
        if before_all != self._characters or "cast" in differing:
            self.characters_changed.emit()
        self._tell_model()
        self._announce(differing)
        self.pages_changed.emit()

    def new_page(self, like: Page, **fields: Any) -> Page:
        """A page with the settings of another and nothing of what belongs to that one's drawing. It is not added."""
        settings = replace(like.finish_settings, corrections=Corrections())
        lines = LineOptions(sigma=like.line_settings.sigma, soft=like.line_settings.soft)
        page = Page(self._next_id, line_settings=lines, finish_settings=settings, sampling=like.sampling)
        self._next_id += 1
        return replace(page, **fields).with_cast(like.cast)

    def exchange_pages(
        self, removed: Sequence[int], added: Sequence[tuple[int, Page]], show: int | None = None
    ) -> tuple[tuple[int, Page], ...]:
        """Take pages out and put others in, each at its index of afterwards, in ascending order.

        show: the page to show then; None: the first that was added, else the one shown before, or the one that follows
        it. Returns what was taken out, each with its index of before.
        """
        gone = tuple((index, page) for index, page in enumerate(self._pages) if page.id in removed)
        left = [page for page in self._pages if page.id not in removed]
        known = {one.id: one for one in self._characters}
        for index, page in added:
            left.insert(index, _followed(page, known, {}))
        if not left:
            raise ValueError("a project has at least one page")
        where = next((index for index, page in enumerate(self._pages) if page.id == self._page_id), 0)
        self._pages = tuple(left)
        if show is None:
            show = added[0][1].id if added else self._page_id
        if self.find_page(show) is None:
            show = left[min(where, len(left) - 1)].id
        if self.find_page(self._page_id) is None:
            self._switch(show)
        self.pages_changed.emit()
        self.show_page(show)
        return gone

    def order_pages(self, ids: Sequence[int]) -> None:
        """The same pages in another order. Raises ValueError for other ids."""
        if sorted(ids) != sorted(page.id for page in self._pages):
            raise ValueError("these are other pages")
        self._pages = tuple(self.page(one) for one in ids)
        self.pages_changed.emit()

    def show_page(self, page_id: int) -> None:
        """Show another page: at once if its content is in memory, else as soon as `fill_page` brings it."""
        page = self.page(page_id)
        self._wanted = None if page.is_loaded else page_id
        if not page.is_loaded:
            self.page_wanted.emit(page_id)
        elif page_id != self._page_id:
            self._switch(page_id)

    def fill_page(self, page_id: int, stored: object, content: PageContent) -> None:
        """The content of a stored page, decoded from `stored`; late if the page has another content by now."""
        page = self.find_page(page_id)
        if page is None or page.stored is not stored:
            return
        filled = page.filled(content)
        self._pages = tuple(filled if one.id == page_id else one for one in self._pages)
        self.pages_changed.emit()
        if page_id in (self._page_id, self._wanted):
            self._wanted = None
            self._switch(page_id)

    def store_page(self, page: Page, stored: StoredContent, thumbnail: QImage) -> None:
        """Let go of a page's content, which `stored` now has; not if the page is shown or has changed since."""
        if page.id != self._page_id and self.find_page(page.id) is page:
            empty = {"drawing": None, "lines": None, "coloring": None, "saved": None}
            packed = replace(page, stored=stored, thumbnail=thumbnail, title=page.title, **empty)
            self._pages = tuple(packed if one is page else one for one in self._pages)
            self.pages_changed.emit()

    def restore_page(self, page: Page, stored: StoredContent, thumbnail: QImage, own: Sequence[ReferenceItem]) -> None:
        """A stored page with another content; not if it has changed since, or is in memory by now.

        own: all its own references, which were stored, too.
        """
        now = self.find_page(page.id)
        if now is not None and now.stored is page.stored and now.stored is not None:
            packed = replace(now, stored=stored, thumbnail=thumbnail).with_cast(now.cast, own)
            self._pages = tuple(packed if one is now else one for one in self._pages)
            self.pages_changed.emit()

    def replace_all(
        self, pages: Sequence[Page], page_id: int, model: str | None, characters: Sequence[Character] = ()
    ) -> None:
        """Another project: these pages instead of all there were, with nothing to undo."""
        self._characters = tuple(characters)
        self._pages, self._page_id = tuple(pages), page_id
        self._wanted = None
        self._next_id = max(page.id for page in pages) + 1
        self._touched = False
        self.is_opening = True
        try:
            self.history.clear()
            self.set_model(model)
            self._switch(page_id)
            self.pages_changed.emit()
        finally:
            self.is_opening = False
        self.mark_modified(False)

    def request(self) -> ColorizeRequest | None:
        """A snapshot of all that a coloring needs; None while something is missing."""
        return self.current.request()

    def _stepped(self) -> None:
        self._revision += 1
        self.modified_changed.emit()

    def _switch(self, page_id: int) -> None:
        self._page_id = page_id
        self._overlays = {}
        self.is_switching = True
        try:
            self._tell_model()
        finally:
            self.is_switching = False
        self.page_changed.emit()
        self.characters_changed.emit()
        self._announce(set(vars(self.current)))

    def _tell_model(self) -> None:
        if self.model_in_use != self._told_model:
            self._told_model = self.model_in_use
            self.model_changed.emit()

    def _announce(self, differing: set[str]) -> None:
        """Tell of the fields of the page that is shown, once all of them are changed."""
        if "coloring" in differing:
            coloring = self.coloring
            if coloring is None or coloring.finished.regions is None:
                self._overlays = {}
        for names, signal in (
            ({"line_settings"}, self.line_settings_changed),
            ({"lines"}, self.lines_changed),
            ({"references"}, self.references_changed),
            ({"finish_settings"}, self.finish_settings_changed),
            ({"sampling"}, self.sampling_changed),
            ({"figure"}, self.figure_changed),
            ({"coloring"}, self.coloring_changed),
            ({"drawing", "title"}, self.drawing_changed),
            ({"saved", "save_path"}, self.saved),
        ):
            if names & differing:
                signal.emit()


def _right(page: Page) -> object:
    """What was found right, of which a list of pages shows the count that is left."""
    return page.finish_settings.corrections.right


def _followed(page: Page, known: Mapping[int, Character], fields: Mapping[str, Any]) -> Page:
    """The page with other values, and with its characters as they are now; the same one where nothing differs."""
    others = {name: value for name, value in fields.items() if name not in ("cast", "own", "dropped")}
    ids, own = fields.get("cast", [one.id for one in page.cast]), fields.get("own", page.all_own)
    if "dropped" in fields:
        page = replace(page, dropped=fields["dropped"])
    page = page.with_cast([known[one] for one in ids if one in known], own)
    return page.changed(**others) if others else page


def _differ(before: object, after: object) -> bool:
    """Whether a field changed: in value, or in identity where values hold arrays."""
    return before is not after and before != after

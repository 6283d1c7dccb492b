"""A page of the project: one drawing with what belongs to it. Frozen; the document replaces it as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtGui import QImage

from app.document.character import Character, finish_of, references_of
from app.document.parts import Coloring, Drawing, FigureMask, Lines, PictureKind, ReferenceItem
from engine import pipeline
from engine.options import FinishOptions, LineOptions, Options, Sampling
from engine.request import ColorizeRequest, ColorizeResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.inspection import Check


@dataclass(frozen=True, eq=False)
class PageContent:
    """What of a page is too large to be kept for all pages at once.

    references: its own, beside those of its characters; None where the page has kept them.
    """

    drawing: Drawing | None = None
    lines: Lines | None = None
    coloring: Coloring | None = None
    saved: tuple[Coloring, Lines] | None = None
    references: tuple[ReferenceItem, ...] | None = None


class StoredContent(Protocol):
    """The content of a page as it lies in a file or, compressed, in memory."""

    def load(self, page: Page) -> PageContent:
        """Decode it for the page as it is now. To be called off the GUI thread. Raises NurieError."""
        ...

    @property
    def name(self) -> str:
        """The name of its drawing."""
        ...

    @property
    def kind(self) -> PictureKind | None:
        """What its drawing looks like."""
        ...

    @property
    def has_references_stored(self) -> bool:
        """Whether there are references in it."""
        ...

    @property
    def is_colored(self) -> bool:
        """Whether there is a coloring in it."""
        ...

    @property
    def finished_as(self) -> FinishOptions | None:
        """What its coloring was finished with, None where there is none."""
        ...

    @property
    def path(self) -> Path | None:
        """The file of its drawing."""
        ...

    def repacked(self, page: Page) -> StoredContent:
        """The content of a page that this one's was loaded into and that changed since. Off the GUI thread."""
        ...

    def is_made_for(self, references: Sequence[ReferenceItem]) -> bool:
        """Whether its coloring has its colors from these references of the page, and from its own stored ones."""
        ...

    @property
    def to_check(self) -> int:
        """The number of places in its coloring that should be checked."""
        ...

    @property
    def is_saved(self) -> bool:
        """Whether its picture lies in a file as it is."""
        ...


@dataclass(frozen=True, eq=False)
class Page:
    """One drawing of the project.

    cast: who is in it. references: those of its cast, then those that are for this drawing alone. finish_settings: with
    the palette of its cast. Without a cast all of them are the drawing's own.
    figure: None where it has to be found.
    own: of a page with a cast its own references; of these `dropped` do not count, as a character has them since.
    title: of a person's own; empty: the drawing's name counts. lines, coloring: derived, as they were last. saved: the
    colors and lines that lie in a file. save_path: where a person saved it since the project was opened.
    suggested_path: what the project's file says of that, which is only asked about. stored: where drawing, lines and
    coloring are while they are not in memory; None while they are. thumbnail: how a stored page looks.
    """

    id: int
    drawing: Drawing | None = None
    line_settings: LineOptions = field(default_factory=LineOptions)
    references: tuple[ReferenceItem, ...] = ()
    finish_settings: FinishOptions = field(default_factory=FinishOptions)
    sampling: Sampling = Sampling()
    figure: FigureMask | None = None
    title: str = ""
    lines: Lines | None = None
    coloring: Coloring | None = None
    save_path: Path | None = None
    suggested_path: Path | None = None
    saved: tuple[Coloring, Lines] | None = None
    stored: StoredContent | None = None
    thumbnail: QImage | None = None
    cast: tuple[Character, ...] = ()
    own: tuple[ReferenceItem, ...] = ()
    dropped: tuple[ReferenceItem, ...] = ()

    @property
    def own_references(self) -> tuple[ReferenceItem, ...]:
        """The references that are for this drawing alone, as far as they are in memory."""
        shared = {id(item) for one in self.cast for item in one.references}
        return tuple(item for item in self.references if id(item) not in shared)

    @property
    def all_own(self) -> tuple[ReferenceItem, ...]:
        """These, and those that a character has, too."""
        return self.own if self.cast else self.references

    @property
    def is_loaded(self) -> bool:
        """Whether its drawing and coloring are in memory."""
        return self.stored is None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was opened on it yet."""
        return self.drawing is None and self.stored is None

    @property
    def name(self) -> str:
        """What it is called, empty where there is neither a title nor a drawing."""
        if self.title or self.stored is None:
            return self.title or (self.drawing.picture.name if self.drawing else "")
        return self.stored.name

    @property
    def is_colored(self) -> bool:
        """Whether it has a coloring, in memory or stored."""
        return self.stored.is_colored if self.stored else self.coloring is not None

    @property
    def can_be_colored(self) -> bool:
        """Whether there is all that a coloring needs, lines counted as made."""
        if self.stored is not None:
            return not self.needs_choice and (bool(self.references) or self.stored.has_references_stored)
        return self.drawing is not None and not self.needs_choice and (bool(self.references) or self.has_own_colors)

    @property
    def has_own_colors(self) -> bool:
        """Whether the drawing came with colors, so that it needs no reference."""
        line_art = self.drawing.line_art if self.drawing else None
        return line_art is not None and line_art.flats is not None and self.wanted_lines.lines != "extract"

    @property
    def to_check(self) -> int:
        """The number of places in its coloring that should be checked."""
        if self.stored is not None:
            return self.stored.to_check
        return len(self.checks)

    @property
    def checks(self) -> tuple[Check, ...]:
        """What of its coloring is to be checked and was not found right yet, what weighs most first."""
        coloring, right = self.coloring, self.finish_settings.corrections.right
        if coloring is None or not right:
            return coloring.checks if coloring is not None else ()
        from engine import inspection

        return tuple(inspection.remaining(coloring.finished, coloring.checks, right))

    @property
    def is_saved(self) -> bool:
        """Whether the result lies in a file as it is (also when there is none)."""
        if self.stored is not None:
            return self.stored.is_saved or not self.stored.is_colored
        return self.coloring is None or self.saved == (self.coloring, self.lines)

    @property
    def needs_choice(self) -> bool:
        """Whether the drawing is a color picture and the person has not yet chosen what to do with it."""
        kind = self.stored.kind if self.stored else self.drawing.kind if self.drawing else None
        return kind == "color" and self.line_settings.lines == "auto"

    @property
    def wanted_lines(self) -> LineOptions:
        """How to make the lines when no choice is needed; ink until the person has chosen."""
        settings = self.line_settings
        return replace(settings, lines="ink") if settings.lines == "auto" else settings

    @property
    def lines_are_current(self) -> bool:
        """Whether the lines are those that the settings ask for."""
        if self.drawing is None or self.needs_choice:
            return self.lines is None
        return self.lines is not None and self.wanted_lines.makes_same_lines(
            self.lines.settings, extracted=self.lines.line_art.extracted
        )

    @property
    def coloring_is_current(self) -> bool:
        """Whether the guess was made for the current lines, references and settings."""
        return self.coloring is not None and self.asks_the_same(self.coloring.finished.request)

    def asks_the_same(self, made_for: ColorizeRequest) -> bool:
        """Whether the network would be asked for what this request asks."""
        asked = self.request()
        return (
            asked is not None
            and made_for.line_art is asked.line_art
            and made_for.references == asked.references
            and (made_for.sigma, made_for.working_size, made_for.sampling, made_for.sheet)
            == (asked.sigma, asked.working_size, asked.sampling, asked.sheet)
            and _same(made_for.figure, asked.figure)
        )

    @property
    def wants_color(self) -> bool:
        """Whether it can be colored and is not, or from other references than it has now."""
        if not self.can_be_colored or not self.is_colored:
            return self.can_be_colored
        if self.stored is not None:
            return not self.stored.is_made_for(self.references)
        assert self.coloring is not None
        wanted = tuple(item.reference for item in self.references)
        return self.coloring.finished.request.references != wanted and not (not wanted and self.has_own_colors)

    @property
    def wants_finishing(self) -> bool:
        """Whether its colors are not finished as its settings say, such as with the palette of now."""
        shown = self.coloring.settings if self.coloring else None
        made = self.stored.finished_as if self.stored is not None else shown
        return made is not None and not self.finish_settings.looks_like(made)

    @property
    def path(self) -> Path | None:
        """The file of its drawing, None where there is none."""
        return self.stored.path if self.stored else self.drawing.path if self.drawing else None

    def has_result(self, result: ColorizeResult) -> bool:
        """Whether its coloring was made of this guess."""
        return self.coloring is not None and self.coloring.result is result

    def request(self) -> ColorizeRequest | None:
        """A snapshot of all that a coloring needs; None while something is missing."""
        if self.lines is None or not (self.references or self.lines.line_art.flats is not None):
            return None
        references = tuple(item.reference for item in self.references)
        request = pipeline.request_of(self.lines.line_art, references, self.options)
        if self.figure is None or self.figure.inside.shape != request.line_art.size:
            return request
        return replace(request, figure=self.figure.inside.astype("float32"))

    @property
    def options(self) -> Options:
        """The settings of its walk."""
        return Options(self.wanted_lines, sampling=self.sampling, finish=self.finish_settings)

    def filled(self, content: PageContent) -> Page:
        """The page with its content in memory."""
        return replace(
            self,
            stored=None,
            drawing=content.drawing,
            lines=content.lines,
            coloring=content.coloring,
            saved=content.saved,
        ).with_cast(self.cast, None if content.references is None else (*self.all_own, *content.references))

    def with_cast(self, cast: Sequence[Character], own: Sequence[ReferenceItem] | None = None) -> Page:
        """The page with these characters as they are now. own: the references for it alone, None for those it has."""
        cast = tuple(cast)
        own = self.all_own if own is None else tuple(own)
        gone = {id(item) for item in self.dropped}
        references = references_of(cast, [item for item in own if id(item) not in gone])
        own, settings = own if cast else (), finish_of(cast, self.finish_settings)
        if (cast, own, references, settings) == (self.cast, self.own, self.references, self.finish_settings):
            return self
        return replace(self, cast=cast, own=own, references=references, finish_settings=settings)

    def changed(self, **fields: Any) -> Page:
        """The page with other values; another drawing has neither lines nor coloring nor a file yet."""
        if "drawing" in fields and fields["drawing"] is not self.drawing:
            fields = {
                "lines": None,
                "coloring": None,
                "save_path": None,
                "suggested_path": None,
                "saved": None,
                "stored": None,
                "figure": None,
                **fields,
            }
        own = None
        if self.cast and "references" in fields:
            shown = {id(item) for item in self.own_references}
            hidden = [item for item in self.own if id(item) not in shown]
            shared = {id(item) for one in self.cast for item in one.references}
            own = (*hidden, *(item for item in fields["references"] if id(item) not in shared))
        return replace(self, **fields).with_cast(self.cast, own)


def _same(one: NDArray | None, other: NDArray | None) -> bool:
    """Whether two masks are alike."""
    if one is None or other is None:
        return one is other
    return one.shape == other.shape and bool((one == other).all())


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A project as it is at one moment. model_files: of adapted models by name, which travel with the project."""

    pages: tuple[Page, ...]
    page_id: int
    model: str | None = None
    model_files: Mapping[str, Path] = field(default_factory=dict)
    characters: tuple[Character, ...] = ()

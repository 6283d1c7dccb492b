"""Pages to records and back: what of a page goes into a project, and how it is put together again."""

from __future__ import annotations

import struct
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from app.document import making
from app.document.character import PALETTE_FIELDS, Character
from app.document.page import Page, PageContent
from app.document.parts import Drawing, FigureMask, Lines, PictureKind, ReferenceItem
from app.document.thumbnail import thumbnail_of
from app.images.pyramid import Pyramid
from app.project_file import coloring_codec
from app.project_file.arrays import ArrayCodec, Blobs, is_whole_png, require_sizes
from app.project_file.blobs import BlobStore, ProjectError
from app.project_file.schema import (
    ArrayRecord,
    CharacterRecord,
    DrawingRecord,
    LineArtRecord,
    ModelRecord,
    PageRecord,
    ReferenceRecord,
)
from engine.errors import NurieError
from engine.images import Picture
from engine.options import FinishOptions
from engine.request import LineArt, Reference
from engine.sentences import Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.document.parts import Coloring

THUMBNAIL_MAX = 1024  # pixels of a side; ours are smaller
DPI_MIN, DPI_MAX = 1.0, 100_000.0


class PageCodec:
    """Encodes and decodes the pages of one project. Thread-safe; what was encoded once is not encoded again."""

    def __init__(self) -> None:
        self.store = BlobStore()
        self.arrays = ArrayCodec(self.store)
        self._items: weakref.WeakValueDictionary[ReferenceRecord, ReferenceItem] = weakref.WeakValueDictionary()
        # By what is seen first: the lines over it, digest and blob.
        self._thumbnails: weakref.WeakKeyDictionary[object, tuple[Lines | None, str, Blobs]] = (
            weakref.WeakKeyDictionary()
        )
        self._lock = threading.RLock()

    def record(self, page: Page, blobs: Blobs) -> PageRecord:
        """The record of a page; what it names is added to `blobs`. To be called off the GUI thread."""
        where = page.save_path or page.suggested_path
        path = str(where) if where else None
        if isinstance(page.stored, StoredPage):
            for blob in page.stored.blobs:
                blobs.add(blob)
            dropped = {id(item) for item in page.dropped}
            stored = page.stored.record.references
            references = tuple(one for one in stored if id(self.known_item(one)) not in dropped)
            if page.stored.has_references:
                references = self._references(page, blobs)
            return replace(
                page.stored.record,
                title=page.title,
                lines=page.line_settings,
                finish=page.finish_settings,
                sampling=page.sampling,
                figure=self._figure(page.figure, blobs),
                references=references,
                save_path=path,
                cast=tuple(one.id for one in page.cast),
            )
        coloring = coloring_codec.record(self, page, blobs) if page.coloring else None
        return PageRecord(
            title=page.title,
            drawing=self._drawing(page.drawing, blobs) if page.drawing else None,
            lines=page.line_settings,
            references=self._references(page, blobs),
            finish=page.finish_settings,
            sampling=page.sampling,
            figure=self._figure(page.figure, blobs),
            coloring=coloring,
            save_path=path,
            saved=coloring is not None and page.is_saved,
            thumbnail=self._thumbnail(page, blobs) if page.drawing else None,
            to_check=page.to_check,
            cast=tuple(one.id for one in page.cast),
        )

    def pack(self, page: Page) -> StoredPage:
        """The page's content compressed. To be called off the GUI thread."""
        blobs = Blobs()
        self._records(page.references, Blobs())  # known by their records when it is asked what the colors are from
        return StoredPage(self, self.record(page, blobs), blobs, page.id, has_references=True)

    def character_record(self, character: Character, blobs: Blobs, model: ModelRecord | None) -> CharacterRecord:
        """The record of a character; what it names is added to `blobs`. To be called off the GUI thread."""
        references = self._records(character.references, blobs)
        return CharacterRecord(character.id, character.name, references, model=model, **character.palette_values())

    def character(self, record: CharacterRecord, blobs: Blobs) -> Character:
        """The character of a record, with its references. Raises ProjectError."""
        items = self.references(record.references, blobs)
        model = record.model.name if record.model else None
        values = {name: getattr(record, name) for name in PALETTE_FIELDS}
        return Character(record.id, record.name, items, model=model, **values)

    def page(self, record: PageRecord, blobs: Blobs, page_id: int, characters: Sequence[Character] = ()) -> Page:
        """A page whose content is decoded when it is shown, with its thumbnail. Raises ProjectError.

        characters: those of the project.
        """
        known = {one.id: one for one in characters}
        cast = [known[one] for one in dict.fromkeys(record.cast) if one in known]
        page = Page(
            page_id,
            line_settings=record.lines,
            finish_settings=record.finish,
            sampling=record.sampling,
            figure=None if record.figure is None else FigureMask(self._read_mask(record.figure, blobs, record.title)),
            title=record.title,
            suggested_path=Path(record.save_path) if record.save_path else None,
        )
        if record.drawing is None:
            return page.with_cast(cast, self.references(record.references, blobs))
        page = page.with_cast(cast)
        image = QImage()
        if record.thumbnail is not None and _is_thumbnail(data := blobs.read(record.thumbnail)):
            image.loadFromData(data, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
        stored = StoredPage(self, record, blobs, page_id, has_references=False)
        return replace(page, stored=stored, thumbnail=image)

    def reference(self, reference: Reference, blobs: Blobs) -> ReferenceRecord:
        """The record of a reference."""
        encode = self.arrays.encode
        mask = None if reference.mask is None else encode(reference.mask, blobs)
        figure = None if reference.figure is None else encode(reference.figure, blobs)
        pixels = encode(reference.pixels, blobs)
        own = None if reference.figure_mask is None else encode(reference.figure_mask > 0.5, blobs)
        return ReferenceRecord(
            reference.name, pixels, mask, reference.weight, figure, reference.whole, reference.panel, own
        )

    def references(self, records: tuple[ReferenceRecord, ...], blobs: Blobs) -> tuple[ReferenceItem, ...]:
        """The references of records; the same objects for the same records. Raises ProjectError."""
        return tuple(self._item(record, blobs) for record in records)

    def _figure(self, figure: FigureMask | None, blobs: Blobs) -> ArrayRecord | None:
        return None if figure is None else self.arrays.encode(figure.inside, blobs)

    def _read_mask(self, record: ArrayRecord, blobs: Blobs, name: str) -> NDArray[np.bool_]:
        """The mask of a record: H×W. Raises ProjectError."""
        require_sizes(record, blobs)
        mask = self.arrays.decode(record, blobs)
        if mask.ndim != 2 or mask.dtype != np.bool_:
            raise ProjectError("{0} is damaged in the project; open an older copy of it if there is one.", name)
        return mask

    def line_art_record(self, art: LineArt, blobs: Blobs) -> LineArtRecord:
        """The record of line art."""
        further = {name: getattr(art, name) for name in ("outline", "flats", "own", "rough")}
        records = {name: None if one is None else self.arrays.encode(one, blobs) for name, one in further.items()}
        return LineArtRecord(self.arrays.encode(art.ink, blobs), art.extracted, art.soft, notes=art.notes, **records)

    def line_art(self, record: LineArtRecord, blobs: Blobs) -> LineArt:
        """The line art of a record. Raises ProjectError."""
        further = {name: getattr(record, name) for name in ("outline", "flats", "own", "rough")}
        arrays = {name: None if one is None else self.arrays.decode(one, blobs) for name, one in further.items()}
        ink = self.arrays.decode(record.ink, blobs)
        for name, channels in (("outline", ()), ("flats", (4,)), ("own", (4,)), ("rough", (4,))):
            array = arrays[name]
            if array is not None and array.shape != (*ink.shape[:2], *channels):
                raise ProjectError("The lines of a drawing in the project are damaged; open an older copy of it.")
        return LineArt(ink, record.extracted, record.soft, notes=record.notes, **arrays)

    def drawing(self, record: DrawingRecord, blobs: Blobs) -> Drawing:
        """The drawing of a record. Raises ProjectError."""
        decode = self.arrays.decode
        pixels = decode(record.pixels, blobs)
        if pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ProjectError("{0} is damaged in the project; open an older copy of it if there is one.", record.name)
        alpha = None if record.alpha is None else decode(record.alpha, blobs)
        profile = None if record.profile is None else blobs.read(record.profile)
        if alpha is not None and alpha.shape != pixels.shape[:2]:
            raise ProjectError("{0} is damaged in the project; open an older copy of it if there is one.", record.name)
        picture = Picture(pixels, alpha, profile, _resolution(record.dpi), record.name)
        art = None if record.line_art is None else self.line_art(record.line_art, blobs)
        return Drawing(picture, record.kind, Pyramid(pixels), Path(record.path) if record.path else None, art)

    def _drawing(self, drawing: Drawing, blobs: Blobs) -> DrawingRecord:
        picture, encode = drawing.picture, self.arrays.encode
        profile = picture.icc_profile
        return DrawingRecord(
            name=picture.name,
            kind=drawing.kind,
            pixels=encode(picture.pixels, blobs),
            alpha=None if picture.alpha is None else encode(picture.alpha, blobs),
            profile=None if profile is None else blobs.add(self.store.add(profile, ".icc")),
            dpi=picture.dpi,
            path=str(drawing.path) if drawing.path else None,
            line_art=None if drawing.line_art is None else self.line_art_record(drawing.line_art, blobs),
        )

    def _references(self, page: Page, blobs: Blobs) -> tuple[ReferenceRecord, ...]:
        """The records of the references that the page has beside those of its characters."""
        return self._records(page.own_references, blobs)

    def _records(self, items: Sequence[ReferenceItem], blobs: Blobs) -> tuple[ReferenceRecord, ...]:
        """The records of references, which are the references of these records from now on."""
        records = tuple(self.reference(item.reference, blobs) for item in items)
        with self._lock:
            for record, item in zip(records, items, strict=True):
                self._items[record] = item
        return records

    def known_item(self, record: ReferenceRecord) -> object:
        """The reference of a record if it is in memory, else the record."""
        with self._lock:
            return self._items.get(record) or record

    def _item(self, record: ReferenceRecord, blobs: Blobs) -> ReferenceItem:
        with self._lock:
            found = self._items.get(record)
        if found is not None:
            return found
        pixels = self.arrays.decode(record.pixels, blobs)
        mask = None if record.mask is None else self.arrays.decode(record.mask, blobs)
        figure = None if record.figure is None else self.arrays.decode(record.figure, blobs)
        if pixels.ndim != 3 or any(one is not None and one.shape != pixels.shape[:2] for one in (mask, figure)):
            raise ProjectError("{0} is damaged in the project; open an older copy of it if there is one.", record.name)
        panel = record.panel if record.panel is not None and record.panel > 0 else None
        own = None
        if record.figure_mask is not None:
            own = self._read_mask(record.figure_mask, blobs, record.name).astype(np.float32)
            if own.shape != pixels.shape[:2]:
                own = None
        reference = Reference(
            pixels, mask, record.name, record.weight, figure, whole=record.whole, panel=panel, figure_mask=own
        )
        item = making.item_of(reference)
        with self._lock:
            return self._items.setdefault(record, item)

    def _thumbnail(self, page: Page, blobs: Blobs) -> str:
        """Of the drawing or its coloring; made again only when these change."""
        key = page.coloring or page.drawing
        with self._lock:
            known = self._thumbnails.get(key)
        if known is None or known[0] is not page.lines:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            thumbnail_of(page).save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
            own = Blobs()
            known = page.lines, own.add(self.store.add(bytes(buffer.data().data()), ".png")), own
            with self._lock:
                self._thumbnails[key] = known
        for blob in known[2]:
            blobs.add(blob)
        return known[1]


def _resolution(dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    """One that a file can say; None for any other."""
    return dpi if dpi is not None and all(DPI_MIN <= one <= DPI_MAX for one in dpi) else None


def _is_thumbnail(data: bytes) -> bool:
    """Whether it is a PNG as small as ours are."""
    return is_whole_png(data) and all(0 < side <= THUMBNAIL_MAX for side in struct.unpack(">II", data[16:24]))


class StoredPage:
    """A page's content as record and blobs."""

    def __init__(
        self, codec: PageCodec, record: PageRecord, blobs: Blobs, page_id: int, *, has_references: bool
    ) -> None:
        """has_references: whether the page keeps its references itself."""
        self.codec, self.record, self.blobs = codec, record, blobs
        self.page_id = page_id
        self.has_references = has_references

    @property
    def name(self) -> str:
        """The name of its drawing."""
        return self.record.drawing.name if self.record.drawing else ""

    @property
    def kind(self) -> PictureKind | None:
        """What its drawing looks like."""
        return self.record.drawing.kind if self.record.drawing else None

    @property
    def has_references_stored(self) -> bool:
        """Whether there are references in it."""
        return not self.has_references and bool(self.record.references)

    @property
    def is_colored(self) -> bool:
        """Whether there is a coloring in it."""
        return self.record.coloring is not None

    @property
    def finished_as(self) -> FinishOptions | None:
        """What its coloring was finished with, None where there is none."""
        return self.record.coloring.options.finish if self.record.coloring else None

    @property
    def path(self) -> Path | None:
        """The file of its drawing."""
        path = self.record.drawing.path if self.record.drawing else None
        return Path(path) if path else None

    def repacked(self, page: Page) -> StoredPage:
        """The content of a page that this one's was loaded into and that changed since. Off the GUI thread."""
        return self.codec.pack(page)

    def is_made_for(self, references: Sequence[ReferenceItem]) -> bool:
        """Whether its coloring has its colors from these references of the page, and from its own stored ones."""
        if self.record.coloring is None:
            return False
        made_for = [self.codec.known_item(one) for one in self.record.coloring.references]
        own = () if self.has_references else self.record.references
        wanted = list(dict.fromkeys([*references, *(self.codec.known_item(one) for one in own)]))
        return made_for == wanted

    @property
    def to_check(self) -> int:
        """The number of places in its coloring that should be checked."""
        return self.record.to_check

    @property
    def is_saved(self) -> bool:
        """Whether its picture lies in a file as it is."""
        return self.record.saved

    def load(self, page: Page) -> PageContent:
        """Decode what the page was packed with; lines are made as its settings of now say. Raises NurieError."""
        try:
            require_sizes(self.record, self.blobs)
            return self._load(page)
        except NurieError:
            raise
        except (
            ValueError,
            TypeError,
            ArithmeticError,
            LookupError,
            AttributeError,
            AssertionError,
            cv2.error,
        ) as error:
            # What a stranger wrote may fit its types and be no picture all the same.
            raise ProjectError(
                "{0} is damaged in the project; open an older copy of it if there is one.",
                self.name or Sentence("A drawing"),
            ) from error

    def _load(self, page: Page) -> PageContent:
        codec, record, blobs = self.codec, self.record, self.blobs
        references = None if self.has_references else codec.references(record.references, blobs)
        if record.drawing is None:
            return PageContent(None, references=references)
        drawing = codec.drawing(record.drawing, blobs)
        lines = None
        if not page.needs_choice:
            lines = making.lines_of(drawing, page.wanted_lines)
        coloring: Coloring | None = None
        if record.coloring is not None:
            coloring = coloring_codec.coloring(codec, record.coloring, blobs, drawing, lines)
        saved = (coloring, lines) if record.saved and coloring is not None and lines is not None else None
        return PageContent(drawing, lines, coloring, saved, references)

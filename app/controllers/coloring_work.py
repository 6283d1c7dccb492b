"""Reading, preparing and writing pictures: the work of the jobs in the files and lines lanes. Nothing here is Qt's
but images; everything runs off the GUI thread."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.controllers import view_work as view_pictures
from app.document import making
from app.document.parts import Coloring, Drawing, LayerChoice, Lines, PictureKind, ReferenceItem
from app.images import incoming, qt_images
from app.images.pyramid import Pyramid
from engine import pipeline
from engine.errors import PictureError
from engine.request import LineArt, Progress

if TYPE_CHECKING:
    from engine.export.formats import Quality
    from engine.images import Picture

translate = QCoreApplication.translate

EVERY_LAYER = LayerChoice()


@dataclass(frozen=True, eq=False)
class ReadPictures:
    """What was read: pictures in the order they came, and a sentence for each that was not to be read.

    notes: sentences on what was guessed or left out. line_art: those of the references that are line art without
    colors, each with where it is from.
    """

    drawings: tuple[Drawing, ...]
    references: tuple[ReferenceItem, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    line_art: tuple[tuple[ReferenceItem, incoming.Source], ...] = ()


def read_references(sources: Sequence[incoming.Source]) -> Generator[Progress, None, ReadPictures]:
    """All sources as references."""
    from engine.color import colorless

    items: list[ReferenceItem] = []
    drawn: list[tuple[ReferenceItem, incoming.Source]] = []
    problems: list[str] = []
    notes: list[str] = []
    for index, source in enumerate(sources):
        yield Progress(translate("Jobs", "Reading…"), index / len(sources))
        try:
            item = reference_item(source, notes)
        except PictureError as error:
            problems.append(str(error))
            continue
        items.append(item)
        if item.is_line_art and colorless.is_colorless(item.reference):
            drawn.append((item, source))
    return ReadPictures((), tuple(items), tuple(problems), tuple(notes), tuple(drawn))


def reference_item(source: incoming.Source, notes: list[str] | None = None) -> ReferenceItem:
    """One source as a reference. notes: takes sentences on what was guessed or left out. Raises PictureError."""
    picture = incoming.read(source)
    item = making.item_of(pipeline.reference_of(picture))
    if notes is not None:
        notes += [*pipeline.notes_of(picture), *item.lacking]
    return item


def read_drawings(sources: Sequence[incoming.Source]) -> Generator[Progress, None, ReadPictures]:
    """Drawings and, where several pictures come together, references.

    Drawings are those that look like line art, or the first of all where none does.
    """
    from engine.line_art import prepare

    pictures: list[tuple[Picture, Path | None, LineArt | None]] = []
    items: list[ReferenceItem] = []
    chosen: list[Picture] = []
    problems: list[str] = []
    notes: list[str] = []
    for index, source in enumerate(sources):
        yield Progress(translate("Jobs", "Reading…"), index / len(sources))
        try:
            if isinstance(source, incoming.FileSource):
                if source.reference_layers:
                    items.append(reference_item(source, notes))
                if source.line_layers or not source.reference_layers:
                    picture, line_art = pipeline.read_drawing(source.path, source.line_layers)
                    pictures.append((picture, source.path, line_art))
                    chosen += [picture] if source.line_layers else []
            else:
                pictures.append((incoming.read(source), None, None))
        except PictureError as error:
            problems.append(str(error))
    notes += [note for picture, _, _ in pictures for note in pipeline.notes_of(picture)]
    # Lines that a person chose are line art, whatever they look like.
    kinds: list[PictureKind] = [
        prepare.detect(picture) if line_art is None and not any(picture is one for one in chosen) else "line_art"
        for picture, _, line_art in pictures
    ]
    drawings: list[Drawing] = []
    for index, ((picture, path, line_art), kind) in enumerate(zip(pictures, kinds, strict=True)):
        if kind == "line_art" or ("line_art" not in kinds and index == 0):
            drawings.append(Drawing(picture, kind, Pyramid(picture.pixels), path, line_art))
            continue
        try:
            items.append(making.item_of(pipeline.reference_of(picture)))
            notes += items[-1].lacking
        except PictureError as error:
            problems.append(str(error))
    return ReadPictures(tuple(drawings), tuple(items), tuple(problems), tuple(notes))


def as_reference(drawing: Drawing) -> Generator[Progress, None, ReferenceItem]:
    """The picture that was taken for a drawing, as a reference."""
    yield Progress(translate("Jobs", "Reading…"), 0.0)
    return making.item_of(pipeline.reference_of(drawing.picture))


def swapped(drawing: Drawing, item: ReferenceItem) -> Generator[Progress, None, tuple[Drawing, ReferenceItem]]:
    """The reference as a drawing, and the drawing as a reference."""
    from engine.images import Picture

    yield Progress(translate("Jobs", "Reading…"), 0.0)
    reference = item.reference
    alpha = None if reference.figure is None else reference.figure.astype("uint8") * 255
    picture = Picture(reference.pixels, alpha, None, None, reference.name)
    made = Drawing(picture, "line_art", Pyramid(picture.pixels))
    return made, making.item_of(pipeline.reference_of(drawing.picture))


def flattened_image(coloring: Coloring, lines: Lines) -> Generator[Progress, None, QImage]:
    """The picture for the clipboard."""
    from engine import layers

    yield Progress(translate("Jobs", "Copying…"), 0.0)
    return qt_images.to_qimage(layers.flatten(coloring.made().layers(line_art=lines.line_art)))


def save(
    path: Path,
    drawing: Drawing,
    coloring: Coloring,
    lines: Lines,
    shown: LayerChoice = EVERY_LAYER,
    quality: Quality | None = None,
) -> Generator[Progress, None, tuple[Path, tuple[str, ...]]]:
    """Write the picture under the lines of now, which may be newer than the colors, in any kind of file Nurie writes.

    In the drawing's color profile and resolution. shown: the other layers are in a layered file too, hidden; a flat one
    has all of them. Returns the path, and sentences to tell. Raises PictureError.
    """
    from engine import inspection
    from engine.export import formats

    yield Progress(translate("Jobs", "Saving…"), 0.0)
    formats.require_suffix(path)
    made = coloring.made(drawing.picture)
    stack = made.layers(line_art=lines.line_art)
    if formats.is_layered(path):
        stack = view_pictures.with_visibility(stack, shown)
    pipeline.write(path, stack, made, quality)
    return path, tuple(inspection.notes(coloring.finished))

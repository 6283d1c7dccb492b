"""Reading, preparing and writing pictures: the work of the jobs in the files and lines lanes. Nothing here is Qt's
but images; everything runs off the GUI thread."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from app.controllers import view_work as view_pictures
from app.document import making
from app.document.parts import Coloring, Drawing, LayerChoice, Lines, PictureKind, ReferenceItem
from app.images import incoming, qt_images
from app.images.pyramid import Pyramid
from engine.errors import PictureError
from engine.request import LineArt, Progress

if TYPE_CHECKING:
    from engine.images import Picture
    from engine.layers import LayerStack

translate = QCoreApplication.translate

EVERY_LAYER = LayerChoice()


@dataclass(frozen=True, eq=False)
class ReadPictures:
    """What was read: pictures in the order they came, and a sentence for each that was not to be read.

    notes: sentences on what was guessed or left out.
    """

    drawings: tuple[Drawing, ...]
    references: tuple[ReferenceItem, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()


def read_references(sources: Sequence[incoming.Source]) -> Generator[Progress, None, ReadPictures]:
    """All sources as references."""
    items: list[ReferenceItem] = []
    problems: list[str] = []
    notes: list[str] = []
    for index, source in enumerate(sources):
        yield Progress(translate("Jobs", "Reading…"), index / len(sources))
        try:
            items.append(reference_item(source, notes))
        except PictureError as error:
            problems.append(str(error))
    return ReadPictures((), tuple(items), tuple(problems), tuple(notes))


def reference_item(source: incoming.Source, notes: list[str] | None = None) -> ReferenceItem:
    """One source as a reference. notes: takes sentences on what was guessed or left out. Raises PictureError."""
    from engine import images

    picture = incoming.read(source)
    if notes is not None:
        notes += said(picture)
    return making.item_of(images.for_reference(picture))


def said(picture: Picture) -> list[str]:
    """The notes of a picture, with its name."""
    return [f"{picture.name}: {note}" for note in picture.notes]


def read_drawings(sources: Sequence[incoming.Source]) -> Generator[Progress, None, ReadPictures]:
    """Drawings and, where several pictures come together, references.

    Drawings are those that look like line art, or the first of all where none does.
    """
    from engine import images, layered_drawing
    from engine.line_art import prepare

    pictures: list[tuple[images.Picture, Path | None, LineArt | None]] = []
    items: list[ReferenceItem] = []
    chosen: list[images.Picture] = []
    problems: list[str] = []
    notes: list[str] = []
    for index, source in enumerate(sources):
        yield Progress(translate("Jobs", "Reading…"), index / len(sources))
        try:
            if isinstance(source, incoming.FileSource):
                if source.reference_layers:
                    items.append(reference_item(source, notes))
                if source.line_layers or not source.reference_layers:
                    picture, line_art = layered_drawing.read(source.path, source.line_layers)
                    pictures.append((picture, source.path, line_art))
                    chosen += [picture] if source.line_layers else []
            else:
                pictures.append((incoming.read(source), None, None))
        except PictureError as error:
            problems.append(str(error))
    notes += [note for picture, _, _ in pictures for note in said(picture)]
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
            items.append(making.item_of(images.for_reference(picture)))
        except PictureError as error:
            problems.append(str(error))
    return ReadPictures(tuple(drawings), tuple(items), tuple(problems), tuple(notes))


def as_reference(drawing: Drawing) -> Generator[Progress, None, ReferenceItem]:
    """The picture that was taken for a drawing, as a reference."""
    from engine import images

    yield Progress(translate("Jobs", "Reading…"), 0.0)
    return making.item_of(images.for_reference(drawing.picture))


def layered(coloring: Coloring, lines: Lines, drawing: Drawing | None = None) -> LayerStack:
    """The layers as the canvas shows them: colors under the lines of now, which may be newer than the colors.

    drawing: where color profile and resolution come from.
    """
    from engine import layering

    finished = coloring.finished
    finished = replace(finished, request=replace(finished.request, line_art=lines.line_art))
    picture = drawing.picture if drawing else None
    return layering.to_stack(
        finished, resolution=picture.dpi if picture else None, icc_profile=picture.icc_profile if picture else None
    )


def flattened_image(coloring: Coloring, lines: Lines) -> Generator[Progress, None, QImage]:
    """The picture for the clipboard."""
    from engine import layers

    yield Progress(translate("Jobs", "Copying…"), 0.0)
    return qt_images.to_qimage(layers.flatten(layered(coloring, lines)))


def save(
    path: Path, drawing: Drawing, coloring: Coloring, lines: Lines, shown: LayerChoice = EVERY_LAYER
) -> Generator[Progress, None, tuple[Path, tuple[str, ...]]]:
    """Write the picture, in layers where the suffix of `path` is of a kind that has them, flattened as PNG.

    In the drawing's color profile and resolution. shown: the other layers are in a layered file too, hidden; a PNG has
    all of them. Returns the path, and sentences to tell. Raises PictureError.
    """
    from engine import inspection, layers
    from engine.export import formats, png

    yield Progress(translate("Jobs", "Saving…"), 0.0)
    formats.require_suffix(path)
    stack = layered(coloring, lines, drawing)
    if formats.is_layered(path):
        formats.write_layers(path, view_pictures.with_visibility(stack, shown), coloring.text)
    else:
        picture = drawing.picture
        pixels = layers.flatten(stack)
        png.write_png(path, pixels, icc_profile=picture.icc_profile, dpi=picture.dpi, text=coloring.text)
    return path, tuple(inspection.notes(coloring.finished))

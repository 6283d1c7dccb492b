"""Pages of a project without a window, and projects written and read at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.controllers import finish_work as finishing
from app.document.document import Document
from app.document.making import lines_of
from app.document.page import Page, Snapshot
from app.document.parts import Drawing, ReferenceItem
from app.images import qt_images
from app.images.pyramid import Pyramid
from app.project_file import file as project_file
from app.project_file.file import ReadProject
from app.project_file.page_codec import PageCodec
from engine import pipeline
from engine.images import Picture
from engine.options import FinishOptions, LineOptions, Options
from engine.pipeline import run
from engine.request import Reference
from tests.fakes import FakeColorizer, color_picture, line_drawing


def drawing(name: str = "page.png", width: int = 96, height: int = 64) -> Drawing:
    """A line drawing with a resolution."""
    pixels = line_drawing(width, height)
    return Drawing(Picture(pixels, None, None, (300.0, 300.0), name), "line_art", Pyramid(pixels), Path("/art") / name)


def reference(name: str = "sheet.png", color: tuple[int, int, int] = (200, 60, 60)) -> ReferenceItem:
    """A color picture of which one corner does not count."""
    pixels = color_picture(color=color)
    mask = np.ones(pixels.shape[:2], np.bool_)
    mask[:5, :5] = False
    return ReferenceItem(Reference(pixels, mask, name, 0.5), qt_images.thumbnail(pixels, 64))


def page(number: int, settings: FinishOptions | None = None, item: ReferenceItem | None = None) -> Page:
    """A colored page; equal numbers make equal pages."""
    made = drawing(f"page {number}.png", 96 + number)
    lines = lines_of(made, LineOptions(lines="ink"))
    items = (item or reference(),)
    options = Options(lines.settings, finish=settings or FinishOptions(shading="soft"))
    request = pipeline.request_of(lines.line_art, tuple(one.reference for one in items), options)
    result = run(FakeColorizer().colorize(request), lambda _: None)
    steps = finishing.finish(FakeColorizer(), request, result, options, ("fake", "0" * 64), lambda: False)
    coloring = run(steps, lambda _: None)
    return Page(number, made, LineOptions(), items, options.finish, lines=lines, coloring=coloring)


def document(*pages: Page) -> Document:
    """A document with these pages, the first of which is shown."""
    made = Document()
    made.replace_all(pages, pages[0].id, None)
    return made


def write(path: Path, pages: tuple[Page, ...], codec: PageCodec | None = None, shown: int | None = None) -> bytes:
    """Write a project; its bytes."""
    snapshot = Snapshot(pages, pages[0].id if shown is None else shown)
    run(project_file.write(path, snapshot, codec or PageCodec()), lambda _: None)
    return path.read_bytes()


def read(path: Path) -> ReadProject:
    """Read a project."""
    return run(project_file.read(path), lambda _: None)


def read_whole(path: Path) -> tuple[Page, ...]:
    """Its pages, each with its content."""
    return tuple(one if one.is_loaded else project_file.loaded(one) for one in read(path).pages)


def same(one: NDArray | None, other: NDArray | None) -> bool:
    """Whether two arrays are equal in value, shape and kind."""
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and np.array_equal(one, other)

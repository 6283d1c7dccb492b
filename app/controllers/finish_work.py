"""Finishing a coloring and looking at it: the work of the jobs, off the GUI thread. No Qt but images."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.document import making
from app.document.parts import Coloring, Overlay, OverlayKind
from app.images import heat
from app.images.pyramid import Pyramid
from engine import pipeline
from engine.colorizer import Colorizer
from engine.options import FinishOptions, Options
from engine.request import ColorizeRequest, ColorizeResult, Progress

if TYPE_CHECKING:
    from engine.finishing import Finished
    from engine.palette import Palette

translate = QCoreApplication.translate


def finish(
    colorizer: Colorizer,
    request: ColorizeRequest,
    result: ColorizeResult,
    options: Options,
    model: tuple[str, str],
    should_stop: Callable[[], bool],
    before: Finished | None = None,
) -> Generator[Progress, None, Coloring]:
    """Make of the guess what `options` ask for. model: name and SHA-256. before: the same guess as it was finished
    last, which saves time. Raises NurieError and Cancelled."""
    from engine import finishing

    finished = yield from pipeline.finish(colorizer, request, result, options, should_stop, before)
    finished = finishing.described(colorizer, finished)  # so that a hint can tell beforehand what would follow it
    return making.coloring_of(result, finished, options, model)


def repaint(coloring: Coloring, settings: FinishOptions) -> Generator[Progress, None, Coloring]:
    """The same coloring with the edits of its swatches in `settings`; network and regions are not asked again."""
    from engine import finishing

    yield Progress(translate("Jobs", "Painting…"), 0.0)
    finished = finishing.recolored(coloring.finished, settings, coloring.result.color)
    options = replace(coloring.options, finish=settings)
    return replace(coloring, finished=finished, options=options, view=Pyramid(making.colors_of(finished)))


def overlay(finished: Finished, kind: OverlayKind) -> Generator[Progress, None, Overlay]:
    """The regions apart, or how sure their colors are."""
    from engine.line_art import region_edits

    yield Progress(translate("Jobs", "Painting…"), 0.0)
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    if kind == "regions":
        pixels = region_edits.tint(regions)
    else:
        pixels = heat.colors(1.0 - flats.confidence)[regions.labels - 1]
    return Overlay(kind, regions, Pyramid(pixels))


def load_palette(path: Path) -> Generator[Progress, None, Palette]:
    """The palette in a file, every swatch with a name. Raises PictureError."""
    from engine.color import names
    from engine.export import palette_files

    yield Progress(translate("Jobs", "Reading…"), 0.0)
    palette = palette_files.read(path)
    swatches = (replace(one, name=one.name or names.name_of(one.color)) for one in palette.swatches)
    return replace(palette, swatches=tuple(swatches))


def save_palette(path: Path, palette: Palette) -> Generator[Progress, None, Path]:
    """Write the palette. Raises PictureError and RequestError."""
    from engine.export import palette_files

    yield Progress(translate("Jobs", "Saving…"), 0.0)
    palette_files.write(path, palette)
    return path

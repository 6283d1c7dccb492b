"""How the parts of a document are made: lines of a drawing, a coloring of what was finished. Off the GUI thread."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.document.parts import Coloring, Drawing, FinishSettings, Lines, LineSettings, ReferenceItem
from app.images import qt_images
from app.images.pyramid import Pyramid
from engine.request import ColorizeResult, Progress, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.color.palette import Palette
    from engine.finishing import Finished, FinishOptions

translate = QCoreApplication.translate

THUMBNAIL_SIDE = 320  # pixels; enough for a strip on a screen with a device pixel ratio of 2


def make_lines(drawing: Drawing, settings: LineSettings) -> Generator[Progress, None, Lines]:
    """Line art of the drawing."""
    import cv2
    import numpy as np

    from engine.line_art import prepare
    from engine.line_art.cleaning import Cleaning, cleaned

    yield Progress(translate("Jobs", "Preparing the lines…"), 0.0)
    cleaning = Cleaning(settings.black, settings.white, settings.despeckle)
    if drawing.line_art is None or settings.mode == "extract":
        line_art = prepare.prepare(drawing.picture, settings.mode, settings.sigma, settings.sharp, cleaning)
    else:
        line_art = cleaned(drawing.line_art, cleaning)
    gray = np.asarray(cv2.convertScaleAbs(line_art.layer, alpha=255.0), np.uint8)
    return Lines(line_art, settings, Pyramid(gray))


def item_of(reference: Reference) -> ReferenceItem:
    """A reference with its thumbnail."""
    return ReferenceItem(reference, qt_images.thumbnail(reference.pixels, THUMBNAIL_SIDE))


def coloring_of(
    result: ColorizeResult,
    finished: Finished,
    settings: FinishSettings,
    model: tuple[str, str],
    base: Palette | None,
) -> Coloring:
    """All that is shown of a finished coloring. model: name and SHA-256. base: its palette before edits."""
    from engine import inspection

    return Coloring(
        result,
        finished,
        settings,
        Pyramid(colors_of(finished)),
        *model,
        base=base,
        shares=tuple(inspection.shares(finished)),
        doubts=tuple(inspection.doubts(finished)),
    )


def options_of(settings: FinishSettings) -> FinishOptions:
    """What the engine is asked for."""
    from engine.finishing import FinishOptions

    if not settings.flats:
        return FinishOptions(flats=False, locked=False)
    palette = settings.palette if settings.locked else None
    return FinishOptions(
        locked=settings.locked,
        palette=palette,
        shading=settings.shading,
        gap=settings.gap,
        corrections=settings.corrections,
    )


def edited(finished: Finished, base: Palette | None, settings: FinishSettings) -> Finished:
    """The same coloring with the edits of its swatches."""
    from engine import finishing

    if base is None:
        return finished
    palette = settings.edited(base)
    return finished if palette == finished.palette else finishing.repaint(finished, palette)


def colors_of(finished: Finished) -> NDArray[np.uint8]:
    """What is seen under the ink: H×W×3."""
    from engine import layering, layers

    if finished.shading is None:
        return finished.color
    stack = layering.to_stack(finished)
    return layers.flatten(replace(stack, layers=tuple(one for one in stack.layers if one.name != layering.LINE)))


def lines_of(drawing: Drawing, settings: LineSettings) -> Lines:
    """Line art of a drawing, at once. Raises NurieError."""
    steps = make_lines(drawing, settings)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value

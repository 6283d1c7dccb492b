"""How the parts of a document are made: lines of a drawing, a coloring of what was finished. Off the GUI thread."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.document.parts import Coloring, Drawing, Lines, ReferenceItem
from app.images import qt_images
from app.images.pyramid import Pyramid
from engine import pipeline
from engine.options import LineOptions, Options
from engine.request import ColorizeResult, Progress, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.finishing import Finished

translate = QCoreApplication.translate

THUMBNAIL_SIDE = 320  # pixels; enough for a strip on a screen with a device pixel ratio of 2


def make_lines(drawing: Drawing, settings: LineOptions) -> Generator[Progress, None, Lines]:
    """Line art of the drawing."""
    yield Progress(translate("Jobs", "Preparing the lines…"), 0.0)
    return lines_of(drawing, settings)


def lines_of(drawing: Drawing, settings: LineOptions) -> Lines:
    """Line art of a drawing, at once. Raises NurieError."""
    import cv2
    import numpy as np

    line_art = pipeline.prepare_lines(drawing.picture, drawing.line_art, settings)
    if line_art.own is not None:
        return Lines(line_art, settings, Pyramid(line_art.own))
    gray = np.asarray(cv2.convertScaleAbs(line_art.layer, alpha=255.0), np.uint8)
    return Lines(line_art, settings, Pyramid(gray))


def item_of(reference: Reference) -> ReferenceItem:
    """A reference with its thumbnail, cut into its figures if it is a sheet."""
    from engine.color import colorless, sheet

    # Of one that is used whole it is asked, too: a person may want its figures again.
    cut = sheet.cut(replace(reference, whole=False) if reference.whole else reference)
    thumbnail = qt_images.thumbnail(reference.pixels, THUMBNAIL_SIDE)
    figures = len(cut.figures) if cut.is_sheet else 0
    drawn = colorless.is_line_art(reference)
    return ReferenceItem(reference, thumbnail, drawn, figures, tuple(colorless.lacking(reference, drawn=drawn)))


def coloring_of(result: ColorizeResult, finished: Finished, options: Options, model: tuple[str, str]) -> Coloring:
    """All that is shown of a finished coloring. model: name and SHA-256."""
    from engine import inspection

    return Coloring(
        result,
        finished,
        options,
        Pyramid(colors_of(finished)),
        *model,
        shares=tuple(inspection.shares(finished)),
        checks=tuple(inspection.checks(finished)),
    )


def colors_of(finished: Finished) -> NDArray[np.uint8]:
    """What is seen under the ink: H×W×3."""
    from engine import layering, layers

    if finished.shading is None:
        return finished.color
    stack = layering.to_stack(finished)
    return layers.flatten(replace(stack, layers=tuple(one for one in stack.layers if one.name != layering.LINE)))

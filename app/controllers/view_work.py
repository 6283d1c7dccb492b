"""Pictures that are made only to be looked at: a coloring with layers hidden, a reference under its veil."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.document.parts import LayerChoice
from app.images.pyramid import Pyramid
from engine.request import LineArt, Progress, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.finishing import Finished
    from engine.layers import Layer, LayerStack

translate = QCoreApplication.translate

SQUARE, SQUARE_COLORS = 16, (255, 214)  # of the checkerboard that stands for nothing: pixels, levels of gray
VEIL_COLOR, VEIL_SHARE = (214, 64, 56), 0.62  # laid over what does not count


def without_layers(finished: Finished, shown: LayerChoice) -> Generator[Progress, None, Pyramid]:
    """The colors that are seen under the lines with only these layers; a checkerboard where there is nothing."""
    from engine import layering, layers

    yield Progress(translate("Jobs", "Painting…"), 0.0)
    stack = with_visibility(layering.to_stack(finished), replace(shown, lines=False))
    paper, *others = stack.layers
    if not shown.paper:
        paper = replace(paper, pixels=checkerboard(stack.size), visible=True)
    return Pyramid(layers.flatten(replace(stack, layers=(paper, *others))))


def with_visibility(stack: LayerStack, shown: LayerChoice) -> LayerStack:
    """The layers of a coloring, those hidden that are not shown on the canvas."""
    from engine import layering

    seen = {
        layering.PAPER: shown.paper,
        layering.FLATS: shown.colors,
        layering.COLORS: shown.colors,
        layering.PAINT: shown.colors,
        layering.SHADING: shown.shading,
        layering.HIGHLIGHTS: shown.shading,
        layering.LINE: shown.lines,
    }

    def is_seen(layer: Layer) -> bool:
        # One layer a swatch lies in the group of the flats, under a name of its own.
        return layer.visible and seen.get(layer.group or layer.name, True)

    return replace(stack, layers=tuple(replace(layer, visible=is_seen(layer)) for layer in stack.layers))


def checkerboard(size: tuple[int, int]) -> NDArray[np.uint8]:
    """H×W×4, opaque."""
    import numpy as np

    rows, columns = np.ogrid[: size[0], : size[1]]
    levels = np.where((rows // SQUARE + columns // SQUARE) % 2, *SQUARE_COLORS[::-1]).astype(np.uint8)
    pixels = np.full((*size, 4), 255, np.uint8)
    pixels[..., :3] = levels[..., None]
    return pixels


def veiled(reference: Reference) -> Generator[Progress, None, Pyramid]:
    """The reference, with a veil over what does not count."""
    yield Progress(translate("Jobs", "Painting…"), 0.0)
    if reference.mask is None:
        return Pyramid(reference.pixels)
    return Pyramid(_veiled(reference.pixels, ~reference.mask))


def _veiled(pixels: NDArray[np.uint8], hidden: NDArray[np.bool_]) -> NDArray[np.uint8]:
    import numpy as np

    pixels = pixels.copy()
    veil = np.asarray(VEIL_COLOR, np.float32) * VEIL_SHARE
    pixels[hidden] = np.rint(pixels[hidden] * (1.0 - VEIL_SHARE) + veil).astype(np.uint8)
    return pixels


def figure_of(
    line_art: LineArt, figure: NDArray[np.bool_] | None, color: NDArray[np.uint8] | None
) -> Generator[Progress, None, tuple[NDArray[np.bool_], Pyramid, bool]]:
    """Where the figure of a drawing is, H×W; the colors with a veil over all else; and whether there is a figure.

    figure: as a person says, None: it is looked for. color: H×W×3, None for paper.
    """
    import numpy as np

    from engine.color import figure_mask

    yield Progress(translate("Jobs", "Looking for the figure…"), 0.0)
    if figure is None or figure.shape != line_art.size:
        found = figure_mask.of_line_art(line_art)
        figure = np.zeros(line_art.size, np.bool_) if found is None else found > 0.5
    if color is None or color.shape[:2] != line_art.size:
        color = np.full((*line_art.size, 3), 255, np.uint8)
    return figure, Pyramid(_veiled(color, ~figure)), bool(figure.any())


def figure_veiled(reference: Reference) -> Generator[Progress, None, Pyramid]:
    """The reference, with a veil over what is not its figure."""
    yield Progress(translate("Jobs", "Looking for the figure…"), 0.0)
    return Pyramid(_veiled(reference.pixels, ~figure_mask_of(reference)))


def figure_mask_of(reference: Reference) -> NDArray[np.bool_]:
    """Where the figure of a reference is, H×W; slow only when it is asked for the first time."""
    import numpy as np

    from engine.color import figure_mask

    found = figure_mask.of_picture(reference)
    return np.zeros(reference.pixels.shape[:2], np.bool_) if found is None else found > 0.5


def mask_of(reference: Reference) -> NDArray[np.bool_]:
    """Where the reference counts: H×W."""
    import numpy as np

    return reference.mask if reference.mask is not None else np.ones(reference.pixels.shape[:2], np.bool_)

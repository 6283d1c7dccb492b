"""A finished coloring as layers, and a layered file as a drawing again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color.swatches import WHITE
from engine.errors import RequestError
from engine.finishing import Finished
from engine.layers import RESOLUTION_DEFAULT, Blend, Layer, LayerStack, cropped, on_canvas
from engine.line_art.regions import RegionMap

PAPER, FLATS, COLORS, SHADING, HIGHLIGHTS, LINE = "Paper", "Flats", "Colors", "Shading", "Highlights", "Line"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Reopened:
    """What a layered file that Nurie wrote holds. ink: H×W float32 in [0, 1], 0 ink. flats: H×W×4 uint8, None where the
    file has none."""

    ink: NDArray[np.float32]
    flats: Pixels | None


def to_stack(
    finished: Finished,
    *,
    by_swatch: bool = False,
    resolution: tuple[float, float] | None = None,
    icc_profile: bytes | None = None,
) -> LayerStack:
    """The layers of a coloring: Paper, Flats, Shading (Multiply), Highlights (Screen), Line (Multiply).

    by_swatch: one layer a swatch, in a group "Flats". White that reaches the edge of the picture is the paper's and is
    left out of the flats. The line layer is black, and its alpha is 255 less the ink that came in: multiplied over
    anything that is that ink, bit for bit. Without flats the guess is one layer, "Colors". resolution: dots an inch,
    None for 300.
    """
    size = finished.color.shape[0], finished.color.shape[1]
    layers = [Layer(PAPER, np.full((*size, 4), 255, np.uint8))]
    if finished.regions is None or finished.flats is None:
        layers.append(Layer(COLORS, _opaque(finished.color)))
    elif by_swatch:
        layers += _swatch_layers(finished)
    else:
        layers.append(_flats_layer(FLATS, finished.color, _painted(finished)[finished.regions.labels]))
    if finished.shading is not None:
        layers.append(_tone(SHADING, finished.shading.multiply, 255, "multiply"))
        layers.append(_tone(HIGHLIGHTS, finished.shading.screen, 0, "screen"))
    layers.append(_line_layer(finished.request.line_art.layer))
    return LayerStack(size, tuple(layers), resolution or RESOLUTION_DEFAULT, icc_profile)


def reopen(stack: LayerStack, name: str) -> Reopened:
    """The drawing and the flats in a stack of layers as `to_stack` makes it, edited since by whatever program.

    name: the file's, for the message. Raises RequestError where there is no layer "Line".
    """
    lines = [layer for layer in stack.layers if layer.name == LINE and layer.group is None]
    if not lines:
        raise RequestError(
            f'{name} has no layer "{LINE}": choose a file that Nurie wrote, or save the line art as a PNG first.'
        )
    pixels = on_canvas(lines[-1], stack.size)
    # On paper: what a layer of any color and alpha multiplies white with.
    gray = pixels[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    ink = 1.0 - pixels[..., 3] / np.float32(255.0) * (1.0 - gray / np.float32(255.0))
    flats = [layer for layer in stack.layers if FLATS in (layer.name, layer.group)]
    merged = np.zeros((*stack.size, 4), np.uint8) if flats else None
    for layer in flats:
        painted = on_canvas(layer, stack.size)
        assert merged is not None
        np.copyto(merged, painted, where=painted[..., 3:] == 255)
    return Reopened(ink.astype(np.float32), merged)


def _opaque(color: Pixels) -> Pixels:
    return np.dstack([color, np.full(color.shape[:2], 255, np.uint8)])


def _painted(finished: Finished) -> NDArray[np.bool_]:
    """For each label whether it is painted: all but white regions at the edge. Row 0 is nobody's."""
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    at_edge = np.zeros(regions.count + 1, np.bool_)
    labels = regions.labels
    for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        at_edge[side] = True
    white = np.concatenate([[False], (flats.colors == WHITE).all(axis=1)])
    return ~(at_edge & white)


def _flats_layer(name: str, color: Pixels, held: NDArray[np.bool_], group: str | None = None) -> Layer:
    """The colors where they are held, transparent elsewhere; cropped to its box."""
    return cropped(Layer(name, np.where(held[..., None], _opaque(color), np.uint8(0)), group=group))


def _swatch_layers(finished: Finished) -> list[Layer]:
    regions, flats, palette = finished.regions, finished.flats, finished.palette
    assert regions is not None and flats is not None
    painted = _painted(finished)[1:]
    colors, number = np.unique(flats.colors, axis=0, return_inverse=True)
    names = _names(colors, dict((s.color, s.name) for s in reversed(palette.swatches)) if palette else {})
    areas = np.bincount(number.reshape(-1), regions.areas * painted, len(colors))
    layers = []
    for index in np.argsort(-areas, kind="stable"):
        held = np.concatenate([[False], painted & (number.reshape(-1) == index)])
        if held.any():
            layers.append(_swatch_layer(names[index], colors[index], regions, held))
    return layers


def _swatch_layer(name: str, color: Pixels, regions: RegionMap, held: NDArray[np.bool_]) -> Layer:
    alpha = held.astype(np.uint8)[regions.labels] * np.uint8(255)
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    box = alpha[top : rows[-1] + 1, left : columns[-1] + 1]
    pixels = np.empty((*box.shape, 4), np.uint8)
    pixels[..., :3] = np.where(box[..., None] > 0, color, np.uint8(0))
    pixels[..., 3] = box
    return Layer(name, pixels, left, top, group=FLATS)


def _names(colors: Pixels, known: dict[tuple[int, int, int], str]) -> list[str]:
    """The swatches' names; a color that is no swatch has its digits."""
    return [known.get((int(r), int(g), int(b)), f"#{r:02x}{g:02x}{b:02x}") for r, g, b in colors]


def _tone(name: str, tone: Pixels, neutral: int, blend: Blend) -> Layer:
    alpha = (tone != neutral).any(axis=2).astype(np.uint8) * np.uint8(255)
    return cropped(Layer(name, np.dstack([np.where(alpha[..., None] > 0, tone, np.uint8(0)), alpha]), blend=blend))


def _line_layer(ink: NDArray[np.float32]) -> Layer:
    pixels = np.zeros((*ink.shape, 4), np.uint8)
    pixels[..., 3] = 255 - np.rint(ink * np.float32(255.0)).astype(np.uint8)
    return cropped(Layer(LINE, pixels, blend="multiply"))

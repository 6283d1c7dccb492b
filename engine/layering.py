"""A finished coloring as layers, and a layered file as a drawing again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine import cancellation
from engine.color.compose import STRIP_ROWS
from engine.color.swatches import WHITE
from engine.errors import RequestError
from engine.export.layer_names import ListedLayer
from engine.finishing import Finished
from engine.layers import RESOLUTION_DEFAULT, Blend, Layer, LayerStack, clean_name, cropped, on_canvas, on_white
from engine.line_art import ink_color
from engine.line_art.regions import labels_at_edge
from engine.options import Content
from engine.palette import hex_of
from engine.request import LineArt

PAPER, FLATS, COLORS, PAINT = "Paper", "Flats", "Colors", "Paint"
SHADING, HIGHLIGHTS, LINE = "Shading", "Highlights", "Line"
ROUGH = "Rough"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Reopened:
    """What a layered file that Nurie wrote holds. ink: H×W float32 in [0, 1], 0 ink. flats: H×W×4 uint8, None where the
    file has none. own, rough: as `LineArt` has them."""

    ink: NDArray[np.float32]
    flats: Pixels | None
    own: Pixels | None = None
    rough: Pixels | None = None

    @property
    def line_art(self) -> LineArt:
        """The drawing."""
        return LineArt(self.ink, flats=self.flats, own=self.own, rough=self.rough)


def to_stack(
    finished: Finished,
    *,
    by_swatch: bool = False,
    resolution: tuple[float, float] | None = None,
    icc_profile: bytes | None = None,
) -> LayerStack:
    """The layers of a coloring: Paper, Flats, Paint, Shading (Multiply), Highlights (Screen), Line (Multiply).

    Paint: the regions in which the color moves, over their flats; left out where none does.

    by_swatch: one layer a color, in a group "Flats", the largest area at the bottom; a color that is no swatch has its
    digits for a name. White that reaches the edge of the picture is the paper's and is left out of the flats. The line
    layer is black, and its alpha is 255 less the ink that came in: multiplied over anything that is that ink, bit for
    bit. Ink of another color is a layer in its own color (Normal), and a rough a hidden layer under the lines. Without
    flats the guess is one layer, "Colors". resolution: dots an inch, None for 300. Raises Cancelled.
    """
    size = finished.color.shape[0], finished.color.shape[1]
    layers = [Layer(PAPER, np.full((*size, 4), 255, np.uint8))]
    if finished.regions is None or finished.flats is None:
        layers.append(Layer(COLORS, np.dstack([finished.color, np.full(size, 255, np.uint8)])))
    elif by_swatch:
        layers += _swatch_layers(finished)
    else:
        layers.append(cropped(Layer(FLATS, _filled(finished.regions.labels, _painted(finished)))))
    if finished.moves is not None and finished.regions is not None:
        layers.append(_paint_layer(finished, finished.regions.labels, finished.moves))
    cancellation.check()
    if finished.shading is not None:
        layers.append(_tone(SHADING, finished.shading.multiply, 255, "multiply"))
        layers.append(_tone(HIGHLIGHTS, finished.shading.screen, 0, "screen"))
    line_art = finished.request.line_art
    if line_art.rough is not None:
        layers.append(cropped(Layer(ROUGH, line_art.rough, visible=False)))
    layers.append(_line_layer(line_art.layer) if line_art.own is None else cropped(Layer(LINE, line_art.own)))
    return LayerStack(size, tuple(layers), resolution or RESOLUTION_DEFAULT, icc_profile)


def chosen(stack: LayerStack, content: Content, *, paper: bool) -> LayerStack:
    """Of the layers that `to_stack` made those that are to be written. paper: whether the white below them, too."""

    def is_wanted(layer: Layer) -> bool:
        if layer.name == PAPER and layer.group is None:
            return paper
        if content == "lines":
            return layer.name == LINE and layer.group is None
        return content == "all" or layer.group == FLATS or layer.name in (FLATS, COLORS)

    return replace(stack, layers=tuple(layer for layer in stack.layers if is_wanted(layer)))


def colors_of(stack: LayerStack) -> LayerStack:
    """Of the layers that `to_stack` made those that a drawing's own file lacks: without paper, rough and lines."""
    own = (PAPER, ROUGH, LINE)
    return replace(stack, layers=tuple(one for one in stack.layers if one.group is not None or one.name not in own))


def reopen(stack: LayerStack, name: str) -> Reopened:
    """The drawing and the flats in a stack of layers as `to_stack` makes it, edited since by whatever program.

    name: the file's, for the message. Ink that was not edited comes back bit for bit, in steps of 1/255. Hidden
    layers count too. Raises RequestError where there is no layer "Line", and Cancelled.
    """
    lines = _line_layers(stack)
    if not lines:
        raise RequestError(
            '{0} has no layer "{1}": choose a file that Nurie wrote, or save the line art as a PNG first.', name, LINE
        )
    # Of a copy and a hidden one of before, the copy.
    shown = [layer for layer in lines if layer.visible] or lines
    line = on_canvas(shown[-1], stack.size)
    ink = _ink_of(line)
    rough = [layer for layer in stack.layers if layer.name == ROUGH and not _is_flats(layer) and not layer.is_empty]
    flats = [layer for layer in stack.layers if _is_flats(layer)]
    merged = np.zeros((*stack.size, 4), np.uint8) if flats else None
    for layer in flats:
        cancellation.check()
        painted = on_canvas(layer, stack.size)
        assert merged is not None
        np.copyto(merged.view(np.uint32), painted.view(np.uint32), where=painted[..., 3:] == 255)
    return Reopened(ink, merged, _own_of(line, shown[-1].blend), on_canvas(rough[-1], stack.size) if rough else None)


def are_own(layers: Sequence[ListedLayer]) -> bool:
    """Whether the layers of a file have the names, folders and order that `to_stack` gives them, and no others."""
    order = {PAPER: 0, FLATS: 1, COLORS: 1, PAINT: 2, SHADING: 3, HIGHLIGHTS: 4, ROUGH: 5, LINE: 6}
    places, flats = [], 0
    for layer in layers:
        if layer.groups == (FLATS,):
            flats, place = flats + 1, order[FLATS]
        elif layer.groups or layer.name not in order:
            return False
        else:
            flats, place = flats + (order[layer.name] == order[FLATS]), order[layer.name]
        places.append(place)
    single = [place for place in places if place != order[FLATS]]
    complete = flats > 0 and {order[PAPER], order[LINE]} <= set(single)
    return complete and places == sorted(places) and len(set(single)) == len(single)


def has_lines(stack: LayerStack) -> bool:
    """Whether there is a line layer, so that the stack can be reopened."""
    return bool(_line_layers(stack))


def _line_layers(stack: LayerStack) -> list[Layer]:
    return [layer for layer in stack.layers if layer.name == LINE and not _is_flats(layer)]


def _is_flats(layer: Layer) -> bool:
    """Whether it is the layer of flats, or one in the folder of that name, wherever this folder lies."""
    return layer.name == FLATS or FLATS in (layer.group or "").split(" / ")


def _ink_of(pixels: Pixels) -> NDArray[np.float32]:
    """What a layer of any color and alpha multiplies white paper with: H×W float32 in steps of 1/255."""
    ink = np.empty(pixels.shape[:2], np.float32)
    for top in range(0, len(ink), STRIP_ROWS):
        cancellation.check()
        rows = slice(top, top + STRIP_ROWS)
        gray = np.asarray(cv2.cvtColor(pixels[rows], cv2.COLOR_RGBA2GRAY), np.float32)
        ink[rows] = np.rint(255.0 - pixels[rows, :, 3] * (1.0 - gray / np.float32(255.0))) / np.float32(255.0)
    return ink


def _own_of(line: Pixels, blend: Blend) -> Pixels | None:
    """The line layer in its own color; None where it is black ink, or gray that is multiplied."""
    if not line[..., :3].any():
        return None
    if blend == "normal" and int(line[..., 3].min()) < 255:
        seen = line[..., 3:] > 0
        return np.where(seen, line, np.uint8(0)) if line[seen[..., 0], :3].any() else None
    # Multiplied, and where the paper is drawn with the lines: what it makes of white is the drawing.
    return ink_color.own_layer(on_white(line))


def _painted(finished: Finished) -> Pixels:
    """(count + 1)×4: what each label is painted with. Nothing for 0, nor for white regions at the edge."""
    regions, flats = finished.regions, finished.flats
    assert regions is not None and flats is not None
    table = np.zeros((regions.count + 1, 4), np.uint8)
    table[1:, :3], table[1:, 3] = flats.colors, 255
    at_edge = labels_at_edge(regions.labels)
    table[at_edge[(table[at_edge, :3] == WHITE).all(axis=1)]] = 0
    return table


def _filled(labels: NDArray[np.int32], table: Pixels) -> Pixels:
    """The pixels of h×w labels in their colors of a table: h×w×4."""
    # Four bytes taken at once are several times faster than rows of four.
    return table.view(np.uint32)[:, 0][labels].view(np.uint8).reshape(*labels.shape, 4)


def _paint_layer(finished: Finished, labels: NDArray[np.int32], moves: NDArray[np.float32]) -> Layer:
    """The regions in which the color moves, where it differs from their flats."""
    flats = finished.flats
    assert flats is not None
    table = np.zeros((len(flats.colors) + 1, 4), np.uint8)
    table[1:, :3] = flats.colors
    pixels = np.asarray(cv2.cvtColor(finished.color, cv2.COLOR_RGB2RGBA), np.uint8)
    pixels[..., 3] = 0  # as in the table
    differs = pixels.view(np.uint32)[..., 0] != table.view(np.uint32)[:, 0][labels]
    pixels[..., 3] = (np.append(False, moves > 0.0)[labels] & differs).view(np.uint8) * np.uint8(255)
    return cropped(Layer(PAINT, pixels))


def _swatch_layers(finished: Finished) -> list[Layer]:
    regions, palette, table = finished.regions, finished.palette, _painted(finished)
    assert regions is not None
    boxes = ndimage.find_objects(regions.labels)
    colors, number = np.unique(table, axis=0, return_inverse=True)
    number = number.reshape(-1)
    names = {swatch.color: clean_name(swatch.name) for swatch in reversed(palette.swatches)} if palette else {}
    areas = np.bincount(number[1:], regions.areas, len(colors))
    layers = []
    for index in np.argsort(-areas, kind="stable"):
        cancellation.check()
        red, green, blue, alpha = colors[index].tolist()
        if alpha == 0:
            continue
        held = np.flatnonzero(number == index)
        own = np.zeros_like(table)
        own[held] = colors[index]
        name = names.get((red, green, blue)) or hex_of((red, green, blue))
        rows, columns = _common_box([boxes[label - 1] for label in held.tolist()])
        pixels = _filled(regions.labels[rows, columns], own)
        layers.append(Layer(name, pixels, columns.start, rows.start, group=FLATS))
    return layers


def _common_box(boxes: list[tuple[slice, slice]]) -> tuple[slice, slice]:
    """The smallest box with all boxes in it."""
    rows, columns = zip(*boxes, strict=True)
    return (
        slice(min(side.start for side in rows), max(side.stop for side in rows)),
        slice(min(side.start for side in columns), max(side.stop for side in columns)),
    )


def _tone(name: str, tone: Pixels, neutral: int, blend: Blend) -> Layer:
    """A layer of shade or light, transparent where the tone is neutral."""
    pixels = np.asarray(cv2.cvtColor(tone, cv2.COLOR_RGB2RGBA), np.uint8)
    nothing = cv2.inRange(tone, np.full(3, neutral), np.full(3, neutral))
    pixels[..., 3] = cv2.bitwise_not(nothing)
    return cropped(Layer(name, pixels, blend=blend))


def _line_layer(ink: NDArray[np.float32]) -> Layer:
    pixels = np.zeros((*ink.shape, 4), np.uint8)
    np.subtract(255, cv2.convertScaleAbs(ink, alpha=255.0), out=pixels[..., 3])
    return cropped(Layer(LINE, pixels, blend="multiply"))

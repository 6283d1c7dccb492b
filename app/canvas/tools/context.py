"""What the tools of the canvas know, and the corrections they call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from engine.corrections import RGB, Corrections, Shape, Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.canvas.outlines import RegionOutlines

Point = tuple[int, int]
BRUSH_MIN, BRUSH_MAX, BRUSH_DEFAULT = 2, 400, 24  # logical pixels across


class Verbs(Protocol):
    """What the tools ask for; the corrections controller does it. Places are pixels of the drawing."""

    def hint(self, x: int, y: int, color: RGB) -> None: ...
    def fill(self, x: int, y: int, color: RGB) -> None: ...
    def fill_all(self, places: Sequence[Point], color: RGB) -> None: ...
    def draw_region(self, shape: Shape, color: RGB) -> None: ...
    def pick(self, item_index: int, rx: int, ry: int, x: int, y: int) -> None: ...
    def split(self, stroke: Stroke) -> None: ...
    def merge(self, a: Point, b: Point) -> None: ...
    def close_gap(self, stroke: Stroke) -> None: ...
    def remove_correction_at(self, x: int, y: int) -> object: ...
    def mask_reference(self, index: int, mask: NDArray[np.bool_] | None) -> None: ...
    def mask_figure(self, mask: NDArray[np.bool_] | None) -> None: ...
    def mask_reference_figure(self, index: int, mask: NDArray[np.bool_] | None) -> None: ...
    def ignore_background(self, index: int) -> None: ...
    def weigh_reference(self, index: int, weight: float) -> None: ...
    def next_check(self) -> object: ...
    def keep_reference_to_panel(self, index: int, panel: int | None) -> None: ...


@dataclass(frozen=True)
class Source:
    """A place of a reference that was picked. index: of the reference. color: there."""

    index: int
    x: int
    y: int
    color: RGB


class ToolContext(QObject):
    """The current drawing as tools see it, the current color, and what was picked from a reference."""

    color_changed = Signal()
    source_changed = Signal()
    tool_changed = Signal(str)  # its name: another one is in use
    said = Signal(str)  # a sentence for the status bar
    selection_changed = Signal()

    def __init__(self, verbs: Verbs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.verbs = verbs
        self.outlines: RegionOutlines | None = None
        self.corrections = Corrections()
        self.look_up: Callable[[int, int], RGB | None] = lambda _x, _y: None  # the color that is seen at a pixel
        self.reference_color: Callable[[int, int, int], RGB | None] = lambda _index, _x, _y: None
        self.followers: Callable[[int], Sequence[int]] = lambda _label: ()  # labels that a hint in this region leads
        self.brush_size = BRUSH_DEFAULT  # logical pixels across
        self._selection: tuple[Point, ...] = ()
        self._color: RGB = (200, 60, 60)
        self._source: Source | None = None

    @property
    def color(self) -> RGB:
        """The color that tools paint with."""
        return self._color

    @property
    def source(self) -> Source | None:
        """Where the next region that is clicked takes its color from."""
        return self._source

    @property
    def selection(self) -> tuple[Point, ...]:
        """A pixel of each region that is selected."""
        return self._selection

    @property
    def selected_labels(self) -> tuple[int, ...]:
        """The regions that are selected, as they are now."""
        outlines = self.outlines
        if outlines is None:
            return ()
        width, height = outlines.size
        return tuple({outlines.label_at(x, y): None for x, y in self._selection if x < width and y < height})

    def select(self, places: Sequence[Point], *, adds: bool = False) -> None:
        """Select the regions of these pixels; adds: beside those that are selected, and one that is no longer."""
        outlines = self.outlines
        if outlines is None:
            self._selection = ()
        elif adds:
            labels = {outlines.label_at(*place): place for place in places}
            held = {outlines.label_at(*place): place for place in self._selection}
            gone = set(labels) & set(held) if len(labels) == 1 else set()
            self._selection = tuple(place for label, place in (held | labels).items() if label not in gone)
        else:
            self._selection = tuple({outlines.label_at(*place): place for place in places}.values())
        self.selection_changed.emit()

    def resize_brush(self, factor: float) -> None:
        """A larger or a smaller brush."""
        self.brush_size = round(min(max(self.brush_size * factor, BRUSH_MIN), BRUSH_MAX))
        self.said.emit(self.tr("The brush is {0} px wide.").format(self.brush_size))

    def set_color(self, color: RGB) -> None:
        """Paint with this from now on."""
        if color != self._color:
            self._color = color
            self.color_changed.emit()

    def set_source(self, source: Source | None) -> None:
        """Take this place of a reference."""
        if source != self._source:
            self._source = source
            self.source_changed.emit()

    def take_color_at(self, pixel: Point) -> None:
        """The eyedropper."""
        color = self.look_up(*pixel)
        if color is not None:
            self.set_color(color)
            self.said.emit(self.tr("Took the color #{0:02x}{1:02x}{2:02x}.").format(*color))

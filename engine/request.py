"""What a colouring needs and what it gives: frozen dataclasses of numpy arrays, no torch, no Qt.

Pictures are H×W×3 uint8 sRGB; ink is H×W float32 in [0, 1], 0 ink, 1 paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from engine.errors import RequestError
from engine.options import SIGMA_DEFAULT, WORKING_SIZE_DEFAULT, PanelMode, Sampling, SheetMode
from engine.palette import Color

if TYPE_CHECKING:  # numpy takes as long to import as Qt does; a window and a --help need only the names here
    import numpy as np
    from numpy.typing import NDArray

DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]

WEIGHT_MAX = 2.0  # of a reference; 1 counts as all others do, 0 not at all


@dataclass(frozen=True, eq=False)
class LineArt:
    """Line art ready for a network and for the line layer.

    ink: H×W float32 in [0, 1], 0 ink, 1 paper, at the drawing's own size.
    extracted: True when XDoG made it from a colour picture, False when it is the artist's own ink; soft: by its soft
    threshold.
    outline: H×W float32, the ink of the line layer where it is other than `ink`, in which regions are looked for:
    colored trace lines bound regions but are not seen in the end, tones are seen but bound none. None where it is the
    same.
    flats: H×W×4 uint8, straight alpha, the colors that a reopened drawing has already; None for a drawing without any.
    own: H×W×4 uint8, straight alpha, the line layer in the ink's own color, laid over colors as it is (normal, not
    multiplied); on white it is the drawing. None for black ink, whose alpha is 255 less the ink.
    rough: H×W×4 uint8, straight alpha, a pale rough that lay under the ink; None for a drawing without one.
    notes: sentences for the person, what was done to the drawing without being asked for.
    """

    ink: NDArray[np.float32]
    extracted: bool = False
    soft: bool = False
    outline: NDArray[np.float32] | None = None
    flats: NDArray[np.uint8] | None = None
    own: NDArray[np.uint8] | None = None
    rough: NDArray[np.uint8] | None = None
    notes: tuple[str, ...] = ()

    @property
    def layer(self) -> NDArray[np.float32]:
        """The ink of the line layer."""
        return self.ink if self.outline is None else self.outline

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.ink.shape[0], self.ink.shape[1]


@dataclass(frozen=True, eq=False)
class Reference:
    """A colour picture to take colours from.

    pixels: H×W×3 uint8 sRGB, transparency already flattened on white.
    mask: H×W bool, True where the picture counts (None: everywhere).
    figure: H×W bool, True where its maker says that the figure is, whatever its color (from transparency); None where
    it has to be found.
    name: for messages and thumbnails.
    weight: from 0 (not looked at) to 2: how much the picture counts beside the others. Raises RequestError beyond.
    panel: number from 1 of the only panel of a page that takes its colors from it; None: all that have none of their
    own.
    chips: colors that its maker laid beside it on a sheet. whole: it is one picture, no sheet to be cut into figures.
    figure_mask: H×W float32 in [0, 1], how likely the figure is there, as a person says; None where it has to be found.
    Only engines that paint figure and background apart heed it, and what is beyond the figure still gives its colors.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.bool_] | None = None
    name: str = "reference"
    weight: float = 1.0
    figure: NDArray[np.bool_] | None = None
    panel: int | None = None
    chips: tuple[Color, ...] = ()
    whole: bool = False
    figure_mask: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= WEIGHT_MAX:
            raise RequestError(
                "The weight of {0} is {1:g}; choose one from 0 to {2:g}.", self.name, self.weight, WEIGHT_MAX
            )


@dataclass(frozen=True, eq=False)
class ColorizeRequest:
    """Everything one colouring needs.

    working_size: the longer side, in pixels, at which the network looks at the drawing; never enlarges a drawing
    beyond its own size, keeps the aspect. The result always has the drawing's own size.
    sigma: XDoG thickness for line art extracted from the references (see `engine.line_art.xdog`).
    panels: whether the panels of a page are looked at by themselves (see `engine.view_by_view`).
    sheet: whether references that are sheets are cut into their figures, see `engine.color.sheet`.
    figure: H×W float32 in [0, 1], how likely the drawing's figure is there, as a person says; None where it has to be
    found. Engines heed it as they heed `Reference.figure_mask`.
    """

    line_art: LineArt
    references: tuple[Reference, ...]
    working_size: int = WORKING_SIZE_DEFAULT
    sigma: float = SIGMA_DEFAULT
    sampling: Sampling = Sampling()
    panels: PanelMode = "auto"
    sheet: SheetMode = "auto"
    figure: NDArray[np.float32] | None = None

    @property
    def heeded(self) -> tuple[Reference, ...]:
        """The references that have a weight."""
        return tuple(reference for reference in self.references if reference.weight > 0.0)


@dataclass(frozen=True, eq=False)
class SequenceRequest:
    """The frames of one cut, in their order, to be colored alike; the rest is as in `ColorizeRequest`.

    keyframes: frames that a person has colored already, by their number from 0, each a reference for the others.
    Raises RequestError without a frame, and for a key frame beyond the last one.
    """

    frames: tuple[LineArt, ...]
    references: tuple[Reference, ...] = ()
    keyframes: Mapping[int, Reference] = field(default_factory=dict)
    working_size: int = WORKING_SIZE_DEFAULT
    sigma: float = SIGMA_DEFAULT
    sampling: Sampling = Sampling()

    def __post_init__(self) -> None:
        if not self.frames:
            raise RequestError("There are no frames to color: add at least one drawing.")
        beyond = [number for number in self.keyframes if not 0 <= number < len(self.frames)]
        if beyond:
            raise RequestError("There is no frame {0} to be a key frame: they are numbered from 0.", beyond[0])

    def frame(self, number: int) -> ColorizeRequest:
        """The request for one frame by itself: its references are the sequence's, and the nearest key frames.

        Those are the frame itself where it is one, else the one before and the one after it.
        """
        keys = sorted(self.keyframes)
        near = {*[key for key in keys if key <= number][-1:], *[key for key in keys if key >= number][:1]}
        references = (*(self.keyframes[key] for key in sorted(near)), *self.references)
        return ColorizeRequest(self.frames[number], references, self.working_size, self.sigma, self.sampling)


@dataclass(frozen=True)
class Progress:
    """One step of a long task: what is being done, and the share done in [0, 1].

    preview: h×w×3 uint8 sRGB, how the picture looks by now; None where there is nothing to see yet.
    """

    message: str
    fraction: float
    preview: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class ColorizeResult:
    """What the network saw in the drawing.

    color: H×W×3 uint8 sRGB at the drawing's own size, colour running on under the lines.
    layer: H×W float32, the ink of the line layer.
    device, precision: where it was computed ("cpu", "cuda", "mps"; "bf16", "fp16", "fp32").
    working_size: height and width at which the network looked.
    notes: sentences for the person when something was done differently than asked (memory ran out ...).
    seconds: time of the network and the composition, loading not counted.
    sampling: how it was painted, with all that was left to the engine as it was decided; None where it is painted in
    one look.
    """

    color: NDArray[np.uint8]
    layer: NDArray[np.float32]
    device: str
    precision: str
    working_size: tuple[int, int]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    sampling: Sampling | None = None

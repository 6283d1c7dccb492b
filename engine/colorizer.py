"""What every engine is to the program: one protocol, and what it can do, which is known before torch is loaded."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from engine.request import ColorizeRequest, ColorizeResult, Progress, SequenceRequest

if TYPE_CHECKING:  # numpy takes as long to import as Qt does; a --help needs only the abilities
    import numpy as np
    from numpy.typing import NDArray

    from engine.color.swatch_choice import MatchedShares
    from engine.line_art.regions import RegionMap
    from engine.palette import Palette


Heeded = Literal["seed", "steps", "guidance", "mode", "sketch_guidance", "strength"]


@dataclass(frozen=True)
class Abilities:
    """What an engine heeds of a request; what it does not heed is said in the notes of the result.

    references: how many it looks at, None for any number. masks, weights: of
    references. sampling: what of `Sampling` it heeds. previews: whether its Progress carries pictures. sequences:
    whether the frames of a sequence know of each other. adapting: whether it can be adapted to a character. parts:
    whether it is helped by the network that matches regions with parts.
    """

    references: int | None = None
    masks: bool = False
    weights: bool = False
    sampling: tuple[Heeded, ...] = ()
    previews: bool = False
    sequences: bool = False
    adapting: bool = False
    parts: bool = False

    @property
    def figures(self) -> bool:
        """Whether it paints figure and background apart, and so heeds where they are."""
        return "mode" in self.sampling


class Colorizer(Protocol):
    """A model ready to color. Its methods may be called from several threads at once."""

    @property
    def abilities(self) -> Abilities:
        """What it can do, as its architecture's row in the registry has it."""
        ...

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        """Color one drawing: yields Progress, returns the result. Raises NurieError, and Cancelled once told to stop.

        `should_stop` is asked often, also from within the network.
        """
        ...

    def colorize_sequence(
        self, request: SequenceRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, tuple[ColorizeResult, ...]]:
        """Color the frames of a sequence, one result each; raises as `colorize` does."""
        ...

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        """count×n: the share of each region's attention that rests on each swatch.

        None where the engine compares no line art: regions take the nearest swatch then.
        """
        ...

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares | None:
        """The probability of each swatch in each region, by the parts of the references that it matches.

        voted: count×3 uint8, the color that the guess gives each region; None without a guess to heed. Returns None
        where it can tell nothing.
        """
        ...

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        """count×C unit vectors: what is compared of each region's lines; None where no line art is compared."""
        ...

"""What every engine is unless it knows better. Imports no torch."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.color import sheet
from engine.color.swatch_choice import MatchedShares
from engine.colorizer import Abilities
from engine.colorizers.sequence import frame_by_frame
from engine.errors import RequestError
from engine.line_art.regions import RegionMap
from engine.options import WORKING_SIZE_MAX, WORKING_SIZE_MIN
from engine.palette import Palette
from engine.request import ColorizeRequest, ColorizeResult, Progress, SequenceRequest
from engine.sentences import Sentence


class BaseColorizer(ABC):
    """A `Colorizer` that colors sequences frame by frame and compares no line art."""

    abilities: Abilities = Abilities()

    @abstractmethod
    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        """See `Colorizer.colorize`."""

    def colorize_sequence(
        self, request: SequenceRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, tuple[ColorizeResult, ...]]:
        """Frame by frame."""
        return frame_by_frame(self, request, should_stop)

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        """None: regions take the swatch nearest to their vote."""
        return None

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares | None:
        """None: nothing is known of parts."""
        return None

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        """None: no region is known to be like another."""
        return None


def require_possible(request: ColorizeRequest) -> None:
    """Raise RequestError, one sentence, for a request that cannot be answered."""
    if not request.references:
        raise RequestError("There is no reference to take colors from: add at least one color picture.")
    if not request.heeded:
        raise RequestError("All references are switched off by a weight of 0: give one of them more.")
    if not WORKING_SIZE_MIN <= request.working_size <= WORKING_SIZE_MAX:
        raise RequestError("The working size must be between {0} and {1} pixels.", WORKING_SIZE_MIN, WORKING_SIZE_MAX)
    if min(request.line_art.size) < 1:
        raise RequestError("The drawing has no pixels: choose another picture.")


def as_heeded(request: ColorizeRequest, abilities: Abilities) -> tuple[ColorizeRequest, tuple[str, ...]]:
    """The request as an engine of these abilities can answer it, and a note for all that had to be left out.

    References of weight 0 are gone, sheets are their figures where it can look at so many. A mask that the engine does
    not heed is painted white, so that what is masked out still gives no colors.
    """
    mode, most = request.sheet, abilities.references
    if most is not None and len(sheet.figures_for(request)) > most >= len(request.heeded):
        mode = "off"
    references, notes = sheet.figures_of(request.heeded, mode), [*sheet.notes(request.heeded, mode)]
    if most is not None and len(references) > most:
        notes.append(Sentence("This model looks at {0} references; the others were left out.", most))
        references = references[:most]
    if not abilities.weights and any(one.weight != 1.0 for one in references):
        notes.append(Sentence("This model gives all references the same weight."))
        references = tuple(replace(one, weight=1.0) for one in references)
    if not abilities.masks:
        references = tuple(
            one if one.mask is None else replace(one, pixels=_on_white(one.pixels, one.mask), mask=None)
            for one in references
        )
    ignored = request.sampling.beyond(abilities.sampling)
    if ignored:
        words = " and ".join(name.replace("_", " ") for name in ignored)
        notes.append(Sentence("This model paints without {0}: that setting changed nothing.", words))
    sampling = request.sampling.only(abilities.sampling)
    figure = request.figure
    if not abilities.figures and (figure is not None or any(one.figure_mask is not None for one in references)):
        notes.append(Sentence("This model paints figure and background alike: the masks of figures changed nothing."))
        figure, references = None, tuple(replace(one, figure_mask=None) for one in references)
    return replace(request, references=references, sampling=sampling, figure=figure), tuple(notes)


def _on_white(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.where(mask[..., None], pixels, np.uint8(255))

"""A second opinion on a frame's swatches: that of a network that learned from scenes, beside the model's own.

It sees the frame beside its key frames, small as it learned them, and says of each region how likely each swatch is by
the color that it paints there. (Where it looks for the like of its lines told less: heard beside the model's own
evidence, that made drawn scenes worse at every weight.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import pipeline
from engine.color import flats as flat_colors
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.palette import Palette
from engine.pipeline import LoadedModel
from engine.request import ColorizeRequest

if TYPE_CHECKING:
    from engine.line_art.regions import RegionMap
    from engine.model_catalog import ModelEntry

ARCHITECTURE = "keyframe"
WORKING_SIZE = 256  # pixels of the longer side
_NEAR = 9.0  # CIEDE2000 by which a painted color may miss its swatch
_PAINTED = 0.25  # how loud it is, of the model's own evidence; louder, drawn scenes come out worse
_LEAST = 1e-3  # probability, so that a witness alone rules nothing out

Table = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Witness:
    """A model of the keyframe engine, and what loads it; called only where a frame is not known yet."""

    entry: ModelEntry
    load: Callable[[], LoadedModel]

    def digest_parts(self) -> tuple[object, ...]:
        """What its opinion depends on beside the frame."""
        return self.entry.sha256(), WORKING_SIZE, _NEAR


def opinion(
    colorizer: LoadedModel,
    request: ColorizeRequest,
    regions: RegionMap,
    palette: Palette,
    should_stop: Callable[[], bool] | None,
) -> Table:
    """count×n float32: of each region the logarithm of how likely each swatch is.

    Raises NurieError, and Cancelled.
    """
    request = replace(request, working_size=min(request.working_size, WORKING_SIZE))
    result = pipeline.run(colorizer.colorizer.colorize(request, should_stop))
    voted = flat_colors.vote(result.color, regions, request.line_art.ink)
    swatches = np.array([one.color for one in palette.swatches], np.uint8)
    lab = to_lab(voted.colors)[:, None], to_lab(swatches)[None]
    painted = -np.asarray(ciede2000(*np.broadcast_arrays(*lab)), np.float64) / _NEAR
    return _normalized(painted).astype(np.float32)


def heard(likely: Table, opinion: Table) -> Table:
    """The probabilities count×n of a frame's own evidence and of a witness, together."""
    score = np.log(np.maximum(likely, 1e-6)) + np.maximum(_PAINTED * opinion, np.log(_LEAST))
    return np.exp(_normalized(score)).astype(np.float32)


def _normalized(score: NDArray) -> NDArray:
    """Logarithms of probabilities that sum to 1 in each row."""
    score = score - score.max(axis=1, keepdims=True)
    return score - np.log(np.exp(score).sum(axis=1, keepdims=True))

"""Networks that paint a drawing in one go, and compare its lines with those of the references."""

import hashlib
from collections import OrderedDict
from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine import device, matching
from engine.architectures.interface import LineFeatures, ReferenceNetwork
from engine.checkpoint import CheckpointInfo
from engine.color.compose import shrink_ink
from engine.color.swatch_choice import MatchedShares
from engine.colorizers.base import as_heeded, require_possible
from engine.colorizers.runner import (
    CACHED_REFERENCES,
    Drawing,
    NetworkColorizer,
    compute,
    fitted_size,
    pad,
    shrunk,
    to_tensor,
)
from engine.device import Device
from engine.line_art.regions import RegionMap
from engine.line_art.xdog import gray_of, xdog
from engine.matching.matcher import Matcher
from engine.options import Sampling
from engine.palette import Palette
from engine.request import WORKING_SIZE_DEFAULT, ColorizeRequest, Progress


class ReferenceColorizer(NetworkColorizer[ReferenceNetwork[Any]]):
    """Runs a `ReferenceNetwork`: its references once, then the drawing in one pass."""

    def __init__(
        self, network: ReferenceNetwork[Any], info: CheckpointInfo, where: Device, matcher: Matcher | None = None
    ) -> None:
        """See `NetworkColorizer`. matcher: for `match_parts`; None: flats go by attention alone."""
        super().__init__(network, info, where)
        self._matcher = matcher
        self._seen: OrderedDict[bytes, LineFeatures | None] = OrderedDict()

    def _paint(
        self, network: ReferenceNetwork[Any], drawing: Drawing, references: Sequence[Any], sampling: Sampling
    ) -> Generator[Progress, None, Tensor]:
        return compute(network, drawing.where, "decode", drawing.sketch, references)
        yield  # a generator without a step of its own

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32] | None:
        """How much of each region's attention rests on each swatch, see `matching.swatch_masses`.

        On the CPU, and at 512 pixels at most: only the sketch encoder runs. Raises RequestError without a reference,
        and Cancelled within `cancellation.cancellable`.
        """
        require_possible(request)
        request, _ = as_heeded(request, self.abilities)
        longest = min(request.working_size, WORKING_SIZE_DEFAULT)
        ink = shrink_ink(request.line_art.ink, fitted_size(request.line_art.size, longest))
        references = [(one, xdog(gray_of(shrunk(one, longest)), request.sigma)) for one in request.references]
        return matching.swatch_masses(ink, regions, references, palette, self._described)

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        """What the network sees in the lines of each region: count×C unit vectors, see `matching.region_features`.

        None where it compares no line art. On the CPU, as `match`. Raises Cancelled.
        """
        longest = min(request.working_size, WORKING_SIZE_DEFAULT)
        ink = shrink_ink(request.line_art.ink, fitted_size(request.line_art.size, longest))
        seen = self._described(ink)
        return None if seen is None else matching.region_features(ink, regions, seen)

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares | None:
        """See `Colorizer.match_parts` and `engine.matching.matcher`. None without a matcher. On the CPU.

        Raises RequestError without a reference, and Cancelled within `cancellation.cancellable`.
        """
        require_possible(request)
        if self._matcher is None:
            return None
        request, _ = as_heeded(request, self.abilities)
        ink, sigma = request.line_art.ink, request.sigma
        return self._matcher.match(ink, regions, request.heeded, palette, voted, sigma, self._described)

    def see(self, line: NDArray[np.float32]) -> LineFeatures | None:
        """The tokens of h×w line art in [0, 1] as it stands; None where the network compares no line art."""
        return self._described(line)

    def _described(self, line: NDArray[np.float32]) -> LineFeatures | None:
        """The tokens of h×w line art, computed on the CPU; the last ones are kept."""
        key = hashlib.blake2b(repr(line.shape).encode() + np.ascontiguousarray(line).tobytes()).digest()
        with self._lock:
            if key in self._seen:
                self._seen.move_to_end(key)
                return self._seen[key]
        where = device.choose("cpu")
        network = self._network(where)
        seen = compute(network, where, "describe", pad(to_tensor(line), network.stride))
        with self._lock:
            self._seen[key] = seen
            while len(self._seen) > CACHED_REFERENCES:
                self._seen.popitem(last=False)
        return seen

    def _free_memory(self) -> None:
        with self._lock:
            self._seen.clear()
        super()._free_memory()

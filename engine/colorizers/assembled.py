"""Networks in steps that were assembled of files of others, which are not copied and may change or vanish."""

from collections.abc import Callable, Generator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from engine.architectures.interface import PointingNetwork
from engine.checkpoint import CheckpointInfo
from engine.colorizers.dividing import DividingColorizer, undivided
from engine.colorizers.runner import Attempt, fitted_size
from engine.device import Device
from engine.request import ColorizeRequest, Progress
from engine.sentences import Sentence


class AssembledColorizer(DividingColorizer):
    """Runs a `PointingNetwork`: says what it needs before it begins, and what it lacks in every result."""

    def __init__(self, network: PointingNetwork[Any, Any], info: CheckpointInfo, where: Device) -> None:
        """See `NetworkColorizer`. Raises CheckpointError where a file is gone or another one."""
        network.require_files()
        super().__init__(network, info, where)
        self._looks, self._lacks = network.looks, network.lacks()

    def _settled(self, request: ColorizeRequest) -> tuple[ColorizeRequest, tuple[str, ...]]:
        if self._looks:
            request, notes = super()._settled(request)
            return request, (*self._lacks, *notes)
        return undivided(request), self._lacks

    def _guess(
        self, request: ColorizeRequest, attempt: Attempt, should_stop: Callable[[], bool] | None
    ) -> Generator[Progress, None, tuple[NDArray[np.uint8], NDArray[np.float32]]]:
        size = fitted_size(request.line_art.size, attempt.working_size)
        network = cast(PointingNetwork[Any, Any], self._network(attempt.where))
        yield Progress(network.needs(size, attempt.where.precision), 0.0)
        return (yield from super()._guess(request, attempt, should_stop))

    def _said(self, done: int, steps: int, seconds: float) -> Sentence:
        left = round(seconds / done * (steps - done))
        if left < 60:
            return Sentence("Coloring, step {0} of {1}, about {2} s left", done, steps, left)
        return Sentence("Coloring, step {0} of {1}, about {2} min left", done, steps, round(left / 60))

"""Networks that paint a drawing in steps, with previews of how far it has come."""

import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from engine.architectures.interface import SteppedNetwork
from engine.colorizers.runner import Drawing, NetworkColorizer, NotNumbers, compute
from engine.options import Sampling
from engine.request import Progress
from engine.sentences import Sentence


class SteppedColorizer(NetworkColorizer[SteppedNetwork[Any, Any]]):
    """Runs a `SteppedNetwork`: its references once, then as many steps as the request or the network asks for."""

    def _paint(
        self, network: SteppedNetwork[Any, Any], drawing: Drawing, references: Sequence[Any], sampling: Sampling
    ) -> Generator[Progress, None, Tensor]:
        steps, where = sampling.steps or network.steps, drawing.where
        state = self._begin(network, drawing, references, replace(sampling, steps=steps))
        began = time.perf_counter()
        for number in range(steps):
            state = compute(network, where, "advance", state, number)
            shown = compute(network, where, "preview", state) if self.abilities.previews else None
            preview = None if shown is None else drawing.pixels(shown)
            said = self._said(number + 1, steps, time.perf_counter() - began)
            yield Progress(said, (number + 1) / steps, preview)
        picture = compute(network, where, "finish", state)
        if not bool(torch.isfinite(picture).all()):
            raise NotNumbers
        return picture

    def _said(self, done: int, steps: int, seconds: float) -> Sentence:
        """How far the painting is, after so many seconds of steps."""
        return Sentence("Coloring, step {0} of {1}", done, steps)

    def _begin(
        self, network: SteppedNetwork[Any, Any], drawing: Drawing, references: Sequence[Any], sampling: Sampling
    ) -> Any:
        return compute(network, drawing.where, "begin", drawing.sketch, references, sampling)

    def _painted_with(self, sampling: Sampling) -> Sampling:
        """With the network's own number of steps where none was asked for."""
        network = self._networks[self.device.kind]
        return replace(sampling, steps=sampling.steps or network.steps)

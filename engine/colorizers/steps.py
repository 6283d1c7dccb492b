"""Networks that paint a drawing in steps, with previews of how far it has come."""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from engine.architectures.interface import SteppedNetwork
from engine.colorizers.runner import Drawing, NetworkColorizer, compute
from engine.options import Sampling
from engine.request import Progress
from engine.sentences import Sentence


class SteppedColorizer(NetworkColorizer[SteppedNetwork[Any, Any]]):
    """Runs a `SteppedNetwork`: its references once, then as many steps as the request or the network asks for."""

    def _paint(
        self, network: SteppedNetwork[Any, Any], drawing: Drawing, references: Sequence[Any], sampling: Sampling
    ) -> Generator[Progress, None, Tensor]:
        steps, where = sampling.steps or network.steps, drawing.where
        state = compute(network, where, "begin", drawing.sketch, references, replace(sampling, steps=steps))
        for number in range(steps):
            state = compute(network, where, "advance", state, number)
            shown = compute(network, where, "preview", state) if self.abilities.previews else None
            preview = None if shown is None else drawing.pixels(shown)
            yield Progress(Sentence("Coloring, step {0} of {1}", number + 1, steps), (number + 1) / steps, preview)
        return compute(network, where, "finish", state)

"""Networks that paint in steps, figure and background apart: where the figures are, and the mode that follows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from engine.architectures.interface import DividingNetwork, SteppedNetwork
from engine.color import figure_mask
from engine.colorizers.runner import Attempt, Drawing, compute, shrunk, shrunk_mask
from engine.colorizers.steps import SteppedColorizer
from engine.diffusion import modes
from engine.options import Sampling
from engine.request import ColorizeRequest, Reference
from engine.sentences import Sentence


class DividingColorizer(SteppedColorizer):
    """Runs a `DividingNetwork`. Masks of figures are a person's own, or found without any network."""

    def _settled(self, request: ColorizeRequest) -> tuple[ColorizeRequest, tuple[str, ...]]:
        """With a mode that is decided, and the masks of figures where it needs them."""
        asked = request.sampling.mode
        if asked == "vanilla":
            return undivided(request), ()
        figure = figure_mask.of_line_art(request.line_art) if request.figure is None else request.figure
        references = tuple(replace(one, figure_mask=figure_mask.of_picture(one)) for one in request.references)
        mode, notes = asked, tuple[str, ...]()
        if asked == "auto":
            mode = modes.choose(figure, [(one.pixels, one.figure_mask) for one in references])
            notes = (Sentence("Auto painted it as {0}. {1}", modes.NAMES[mode], modes.WHEN[mode]),)
        elif figure is None or all(one.figure_mask is None for one in references):
            where = Sentence("the drawing") if figure is None else Sentence("the references")
            mode = "vanilla"
            notes = (
                Sentence(
                    "No figure was found in {0}, so it was painted as Vanilla: paint a mask of the figure to help.",
                    where,
                ),
            )
        if mode == "vanilla":
            return undivided(request), notes
        sampling = replace(request.sampling, mode=mode)
        return replace(request, figure=figure, references=references, sampling=sampling), notes

    def _encode_anew(
        self, network: SteppedNetwork[Any, Any], reference: Reference, sigma: float, attempt: Attempt
    ) -> Any:
        encoded = super()._encode_anew(network, reference, sigma, attempt)
        if reference.figure_mask is None:
            return encoded
        size = shrunk(reference, attempt.working_size).shape[:2]
        figure = shrunk_mask(reference.figure_mask, size, network.stride)
        return compute(cast(DividingNetwork[Any, Any], network), attempt.where, "divided", encoded, figure)

    def _begin(
        self, network: SteppedNetwork[Any, Any], drawing: Drawing, references: Sequence[Any], sampling: Sampling
    ) -> Any:
        active = modes.which(sampling.mode)
        return compute(network, drawing.where, "begin", drawing.sketch, references, sampling, drawing.figure, active)


def undivided(request: ColorizeRequest) -> ColorizeRequest:
    """The request as it is painted in one piece."""
    references = tuple(replace(one, figure_mask=None) for one in request.references)
    return replace(request, figure=None, references=references, sampling=replace(request.sampling, mode="vanilla"))

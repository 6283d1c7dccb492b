"""A colorizer that is assembled, without training, of a person's own Stable Diffusion 1.x files.

A ControlNet (Zhang et al., 2023) shows the denoiser the lines, an IP-Adapter (Ye et al., 2023) the references; the text
is empty. Figure and background ask tokens of their own, after arXiv 2502.19937, but nothing here was taught to: modes
differ by masks alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from engine.architectures.interface import PointingNetwork
from engine.architectures.stable_config import LATENT, StableConfig
from engine.diffusion import sampler
from engine.diffusion.image_prompt import Prompt
from engine.diffusion.modes import Active
from engine.diffusion.sizes import at_size, shrunk
from engine.diffusion.split_attention import Tokens
from engine.diffusion.stable_layouts import weights_of
from engine.diffusion.stable_parts import Looking, PaintingParts, StableFiles, StableParts
from engine.options import Sampling
from engine.sentences import Sentence

_FROM = 0.8  # of the noise: where a painting begins that knows its lines by nothing but the picture it begins with
_BYTES = {"fp32": 4}
_WORK = 1.5  # gigabytes for what is computed at 512 pixels


class Encoded(NamedTuple):
    """A reference. picture: as it was given, white where it does not count; whole, figure, background: tokens N×T×C of
    all of it, of its figure alone and of what is behind; None where nothing looks, or nobody said where the figure is.
    nothing: those of no picture; bias: added to the scores of its tokens."""

    picture: Tensor
    whole: Tensor | None
    figure: Tensor | None = None
    background: Tensor | None = None
    nothing: Tensor | None = None
    bias: float = 0.0


@dataclass(eq=False)
class Painting:
    """A picture on its way. latent: N×C×h×w; asked: the passes of a step, each with its share of the prediction, the
    references it asks and whether it knows the lines; hint: the lines as the ControlNet is shown them; size: height
    and width of what is painted, without padding; first: of the solver's times; clean: what the last step had in
    mind."""

    latent: Tensor
    solver: Any
    parts: PaintingParts
    asked: list[tuple[float, Prompt | None, bool]]
    hint: Tensor
    size: tuple[int, int]
    first: int = 0
    clean: Tensor | None = None


class StableDiffusion(PointingNetwork[Encoded, Painting]):
    """See the module. It has no weights of its own: they are loaded where and as precisely as it is asked to paint."""

    def __init__(self, config: StableConfig) -> None:
        super().__init__()
        self.config = config
        paths = (None if one is None else Path(one.path) for one in (config.lines, config.eyes, config.reference))
        self.parts = StableParts(StableFiles(Path(config.base.path), *paths), config.sizes)

    @property
    def stride(self) -> int:
        """See `StableConfig.stride`."""
        return self.config.stride

    @property
    def steps(self) -> int:
        """See `StableConfig.steps`."""
        return self.config.steps

    # Files

    @property
    def looks(self) -> bool:
        """See `PointingNetwork.looks`."""
        return self.config.reference is not None

    def require_files(self) -> None:
        """See `PointingNetwork.require_files`."""
        for file in self.config.files:
            file.require_unchanged()

    def lacks(self) -> tuple[Sentence, ...]:
        """See `PointingNetwork.lacks`."""
        notes = []
        if self.config.lines is None:
            notes.append(
                Sentence(
                    "This model was assembled without a ControlNet (--lines): it begins with the drawing and may leave "
                    "its lines."
                )
            )
        if not self.looks:
            notes.append(
                Sentence(
                    "This model was assembled without an IP-Adapter (--eyes, --reference): it does not look at the "
                    "references, and its colors are its own."
                )
            )
        return tuple(notes)

    def needs(self, size: tuple[int, int], precision: str) -> Sentence:
        """See `PointingNetwork.needs`. Weights are counted from the sizes, what is computed from the pixels."""
        factor = min(1.0, self.config.side / max(size))
        height, width = (max(self.stride, ceil(side * factor / self.stride) * self.stride) for side in size)
        weights = weights_of(self.config.sizes, self.config.lines is not None) * _BYTES.get(precision, 2)
        memory = weights / 1e9 + _WORK * height * width / 512**2
        return Sentence(
            "Stable Diffusion paints at {0}×{1} pixels and needs about {2} GB of memory; after the first step it says "
            "how long it takes",
            width,
            height,
            round(memory, 1),
        )

    # References

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Encoded:
        """See `ReferenceNetwork.encode_reference`."""
        if mask is not None and bool((mask >= 0.5).any()):
            picture = picture.masked_fill(mask < 0.5, 1.0)
        looking = self._looking(picture)
        return Encoded(picture, self._see(picture), nothing=None if looking is None else looking.nothing)

    def _looking(self, picture: Tensor) -> Looking | None:
        return self.parts.looking(*_where(picture)) if self.looks else None

    def _see(self, picture: Tensor) -> Tensor | None:
        looking = self._looking(picture)
        if looking is None:
            return None
        with torch.autocast(picture.device.type, enabled=False):
            return looking.tokens(picture)

    def divided(self, encoded: Encoded, figure: Tensor, threshold: float | None = None) -> Encoded:
        """See `DividingNetwork.divided`."""
        threshold = self.config.reference_threshold if threshold is None else threshold
        of_figure = figure >= threshold
        return encoded._replace(
            figure=self._see(encoded.picture.masked_fill(~of_figure, 1.0)),
            background=self._see(encoded.picture.masked_fill(of_figure, 1.0)),
        )

    def weighted(self, encoded: Encoded, weight: float) -> Encoded:
        """See `ReferenceNetwork.weighted`."""
        return encoded._replace(bias=float(torch.tensor(weight).log()))

    # Steps

    def begin(
        self,
        sketch: Tensor,
        references: Sequence[Encoded],
        sampling: Sampling,
        figure: Tensor | None = None,
        active: Active = Active(),
    ) -> Painting:
        """See `DividingNetwork.begin`."""
        config = self.config
        device, dtype = _where(sketch)
        with torch.autocast(device.type, enabled=False):
            parts = self.parts.painting(device, dtype)
            small, size = shrunk(sketch.float(), config.side, self.stride, LATENT)
            latent_size = (small.shape[2] // LATENT, small.shape[3] // LATENT)
            noise_shape = (len(sketch), config.sizes.latent, *latent_size)
            noise = sampler.first_noise(noise_shape, sampling.seed, sketch.device)
            solver = sampler.scheduler(config.prediction, zero_snr=False)
            steps = sampling.steps or config.steps
            latent, first = self._first(parts, small, noise, solver, steps)
            at_latent = None
            if figure is not None and active.split:
                shown = at_size(figure.float(), size, small.shape[2:], 0.0)
                at_latent = F.interpolate(shown, latent_size, mode="area")
            prompt = self._prompt(references, at_latent, active, sampling.strength)
            hint = ((1.0 - small) / 2.0).expand(-1, 3, -1, -1)  # bright lines on black, as it was taught
            asked = self._asked(prompt, references[0].nothing if references else None, sampling)
        return Painting(latent, solver, parts, asked, hint, size, first)

    def _first(self, parts: PaintingParts, small: Tensor, noise: Tensor, solver: Any, steps: int) -> tuple[Tensor, int]:
        """The latent that painting begins with, and which of the solver's times is the first."""
        if parts.control is not None:
            solver.set_timesteps(steps)
            return noise * solver.init_noise_sigma, 0
        total = ceil(steps / _FROM)
        solver.set_timesteps(total)
        first = total - steps
        solver.set_begin_index(first)
        time = solver.timesteps[first].to(noise.device).expand(len(noise))
        drawn = parts.encode(small.expand(-1, 3, -1, -1))
        return sampler.noised(drawn, noise, time, zero_snr=False), first

    def _prompt(
        self, references: Sequence[Encoded], figure: Tensor | None, active: Active, strength: float
    ) -> Prompt | None:
        if not self.looks:
            return None
        whole = _joined(references, lambda one: one.whole)
        if figure is None:
            return Prompt(whole, scale=strength)
        # Where the background is busy (no recovery), it asks all of the reference: alone it may be next to nothing.
        behind = _joined(references, lambda one: one.background if active.recovery else one.whole)
        return Prompt(
            _joined(references, lambda one: one.figure), behind, figure, self.config.sketch_threshold, scale=strength
        )

    def _asked(
        self, prompt: Prompt | None, nothing: Tensor | None, sampling: Sampling
    ) -> list[tuple[float, Prompt | None, bool]]:
        """The passes of a step, after classifier-free guidance (Ho and Salimans, 2022) by references and by lines."""
        asked: list[tuple[float, Prompt | None, bool]] = [(1.0, prompt, True)]
        guidance = self.config.guidance if sampling.guidance is None else sampling.guidance
        if prompt is not None and nothing is not None and guidance != 1.0:
            tokens = nothing.expand(len(prompt.whole.tokens), -1, -1)
            without = Prompt(Tokens(tokens), scale=sampling.strength)
            asked = [(guidance, prompt, True), (1.0 - guidance, without, True)]
        by_lines = sampling.sketch_guidance or 1.0
        if by_lines != 1.0 and self.config.lines is not None:
            asked = [(by_lines * share, one, True) for share, one, _ in asked]
            asked.append((1.0 - by_lines, prompt, False))
        return asked

    def advance(self, state: Painting, number: int) -> Painting:
        """See `SteppedNetwork.advance`."""
        time = state.solver.timesteps[state.first + number]
        times = time.to(state.latent.device).expand(len(state.latent))
        with torch.autocast(state.latent.device.type, enabled=False):
            predicted = _predicted(state, times)
        state.clean = sampler.clean(state.latent, predicted, times, self.config.prediction, zero_snr=False)
        state.latent = state.solver.step(predicted, time, state.latent, return_dict=False)[0].float()
        return state

    def preview(self, state: Painting) -> Tensor:
        """The picture that the last step had in mind."""
        latent = state.latent if state.clean is None else state.clean
        return state.parts.preview(_unpadded(latent, state))

    def finish(self, state: Painting) -> Tensor:
        """Decoded at the size at which it was painted."""
        with torch.autocast(state.latent.device.type, enabled=False):
            picture = state.parts.decode(state.latent)
        return picture[:, :, : state.size[0], : state.size[1]]


def _predicted(state: Painting, times: Tensor) -> Tensor:
    parts, hint = state.parts, state.hint
    unet = cast(Any, parts.unet)
    latent = state.latent.to(unet.dtype)
    text = parts.text.expand(len(latent), -1, -1)
    added: dict[str, Any] = {}
    if parts.control is not None:
        down, middle = cast(Any, parts.control)(
            latent, times, encoder_hidden_states=text, controlnet_cond=hint.to(unet.dtype), return_dict=False
        )
        added = {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}
    predicted = torch.zeros_like(state.latent)
    for share, prompt, with_lines in state.asked:
        said = unet(
            latent,
            times,
            encoder_hidden_states=text,
            cross_attention_kwargs={"split": prompt},
            return_dict=False,
            **(added if with_lines else {}),
        )[0]
        predicted = predicted + share * said.float()
    return predicted


def _where(picture: Tensor) -> tuple[torch.device, torch.dtype]:
    """Where a picture lies, and the precision that was asked for there."""
    kind = picture.device.type
    half = torch.is_autocast_enabled(kind)
    return picture.device, torch.get_autocast_dtype(kind) if half else torch.float32


def _unpadded(latent: Tensor, state: Painting) -> Tensor:
    height, width = (ceil(side / LATENT) for side in state.size)
    return latent[:, :, :height, :width]


def _joined(references: Sequence[Encoded], of: Callable[[Encoded], Tensor | None]) -> Tokens:
    """The tokens of all references together; those that were not divided are asked whole."""
    tokens = [of(one) if of(one) is not None else one.whole for one in references]
    known = [cast(Tensor, one) for one in tokens]
    bias = torch.cat(
        [one.new_full(one.shape[:2], reference.bias) for one, reference in zip(known, references, strict=True)], dim=1
    )
    return Tokens(torch.cat(known, dim=1), bias if any(one.bias for one in references) else None)

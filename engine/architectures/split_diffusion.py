"""A colorizer that paints in steps: a diffusion network whose attention to the reference is split by region.

After arXiv 2502.19937: a sketch encoder, local tokens of the reference, cross-attention split into figure and
background with low-rank changes that can be switched, and a transformer that recovers the background behind the
reference's figure. What is small here is ours: color under the lines in place of a pre-trained latent, and a first
look, the one-pass colorizer that ships, whose guess lies beside the noise and whose tokens the reference's hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.fusion.base import EncodedReference
from engine.architectures.interface import MASK_SHARE, DividingNetwork, LineFeatures, masked_tokens
from engine.architectures.sga_generator import SGAGenerator
from engine.architectures.split_config import SplitConfig
from engine.diffusion import sampler
from engine.diffusion.latent import FACTOR, Latent
from engine.diffusion.modes import Active
from engine.diffusion.recovery import RecoveryTransformer, ThresholdEmbedding
from engine.diffusion.reference_encoder import STRIDE, TokenEncoder
from engine.diffusion.sizes import at_size, covering, fitted, latent_of, shrunk
from engine.diffusion.sketch_encoder import PyramidMaps, SketchEncoder
from engine.diffusion.split_attention import Split, Tokens, lora_of, split_attention
from engine.diffusion.unet import build_unet, denoise, map_shapes
from engine.options import Sampling

_ON_LINE = 0.02  # how far the guess is believed on a line, over beside it
OUT_OF_SIGHT = -1e4  # what is added to the scores of tokens that must not be asked


class Seen(NamedTuple):
    """What is asked of a reference. tokens: N×T×C; bias: N×T, added to the scores; first: what the first look has of
    it, one for all pictures or one for each."""

    tokens: Tensor
    bias: Tensor
    first: tuple[EncodedReference, ...] = ()


class Encoded(NamedTuple):
    """A reference. picture, line, mask: as they were given; whole: what is asked of all of it; background: without its
    figure, None where nobody said where that is."""

    picture: Tensor
    line: Tensor
    mask: Tensor | None
    whole: Seen
    background: Seen | None = None


@dataclass(eq=False)
class Painting:
    """A picture on its way. latent: N×C×h×w; solver: remembers the steps before; asked: the forwards of a step, each
    with its share of the prediction (of classifier-free guidance, by Ho and Salimans, 2022), what is asked and what is
    added to the denoiser; line: the drawing at its own size; size: height and width of what is painted; base: the guess
    that the latent is added to, of the drawing's size; clean: the latent that the last step had in mind."""

    latent: Tensor
    solver: Any
    asked: list[tuple[float, Split, list[Tensor]]]
    line: Tensor
    size: tuple[int, int]
    base: Tensor | None = None
    clean: Tensor | None = None


class SplitColorizer(DividingNetwork[Encoded, Painting]):
    """See the module."""

    def __init__(self, config: SplitConfig) -> None:
        super().__init__()
        self.config = config
        shapes = map_shapes(config.blocks, config.looks)
        self.latent = Latent(config.latent, config.latent_channels)
        channels, heads = self.latent.channels, max(1, config.token_width // config.head)
        self.unet = build_unet(
            channels, config.blocks, config.looks, config.res_blocks, config.head, config.token_width
        )
        self.first = None if config.first_look is None else SGAGenerator(config.first_look)
        if self.first is None:
            self.sketch = SketchEncoder(config.sketch_width, shapes, FACTOR)
            seen = 0
        else:
            look = self.first.config
            widths = {look.stem_stride * 2**level: width for level, width in enumerate(look.widths)}
            self.sketch = PyramidMaps(widths, shapes, FACTOR)
            self.guess = nn.Conv2d(4, config.blocks[0], 3, padding=1)
            seen = 2 * self.first.sketch_tokens.width
        self.tokens = TokenEncoder(config.token_width, config.encoder_layers, heads, seen)
        self.recovery = RecoveryTransformer(config.recovery_queries, config.token_width, config.recovery_layers, heads)
        self.thresholds = nn.ModuleDict(
            {name: ThresholdEmbedding(config.token_width) for name in ("sketch", "reference")}
        )
        self.lora = lora_of(self.unet, config.figure_rank, config.background_rank)
        split_attention(self.unet, self.lora)

    @property
    def stride(self) -> int:
        """See `SplitConfig.stride`."""
        return self.config.stride

    @property
    def steps(self) -> int:
        """See `SplitConfig.steps`."""
        return self.config.steps

    # References

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Encoded:
        """See `ReferenceNetwork.encode_reference`; the line art is needed."""
        if line is None:
            raise ValueError("a painting needs its references' line art")
        return Encoded(picture, line, mask, self._see(picture, line, mask))

    def divided(self, encoded: Encoded, figure: Tensor, threshold: float | Tensor | None = None) -> Encoded:
        """The same reference, of which is known where its figure is: N×1×H×W in [0, 1], of the reference's size.

        threshold: a number, or N×1×1×1; the config's by default.
        """
        threshold = self.config.reference_threshold if threshold is None else threshold
        hidden = figure >= threshold
        picture, line = (one.masked_fill(hidden, 1.0) for one in (encoded.picture, encoded.line))
        kept = (~hidden).to(picture)
        mask = kept if encoded.mask is None else kept * encoded.mask
        return encoded._replace(background=self._see(picture, line, mask))

    def _see(self, picture: Tensor, line: Tensor, mask: Tensor | None) -> Seen:
        small, small_line, small_mask = (
            None if one is None else fitted(one, self.config.token_side, self.stride) for one in (picture, line, mask)
        )
        assert small is not None and small_line is not None
        seen, first = None, tuple[EncodedReference, ...]()
        if self.first is not None:
            whole = self.first.encode_reference(small, small_line)
            seen = torch.cat([whole.keys, whole.values], dim=-1)
            large = whole if small is picture else self.first.encode_reference(picture, line)
            first = (large,) if mask is None else tuple(_masked(large, mask, i) for i in range(len(mask)))
        tokens = self.tokens(small, small_line, seen)
        bias = tokens.new_zeros(tokens.shape[:2], dtype=torch.float32)
        if small_mask is not None:
            kept = F.avg_pool2d(small_mask.float(), STRIDE).flatten(1) >= MASK_SHARE
            kept |= ~kept.any(dim=1, keepdim=True)
            bias.masked_fill_(~kept, OUT_OF_SIGHT)
        return Seen(tokens, bias, first)

    def weighted(self, encoded: Encoded, weight: float) -> Encoded:
        """See `ReferenceNetwork.weighted`."""

        def heavier(seen: Seen) -> Seen:
            bias = seen.bias + torch.log(torch.tensor(weight))
            return Seen(seen.tokens, bias, tuple(self.first.weighted(one, weight) for one in seen.first))  # type: ignore[union-attr]

        if weight == 1.0:
            return encoded
        background = None if encoded.background is None else heavier(encoded.background)
        return encoded._replace(whole=heavier(encoded.whole), background=background)

    def describe(self, line: Tensor) -> LineFeatures | None:
        """See `ReferenceNetwork.describe`: as the first look sees it."""
        return None if self.first is None else self.first.describe(line)

    # Conditions

    def condition(
        self, references: Sequence[Encoded], active: Active, figure: Tensor | None, thresholds: tuple[Any, Any]
    ) -> Split:
        """What the queries of a painting ask. figure: of the drawing, at the latent's size; thresholds: of sketch and
        reference, numbers or N of them each."""
        whole = _joined([one.whole for one in references])
        if figure is None or not active.split:
            return Split(whole, figure_lora=False)
        behind = _joined([one.background or one.whole for one in references])
        if active.recovery:
            of_sketch, of_reference = (
                self.thresholds[name](torch.as_tensor(value, device=figure.device).reshape(-1))
                for name, value in zip(("sketch", "reference"), thresholds, strict=True)
            )
            behind = Tokens(self.recovery(behind.tokens + of_reference, behind.bias) + of_sketch)
        return Split(
            whole,
            behind,
            figure,
            thresholds[0],
            figure_lora=active.figure_lora,
            background_lora=active.background_lora,
        )

    def look(
        self, sketch: Tensor, references: Sequence[Encoded], figure: Tensor | None, threshold: float | Tensor
    ) -> Tensor | None:
        """The first look's guess, N×3×H×W; with a figure, the background's own colors behind it."""
        if self.first is None:
            return None
        guess = self._guess(sketch, [one.whole for one in references])
        if figure is None or all(one.background is None for one in references):
            return guess
        behind = self._guess(sketch, [one.background or one.whole for one in references])
        large = F.interpolate(figure.float(), sketch.shape[2:], mode="bilinear", align_corners=False)
        if isinstance(threshold, Tensor):
            threshold = threshold.view(-1, 1, 1, 1)
        return torch.where(large > threshold, guess, behind)

    def _guess(self, sketch: Tensor, references: Sequence[Seen]) -> Tensor:
        assert self.first is not None
        if all(len(one.first) == 1 for one in references):
            return self.first.decode(sketch, [one.first[0] for one in references])
        each = [
            self.first.decode(sketch[i : i + 1], [one.first[i if len(one.first) > 1 else 0] for one in references])
            for i in range(len(sketch))
        ]
        return torch.cat(each)

    def guessed(self, guess: Tensor | None, line: Tensor) -> Tensor | None:
        """The first look's guess as a latent, from which the painting differs: N×3×h×w. line: of the guess's size.

        The guess has the lines in it, and latents have none: what is beside lines counts.
        """
        if guess is None:
            return None
        weight = ((line + 1.0) / 2.0) ** 2 + _ON_LINE
        known = F.avg_pool2d(guess.float() * weight, FACTOR) / F.avg_pool2d(weight, FACTOR)
        return self.latent.of_small(known)

    def maps(self, sketch: Tensor, guess: Tensor | None) -> list[Tensor]:
        """What is added to the denoiser's activation. guess: as a latent, None for none."""
        if self.first is None:
            return self.sketch(sketch)
        levels = self.first.see(sketch)
        features = {self.first.config.stem_stride * 2**level: found[-1] for level, found in enumerate(levels)}
        maps = self.sketch(features)
        if guess is not None:
            maps[0] = maps[0] + self.guess(torch.cat([guess, torch.ones_like(guess[:, :1])], dim=1))
        return maps

    def without(self, split: Split) -> Split:
        """The condition without any reference."""
        return replace(split, whole=Tokens(torch.zeros_like(split.whole.tokens)), background=None, figure=None)

    def predict(self, latent: Tensor, time: Tensor, maps: list[Tensor], split: Split) -> Tensor:
        """What the denoiser says of a noisy latent N×C×h×w at times N: v or the noise."""
        known, left = sampler.skipped(time, latent, self.config.spread, self.config.zero_snr)
        return known * latent + left * denoise(self.unet, latent, time, maps, split).float()

    # Steps

    def begin(
        self,
        sketch: Tensor,
        references: Sequence[Encoded],
        sampling: Sampling,
        figure: Tensor | None = None,
        active: Active = Active(),
    ) -> Painting:
        """See `SteppedNetwork.begin`. figure: N×1×H×W in [0, 1], how likely the drawing's figure is there."""
        config = self.config
        small, size = shrunk(sketch, config.side, self.stride)
        latent_size = latent_of(small.shape[2:])
        divided = figure if active.split else None
        at_latent = None
        if divided is not None:
            at_latent = F.interpolate(at_size(divided.float(), size, small.shape[2:], 0.0), latent_size, mode="area")
        split = self.condition(references, active, at_latent, (config.sketch_threshold, config.reference_threshold))
        guess = self.look(sketch, references, divided, config.sketch_threshold)
        paper = self.latent.of_small(torch.ones(1)).to(sketch.device)
        split, base = _fainter(split, self.guessed(guess, sketch), sampling.strength, paper)
        seen = None if base is None else at_size(base, latent_of(size), latent_size, float(paper))
        maps = self.maps(small, seen)
        asked = [(1.0, split, maps)]
        guidance = config.guidance if sampling.guidance is None else sampling.guidance
        if guidance != 1.0:
            asked = [(guidance, split, maps), (1.0 - guidance, self.without(split), maps)]
        by_lines = sampling.sketch_guidance or 1.0
        if by_lines != 1.0:
            asked = [(by_lines * share, one, added) for share, one, added in asked]
            asked.append((1.0 - by_lines, split, self.maps(torch.ones_like(small), seen)))
        solver = sampler.scheduler(config.prediction, config.zero_snr)
        solver.set_timesteps(sampling.steps or config.steps)
        noise = sampler.first_noise((len(sketch), self.latent.channels, *latent_size), sampling.seed, sketch.device)
        noise = noise * (config.temperature * solver.init_noise_sigma)
        return Painting(noise, solver, asked, sketch, size, base)

    def advance(self, state: Painting, number: int) -> Painting:
        """See `SteppedNetwork.advance`."""
        time = state.solver.timesteps[number]
        times = time.to(state.latent.device).expand(len(state.latent))
        predicted = torch.zeros_like(state.latent)
        for share, split, maps in state.asked:
            predicted = predicted + share * self.predict(state.latent, times, maps, split)
        state.clean = sampler.clean(state.latent, predicted, times, self.config.prediction, self.config.zero_snr)
        state.latent = state.solver.step(predicted, time, state.latent, return_dict=False)[0].float()
        return state

    def preview(self, state: Painting) -> Tensor:
        """The picture that the last step had in mind."""
        return self.latent.preview(self._whole(state, state.latent if state.clean is None else state.clean))

    def finish(self, state: Painting) -> Tensor:
        """Decoded at the drawing's own size, with its own lines."""
        return self.latent.decode(self._whole(state, state.latent), state.line)

    @staticmethod
    def _whole(state: Painting, latent: Tensor) -> Tensor:
        """A latent without its padding at the size of the drawing's, whose guess may know more than was painted."""
        height, width = latent_of(state.size)
        large = covering(latent[:, :, :height, :width], latent_of(state.line.shape[2:]))
        return large if state.base is None else large + state.base


def _masked(whole: EncodedReference, mask: Tensor, number: int) -> EncodedReference:
    """What of picture `number` of a batch a mask N×1×H×W leaves."""
    keys, values = whole.keys[number : number + 1], whole.values[number : number + 1]
    places = masked_tokens(mask[number : number + 1], STRIDE)
    if places is None:
        return whole._replace(keys=keys, values=values)
    return whole._replace(keys=keys[:, places], values=values[:, places], places=places)


def _fainter(split: Split, base: Tensor | None, strength: float, paper: Tensor) -> tuple[Split, Tensor | None]:
    """References that are heeded less: their tokens fade, and the guess fades to paper, a latent."""
    if strength == 1.0:
        return split, base

    def faded(tokens: Tokens | None) -> Tokens | None:
        return None if tokens is None else replace(tokens, tokens=tokens.tokens * strength)

    whole = replace(split.whole, tokens=split.whole.tokens * strength)
    base = None if base is None else paper + strength * (base - paper)
    return replace(split, whole=whole, background=faded(split.background)), base


def _joined(references: Sequence[Seen]) -> Tokens:
    bias = torch.cat([one.bias for one in references], dim=1)
    return Tokens(torch.cat([one.tokens for one in references], dim=1), bias if bool((bias != 0.0).any()) else None)

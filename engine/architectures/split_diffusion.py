"""A colorizer that paints in steps: a diffusion network whose attention to the reference is split by region.

After arXiv 2502.19937: a sketch encoder, local tokens of the reference, cross-attention split into figure and
background with low-rank changes that can be switched, and a transformer that recovers the background behind the
reference's figure. What is small here is ours: color under the lines in place of a pre-trained latent, and a first
look, the one-pass colorizer that ships, whose guess lies beside the noise and whose tokens the reference's hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.fusion.base import EncodedReference
from engine.architectures.interface import MASK_SHARE, DividingNetwork, LineFeatures, masked_tokens
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.diffusion import sampler
from engine.diffusion.latent import FACTOR, Latent, LatentKind
from engine.diffusion.modes import Active
from engine.diffusion.recovery import RecoveryTransformer, ThresholdEmbedding
from engine.diffusion.reference_encoder import STRIDE, TokenEncoder
from engine.diffusion.sizes import at_size, covering, fitted, shrunk
from engine.diffusion.sketch_encoder import PyramidMaps, SketchEncoder
from engine.diffusion.split_attention import Split, Tokens, lora_of, split_attention
from engine.diffusion.unet import build_unet, denoise, map_shapes
from engine.options import Sampling

OUT_OF_SIGHT = -1e4  # what is added to the scores of tokens that must not be asked
_MOST_WIDTH = 2048
_RANGES: dict[str, tuple[float, float]] = {
    "latent_channels": (1, 64), "res_blocks": (1, 8), "head": (4, 256), "token_side": (32, 2048),
    "encoder_layers": (1, 32), "figure_rank": (1, 256), "background_rank": (0.001, 0.999), "recovery_layers": (1, 32),
    "recovery_queries": (1, 4096), "side": (32, 2048), "steps": (1, 100), "guidance": (1.0, 15.0),
    "sketch_threshold": (0.0, 1.0), "reference_threshold": (0.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class SplitConfig:
    """What a painting network is made of.

    latent, latent_channels: see `engine.diffusion.latent`. blocks: channels of each level of the denoiser, finest
    first; looks: which of them ask the reference; res_blocks: of each level; head: channels of a head of attention.
    token_width: channels of the reference's tokens; token_side: pixels of a reference's longer side as it is looked
    at; encoder_layers: self-attention of its tokens. first_look: the one-pass colorizer inside, None for none.
    sketch_width: channels of the sketch encoder where there is no first look. figure_rank, background_rank: of the
    low-rank changes, a share below 1 of the smaller side. recovery_layers, recovery_queries: of the transformer behind
    the figure. prediction, zero_snr: see `engine.diffusion.sampler`. side: pixels of the longer side at which it
    paints, the rest is the decoder's; steps, guidance: by default. sketch_threshold, reference_threshold: above them
    a place is of the figure.
    """

    latent: LatentKind = "lines"
    latent_channels: int = 3
    blocks: tuple[int, ...] = (48, 64, 128)
    looks: tuple[bool, ...] = (False, True, True)
    res_blocks: int = 1
    head: int = 32
    token_width: int = 192
    token_side: int = 256
    encoder_layers: int = 1
    first_look: SGAConfig | None = None
    sketch_width: int = 64
    figure_rank: int = 16
    background_rank: float = 0.5
    recovery_layers: int = 2
    recovery_queries: int = 64
    prediction: Literal["v", "epsilon"] = "v"
    zero_snr: bool = True
    side: int = 192
    steps: int = 15
    guidance: float = 2.0
    sketch_threshold: float = 0.05
    reference_threshold: float = 0.5

    def __post_init__(self) -> None:
        """Raise ValueError for what is no network, or more of one than any of ours: a config may be a stranger's."""
        if not 1 <= len(self.blocks) <= 6 or len(self.looks) != len(self.blocks):
            raise ValueError("blocks and looks need one value a level, for 1 to 6 levels")
        for width in (*self.blocks, self.token_width, self.sketch_width):
            _require_range("a width", width, 8, _MOST_WIDTH)
            if width % 8:
                raise ValueError(f"a width is {width}, which is no multiple of 8")
        for name, (least, most) in _RANGES.items():
            _require_range(name, getattr(self, name), least, most)
        if any(width % max(1, width // self.head) for width in (*self.blocks, self.token_width)):
            raise ValueError(f"head is {self.head}, which does not divide the blocks and the tokens")
        if self.latent != "vae" and self.latent_channels != 3:
            raise ValueError("latent_channels are 3 but for the latent 'vae'")

    @classmethod
    def tiny(cls) -> "SplitConfig":
        """Ours, for a desktop."""
        return cls(first_look=replace(SGAConfig.compact(), temperature=80.0))  # as the one that ships

    @classmethod
    def smoke(cls) -> "SplitConfig":
        """For tests: learns in seconds."""
        return cls(
            latent="pixels",
            blocks=(16, 32),
            looks=(False, True),
            head=16,
            token_width=32,
            token_side=64,
            sketch_width=16,
            figure_rank=4,
            recovery_layers=1,
            recovery_queries=8,
            side=64,
            steps=4,
            guidance=1.5,
        )

    @classmethod
    def paper(cls) -> "SplitConfig":
        """The sizes of the published code, with our latent and token encoder in the place of pre-trained ones."""
        return cls(
            latent="vae",
            latent_channels=4,
            blocks=(320, 640, 1280, 1280),
            looks=(True, True, True, False),
            res_blocks=2,
            head=64,
            token_width=1024,
            encoder_layers=6,
            sketch_width=320,
            recovery_layers=6,
            recovery_queries=256,
            prediction="epsilon",
            zero_snr=False,
            side=512,
            steps=20,
            guidance=5.0,
        )

    @property
    def stride(self) -> int:
        """Pictures must be padded to multiples of this."""
        own = max(FACTOR * 2 ** (len(self.blocks) - 1), STRIDE)
        return own if self.first_look is None else max(own, self.first_look.stride)


def _require_range(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, which is not from {least} to {most}")


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
    """A picture on its way. latent: N×C×h×w; solver: remembers the steps before; conditions, maps: with references,
    and without any for guidance; line: the drawing at its own size; size: height and width of what is painted."""

    latent: Tensor
    solver: Any
    conditions: list[tuple[Split, list[Tensor]]]
    guidance: float
    line: Tensor
    size: tuple[int, int]
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

    def maps(self, sketch: Tensor, guess: Tensor | None, shown: Tensor | None = None) -> list[Tensor]:
        """What is added to the denoiser's activation. guess: N×3×H×W, None for none; shown: N×1×1×1, 0 for those of a
        batch that see none of it."""
        if self.first is None:
            return self.sketch(sketch)
        levels = self.first.see(sketch)
        features = {self.first.config.stem_stride * 2**level: found[-1] for level, found in enumerate(levels)}
        maps = self.sketch(features)
        if guess is not None:
            small = F.interpolate(guess, (sketch.shape[2] // FACTOR, sketch.shape[3] // FACTOR), mode="area")
            known = torch.cat([small, torch.ones_like(small[:, :1])], dim=1)
            maps[0] = maps[0] + self.guess(known if shown is None else known * shown)
        return maps

    def without(self, split: Split) -> Split:
        """The condition without any reference."""
        return replace(split, whole=Tokens(torch.zeros_like(split.whole.tokens)), background=None, figure=None)

    def predict(self, latent: Tensor, time: Tensor, maps: list[Tensor], split: Split) -> Tensor:
        """What the denoiser says of a noisy latent N×C×h×w at times N."""
        return denoise(self.unet, latent, time, maps, split)

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
        latent_size = small.shape[2] // FACTOR, small.shape[3] // FACTOR
        divided = figure if active.split else None
        at_latent = None
        if divided is not None:
            at_latent = F.interpolate(at_size(divided.float(), size, small.shape[2:], 0.0), latent_size, mode="area")
        split = self.condition(references, active, at_latent, (config.sketch_threshold, config.reference_threshold))
        guess = self.look(sketch, references, divided, config.sketch_threshold)
        if guess is not None:
            guess = at_size(guess, size, small.shape[2:], 1.0)
        guidance = config.guidance if sampling.guidance is None else max(1.0, sampling.guidance)
        conditions = [(split, self.maps(small, guess))]
        if guidance != 1.0:
            conditions.append((self.without(split), self.maps(small, None)))
        solver = sampler.scheduler(config.prediction, config.zero_snr)
        solver.set_timesteps(sampling.steps or config.steps)
        noise = sampler.first_noise((len(sketch), self.latent.channels, *latent_size), sampling.seed, sketch.device)
        return Painting(noise * solver.init_noise_sigma, solver, conditions, guidance, sketch, size)

    def advance(self, state: Painting, number: int) -> Painting:
        """See `SteppedNetwork.advance`."""
        time = state.solver.timesteps[number]
        times = time.to(state.latent.device).expand(len(state.latent))
        asked = [self.predict(state.latent, times, maps, split).float() for split, maps in state.conditions]
        predicted = asked[0] if len(asked) == 1 else sampler.guided(asked[1], asked[0], state.guidance)
        state.clean = sampler.clean(state.latent, predicted, times, self.config.prediction, self.config.zero_snr)
        state.latent = state.solver.step(predicted, time, state.latent, return_dict=False)[0].float()
        return state

    def preview(self, state: Painting) -> Tensor:
        """The picture that the last step had in mind."""
        shown = self.latent.preview(state.latent if state.clean is None else state.clean)
        height, width = (side // FACTOR for side in state.size)
        return covering(shown[:, :, :height, :width], (state.line.shape[2] // FACTOR, state.line.shape[3] // FACTOR))

    def finish(self, state: Painting) -> Tensor:
        """Decoded at the drawing's own size, with its own lines."""
        height, width = (side // FACTOR for side in state.size)
        size = state.line.shape[2] // FACTOR, state.line.shape[3] // FACTOR
        return self.latent.decode(covering(state.latent[:, :, :height, :width], size), state.line)


def _masked(whole: EncodedReference, mask: Tensor, number: int) -> EncodedReference:
    """What of picture `number` of a batch a mask N×1×H×W leaves."""
    keys, values = whole.keys[number : number + 1], whole.values[number : number + 1]
    places = masked_tokens(mask[number : number + 1], STRIDE)
    if places is None:
        return whole._replace(keys=keys, values=values)
    return whole._replace(keys=keys[:, places], values=values[:, places], places=places)


def _joined(references: Sequence[Seen]) -> Tokens:
    bias = torch.cat([one.bias for one in references], dim=1)
    return Tokens(torch.cat([one.tokens for one in references], dim=1), bias if bool((bias != 0.0).any()) else None)

"""The SGA colorizer: sketch encoder, reference encoder, cross- and self-SGA, residual blocks, U-Net decoder.

After Li et al., "Eliminating Gradient Conflict in Reference-based Line-Art Colorization" (ECCV 2022), with the fusions
that paper compares in the place of SGA.
`SGAConfig.paper()` is the published network. `SGAConfig.compact()` is ours for a desktop: tokens at 1/8 projected to a
narrow fusion, and keys from the reference's own line art.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import ResidualStage, map_of, tokens_of
from engine.architectures.decoder import AddingDecoder, UNetDecoder
from engine.architectures.encoders import ConcatenatedTokens, ProjectedTokens, PyramidEncoder
from engine.architectures.fusion import FUSIONS
from engine.architectures.fusion.base import EncodedReference, Fusion, Grid, Layout
from engine.architectures.fusion.coarse_to_fine import CoarseToFineBlock
from engine.architectures.fusion.sga import SGABlock
from engine.architectures.interface import LineFeatures, ReferenceNetwork, masked_tokens
from engine.architectures.line_distance import line_distance
from engine.typed_values import later

# Far above every network of ours and of the papers; what is beyond would take minutes or gigabytes.
_MOST_LEVELS, _MOST_WIDTH, _MOST_CONVOLUTIONS, _MOST_BLOCKS, _MOST_RATIO = 8, 2048, 16, 64, 16
_MOST_TEMPERATURE = 1e4


@dataclass(frozen=True)
class SGAConfig:
    """What an SGA colorizer is made of; the defaults are the paper's.

    widths, convolutions: channels and convolutions of each level of the sketch encoder, finest first.
    reference_convolutions: the same for the reference encoder, which may have fewer levels.
    stem_stride: pixels folded into channels before the finest level (1 or 2).
    token_level: the level at whose resolution the fusion works. fusion_width: its channels; 0 concatenates every
    feature map (the paper), which needs the coarsest level as token level.
    context_ratio: tokens per token, along one side, of self-SGA and the residual blocks. decoder: the paper's, or the
    one that adds.
    keys: "plain" (the reference's tokens) or "line" (the sketch encoder on the reference's own line art).
    fusion: how references reach the drawing, see `engine.architectures.fusion`. What follows belongs to "sga" alone;
    the other fusions stand in the place of both attention blocks and are always as their own papers have them.
    similarity, temperature: of the attention. stop_gradient, double_normalization, self_attention: the paper's parts.
    project_keys: linear maps of their own for both sides of the similarity. learn_temperature: `temperature` is only
    where it begins. coarse_ratio: above 1, cross-SGA compares blocks of so many tokens along a side first and tokens
    only within the blocks that are most alike, see `engine.architectures.fusion.coarse_to_fine`.
    line_distance: the sketch encoder sees how far the next line is beside the lines, see `line_distance`.
    """

    widths: tuple[int, ...] = (16, 32, 64, 128, 256)
    convolutions: tuple[int, ...] = (2, 2, 2, 2, 2)
    reference_convolutions: tuple[int, ...] = (2, 2, 2, 2, 2)
    stem_stride: int = 1
    token_level: int = 4
    fusion_width: int = 0
    context_ratio: int = 1
    residual_blocks: int = 4
    decoder: Literal["concatenating", "adding"] = "concatenating"
    keys: Literal["plain", "line"] = "plain"
    similarity: Literal["dot", "cosine"] = "dot"
    temperature: float = 1.0
    stop_gradient: bool = True
    double_normalization: bool = True
    self_attention: bool = True
    fusion: Literal["sga", "scft", "spade", "cocosnet", "unite", "cmft"] = "sga"
    project_keys: bool = False
    learn_temperature: bool = later(False)
    coarse_ratio: int = later(1)
    line_distance: bool = later(False)

    def __post_init__(self) -> None:
        """Raise ValueError for what is no network, or more of one than any of ours: a config may be a stranger's."""
        levels = len(self.widths)
        _require_range("the number of widths", levels, 1, _MOST_LEVELS)
        for width in self.widths:
            _require_range("widths", width, 1, _MOST_WIDTH)
        if len(self.convolutions) != levels or not 1 <= len(self.reference_convolutions) <= levels:
            raise ValueError("convolutions need one number for each width, reference_convolutions no more")
        for count in (*self.convolutions, *self.reference_convolutions):
            _require_range("convolutions", count, 1, _MOST_CONVOLUTIONS)
        _require_range("stem_stride", self.stem_stride, 1, 2)
        _require_range("token_level", self.token_level, 0, len(self.reference_convolutions) - 1)
        _require_range("fusion_width", self.fusion_width, 0, _MOST_WIDTH)
        if not self.fusion_width and not self.token_level == levels - 1 == len(self.reference_convolutions) - 1:
            raise ValueError("without a fusion_width token_level is the coarsest of both encoders")
        _require_range("residual_blocks", self.residual_blocks, 0, _MOST_BLOCKS)
        for name in ("context_ratio", "coarse_ratio"):
            ratio = getattr(self, name)
            _require_range(name, ratio, 1, _MOST_RATIO)
            if ratio & (ratio - 1):
                raise ValueError(f"{name} is {ratio}, which is no power of two")
        if not 0.0 < self.temperature <= _MOST_TEMPERATURE:
            raise ValueError(
                f"temperature is {self.temperature:g}, which is not above 0 and up to {_MOST_TEMPERATURE:g}"
            )

    @classmethod
    def paper(cls) -> "SGAConfig":
        """The published network: 83.9 M parameters, 52 GFLOP for 256×256."""
        return cls()

    @classmethod
    def compact(cls) -> "SGAConfig":
        """The desktop network: a tenth of the work.

        The finest level stands at 1/2, since the artist's own lines are laid over the colours at full size anyway; a
        level at 1/32 sees whole limbs; the fusion is narrow, and self-SGA and residual blocks work at 1/16.
        """
        return cls(
            widths=(16, 32, 96, 192, 384),
            convolutions=(1, 2, 2, 2, 2),
            reference_convolutions=(1, 1, 1),
            stem_stride=2,
            token_level=2,
            fusion_width=128,
            context_ratio=2,
            decoder="adding",
            keys="line",
            similarity="cosine",
            temperature=50.0,
            stop_gradient=False,
        )

    @property
    def stride(self) -> int:
        """Pictures must be padded to multiples of this."""
        ratio = max(self.context_ratio, self.coarse_ratio)
        return self.stem_stride * 2 ** max(len(self.widths) - 1, self.token_level + ratio.bit_length() - 1)


class SGAGenerator(ReferenceNetwork[EncodedReference]):
    """Line art and references → colours."""

    def __init__(self, config: SGAConfig) -> None:
        super().__init__()
        self.config = config
        widths, reference_widths = config.widths, config.widths[: len(config.reference_convolutions)]
        # With line keys the reference encoder sees the line art beside the colours: it need not find the borders again.
        inputs = 4 if config.keys == "line" else 3
        sketch_inputs = 2 if config.line_distance else 1
        self.sketch_encoder = PyramidEncoder(sketch_inputs, widths, config.convolutions, config.stem_stride)
        self.reference_encoder = PyramidEncoder(
            inputs, reference_widths, config.reference_convolutions, config.stem_stride
        )
        self.sketch_tokens = _tokens(config, widths, config.convolutions)
        self.reference_tokens = _tokens(config, reference_widths, config.reference_convolutions)
        width = self.sketch_tokens.width
        is_sga = config.fusion == "sga"
        self.cross_attention: Fusion = self._cross_attention(width) if is_sga else FUSIONS[config.fusion](width)
        self.self_attention = self._attention(width) if is_sga and config.self_attention else None
        self.residual = ResidualStage(width, config.residual_blocks)
        if config.decoder == "concatenating":
            self.decoder: nn.Module = UNetDecoder(2 * width, widths, config.convolutions, config.token_level)
        else:
            self.decoder = AddingDecoder(2 * width, widths, config.convolutions, config.token_level, config.stem_stride)

    def _cross_attention(self, width: int) -> SGABlock:
        if self.config.coarse_ratio > 1:
            return CoarseToFineBlock(width, self.config.coarse_ratio, **self._attention_settings())
        return self._attention(width)

    def _attention(self, width: int) -> SGABlock:
        return SGABlock(width, **self._attention_settings())

    def _attention_settings(self) -> dict[str, Any]:
        names = ("similarity", "temperature", "double_normalization", "stop_gradient", "project_keys")
        return {name: getattr(self.config, name) for name in (*names, "learn_temperature")}

    def see(self, line: Tensor) -> list[list[Tensor]]:
        """The sketch encoder's feature maps of line art N×1×H×W."""
        return self.sketch_encoder(torch.cat([line, line_distance(line)], 1) if self.config.line_distance else line)

    @property
    def stride(self) -> int:
        """See `SGAConfig.stride`."""
        return self.config.stride

    @property
    def token_stride(self) -> int:
        """Pixels for each token."""
        return self.config.stem_stride * 2**self.config.token_level

    def encode_reference(
        self, picture: Tensor, line: Tensor | None = None, mask: Tensor | None = None
    ) -> EncodedReference:
        """See `ReferenceNetwork.encode_reference`; the line art is needed for keys="line", a mask is of one picture."""
        if self.config.keys == "plain":
            seen = self.reference_tokens(self.reference_encoder(picture))
            keys = values = tokens_of(seen)
        elif line is None:
            raise ValueError("keys='line' needs the reference's line art")
        else:
            seen = self.reference_tokens(self.reference_encoder(torch.cat([picture, line], dim=1)))
            values = tokens_of(seen)
            keys = tokens_of(self.sketch_tokens(self.see(line)))
        places = None if mask is None else masked_tokens(mask, self.token_stride)
        if places is not None:
            keys, values = keys[:, places], values[:, places]
        return EncodedReference(keys, values, (seen.shape[2], seen.shape[3]), places)

    def weighted(self, encoded: EncodedReference, weight: float) -> EncodedReference:
        """See `ReferenceNetwork.weighted`; only the fusion "sga" heeds it."""
        return encoded._replace(weight=weight)

    def decode(self, sketch: Tensor, references: Sequence[EncodedReference]) -> Tensor:
        """Colour a drawing from one or more encoded references of any sizes.

        sketch: N×1×H×W in [-1, 1], H and W multiples of `config.stride`. Returns N×3×H×W in [-1, 1].
        """
        levels = self.see(sketch)
        drawn = self.sketch_tokens(levels)
        size = (drawn.shape[2], drawn.shape[3])
        keys = torch.cat([reference.keys for reference in references], dim=1)
        values = torch.cat([reference.values for reference in references], dim=1)
        grids = (Grid(one.size, one.places, one.weight) for one in references if one.size is not None)
        layout = Layout(size, tuple(grids))
        fused = map_of(self.cross_attention(tokens_of(drawn), values, keys, layout), size)
        context = self._context(fused)
        refined = self.residual(context)
        if context.shape != fused.shape:
            # The coarse context speaks beside what cross-SGA brought at full token resolution.
            refined, context = F.interpolate(refined, size=size, mode="bilinear", align_corners=False), fused
        return self.decoder(torch.cat([refined, context], dim=1), levels)

    def describe(self, line: Tensor) -> LineFeatures | None:
        """See `ReferenceNetwork.describe`: for line keys compared by their cosine, without maps of their own."""
        config = self.config
        if config.fusion != "sga" or config.keys != "line" or config.similarity != "cosine" or config.project_keys:
            return None
        assert isinstance(self.cross_attention, SGABlock)
        tokens = F.avg_pool2d(self.sketch_tokens(self.see(line)), config.coarse_ratio)
        scale = float(self.cross_attention.scale)
        return LineFeatures(F.normalize(tokens, dim=1), scale, self.token_stride * config.coarse_ratio)

    def _context(self, fused: Tensor) -> Tensor:
        """Self-SGA on the context tokens: N×C×h×w → N×C×h/r×w/r with r the context ratio."""
        if self.config.context_ratio > 1:
            fused = F.avg_pool2d(fused, self.config.context_ratio)
        if self.self_attention is None:
            return fused
        tokens = tokens_of(fused)
        return map_of(self.self_attention(tokens, tokens), (fused.shape[2], fused.shape[3]))


def _require_range(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise ValueError(f"{name} is {value}, which is not from {least} to {most}")


def _tokens(
    config: SGAConfig, widths: Sequence[int], convolutions: Sequence[int]
) -> ConcatenatedTokens | ProjectedTokens:
    if config.fusion_width:
        return ProjectedTokens(widths, config.token_level, config.fusion_width)
    return ConcatenatedTokens(widths, convolutions)


def count_parameters(module: nn.Module) -> int:
    """Trainable numbers in a module."""
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)

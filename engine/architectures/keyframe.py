"""The networks that color a frame of a scene from colored key frames, and then look at it beside them in time.

Shi, Zhang, Chen, Gao, Lai, Zhang: "Deep Line Art Video Colorization with a Few References", arXiv 2003.10685, 2020
(IEEE TVCG 2023, as "Reference-Based Deep Line Art Video Colorization"). No code of its authors is published; see
`keyframe_parts` for what is read otherwise than in rebuilds of others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.interface import LineFeatures, ReferenceNetwork
from engine.architectures.keyframe_parts import (
    STRIDE,
    AdaINBlock,
    Key,
    PictureDecoder,
    PlaneEncoder,
    SimilarityTransfer,
    StyleEmbedder,
    distance_planes,
    standing,
)
from engine.architectures.temporal_shift import TemporalNetwork

_LEVELS = 3
_MOST_WIDTH, _MOST_BLOCKS, _MOST_STYLE_LEVELS, _MOST_TEMPERATURE = 2048, 64, 10, 1e4
_POOLED = 2  # places along a side that `describe` tells as one


@dataclass(frozen=True)
class KeyframeConfig:
    """What the networks are made of; the defaults are the paper's.

    widths: channels at full size, at half and at a quarter. style_widths: of the embedder, each but the first at half
    the size of the one before. blocks: of AdaIN. key_width: of what is compared between drawings. keys: whether what
    is compared is seen in distance fields alone, or in the lines, too. similarity: of what is compared, "dot" with
    1/√key_width as temperature, or "cosine" with `temperature`.
    copies: whether what is painted is a change of the key frames' own pictures, taken and mixed as their features are.
    temporal_width: of the temporal network, and temporal_changes: whether it paints changes of the guess.
    transfer, adain, distance, side_outputs, temporal: the paper's parts.
    """

    widths: tuple[int, ...] = (64, 128, 256)
    style_widths: tuple[int, ...] = (64, 128, 256, 512, 512)
    blocks: int = 8
    key_width: int = 32
    keys: Literal["distance", "both"] = "distance"
    similarity: Literal["dot", "cosine"] = "dot"
    temperature: float = 20.0
    copies: bool = False
    temporal_width: int = 64
    temporal_changes: bool = False
    transfer: bool = True
    adain: bool = True
    distance: bool = True
    side_outputs: bool = True
    temporal: bool = True

    def __post_init__(self) -> None:
        """Raise ValueError for what is no network, or more of one than any of ours: a config may be a stranger's."""
        if len(self.widths) != _LEVELS or not 1 <= len(self.style_widths) <= _MOST_STYLE_LEVELS:
            raise ValueError(f"widths are {_LEVELS} numbers, style_widths 1 to {_MOST_STYLE_LEVELS}")
        for name in ("widths", "style_widths"):
            for width in getattr(self, name):
                _require_range(name, width, _MOST_WIDTH)
        _require_range("key_width", self.key_width, _MOST_WIDTH)
        _require_range("temporal_width", self.temporal_width, _MOST_WIDTH)
        _require_range("blocks", self.blocks, _MOST_BLOCKS)
        if not 0.0 < self.temperature <= _MOST_TEMPERATURE:
            raise ValueError(f"temperature is {self.temperature:g}, which is not above 0 and up to 10000")

    @classmethod
    def paper(cls) -> "KeyframeConfig":
        """The published networks."""
        return cls()

    @classmethod
    def compact(cls) -> "KeyframeConfig":
        """Ours for a desktop: a seventh of the work.

        Lines are compared, too, as they tell more than distances. Colors are copied: without that, eight thousand
        samples taught light from dark and no hue, with spectral norms or without.
        """
        return cls(
            widths=(24, 48, 96),
            style_widths=(16, 32, 64, 128, 128),
            blocks=6,
            keys="both",
            similarity="cosine",
            copies=True,
            temporal_width=16,
            temporal_changes=True,
        )


class Drawn(NamedTuple):
    """What is seen in line art, N×C×h×w each. lines, distances: of the encoders; keys: what is compared."""

    lines: Tensor
    distances: Tensor
    keys: Tensor


class EncodedKey(NamedTuple):
    """All that is kept of a key frame. style: N×C; picture: N×4×H×W, color and line, for the temporal network."""

    key: Key
    style: Tensor
    picture: Tensor


class Painted(NamedTuple):
    """N×3×H×W. similar, middle: what the side outputs make of the colors that were found, and of the blocks after it;
    only where the network has them."""

    picture: Tensor
    similar: Tensor | None
    middle: Tensor | None


class ColorTransform(nn.Module):
    """Line art and key frames → colors, each frame by itself."""

    def __init__(self, config: KeyframeConfig, *, training_parts: bool) -> None:
        super().__init__()
        self.config = config
        widths, width, spectral = config.widths, config.widths[-1], training_parts
        self.line_encoder = PlaneEncoder(1, widths, spectral=spectral)
        self.distance_encoder = PlaneEncoder(1, widths, spectral=spectral) if config.distance else None
        self.color_encoder = PlaneEncoder(3, widths, spectral=spectral)
        compared = 2 * width if config.distance and config.keys == "both" else width
        cosine = config.similarity == "cosine"
        temperature = config.temperature if cosine else config.key_width**-0.5
        self.transfer = SimilarityTransfer(width, compared, config.key_width, cosine=cosine, temperature=temperature)
        self.embedder = StyleEmbedder(config.style_widths, spectral=spectral) if config.adain else None
        self.mean = nn.Linear(config.style_widths[-1], width) if config.adain else None
        self.deviation = nn.Linear(config.style_widths[-1], width) if config.adain else None
        self.blocks = nn.ModuleList(AdaINBlock(width, spectral=spectral) for _ in range(config.blocks))
        self.decoder = PictureDecoder(widths, spectral=spectral)
        sides = config.side_outputs and training_parts
        self.similar = nn.Conv2d(width, 3, 1) if sides else None
        self.middle = nn.Conv2d(width, 3, 1) if sides else None

    def see(self, line: Tensor) -> Drawn:
        """What is seen in line art N×1×H×W."""
        lines = self.line_encoder(line)
        distances = lines if self.distance_encoder is None else self.distance_encoder(distance_planes(line))
        both = self.distance_encoder is not None and self.config.keys == "both"
        return Drawn(
            lines, distances, self.transfer.keys_of(torch.cat([lines, distances], dim=1) if both else distances)
        )

    def encode(self, picture: Tensor, line: Tensor) -> EncodedKey:
        """What is kept of a key frame N×3×H×W and its line art."""
        drawn, both = self.see(line), torch.cat([picture, line], dim=1)
        style = picture.new_zeros(len(picture), 0) if self.embedder is None else self.embedder(both)
        small = F.avg_pool2d(picture, STRIDE)
        return EncodedKey(Key(drawn.keys, drawn.distances, self.color_encoder(picture), small), style, both)

    def paint(self, sketch: Tensor, references: Sequence[EncodedKey]) -> Painted:
        """Color a drawing N×1×H×W."""
        drawn, keys = self.see(sketch), [one.key for one in references]
        layer = self.transfer if self.config.transfer else None
        found, copied = standing(keys, drawn.distances) if layer is None else layer(drawn.keys, drawn.distances, keys)
        x, (mean, deviation) = drawn.lines + found, self._style(references, drawn.lines)
        for block in self.blocks:
            x = block(x, mean, deviation)
        similar = None if self.similar is None else self.similar(found)
        middle = None if self.middle is None else self.middle(x)
        picture = self.decoder(x)
        if self.config.copies:
            picture = picture + _enlarged(copied)
            similar, middle = (None if one is None else one + copied for one in (similar, middle))
        return Painted(picture, *(None if one is None else _enlarged(one) for one in (similar, middle)))

    def _style(self, references: Sequence[EncodedKey], like: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation, N×width."""
        if self.mean is None or self.deviation is None:
            zero = like.new_zeros(like.shape[:2])
            return zero, zero + 1.0
        style = torch.stack([one.style for one in references]).mean(dim=0)
        return self.mean(style), 1.0 + self.deviation(style)


class KeyframeNetwork(ReferenceNetwork[EncodedKey]):
    """Both networks. A drawing is guessed from its key frames, then looked at beside those that are of its size."""

    def __init__(self, config: KeyframeConfig, *, training_parts: bool = False) -> None:
        """training_parts: with side outputs, and weights divided by their largest singular values."""
        super().__init__()
        self.config = config
        self.transform = ColorTransform(config, training_parts=training_parts)
        self.temporal = (
            TemporalNetwork(config.temporal_width, changes=config.temporal_changes, spectral=training_parts)
            if config.temporal
            else None
        )

    @property
    def stride(self) -> int:
        """Pixels for each place of the coarsest maps."""
        return STRIDE

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> EncodedKey:
        """See `ReferenceNetwork.encode_reference`. Raises ValueError without line art."""
        if line is None:
            raise ValueError("key frames are compared by their line art")
        return self.transform.encode(picture, line)

    def decode(self, sketch: Tensor, references: Sequence[EncodedKey]) -> Tensor:
        """See `ReferenceNetwork.decode`. references: those of a scene in their order."""
        guess = self.transform.paint(sketch, references).picture
        return self.refine(guess, sketch, [one.picture for one in references])

    def refine(self, guess: Tensor, sketch: Tensor, pictures: Sequence[Tensor]) -> Tensor:
        """The guess N×3×H×W looked at beside key frames N×4×H×W: the first before it in time, the others after it.

        As it is without a temporal network, and without a key frame of its size.
        """
        alike = [one for one in pictures if one.shape[2:] == guess.shape[2:]]
        if self.temporal is None or not alike:
            return guess
        return self.temporal(in_time(torch.cat([guess, sketch], dim=1), alike))[:, 1]

    def describe(self, line: Tensor) -> LineFeatures | None:
        """See `ReferenceNetwork.describe`: where directions are compared."""
        config = self.config
        if config.similarity != "cosine" or not config.transfer:
            return None
        keys = self.transform.see(line).keys
        tokens = F.avg_pool2d(keys, _POOLED, ceil_mode=True)
        return LineFeatures(F.normalize(tokens, dim=1), config.temperature, STRIDE * _POOLED)


def in_time(frame: Tensor, keys: Sequence[Tensor]) -> Tensor:
    """The first key frame, the frame, the other key frames: N×C×H×W each → N×T×C×H×W."""
    return torch.stack([keys[0], frame, *keys[1:]], dim=1)


def _enlarged(picture: Tensor) -> Tensor:
    return F.interpolate(picture, scale_factor=float(STRIDE), mode="nearest")


def _require_range(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise ValueError(f"{name} is {value}, which is not from 1 to {most}")

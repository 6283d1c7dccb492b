"""A U-Net that colors line art in the style of a whole picture, which a vector at its bottom carries.

Zhang, Ji, Lin: "Style Transfer for Anime Sketches with Enhanced Residual U-net and Auxiliary Classifier GAN", ACPR
2017.
`StyleConfig.m1`, `m2` and `m3` are a published course project's readings of it, layer by layer; `own` is a form in
which the style cannot be ignored: adaptive instance normalization at every step up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.interface import ReferenceNetwork
from engine.architectures.published_styles import InceptionStyle, PublishedStyle, Vgg19Style, denormalized, normalized
from engine.architectures.style_unet_parts import (
    Convolution,
    GuideDecoder,
    Norm,
    Padding,
    SwatchHead,
    Up,
    UpStep,
    averaged,
    down_step,
    gray_of,
)
from engine.architectures.style_vectors import OwnStyle, StyleNetwork, counted, swatches_of

StyleName = Literal["own", "vgg19-fc1", "inception-v3"]
Auxiliary = Literal["style", "palette", "none"]
_MAP_SIDE = 8  # of a style that is a map
MOST = 4096  # of any width in a config


@dataclass(frozen=True)
class StyleConfig:
    """Widths and kinds of steps. All classmethods but `own` are to the letter of their source.

    width: channels of the first step, doubled by each of the five; bottom: at 1/32; middle: where it is left.
    style: what looks at references; style_digest: SHA-256 of its file, empty for the published one; style_width:
    numbers of an own style; style_map: a 2048×8×8 map instead; own_widths, own_side: see `OwnStyle`. normalize_style,
    normalize_sketch: by ImageNet's mean and deviation. sketch_channels: 3 for line art as a picture of three channels.
    injection: "add" puts the style on the bottom alone, "adain" on every step up as well. finest: 2 paints at half the
    size and unfolds the pixels. swatches: so many colors of each reference are handed to the last step, which chooses
    among them; 0 for a network that has to mix colors by itself. rectified: a ReLU after the second convolution of each
    step, too.
    Of the training alone: guides; auxiliary, its target, and auxiliary_weight over that of the adversarial loss;
    gan: likelihoods as published, or hinge.
    """

    width: int = 12
    bottom: int = 384
    middle: int = 192
    style: StyleName = "own"
    style_digest: str = ""
    style_width: int = 512
    style_map: bool = False
    own_widths: tuple[int, ...] = (32, 64, 128, 192, 256)
    own_side: int = 128
    normalize_style: bool = True
    normalize_sketch: bool = False
    sketch_channels: Literal[1, 3] = 1
    up: Up = "nearest"
    norm: Norm = "instance"
    padding: Padding = "zeros"
    injection: Literal["add", "adain"] = "adain"
    finest: Literal[1, 2] = 2
    swatches: int = 12
    rectified: bool = True
    guides: bool = True
    auxiliary: Auxiliary = "style"
    auxiliary_weight: float = 10.0
    gan: Literal["likelihood", "hinge"] = "hinge"

    def __post_init__(self) -> None:
        widths = (self.width, self.bottom, self.middle, self.style_width, *self.own_widths)
        if not all(2 <= width <= MOST for width in widths):
            raise ValueError(f"all widths must be between 2 and {MOST}")
        if len(self.own_widths) != 5:
            raise ValueError("own_widths must be five numbers")
        if not 32 <= self.own_side <= 1024:
            raise ValueError("own_side must be between 32 and 1024")
        if self.injection == "adain" and self.has_map:
            raise ValueError("a style that is a map can only be added")
        if self.has_map and self.bottom != InceptionStyle.shape[0]:
            raise ValueError(f"a style that is a map needs a bottom of {InceptionStyle.shape[0]}")
        if not 0 <= self.swatches <= 64 or (self.swatches and (self.finest, self.injection) != (2, "adain")):
            raise ValueError("swatches must be between 0 and 64, and need finest 2 and the injection 'adain'")
        if not 0.0 <= self.auxiliary_weight < 1e6:
            raise ValueError("auxiliary_weight must be at least 0")

    @classmethod
    def own(cls) -> "StyleConfig":
        """Ours."""
        return cls()

    @classmethod
    def m1(cls) -> "StyleConfig":
        """Guides, no normalization, VGG19's fc1 on pictures in [0, 1]."""
        return cls(
            width=16,
            bottom=2048,
            middle=512,
            style="vgg19-fc1",
            normalize_style=False,
            sketch_channels=3,
            up="convt",
            norm="none",
            padding="reflect",
            injection="add",
            finest=1,
            swatches=0,
            rectified=False,
            auxiliary_weight=1.0,
            gan="likelihood",
        )

    @classmethod
    def m2(cls) -> "StyleConfig":
        """No guides, batch normalization between convolutions, VGG19's fc1 on normalized pictures."""
        return replace(cls.m1(), guides=False, norm="batch", normalize_style=True)

    @classmethod
    def m3(cls) -> "StyleConfig":
        """As `m2`, with Inception v3's maps added as they are, and a normalized sketch."""
        return replace(cls.m2(), style="inception-v3", normalize_sketch=True)

    def with_own_style(self) -> "StyleConfig":
        """The same structure with our own style encoder in the place of a published network."""
        return replace(self, style="own", style_digest="", style_map=self.has_map, style_width=self.style_shape[0])

    @property
    def has_map(self) -> bool:
        """Whether the style is a map."""
        return self.style == "inception-v3" or (self.style == "own" and self.style_map)

    @property
    def style_shape(self) -> tuple[int, ...]:
        """Of the style of one picture."""
        if self.style == "vgg19-fc1":
            return Vgg19Style.shape
        return InceptionStyle.shape if self.has_map else (self.style_width,)

    @property
    def levels(self) -> tuple[int, ...]:
        """Channels of the steps down, from full size to 1/16."""
        return tuple(self.width * 2**level for level in range(5))


class EncodedStyle(NamedTuple):
    """style: N×C or N×C×8×8; swatches: N×K×4, see `swatches_of`; weight: among other references."""

    style: Tensor
    swatches: Tensor
    weight: float


class Painted(NamedTuple):
    """picture, color: N×3×H×W and gray: N×1×H×W, in [-1, 1]; the guides are None where there are none."""

    picture: Tensor
    gray: Tensor | None
    color: Tensor | None


class StyleUNet(ReferenceNetwork[EncodedStyle]):
    """Line art and the style of whole pictures → colors. The guides are built for training only."""

    def __init__(self, config: StyleConfig, training_parts: bool = False) -> None:
        super().__init__()
        self.config = config
        self._published = _published(config)
        if self._published is not None:
            # A trained model is of no use without it: better told when it is opened than when it colors.
            self.register_load_state_dict_post_hook(_require_published)
        else:
            self.own_style = OwnStyle(config.style_shape, config.own_widths, config.own_side)
        self.down = _steps_down(config)
        # Where a map is as wide as the bottom, nothing stands between the two.
        self.bottom = Convolution(config.levels[-1], config.bottom, config.padding)
        self.spread = None if config.has_map else nn.Linear(config.style_shape[0], config.bottom)
        adain = config.bottom if config.injection == "adain" else 0
        self.embed = nn.Sequential(nn.Linear(config.style_shape[0], adain), nn.ReLU()) if adain else None
        self.up = _steps_up(config, adain)
        self.out = _last_step(config)
        if config.swatches:
            self.swatches = SwatchHead(2 * config.width, adain)
        if training_parts and config.guides:
            widths = [max(1, config.middle // 2**level) for level in range(5 if config.finest == 1 else 4)]
            self.gray_guide = GuideDecoder(config.levels[-1], widths, config.up, config.padding, config.finest)
            self.color_guide = GuideDecoder(config.middle, widths, config.up, config.padding, config.finest)

    @property
    def stride(self) -> int:
        """The bottom stands at 1/32."""
        return 32

    @property
    def style_network(self) -> StyleNetwork:
        """What looks at references."""
        return self._published if self._published is not None else cast(StyleNetwork, self.own_style)

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> EncodedStyle:
        """Its style; its lines do not matter."""
        swatches = swatches_of(picture, counted(picture, mask)[0], self.config.swatches)
        return EncodedStyle(self.style_network(picture, mask), swatches, 1.0)

    def weighted(self, encoded: EncodedStyle, weight: float) -> EncodedStyle:
        """Styles are averaged by these weights."""
        return encoded._replace(weight=encoded.weight * weight)

    def decode(self, sketch: Tensor, references: Sequence[EncodedStyle]) -> Tensor:
        """See `ReferenceNetwork.decode`."""
        return self._painted(sketch, references, guided=False).picture

    def paint(self, sketch: Tensor, references: Sequence[EncodedStyle]) -> Painted:
        """As `decode`, with what the guides make of the middle, if it has them."""
        return self._painted(sketch, references, guided=hasattr(self, "gray_guide"))

    def _painted(self, sketch: Tensor, references: Sequence[EncodedStyle], guided: bool) -> Painted:
        style = averaged([one.style for one in references], [one.weight for one in references])
        maps = self._looked_at(sketch)
        x = self.bottom(F.max_pool2d(maps[-1], 2))
        x = x + (_fitted(style, x) if self.spread is None else self.spread(style)[..., None, None])
        if self.config.rectified:
            x = F.relu(x)
        numbers = None if self.embed is None else self.embed(style)
        first, *others = self.up
        middle = x = first(x, numbers)
        for step, skip in zip(others, reversed(maps[-len(others) :]), strict=True):
            x = step(torch.cat([x, skip], 1), numbers)
        picture = self._finished(torch.cat([x, maps[0 if self.config.finest == 2 else 1]], 1), references, numbers)
        if not guided:
            return Painted(self._as_picture(picture), None, None)
        gray, color = self.gray_guide(maps[-1]), self.color_guide(middle)
        return Painted(self._as_picture(picture), gray_of(self._as_picture(gray)), self._as_picture(color))

    def _finished(self, x: Tensor, references: Sequence[EncodedStyle], numbers: Tensor | None) -> Tensor:
        """The last step; with swatches, what it paints is laid over their colors."""
        if not self.config.swatches or numbers is None:
            return self.out(x)
        seen = self.out[:-2](x)
        all_swatches = torch.cat([one.swatches for one in references], 1)
        colors = self.swatches(seen, all_swatches, priors(references), numbers)
        # In [0, 1] and at half the size, like the pixels that are unfolded.
        return self.out[-2:](seen) + F.interpolate(colors, scale_factor=2, mode="nearest") / 2.0 + 0.5

    def _looked_at(self, sketch: Tensor) -> list[Tensor]:
        """The last map of every step down, finest first."""
        x = sketch
        if self.config.sketch_channels == 3 or self.config.normalize_sketch:
            x = ((x + 1.0) / 2.0).expand(-1, self.config.sketch_channels, -1, -1)
            x = normalized(x) if self.config.normalize_sketch else x
        if self.config.finest == 2:
            x = F.pixel_unshuffle(x, 2)
        maps = []
        for number, step in enumerate(self.down):
            x = step(F.max_pool2d(x, 2) if number else x)
            maps.append(x)
        return maps

    def _as_picture(self, x: Tensor) -> Tensor:
        """From the range the network paints in, [0, 1] or normalized, to [-1, 1]."""
        return (denormalized(x) if self.config.normalize_sketch else x) * 2.0 - 1.0


def _require_published(network: nn.Module, _: object) -> None:
    published = network._published
    assert isinstance(published, PublishedStyle)
    published.file()


def _published(config: StyleConfig) -> PublishedStyle | None:
    if config.style == "own":
        return None
    kind = Vgg19Style if config.style == "vgg19-fc1" else InceptionStyle
    return kind(config.style_digest, config.normalize_style)


def _steps_down(config: StyleConfig) -> nn.ModuleList:
    """At full size (or not, where the finest maps stand at half), then at 1/2 … 1/16."""
    widths = config.levels if config.finest == 1 else config.levels[1:]
    inputs = (config.sketch_channels * config.finest**2, *widths)
    norm: Norm = "batch" if config.norm == "batch" else "none"
    return nn.ModuleList(
        down_step(one, other, norm, config.padding, config.rectified)
        for one, other in zip(inputs, widths, strict=False)
    )


def _steps_up(config: StyleConfig, adain: int) -> nn.ModuleList:
    """Out of the bottom to the middle at 1/16, then with the skips of 1/16, 1/8 and 1/4."""
    widths = (config.middle, *(config.width * factor for factor in (8, 4, 2)))
    inputs = (config.bottom, *(width + skip for width, skip in zip(widths, reversed(config.levels[2:]), strict=False)))
    return nn.ModuleList(
        UpStep(one, other, config.up, config.norm, config.padding, adain, config.rectified)
        for one, other in zip(inputs, widths, strict=True)
    )


def _last_step(config: StyleConfig) -> nn.Sequential:
    """With the skip of 1/2: to full size, or to pixels that are unfolded to it."""
    inputs, width = 4 * config.width, 4 * config.width
    between = [nn.BatchNorm2d(width)] if config.norm == "batch" else []
    if config.finest == 1:
        enlarge = nn.ConvTranspose2d(inputs, width, 2, 2)
        return nn.Sequential(
            enlarge, *between, nn.ReLU(), Convolution(width, width, config.padding), nn.Conv2d(width, 3, 1)
        )
    narrow = width // 2
    last = nn.Conv2d(narrow, 12, 1)
    if config.swatches:
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)  # type: ignore[arg-type]
    return nn.Sequential(
        Convolution(inputs, narrow, config.padding),
        nn.ReLU(),
        Convolution(narrow, narrow, config.padding),
        nn.ReLU(),
        last,
        nn.PixelShuffle(2),
    )


def priors(references: Sequence[EncodedStyle]) -> Tensor:
    """How likely each of all swatches is before anything is seen, as logarithms: K numbers.

    By the references' weights, such that the same reference given twice changes nothing.
    """
    total = sum(one.weight for one in references)
    return torch.cat([one.swatches.new_full((one.swatches.shape[1],), one.weight / total) for one in references]).log()


def _fitted(style: Tensor, x: Tensor) -> Tensor:
    """A style map at the size of the bottom."""
    if style.shape[2:] == x.shape[2:]:
        return style
    return F.interpolate(style, size=x.shape[2:], mode="bilinear", align_corners=False)

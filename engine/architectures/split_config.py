"""What a network that paints in steps is made of."""

from dataclasses import dataclass, replace
from typing import Literal

from engine.architectures.sga_generator import SGAConfig
from engine.diffusion.latent import FACTOR, LatentKind
from engine.diffusion.reference_encoder import STRIDE
from engine.typed_values import later

_MOST_WIDTH = 2048
_RANGES: dict[str, tuple[float, float]] = {
    "latent_channels": (1, 64), "res_blocks": (1, 8), "head": (4, 256), "token_side": (32, 2048),
    "encoder_layers": (1, 32), "figure_rank": (1, 256), "background_rank": (0.001, 0.999), "recovery_layers": (1, 32),
    "recovery_queries": (1, 4096), "side": (32, 2048), "steps": (1, 100), "guidance": (1.0, 15.0),
    "spread": (0.01, 1.0), "temperature": (0.0, 1.0), "sketch_threshold": (0.0, 1.0), "reference_threshold": (0.0, 1.0),
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
    the figure. prediction, zero_snr: see `engine.diffusion.sampler`; spread: how far latents are from their mean, or
    from the first look's guess where there is one, as what is diffused is what the guess lacks. side: pixels of the
    longer side at which it paints, the rest is the decoder's; steps, guidance: by default; temperature: of the noise
    that it begins with, below 1 for a network that has seen little: calmer, and seeds differ less. sketch_threshold,
    reference_threshold: above them a place is of the figure.
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
    spread: float = 1.0
    side: int = 192
    steps: int = 15
    guidance: float = 2.0
    temperature: float = later(1.0)
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
        if self.latent == "vae" and self.first_look is not None:
            raise ValueError("a first look guesses colors, which latents of a 'vae' are not")
        if self.prediction != "v" and self.spread != 1.0:
            raise ValueError("spread is 1 but for the prediction 'v'")

    @classmethod
    def tiny(cls) -> "SplitConfig":
        """Ours, for a desktop."""
        # The first look is as the one that ships. Painted at 128 pixels, over a guess that sees all of the drawing.
        return cls(first_look=replace(SGAConfig.compact(), temperature=80.0), spread=0.4, side=128, token_side=128)

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

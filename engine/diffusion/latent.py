"""Between pictures and the small pictures that are diffused: color *under* the lines, a quarter of the size a side.

The artist's own ink lies over it in the end, so a latent needs no lines; its decoder sees them, and lets colors end
there.
"""

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FACTOR = 4
MIDDLE, SPREAD = 0.5, 0.55  # of colors in [-1, 1] on mostly white paper: what is diffused should be about normal

LatentKind = Literal["pixels", "lines", "vae"]


class Latent(nn.Module):
    """`pixels`: means of 4×4 pixels, back by bilinear interpolation. `lines`: the same with a decoder that sees the
    lines. `vae`: with an encoder that learns, too (Kingma and Welling, "Auto-Encoding Variational Bayes", 2014)."""

    def __init__(self, kind: LatentKind, channels: int = 3) -> None:
        """channels: of a latent; 3 but for "vae"."""
        super().__init__()
        self.channels = channels if kind == "vae" else 3
        self.encoder = _Encoder(channels) if kind == "vae" else None
        self.decoder = None if kind == "pixels" else LineDecoder(self.channels)

    def encode(self, color: Tensor, noise: Tensor | None = None) -> Tensor:
        """N×3×H×W in [-1, 1] → N×C×H/4×W/4. noise: of that shape, for a draw in training; else the mean."""
        if self.encoder is None:
            return self.of_small(F.avg_pool2d(color, FACTOR))
        mean, deviation = self.moments(color)
        return mean if noise is None else mean + deviation * noise

    @staticmethod
    def of_small(color: Tensor) -> Tensor:
        """A picture of a latent's size, N×3×h×w in [-1, 1], as a latent of any kind but "vae"."""
        return (color - MIDDLE) / SPREAD

    def moments(self, color: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and deviation of the latents of a "vae"."""
        assert self.encoder is not None
        mean, log_variance = self.encoder(color).chunk(2, dim=1)
        return mean, torch.exp(0.5 * log_variance.clamp(-20.0, 10.0))

    def decode(self, latent: Tensor, line: Tensor) -> Tensor:
        """N×C×H/4×W/4 → N×3×H×W in [-1, 1]. line: the drawing's, N×1×H×W in [-1, 1]."""
        if self.decoder is not None:
            return self.decoder(latent, line)
        return _larger(_color(latent), (line.shape[2], line.shape[3])).clamp(-1.0, 1.0)

    def preview(self, latent: Tensor) -> Tensor:
        """How a latent looks, N×3×h×w in [-1, 1], without any work to speak of."""
        color = _color(latent) if self.encoder is None else torch.tanh(latent[:, :3])
        return color.clamp(-1.0, 1.0)


def _color(latent: Tensor) -> Tensor:
    return latent[:, :3] * SPREAD + MIDDLE


def _larger(picture: Tensor, size: tuple[int, int]) -> Tensor:
    return F.interpolate(picture, size=size, mode="bilinear", align_corners=False)


class _Encoder(nn.Sequential):
    """N×3×H×W → N×2C×H/4×W/4: mean and logarithm of the variance."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            nn.Conv2d(3, 32, 3, padding=1), nn.SiLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1), nn.SiLU(),
            nn.Conv2d(64, 64, 3, stride=2, padding=1), nn.SiLU(),
            nn.Conv2d(64, 2 * channels, 3, padding=1),
        )  # fmt: skip


class LineDecoder(nn.Module):
    """A latent and the drawing's lines → color that ends at the lines: bilinear interpolation and what corrects it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.base = nn.Conv2d(channels, 3, 1)
        with torch.no_grad():
            self.base.weight.copy_(torch.eye(3, channels)[..., None, None] * SPREAD)
            self.base.bias.fill_(MIDDLE)  # type: ignore[union-attr]
        self.coarse = _block(channels + FACTOR**2, 64, 3)
        self.middle = _block(32 + 4, 32, 2)
        self.fine = _block(16 + 1, 16, 1)
        self.up = nn.ModuleList([nn.Conv2d(64, 32 * 4, 1), nn.Conv2d(32, 16 * 4, 1)])
        self.out = nn.Conv2d(16, 3, 3, padding=1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)  # type: ignore[arg-type]

    def forward(self, latent: Tensor, line: Tensor) -> Tensor:
        """See `Latent.decode`; its result may be a little beyond [-1, 1] while it learns."""
        x = self.coarse(torch.cat([latent, F.pixel_unshuffle(line, 4)], dim=1))
        x = F.pixel_shuffle(self.up[0](x), 2)
        x = self.middle(torch.cat([x, F.pixel_unshuffle(line, 2)], dim=1))
        x = F.pixel_shuffle(self.up[1](x), 2)
        x = self.fine(torch.cat([x, line], dim=1))
        color = _larger(self.base(latent), (line.shape[2], line.shape[3])) + self.out(x)
        return color if self.training else color.clamp(-1.0, 1.0)


def _block(inputs: int, width: int, convolutions: int) -> nn.Sequential:
    steps: list[nn.Module] = []
    for number in range(convolutions):
        steps += [nn.Conv2d(inputs if number == 0 else width, width, 3, padding=1), nn.SiLU()]
    return nn.Sequential(*steps)

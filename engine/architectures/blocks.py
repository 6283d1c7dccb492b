"""Convolution blocks shared by encoders, decoders and residual stages."""

import torch
from torch import Tensor, nn

LEAK = 0.2  # negative slope of every leaky ReLU, as in the paper


class ConvBlock(nn.Sequential):
    """3×3 convolution, batch normalisation, leaky ReLU: N×C_in×H×W → N×C_out×⌈H/stride⌉×⌈W/stride⌉."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1),
            nn.BatchNorm2d(outputs),
            nn.LeakyReLU(LEAK),
        )


class ResidualBlock(nn.Module):
    """Two normalised 3×3 convolutions beside an identity: N×C×H×W → the same shape."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1),
            nn.BatchNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Add what the two convolutions found to `x`."""
        return x + self.body(x)


class ResidualStage(nn.Module):
    """Residual blocks in a row with one outer shortcut (the paper uses four)."""

    def __init__(self, width: int, blocks: int = 4) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(blocks)))

    def forward(self, x: Tensor) -> Tensor:
        """N×C×H×W → the same shape."""
        return x + self.blocks(x)


def tokens_of(feature_map: Tensor) -> Tensor:
    """N×C×H×W → N×(H·W)×C, row by row."""
    return feature_map.flatten(2).transpose(1, 2)


def map_of(tokens: Tensor, size: tuple[int, int]) -> Tensor:
    """N×(H·W)×C → N×C×H×W, channels last in memory as the convolutions around it like it."""
    batch, _, width = tokens.shape
    shape = (batch, width, *size)
    return tokens.transpose(1, 2).reshape(shape).contiguous(memory_format=torch.channels_last)

"""What judges the keyframe networks while they learn: frames one by one, and clips. Nobody needs them to color.

Shi et al.: "Deep Line Art Video Colorization with a Few References", arXiv 2003.10685, 2020. The one of clips is made
of gated temporal shifts, as in Chang et al., BMVC 2019.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.architectures.blocks import LEAK
from engine.architectures.temporal_shift import GatedShiftConv, convolution

PICTURE_WIDTHS = (64, 128, 256, 512)
CLIP_WIDTHS = (64, 128, 256, 256, 256)


class PictureDiscriminator(nn.Module):
    """Scores for patches of a frame and its line art: convolutions of stride 2, spectrally normalized."""

    def __init__(self, widths: Sequence[int] = PICTURE_WIDTHS) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((4, *widths), widths, strict=False):
            layers += [convolution(inputs, outputs, stride=2, spectral=True), nn.LeakyReLU(LEAK)]
        self.layers = nn.Sequential(*layers, convolution(widths[-1], 1, stride=2, spectral=True))

    def forward(self, color: Tensor, line: Tensor) -> Tensor:
        """color N×3×H×W and line N×1×H×W, in [-1, 1] → N×1×h×w float32, above 0 for drawn.

        See `PatchDiscriminator.forward` on why always in float32.
        """
        with torch.autocast(color.device.type, enabled=False):
            return self.layers(torch.cat([color.float(), line.float()], dim=1))


class ClipDiscriminator(nn.Module):
    """Scores for patches of a clip: gated, shifted 5×5 convolutions of stride 2, and one score at each place."""

    def __init__(self, widths: Sequence[int] = CLIP_WIDTHS) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(
                GatedShiftConv(inputs, outputs, 5, 2, spectral=True)
                for inputs, outputs in zip((4, *widths), widths, strict=False)
            )
        )
        self.score = convolution(widths[-1], 1, 1, spectral=True)

    def forward(self, frames: Tensor) -> Tensor:
        """N×T×4×H×W in [-1, 1], color before line → N·T×1×h×w float32, above 0 for drawn."""
        with torch.autocast(frames.device.type, enabled=False):
            return self.score(self.layers(frames.float()).flatten(0, 1))


class KeyframeDiscriminators(nn.Module):
    """Both, so that a run keeps them together; each learns while what it judges does."""

    def __init__(self, picture_widths: Sequence[int], clip_widths: Sequence[int], *, clips: bool) -> None:
        """clips: whether there is a temporal network to judge."""
        super().__init__()
        self.pictures = PictureDiscriminator(picture_widths)
        self.clips = ClipDiscriminator(clip_widths) if clips else None

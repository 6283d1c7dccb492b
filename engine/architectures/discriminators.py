"""The network that tells colored drawings from drawn ones while a generator trains; nobody needs it to color."""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.architectures.blocks import LEAK

WIDTHS = (16, 32, 64, 128)


class PatchDiscriminator(nn.Module):
    """Scores for overlapping patches: Isola et al., CVPR 2017, in the size of Li et al., ECCV 2022 (0.10 M weights).

    Five 3×3 convolutions, the first four with stride 2 and leaky ReLU. All are spectrally normalized (Miyato et al.,
    ICLR 2018), which bounds the slope of the scores. The paper's published code has batch normalization as well; here
    there is none, so that what a picture scores does not depend on the others of its batch, nor on how many devices a
    batch is shared by.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((4, *WIDTHS), WIDTHS, strict=False):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 3, stride=2, padding=1)), nn.LeakyReLU(LEAK)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 3, padding=1)))

    def forward(self, color: Tensor, line: Tensor) -> Tensor:
        """color N×3×H×W and line N×1×H×W, in [-1, 1] → N×1×⌈H/16⌉×⌈W/16⌉ float32, 1 for drawn and 0 for colored.

        Always computed in float32: it is a hundredth of a generator's work, and the power iterations behind the
        spectral norms would not come to rest in half precision.
        """
        with torch.autocast(color.device.type, enabled=False):
            return self.layers(torch.cat([color.float(), line.float()], dim=1))

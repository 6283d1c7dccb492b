"""Line art → maps that are added to the running activation of the denoiser, behind zero-initialised 1×1 convolutions.

The stack of the published code of arXiv 2502.19937 (as facts: widths and strides), in any width.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F


def zero_convolution(inputs: int, outputs: int) -> nn.Conv2d:
    """1×1, zero at birth, so that training begins without it."""
    convolution = nn.Conv2d(inputs, outputs, 1)
    nn.init.zeros_(convolution.weight)
    assert convolution.bias is not None
    nn.init.zeros_(convolution.bias)
    return convolution


class SketchEncoder(nn.Module):
    """Line art N×1×H×W, -1 ink and 1 paper, → one map for each of `shapes`.

    Inside lines are bright and no sketch is -1 everywhere. Convolutions with SiLU to the latent's scale, then a step
    for each further map: two convolutions, the first with stride 2 where the map is coarser than the one before.
    """

    def __init__(self, width: int, shapes: Sequence[tuple[int, int]], factor: int) -> None:
        """width: channels of the latent's scale, with 3/10 and 1/10 (twice 1/20) of it on the way there.

        shapes: channels of each map and latent pixels for each of its own; factor: pixels for each latent pixel.
        """
        super().__init__()
        stem = [nn.Conv2d(1, max(1, width // 20), 3, padding=1), nn.SiLU()]
        inputs = max(1, width // 20)
        for step, share in enumerate((0.1, 0.3, 0.8)[-max(0, factor.bit_length() - 1) :]):
            outputs = max(1, round(width * share))
            stem += [nn.Conv2d(inputs, inputs, 3, padding=1), nn.SiLU()] if step else []
            stem += [nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), nn.SiLU()]
            inputs = outputs
        self.stem = nn.Sequential(*stem, nn.Conv2d(inputs, width, 3, padding=1))
        self.steps, self.outs = nn.ModuleList(), nn.ModuleList()
        inputs, scale = width, 1
        for number, (channels, wanted) in enumerate(shapes):
            if number:
                first = nn.Conv2d(inputs, channels, 3, stride=wanted // scale, padding=1)
                self.steps.append(
                    nn.Sequential(nn.SiLU(), first, nn.SiLU(), nn.Conv2d(channels, channels, 3, padding=1))
                )
                inputs, scale = channels, wanted
            self.outs.append(zero_convolution(inputs, channels))

    def forward(self, line: Tensor) -> list[Tensor]:
        """The maps, finest first."""
        x = self.stem(-line)
        maps = [self.outs[0](x)]
        for step, out in zip(self.steps, self.outs[1:], strict=True):
            x = step(x)
            maps.append(out(x))
        return maps


class PyramidMaps(nn.Module):
    """The same from feature maps that another network has of the line art already, one for each stride."""

    def __init__(self, widths: dict[int, int], shapes: Sequence[tuple[int, int]], factor: int) -> None:
        """widths: channels by pixels for each of the features'. A map takes the features of its own scale and of the
        coarsest, which sees whole limbs."""
        super().__init__()
        self.strides = [factor * scale for _, scale in shapes]
        self.coarsest = max(widths)
        self.outs = nn.ModuleList(
            zero_convolution(widths[stride], channels)
            for stride, (channels, _) in zip(self.strides, shapes, strict=True)
        )
        self.wide = nn.ModuleList(zero_convolution(widths[self.coarsest], channels) for channels, _ in shapes)

    def forward(self, features: dict[int, Tensor]) -> list[Tensor]:
        """features: N×C×h×w by stride."""
        maps = []
        for stride, out, wide in zip(self.strides, self.outs, self.wide, strict=True):
            own = out(features[stride])
            far = wide(features[self.coarsest])
            maps.append(own + F.interpolate(far, size=own.shape[2:], mode="bilinear", align_corners=False))
        return maps

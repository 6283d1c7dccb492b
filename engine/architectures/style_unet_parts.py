"""Steps of the residual U-Net and its guide decoders: Zhang, Ji, Lin, ACPR 2017."""

from collections.abc import Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.style_vectors import to_lab

Norm = Literal["none", "batch", "instance"]
Up = Literal["convt", "nearest"]
Padding = Literal["reflect", "zeros"]


class Convolution(nn.Conv2d):
    """A 3×3 convolution that keeps the size; reflection at the edges also of maps that are one pixel wide or high."""

    def __init__(self, inputs: int, outputs: int, padding: Padding) -> None:
        super().__init__(inputs, outputs, 3, padding=1, padding_mode=padding)

    def forward(self, input: Tensor) -> Tensor:
        """N×inputs×H×W → N×outputs×H×W."""
        if self.padding_mode == "zeros" or min(input.shape[2:]) > 1:
            return super().forward(input)
        # There is nothing to reflect in a single row or column.
        return F.conv2d(F.pad(input, (1, 1, 1, 1), mode="replicate"), self.weight, self.bias)


def down_step(inputs: int, width: int, norm: Norm, padding: Padding, rectified: bool) -> nn.Sequential:
    """Two convolutions, a ReLU between them and, where `rectified`, one after them."""
    between = [nn.BatchNorm2d(width)] if norm == "batch" else []
    after = [nn.ReLU()] if rectified else []
    return nn.Sequential(
        Convolution(inputs, width, padding), *between, nn.ReLU(), Convolution(width, width, padding), *after
    )


class Adain(nn.Module):
    """Adaptive instance normalization: mean and deviation of every channel are the style's.

    Huang, Belongie: "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", ICCV 2017.
    """

    def __init__(self, width: int, style_width: int) -> None:
        super().__init__()
        self.width = width
        self.numbers = nn.Linear(style_width, 2 * width)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        """x: N×width×H×W of more than one pixel; style: N×style_width."""
        scale, shift = self.numbers(style)[..., None, None].split(self.width, dim=1)
        return F.instance_norm(x) * (1.0 + scale) + shift


class UpStep(nn.Module):
    """To twice the size, then a convolution.

    convt: a transposed 2×2 convolution. nearest: a 1×1 convolution, and every pixel four times, which costs the same
    and leaves no checkerboard. Without AdaIN, norm and ReLU stand between the two; with it also after the second.
    """

    def __init__(
        self, inputs: int, width: int, up: Up, norm: Norm, padding: Padding, adain: int = 0, rectified: bool = False
    ) -> None:
        """adain: numbers of the style vector that normalizes, 0 for none. rectified: a ReLU after the second, too."""
        super().__init__()
        self.enlarge: nn.Module = (
            nn.ConvTranspose2d(inputs, width, 2, 2)
            if up == "convt"
            else nn.Sequential(nn.Conv2d(inputs, width, 1), nn.Upsample(scale_factor=2, mode="nearest"))
        )
        self.convolution = Convolution(width, width, padding)
        plain: dict[Norm, type[nn.Module]] = {"batch": nn.BatchNorm2d, "instance": nn.InstanceNorm2d}
        normalize = plain[norm](width) if norm != "none" and not adain else nn.Identity()
        self.normalize = normalize
        self.styles = nn.ModuleList(Adain(width, adain) for _ in range(2 if adain else 0))
        self.rectified = rectified

    def forward(self, x: Tensor, style: Tensor | None) -> Tensor:
        """x: N×inputs×h×w; style: N×adain, for AdaIN alone. Returns N×width×2h×2w."""
        x = self.enlarge(x)
        if not self.styles or style is None:
            x = self.convolution(F.relu(self.normalize(x)))
        else:
            first, second = self.styles
            x = second(self.convolution(F.relu(first(x, style))), style)
        return F.relu(x) if self.rectified else x


class GuideDecoder(nn.Module):
    """A convolution, transposed ones up to the picture's size and a 1×1 convolution, with no activation inside.

    It is thrown away after the training: what stands before it learns by a loss of its own, for skips may leave the
    middle of a U-Net without work. (In a form that enlarges by repeating pixels it is one linear map a block.)
    """

    def __init__(self, inputs: int, widths: Sequence[int], up: Up, padding: Padding, finest: int) -> None:
        """widths: of the first convolution, then after each doubling. finest: side of the pixels that the last has."""
        super().__init__()
        layers: list[nn.Module] = [Convolution(inputs, widths[0], padding)]
        for width, wider in zip(widths[1:], widths, strict=False):
            if up == "convt":
                layers.append(nn.ConvTranspose2d(wider, width, 2, 2))
            else:
                layers += [nn.Conv2d(wider, width, 1), nn.Upsample(scale_factor=2, mode="nearest")]
        self.layers = nn.Sequential(*layers, nn.Conv2d(widths[-1], 3 * finest**2, 1), nn.PixelShuffle(finest))

    def forward(self, x: Tensor) -> Tensor:
        """N×inputs×h×w → N×3×H×W."""
        return self.layers(x)


class SwatchHead(nn.Module):
    """Every place takes its color from the swatches of the references, from paper or from ink: it need not mix them.

    Ours. What lines look like, and the whole style, decide which one.
    """

    WIDTH, FEATURES = 32, 7  # of the compared vectors; of what is told of a swatch: CIELAB, share, what it is

    def __init__(self, inputs: int, style_width: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(inputs, self.WIDTH, 1)
        self.context = nn.Linear(style_width, 2 * self.WIDTH)
        self.swatch = nn.Linear(self.FEATURES, 2 * self.WIDTH)
        self.key = nn.Linear(2 * self.WIDTH, self.WIDTH + 1)

    def forward(self, x: Tensor, swatches: Tensor, priors: Tensor, style: Tensor) -> Tensor:
        """x: N×inputs×h×w; swatches: N×K×4, see `style_vectors.swatches_of`; priors: K logarithms; style:
        N×style_width. Returns N×3×h×w."""
        fixed = swatches.new_tensor([[1.0, 1.0, 1.0, 0.0], [-1.0, -1.0, -1.0, 0.0]])
        all_of_them = torch.cat([swatches, fixed.expand(len(swatches), 2, 4)], 1)
        colors, share = all_of_them[..., :3], all_of_them[..., 3:]
        count = swatches.shape[1]
        kind = F.one_hot(torch.tensor([0] * count + [1, 2], device=x.device), 3).to(x.dtype)
        lab = to_lab(colors.transpose(1, 2)[..., None])[..., 0].transpose(1, 2) / 50.0
        told = torch.cat([lab, share.sqrt(), kind.expand(len(swatches), -1, -1)], 2)
        key, bias = self.key(F.relu(self.swatch(told) + self.context(style)[:, None])).split((self.WIDTH, 1), dim=2)
        bias = bias[..., 0] + F.pad(priors, (0, 2))
        fit = torch.einsum("nchw,nkc->nkhw", self.query(x), key) / self.WIDTH**0.5 + bias[..., None, None]
        missing = (share <= 0.0) & (kind[:, :1] > 0.0)
        chosen = fit.masked_fill(missing[..., None], -torch.inf).softmax(1)
        return torch.einsum("nkhw,nkc->nchw", chosen, colors)


def gray_of(picture: Tensor) -> Tensor:
    """N×3×H×W → N×1×H×W, the mean over the channels."""
    return picture.mean(dim=1, keepdim=True)


def averaged(values: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    """The weighted mean of tensors of one shape."""
    total = sum(weights)
    return torch.stack([one * (weight / total) for one, weight in zip(values, weights, strict=True)]).sum(0)

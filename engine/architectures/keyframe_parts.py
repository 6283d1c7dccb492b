"""Parts of the network that colors a frame from colored key frames.

Shi, Zhang, Chen, Gao, Lai, Zhang: "Deep Line Art Video Colorization with a Few References", arXiv 2003.10685, 2020.
Its two public rebuilds differ, and both multiply the matching matrix the wrong way round; what holds here is that for
each place of the drawing the shares of all places of all key frames sum to 1.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.architectures.blocks import map_of, tokens_of
from engine.architectures.fusion.attention import attend
from engine.architectures.temporal_shift import convolution
from engine.line_art.distance import distance_field

STRIDE = 4  # pixels for each place of the maps
_INK = 1.0 / 12.0  # share of the ink itself in a distance plane, so that gray lines are told from black ones
_FLAT = 1e-5  # variance below which a map counts as flat


class Key(NamedTuple):
    """What the similarity layer compares and takes of a key frame, N×C×h×w each.

    keys: what is compared, of N×key width×h×w. drawn: what the gates see. colors: what is taken. picture: N×3×h×w.
    """

    keys: Tensor
    drawn: Tensor
    colors: Tensor
    picture: Tensor


@torch.no_grad()
def distance_planes(line: Tensor) -> Tensor:
    """How far the next line is: line art N×1×H×W in [-1, 1], -1 ink, to N×1×H×W in [-1, 1].

    See `distance_field`; made on the CPU, as it is exact.
    """
    inks = (line.detach().float().cpu().numpy()[:, 0] + 1.0) / 2.0
    fields = np.stack([(1.0 - _INK) * distance_field(np.ascontiguousarray(ink)) + _INK * ink for ink in inks])
    planes = torch.from_numpy(fields * 2.0 - 1.0)[:, None].to(line.dtype)
    return planes.to(line.device)


class PlaneEncoder(nn.Sequential):
    """Three convolutions, two of them of stride 2: N×inputs×H×W → N×widths[-1]×H/4×W/4.

    No normalization of the maps: it would take from a flat key frame the very colors that are wanted of it.
    """

    def __init__(self, inputs: int, widths: Sequence[int], *, spectral: bool) -> None:
        layers: list[nn.Module] = []
        for number, (before, width) in enumerate(zip((inputs, *widths), widths, strict=False)):
            layers += [convolution(before, width, stride=2 if number else 1, spectral=spectral), nn.ReLU()]
        super().__init__(*layers)


class SimilarityTransfer(nn.Module):
    """Takes colors from where key frames are drawn alike, and from where they stand, and mixes both.

    With m_k and n_k gates, of the key frames k: f_k = m_k · Y_k; f_mat = softmax(Q Kᵀ) (f_1, f_2 …), over all places of
    all key frames; f_sim = the mean over k of n_k · f_k + (1 - n_k) · f_mat.
    """

    def __init__(self, width: int, compared: int, key_width: int, *, cosine: bool, temperature: float) -> None:
        """width: of drawn and color maps. compared: channels of the maps that are compared, after a 1×1 convolution to
        `key_width`. cosine: whether they count by their direction alone; temperature: what products are multiplied by.
        """
        super().__init__()
        self.cosine, self.temperature = cosine, temperature
        self.key = nn.Conv2d(compared, key_width, 1)
        self.value = nn.Conv2d(width, key_width, 1)
        self.back = nn.Conv2d(key_width, width, 1)
        self.choose = nn.Conv2d(2 * width, width, 3, padding=1)
        self.mix = nn.Conv2d(2 * width, width, 3, padding=1)

    def keys_of(self, compared: Tensor) -> Tensor:
        """N×compared×h×w → N×key width×h×w."""
        keys = self.key(compared)
        return F.normalize(keys, dim=1) if self.cosine else keys

    def matched(self, queries: Tensor, keys: Sequence[Tensor], values: Sequence[Tensor]) -> Tensor:
        """softmax(Q Kᵀ) V over all places of all key frames; maps N×C×h×w, those of the key frames of any size."""
        rows = [torch.cat([tokens_of(one) for one in maps], dim=1) for maps in (keys, values)]
        taken = attend(
            tokens_of(queries), *rows, scale=self.temperature, double_normalization=False, stop_gradient=False
        )
        return map_of(taken, (queries.shape[2], queries.shape[3]))

    def forward(self, queries: Tensor, drawn: Tensor, keys: Sequence[Key]) -> tuple[Tensor, Tensor]:
        """queries: N×key width×h×w of the drawing; drawn: N×width×h×w, what its gates see.

        Returns N×width×h×w, and N×3×h×w: the key frames' own pictures, taken and mixed in the same way.
        """
        chosen, mixed = [], []
        for one in keys:
            here = torch.cat([_fitted(drawn, one.drawn), one.drawn], dim=1)
            chosen.append(self.choose(here).sigmoid() * one.colors)
            there = torch.cat([drawn, _fitted(one.drawn, drawn)], dim=1)
            mixed.append(self.mix(there).sigmoid())
        values = [torch.cat([self.value(f), one.picture], dim=1) for f, one in zip(chosen, keys, strict=True)]
        taken = self.matched(queries, [one.keys for one in keys], values)
        colors, picture = self.back(taken[:, :-3]), taken[:, -3:]
        found, pictures = [], []
        for n, f, one in zip(mixed, chosen, keys, strict=True):
            found.append(n * _fitted(f, drawn) + (1.0 - n) * colors)
            share = n.mean(dim=1, keepdim=True)
            pictures.append(share * _fitted(one.picture, drawn) + (1.0 - share) * picture)
        return torch.stack(found).mean(dim=0), torch.stack(pictures).mean(dim=0)


def standing(keys: Sequence[Key], drawn: Tensor) -> tuple[Tensor, Tensor]:
    """Colors and pictures of the key frames where they stand: what is left without the similarity layer."""
    found = [_fitted(one.colors, drawn) for one in keys]
    pictures = [_fitted(one.picture, drawn) for one in keys]
    return torch.stack(found).mean(dim=0), torch.stack(pictures).mean(dim=0)


class StyleEmbedder(nn.Module):
    """What a key frame looks like as a whole: N×4×H×W, color and line, to N×widths[-1]."""

    def __init__(self, widths: Sequence[int], *, spectral: bool) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for number, (before, width) in enumerate(zip((4, *widths), widths, strict=False)):
            layers += [convolution(before, width, stride=2 if number else 1, spectral=spectral), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward(self, picture: Tensor) -> Tensor:
        """See the class."""
        return self.layers(picture).mean(dim=(2, 3))


class AdaINBlock(nn.Module):
    """1×1, 3×3 and 1×1 convolutions beside an identity, each with the mean and deviation of the style and a ReLU."""

    def __init__(self, width: int, *, spectral: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(convolution(width, width, size, spectral=spectral) for size in (1, 3, 1))

    def forward(self, x: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
        """x: N×width×h×w; mean, deviation: N×width."""
        y = x
        for layer in self.layers:
            y = F.relu(adain(layer(y), mean, deviation))
        return x + y


def adain(x: Tensor, mean: Tensor, deviation: Tensor) -> Tensor:
    """N×C×h×w with the mean and deviation N×C; a map that is flat, or of one pixel, becomes the mean.

    Huang, Belongie: "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", ICCV 2017.
    """
    numbers = x.float()
    variance, own = torch.var_mean(numbers, dim=(2, 3), keepdim=True, correction=0)
    whitened = (numbers - own) * (variance + _FLAT).rsqrt()
    return (whitened * deviation[..., None, None] + mean[..., None, None]).to(x.dtype)


class PictureDecoder(nn.Module):
    """N×widths[-1]×h×w → N×3×4h×4w: a convolution, and one after each of two doublings, then the colors."""

    def __init__(self, widths: Sequence[int], *, spectral: bool) -> None:
        super().__init__()
        finest, middle, coarsest = widths
        self.first = convolution(coarsest, coarsest, spectral=spectral)
        self.second = convolution(coarsest, middle, spectral=spectral)
        self.third = convolution(middle, finest, spectral=spectral)
        # No bound at the end: paper is white, the very edge of what a sigmoid could reach.
        self.out = convolution(finest, 3, spectral=False)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        x = F.relu(self.first(x))
        for layer in (self.second, self.third):
            x = F.relu(layer(F.interpolate(x, scale_factor=2.0, mode="nearest")))
        return self.out(x)


def _fitted(x: Tensor, like: Tensor) -> Tensor:
    """Two dimensions of `x` as those of `like`."""
    if x.shape[2:] == like.shape[2:]:
        return x
    return F.interpolate(x, size=like.shape[2:], mode="bilinear", align_corners=False)

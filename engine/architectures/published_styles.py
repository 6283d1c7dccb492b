"""Style by published networks, where their files lie on this computer: VGG19's fc1, Inception v3's last maps.

Simonyan, Zisserman: "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR 2015. Szegedy et al.:
"Rethinking the Inception Architecture for Computer Vision", CVPR 2016. Both as torchvision publishes their weights.
"""

import importlib.util
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine import weight_files
from engine.errors import CheckpointError

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's pictures


class PublishedStyle(ABC):
    """A network that is read from its file when it is first needed, and never learns.

    No module, so that neither its weights get into checkpoints nor into averages; a copy shares them.
    """

    what: ClassVar[str]
    names: ClassVar[tuple[str, ...]]
    digest: ClassVar[str]
    shape: tuple[int, ...]

    def __init__(self, digest: str, normalize: bool) -> None:
        """digest: SHA-256 of the file, empty for the published one. normalize: by ImageNet's mean and deviation."""
        self.wanted = digest or self.digest
        self.normalize = normalize
        self._network: nn.Module | None = None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def file(self) -> Path:
        """Where its weights lie. Raises CheckpointError, one sentence, where they do not."""
        return weight_files.find(self.names, self.wanted, self.what, CheckpointError)

    @torch.no_grad()
    def __call__(self, pictures: Tensor, mask: Tensor | None) -> Tensor:
        """See `StyleNetwork`; what the mask leaves out becomes paper."""
        if self._network is None:
            self._network = self._loaded()
        if mask is not None:
            pictures = 1.0 + (pictures - 1.0) * mask
        x = (self.fitted(pictures.float()) + 1.0) / 2.0
        if self.normalize:
            x = normalized(x)
        with torch.autocast(pictures.device.type, enabled=False):
            return self.look(self._network.to(pictures.device), x)

    def _loaded(self) -> nn.Module:
        path = self.file()
        try:
            weights = torch.load(path, map_location="cpu", weights_only=True)
            return self.build(weights).eval().requires_grad_(False)
        except (RuntimeError, KeyError, TypeError, ValueError, AttributeError, EOFError) as error:
            raise CheckpointError(
                "The {0} weights {1} do not fit ({2}): the whole published network is needed, not its features alone.",
                self.what,
                path,
                weight_files.first_line(error),
            ) from error

    @abstractmethod
    def fitted(self, pictures: Tensor) -> Tensor:
        """Pictures in [-1, 1] in the size the network wants."""

    @abstractmethod
    def build(self, weights: Any) -> nn.Module:
        """The network with these weights."""

    @abstractmethod
    def look(self, network: nn.Module, pictures: Tensor) -> Tensor:
        """N×`shape`."""


class Vgg19Style(PublishedStyle):
    """The 4096 numbers of VGG19's first fully connected layer, before its ReLU; pictures fitted to 224 on paper."""

    what = "VGG19"
    names = ("vgg19-dcbb9e9d.pth",)
    digest = "dcbb9e9d"
    shape = (4096,)
    side = 224
    widths = (64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0)  # 0: pool

    def fitted(self, pictures: Tensor) -> Tensor:
        """The longer side at 224, paper around."""
        height, width = pictures.shape[2:]
        factor = self.side / max(height, width)
        size = max(1, round(height * factor)), max(1, round(width * factor))
        small = F.interpolate(pictures, size=size, mode="bilinear", align_corners=False, antialias=True)
        down, across = self.side - size[0], self.side - size[1]
        return F.pad(small, (across // 2, across - across // 2, down // 2, down - down // 2), value=1.0)

    def build(self, weights: Any) -> nn.Module:
        """Its convolutions and fc1; the classifier behind is left out."""
        layers: list[nn.Module] = []
        inputs = 3
        for width in self.widths:
            if not width:
                layers.append(nn.MaxPool2d(2))
                continue
            layers += [nn.utils.skip_init(nn.Conv2d, inputs, width, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = width
        fc1 = nn.utils.skip_init(nn.Linear, inputs * 7 * 7, self.shape[0])
        network = nn.Sequential(nn.Sequential(*layers), nn.AdaptiveAvgPool2d(7), nn.Flatten(), fc1)
        renamed = {name.replace("features.", "0."): value for name, value in weights.items() if "features." in name}
        renamed |= {f"3.{kind}": weights[f"classifier.0.{kind}"] for kind in ("weight", "bias")}
        network.load_state_dict(renamed)
        return network

    def look(self, network: nn.Module, pictures: Tensor) -> Tensor:
        """N×4096."""
        return network(pictures)


class InceptionStyle(PublishedStyle):
    """Inception v3's last maps, 2048×8×8; pictures of up to 299 pixels are reflected up to that, larger ones shrunk."""

    what = "Inception v3"
    names = ("inception_v3_google-0cc3c7bd.pth",)
    digest = "0cc3c7bd"
    shape = (2048, 8, 8)
    side = 299

    def fitted(self, pictures: Tensor) -> Tensor:
        """299×299."""
        factor = self.side / max(pictures.shape[2:])
        if factor < 1.0:
            size = tuple(max(1, round(side * factor)) for side in pictures.shape[2:])
            pictures = F.interpolate(pictures, size=size, mode="bilinear", align_corners=False, antialias=True)
        return reflected(pictures, self.side)

    def build(self, weights: Any) -> nn.Module:
        """torchvision's layers."""
        if importlib.util.find_spec("torchvision") is None:
            raise CheckpointError("Inception v3 needs torchvision: install it with 'uv sync --extra train'.")
        from torchvision.models import Inception3

        network = Inception3(num_classes=1000, aux_logits=True, transform_input=False, init_weights=False, dropout=0.0)
        network.load_state_dict(weights)
        network.avgpool = network.fc = nn.Identity()  # type: ignore[assignment]
        return network

    def look(self, network: nn.Module, pictures: Tensor) -> Tensor:
        """N×2048×8×8."""
        return network(pictures).unflatten(1, self.shape)


def reflected(pictures: Tensor, side: int) -> Tensor:
    """Pictures in the middle of side × side, mirrored at their edges as often as it takes."""
    while (missing := (side - pictures.shape[2], side - pictures.shape[3])) != (0, 0):
        edges = []
        for gap, length in ((missing[1], pictures.shape[3]), (missing[0], pictures.shape[2])):
            edges += [min(gap // 2, length - 1), min(gap - gap // 2, length - 1)]
        if not any(edges):  # a single row or column has no mirror image
            return F.interpolate(pictures, size=(side, side))
        pictures = F.pad(pictures, tuple(edges), mode="reflect")
    return pictures


def normalized(pictures: Tensor) -> Tensor:
    """Pictures in [0, 1] by ImageNet's mean and deviation."""
    mean, deviation = (pictures.new_tensor(numbers).view(1, 3, 1, 1) for numbers in (MEAN, DEVIATION))
    return (pictures - mean) / deviation


def denormalized(pictures: Tensor) -> Tensor:
    """The way back from `normalized`."""
    mean, deviation = (pictures.new_tensor(numbers).view(1, 3, 1, 1) for numbers in (MEAN, DEVIATION))
    return pictures * deviation + mean

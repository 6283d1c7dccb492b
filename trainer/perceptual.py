"""What two pictures look like to layers of VGG19: the perceptual and the style loss.

Johnson et al.: "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", ECCV 2016, with the features
after relu1_2 and relu2_2 as in Li et al., ECCV 2022, Eq. 3 and 4.

The published weights are half a gigabyte that a computer without them may not be able to fetch, so there is a stand-in:
the same four convolutions with fixed random filters. Textures and likeness can be told by untrained networks nearly as
well (Ustyuzhaninov et al.: "What does it take to generate natural textures?", ICLR 2017; He et al.: "A Powerful
Generative Model Using Random Weights for the Deep Image Representation", NeurIPS 2016). A recipe may ask for the first
of each of the five groups of layers instead (relu1_1 to relu5_1), which takes three times as long. What a network was
trained with is part of its `name`, because losses of one kind cannot be compared with losses of the other.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from engine.errors import TrainingError
from engine.weight_files import first_line, sha256_of
from trainer import extras

PUBLISHED = "vgg19-dcbb9e9d.pth"  # torchvision's; the file is named after the first digits of its SHA-256
PUBLISHED_DIGEST = "dcbb9e9d"
PUBLISHED_NAME = "vgg19-imagenet"
SEED = 20220713
EDGES = 48  # of the seeded network's 64 first filters, see `_seeded_weights`
_GROUPS = ((64, 64), (128, 128), (256, 256, 256, 256), (512, 512, 512, 512), (512,))  # a pooling between any two
_SHALLOW, _DEEP = (3, 8), (1, 6, 11, 20, 29)  # relu1_2 and relu2_2, or relu1_1 to relu5_1, among the layers


def _convolutions(outputs: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Place among the layers → (outputs, inputs) of the convolutions before the last of these places."""
    found, place, inputs = dict[int, tuple[int, int]](), 0, 3
    for group in _GROUPS:
        for width in group:
            found[place] = width, inputs
            place, inputs = place + 2, width
        place += 1
    return {place: shape for place, shape in found.items() if place < outputs[-1]}


def _names(outputs: Sequence[int]) -> list[str]:
    return [f"features.{place}.{kind}" for place in _convolutions(outputs) for kind in ("weight", "bias")]


class PerceptualNetwork(nn.Module):
    """The first convolutions of VGG19, never trained. name: which weights these are."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, name: str, weights: Mapping[str, Tensor], *, deep: bool = False) -> None:
        """weights: weight and bias of features.0, 2, 5 and 7, as torchvision's VGG19 names them; they are copied.

        deep: as far as features.28, and other maps come out.
        Raises RuntimeError where one is missing or has another shape.
        """
        super().__init__()
        self.name = name
        self.outputs = _DEEP if deep else _SHALLOW
        layers: list[nn.Module] = []
        for place, (outputs, inputs) in _convolutions(self.outputs).items():
            if place > len(layers):
                layers.append(nn.MaxPool2d(2))
            # Not even the numbers that a new layer would be filled with are drawn: a run's own chance is left alone.
            layer = nn.utils.skip_init(nn.Conv2d, inputs, outputs, 3, padding=1)
            layers += [layer, nn.ReLU(inplace=True)]
        self.features = nn.Sequential(*layers)
        self.load_state_dict({key: weights[key] for key in _names(self.outputs) if key in weights})
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1), persistent=False)
        self.eval().requires_grad_(False)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """N×3×H×W in [-1, 1] → N×64×H×W and N×128×⌊H/2⌋×⌊W/2⌋, both rectified, in autocast's precision.

        Where it is deep, N×64×H×W, N×128×⌊H/2⌋…, N×256, N×512 and N×512×⌊H/16⌋×⌊W/16⌋.
        """
        x = ((pictures.float() + 1.0) / 2.0 - self.mean) / self.deviation
        found = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.outputs:
                found.append(x)
        return found


def perceptual_loss(features: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """Eq. 3: the mean absolute difference of N×C×H×W feature maps, summed over layers; float32.

    No gradient flows to what is `wanted`.
    """
    return torch.stack(
        [_MeanDifference.apply(one, other) for one, other in zip(features, wanted, strict=True)]  # type: ignore[misc]
    ).sum()


def style_loss(features: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """Eq. 4: the mean absolute difference of the pictures' Gram matrices, summed over layers; float32.

    Each picture is compared with its own target. (The published code takes one Gram matrix of the whole batch, which
    also holds what the features of one picture have to do with those of another, and its loss falls with the batch.)
    """
    pairs = zip(features, wanted, strict=True)
    return torch.stack([(gram_matrices(one) - gram_matrices(other)).abs().mean() for one, other in pairs]).sum()


def gram_matrices(features: Tensor) -> Tensor:
    """F Fᵀ / (C·H·W) of each picture: N×C×H×W → N×C×C float32."""
    return _Gram.apply(features)  # type: ignore[return-value]


class _MeanDifference(torch.autograd.Function):
    """mean(|one - other|) in float32, differentiable in `one` alone.

    Autograd's own way takes four more passes over maps of 64 channels in full size, two of them in another layout.
    """

    @staticmethod
    def forward(ctx: Any, one: Tensor, other: Tensor) -> Tensor:
        difference = one - other
        ctx.save_for_backward(difference.sign())
        return difference.abs_().mean(dtype=torch.float32)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (sign,) = ctx.saved_tensors
        return sign * (gradients[0] / sign.numel()), None


class _Gram(torch.autograd.Function):
    """`gram_matrices`: one product on the way back where autograd takes two, and no float32 copy of F is kept."""

    @staticmethod
    def forward(ctx: Any, features: Tensor) -> Tensor:
        ctx.save_for_backward(features)
        with torch.autocast(features.device.type, enabled=False):
            rows = features.float().flatten(2)
            return rows @ rows.transpose(1, 2) / features[0].numel()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (features,) = ctx.saved_tensors
        with torch.autocast(features.device.type, enabled=False):
            both = (gradients[0] + gradients[0].transpose(1, 2)) / features[0].numel()
            # Transposed twice, so that the gradient has its channels last in memory, as the features have.
            gradient = (features.float().flatten(2).transpose(1, 2) @ both).transpose(1, 2)
        return gradient.view_as(features).to(features.dtype)


def load(choice: str, *, deep: bool = False) -> PerceptualNetwork:
    """The network of `LossConfig.perceptual_network`, on the CPU. deep: see `PerceptualNetwork`.

    Its name is "vgg19-imagenet" for the published weights, "seeded-20220713" for the stand-in, and "weights-" with the
    first digits of its SHA-256 for a safetensors file. Raises TrainingError where the chosen weights cannot be had.
    """
    published = Path(torch.hub.get_dir()) / "checkpoints" / PUBLISHED
    if choice == "seeded" or (choice == "auto" and not published.is_file()):
        outputs = _DEEP if deep else _SHALLOW
        return PerceptualNetwork(f"seeded-{SEED}", _seeded_weights(outputs), deep=deep)
    if choice == "auto":
        return _from_published(published, deep)
    if choice == "download":
        if not published.is_file():
            _download(published)
        return _from_published(published, deep)
    named = Path(choice)
    return _from_safetensors(named, deep) if named.suffix == ".safetensors" else _from_published(named, deep)


def _download(target: Path) -> None:
    extras.require("torchvision")
    from torchvision.models import VGG19_Weights

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        torch.hub.download_url_to_file(VGG19_Weights.IMAGENET1K_V1.url, str(target), hash_prefix=PUBLISHED_DIGEST)
    except (OSError, RuntimeError) as error:  # no network, a full disk, or other bytes than the published ones
        raise TrainingError(
            "The VGG19 weights cannot be downloaded ({0}): put {1} into {2}, or set perceptual_network to 'seeded'.",
            first_line(error),
            PUBLISHED,
            target.parent,
        ) from error


def _from_published(path: Path, deep: bool) -> PerceptualNetwork:
    if not sha256_of(path, "VGG19", TrainingError).startswith(PUBLISHED_DIGEST):
        raise TrainingError(
            "{0} does not hold torchvision's VGG19 weights: get {1} anew, or set perceptual_network to 'seeded'.",
            path,
            PUBLISHED,
        )
    return _build(PUBLISHED_NAME, path, torch.load(path, map_location="cpu", weights_only=True), deep)


def _from_safetensors(path: Path, deep: bool) -> PerceptualNetwork:
    digest = sha256_of(path, "VGG19", TrainingError)
    try:
        with safe_open(path, framework="pt") as file:
            names = set(_names(_DEEP if deep else _SHALLOW))
            weights = {key: file.get_tensor(key).float() for key in file.keys() if key in names}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise TrainingError("The VGG19 weights {0} cannot be read: {1}.", path, first_line(error)) from error
    return _build(f"weights-{digest[:8]}", path, weights, deep)


def _build(name: str, path: Path, weights: Mapping[str, Tensor], deep: bool) -> PerceptualNetwork:
    try:
        return PerceptualNetwork(name, weights, deep=deep)
    except RuntimeError as error:
        wanted = "up to 28" if deep else "0, 2, 5 and 7"
        raise TrainingError(
            "{0} does not hold the first convolutions of VGG19: it takes weight and bias of features.{1}.", path, wanted
        ) from error


def _seeded_weights(outputs: Sequence[int] = _SHALLOW) -> dict[str, Tensor]:
    """Fixed random filters, the same on every computer and whatever else was drawn before.

    Every filter has norm √2 and no bias, so that rectified features keep the size of what they are made of (He et al.,
    ICCV 2015); VGG19's own first filters have norms around that, hence the weights of the losses suit both. Three
    quarters of the first filters answer to edges only: they have no mean in any color channel, like most of VGG19's.
    With plain random filters a slightly wrong tone would weigh as much as a blurred edge, and tone is what the L1 is
    there for already.
    """
    numbers = np.random.default_rng(SEED)
    weights: dict[str, Tensor] = {}
    for place, (width, inputs) in _convolutions(outputs).items():
        layer = f"features.{place}"
        filters = numbers.standard_normal((width, inputs, 3, 3))
        if inputs == 3:
            filters[:EDGES] -= filters[:EDGES].mean(axis=(2, 3), keepdims=True)
        filters *= np.sqrt(2.0 / np.square(filters).sum(axis=(1, 2, 3), keepdims=True))
        weights[f"{layer}.weight"] = torch.from_numpy(filters).float()
        weights[f"{layer}.bias"] = torch.zeros(width)
    return weights

"""The auxiliary-classifier discriminator of the style network, and both sides of its losses.

Odena, Olah, Shlens: "Conditional Image Synthesis with Auxiliary Classifier GANs", ICML 2017. In the place of a class
stands the style of a painting: 64 fixed random projections of its vector, or one of 32 classes of palettes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.architectures.style_unet import StyleConfig

WIDTHS = (32, 64, 128, 256, 256)
TARGETS = 64  # numbers that a style is projected to
CLASSES = 32  # of palettes
PALETTE_BINS = 4  # along each axis of CIELAB, of the histograms that are sorted into classes
_SEED = 20170613


class StyleDiscriminator(nn.Module):
    """Scores for patches of a picture, and what its style seems to be; for pictures of any size.

    Five 4×4 convolutions of stride 2, all spectrally normalized. The head for the style sees the mean over the picture.
    """

    projection: Tensor
    centers: Tensor

    def __init__(self, config: StyleConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        for inputs, outputs in zip((3, *WIDTHS), WIDTHS, strict=False):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)
        self.score = spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 1))
        self.auxiliary = nn.Linear(WIDTHS[-1], CLASSES if config.auxiliary == "palette" else TARGETS)
        numbers = config.style_shape[0]
        generator = torch.Generator().manual_seed(_SEED)
        projection = torch.randn(numbers, TARGETS, generator=generator, device="cpu") / TARGETS**0.5
        self.register_buffer("projection", projection)
        self.register_buffer("centers", torch.zeros(CLASSES, PALETTE_BINS**3))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """N×3×H×W in [-1, 1] → scores N×1×h×w, above 0 for drawn, and N×64 (or N×32 logits); float32.

        See `PatchDiscriminator.forward` on why always in float32.
        """
        with torch.autocast(pictures.device.type, enabled=False):
            x = self.layers(pictures.float())
            return self.score(x), self.auxiliary(x.mean((2, 3)))

    @torch.no_grad()
    def target(self, style: Tensor, palette: Tensor) -> Tensor:
        """What the head should answer: N×64 of a style N×C or N×C×h×w, or N classes of palettes N×64 (histograms)."""
        if self.config.auxiliary == "palette":
            return torch.cdist(palette.float(), self.centers).argmin(1)
        vector = style.float().flatten(2).mean(2) if style.dim() == 4 else style.float()
        return F.normalize(vector, dim=1) @ self.projection

    def auxiliary_loss(self, answers: Tensor, target: Tensor) -> Tensor:
        """1 - cosine, or cross-entropy for classes. It must reach the discriminator: a public rebuild of the paper
        takes a mean of the style itself, which nothing learns from."""
        if self.config.auxiliary == "palette":
            return F.cross_entropy(answers, target)
        return (1.0 - F.cosine_similarity(answers, target, dim=1)).mean()


def real_or_fake(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """What the discriminator minimizes: -L_S with log-likelihoods ("likelihood"), or the hinge loss."""
    if kind == "hinge":
        return F.relu(1.0 - real).mean() + F.relu(1.0 + fake).mean()
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def seems_real(kind: str, fake: Tensor) -> Tensor:
    """What the generator minimizes. With likelihoods the form that does not fade, -log P(real | fake)."""
    return -fake.mean() if kind == "hinge" else F.softplus(-fake).mean()

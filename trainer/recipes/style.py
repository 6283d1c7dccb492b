"""Training of the style U-Net: L1, two guide decoders, and an auxiliary-classifier GAN (Zhang, Ji, Lin, ACPR 2017)."""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np
import torch
from scipy.cluster.vq import kmeans2
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine import weight_files
from engine.architectures.published_styles import PublishedStyle
from engine.architectures.style_unet import Painted, StyleConfig, StyleUNet
from engine.architectures.style_unet_parts import gray_of
from engine.architectures.style_vectors import color_histogram, counted
from engine.device import Device
from engine.errors import TrainingError
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.datasets import PaperSamples, make_samples
from trainer.distributed import Ranks
from trainer.losses import weighted_l1
from trainer.perceptual import PerceptualNetwork
from trainer.pictures import PictureStore
from trainer.recipes.base import Batch, Data, Recipe
from trainer.run_state import RunState
from trainer.style_discriminator import CLASSES, PALETTE_BINS, StyleDiscriminator, real_or_fake, seems_real
from trainer.training_step import TrainingStep

log = logging.getLogger(__name__)

GRAY_GUIDE, COLOR_GUIDE = 0.3, 0.9  # α and β of the paper; its gray is what the guide before the style draws
WATCH_EVERY = 200  # steps between looks at how far the style is heeded
COLLAPSED, PATIENCE = 0.1, 2000  # a spread below this, for so many steps, is a network that ignores the style
_STYLES = 4


def own() -> TrainConfig:
    """Ours. Drawing and reference change their colors alike in every sample, so that lines tell nothing of colors.

    The adversarial loss is off: in an hour on a processor it costs more samples than it gives.
    """
    return TrainConfig(
        architecture="style",
        network=StyleConfig.own(),
        data=DataConfig(protocol="varied"),
        stages=(Stage(128, 80_000, learning_rate=6e-4, batch=8), Stage(256, 15_000, learning_rate=1e-4, batch=8)),
        losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0, foreground_weight=2.0),
        optimizer=OptimizerConfig(
            betas=(0.9, 0.99), discriminator_rate=0.5, schedule="linear", warmup=100, gradient_clip=1.0
        ),
        ema_decay=0.998,
    )


def published(network: StyleConfig) -> TrainConfig:
    """As the course project trained: the style picture is the target itself, in its own colors.

    λ is not told there; 100 as in pix2pix and in a public rebuild, which is 50 here, as pictures lie in [-1, 1].
    """
    return TrainConfig(
        architecture="style",
        network=network,
        data=DataConfig(protocol="paper"),
        stages=(Stage(256, epochs=10.0, learning_rate=1e-3, batch=32),),
        losses=LossConfig(l1=50.0, perceptual=0.0, style=0.0, adversarial=1.0),
        optimizer=OptimizerConfig(betas=(0.9, 0.999), discriminator_rate=0.5, gradient_clip=1.0),
    )


def require_published(network: StyleConfig) -> None:
    """Raise CheckpointError where the network looks at references with weights that are not on this computer."""
    if network.style != "own":
        cast(PublishedStyle, StyleUNet(replace(network, guides=False)).style_network).file()


def with_file(network: StyleConfig, path: Path) -> StyleConfig:
    """The network with the published style network in this file. Raises TrainingError where it is another one."""
    published = StyleUNet(replace(network, guides=False)).style_network
    if not isinstance(published, PublishedStyle):
        raise TrainingError("This network looks at references with its own encoder: leave out --style-network.")
    digest = weight_files.sha256_of(path, published.what, TrainingError)
    if not digest.startswith(published.digest):
        raise TrainingError(
            "{0} does not hold the published {1} weights: get {2}, or choose 'own'.",
            path,
            published.what,
            published.names[0],
        )
    weight_files.name(path)
    return replace(network, style_digest=digest)


class NaturalSamples(PaperSamples):
    """As both public projects train: the style picture is the target itself, in its own colors.

    A network can learn from them that line art tells enough, and give one average coloring to every style.
    """

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        line, target = self.natural(index)
        return {"line": line, "target": target, "reference": target}


class StyleRecipe(Recipe):
    """Three published readings of the paper, and a recipe in which nothing but the style tells colors."""

    presets: ClassVar[Mapping[str, Callable[[], TrainConfig]]] = {
        "style-own": own,
        "style-m1": lambda: published(StyleConfig.m1()),
        "style-m2": lambda: published(StyleConfig.m2()),
        "style-m3": lambda: published(StyleConfig.m3()),
    }
    losses: ClassVar[tuple[str, ...]] = (
        "total", "l1", "gray_guide", "color_guide", "adversarial", "auxiliary", "discriminator", "spread",
    )  # fmt: skip

    def __init__(self, architecture: str) -> None:
        super().__init__(architecture)
        self._centers: Tensor | None = None

    def build(self, network: StyleConfig) -> StyleUNet:
        """With its guides."""
        return StyleUNet(network, training_parts=True)

    def published(self, average: nn.Module) -> Mapping[str, Tensor]:
        """Without its guides."""
        weights = super().published(average)
        return {name: value for name, value in weights.items() if not name.startswith(("gray_guide.", "color_guide."))}

    def discriminator(self, config: TrainConfig) -> nn.Module | None:
        """Scores and style, where the adversarial loss has a weight."""
        return StyleDiscriminator(config.network) if config.losses.adversarial else None

    def try_out(self, network: StyleConfig) -> None:
        """With our style encoder, as a published network takes seconds; whether that one is there is asked later."""
        super().try_out(network.with_own_style())

    def open_data(self, config: TrainConfig) -> Data:
        """The pictures; what else the settings need is asked here, before hours of training."""
        network, batch = config.network, min(stage.batch for stage in config.stages)
        if config.losses.perceptual or config.losses.style:
            raise TrainingError("The style network knows no perceptual and no style loss: set both to 0 in [losses].")
        if network.norm == "batch" and batch < 2:
            raise TrainingError("With batch normalization a batch of 1 teaches nothing: choose a batch of 2 or more.")
        require_published(network)
        data = super().open_data(config)
        if network.auxiliary == "palette" and config.losses.adversarial:
            self._centers = palette_classes(cast(PictureStore, data), config.seed)
        return data

    def looking_with(self, network: StyleConfig, choice: str) -> StyleConfig:
        """The same structure with our style encoder ("own"), or with the published network in this file."""
        if choice == "auto":
            return network
        if choice == "own":
            return network.with_own_style()
        return with_file(network, Path(choice))

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """Without the references' line art, which the network does not look at."""
        if config.data.protocol == "paper":
            return NaturalSamples(data, stage.size, config.seed, config.data.sigmas, reference_line=False)
        return make_samples(config.data, data, stage.size, stage.batch, config.seed, reference_line=False)

    def step(
        self,
        config: TrainConfig,
        stage: Stage,
        state: RunState,
        where: Device,
        ranks: Ranks,
        features: PerceptualNetwork | None,
    ) -> "StyleStep":
        """See `StyleStep`."""
        if self._centers is not None and state.discriminator is not None:
            cast(StyleDiscriminator, state.discriminator).centers.copy_(self._centers)
        return StyleStep(config, state, where, ranks)


class StyleStep(TrainingStep):
    """L_G = ‖y - G(x, V)‖₁ + α ‖T(y) - g₁(x)‖₁ + β ‖y - g₂(x, V)‖₁, with T the gray of a picture.

    (A founding document prints the two guides the other way round; its own code has gray before any style.) The
    discriminator maximizes L_S + L_C, the generator L_C - L_S.
    """

    def __init__(self, config: TrainConfig, state: RunState, where: Device, ranks: Ranks) -> None:
        super().__init__(config, state, where, ranks, None)
        synchronize = not config.freeze_batch_statistics
        self.generator = ranks.wrap(_Taught(cast(StyleUNet, state.model)), synchronize_batches=synchronize)
        self._watched: float | None = None
        self._collapsed = 0

    def __call__(self, batch: Mapping[str, Tensor], learning_rate: float) -> dict[str, float]:
        """Learn from a batch; see `Step`. "spread" is the last look at how far the style is heeded."""
        line, target = self._moved(batch["line"]), self._moved(batch["target"])
        references = self._of_each(batch, "reference")
        with self.where.autocast():
            painted, style = self.generator(line, references)
        losses: dict[str, float] = {}
        answers = None
        if (judge := self.state.discriminator) is not None:
            answers = cast(StyleDiscriminator, judge).target(style, _palettes(references[0]))
            losses["discriminator"] = self._teach_judge(target, painted.picture.detach(), answers, learning_rate)
        parts = {
            **guided_losses(self.config.losses, painted, target),
            **self._judged(painted.picture, answers),
        }
        total = torch.stack([part.float() for part in parts.values()]).sum()
        losses |= {"total": total.item(), **{name: part.item() for name, part in parts.items()}}
        known = all(map(math.isfinite, losses.values()))
        if known and not self._descend(self.state.optimizer, self.state.model, total, learning_rate):
            losses["total"] = math.nan
        if known:
            self.state.scaler.update()
        return {**losses, "spread": self._watch(line, references[0])}

    def _judged(self, picture: Tensor, answers: Tensor | None) -> dict[str, Tensor]:
        judge = cast(StyleDiscriminator | None, self.state.discriminator)
        if judge is None or answers is None:
            return {}
        network, weight = self.config.network, self.config.losses.adversarial
        judge.requires_grad_(False)
        scores, guessed = judge(picture)
        judge.requires_grad_(True)
        losses = {"adversarial": weight * seems_real(network.gan, scores)}
        if network.auxiliary != "none":
            losses["auxiliary"] = weight * network.auxiliary_weight * judge.auxiliary_loss(guessed, answers)
        return losses

    def _teach_judge(self, target: Tensor, drawn: Tensor, answers: Tensor, learning_rate: float) -> float:
        judge, optimizer = cast(StyleDiscriminator, self.state.discriminator), self.state.discriminator_optimizer
        assert self.discriminator is not None and optimizer is not None
        scores, guessed = self.discriminator(torch.cat([target, drawn.to(target.dtype)]))
        loss = real_or_fake(self.config.network.gan, *scores.chunk(2))
        if self.config.network.auxiliary != "none":
            loss = loss + judge.auxiliary_loss(guessed, torch.cat([answers, answers]))
        else:
            loss = loss + 0.0 * guessed.sum()  # processes that train together want a gradient for every weight
        value = loss.item()
        rate = learning_rate * self.config.optimizer.discriminator_rate
        if math.isfinite(value) and not self._descend(optimizer, judge, loss, rate):
            return math.nan
        return value

    def _watch(self, line: Tensor, pictures: Tensor) -> float:
        """How far the style is heeded, looked at anew every `WATCH_EVERY` steps; it changes nothing of the training."""
        if self._watched is None or self.state.step % WATCH_EVERY == 0:
            self._watched = spread(cast(StyleUNet, self.state.average), line, pictures[:_STYLES])
            self._collapsed = self._collapsed + WATCH_EVERY if self._watched < COLLAPSED else 0
            if self._collapsed >= PATIENCE:
                log.warning("the network ignores the style: the spread is %.2f", self._watched)
                self._collapsed = 0
        return self._watched


class _Taught(nn.Module):
    """The network as training calls it: with guides, and with the style it saw."""

    def __init__(self, network: StyleUNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, line: Tensor, references: list[Tensor]) -> tuple[Painted, Tensor]:
        """Several references count alike."""
        encoded = [self.network.encode_reference(one, None) for one in references]
        return self.network.paint(line, encoded), torch.stack([one.style for one in encoded]).mean(0)


def guided_losses(config: LossConfig, painted: Painted, target: Tensor) -> dict[str, Tensor]:
    """λ L_G by its parts; λ is `config.l1`. Gray counts paper like everything else, as it has no style to lose."""
    weight, figure = config.l1, config.foreground_weight
    losses = {"l1": weight * weighted_l1(painted.picture, target, figure)}
    if painted.gray is not None and painted.color is not None:
        losses["gray_guide"] = weight * GRAY_GUIDE * (painted.gray.float() - gray_of(target)).abs().mean()
        losses["color_guide"] = weight * COLOR_GUIDE * weighted_l1(painted.color, target, figure)
    return losses


@torch.no_grad()
def spread(network: StyleUNet, line: Tensor, pictures: Tensor) -> float:
    """How far mean colors follow the style: their deviation over styles in the colorings, over that of the styles.

    line: N×1×H×W; pictures: M×3×h×w, every one of which colors every drawing. 0 is one coloring for every style, 1
    colorings that differ as much as the styles. Paper counts on neither side.
    """
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    with torch.random.fork_rng(devices=[]):
        copies = (one[None].expand(len(line), *one.shape) for one in pictures)
        means = torch.stack([_mean_colors(network(line, [one])) for one in copies])
    for module, training in modes:
        module.training = training
    wanted = _mean_colors(pictures).std(0).mean()
    return float(means.std(0).mean() / wanted.clamp_min(1e-6))


def _mean_colors(pictures: Tensor) -> Tensor:
    """N×3, the mean over what is not paper."""
    weight, _ = counted(pictures, None)
    return (pictures * weight).sum((2, 3)) / weight.sum((2, 3)).clamp_min(1e-6)


def _palettes(pictures: Tensor) -> Tensor:
    return color_histogram(pictures, counted(pictures, None)[0], PALETTE_BINS)


def palette_classes(data: PictureStore, seed: int) -> Tensor:
    """The middles of 32 classes of palettes, by k-means over the pictures' histograms: 32×64.

    Raises TrainingError where there are fewer pictures than classes.
    """
    if len(data) < CLASSES:
        raise TrainingError(
            "32 classes of palettes need 32 pictures at least, and there are {0}: set auxiliary to 'style'.", len(data)
        )
    palettes = []
    for number in range(len(data)):
        pixels = torch.from_numpy(np.ascontiguousarray(data.picture(number).color[::4, ::4].transpose(2, 0, 1)))
        palettes.append(_palettes(pixels[None].float() / 127.5 - 1.0)[0])
    stacked = torch.stack(palettes).double().numpy()
    centers, _ = kmeans2(stacked, CLASSES, minit="++", rng=np.random.default_rng(seed))
    return torch.from_numpy(centers).float()

"""Training of the keyframe networks: the color transform network first, then the temporal one on its real guesses.

Shi et al.: "Deep Line Art Video Colorization with a Few References", arXiv 2003.10685, 2020. The folders of [data] hold
a folder of colored frames for each scene (`python -m trainer.drawn_characters --scenes N` draws some).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.utils.data import Dataset

from engine.architectures.keyframe import KeyframeConfig, KeyframeNetwork, Painted, in_time
from engine.device import Device
from engine.errors import TrainingError
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.keyframe_discriminators import CLIP_WIDTHS, PICTURE_WIDTHS, KeyframeDiscriminators
from trainer.losses import weighted_l1
from trainer.perceptual import PerceptualNetwork, gram_matrices
from trainer.recipes.base import Batch, Data, Recipe
from trainer.run_state import RunState
from trainer.scene_clips import ClipStore, SceneSamples, open_clips
from trainer.style_discriminator import real_or_fake, seems_real
from trainer.training_step import TrainingStep

TRANSFORM, TEMPORAL = "transform", "temporal"
LATENT = 1.0  # weight of what the side outputs make of the colors that were found, and of the blocks after it
STEADY = 1.0  # weight, of that of L1 … of changes from frame to frame that are not the true ones; ours
_SIDES = ("transform.similar.", "transform.middle.")


def paper() -> TrainConfig:
    """As the paper's public rebuilds train: its own weights of losses and numbers of samples are not published."""
    transform = Stage(256, epochs=350.0, learning_rate=1e-4, batch=4, parts=(TRANSFORM,))
    temporal = Stage(256, epochs=150.0, learning_rate=1e-4, batch=4, parts=(TEMPORAL,))
    return TrainConfig(
        architecture="keyframe",
        network=KeyframeConfig.paper(),
        stages=(transform, temporal),
        losses=LossConfig(l1=10.0, perceptual=0.03, style=1e-3, adversarial=1.0),
        optimizer=OptimizerConfig(betas=(0.5, 0.999), discriminator_rate=0.1),
    )


def compact() -> TrainConfig:
    """Ours, for processors: small frames before larger ones, and L1 with what the side outputs say."""
    return TrainConfig(
        architecture="keyframe",
        network=KeyframeConfig.compact(),
        data=DataConfig(protocol="varied"),
        stages=(
            Stage(128, 60_000, learning_rate=6e-4, batch=8, parts=(TRANSFORM,)),
            Stage(256, 4_000, learning_rate=2e-4, batch=4, parts=(TRANSFORM,)),
            Stage(128, 10_000, learning_rate=4e-4, batch=8, parts=(TEMPORAL,)),
        ),
        losses=LossConfig(l1=10.0, perceptual=0.0, style=0.0, adversarial=0.0, foreground_weight=2.0),
        optimizer=OptimizerConfig(betas=(0.9, 0.99), schedule="linear", warmup=100, gradient_clip=10.0),
        ema_decay=0.998,
    )


class KeyframeLearner(KeyframeNetwork):
    """The networks as they learn; it takes the weights of a model file, too, to begin with."""

    def __init__(self, config: KeyframeConfig) -> None:
        super().__init__(config, training_parts=True)
        self.register_load_state_dict_pre_hook(_as_learned)


class KeyframeRecipe(Recipe):
    """A stage teaches the part "transform" or the part "temporal"; one that names no part teaches "transform"."""

    presets: ClassVar[Mapping[str, Callable[[], TrainConfig]]] = {"keyframe-paper": paper, "keyframe-compact": compact}
    losses: ClassVar[tuple[str, ...]] = (
        "total", "l1", "latent", "steady", "perceptual", "style", "adversarial", "discriminator",
    )  # fmt: skip
    deep_features: ClassVar[bool] = True

    def build(self, network: KeyframeConfig) -> KeyframeLearner:
        """With side outputs, and weights divided by their largest singular values."""
        return KeyframeLearner(network)

    def published(self, average: nn.Module) -> Mapping[str, Tensor]:
        """Without side outputs, and with the divided weights, so that coloring divides no more."""
        found = {}
        for name, value in average.state_dict().items():
            if name.startswith(_SIDES) or ".parametrizations.weight.0." in name:
                continue
            found[name.replace(".parametrizations.weight.original", ".weight")] = (
                divided(value) if name.endswith("parametrizations.weight.original") else value
            )
        return found

    def discriminator(self, config: TrainConfig) -> nn.Module | None:
        """Of frames and of clips, as wide as the networks, where the adversarial loss has a weight."""
        if not config.losses.adversarial:
            return None
        network: KeyframeConfig = config.network
        pictures = [max(8, width * network.widths[0] // 64) for width in PICTURE_WIDTHS]
        clips = [max(8, width * network.temporal_width // 64) for width in CLIP_WIDTHS]
        return KeyframeDiscriminators(pictures, clips, clips=network.temporal)

    def open_data(self, config: TrainConfig) -> Data:
        """The scenes of the folders."""
        if any(TEMPORAL in stage.parts and len(stage.parts) > 1 for stage in config.stages):
            raise TrainingError("A stage teaches '{0}' or '{1}', not both: name one of them.", TRANSFORM, TEMPORAL)
        return open_clips(config.data.folders, config.data.held_out, config.seed)

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """See `SceneSamples`; the protocol "paper" has always two key frames."""
        always_two = config.data.protocol == "paper"
        store, sigmas = cast(ClipStore, data), config.data.sigmas
        return SceneSamples(store, stage.size, stage.batch, config.seed, sigmas, always_two=always_two)

    def step(
        self,
        config: TrainConfig,
        stage: Stage,
        state: RunState,
        where: Device,
        ranks: Ranks,
        features: PerceptualNetwork | None,
    ) -> TrainingStep:
        """See `TransformStep` and `TemporalStep`."""
        kind = TemporalStep if TEMPORAL in stage.parts else TransformStep
        return kind(config, state, where, ranks, features)


class TransformStep(TrainingStep):
    """L = 10 L1 + latent + perceptual + style + adversarial, of the paper's rebuilds; each frame by itself."""

    def __init__(
        self, config: TrainConfig, state: RunState, where: Device, ranks: Ranks, features: PerceptualNetwork | None
    ) -> None:
        """See `TrainingStep`."""
        self.config, self.state, self.where, self.ranks, self.features = config, state, where, ranks, features
        self.generator = ranks.wrap(self._taught(cast(KeyframeNetwork, state.model)), synchronize_batches=False)
        self.judge = self._judge(cast(KeyframeDiscriminators | None, state.discriminator))
        self.discriminator = None if self.judge is None else ranks.wrap(self.judge, synchronize_batches=False)

    def __call__(self, batch: Mapping[str, Tensor], learning_rate: float) -> dict[str, float]:
        """See `trainer.recipes.base.Step`."""
        line, target = self._moved(batch["line"]), self._moved(batch["target"])
        references, lines = self._of_each(batch, "reference"), self._of_each(batch, "reference_line")
        with self.where.autocast():
            made = self.generator(line, references, lines)
        keys = [torch.cat(pair, dim=1) for pair in zip(references, lines, strict=True)]
        losses: dict[str, float] = {}
        if self.discriminator is not None:
            drawn, real = (one.detach().float() for one in self._judged(made, line, target, keys))
            losses["discriminator"] = self._teach_judge(drawn, real, learning_rate)
        parts = self._losses(made, line, target, keys)
        total = torch.stack([part.float() for part in parts.values()]).sum()
        losses |= {"total": total.item(), **{name: part.item() for name, part in parts.items()}}
        known = all(map(math.isfinite, losses.values()))
        if known and not self._descend(self.state.optimizer, self.state.model, total, learning_rate):
            losses["total"] = math.nan
        if known:
            self.state.scaler.update()
        return losses

    def _taught(self, network: KeyframeNetwork) -> nn.Module:
        return _Transform(network)

    def _judge(self, judges: KeyframeDiscriminators | None) -> nn.Module | None:
        return None if judges is None else judges.pictures

    def _judged(self, made: Any, line: Tensor, target: Tensor, keys: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """What the network made and what is true, as the discriminator sees them: color before line."""
        return torch.cat([made.picture, line], dim=1), torch.cat([target, line], dim=1)

    def _scores(self, judge: nn.Module, shown: Tensor) -> Tensor:
        return judge(shown[:, :3], shown[:, 3:])

    def _losses(self, made: Any, line: Tensor, target: Tensor, keys: Sequence[Tensor]) -> dict[str, Tensor]:
        painted = cast(Painted, made)
        losses = self._of_picture(painted.picture, target)
        sides = [weighted_l1(one, target, 1.0) for one in (painted.similar, painted.middle) if one is not None]
        if sides:
            losses["latent"] = LATENT * torch.stack(sides).sum()
        return losses | self._seeming_real(self._judged(made, line, target, keys)[0])

    def _of_picture(self, picture: Tensor, target: Tensor) -> dict[str, Tensor]:
        config = self.config.losses
        losses = {"l1": config.l1 * weighted_l1(picture, target, config.foreground_weight)}
        if self.features is None:
            return losses
        with torch.no_grad():
            wanted = self.features(target)
        found = self.features(picture)
        pairs = list(zip(found, wanted, strict=True))
        if config.perceptual:
            seen = torch.stack([(a.float() - b.float()).abs().mean() for a, b in pairs]).mean()
            losses["perceptual"] = config.perceptual * seen
        if config.style:
            # Gram matrices over H·W alone, as the weight of the rebuild has it.
            gram = torch.stack([((gram_matrices(a) - gram_matrices(b)) * a.shape[1]).abs().mean() for a, b in pairs])
            losses["style"] = config.style * gram.mean()
        return losses

    def _seeming_real(self, shown: Tensor) -> dict[str, Tensor]:
        if self.judge is None:
            return {}
        self.judge.requires_grad_(False)
        scores = self._scores(self.judge, shown)
        self.judge.requires_grad_(True)
        return {"adversarial": self.config.losses.adversarial * seems_real("likelihood", scores)}

    def _teach_judge(self, drawn: Tensor, real: Tensor, learning_rate: float) -> float:
        judge, optimizer = self.discriminator, self.state.discriminator_optimizer
        assert judge is not None and self.judge is not None and optimizer is not None
        first, second = self._scores(judge, torch.cat([real, drawn])).chunk(2)
        loss = real_or_fake("likelihood", first, second)
        value = loss.item()
        rate = learning_rate * self.config.optimizer.discriminator_rate
        if math.isfinite(value) and not self._descend(optimizer, self.judge, loss, rate):
            return math.nan
        return value


class TemporalStep(TransformStep):
    """L1 on the frame that was guessed, changes between frames, adversarial by clips; the guesses are real ones.

    (A rebuild feeds true frames in their place, of which a network learns to do nothing.)
    """

    def _taught(self, network: KeyframeNetwork) -> nn.Module:
        return _Temporal(network)

    def _judge(self, judges: KeyframeDiscriminators | None) -> nn.Module | None:
        return None if judges is None else judges.clips

    def _judged(self, made: Any, line: Tensor, target: Tensor, keys: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        lines = in_time(line, [one[:, 3:] for one in keys])
        return torch.cat([made, lines], dim=2), torch.cat([_true(target, keys), lines], dim=2)

    def _scores(self, judge: nn.Module, shown: Tensor) -> Tensor:
        return judge(shown)

    def _losses(self, made: Any, line: Tensor, target: Tensor, keys: Sequence[Tensor]) -> dict[str, Tensor]:
        clip = cast(Tensor, made).float()
        losses = self._of_picture(clip[:, 1], target)
        losses["steady"] = STEADY * (clip.diff(dim=1) - _true(target, keys).diff(dim=1)).abs().mean()
        return losses | self._seeming_real(self._judged(made, line, target, keys)[0])


class _Transform(nn.Module):
    """The color transform network as training calls it."""

    def __init__(self, network: KeyframeNetwork) -> None:
        super().__init__()
        self.transform = network.transform

    def forward(self, line: Tensor, references: Sequence[Tensor], lines: Sequence[Tensor]) -> Painted:
        with parametrize.cached():
            divide(self.transform, line.device.type)
            encoded = [self.transform.encode(one, its) for one, its in zip(references, lines, strict=True)]
            return self.transform.paint(line, encoded)


class _Temporal(nn.Module):
    """The temporal network as training calls it: N×T×3×H×W."""

    def __init__(self, network: KeyframeNetwork) -> None:
        super().__init__()
        assert network.temporal is not None
        self.temporal = network.temporal
        self.guess = [_Transform(network)]  # in a list: what only guesses is no part of what learns

    def forward(self, line: Tensor, references: Sequence[Tensor], lines: Sequence[Tensor]) -> Tensor:
        with torch.no_grad():
            guess = self.guess[0](line, references, lines).picture.to(line.dtype)
        keys = [torch.cat(pair, dim=1) for pair in zip(references, lines, strict=True)]
        with parametrize.cached():
            divide(self.temporal, line.device.type)
            return self.temporal(in_time(torch.cat([guess, line], dim=1), keys))


def _true(target: Tensor, keys: Sequence[Tensor]) -> Tensor:
    return in_time(target, [one[:, :3] for one in keys])


def divide(network: nn.Module, kind: str) -> None:
    """Divide all weights within `parametrize.cached`: once a step, however often a layer is called in it.

    In float32, because power iterations would not come to rest in half precision.
    """
    with torch.autocast(kind, enabled=False):
        for module in network.modules():
            if parametrize.is_parametrized(module, "weight"):
                _ = module.weight


def divided(weight: Tensor) -> Tensor:
    """A weight over its largest singular value, which is where power iterations lead to."""
    if weight.is_meta:
        return weight
    return weight / torch.linalg.matrix_norm(weight.float().flatten(1), 2).to(weight.dtype)


def _as_learned(module: nn.Module, state: dict[str, Any], prefix: str, *_: Any) -> None:
    """A model file's weights under the names that they have while they learn."""
    for name, one in module.named_modules():
        plain = f"{prefix}{name}.weight"
        if parametrize.is_parametrized(one, "weight") and plain in state:
            state[f"{prefix}{name}.parametrizations.weight.original"] = state.pop(plain)

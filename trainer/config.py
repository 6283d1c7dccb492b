"""What a training run needs to know."""

from dataclasses import dataclass, field
from typing import Literal

from engine.architectures.sga_generator import SGAConfig


@dataclass(frozen=True)
class Stage:
    """A stretch of training at one picture size.

    size: pixels on a side; pictures: how many samples it takes; learning_rate: at its start, see `TrainConfig`.
    """

    size: int
    pictures: int
    learning_rate: float = 4e-4
    batch: int = 16


@dataclass(frozen=True)
class TrainConfig:
    """A whole run. Samples and weights depend on nothing but this and the pictures in `data`.

    The learning rate falls linearly from each stage's to the next one's, and to zero in the last. warmup: steps of
    linear rise at the very beginning.
    foreground_weight: how much more a coloured pixel counts in the L1 than paper.
    seed: of weights, samples and augmentation.
    """

    architecture: Literal["sga"] = "sga"
    network: SGAConfig = field(default_factory=SGAConfig.compact)
    stages: tuple[Stage, ...] = (Stage(128, 80_000), Stage(256, 32_000, learning_rate=2e-4))
    warmup: int = 100
    betas: tuple[float, float] = (0.9, 0.99)
    gradient_clip: float = 1.0
    foreground_weight: float = 2.0
    ema_decay: float = 0.998
    precision: Literal["bf16", "fp32"] = "bf16"
    workers: int = 1
    seed: int = 1

    @property
    def pictures(self) -> int:
        """Samples in all stages."""
        return sum(stage.pictures for stage in self.stages)

"""What a training run needs to know: frozen dataclasses that a TOML or JSON file can fill in (`trainer.config_file`).

`TrainConfig.paper()` is the published experiment (Li et al., ECCV 2022, section 4.1), `TrainConfig.compact()` the
recipe of the model that ships.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from engine.architectures.sga_generator import SGAConfig
from engine.errors import TrainingError
from engine.request import DeviceChoice
from engine.typed_values import later


def _require(holds: bool, key: str, what: str) -> None:
    if not holds:
        raise TrainingError("The training setting '{0}' must be {1}.", key, what)


@dataclass(frozen=True)
class DataConfig:
    """Where samples come from.

    folders: of color pictures, see `trainer.sources`; shares: how many samples come from each, relative to the others
    (all alike when empty). held_out: share of the drawings, whole characters at a time, that are never trained on.
    protocol: "paper" is the published one: every picture once an epoch, color jitter, a thin-plate warp of the target
    as reference. "varied" is ours: random picks, canvases of several shapes, strong changes of color and shape, and in
    `cross_share` of the samples another drawing of the same character as reference. references: of a sample; the
    "varied" protocol draws their number, up to this one, for each batch.
    sigmas: of the XDoG that makes line art. workers: processes that make samples (0: none but this one).
    memory: GiB of pictures kept decoded; the others are read anew each time.
    """

    folders: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()
    held_out: float = 0.0
    protocol: Literal["paper", "varied"] = "paper"
    cross_share: float = 0.45
    references: int = later(1)
    sigmas: tuple[float, ...] = (0.3, 0.4, 0.5)
    workers: int = 1
    memory: float = 4.0

    def __post_init__(self) -> None:
        _require(not self.shares or len(self.shares) == len(self.folders), "shares", "one number for each folder")
        _require(all(0.0 < share < math.inf for share in self.shares), "shares", "numbers above 0")
        _require(0.0 <= self.held_out < 1.0, "held_out", "at least 0 and below 1")
        _require(0.0 <= self.cross_share <= 1.0, "cross_share", "between 0 and 1")
        _require(1 <= self.references <= 16, "references", "between 1 and 16")
        _require(self.references == 1 or self.protocol == "varied", "references", "1 for the protocol 'paper'")
        _require(bool(self.sigmas) and all(0.0 < s < 10.0 for s in self.sigmas), "sigmas", "numbers between 0 and 10")
        _require(0 <= self.workers <= 256, "workers", "between 0 and 256")
        _require(0.0 <= self.memory < math.inf, "memory", "at least 0 GiB")


@dataclass(frozen=True)
class Stage:
    """A stretch of training at one picture size.

    size: pixels on a side; pictures: how many samples it takes, or epochs: how often it sees every picture (one of the
    two); learning_rate: of the generator at its start; batch: of all devices together. parts: of the network that learn
    in it, by the names they have in it; empty for all. The others stay as they are, batch statistics too.
    """

    size: int = 256
    pictures: int = 0
    learning_rate: float = 1e-4
    batch: int = 16
    epochs: float = 0.0
    parts: tuple[str, ...] = later(())

    def __post_init__(self) -> None:
        _require(8 <= self.size <= 4096, "size", "between 8 and 4096 pixels")
        _require(1 <= self.batch <= 4096, "batch", "between 1 and 4096")
        _require(0.0 < self.learning_rate < 1.0, "learning_rate", "between 0 and 1")
        _require((self.pictures > 0) != (0 < self.epochs < 1e9), "pictures", "a number above 0, or epochs instead")

    @property
    def steps(self) -> int:
        """Whole batches it takes to see the pictures."""
        return math.ceil(self.pictures / self.batch)


@dataclass(frozen=True)
class LossConfig:
    """Weights of the losses, Eq. 1–5 of the paper; a weight of 0 leaves a loss out.

    foreground_weight: how much more a colored pixel counts in the L1 than paper.
    perceptual_network: "auto" takes the published VGG19 weights where they lie on this computer, else a fixed, seeded
    network; "download" may fetch the published ones; "seeded" never looks for them; anything else is a weights file.
    """

    l1: float = 30.0
    perceptual: float = 0.01
    style: float = 50.0
    adversarial: float = 1.0
    foreground_weight: float = 1.0
    perceptual_network: str = "auto"

    def __post_init__(self) -> None:
        for name in ("l1", "perceptual", "style", "adversarial"):
            _require(0.0 <= getattr(self, name) < math.inf, name, "at least 0")
        total = self.l1 + self.perceptual + self.style + self.adversarial
        _require(total > 0.0, "l1", "above 0 where all others are 0")
        _require(0.0 < self.foreground_weight < math.inf, "foreground_weight", "above 0")


@dataclass(frozen=True)
class OptimizerConfig:
    """Adam, for generator and discriminator.

    discriminator_rate: learning rate of the discriminator over the generator's (the paper: 2e-4 to 1e-4).
    schedule: "constant", or "linear": from each stage's learning rate to the next one's, and to zero in the last.
    warmup: steps of linear rise at the very beginning. gradient_clip: largest norm of the gradient, 0 for any.
    """

    betas: tuple[float, float] = (0.5, 0.999)
    discriminator_rate: float = 2.0
    schedule: Literal["constant", "linear"] = "constant"
    warmup: int = 0
    gradient_clip: float = 0.0

    def __post_init__(self) -> None:
        _require(all(0.0 <= beta < 1.0 for beta in self.betas), "betas", "at least 0 and below 1")
        _require(0.0 < self.discriminator_rate < math.inf, "discriminator_rate", "above 0")
        _require(self.warmup >= 0, "warmup", "at least 0 steps")
        _require(0.0 <= self.gradient_clip < math.inf, "gradient_clip", "at least 0")


@dataclass(frozen=True)
class TrainConfig:
    """A whole run. On one kind of device, samples and weights depend on nothing but this and the pictures.

    architecture: an id that `trainer.recipes` knows; network: its settings. output: folder of the run. start: a model
    file of the same architecture whose weights the run begins with; empty for random ones. precision: "auto" is the
    device's best. ema_decay: of the averaged weights, which are those that are published. freeze_batch_statistics:
    batch normalization keeps the statistics it has.
    sample_every: steps between sample sheets, 0 for none; log_every: steps between lines of the log; log: CSV only, or
    TensorBoard beside it. save_every: minutes between checkpoints, kept: how many of them stay; shard_size: bytes of
    the largest file of a checkpoint, 0 for any.
    """

    output: str = ""
    start: str = ""
    data: DataConfig = field(default_factory=DataConfig)
    architecture: str = "sga"
    network: Any = field(default_factory=SGAConfig.paper)
    stages: tuple[Stage, ...] = (Stage(epochs=40.0),)
    losses: LossConfig = field(default_factory=LossConfig)
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    ema_decay: float = 0.999
    device: DeviceChoice = "auto"
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    channels_last: bool = True
    compile: bool = False
    freeze_batch_statistics: bool = False
    seed: int = 1
    log: Literal["csv", "tensorboard"] = "csv"
    log_every: int = 50
    sample_every: int = 0
    save_every: float = 2.0
    kept: int = 1
    shard_size: int = 0

    def __post_init__(self) -> None:
        _require(len(self.stages) > 0, "stages", "one stage or more")
        _require(0.0 <= self.ema_decay < 1.0, "ema_decay", "at least 0 and below 1")
        _require(0 <= self.seed < 2**63, "seed", "at least 0 and below 2^63")
        _require(self.log_every >= 1, "log_every", "at least 1 step")
        _require(self.sample_every >= 0, "sample_every", "at least 0 steps")
        _require(0.0 <= self.save_every < math.inf, "save_every", "at least 0 minutes")
        _require(self.kept >= 1, "kept", "at least 1 checkpoint")
        _require(self.shard_size == 0 or self.shard_size >= 2**16, "shard_size", "0 or at least 64KiB")

    @classmethod
    def paper(cls) -> "TrainConfig":
        """The published experiment."""
        return cls()

    @classmethod
    def compact(cls) -> "TrainConfig":
        """The recipe of the model that ships: L1 alone, our own samples, small pictures before larger ones."""
        return cls(
            data=DataConfig(protocol="varied"),
            network=SGAConfig.compact(),
            stages=(Stage(128, 80_000, learning_rate=4e-4), Stage(256, 32_000, learning_rate=2e-4)),
            losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0, foreground_weight=2.0),
            optimizer=OptimizerConfig(betas=(0.9, 0.99), schedule="linear", warmup=100, gradient_clip=1.0),
            ema_decay=0.998,
        )

    @property
    def pictures(self) -> int:
        """Samples in all stages, where none of them counts in epochs any more."""
        return sum(stage.pictures for stage in self.stages)

    def counted(self, pictures: int) -> "TrainConfig":
        """The same run with epochs turned into samples, for a data set of so many pictures; whole batches only."""
        stages = []
        for stage in self.stages:
            wanted = stage.pictures or stage.epochs * pictures
            batches = max(1, round(wanted / stage.batch)) if stage.epochs else stage.steps
            stages.append(replace(stage, pictures=batches * stage.batch, epochs=0.0))
        return replace(self, stages=tuple(stages))


@dataclass(frozen=True)
class FineTuneConfig:
    """Adapting a model to one character, see `trainer.fine_tuning`.

    teach: what learns, the matching of regions with parts or the colors of the guess. steps: of one sample each (of
    matching: of a batch, for each head that learns), at most; minutes: of training, at most. learning_rate: at its
    start, it falls to 0. sigma: of the XDoG, its middle value. ema_decay: of the averaged weights.

    Of colors alone: size: pixels of the longer side; it is that at which drawings will be colored, because a network
    adapted to few pictures knows them at their size only. frozen: parts of the network that stay as they are; those
    that compare line art serve every character, and without their gradients a step takes half the time. cross_share: of
    the samples that take other pictures of the sheet as references, the others a warp of the same one. sigma_spread:
    how far sigma varies. foreground_weight: see `LossConfig`. The learning rate is small: five times as much learns the
    sheet by heart, and other poses come out worse.
    """

    teach: Literal["matching", "colors"] = "matching"
    preset: Literal["quick", "thorough"] = "quick"
    steps: int = 100
    minutes: float = 3.0
    size: int = 512
    learning_rate: float = 7e-4
    frozen: tuple[str, ...] = ("sketch_encoder", "sketch_tokens")
    cross_share: float = 0.75
    sigma: float = 0.4
    sigma_spread: float = 0.1
    foreground_weight: float = 2.0
    ema_decay: float = 0.98
    seed: int = 1

    def __post_init__(self) -> None:
        _require(self.steps >= 1, "steps", "at least 1")
        _require(0.0 < self.minutes < math.inf, "minutes", "above 0")
        _require(32 <= self.size <= 2048, "size", "between 32 and 2048 pixels")
        _require(0.0 < self.learning_rate < 1.0, "learning_rate", "between 0 and 1")
        _require(0.0 <= self.cross_share <= 1.0, "cross_share", "between 0 and 1")
        _require(0.0 <= self.sigma_spread < self.sigma < 10.0, "sigma", "above its spread and below 10")
        _require(0.0 < self.foreground_weight < math.inf, "foreground_weight", "above 0")
        _require(0.0 <= self.ema_decay < 1.0, "ema_decay", "at least 0 and below 1")
        _require(0 <= self.seed < 2**63, "seed", "at least 0 and below 2^63")

    @classmethod
    def quick(cls, teach: Literal["matching", "colors"] = "matching") -> "FineTuneConfig":
        """One to three minutes on two cores; colors: about one."""
        if teach == "colors":
            return cls(teach=teach, steps=100, minutes=1.0, learning_rate=3e-4)
        return cls(teach=teach)

    @classmethod
    def thorough(cls, teach: Literal["matching", "colors"] = "matching") -> "FineTuneConfig":
        """Some ten minutes on two cores."""
        if teach == "colors":
            return cls(teach=teach, preset="thorough", steps=1200, minutes=12.0, learning_rate=3e-4, ema_decay=0.99)
        return cls(teach=teach, preset="thorough", steps=400, minutes=12.0, ema_decay=0.99)

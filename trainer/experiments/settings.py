"""What all rows of an experiment have in common, and the key that tells one trained row from another."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from engine import device as devices
from engine.architectures.sga_generator import SGAConfig
from engine.device import Device
from engine.errors import TrainingError
from engine.request import DeviceChoice
from engine.typed_values import telling
from trainer import perceptual
from trainer.config import Stage, TrainConfig
from trainer.evaluation import Drawing
from trainer.experiments import tables
from trainer.sources import Source, find_sources, split

SMALLEST_WORKING_SIZE = 64  # pixels, of `engine.colorizer`
WARMUP = 20  # steps of the recipe's rows, which are far shorter than the training of the model that ships


@dataclass(frozen=True)
class ExperimentConfig:
    """The budget and the data of an experiment.

    data: folders of color pictures; output: folder of the experiment. size: pixels on a side in training, and of the
    longer side in the evaluation. pictures: samples to train on, or epochs in their place. base: what rows differ from,
    the published experiment or the recipe of the model that ships, whose samples and L1 alone it takes. levels: of the
    paper's encoders. test: folder of drawings to evaluate on; without one, `held_out` of the data is not trained on and
    serves. val: folder of further characters, each with its drawings in a folder of its own, for the recipe. limit:
    drawings for each protocol. inception: weights for FID, None looks for them.
    """

    data: tuple[Path, ...]
    output: Path
    size: int = 256
    batch: int = 16
    learning_rate: float = 1e-4
    pictures: int = 0
    epochs: float = 0.0
    base: Literal["paper", "compact"] = "paper"
    levels: int = 5
    test: Path | None = None
    val: Path | None = None
    limit: int | None = None
    held_out: float = 0.05
    seed: int = 1
    device: DeviceChoice = "auto"
    precision: Literal["auto", "bf16", "fp16", "fp32"] = "auto"
    workers: int = 1
    perceptual_network: str = "auto"
    inception: Path | None = None

    def __post_init__(self) -> None:
        if self.base == "paper":
            stride, whose = tables.network({}, self.levels).stride, f"With {self.levels} levels"
        else:
            # Some canvases of its samples are a quarter narrower; a model that is trained takes any size.
            trains = self.pictures or self.epochs
            stride, whose = 4 * SGAConfig.compact().stride if trains else 1, "For the recipe"
        if self.size % stride:
            raise TrainingError("{0} the size must be a multiple of {1}, not {2}.", whose, stride, self.size)

    @property
    def working_size(self) -> int:
        """Longer side at which the evaluation looks at drawings: that of training, as far as the colorizer goes."""
        return max(SMALLEST_WORKING_SIZE, self.size)

    def train_config(
        self,
        changes: Mapping[str, Any],
        output: Path,
        losses: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> TrainConfig:
        """The base's experiment within this budget, with `changes` in its network, its losses and its data."""
        if self.base == "compact":
            start = TrainConfig.compact()
            start = replace(start, optimizer=replace(start.optimizer, warmup=WARMUP))
            network = replace(start.network, **changes)
        else:
            start, network = TrainConfig.paper(), tables.network(changes, self.levels)
        folders = {
            "folders": tuple(map(str, self.data)),
            "held_out": 0.0 if self.test else self.held_out,
            "workers": self.workers,
        }
        return replace(
            start,
            output=str(output),
            data=replace(start.data, **folders, **(data or {})),
            network=network,
            stages=(Stage(self.size, self.pictures, self.learning_rate, self.batch, self.epochs),),
            losses=replace(start.losses, perceptual_network=self.perceptual_network, **(losses or {})),
            device=self.device,
            precision=self.precision,
            seed=self.seed,
        )


@dataclass(frozen=True)
class Setup:
    """What the settings turn out to mean on this computer.

    training, test: drawings, the latter below `test_folder`. where: device and precision of training and evaluation.
    perceptual_network: the name of the one that is used.
    """

    training: tuple[Source, ...]
    test: tuple[Drawing, ...]
    test_folder: Path
    where: Device
    perceptual_network: str


def prepare(config: ExperimentConfig) -> Setup:
    """Look at the data, the device and the perceptual network. Raises TrainingError where they cannot be used."""
    where = device_of(config)
    training, test, folder = find_drawings(config)
    return Setup(training, test, folder, where, perceptual.load(config.perceptual_network).name)


def device_of(config: ExperimentConfig) -> Device:
    """Where and how precisely to compute. Raises DeviceError."""
    where = devices.choose(config.device)
    return where if config.precision == "auto" else Device(where.kind, config.precision)


def find_drawings(config: ExperimentConfig) -> tuple[tuple[Source, ...], tuple[Drawing, ...], Path]:
    """The drawings to train on, those to evaluate on, and the folder above the latter. Raises TrainingError."""
    sources = [source for folder in config.data for source in find_sources(folder)]
    if config.test is None:
        training, test = split(sources, config.held_out, config.seed)
        folder = Path(os.path.commonpath([path.absolute() for path in config.data]))
    else:
        training, test = sources, find_sources(config.test)
        folder = config.test
    if not training or len(test) < 2:
        raise TrainingError(
            "There are {0} drawings to train on and {1} to evaluate on, but it takes 1 and 2 at "
            "least: name a folder of drawings with --test, or more pictures with --data.",
            len(training),
            len(test),
        )
    _require_apart(training, test)
    drawings = tuple(Drawing(_below(folder, source.color), source.character) for source in test)
    return tuple(training), drawings, folder


def _below(folder: Path, path: Path) -> Path:
    return path if path.is_relative_to(folder) else path.absolute()


def _require_apart(training: Sequence[Source], test: Sequence[Source]) -> None:
    seen = {source.color.resolve() for source in training}
    shared = [source.color for source in test if source.color.resolve() in seen]
    if shared:
        raise TrainingError(
            "{0} of the {1} test drawings are trained on as well, the first is {2}: "
            "name a test folder outside of the data.",
            len(shared),
            len(test),
            shared[0],
        )


def fingerprint(paths: Sequence[Path]) -> str:
    """Tells one set of files from another by their last three name parts and sizes, in this order: 12 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{'/'.join(path.parts[-3:])}:{path.stat().st_size}\n".encode())
    return digest.hexdigest()[:12]


def row_key(config: TrainConfig, training: Sequence[Source]) -> str:
    """A name for the folder of a trained row: the fusion, and a hash of all that determines the weights.

    Device, precision and perceptual network are left out: a row goes on with those it was begun with, or not at all.
    """
    network, data = telling(config.network), telling(config.data)
    losses = dataclasses.asdict(config.losses)
    for values, names in ((data, ("folders", "shares", "workers", "memory")), (losses, ("perceptual_network",))):
        for name in names:
            del values[name]
    values = {
        "network": network,
        "stages": [telling(stage) for stage in config.stages],
        "data": data,
        "losses": losses,
        "optimizer": dataclasses.asdict(config.optimizer),
        "ema_decay": config.ema_decay,
        "seed": config.seed,
        "training": fingerprint([source.color for source in training]),
    }
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    return f"{network['fusion']}-{digest[:10]}"

"""What a recipe decides of a training run; what it does not say is as for any network that looks at references."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

import torch
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine import registry
from engine.architectures.discriminators import PatchDiscriminator
from engine.architectures.interface import ReferenceNetwork
from engine.device import Device
from engine.errors import TrainingError
from engine.typed_values import telling
from trainer import sample_sheet
from trainer.config import Stage, TrainConfig
from trainer.datasets import make_samples, open_pictures
from trainer.distributed import Ranks
from trainer.perceptual import PerceptualNetwork
from trainer.run_log import LOSSES
from trainer.run_state import RunState
from trainer.training_step import TrainingStep

Batch = dict[str, Tensor]


class Data(Protocol):
    """What a run learns from. skipped: files that could not be used."""

    @property
    def skipped(self) -> Sequence[Path]:
        """Files that could not be used."""
        ...

    def __len__(self) -> int:
        """How many pictures an epoch has."""
        ...


class Step(Protocol):
    """Takes steps on the `RunState` it was made for."""

    def __call__(self, batch: Batch, learning_rate: float) -> dict[str, float]:
        """Learn from a batch; returns the weighted losses by name, and their sum as "total".

        Where one of them, or the gradient, is not a number, it must come back as such and the weights must stay.
        """
        ...


class Recipe:
    """How one architecture is trained. To stay resumable bit for bit, nothing may depend on what was drawn before.

    presets: settings of whole runs that a file or the command line may name. losses: what its step returns, the total
    first. deep_features: whether perceptual and style loss look at five layers of VGG19, see `trainer.perceptual`.
    """

    presets: ClassVar[Mapping[str, Callable[[], TrainConfig]]] = {}
    losses: ClassVar[tuple[str, ...]] = LOSSES
    deep_features: ClassVar[bool] = False

    def __init__(self, architecture: str) -> None:
        """architecture: the id it was found by."""
        self.architecture = architecture

    @property
    def settings(self) -> type:
        """The frozen dataclass of the table [network]."""
        return registry.find(self.architecture).config

    def identity(self, network: Any) -> dict[str, Any]:
        """Plain values by which a checkpoint knows its network."""
        return {"architecture": self.architecture, **telling(network)}

    def build(self, network: Any) -> nn.Module:
        """A new network; its weights depend on torch's random numbers alone."""
        return registry.find(self.architecture).module(network)

    def discriminator(self, config: TrainConfig) -> nn.Module | None:
        """What judges the network while it learns, new; None where no loss needs it."""
        return PatchDiscriminator() if config.losses.adversarial else None

    def published(self, average: nn.Module) -> Mapping[str, Tensor]:
        """The weights of a model file, from the averaged ones; what only the training needs may be left out."""
        return average.state_dict()

    def size_multiple(self, config: TrainConfig) -> int:
        """What the sizes of all stages must be multiples of, in pixels."""
        with torch.device("meta"):
            stride = cast(ReferenceNetwork[Any], self.build(config.network)).stride
        return stride * canvas_parts(config)

    def try_out(self, network: Any) -> None:
        """Let a network of these settings work on the smallest sample; whatever it raises refuses the settings."""
        model = cast(ReferenceNetwork[Any], self.build(network).eval())
        line, picture = torch.zeros(1, 1, model.stride, model.stride), torch.zeros(1, 3, model.stride, model.stride)
        model(line, [picture], [line])

    def looking_with(self, network: Any, choice: str) -> Any:
        """The settings of a network that looks at references with a published network.

        choice: "auto", "own" for an encoder of ours in its place, or the published file. Raises TrainingError.
        """
        if choice == "auto":
            return network
        raise TrainingError("'{0}' looks at references with no network of others: leave it out.", self.architecture)

    def open_data(self, config: TrainConfig) -> Data:
        """What `samples` are made from. Raises TrainingError where there is nothing to learn from."""
        return open_pictures(config.data, config.seed, max(stage.size for stage in config.stages))

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """Endless samples by number, which depend on the number, the seed and the pictures alone."""
        return make_samples(config.data, data, stage.size, stage.batch, config.seed)

    def step(
        self,
        config: TrainConfig,
        stage: Stage,
        state: RunState,
        where: Device,
        ranks: Ranks,
        features: PerceptualNetwork | None,
    ) -> Step:
        """What learns from the batches of a stage, and of those after it that teach the same parts.

        features: None where neither perceptual nor style loss takes part.
        """
        return TrainingStep(config, state, where, ranks, features)

    def write_sheet(self, path: Path, network: nn.Module, batch: Batch, caption: str, where: Device) -> None:
        """Write a PNG that shows a person how far the run has come; it must leave no trace in the training.

        batch: four samples at most. Raises TrainingError when the file cannot be written.
        """
        sample_sheet.write(path, network, batch, caption, where)


def canvas_parts(config: TrainConfig) -> int:
    """4 where some canvases of the samples are half as high or wide, or three quarters, else 1."""
    return 4 if config.data.protocol == "varied" else 1

"""Training of the SGA colorizer (Li et al., ECCV 2022), and of the fusions in its place."""

from typing import Any, ClassVar

from torch.utils.data import Dataset

from engine.architectures.sga_generator import SGAConfig
from engine.typed_values import telling
from trainer.config import Stage, TrainConfig
from trainer.datasets import make_samples
from trainer.recipes.base import Batch, Recipe, canvas_parts


class SGARecipe(Recipe):
    """The published experiment, and the recipe of the model that ships."""

    presets: ClassVar = {"paper": TrainConfig.paper, "compact": TrainConfig.compact}

    def identity(self, network: SGAConfig) -> dict[str, Any]:
        """Without the architecture, which the checkpoints of older runs do not name."""
        return telling(network)

    def size_multiple(self, config: TrainConfig) -> int:
        """See `SGAConfig.stride`."""
        return config.network.stride * canvas_parts(config)

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """With the references' own line art only where the network takes its keys from it."""
        lines = config.network.keys == "line"
        return make_samples(config.data, data, stage.size, stage.batch, config.seed, reference_line=lines)

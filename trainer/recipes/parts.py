"""Training of the network that matches regions with the parts of references, on prepared samples.

The folders of [data] are such samples (`python -m trainer.parts prepare`). Samples differ in size and are drawn in
pools, so a loader's sample is its number alone, and the step draws what belongs to the numbers of its batch. The
backbone is that of the file that ships: samples hold what it sees, so it stays as it is.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine import model_catalog, model_loading
from engine.architectures.parts import PartsConfig, PartsMatcher
from engine.device import Device
from engine.errors import PictureError, TrainingError
from engine.export.png import write_png
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.parts import scores
from trainer.parts.batches import NAMES, Draws, Match
from trainer.parts.training import SHARES, load_matches, loss_of, naming_loss, on
from trainer.perceptual import PerceptualNetwork
from trainer.recipes.base import Batch, Recipe
from trainer.run_state import RunState

NAMING = 0.15  # weight of learning what parts are called
_CELL, _SHOWN = 24, 40  # pixels of a region on a sheet, and regions of a drawing there


class PartsLearner(PartsMatcher):
    """The matcher, with what it learns beside: names of parts, which no model file needs."""

    def __init__(self, config: PartsConfig) -> None:
        super().__init__(config)
        self.naming = nn.Linear(config.width, NAMES)
        self.backbone.requires_grad_(False)


class PartsData:
    """Matches to learn from, and those held out, which are shown on sheets."""

    skipped: Sequence[Path] = ()

    def __init__(self, folders: Sequence[str]) -> None:
        """Raises TrainingError where a folder has no samples."""
        self.learned: list[Match] = []
        self.held: list[Match] = []
        for folder in folders:
            learned, held = load_matches(Path(folder))
            self.learned += learned
            self.held += held

    def __len__(self) -> int:
        return len(self.learned)


class _Numbers(Dataset[Batch]):
    def __len__(self) -> int:
        return 2**62

    def __getitem__(self, number: int) -> Batch:
        return {"number": torch.tensor(number)}


class PartsStep:
    """Takes steps on a `RunState`: `loss_of` on what matches, `naming_loss` on both sides."""

    def __init__(self, config: TrainConfig, stage: Stage, data: PartsData, state: RunState, ranks: Ranks) -> None:
        self.state, self.ranks, self.clip, self.seed = state, ranks, config.optimizer.gradient_clip, config.seed
        self.batch = stage.batch
        self.draws = Draws(data.learned, SHARES, stage.batch, config.seed)
        self.learner = cast(PartsLearner, state.model)

    def __call__(self, batch: Batch, learning_rate: float) -> dict[str, float]:
        """See `trainer.recipes.base.Step`."""
        numbers = batch["number"].tolist()
        drawn = on(self.draws(numbers[0] // self.batch, self.ranks.part_of(self.batch)), self.ranks.device)
        # Of the dropout: a run that was stopped draws the same.
        torch.manual_seed(self.seed * 1_000_003 + numbers[0])
        sides = self.learner.head.understood(drawn.drawing, drawn.parts, drawn.pairs)
        matching = loss_of(self.learner.head.compared(*sides, drawn.parts, drawn.pairs), drawn)
        naming = sum(
            (naming_loss(self.learner.naming(side), names) for side, names in zip(sides, drawn.names, strict=True)),
            torch.zeros(()),
        )
        total = matching + naming * (NAMING / 2.0)
        losses = {"total": float(total.detach()), "matching": float(matching.detach())}
        losses["naming"] = losses["total"] - losses["matching"]
        if math.isfinite(losses["total"]) and not self._descend(total, learning_rate):
            losses["total"] = math.nan
        return losses

    def _descend(self, total: Tensor, learning_rate: float) -> bool:
        """Whether the gradient was one of numbers; else the weights stay."""
        optimizer = self.state.optimizer
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        optimizer.zero_grad()
        total.backward()
        learning = [one for group in optimizer.param_groups for one in group["params"] if one.grad is not None]
        for one in learning:
            one.grad = self.ranks.mean(cast(Tensor, one.grad))
        norm = torch.nn.utils.clip_grad_norm_(learning, self.clip or math.inf)
        if not bool(norm.isfinite()):
            return False
        optimizer.step()
        return True


class PartsRecipe(Recipe):
    """See the module."""

    losses: ClassVar = ("total", "matching", "naming")

    @staticmethod
    def parts() -> TrainConfig:
        """What the shipped head was trained with last, but from random weights."""
        return TrainConfig(
            architecture="parts",
            network=PartsConfig(),
            data=DataConfig(workers=0),
            stages=(Stage(384, 12 * 2400, learning_rate=1.5e-3, batch=12),),
            losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0),
            optimizer=OptimizerConfig(betas=(0.9, 0.98), schedule="linear", warmup=60, gradient_clip=1.0),
            ema_decay=0.998,
            channels_last=False,
        )

    presets: ClassVar = {"parts": parts}

    def __init__(self, architecture: str) -> None:
        """architecture: the id it was found by."""
        super().__init__(architecture)
        self._data: PartsData | None = None

    def build(self, network: Any) -> nn.Module:
        """With the frozen backbone of the file that ships. Raises TrainingError where there is none."""
        learner = PartsLearner(network)
        if next(learner.parameters()).is_meta:
            return learner
        path = model_catalog.matcher()
        if path is None:
            raise TrainingError("There is no file of {0} to take the backbone from.", model_catalog.MATCHER)
        shipped = cast(PartsMatcher, model_loading.build(path)[1])
        learner.backbone.load_state_dict(shipped.backbone.state_dict())
        return learner

    def published(self, average: nn.Module) -> dict[str, Tensor]:
        """All but the names of parts."""
        return {name: value for name, value in average.state_dict().items() if not name.startswith("naming.")}

    def size_multiple(self, config: TrainConfig) -> int:
        """The canvas has the size of the samples, which the stages have to name."""
        return config.network.side

    def try_out(self, network: Any) -> None:
        """Whatever its config refuses was refused; there is no picture to look at."""
        self.build(network)

    def open_data(self, config: TrainConfig) -> PartsData:
        """The samples. Raises TrainingError where there are none."""
        self._data = PartsData(config.data.folders)
        return self._data

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """Their numbers."""
        return _Numbers()

    def step(
        self,
        config: TrainConfig,
        stage: Stage,
        state: RunState,
        where: Device,
        ranks: Ranks,
        features: PerceptualNetwork | None,
    ) -> PartsStep:
        """On the data that was opened."""
        assert self._data is not None
        return PartsStep(config, stage, self._data, state, ranks)

    def write_sheet(self, path: Path, network: nn.Module, batch: Batch, caption: str, where: Device) -> None:
        """Of some held-out drawings the largest regions: above their true colors, below those that were chosen."""
        assert self._data is not None
        head = cast(PartsMatcher, network).head
        shown = self._data.held[:: max(1, len(self._data.held) // 8)][:8]
        rows = [
            _row(match, probability)
            for match, probability in zip(shown, scores.probabilities(head, shown), strict=True)
        ]
        if not rows:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_png(path, np.concatenate(rows))
        except (OSError, PictureError) as error:
            raise TrainingError("The sheet {0} cannot be written: {1}", path, error) from error


def _row(match: Match, probability: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Two rows of squares, and a white one under them."""
    drawing = match.drawing
    assert drawing.truth is not None
    lab = np.concatenate([np.asarray(one.lab, np.float32) for one in match.references])
    chosen = lab[probability[:, :-1].argmax(axis=1)]
    largest = np.argsort(-drawing.area, kind="stable")[:_SHOWN]
    colors = np.stack([drawing.truth[largest], chosen[largest], np.full((len(largest), 3), (100.0, 0.0, 0.0))])
    picture = np.full((3, _SHOWN, 3), (100.0, 0.0, 0.0), np.float32)
    picture[:, : len(largest)] = colors
    pixels = np.clip(np.rint(cv2.cvtColor(picture, cv2.COLOR_LAB2RGB) * 255.0), 0, 255).astype(np.uint8)
    return np.asarray(pixels.repeat(_CELL, axis=0).repeat(_CELL, axis=1), np.uint8)

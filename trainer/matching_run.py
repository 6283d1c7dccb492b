"""Teaching the network that matches parts one character: its head learns, once for each judgement and once for use.

Pictures are judged by cross-validation: the sheet is parted into folds, and each fold is colored by a head that learned
from all the others. What a person gets has learned from all. A stage is the training of one such head.
"""

import copy
import math
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine import adaptation, checkpoint, model_catalog, model_loading, registry
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.parts import PartsHead, PartsMatcher
from engine.checkpoint import BaseModel
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import TrainingError
from engine.model_catalog import ModelEntry
from trainer.character_sheet import CharacterSheet
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Measured, Progressed, Wish, Wishes
from trainer.parts.samples import Maker, Piece
from trainer.parts.training import PartsTraining, Run
from trainer.sheet_pieces import SheetPieces
from trainer.tuning_folder import TuningFolder, require_installed

BATCH, WARM_UP, MEASURED = 4, 20, 3
FOLDS, MOST_JUDGED = 4, 8  # pictures that are judged, at most: each takes seconds
PROGRESS_SECONDS, PAUSE_SECONDS, SAVE_SECONDS = 0.5, 0.1, 30.0
SMOOTHING = 0.9  # of the loss that is told


class MatchingRun:
    """Takes the steps of all stages, and goes on where an earlier slice stopped."""

    def __init__(self, sheet: CharacterSheet, base: ModelEntry, config: FineTuneConfig, folder: Path) -> None:
        """folder: of the run. Raises CheckpointError and TrainingError for a base that cannot be taught this."""
        require_installed(base)
        assert base.info is not None
        abilities = registry.abilities(base.info.architecture)
        colorizer = model_loading.load_colorizer(base.path, "cpu") if abilities.parts else None
        if not (abilities.adapting and isinstance(colorizer, ReferenceColorizer)):
            raise TrainingError("{0} is not a model whose matching can be adapted: choose another one.", base.name)
        network, whole = model_loading.matching_network(base.path, base.info)
        if not isinstance(network, PartsMatcher):
            raise TrainingError("{0} is not a model that matches parts: get the file again.", whole.name)
        self.base, self.config, self.folder, self.colorizer = base, config, folder, colorizer
        self.parts = BaseModel(model_catalog.MATCHER, model_catalog.sha256_of(whole))
        self._whole, self._network = whole, network.config
        self._head = network.head.eval().requires_grad_(False)
        maker = Maker(_frozen(network.backbone), colorizer, network.config.side)
        pictures = [picture.pixels for picture in sheet.pictures]
        self.pieces = SheetPieces(pictures, maker, config.sigma, config.seed, self._read)
        self.folds = folds_of(len(pictures), config.seed)
        self.steps = config.steps  # of a stage
        self.wish, self.resumed, self.taken, self.seconds = Wish.GO, False, 0, 0.0
        self._seconds_a_step = self._seconds_a_drawing = 0.0
        self._judging = 0.0  # seconds
        self._loss = math.nan
        self._shortened = False
        self.place = TuningFolder(folder, base, sheet.pictures, config, self.parts.sha256)

    @property
    def stages(self) -> int:
        """How many heads learn: one for each fold, and the one to use."""
        return len(self.folds) + 1

    @property
    def disk_bytes(self) -> int:
        """What the run's folder takes at most."""
        return 10 * 4 * sum(value.numel() for value in self._head.state_dict().values()) + 20 * 2**20

    def open_folder(self) -> None:
        """See `TuningFolder.open`."""
        steps = self.place.open()
        if steps is not None:
            self.steps, self.resumed = steps, True

    def measure(self, judging: float) -> Measured:
        """Make a drawing and take a few steps, which do not count, and tell how long all will take.

        judging: seconds that the judgement takes. Of a new run the number of steps is set here, so that it keeps to its
        minutes.
        """
        self._judging = judging
        self.pieces.make_next()
        self._seconds_a_drawing = _timed(self.pieces.make_next)
        while not (self.pieces.drawings or self.pieces.is_full):
            self.pieces.make_next()
        run = Run(self._settings(), self.pieces.draws((), BATCH), head=self._learner())
        run.take_step()
        self._seconds_a_step = sum(_timed(run.take_step) for _ in range(MEASURED)) / MEASURED
        if not self.resumed:
            fitting = int(60.0 * self.config.minutes / self._seconds_a_step / self.stages)
            self.steps = max(1, min(self.config.steps, fitting))
        return Measured(1.0 / self._seconds_a_step, self._seconds_left())

    def prepare(self, wishes: Wishes) -> Generator[Progressed, None, None]:
        """Make all drawings. `wish` says in the end whether to go on."""
        self.place.write(self.steps)
        told = -math.inf
        while not self.pieces.is_full:
            yield from self._heed(wishes)
            if self.wish is Wish.CANCEL:
                break
            self._seconds_a_drawing += 0.2 * (_timed(self.pieces.make_next) - self._seconds_a_drawing)
            if time.monotonic() - told >= PROGRESS_SECONDS:
                told = time.monotonic()
                yield self._progress()

    def train(self, stage: int, wishes: Wishes) -> Generator[Progressed, None, dict[str, Tensor] | None]:
        """Take the steps of a stage: yields where it is, returns the head's weights, None where it was cancelled.

        stage: number of the fold that is left out; the last one leaves out none. Where a person wants it to stop, it
        and those that follow are as short as this one came to be.
        """
        without = self.folds[stage] if stage < len(self.folds) else ()
        state = self.place.checkpoints / f"{stage:02d}"
        run = Run(self._settings(), self.pieces.draws(without, BATCH), state, head=self._learner())
        told, saved = -math.inf, time.monotonic()
        while run.step < self.steps:
            yield from self._heed(wishes)
            if self.wish is Wish.CANCEL or (self.wish is Wish.STOP and not self._shortened):
                break
            seconds = _timed(lambda: self._learn(run))
            self.seconds += seconds
            self._seconds_a_step += 0.1 * (seconds - self._seconds_a_step)
            self.taken = stage * self.steps + run.step
            if time.monotonic() - told >= PROGRESS_SECONDS or run.step == self.steps:
                told = time.monotonic()
                yield self._progress()
            if time.monotonic() - saved > SAVE_SECONDS:
                saved = time.monotonic()
                run.save()
        if self.wish is Wish.CANCEL:
            run.save()
            return None
        if run.step < self.steps:
            self.steps, self._shortened = max(1, run.step), True
            self.place.write(self.steps)
        run.save()
        return {**self._head.state_dict(), **run.averaged().state_dict()}

    def changes(self, head: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """What an adapted model with this head holds: the changes of the base it began with, and those of the head."""
        whole = checkpoint.load_stored(self._whole)
        # Whole, not as thin matrices: the steps of AdamW are of full rank, and the head is small.
        updates = {name: value.float() - whole[f"head.{name}"].float() for name, value in head.items()}
        stored = adaptation.of_parts(
            {f"{adaptation.CHANGE}head.{name}": update.half() for name, update in updates.items() if update.any()}
        )
        assert self.base.info is not None
        if self.base.info.base is not None:
            stored |= adaptation.parted(checkpoint.load_stored(self.base.path))[0]
        return stored

    def rounded(self, head: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """All weights of the matching network with this head, with the rounding of the file."""
        changed = adaptation.parted(self.changes(head))[1]
        return adaptation.apply(checkpoint.load_stored(self._whole), changed)

    def _learner(self) -> PartsHead:
        """The head without what reads the features, which stays as it is: most of the work of a step, little of the
        gain."""
        head = copy.deepcopy(self._head).requires_grad_(True)
        head.seen = nn.Sequential()
        head.picture = None if head.picture is None else nn.Sequential()
        return head

    @torch.inference_mode()
    def _read(self, piece: Piece) -> Piece:
        read = replace(piece, features=_through(self._head.seen, piece.features))
        if piece.picture is None or self._head.picture is None:
            return read
        return replace(read, picture=_through(self._head.picture, piece.picture))

    def _settings(self) -> PartsTraining:
        return PartsTraining(
            network=self._network,
            shares={},
            steps=self.steps,
            batch=BATCH,
            rate=self.config.learning_rate,
            average=self.config.ema_decay,
            naming=0.0,
            warm_up=WARM_UP,
            seed=self.config.seed,
        )

    def _learn(self, run: Run) -> None:
        """Raises TrainingError where the loss is not a number."""
        value = run.take_step()
        if not math.isfinite(value):
            raise TrainingError(
                "The loss is not a number at step {0}: adapt with other pictures, or to another base.", run.step
            )
        self._loss = value if math.isnan(self._loss) else SMOOTHING * self._loss + (1.0 - SMOOTHING) * value

    def _heed(self, wishes: Wishes) -> Generator[Progressed, None, None]:
        """Ask what a person wants, into `wish`, and wait while that is a pause."""
        self.wish = wishes()
        if self.wish is Wish.PAUSE:
            yield self._progress(paused=True)
            while self.wish is Wish.PAUSE:
                time.sleep(PAUSE_SECONDS)
                self.wish = wishes()
            yield self._progress()

    def _seconds_left(self) -> float:
        drawings = (self.pieces.total - self.pieces.made) * self._seconds_a_drawing
        return drawings + (self.stages * self.steps - self.taken) * self._seconds_a_step + self._judging

    def _progress(self, *, paused: bool = False) -> Progressed:
        total = self.stages * self.steps
        taken, loss = min(self.taken, total), 0.0 if math.isnan(self._loss) else self._loss
        return Progressed(taken, total, self.seconds, self._seconds_left(), loss, paused)


def folds_of(pictures: int, seed: int) -> list[tuple[int, ...]]:
    """Numbers of the pictures that are judged together, chosen by the seed; none for a single picture."""
    if pictures < 2:
        return []
    order = np.random.default_rng((seed, pictures)).permutation(pictures)[:MOST_JUDGED].tolist()
    count = min(FOLDS, len(order))
    return [tuple(sorted(order[place::count])) for place in range(count)]


def _through(reader: nn.Module, features: NDArray) -> NDArray[np.float32]:
    return reader(torch.from_numpy(features.astype(np.float32))).numpy().copy()


def _frozen(backbone: nn.Module) -> nn.Module:
    fold_batch_normalization(backbone.eval().requires_grad_(False))
    return backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _timed(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return max(time.monotonic() - began, 1e-6)

"""The training of a fine-tuning: its folder, its network, its steps, and where it stands after each.

The folder holds run.json (what the run is of) and checkpoints/ as any run has them.
"""

import copy
import math
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine import device as devices
from engine import model_catalog, model_loading, registry
from engine.architectures.interface import ReferenceNetwork
from engine.errors import TrainingError
from engine.model_catalog import ModelEntry
from trainer.character_sheet import SheetPicture
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Measured, Progressed, Wish, Wishes
from trainer.losses import weighted_l1
from trainer.networks import move_average
from trainer.run_state import RunState
from trainer.sheet_samples import SheetSample, SheetSamples
from trainer.tuning_folder import TuningFolder, require_installed

WARMUP, MEASURED = 10, 3  # steps of rising learning rate; steps that are timed, after one that is not
SAVE_SECONDS, PROGRESS_SECONDS, PAUSE_SECONDS = 30.0, 0.5, 0.1
SMOOTHING = 0.9  # of the loss that is told
GRADIENT_CLIP = 1.0
_COPIES = 10  # of the weights in fp32, in the run's folder: weights, average, two moments, twice while one is replaced


class AdaptingRun:
    """Takes the steps of one fine-tuning, and goes on where an earlier slice stopped."""

    def __init__(
        self, pictures: tuple[SheetPicture, ...], base: ModelEntry, config: FineTuneConfig, folder: Path
    ) -> None:
        """pictures: to learn from. folder: of the run. Raises CheckpointError for a base that cannot be used."""
        require_installed(base)
        self.base, self.config, self.folder = base, config, folder
        self.info, network = model_loading.build(base.path)
        if not registry.abilities(self.info.architecture).adapting:
            raise TrainingError("{0} is not a model that can be adapted: choose another one.", base.name)
        network = cast(ReferenceNetwork[Any], network)  # all that can be adapted are such
        # What is stored is the change of a whole model, also where the adaptation begins with an adapted one.
        whole = base.path if self.info.base is None else model_catalog.base_of(base.path, self.info).path
        self.weights = model_loading.load(whole)[1]
        self.where = devices.choose("auto")
        network.to(self.where.kind, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network = network.eval()  # batch statistics of a few pictures would be worse than those there are
        self.samples = SheetSamples([picture.pixels for picture in pictures], config, network.stride)
        for name, parameter in network.named_parameters():
            parameter.requires_grad_(name.partition(".")[0] not in config.frozen)
        self._learnable = [parameter for parameter in network.parameters() if parameter.requires_grad]
        if not self._learnable:
            raise TrainingError("Nothing of {0} is left to learn: take a part out of 'frozen'.", base.name)
        self.state = RunState(
            model=network,
            average=copy.deepcopy(network).requires_grad_(False),
            optimizer=torch.optim.Adam(self._learnable, betas=(0.9, 0.99), fused=self.where.kind in ("cpu", "cuda")),
            scaler=torch.amp.GradScaler(self.where.kind, enabled=False),
        )
        self.wish = Wish.GO
        self.steps = config.steps
        self.resumed = False
        self._seconds_a_step = 0.0
        self._loss = math.nan
        self._saved = time.monotonic()
        self._place = TuningFolder(folder, base, pictures, config)

    @property
    def disk_bytes(self) -> int:
        """What the run's folder takes at most."""
        return _COPIES * 4 * sum(value.numel() for value in self.weights.values()) + 20 * 2**20

    def open_folder(self) -> None:
        """Make the folder, or go on with the run that is in it, until `release`.

        Raises TrainingError where it is another run's, or where another process works in it.
        """
        steps = self._place.open()
        if steps is None:
            return
        self.steps = steps
        self.resumed = self.state.load(self.folder, {"network": self.info.architecture})

    def release(self) -> None:
        """Let another process work in the folder."""
        self._place.release()

    def measure(self, judging: float) -> Measured:
        """Take a few real steps, which count, and tell how long the rest will take.

        judging: how many steps the judgement is worth. Of a new run the number of steps is set here, so that it keeps
        to its minutes.
        """
        began, timed = time.monotonic(), 0
        for number in range(1 + MEASURED):
            if self.state.step >= self.steps and timed:
                break
            self._learn(self.state.step)
            if number == 0:
                began = time.monotonic()  # the first step also makes room for all others
            else:
                timed += 1
        self._seconds_a_step = max(time.monotonic() - began, 1e-6) / max(timed, 1)
        if not self.resumed:
            fitting = int(60.0 * self.config.minutes / self._seconds_a_step)
            self.steps = max(1, self.state.step, min(self.config.steps, fitting))
        left = max(0, self.steps - self.state.step)
        return Measured(1.0 / self._seconds_a_step, (left + judging) * self._seconds_a_step)

    def train(self, wishes: Wishes, judging: float) -> Generator[Progressed, None, None]:
        """Take the steps left: yields where it is, twice a second at most. `wish` says in the end why it ended."""
        self._place.write(self.steps)
        told = -math.inf
        while self.state.step < self.steps:
            self.wish = wishes()
            if self.wish is Wish.PAUSE:
                yield from self._pause(wishes, judging)
            if self.wish in (Wish.STOP, Wish.CANCEL):
                break
            began = time.monotonic()
            self._learn(self.state.step)
            self._seconds_a_step += 0.1 * (time.monotonic() - began - self._seconds_a_step)
            if self.state.seconds >= 60.0 * self.config.minutes:
                self.steps = self.state.step  # something else has slowed this computer down
            if time.monotonic() - told >= PROGRESS_SECONDS or self.state.step == self.steps:
                told = time.monotonic()
                yield self._progress(judging)
            if time.monotonic() - self._saved > SAVE_SECONDS:
                self.save()
        if told == -math.inf:
            yield self._progress(judging)  # all steps were taken before
        self.save()

    def save(self) -> None:
        """Write a checkpoint. Raises TrainingError."""
        self.state.save(self.folder, {"network": self.info.architecture})
        self._saved = time.monotonic()

    def adapted(self) -> dict[str, Tensor]:
        """The averaged weights as they are now, on the CPU."""
        return {
            name: value.detach().cpu().clone().contiguous() for name, value in self.state.average.state_dict().items()
        }

    def close_folder(self) -> None:
        """Remove what is of no use once the run is judged: the checkpoints. The note stays for what was made of it."""
        self._place.clear()

    def _learn(self, number: int) -> None:
        """One step on sample `number`. Raises TrainingError where the loss is not a number."""
        began = time.monotonic()
        sample = self._moved(self.samples.sample(number))
        with self.where.autocast():
            pictures, lines = zip(*sample.references, strict=True)
            output = self.network(sample.line, pictures, lines)
        loss = weighted_l1(output, sample.target, self.config.foreground_weight)
        self.state.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self._learnable, GRADIENT_CLIP).item()
        value = loss.item()
        if not (math.isfinite(value) and math.isfinite(norm)):
            raise TrainingError(
                "The loss is not a number at step {0}: adapt with other pictures, or to another base.", number + 1
            )
        for group in self.state.optimizer.param_groups:
            group["lr"] = self._learning_rate(number)
        self.state.optimizer.step()
        self.state.step += 1
        self.state.pictures += 1
        move_average(self.state, self.config.ema_decay)
        self._loss = value if math.isnan(self._loss) else SMOOTHING * self._loss + (1.0 - SMOOTHING) * value
        self.state.seconds += time.monotonic() - began

    def _moved(self, sample: SheetSample) -> SheetSample:
        if self.where.kind == "cpu":
            return sample
        move = {"device": self.where.kind, "memory_format": torch.channels_last}
        references = tuple((one.to(**move), line.to(**move)) for one, line in sample.references)
        return SheetSample(sample.line.to(**move), sample.target.to(**move), references)

    def _learning_rate(self, number: int) -> float:
        """Rises over the first steps, then falls to 0 along half a cosine."""
        part = min(1.0, number / max(self.steps, 1))
        return self.config.learning_rate * min(1.0, (number + 1) / WARMUP) * (0.5 + 0.5 * math.cos(math.pi * part))

    def _pause(self, wishes: Wishes, judging: float) -> Generator[Progressed, None, None]:
        self.save()
        yield self._progress(judging, paused=True)
        while self.wish is Wish.PAUSE:
            time.sleep(PAUSE_SECONDS)
            self.wish = wishes()
        yield self._progress(judging)

    def _progress(self, judging: float, *, paused: bool = False) -> Progressed:
        left = (self.steps - self.state.step + judging) * self._seconds_a_step
        return Progressed(self.state.step, self.steps, self.state.seconds, left, self._loss, paused)

"""Training as one readable function."""

import contextlib
import math
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from engine import device as devices
from engine.device import Device
from engine.errors import TrainingError
from trainer import distributed, recipes, run_folder
from trainer.config import Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.feasibility import require_feasible
from trainer.networks import build, move_average, teach
from trainer.perceptual import PerceptualNetwork
from trainer.perceptual import load as load_perceptual
from trainer.progress import TrainProgress
from trainer.recipes.base import Data, Recipe
from trainer.run_log import RunLog
from trainer.run_state import RunState

Batch = dict[str, Tensor]
SAMPLE_NUMBER = 2**30  # of the first sample on the sample sheets, far beyond those of any run


def train(
    config: TrainConfig,
    on_progress: Callable[[TrainProgress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> RunState:
    """Train, or go on training, in the folder `config.output`; returns the state of the run.

    Stops cleanly, with a checkpoint, after the step in which `should_stop` turns true. With torchrun every process
    calls this, and all stop when one should. Raises TrainingError where the data, the folder or the settings cannot be
    used, or where a loss stops being a number (the last good checkpoint stays).
    """
    require_feasible(config)
    recipe = recipes.find(config.architecture)
    where = _choose_device(config)
    with _own(Path(config.output)), distributed.join(where.kind) as ranks:
        data = recipe.open_data(config)
        config = config.counted(len(data))
        identity = recipe.identity(config.network)
        folder = Path(config.output)
        state = build(config, ranks.device)
        state.load(folder, identity)
        features = _features(config, ranks.device, deep=recipe.deep_features)
        if ranks.is_first:
            run_folder.prepare(folder, config, where, ranks.count, data, features)
        step, taught = None, ()
        with _Reports(config, state, ranks, on_progress, recipe.losses) as reports:
            saved = time.monotonic()
            for stage, batch, waited in _batches(config, recipe, data, state, ranks):
                if step is None or stage.parts != taught:
                    teach(state, config, stage.parts)
                    # Anew, because several processes agree at the start on what they teach.
                    step, taught = recipe.step(config, stage, state, where, ranks, features), stage.parts
                rate = learning_rate(config, state.pictures)
                began = time.monotonic()
                losses = step(batch, rate)
                _require_numbers(losses, state, folder)
                state.step += 1
                state.pictures += stage.batch
                move_average(state, config.ema_decay)
                state.seconds += waited + time.monotonic() - began
                stopping = ranks.any(should_stop())
                reports.add(stage, losses, rate, waited, time.monotonic() - began, last=stopping)
                if ranks.is_first and config.sample_every and state.step % config.sample_every == 0:
                    _write_samples(config, recipe, stage, data, state, where)
                if stopping:
                    break
                if ranks.is_first and time.monotonic() - saved > config.save_every * 60.0:
                    state.save(folder, identity, config.kept, config.shard_size)
                    saved = time.monotonic()
        if ranks.is_first:
            state.save(folder, identity, config.kept, config.shard_size)
            if state.pictures >= config.pictures:
                run_folder.publish_result(folder, state, config)
    return state


@contextlib.contextmanager
def _own(folder: Path) -> Iterator[None]:
    """Hold the run's folder; of several processes the first one does."""
    was_there = folder.exists()
    lock = run_folder.own(folder) if os.environ.get("RANK", "0") == "0" else None
    try:
        yield
    finally:
        if lock is not None:
            lock.release(remove=True)
        if not was_there:
            with contextlib.suppress(OSError):
                folder.rmdir()  # where nothing came of it


def learning_rate(config: TrainConfig, pictures: int) -> float:
    """The generator's learning rate after so many pictures, see `OptimizerConfig`."""
    ends = list(accumulate((stage.pictures for stage in config.stages), initial=0))
    rates = [*(stage.learning_rate for stage in config.stages), 0.0]
    if config.optimizer.schedule == "linear":
        rate = float(np.interp(pictures, ends, rates))
    else:
        rate = rates[min(sum(pictures >= end for end in ends[1:]), len(config.stages) - 1)]
    warmup = config.optimizer.warmup
    return rate * min(1.0, (pictures // config.stages[0].batch + 1) / warmup) if warmup else rate


def _choose_device(config: TrainConfig) -> Device:
    where = devices.choose(config.device)
    return where if config.precision == "auto" else Device(where.kind, config.precision)


def _features(config: TrainConfig, device: torch.device, *, deep: bool) -> PerceptualNetwork | None:
    if not (config.losses.perceptual or config.losses.style):
        return None
    features = load_perceptual(config.losses.perceptual_network, deep=deep).to(device)
    return features.to(memory_format=torch.channels_last) if config.channels_last else features  # type: ignore[call-overload]


def _batches(
    config: TrainConfig, recipe: Recipe, data: Data, state: RunState, ranks: Ranks
) -> Iterator[tuple[Stage, Batch, float]]:
    """This process's part of every batch from where the run stands, with the seconds it had to be waited for."""
    end = 0
    for stage in config.stages:
        end += stage.pictures
        if state.pictures >= end:
            continue
        parts = _Parts(state.pictures, end, stage.batch, ranks)
        batches = iter(_loader(config, recipe.samples(config, data, stage), parts, ranks))
        while True:
            began = time.monotonic()
            batch = next(batches, None)
            if batch is None:
                break
            yield stage, batch, time.monotonic() - began


class _Parts(Sampler[list[int]]):
    """Sample numbers from `start` to `stop`, batch by batch: what a resumed run has seen is never drawn again."""

    def __init__(self, start: int, stop: int, batch: int, ranks: Ranks) -> None:
        self.start, self.stop, self.batch = start, stop, batch
        self.part = ranks.part_of(batch)

    def __iter__(self) -> Iterator[list[int]]:
        for first in range(self.start, self.stop, self.batch):
            yield list(range(first, first + self.batch))[self.part]

    def __len__(self) -> int:
        return (self.stop - self.start) // self.batch


def _loader(config: TrainConfig, samples: Dataset[Batch], parts: _Parts, ranks: Ranks) -> DataLoader[Batch]:
    # Workers are forked, and a forked OpenCV waits for ever for the threads its parent had.
    cv2.setNumThreads(0)
    return DataLoader(
        samples,
        batch_sampler=parts,
        num_workers=config.data.workers,
        worker_init_fn=_quiet_worker,
        prefetch_factor=4 if config.data.workers else None,
        pin_memory=ranks.device.type == "cuda",
    )


def _quiet_worker(worker: int) -> None:
    """One thread a worker: the cores belong to the network. Ctrl+C is for the trainer, which finishes its step."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _require_numbers(losses: Mapping[str, float], state: RunState, folder: Path) -> None:
    bad = [name for name, value in losses.items() if not math.isfinite(value)]
    if bad:
        raise TrainingError(
            "The loss '{0}' is not a number at step {1}, and nothing of that step is kept: choose a "
            "lower learning rate or a gradient_clip; the last good checkpoint, if there was one, is in {2}.",
            bad[0],
            state.step + 1,
            folder,
        )


def _write_samples(
    config: TrainConfig, recipe: Recipe, stage: Stage, data: Data, state: RunState, where: Device
) -> None:
    samples = recipe.samples(config, data, stage)
    rows = [samples[SAMPLE_NUMBER + number] for number in range(min(4, stage.batch))]
    batch = {key: torch.stack([row[key] for row in rows]) for key in rows[0]}
    path = Path(config.output) / "samples" / f"{state.step:08d}.png"
    recipe.write_sheet(path, state.average, batch, f"step {state.step}, {state.pictures} pictures", where)


@dataclass
class _Reports:
    """Means since the last report, told and logged every `log_every` steps and at the end of a slice."""

    config: TrainConfig
    state: RunState
    ranks: Ranks
    on_progress: Callable[[TrainProgress], None]
    losses: tuple[str, ...]
    sums: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    steps: int = 0
    pictures: int = 0
    waited: float = 0.0
    spent: float = 0.0
    log: RunLog | None = None

    def __enter__(self) -> "_Reports":
        if self.ranks.is_first:
            self.log = RunLog(Path(self.config.output), self.config.log, self.state.step, self.losses)
        return self

    def __exit__(self, *_: Any) -> None:
        if self.log is not None:
            self.log.close()

    def add(
        self, stage: Stage, losses: Mapping[str, float], rate: float, waited: float, worked: float, *, last: bool
    ) -> None:
        """Take in one step; tell where the run stands if it is time to, and in any case at the `last`."""
        for name, value in losses.items():
            self.sums[name] += value
        self.steps += 1
        self.pictures += stage.batch
        self.waited += waited
        self.spent += waited + worked
        done = self.state.pictures >= self.config.pictures
        if not (last or done or self.state.step % self.config.log_every == 0):
            return
        means = self.ranks.mean(torch.tensor([value / self.steps for value in self.sums.values()])).tolist()
        progress = TrainProgress(
            step=self.state.step,
            pictures=self.state.pictures,
            total=self.config.pictures,
            size=stage.size,
            losses=dict(zip(self.sums, means, strict=True)),
            learning_rate=rate,
            rate=self.pictures / self.spent,
            waiting=self.waited / self.spent,
            seconds=self.state.seconds,
        )
        self.sums.clear()
        self.steps, self.pictures, self.waited, self.spent = 0, 0, 0.0, 0.0
        if self.log is not None:
            self.log.write(progress)
            self.on_progress(progress)

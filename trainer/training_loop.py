"""Training as one readable function."""

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Sampler

from engine.architectures.sga_generator import SGAGenerator
from engine.errors import TrainingError
from trainer.config import Stage, TrainConfig
from trainer.datasets import Samples, Source
from trainer.losses import weighted_l1
from trainer.run_state import RunState

SAVE_EVERY_SECONDS = 120.0


@dataclass(frozen=True)
class TrainProgress:
    """Where a run stands. pictures of total seen; loss: mean since the last report; rate: pictures per second."""

    pictures: int
    total: int
    size: int
    loss: float
    rate: float


class _Consecutive(Sampler[int]):
    """Sample numbers from `start` to `stop`: what a resumed run has seen is never drawn again."""

    def __init__(self, start: int, stop: int) -> None:
        self.start, self.stop = start, stop

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.start, self.stop))

    def __len__(self) -> int:
        return self.stop - self.start


def train(
    config: TrainConfig,
    sources: Sequence[Source],
    output: Path,
    on_progress: Callable[[TrainProgress], None] = lambda progress: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> RunState:
    """Train, or go on training, in the folder `output`; stop cleanly after the step in which `should_stop` turns true.

    Raises TrainingError where the data or the folder cannot be used, or where the loss stops being a number (the last
    good state stays on disk).
    """
    output.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    model = SGAGenerator(config.network).to(memory_format=torch.channels_last).train()
    optimizer = torch.optim.Adam(model.parameters(), betas=config.betas)
    state = RunState(model, copy.deepcopy(model).requires_grad_(False), optimizer)
    state.load(output)
    samples: Samples | None = None
    finished = 0
    for stage in config.stages:
        start, stop = max(finished, state.pictures), finished + stage.pictures
        finished = stop
        if start >= stop:
            continue
        if samples is None:
            # Workers are forked, and a forked OpenCV waits for ever for the threads its parent had.
            cv2.setNumThreads(0)
            samples = Samples(sources, stage.size, config.seed)
        samples.size, samples.batch = stage.size, stage.batch
        _train_stage(config, stage, samples, (start, stop), state, output, on_progress, should_stop)
        if state.pictures < stop:  # stopped on request
            break
    state.save(output)
    return state


def _train_stage(
    config: TrainConfig,
    stage: Stage,
    samples: Samples,
    span: tuple[int, int],
    state: RunState,
    output: Path,
    on_progress: Callable[[TrainProgress], None],
    should_stop: Callable[[], bool],
) -> None:
    loader = DataLoader(
        samples,
        batch_size=stage.batch,
        sampler=_Consecutive(*span),
        num_workers=config.workers,
        worker_init_fn=_quiet_worker,
    )
    losses: list[float] = []
    reported, seen, last_save = time.monotonic(), 0, time.monotonic()
    for batch in loader:
        began = time.monotonic()
        for group in state.optimizer.param_groups:
            group["lr"] = learning_rate(config, state.pictures)
        loss = train_step(config, state, batch)
        if not math.isfinite(loss):
            raise TrainingError(
                f"The loss is not a number after {state.pictures} pictures: lower the learning rate and start again "
                f"from the state in {output}."
            )
        size = batch["line"].shape[0]
        state.pictures += size
        seen += size
        losses.append(loss)
        now = time.monotonic()
        state.seconds += now - began
        if len(losses) >= 50 or state.pictures >= span[1]:
            mean = sum(losses) / len(losses)
            on_progress(TrainProgress(state.pictures, config.pictures, stage.size, mean, seen / (now - reported)))
            losses, reported, seen = [], now, 0
        if now - last_save > SAVE_EVERY_SECONDS:
            state.save(output)
            last_save = now
        if should_stop():
            break


def train_step(config: TrainConfig, state: RunState, batch: dict[str, Tensor]) -> float:
    """One step on a batch of `Samples`; returns the loss."""
    line, target, reference, reference_line = (
        batch[key].to(memory_format=torch.channels_last) for key in ("line", "target", "reference", "reference_line")
    )
    with torch.autocast("cpu", torch.bfloat16, enabled=config.precision == "bf16"):
        output = state.model(line, [reference], [reference_line])
    loss = weighted_l1(output, target, config.foreground_weight)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.gradient_clip)
    if math.isfinite(value := loss.item()):
        state.optimizer.step()
        _average(state, config.ema_decay)
    return value


def _average(state: RunState, decay: float) -> None:
    """Exponential moving average of weights and batch statistics; young runs average over fewer steps."""
    moment = state.optimizer.state[next(state.model.parameters())]
    step = float(moment["step"])
    decay = min(decay, (1.0 + step) / (10.0 + step))
    with torch.no_grad():
        for kept, new in zip(state.average.state_dict().values(), state.model.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(new, 1.0 - decay)
            else:
                kept.copy_(new)


def learning_rate(config: TrainConfig, pictures: int) -> float:
    """The learning rate after so many pictures, see `TrainConfig`."""
    ends = list(accumulate((stage.pictures for stage in config.stages), initial=0))
    rates = [*(stage.learning_rate for stage in config.stages), 0.0]
    rise = min(1.0, (pictures // config.stages[0].batch + 1) / config.warmup)
    return rise * float(np.interp(pictures, ends, rates))


def _quiet_worker(worker: int) -> None:
    """One thread a worker: the cores belong to the network."""
    torch.set_num_threads(1)

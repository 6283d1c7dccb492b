"""A training step of the paper's networks and losses at 256², batch 16: the device's fast precision against plain fp32.

On a GPU also the share of time that a real run spends waiting for samples.
Run: `uv run python -m tests.benchmarks.bench_training [--steps N] [--batch N]`.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import torch

from engine import device as devices
from engine.device import Device
from tests.drawings import draw
from trainer import perceptual
from trainer.config import DataConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.networks import build
from trainer.training_loop import train
from trainer.training_step import TrainingStep


def pictures_per_second(where: Device, *, channels_last: bool, steps: int, batch: int) -> float:
    """How many 256² pictures a second the steps learn from, after one step to warm up."""
    config = replace(TrainConfig.paper(), precision=where.precision, channels_last=channels_last)  # type: ignore[arg-type]
    ranks = Ranks(0, 1, torch.device(where.kind))
    state = build(config, ranks.device)
    step = TrainingStep(config, state, where, ranks, perceptual.load("seeded").to(ranks.device))
    generator = torch.Generator().manual_seed(0)
    samples = {
        key: torch.rand(batch, channels, 256, 256, generator=generator) * 2.0 - 1.0
        for key, channels in (("line", 1), ("target", 3), ("reference", 3))
    }
    step(samples, 1e-4)
    began = time.perf_counter()
    for _ in range(steps):
        step(samples, 1e-4)  # reads its losses, so that nothing is left under way
    return steps * batch / (time.perf_counter() - began)


def waiting_share(where: Device, batch: int) -> tuple[float, float]:
    """Pictures per second and share of time waiting for samples in a run of 60 steps."""
    import cv2

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(64):
            cv2.imwrite(str(folder / f"{seed}.png"), draw(seed, (512, 512)))
        seen = []
        config = replace(
            TrainConfig.paper(),
            data=DataConfig(folders=(name,), workers=8 if where.kind == "cuda" else 1),
            stages=(Stage(256, 60 * batch, batch=batch),),
            output=str(folder / "run"),
            log_every=20,
        )
        train(config, seen.append)
        return seen[-1].rate, seen[-1].waiting


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    options = parser.parse_args()
    where = devices.choose()
    plain = pictures_per_second(
        Device(where.kind, "fp32"), channels_last=False, steps=options.steps, batch=options.batch
    )
    print(f"fp32: {plain:.2f} pictures/s on {where.kind}")
    if where.precision == "fp32":
        print("this device has no faster precision")
        return
    fast = pictures_per_second(where, channels_last=True, steps=options.steps, batch=options.batch)
    print(f"{where.precision} + channels_last: {fast:.2f} pictures/s, {fast / plain:.2f} times (target 2)")
    if where.kind == "cuda":
        rate, waiting = waiting_share(where, options.batch)
        print(f"a whole run: {rate:.1f} pictures/s, {100 * waiting:.1f} % of the time waiting for samples (target 5 %)")


if __name__ == "__main__":
    main()

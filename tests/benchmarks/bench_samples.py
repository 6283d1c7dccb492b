"""Training samples a second on one core: `python -m tests.benchmarks.bench_samples [--data DIR] [--size N]`.

Without --data, on our own drawn characters. The goal: 60 pictures a second with the paper's protocol at 256 pixels,
from decoded pictures. The times are the process's own on one thread, so that a busy machine hardly changes them; the
ratio is to one cv2.GaussianBlur of σ 2 of a picture of that size, so that machines can be compared.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is imported: one core means one

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch

from engine.line_art.xdog import gray_of, xdog
from trainer import augmentation
from trainer.config import DataConfig
from trainer.datasets import make_samples
from trainer.drawn_characters import draw
from trainer.pictures import PictureStore
from trainer.sources import find_sources

GOAL = 60.0  # pictures a second
PICTURES = 24
FILE_SIDE = 512  # pixels
ROUNDS = 96


def mean_milliseconds(tasks: dict[str, Callable[[int], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Of each task, called with the number of the round: the mean, for some samples take far longer than others."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + 1):
        for name, task in tasks.items():
            start = time.process_time()
            task(number)
            times[name].append(1000.0 * (time.process_time() - start))
    return {name: float(np.mean(values[1:])) for name, values in times.items()}


def write_pictures(folder: Path) -> None:
    """The same characters as JPEG, WebP and PNG, each in a folder of its own."""
    for number in range(PICTURES):
        picture = cv2.cvtColor(draw(number, number, FILE_SIDE).color, cv2.COLOR_RGB2BGR)
        for suffix in ("jpg", "webp", "png"):
            (folder / suffix).mkdir(exist_ok=True)
            cv2.imwrite(str(folder / suffix / f"{number}.{suffix}"), picture)


def sample_tasks(folders: dict[str, Path], size: int) -> dict[str, Callable[[int], object]]:
    """Making one sample, with either protocol, from decoded pictures and from files."""
    tasks: dict[str, Callable[[int], object]] = {}
    paper, varied = DataConfig(protocol="paper"), DataConfig(protocol="varied")
    first = next(iter(folders.values()))
    kept = {side: PictureStore(find_sources(first)[:PICTURES], side, 4.0) for side in (size, 384)}
    tasks["paper, decoded"] = make_samples(paper, kept[size], size, 16, 1).__getitem__
    tasks["paper, decoded, no reference line"] = make_samples(paper, kept[size], size, 16, 1, False).__getitem__
    tasks["varied, decoded"] = make_samples(varied, kept[384], size, 16, 1).__getitem__
    for name, folder in folders.items():
        read_anew = PictureStore(find_sources(folder)[:PICTURES], size, 0.0)
        tasks[f"paper, {name} files"] = make_samples(paper, read_anew, size, 16, 1).__getitem__
    return tasks


def step_tasks(folder: Path, size: int) -> dict[str, Callable[[int], object]]:
    """The steps of a sample of the paper's, each by itself."""
    picture = PictureStore(find_sources(folder)[:1], size, 1.0).picture(0).color
    picture = np.asarray(cv2.resize(picture, (size, size)), np.uint8)
    gray, rng = gray_of(picture), np.random.default_rng(0)
    maps = augmentation.diagonal_warp(size, rng)
    return {
        "one XDoG": lambda _: xdog(gray_of(picture)),
        "color jitter": lambda _: augmentation.jitter(picture, rng),
        "thin-plate spline": lambda _: augmentation.diagonal_warp(size, rng),
        "warp by it": lambda _: augmentation.warp(picture, maps),
        "blur": lambda _: cv2.GaussianBlur(gray, (0, 0), 2.0),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--size", type=int, default=256)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if arguments.data is None:
            write_pictures(folder)
        folders = {"its": arguments.data} if arguments.data else {s: folder / s for s in ("jpg", "webp", "png")}
        samples = sample_tasks(folders, arguments.size)
        times = mean_milliseconds(samples | step_tasks(next(iter(folders.values())), arguments.size))
    blur = times["blur"]
    for name, milliseconds in times.items():
        rate = f"{1000.0 / milliseconds:7.0f} a second" if name in samples else " " * 16
        print(f"{name:34} {milliseconds:7.2f} ms {rate} {milliseconds / blur:7.1f} blurs")
    rate = 1000.0 / times["paper, decoded"]
    verdict = "met" if rate >= GOAL else "MISSED"
    print(f"goal: {GOAL:.0f} pictures a second of {arguments.size} pixels with the paper's protocol: {verdict}")


if __name__ == "__main__":
    main()

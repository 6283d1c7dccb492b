"""CPU time and memory of shading and the inspector on a 4096×4096 drawing: `python -m tests.benchmarks.bench_shading`.

Processor time of all threads, least of three, as the machine may be busy; memory is what is allocated beyond the input.
"""

import time
import tracemalloc
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.flats import paint, vote
from engine.color.shading import find_shading
from engine.leaks import find_leaks
from engine.line_art.regions import find_regions

SIDE, SHAPES = 4096, 300
TARGETS = {"soft": 1.5, "cel": 1.5, "leaks": 1.0}  # CPU seconds
TARGET_MEMORY = 600.0  # MB


def drawing() -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Ink of ellipses over each other, a fifth of them left open, and a guess with soft shading."""
    rng = np.random.default_rng(0)
    ink, guess = np.full((SIDE, SIDE), 255, np.uint8), np.full((SIDE, SIDE, 3), 255, np.uint8)
    for number in range(SHAPES):
        center = (int(rng.integers(0, SIDE)), int(rng.integers(0, SIDE)))
        axes = (int(rng.integers(30, 450)), int(rng.integers(30, 450)))
        turn = int(rng.integers(0, 180))
        color = tuple(int(channel) for channel in rng.integers(60, 250, 3))
        for picture, value in ((guess, color), (ink, 255)):
            cv2.ellipse(picture, center, axes, turn, 0, 360, value, -1)
        cv2.ellipse(ink, center, axes, turn, 0, 358 if number % 5 == 0 else 360, 0, 7, cv2.LINE_AA)
    light = cv2.resize(rng.uniform(0.6, 1.1, (64, 64)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    for channel in range(3):
        paper = guess[..., channel] == 255
        guess[..., channel] = np.where(paper, 255, np.clip(guess[..., channel] * light, 0.0, 255.0)).astype(np.uint8)
    return (ink / np.float32(255.0)).astype(np.float32), guess


def cost(task: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds and MB of a task."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        task()
        seconds.append(time.process_time() - start)
    tracemalloc.start()
    task()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return min(seconds), peak / 1e6


def main() -> None:
    """Print the costs and the targets."""
    ink, guess = drawing()
    regions = find_regions(ink)
    flats = vote(guess, regions, ink)
    painted = paint(flats, regions)
    tasks: dict[str, Callable[[], object]] = {
        "soft": lambda: find_shading(guess, painted, ink, regions, "soft"),
        "cel": lambda: find_shading(guess, painted, ink, regions, "cel"),
        "leaks": lambda: find_leaks(regions, flats.colors, ink, guess),
    }
    print(f"{SIDE}x{SIDE}, {regions.count} regions, {len(find_leaks(regions, flats.colors, ink, guess))} leaks")
    for name, task in tasks.items():
        seconds, memory = cost(task)
        met = seconds <= TARGETS[name] and memory <= TARGET_MEMORY
        print(
            f"{name}: {seconds:.2f} CPU s (target {TARGETS[name]:g}), {memory:.0f} MB (target {TARGET_MEMORY:g}): "
            f"{'met' if met else 'MISSED'}"
        )


if __name__ == "__main__":
    main()

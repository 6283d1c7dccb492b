"""XDoG of a 2048×2048 picture against one Gaussian blur of it: `python -m tests.benchmarks.bench_xdog`."""

import time
from collections.abc import Callable

import cv2
import numpy as np

from engine.line_art.xdog import xdog

SIDE = 2048
TARGET_RATIO = 4.0
ROUNDS = 25


def measure() -> dict[str, float]:
    """Median milliseconds of the blur and of both kinds of XDoG, in turns so that a busy machine is fair to all."""
    gray = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    tasks: dict[str, Callable[[], object]] = {
        "blur": lambda: cv2.GaussianBlur(gray, (0, 0), 2.0),
        "sharp": lambda: xdog(gray),
        "soft": lambda: xdog(gray, sharp=False),
    }
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS + 1):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(1000.0 * (time.perf_counter() - start))
    return {name: float(np.median(values[1:])) for name, values in times.items()}


def main() -> None:
    """Print the times, the ratios and the target."""
    result = measure()
    print(f"GaussianBlur sigma 2, {SIDE}x{SIDE} float32: {result['blur']:.1f} ms ({cv2.getNumThreads()} threads)")
    for name in ("sharp", "soft"):
        ratio = result[name] / result["blur"]
        verdict = "met" if ratio <= TARGET_RATIO else "MISSED"
        print(f"XDoG {name}: {result[name]:.1f} ms, ratio {ratio:.2f}, target at most {TARGET_RATIO:g}: {verdict}")


if __name__ == "__main__":
    main()

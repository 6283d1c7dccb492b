"""Regions of large drawings, CPU seconds and memory: `python -m tests.benchmarks.bench_regions [drawing.png]`.

Targets: at most 2.5 CPU seconds and 1 GiB above the ink at 4096×4096, 16 megapixels at most 4.4 times 4 megapixels,
less than 4 GiB at 8192×8192; no more time where there are 100,000 tiny areas. Each measure runs in its own process, on
one core; the best of a few, as others use the machine too.
"""

import multiprocessing
import resource
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

TARGET_SECONDS, TARGET_RATIO, TARGET_MEMORY, TARGET_LARGEST = 2.5, 4.4, 1024, 4096
ROUNDS = 3


def drawing(side: int, kind: str) -> NDArray[np.float32]:
    """Ink of side × side: "figures" (or the path of a drawing, enlarged), "dots" or "noise"."""
    if kind == "noise":
        return (np.random.default_rng(0).random((side, side), np.float32) > 0.5).astype(np.float32)
    if kind == "dots":
        dots = (np.arange(side) % 12 - 6) ** 2
        return (dots[:, None] + dots <= 16).astype(np.float32)
    if kind != "figures":
        from engine.images import read
        from engine.line_art.prepare import prepare

        ink = cv2.resize(prepare(read(Path(kind))).ink, (side, side), interpolation=cv2.INTER_LINEAR)
        return np.asarray(ink, np.float32)
    random = np.random.default_rng(0)
    canvas = np.full((side, side), 255, np.uint8)
    for _ in range(40):
        axes = (int(random.uniform(0.02, 0.2) * side), int(random.uniform(0.02, 0.2) * side))
        center, tilt, start = random.integers(0, side, 2).tolist(), int(random.integers(180)), int(random.integers(360))
        cv2.ellipse(canvas, center, axes, tilt, start, start + 358, 0, max(1, side // 400), cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


def measure(side: int, kind: str) -> tuple[float, float, int, bool]:
    """CPU seconds, MiB above the ink, number of regions, whether simplified."""
    from engine.line_art.regions import find_regions

    cv2.setNumThreads(1)
    find_regions(np.ones((8, 8), np.float32))
    ink = drawing(side, kind)
    before = resource.getrusage(resource.RUSAGE_SELF)
    regions = find_regions(ink)
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return seconds, (after.ru_maxrss - before.ru_maxrss) / unit, regions.count, regions.simplified


def main() -> None:
    """Print seconds, memory and the ratios."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "figures"
    best: dict[int, float] = {}
    for side, what, rounds in [(2048, kind, ROUNDS), (4096, kind, ROUNDS), (8192, kind, 1)] + [
        (4096, what, 1) for what in ("dots", "noise")
    ]:
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            results = pool.starmap(measure, [(side, what)] * rounds, chunksize=1)
        seconds, memory, count, simplified = min(results)
        if what == kind:
            best[side] = seconds
        told = f"{Path(what).stem:24.24} {side}x{side}: {seconds:5.2f} CPU s, {memory:5.0f} MiB above the ink"
        print(f"{told}, {count} regions{', simplified' if simplified else ''}")
    ratio = best[4096] / best[2048]
    print(f"4096x4096: {best[4096]:.2f} s (target: {TARGET_SECONDS:g}), {ratio:.2f} times 2048x2048 ({TARGET_RATIO:g})")
    print(f"memory targets: {TARGET_MEMORY} MiB at 4096x4096, {TARGET_LARGEST} MiB at 8192x8192")


if __name__ == "__main__":
    main()

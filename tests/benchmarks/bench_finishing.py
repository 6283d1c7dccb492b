"""CPU seconds and memory of finishing a large coloring: `python -m tests.benchmarks.bench_finishing [drawing.png]`.

Everything but the network, from its guess to the flattened picture. Targets: at most 6 CPU seconds and 2 GiB at
4096×4096, 16 megapixels at most 4.4 times 4 megapixels, less than 6 GiB at 8192×8192. Each measure runs in its own
process on one core; memory is its peak above the ink and the guess.
"""

import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

SIDES, ROUNDS = (2048, 4096, 8192), (3, 3, 1)
TARGET_SECONDS, TARGET_RATIO = 6.0, 4.4
TARGET_MEMORY = {4096: 2048, 8192: 6144}  # MiB

Answer = TypeVar("Answer")


class Clock:
    """CPU seconds by the name of the step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.process_time()

    def lap(self, name: str, answer: Answer) -> Answer:
        """What was just computed, and how long it took since the lap before."""
        now = time.process_time()
        self.seconds[name] = now - self._last
        self._last = now
        return answer


def drawing(side: int, path: str | None) -> NDArray[np.float32]:
    """Ink of side × side: ellipses over each other, or a drawing enlarged."""
    if path is not None:
        from engine.images import read
        from engine.line_art.prepare import prepare

        return np.asarray(cv2.resize(prepare(read(Path(path))).ink, (side, side)), np.float32)
    random = np.random.default_rng(0)
    canvas = np.full((side, side), 255, np.uint8)
    for _ in range(60):
        axes = (int(random.uniform(0.02, 0.2) * side), int(random.uniform(0.02, 0.2) * side))
        center, tilt = random.integers(0, side, 2).tolist(), int(random.integers(180))
        cv2.ellipse(canvas, center, axes, tilt, 0, 360, 0, max(1, side // 400), cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


def guess(side: int) -> NDArray[np.uint8]:
    """Patches of eight colors that are hazy between each other, as a network paints them."""
    random = np.random.default_rng(1)
    small = random.integers(40, 256, (8, 3), np.uint8)[random.integers(0, 8, (12, 12))]
    large = cv2.resize(small, (512, 512), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.resize(cv2.blur(large, (9, 9)), (side, side), interpolation=cv2.INTER_LINEAR), np.uint8)


def measure(side: int, path: str | None) -> tuple[float, dict[str, float], float, int]:
    """CPU seconds of all and of each step, MiB at the peak, and the number of regions."""
    from engine import finishing, layering
    from engine.color import dividing, flats, swatch_choice, swatches
    from engine.layers import flatten
    from engine.leaks import find_leaks
    from engine.line_art.regions import find_regions
    from engine.request import ColorizeRequest, LineArt, Reference

    cv2.setNumThreads(1)
    ink, color = drawing(side, path), guess(side)
    reference = Reference(guess(512))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    clock = Clock()
    found = clock.lap("regions", find_regions(ink))
    regions = clock.lap("divide", dividing.divide(found, color, ink))
    voted = clock.lap("vote", flats.vote(color, regions, ink))
    palette = clock.lap("swatches", swatches.with_paper(swatches.find_swatches([reference])))
    masses = np.ones((regions.count, len(palette.swatches)), np.float32)
    choice = clock.lap("choose", swatch_choice.choose(voted, masses, palette))
    painted = flats.Flats(choice.colors, voted.confidence)
    picture = clock.lap("paint", flats.paint(painted, regions))
    leaks = clock.lap("leaks", find_leaks(regions, choice.colors, ink, color))
    request = ColorizeRequest(LineArt(ink), (reference,))
    finished = finishing.Finished(request, picture, regions, painted, palette, choice.swatch, choice.moved)
    stack = clock.lap("layers", layering.to_stack(finished))
    clock.lap("flatten", flatten(stack))
    total = sum(clock.seconds.values())
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit
    del stack, leaks
    clock.lap("", None)
    by_swatch = clock.lap("layers by swatch", layering.to_stack(finished, by_swatch=True))
    clock.lap("opened again", layering.reopen(by_swatch, "drawing"))
    kept = np.dstack([picture, np.full((side, side), 255, np.uint8)])
    clock.lap("", None)
    clock.lap("kept colors", flats.colors_of(kept, flats.divided_by_paint(regions, kept, ink), ink))
    clock.lap("another palette", finishing.repaint(finished, palette))
    del clock.seconds[""]
    return total, clock.seconds, peak, regions.count


def main() -> None:
    """Print seconds, memory and the ratios."""
    path = sys.argv[1] if len(sys.argv) > 1 else None
    best: dict[int, float] = {}
    for side, rounds in zip(SIDES, ROUNDS, strict=True):
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            results = pool.starmap(measure, [(side, path)] * rounds, chunksize=1)
        best[side], seconds, memory, count = min(results, key=lambda result: result[0])
        target = f" (target: {TARGET_MEMORY[side]})" if side in TARGET_MEMORY else ""
        print(f"{side}x{side}: {best[side]:.2f} CPU s, {memory:.0f} MiB{target}, {count} regions")
        print("  " + ", ".join(f"{name} {spent:.2f}" for name, spent in seconds.items()))
    ratio = best[4096] / best[2048]
    print(f"4096x4096: {best[4096]:.2f} s (target: {TARGET_SECONDS:g}), {ratio:.2f} times 2048x2048 ({TARGET_RATIO:g})")


if __name__ == "__main__":
    main()

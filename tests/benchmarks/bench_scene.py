"""A scene's seconds a frame, memory, and what a correction costs: `python -m tests.benchmarks.bench_scene`.

Two drawn characters move side by side in each frame. The shipped model colors them from the first frame, then one
correction is answered. Memory is what the process holds beyond the loaded model, early and late. `--side 1080 --count
200` is a long scene; with `--copies N` only N frames are drawn and come again, so that many frames take little time to
make, and are still colored one by one, as each has a speck of its own. Linux only.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import pipeline
from engine.corrections import Corrections, Hint
from engine.pipeline import LoadedModel, run
from engine.request import Progress, Reference
from engine.video import files
from engine.video.scene import color_scene
from engine.video.scene_request import KeyFrame, SceneRequest
from engine.video.work_folder import WorkFolder
from tests.benchmarks.bench_batch import resident
from trainer.drawn_characters.scene import Frame, scene

COUNT, SIDE, SETTLED = 24, 720, 10
SECONDS_GOAL, CORRECTION_GOAL, MEMORY_GOAL, GROWTH_GOAL = 3.0, 0.15, 1024.0, 0.05
SEEDS = (7013, 7003)


def drawn(side: int, count: int) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Lines H×W and colors H×W×3 of so many frames, 16 to 9 and `side` pixels high."""
    width = side * 16 // 9
    one, other = ([*scene(seed, count, side)] for seed in SEEDS)
    found = []
    for pair in zip(one, other, strict=True):
        line, colored = np.full((side, width), 255, np.uint8), np.full((side, width, 3), 255, np.uint8)
        for frame, left in zip(pair, (0, width - side), strict=True):
            _lay(frame, line[:, left : left + side], colored[:, left : left + side])
        found.append((line, colored))
    return found


def _lay(frame: Frame, line: NDArray[np.uint8], colored: NDArray[np.uint8]) -> None:
    picture = np.minimum(frame.flats, frame.line[..., None])
    np.minimum(line, frame.line, out=line)
    np.minimum(colored, picture, out=colored)


class Watch:
    """Notes the memory at each step of a run."""

    def __init__(self) -> None:
        self.memory: list[float] = []

    def __call__(self, progress: Progress) -> None:
        if progress.message == "Writing the frames" or not self.memory or progress.fraction > 0.06:
            self.memory.append(resident())


def main() -> None:
    """Print the numbers and their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--side", type=int, default=SIDE)
    parser.add_argument("--copies", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = drawn(arguments.side, arguments.copies or arguments.count)
        (folder / "in").mkdir()
        for number in range(arguments.count):
            line = frames[number % len(frames)][0].copy()
            line[0, number % line.shape[1]] = 254 - number % 3
            Image.fromarray(line).save(folder / "in" / f"{number:05d}.png", compress_level=1)
        model = pipeline.load_model(pipeline.find_model(None), "cpu")
        key = KeyFrame(Reference(frames[0][1], name="key"), 0)
        _measure(folder, model, key, arguments.count)


def _measure(folder: Path, model: LoadedModel, key: KeyFrame, count: int) -> None:
    source, output, watch = files.open_frames(folder / "in"), folder / "out", Watch()
    assert model.entry is not None
    with WorkFolder(output) as work:
        before, began, cpu = resident(), time.perf_counter(), time.process_time()
        request = SceneRequest(source, (key,), output, cuts="off")
        run(color_scene(model.entry, lambda: model, request, work), watch)
        seconds, worked = (time.perf_counter() - began) / count, (time.process_time() - cpu) / count
        state = work.load(0)
        assert state is not None
        written = sum(one.stat().st_size for one in output.rglob("*") if one.is_file()) / 1e6
        largest = int(state.regions.areas.argmax()) + 1
        rows, columns = np.nonzero(state.regions.labels == largest)
        hint = Hint(int(columns[0]), int(rows[0]), (40, 90, 160))
        began, cpu = time.perf_counter(), time.process_time()
        corrected = SceneRequest(source, (key,), output, cuts="off", corrections={0: Corrections(hints=(hint,))})
        result = run(color_scene(model.entry, lambda: model, corrected, work))
        correction, its_cpu = (time.perf_counter() - began) / count, (time.process_time() - cpu) / count
    height, width = state.regions.labels.shape
    print(
        f"{count} frames of {width}×{height}, {state.regions.count} regions, {written / count:.2f} MB a frame written"
    )
    print(
        f"{seconds:.2f} s a frame, {worked:.2f} of the processor; goal {SECONDS_GOAL}: {_told(seconds < SECONDS_GOAL)}"
    )
    goal = f"goal {CORRECTION_GOAL}: {_told(correction <= CORRECTION_GOAL)}"
    its = f"{correction:.3f} s a frame, {its_cpu:.3f} of the processor"
    print(f"a correction {its}, {result.colored} colored anew; {goal}")
    steps = len(watch.memory) // max(1, count)
    early = float(np.median(watch.memory[: max(1, SETTLED * steps)][-5:]))
    late, most = float(np.median(watch.memory[-5:])), max(watch.memory)
    growth = late / early - 1.0
    print(
        f"memory beyond the loaded model {early - before:.0f} MB early, {late - before:.0f} at the end, highest "
        f"{most - before:.0f}; goal {MEMORY_GOAL:.0f}: {_told(most - before < MEMORY_GOAL)}; {growth:+.1%}, goal below "
        f"{GROWTH_GOAL:.0%}: {_told(growth < GROWTH_GOAL)}"
    )


def _told(met: bool) -> str:
    return "met" if met else "MISSED"


if __name__ == "__main__":
    main()

"""A batch of 1024×1024 drawings, its throughput and memory: `python -m tests.benchmarks.bench_batch`.

The drawings are figures that `trainer.drawn_characters` draws. The shipped model colors some of them one after the
other, as `colorize` does with the model loaded, then all of them in a batch; both in one run, and again some singly, so
that the ratio holds on a busy machine too. `--count 40` makes a shorter run. Linux only.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.batch.control import Control
from app.batch.folder_batch import FolderBatch, RunOptions
from app.batch.plan import BatchOptions
from engine import pipeline
from engine.options import Options
from trainer.drawn_characters import draw

SIDE, COUNT, SINGLE, KINDS, SETTLED = 1024, 200, 10, 20, 20
RATIO_GOAL, GROWTH_GOAL = 0.85, 0.05


def write_drawings(folder: Path, count: int) -> Path:
    """`count` line drawings of one character in `KINDS` poses; returns her picture in color."""
    (folder / "lines").mkdir()
    poses = [draw(7, 700 + pose, SIDE) for pose in range(min(KINDS, count))]
    for number in range(count):
        Image.fromarray(poses[number % len(poses)].line).save(folder / "lines" / f"{number:03d}.png", compress_level=1)
    reference = folder / "reference.png"
    Image.fromarray(draw(7, 699, SIDE).color).save(reference)
    return reference


def single_seconds(folder: Path, reference: Path, options: Options) -> tuple[float, float]:
    """Seconds a picture takes by itself, the model and the references loaded: of the clock, and of the processor."""
    model = pipeline.load_model(pipeline.find_model(None), "cpu")
    references = pipeline.read_references([reference])
    lines = sorted((folder / "lines").iterdir())[: SINGLE + 1]
    start, cpu = time.perf_counter(), time.process_time()
    for number, line in enumerate(lines):
        if number == 1:
            start, cpu = time.perf_counter(), time.process_time()  # the first one warms up
        picture, drawn = pipeline.read_drawing(line)
        line_art = pipeline.prepare_lines(picture, drawn, options.lines)
        request = pipeline.request_of(line_art, references, options)
        result = pipeline.run(pipeline.color(model.colorizer, request))
        finished = pipeline.run(pipeline.finish(model.colorizer, request, result, options))
        pipeline.write_result(pipeline.Outputs(folder / "single.png"), model.made(result, finished, options, picture))
    count = len(lines) - 1
    return (time.perf_counter() - start) / count, (time.process_time() - cpu) / count


def resident() -> float:
    """Memory held now, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024.0


class Watch:
    """Takes the batch's events and notes when each picture was there, and the memory then."""

    def __init__(self) -> None:
        self.jobs = 0
        self.moments: list[float] = []
        self.cpu: list[float] = []
        self.memory: list[float] = []

    def say(self, event: dict[str, Any]) -> None:
        if event["event"] == "planned":
            self.jobs = event["jobs"]
        elif event["event"] == "finished":
            self.moments.append(time.perf_counter())
            self.cpu.append(time.process_time())
            self.memory.append(resident())
        elif event["event"] == "failed":
            raise SystemExit(f"{event['name']}: {event['message']}")


def main() -> None:
    """Print both numbers and their goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=None)
    arguments = parser.parse_args()
    settings = Options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference = write_drawings(folder, arguments.count)
        alone, alone_cpu = single_seconds(folder, reference, settings)
        watch = Watch()
        asked = BatchOptions(folder / "lines", folder / "out", settings, (reference,))
        FolderBatch(RunOptions(asked, jobs=arguments.jobs, device="cpu"), watch.say, Control()).run()
        again, again_cpu = single_seconds(folder, reference, settings)
    # The first picture's time is that of warming up.
    count = len(watch.moments) - 1
    together, together_cpu = (watch.moments[-1] - watch.moments[0]) / count, (watch.cpu[-1] - watch.cpu[0]) / count
    ratio = (alone + again) / 2.0 / together
    print(f"a single picture {alone:.2f} s before and {again:.2f} s after the batch, {together:.2f} s in it")
    print(f"{watch.jobs} drawings at a time")
    print(f"of the processor {alone_cpu:.2f} and {again_cpu:.2f} s; in the batch {together_cpu:.2f} s")
    print(f"throughput {ratio:.2f} of single pictures; goal {RATIO_GOAL}: {'met' if ratio >= RATIO_GOAL else 'MISSED'}")
    early = float(np.median(watch.memory[: SETTLED + 1][-5:]))
    late = float(np.median(watch.memory[-5:]))
    growth = late / early - 1.0
    verdict = "met" if growth < GROWTH_GOAL else "MISSED"
    print(
        f"memory {early:.0f} MB at picture {min(SETTLED, len(watch.memory))}, {late:.0f} MB at the last, highest "
        f"{max(watch.memory):.0f}: {growth:+.1%}; goal below {GROWTH_GOAL:.0%}: {verdict}"
    )


if __name__ == "__main__":
    main()

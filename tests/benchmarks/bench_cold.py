"""`nurie colorize` of the sample from the start, beside importing torch alone, and beside another tree of the sources.

Run: uv run tests/benchmarks/bench_cold.py [--runs N] [--against TREE]. Prints one JSON object: medians of CPU and of
clock seconds, of processes that take turns, and ratios. OMP_NUM_THREADS of the environment holds for all of them.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"
IMPORT_TORCH = ("-c", "import torch")


def seconds_of(words: Sequence[str], tree: Path) -> tuple[float, float]:
    """CPU and clock seconds of a new Python in a tree of the sources."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=tree, capture_output=True, check=True)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, end - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--against", type=Path, metavar="TREE", help="a folder with another version of this project")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        drawing, reference = str(SAMPLES / "sylvie_line.png"), str(SAMPLES / "sylvie_reference.png")
        output = str(Path(folder, "colored.png"))
        colorize = ("main.py", "colorize", drawing, "--reference", reference, "--output", output)
        kinds = {"colorize": (colorize, ROOT), "import_torch": (IMPORT_TORCH, ROOT)}
        if arguments.against is not None:
            kinds["against"] = (colorize, arguments.against)
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
        for run in range(arguments.runs + 1):
            for name, (words, tree) in kinds.items():
                taken = seconds_of(words, tree)
                if run:  # the first brings the files into the cache
                    seconds[name].append(taken)
    cpu, clock = ({name: statistics.median(taken) for name, taken in column(seconds, n).items()} for n in (0, 1))
    print(
        json.dumps(
            {
                "cpu_seconds": {name: round(value, 3) for name, value in cpu.items()},
                "clock_seconds": {name: round(value, 3) for name, value in clock.items()},
                "cpu_ratios": {name: round(cpu["colorize"] / cpu[name], 3) for name in cpu if name != "colorize"},
                "clock_ratios": {
                    name: round(clock["colorize"] / clock[name], 3) for name in clock if name != "colorize"
                },
            }
        )
    )


def column(seconds: dict[str, list[tuple[float, float]]], number: int) -> dict[str, list[float]]:
    """CPU (0) or clock (1) seconds alone."""
    return {name: [pair[number] for pair in pairs] for name, pairs in seconds.items()}


if __name__ == "__main__":
    main()

"""How much longer `main.py --help` takes than a bare Python start; at most 0.3 s.

Run: uv run tests/benchmarks/bench_help.py
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 0.3  # seconds
RUNS = 9


def median_seconds(*arguments: str) -> float:
    """The median time of a Python process with these arguments, after one that is not counted."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> int:
    """Print the times; returns 1 when the limit is exceeded."""
    bare = median_seconds("-c", "pass")
    print(f"bare Python           {bare * 1000:6.0f} ms")
    slowest = 0.0
    for arguments in (["--help"], ["colorize", "--help"], ["--version"]):
        seconds = median_seconds("main.py", *arguments)
        slowest = max(slowest, seconds - bare)
        print(f"{' '.join(['main.py', *arguments]):21} {seconds * 1000:6.0f} ms   {(seconds - bare) * 1000:+.0f} ms")
    print(f"limit +{LIMIT * 1000:.0f} ms: {'kept' if slowest <= LIMIT else 'EXCEEDED'}")
    return 0 if slowest <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())

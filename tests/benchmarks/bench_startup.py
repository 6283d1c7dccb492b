"""How long from process start to the window's first paint, and how that compares with importing Qt alone.

Run: python tests/benchmarks/bench_startup.py [--runs N]. Prints one JSON object. The goal: at most 1.2 s on two cores.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOAL_SECONDS = 1.2

# The window as `main.py` opens it; the process ends at its first paint and tells the time.
OPEN_WINDOW = """
import os, sys, time
from importlib.machinery import PathFinder
from app.cli.main import main

def tell_first_paint(module):
    paint = module.MainWindow.paintEvent
    def painted(self, event):
        paint(self, event)
        heavy = [name for name in ("numpy", "cv2", "PIL", "scipy", "torch") if name in sys.modules]
        print(time.time(), *heavy, flush=True)
        os._exit(0)
    module.MainWindow.paintEvent = painted

class Finder(PathFinder):
    # The window's module is imported when main() wants it, and not before.
    @classmethod
    def find_spec(cls, name, *rest):
        spec = super().find_spec(name, *rest) if name == "app.window.main_window" else None
        if spec is not None:
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (run(module), tell_first_paint(module))
        return spec

sys.meta_path.insert(0, Finder)
main([])
"""
IMPORT_QT = "import time, PySide6.QtWidgets; print(time.time(), flush=True)"


def seconds_of(code: str, environment: dict[str, str]) -> tuple[float, list[str]]:
    """Seconds from starting a Python on `code` to the time it prints, and the other words it prints."""
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    at, *rest = done.stdout.split()
    return float(at) - begin, rest


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"XDG_CONFIG_HOME": folder, "PYTHONPATH": str(ROOT)}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        seconds_of(OPEN_WINDOW, environment)  # files into the cache, as any benchmark of starts does
        windows = [seconds_of(OPEN_WINDOW, environment) for _ in range(runs)]
        qt = statistics.median(seconds_of(IMPORT_QT, environment)[0] for _ in range(runs))
    window = statistics.median(seconds for seconds, _ in windows)
    print(
        json.dumps(
            {
                "window_seconds": round(window, 3),
                "slowest_seconds": round(max(seconds for seconds, _ in windows), 3),
                "import_qt_seconds": round(qt, 3),
                "ratio": round(window / qt, 2),
                "goal_seconds": GOAL_SECONDS,
                "heavy_imports_before_paint": windows[0][1],
                "platform": environment["QT_QPA_PLATFORM"],
            }
        )
    )


if __name__ == "__main__":
    main()

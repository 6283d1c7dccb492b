"""How long from a step of the thickness slider to the new lines on screen, on a 2048×2048 color picture.

Run: python tests/benchmarks/bench_sigma.py [--steps N] [--size S]. Prints one JSON object. The goal: at most 60 ms on
two cores. The ratio is to a single cv2.GaussianBlur of σ 2 on the same picture, measured in between.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import cv2
import numpy as np
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest

from app.application import make_application
from app.canvas.view import CanvasView
from app.document.parts import Drawing
from app.images.pyramid import Pyramid
from engine.images import Picture
from tests.window import program

GOAL_SECONDS = 0.06


def watch_painting() -> list[float]:
    """The list that from now on gets the time at the end of each paint of a canvas."""
    times: list[float] = []
    paint = CanvasView.paintEvent

    def painted(self: CanvasView, event: QPaintEvent) -> None:
        paint(self, event)
        times.append(time.perf_counter())

    CanvasView.paintEvent = painted
    return times


def picture(size: int) -> Picture:
    """Soft blots of color with some grain, as a scan of a painting has."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (size // 64, size // 64, 3), np.uint8)
    pixels = cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    pixels += rng.integers(-3, 4, pixels.shape, np.int16)
    return Picture(np.clip(pixels, 0, 255).astype(np.uint8), None, None, None, "blots")


def measure(steps: int, size: int) -> tuple[list[float], list[float]]:
    """Seconds of each σ step, and of each blur."""
    app = make_application()
    painted = watch_painting()
    made = picture(size)
    gray = cv2.cvtColor(made.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    seconds, blurs = [], []
    with tempfile.TemporaryDirectory() as folder, program(app, Path(folder)) as nurie:
        nurie.document.set_drawing(Drawing(made, "color", Pyramid(made.pixels)))
        nurie.controllers.coloring.choose("extract")
        while nurie.document.lines is None:
            app.processEvents()
        QTest.qWait(100)
        slider = nurie.window.line_art.slider
        for step in range(steps):
            lines = nurie.document.lines
            begin = time.perf_counter()
            slider.setValue(30 + (slider.value() - 30 + 7) % 21)
            while nurie.document.lines is lines or painted[-1] < begin:
                app.processEvents()
                time.sleep(0.0005)
            seconds.append(painted[-1] - begin)
            begin = time.perf_counter()
            cv2.GaussianBlur(gray, (0, 0), 2.0)
            blurs.append(time.perf_counter() - begin)
            if step == 0:
                seconds.clear()
                blurs.clear()
    return seconds, blurs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=21)
    parser.add_argument("--size", type=int, default=2048)
    arguments = parser.parse_args()
    seconds, blurs = measure(arguments.steps, arguments.size)
    middle, blur = statistics.median(seconds), statistics.median(blurs)
    print(
        json.dumps(
            {
                "size": arguments.size,
                "step_seconds": round(middle, 4),
                "slowest_seconds": round(max(seconds), 4),
                "blur_seconds": round(blur, 4),
                "ratio": round(middle / blur, 2),
                "goal_seconds": GOAL_SECONDS,
            }
        )
    )


if __name__ == "__main__":
    main()

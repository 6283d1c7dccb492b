"""What the canvas costs at 8192×8192, color under ink, against 1024×1024: pushing, zooming, turning.

Run: `uv run python -m tests.benchmarks.bench_canvas`. Processor time of a step, painting included, and its ratio to the
same step on the small picture, in one run. Tiles that were painted once are only copied, and layers are taken from an
image pyramid, so the size of the picture should not matter.
"""

import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtGui import QImage

from app.application import make_application
from app.canvas.content import Content, ViewMode
from app.canvas.view import CanvasView
from app.images.pyramid import Pyramid

SMALL, LARGE, ROUNDS = 1024, 8192, 12
PUSH = 7.0  # logical pixels a step


def canvas_of(side: int) -> CanvasView:
    """A canvas of 1200×800 with noise in it, lines and colors divided."""
    ink = np.random.default_rng(3).integers(0, 256, (side, side), np.uint8)
    canvas = CanvasView()
    canvas.resize(1200, 800)
    canvas.set_content(Content(color=Pyramid(np.repeat(ink[..., None], 3, axis=2)), ink=Pyramid(ink)))
    canvas.set_mode(ViewMode.COMPARE)
    return canvas


def milliseconds(canvas: CanvasView, step: Callable[[], None]) -> float:
    """The median processor time of a step."""
    target = QImage(canvas.size(), QImage.Format.Format_RGB32)
    canvas.render(target)
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        step()
        canvas.render(target)
        times.append(time.process_time() - began)
    return 1000 * float(np.median(times))


def steps(canvas: CanvasView) -> dict[str, Callable[[], None]]:
    """What is measured, each beginning with the picture as wide as the view, at the same scale on screen."""
    return {
        "push": lambda: canvas.pan(-PUSH, PUSH),
        "paint again": lambda: None,
        "zoom": lambda: canvas.zoom_to(canvas.viewport.scale * 1.03),
        "turn": lambda: canvas.turn(3.0),
    }


def main() -> None:
    """Print every step on both pictures, seen whole and nearer."""
    make_application()
    pictures = {side: canvas_of(side) for side in (SMALL, LARGE)}
    for name, scale in (("whole", 0.7), ("near", 4.0)):
        for step in steps(pictures[SMALL]):
            taken = {}
            for side, canvas in pictures.items():
                canvas.reset()
                canvas.zoom_to(scale * SMALL / side if name == "whole" else scale)
                taken[side] = milliseconds(canvas, steps(canvas)[step])
            small, large = taken[SMALL], taken[LARGE]
            print(f"{name:5} {step:11}  {SMALL}²: {small:6.1f} ms  {LARGE}²: {large:6.1f} ms  {large / small:5.2f} ×")


if __name__ == "__main__":
    main()

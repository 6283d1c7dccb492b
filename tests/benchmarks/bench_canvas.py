"""How long the canvas takes to paint a 4096×4096 drawing, color under ink, at several zooms.

Run: `uv run python -m tests.benchmarks.bench_canvas`. The ratio is to rescaling the 16 megapixels once, which painting
without an image pyramid would do every time.
"""

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtGui import QImage

from app.application import make_application
from app.canvas.content import Content, ViewMode
from app.canvas.pyramid import Pyramid
from app.canvas.view import CanvasView

SIDE, ROUNDS = 4096, 5


def main() -> None:
    """Print the best time at each zoom."""
    make_application()
    ink = np.random.default_rng(3).integers(0, 256, (SIDE, SIDE), np.uint8)
    color = np.repeat(ink[..., None], 3, axis=2)
    canvas = CanvasView()
    canvas.resize(1200, 800)
    canvas.set_content(Content(color=Pyramid(color), ink=Pyramid(ink)))
    canvas.set_mode(ViewMode.COMPARE)
    target = QImage(canvas.size(), QImage.Format.Format_RGB32)
    began = time.perf_counter()
    cv2.resize(color, (800, 800), interpolation=cv2.INTER_AREA)
    rescaling = time.perf_counter() - began
    for scale in (canvas.viewport.scale, 0.3, 1.0, 3.0):
        canvas.zoom_to(scale)
        best = float("inf")
        for _ in range(ROUNDS):
            began = time.perf_counter()
            canvas.render(target)
            best = min(best, time.perf_counter() - began)
        print(f"zoom {scale:5.2f}  {best * 1000:5.1f} ms  {best / rescaling:.2f} of rescaling the whole picture")


if __name__ == "__main__":
    main()

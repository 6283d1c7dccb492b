"""Five layers of 4096×4096 written as PSD and OpenRaster: `python -m tests.benchmarks.bench_export`.

The same layers are written by the public interface of psd-tools too (new, create_pixel_layer, save). Seconds are those
of the processor, so that a busy machine is fair to all; memory is what was needed beyond the layers. Linux only.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

from engine.export import formats
from engine.layers import Layer, LayerStack, flatten

SIDE = 4096
SHAPES, SPOTS = 120, 40
TARGETS = {"PSD": 4.0, "OpenRaster": 6.0}  # seconds


def realistic_stack() -> LayerStack:
    """Paper, flats under lines, soft shading and light, and a layer of antialiased lines."""
    random = np.random.default_rng(0)
    lines, covered = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    flats = np.full((SIDE, SIDE, 3), 255, np.uint8)
    for _ in range(SHAPES):
        center = [int(value) for value in random.integers(0, SIDE, 2)]
        axes = [int(value) for value in random.integers(SIDE // 60, SIDE // 8, 2)]
        angle, color = float(random.uniform(0, 180)), [int(value) for value in random.integers(60, 256, 3)]
        cv2.ellipse(flats, center, axes, angle, 0, 360, color, -1)
        cv2.ellipse(covered, center, axes, angle, 0, 360, (255,), -1)
        cv2.ellipse(lines, center, axes, angle, 0, 360, (255,), int(random.integers(3, 12)), cv2.LINE_AA)
    opaque = np.full((SIDE, SIDE), 255, np.uint8)
    return LayerStack(
        (SIDE, SIDE),
        (
            Layer("Paper", plain((252, 250, 245), opaque)),
            Layer("Flats", np.dstack([flats, covered])),
            Layer("Shading", plain((120, 110, 170), soft_spots(random)), blend="multiply", opacity=200),
            Layer("Highlights", plain((255, 250, 230), soft_spots(random)), blend="screen", opacity=180),
            Layer("Line art", plain((20, 16, 24), lines)),
        ),
    )


def soft_spots(random: np.random.Generator) -> NDArray[np.uint8]:
    small = np.zeros((SIDE // 8, SIDE // 8), np.uint8)
    for _ in range(SPOTS):
        center, axes = random.integers(0, SIDE // 8, 2), random.integers(5, SIDE // 80, 2)
        cv2.ellipse(small, center.tolist(), axes.tolist(), 0, 0, 360, (150,), -1)
    return np.asarray(cv2.GaussianBlur(cv2.resize(small, (SIDE, SIDE)), (0, 0), 6), np.uint8)


def plain(color: tuple[int, int, int], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([*(np.full_like(alpha, value) for value in color), alpha])


def write_plainly(path: Path, stack: LayerStack) -> None:
    """What psd-tools alone makes of it."""
    document = PSDImage.new("RGBA", (stack.size[1], stack.size[0]))
    for layer in stack.layers:
        document.create_pixel_layer(
            Image.fromarray(layer.pixels),
            name=layer.name,
            top=layer.top,
            left=layer.left,
            opacity=layer.opacity,
            blend_mode=BlendMode[layer.blend.upper()],
        )
    document.save(path)


def measure(task: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the processor, and how far memory rose meanwhile, in MB."""
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest memory so far
    before, start = peak(), time.process_time()
    task()
    return time.process_time() - start, peak() - before


def peak() -> float:
    """The highest memory in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024.0


def main() -> None:
    """Print seconds, memory, sizes, targets and the ratio."""
    stack = realistic_stack()
    print(f"{len(stack.layers)} layers of {SIDE}x{SIDE}; flatten alone {measure(lambda: flatten(stack))[0]:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        seconds: dict[str, float] = {}
        for name, suffix in (("PSD", ".psd"), ("OpenRaster", ".ora")):
            path = Path(folder) / f"out{suffix}"
            seconds[name], memory = measure(lambda path=path: formats.write_layers(path, stack, {}))
            reading, _ = measure(lambda path=path: formats.read_layers(path))
            verdict = "met" if seconds[name] <= TARGETS[name] else "MISSED"
            print(
                f"{name}: written in {seconds[name]:.2f} s, {memory:.0f} MB above the layers, read in {reading:.2f} s, "
                f"file {path.stat().st_size / 1e6:.1f} MB; target at most {TARGETS[name]:g} s: {verdict}"
            )
        plainly, memory = measure(lambda: write_plainly(Path(folder) / "plain.psd", stack))
        print(
            f"psd-tools alone: {plainly:.2f} s, {memory:.0f} MB more; ours takes {seconds['PSD'] / plainly:.2f} of it"
        )


if __name__ == "__main__":
    main()

"""Small files that state large pictures: how large one is read, what that costs, and that no more is.

`python -m tests.fuzz.bombs [--only TIFF]`: each kind of picture is made in fewer bytes than `SMALL`, empty and as large
as is read, and is read in a process of its own. Seconds are those of the processor.
"""

import argparse
import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from PIL import Image, features

from engine.export import formats
from engine.layers import Layer, LayerStack
from tests.fuzz.harness import BYTES, SECONDS, SMALL

# Larger ones are refused by their headers, and would take gigabytes to make.
SIDES = (10_000, 8_000, 6_500, 5_000, 3_500, 2_500, 1_500)
IMPORTED = 300 * 2**20  # bytes that the program itself takes; more than it does
_READ = """
import resource, sys
from pathlib import Path
from engine import pipeline
from engine.errors import NurieError
try:
    reference = pipeline.read_references([Path(sys.argv[1])])
    print("read", end=" ")
except NurieError as error:
    print("refused", end=" ")
used = resource.getrusage(resource.RUSAGE_SELF)
most, status = used.ru_maxrss, Path("/proc/self/status")
if status.exists():  # Linux counts in ru_maxrss what the parent had when this process was begun
    most = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
print(most, used.ru_utime + used.ru_stime)
"""

Make = Callable[[int, Path], None]


@dataclass(frozen=True)
class Cost:
    """What the largest picture of a kind that is read costs. side: its sides in pixels, 0 where none was read."""

    side: int
    bytes: int
    seconds: float
    file: int

    @property
    def is_fair(self) -> bool:
        """Whether it stays within the limits; memory counts with what the program itself takes."""
        return self.bytes <= BYTES + IMPORTED and self.seconds <= SECONDS


def _pillow(kind: str, mode: str, **options: Any) -> Make:
    def make(side: int, path: Path) -> None:
        Image.new(mode, (side, side)).save(path, kind, **options)

    return make


def _animated(kind: str, mode: str, **options: Any) -> Make:
    def make(side: int, path: Path) -> None:
        frame = Image.new(mode, (side, side))
        other = frame.copy()
        other.putpixel((0, 0), 1 if mode in ("P", "L") else (1, 1, 1, 255)[: len(frame.getbands())])
        frame.save(path, kind, save_all=True, append_images=[other, frame], **options)

    return make


def _tiff(kind: str, channels: int, **options: Any) -> Make:
    def make(side: int, path: Path) -> None:
        shape = (side, side) if channels == 1 else (side, side, channels)
        zeros = np.broadcast_to(np.zeros(1, kind), shape)
        tifffile.imwrite(path, zeros, photometric="minisblack" if channels == 1 else "rgb", **options)

    return make


def _layered(side: int, path: Path) -> None:
    pixels = np.zeros((side, side, 4), np.uint8)
    formats.write_layers(path, LayerStack((side, side), (Layer("Paper", pixels), Layer("Line", pixels))), {})


def _jpeg_xl(side: int, path: Path) -> None:
    import imagecodecs

    path.write_bytes(imagecodecs.jpegxl_encode(np.zeros((side, side, 3), np.uint8), lossless=True, effort=1))


KINDS: dict[str, tuple[str, Make]] = {
    "PNG 1": (".png", _pillow("PNG", "1")),
    "PNG L": (".png", _pillow("PNG", "L")),
    "PNG P": (".png", _pillow("PNG", "P")),
    "PNG RGB": (".png", _pillow("PNG", "RGB")),
    "PNG RGBA": (".png", _pillow("PNG", "RGBA")),
    "PNG 16": (".png", _pillow("PNG", "I;16")),
    "APNG": (".png", _animated("PNG", "RGBA")),
    "JPEG L": (".jpg", _pillow("JPEG", "L")),
    "JPEG RGB": (".jpg", _pillow("JPEG", "RGB")),
    "JPEG CMYK": (".jpg", _pillow("JPEG", "CMYK")),
    "JPEG progressive": (".jpg", _pillow("JPEG", "RGB", progressive=True)),
    "WEBP": (".webp", _pillow("WEBP", "RGB", lossless=True, method=0)),
    "WEBP animated": (".webp", _animated("WEBP", "RGBA", lossless=True, method=0)),
    "GIF": (".gif", _pillow("GIF", "P")),
    "GIF animated": (".gif", _animated("GIF", "P")),
    "TIFF 1 G4": (".tif", _pillow("TIFF", "1", compression="group4")),
    "TIFF L": (".tif", _pillow("TIFF", "L", compression="tiff_adobe_deflate")),
    "TIFF RGB": (".tif", _pillow("TIFF", "RGB", compression="tiff_lzw")),
    "TIFF CMYK": (".tif", _pillow("TIFF", "CMYK", compression="tiff_adobe_deflate")),
    "TIFF 16 planar": (".tif", _tiff("u2", 3, compression="zlib", planarconfig="contig")),
    "TIFF float": (".tif", _tiff("f4", 1, compression="zlib")),
    "TIFF tiled": (".tif", _tiff("u1", 3, compression="zlib", tile=(512, 512))),
    "BMP": (".bmp", _pillow("BMP", "1")),
    "PPM": (".pbm", _pillow("PPM", "1")),
    "PSD": (".psd", _layered),
    "ORA": (".ora", _layered),
    **({"JPEG XL": (".jxl", _jpeg_xl)} if importlib.util.find_spec("imagecodecs") else {}),
    **({"AVIF": (".avif", _pillow("AVIF", "RGB", speed=10))} if features.check("avif") else {}),
}


def cost(name: str, sides: tuple[int, ...] = SIDES) -> Cost:
    """Of the largest picture of a kind in a small file that is read."""
    suffix, make = KINDS[name]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"bomb{suffix}"
        worst = Cost(0, 0, 0.0, 0)
        for side in sides:
            try:
                make(side, path)
            except Exception as error:  # the writer's own limits
                print(f"{name}: {side}: not made: {error!r}"[:120], file=sys.stderr)
                continue
            if path.stat().st_size >= SMALL:
                continue
            word, memory, seconds = read(path)
            worst = Cost(
                side if word == "read" else 0,
                max(worst.bytes, memory),
                max(worst.seconds, seconds),
                path.stat().st_size,
            )
            if word == "read":
                return worst
        return worst


def read(path: Path) -> tuple[str, int, float]:
    """Read a picture in another process: "read" or "refused", its most bytes of memory, and its seconds."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path)], check=False, capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        return "failed", 0, float("inf")
    word, memory, seconds = done.stdout.split()
    return word, int(memory) * (1 if sys.platform == "darwin" else 1024), float(seconds)


def main() -> int:
    """A table; 1 where something costs too much."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.bombs", description=__doc__)
    parser.add_argument("--only", default="", help="kinds whose names begin so")
    options = parser.parse_args()
    unfair = 0
    print(f"{'kind':18} {'side':>6} {'file KB':>8} {'MB':>6} {'s':>6}")
    for name in KINDS:
        if name.startswith(options.only):
            one = cost(name)
            unfair += not one.is_fair
            mark = "" if one.is_fair else "  too much"
            print(f"{name:18} {one.side:6} {one.file >> 10:8} {one.bytes >> 20:6} {one.seconds:6.1f}{mark}", flush=True)
    return 1 if unfair else 0


if __name__ == "__main__":
    sys.exit(main())

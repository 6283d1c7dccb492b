"""Where the program's own data files lie, in the sources and in a packaged program alike."""

import sys
from pathlib import Path


def root() -> Path:
    """The `resources` folder. A packaged program (PyInstaller) unpacks it beside itself."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return (Path(unpacked) if unpacked else Path(__file__).resolve().parent.parent) / "resources"


def sample() -> tuple[Path, list[Path]] | None:
    """A sample drawing and its references, or None where the samples are not installed.

    Pairs go by name: `girl_line.png` goes with `girl_reference.png` and `girl_reference_2.png`; a drawing without
    references of its own name takes those there are.
    """
    folder = root() / "samples"
    for drawing in sorted(folder.glob("*_line.png")):
        stem = drawing.name.removesuffix("_line.png")
        references = sorted(folder.glob(f"{stem}_reference*.png")) or sorted(folder.glob("*_reference*.png"))
        if references:
            return drawing, references
    return None

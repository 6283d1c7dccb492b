"""How many drawings can be in work at a time on this computer."""

import contextlib
import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

MOST = 8  # the network takes one at a time; more than this only wait for it
_BYTES_PER_PIXEL = 110  # of a drawing in work, measured up to 4096² (see the README's numbers)
_SHARE = 0.5  # of the free memory
_LOOKED_AT = 64  # drawings


def jobs_that_fit(drawings: Sequence[Path]) -> int:
    """A good number of drawings to have in work: as many as cores, at least two so that reading, finishing and writing
    overlap with the network, but no more than half of the free memory holds."""
    wanted = min(max(_cores(), 2), MOST, max(1, len(drawings)))
    free = _free_memory()
    if free is None:
        return wanted
    step = max(1, len(drawings) // _LOOKED_AT)
    largest = max((_pixels(path) for path in drawings[::step]), default=1)
    return max(1, min(wanted, int(free * _SHARE / (largest * _BYTES_PER_PIXEL))))


def _cores() -> int:
    """Those this process may use."""
    with contextlib.suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pixels(path: Path) -> int:
    """As the header says; 1 for a file that Pillow cannot tell, such as OpenRaster."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pictures that Pillow finds large
            with Image.open(path) as image:
                return image.width * image.height
    except Exception:  # whatever foreign bytes make a decoder raise; the drawing will say so itself
        return 1


def _free_memory() -> int | None:
    """Bytes that programs can still have, None where the system does not tell."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None

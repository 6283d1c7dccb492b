"""Loading what is large, torch above all, without the window noticing.

Python holds its lock while it loads an extension. The system's own loader, called as a foreign function, runs without
that lock and leaves Python little to do. But the loader has a lock of its own: a thread that imported another
extension meanwhile would wait for it with Python's lock in its hands. So the libraries come first, one after another,
and the lanes of jobs wait for them.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.machinery
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

log = logging.getLogger(__name__)

# Extensions that bring large libraries, in the order in which they are needed.
EXTENSIONS = (
    "numpy/_core/_multiarray_umath",
    "numpy/linalg/_umath_linalg",
    "PIL/_imaging",
    "cv2/cv2",
    "scipy/linalg/_flapack",
    "scipy/sparse/_sparsetools",
    "scipy/spatial/_qhull",
    "scipy/ndimage/_nd_image",
)
TORCH = "torch/lib/libtorch_python.so"

# Python's lock goes round after so long at most. Drawing a window takes it hundreds of times, and with the usual 5 ms
# each time could be as long a wait for a thread that computes or imports.
SWITCH_SECONDS = 0.0005

_loaded = threading.Event()
_loaded.set()  # nobody waits unless `load_libraries` was called


def load_libraries(load: Callable[[Path], None] | None = None) -> threading.Thread | None:
    """Load them in a thread, which is returned; None where that is not known to help. To be called once."""
    sys.setswitchinterval(SWITCH_SECONDS)
    if not sys.platform.startswith("linux"):
        return None
    thread = threading.Thread(target=_load_all, args=(load or _dlopen,), name="nurie-libraries", daemon=True)
    _loaded.clear()
    thread.start()
    return thread


def wait_for_libraries() -> None:
    """Wait until nothing is being loaded. For threads that may import extensions, never the GUI's."""
    _loaded.wait()


def import_torch() -> None:
    """Import torch in this thread; harmless when it is imported already.

    Collecting garbage among the many new objects stops the window, so it waits until all are there.
    """
    if "torch" in sys.modules:
        return
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("torch")
        # What was just imported stays for good; later collections need not look at it.
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _load_all(load: Callable[[Path], None]) -> None:
    try:
        for path in libraries():
            load(path)
    except Exception:
        log.exception("The libraries could not be loaded ahead; importing them may hold the window up.")
    finally:
        _loaded.set()


def libraries() -> Iterator[Path]:
    """The files of `EXTENSIONS` and of torch, as far as they are installed."""
    for name in (*EXTENSIONS, TORCH):
        package, _, rest = name.partition("/")
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            suffixes = [""] if rest.endswith(".so") else importlib.machinery.EXTENSION_SUFFIXES
            for path in (Path(folder, f"{rest}{suffix}") for suffix in suffixes):
                if path.is_file():
                    yield path
                    break


def _dlopen(path: Path) -> None:
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    rtld_lazy, rtld_global = 1, 0x100
    # torch's libraries find each other's names; extensions keep theirs to themselves, as Python loads them.
    if not dlopen(str(path).encode(), rtld_lazy | (rtld_global if path.name in TORCH else 0)):
        log.info("%s could not be loaded ahead.", path)

"""Importing torch without the window noticing."""

from __future__ import annotations

import ctypes
import gc
import importlib
import importlib.util
import logging
import sys
from pathlib import Path

log = logging.getLogger(__name__)


def import_torch() -> None:
    """Import torch in this thread; harmless when it is imported already.

    Python holds its lock while it loads an extension, and torch's libraries take some 0.3 s: the window would stand
    still. The system's own loader, called as a foreign function, runs without the lock and leaves Python little to do.
    Collecting garbage among the many new objects stops the window as well, so it waits until all are there.
    """
    if "torch" in sys.modules:
        return
    _load_libraries()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module("torch")
        # What was just imported stays for good; later collections need not look at it.
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()


def _load_libraries() -> None:
    if not sys.platform.startswith("linux"):
        return
    spec = importlib.util.find_spec("torch")
    if spec is None or not spec.submodule_search_locations:
        return
    library = Path(spec.submodule_search_locations[0]) / "lib" / "libtorch_python.so"
    try:
        dlopen = ctypes.CDLL(None).dlopen
    except (OSError, AttributeError):
        return
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    rtld_lazy, rtld_global = 1, 0x100
    if not dlopen(str(library).encode(), rtld_lazy | rtld_global):
        log.info("torch's libraries could not be loaded ahead; importing it may take a moment.")

"""Whether there is a screen to open a window on. Qt ends the whole program where there is none, without a sentence."""

import ctypes
import os
import sys
from pathlib import Path

from engine.errors import NurieError


def require() -> None:
    """Raise NurieError, one sentence, where Qt would find no display. To be called before QApplication is made."""
    if sys.platform in ("win32", "darwin"):
        return
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    names = [name.partition(":")[0] for name in asked.split(";") if name] or ["wayland", "xcb"]
    if any(_is_reachable(name) for name in names):
        return
    instead = "open Nurie in a desktop session, or use its command line (nurie --help)"
    if asked and not any(name in ("xcb", "wayland", "wayland-egl") for name in names):
        raise NurieError(
            "QT_QPA_PLATFORM names no display that Qt has ({0}); remove it from the environment.", asked[:60]
        )
    if os.environ.get("DISPLAY"):
        raise NurieError("The display {0} cannot be reached; {1}.", os.environ["DISPLAY"][:60], instead)
    raise NurieError("There is no display to open a window on; {0}.", instead)


def _is_reachable(name: str) -> bool:
    if name == "xcb":
        return bool(os.environ.get("DISPLAY")) and _x_answers()
    if name.startswith("wayland"):
        return _wayland_answers()
    import PySide6

    return (Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / f"libq{name}.so").is_file()


def _x_answers() -> bool:
    """Asked with the library that Qt itself asks with, which knows displays far away and who may use them."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt says itself which library is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    error = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return error == 0


def _wayland_answers() -> bool:
    import socket

    name = os.environ.get("WAYLAND_DISPLAY", "")
    if not name and os.environ.get("XDG_SESSION_TYPE") != "wayland":
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "")) / (name or "wayland-0")
    try:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(str(path))
    except OSError:
        return False
    return True

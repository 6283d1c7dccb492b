"""Which kinds of video there are. Imports no library, so that a form can ask."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from engine.errors import RequestError

OPENED = (".mkv", ".mp4", ".mov", ".avi", ".webm", ".m4v")
EXACT = {".mkv": "FFV1", ".mov": "PNG"}  # flats come back from these as they went in
APPROXIMATE = {".mp4": "H.264", ".gif": "GIF"}
NEEDS_PYAV = (".mp4",)


def has_pyav() -> bool:
    """Whether the package PyAV is installed. It brings encoders that are GPL, so this program does not bring it."""
    return importlib.util.find_spec("av") is not None


def written() -> dict[str, str]:
    """What can be written here: ending → how it is called, those that keep colors first."""
    return {**EXACT, **{suffix: name for suffix, name in APPROXIMATE.items() if suffix != ".mp4" or has_pyav()}}


def is_video(path: Path) -> bool:
    """Whether an output of this name is a video and not a folder of pictures."""
    return path.suffix.lower() in (*OPENED, *APPROXIMATE)


def require_writable(path: Path) -> None:
    """Raise RequestError, one sentence, for a kind of video that cannot be written."""
    suffix = path.suffix.lower()
    if not is_video(path) or suffix in written():
        return
    kinds = ", ".join(written())
    if suffix in NEEDS_PYAV:
        raise RequestError(
            "{0} is written with the package PyAV, which is not installed here: install it (pip install av), or write "
            "one of {1} or a folder.",
            suffix,
            kinds,
        )
    raise RequestError(
        "A video is written as {0}; for {1} write one of these, or a folder of pictures, and convert it.", kinds, suffix
    )

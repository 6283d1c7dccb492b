"""Names of files as people mean them: large letters and small, composed (NFC) and not (NFD, as from a Mac)."""

import os
import unicodedata
from pathlib import Path, PurePath

NAME_MAX, PATH_MAX = 255, 4096  # bytes of a name, characters of a path; no disk takes more


def key(name: str) -> str:
    """The same for names that one disk or another takes for one file: large and small letters, composed and not."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def found(path: Path) -> Path:
    """The file or folder at `path`, or where there is none the one whose name differs in composed letters alone.

    `path` itself where there is neither. Folders on the way are looked for in the same way.
    """
    try:
        if os.path.lexists(path):
            return path
    except ValueError:  # a zero byte
        return path
    if str(path).isascii() or path.parent == path:
        return path
    parent = found(path.parent)
    wanted = unicodedata.normalize("NFC", path.name)
    try:
        with os.scandir(parent) as entries:
            alike = sorted(entry.name for entry in entries if unicodedata.normalize("NFC", entry.name) == wanted)
    except (OSError, ValueError):
        return path
    return parent / alike[0] if alike else path


def is_inside(name: str) -> bool:
    """Whether a relative path with slashes, as a file says it, stays below the folder it is taken from, everywhere."""
    parts = name.replace(os.sep, "/").split("/")
    return (
        len(name) <= PATH_MAX
        and "\0" not in name
        and not any(part in ("", ".", "..") or _is_too_long(part) for part in parts)
        and not PurePath(name).is_absolute()
        and not PurePath(name).drive
    )


def _is_too_long(part: str) -> bool:
    try:
        return len(os.fsencode(part)) > NAME_MAX
    except UnicodeEncodeError:
        return True

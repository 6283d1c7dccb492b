"""Writing files so that a failure leaves the old one as it was."""

import contextlib
import errno
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from engine import file_lock
from engine.errors import PictureError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_TEMPORARY = re.compile(r"\.nurie-[0-9a-f]{12}(\.[^/\\]*)?")
_AGE = 3600.0  # seconds; where a disk has no locks, a file is taken for forgotten then


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file to write instead of `path`, put in its place when the block ends well.

    Yields the path of an empty file in the folder of `path`, with the same suffix. When the block raises, whatever it
    raises, the temporary file is removed and `path` stays as it was. A link is followed: the file it names is replaced.
    What processes that were killed left half-written in that folder is removed first.
    Raises PictureError for every OSError of the block or of the replacing: folder missing, no permission, disk full.
    """
    name = path.name or str(path)
    temporary: Path | None = None
    held: int | None = None
    try:
        target = path.resolve()
        _check_target(target, name)
        remove_leftovers(target.parent)
        temporary, held = _create_beside(target)
        yield temporary
        if sys.platform == "win32":
            os.close(held)  # an open file cannot be renamed there
            held = None
        _settle(temporary, target)
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in str(path):
            raise
        raise _explain(error, path) from error
    finally:
        if held is not None:
            os.close(held)
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _check_target(target: Path, name: str) -> None:
    if not target.parent.is_dir():
        raise PictureError("Cannot write {0}: there is no folder {1}.", name, target.parent)
    if target.is_dir():
        raise PictureError("Cannot write {0}: it is a folder; choose a file name.", name)
    if target.exists() and not target.is_file():
        # Replacing would turn a device such as /dev/null into an ordinary file.
        raise PictureError("Cannot write {0}: it is not an ordinary file; choose another name.", name)
    # Replacing needs no right to the old file, only to its folder; yet who protected the file meant it.
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files whose writers were killed, as far as that is possible; those being written stay."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if _TEMPORARY.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                _remove_forgotten(folder / name)


def _remove_forgotten(path: Path) -> None:
    """Whoever writes a temporary file holds a lock on it, which goes with its process."""
    if not path.is_file() or path.is_symlink():
        return
    stream = os.open(path, os.O_RDWR)
    try:
        if sys.platform == "win32":
            os.close(stream)
            stream = -1  # the writer has it open, so that the system refuses to remove it
        elif not file_lock.lock(stream) and abs(time.time() - path.stat().st_mtime) < _AGE:
            return
        path.unlink()
    finally:
        if stream >= 0:
            os.close(stream)


def _create_beside(target: Path) -> tuple[Path, int]:
    """A new file, and the stream that holds its lock."""
    # Unlike tempfile.mkstemp this leaves the permissions to the person's umask, as any newly saved file has them.
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    while True:
        temporary = target.with_name(f".nurie-{secrets.token_hex(6)}{target.suffix}")
        stream = os.open(temporary, flags, 0o666)
        if sys.platform == "win32":
            return temporary, stream
        # Another process may have seen it before it was locked, and taken it for forgotten.
        with contextlib.suppress(BlockingIOError):
            file_lock.lock(stream)
            if os.fstat(stream).st_nlink:
                return temporary, stream
        os.close(stream)


def _settle(temporary: Path, target: Path) -> None:
    """Bring the bytes to the disk and only then give them the name, so that a power cut leaves one whole file."""
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    if target.exists():
        with contextlib.suppress(OSError):
            temporary.chmod(target.stat().st_mode & 0o7777)
    temporary.replace(target)
    if sys.platform != "win32":
        # The name itself is kept in the folder. A file system that cannot do this has still written the file.
        with contextlib.suppress(OSError):
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _explain(error: OSError | ValueError, path: Path) -> PictureError:
    if isinstance(error, ValueError):
        return PictureError("Cannot write the picture: its name holds a character that no file can have.")
    name, folder = path.name or str(path), path.parent
    if error.errno in _FULL:
        return PictureError("Cannot write {0}: the disk is full. Free some space or choose another folder.", name)
    if error.errno in _FORBIDDEN:
        return PictureError(
            "Cannot write {0}: you have no permission to write it in {1}. Choose another folder.", name, folder
        )
    if error.errno == errno.ENAMETOOLONG:
        return PictureError("Cannot write the picture: its name is too long. Choose a shorter one.")
    return PictureError("Cannot write {0}: {1}.", name, error.strerror or error)

"""Writing files so that a failure leaves the old one as it was."""

import contextlib
import errno
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.errors import PictureError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file to write instead of `path`, put in its place when the block ends well.

    Yields the path of an empty file in the folder of `path`, with the same suffix. When the block raises, whatever it
    raises, the temporary file is removed and `path` stays as it was. A link is followed: the file it names is replaced.
    Raises PictureError for every OSError of the block or of the replacing: folder missing, no permission, disk full.
    """
    name = path.name or str(path)
    temporary: Path | None = None
    try:
        target = path.resolve()
        _check_target(target, name)
        temporary = _create_beside(target)
        yield temporary
        _settle(temporary, target)
    except OSError as error:
        raise _explain(error, path) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _check_target(target: Path, name: str) -> None:
    if not target.parent.is_dir():
        raise PictureError(f"Cannot write {name}: there is no folder {target.parent}.")
    if target.is_dir():
        raise PictureError(f"Cannot write {name}: it is a folder; choose a file name.")
    if target.exists() and not target.is_file():
        # Replacing would turn a device such as /dev/null into an ordinary file.
        raise PictureError(f"Cannot write {name}: it is not an ordinary file; choose another name.")
    # Replacing needs no right to the old file, only to its folder; yet who protected the file meant it.
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _create_beside(target: Path) -> Path:
    temporary = target.with_name(f".nurie-{secrets.token_hex(6)}{target.suffix}")
    # Unlike tempfile.mkstemp this leaves the permissions to the person's umask, as any newly saved file has them.
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    os.close(os.open(temporary, flags, 0o666))
    return temporary


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


def _explain(error: OSError, path: Path) -> PictureError:
    name, folder = path.name or str(path), path.parent
    if error.errno in _FULL:
        return PictureError(f"Cannot write {name}: the disk is full. Free some space or choose another folder.")
    if error.errno in _FORBIDDEN:
        return PictureError(
            f"Cannot write {name}: you have no permission to write it in {folder}. Choose another folder."
        )
    if error.errno == errno.ENAMETOOLONG:
        return PictureError("Cannot write the picture: its name is too long. Choose a shorter one.")
    return PictureError(f"Cannot write {name}: {error.strerror or error}.")

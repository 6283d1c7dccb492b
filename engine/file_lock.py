"""Locks that die with the process that holds them, however it ends: on open files, so no clock and no number is asked.

A lock file that lies there afterwards locks nothing. Disks without locks (some network ones) grant every lock.
"""

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType


class FileLock:
    """A lock file that this process holds until `release`, or until it ends. As a context manager it lets go."""

    def __init__(self, path: Path) -> None:
        """Make the file where it is missing, and lock it.

        Raises BlockingIOError where it is held already (by a thread of this process, too), OSError where the file
        cannot be made.
        """
        self._path = path
        self._stream: int | None = None
        while self._stream is None:
            self._stream = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
            try:
                lock(self._stream)
                if not os.fstat(self._stream).st_nlink:  # removed by who held it, after it was opened here
                    self.release()
            except BaseException:
                self.release()
                raise

    def release(self, *, remove: bool = False) -> None:
        """Let others have it; remove: take the file away, too. Does nothing the second time."""
        if self._stream is None:
            return
        if remove:
            with contextlib.suppress(OSError):  # Windows removes nothing that is open: an empty file stays
                self._path.unlink()
        os.close(self._stream)
        self._stream = None

    def __enter__(self) -> "FileLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock(stream: int) -> bool:
    """Lock an open file until it is closed; whether its disk knows locks. Raises BlockingIOError where it is held."""
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(stream, 0, os.SEEK_SET)
            msvcrt.locking(stream, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        return True
    import fcntl

    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True

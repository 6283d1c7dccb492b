"""The journal of a batch: a line of JSON for each drawing that is over, so that a batch goes on where it ended.

It lies in the output folder. A line is written in one piece and brought to the disk; of a crash at most the last line
is lost, and with it the knowledge of one picture, never the picture.
"""

import contextlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from app.batch.plan import STATE_FOLDER
from engine import file_names, plain_text, sentences, typed_values
from engine.errors import PictureError, RequestError
from engine.file_lock import FileLock

FILE, LOCK = "journal.jsonl", "lock"
LINE_MAX = 1 << 20  # bytes; a line of ours has a few thousand


@dataclass(frozen=True)
class Place:
    """A place to look at in a drawing: pixel, and what is there."""

    x: int
    y: int
    text: str


@dataclass(frozen=True)
class Entry:
    """How one drawing ended.

    name: below the input folder. input, settings: digests of the drawing and of all that the result depends on.
    mirrored: what its picture is called below the output folder, with slashes; output: what it is called in truth, a
    number behind it where that name was taken; size and modified (ns): of that file, to know it again. error: the
    sentence of one that failed, empty else. The rest is for the report, see `coloring.Made`.
    """

    name: str
    input: str = ""
    settings: str = ""
    mirrored: str = ""
    output: str = ""
    size: int = 0
    modified: int = 0
    error: str = ""
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    device: str = ""
    doubts: int = 0
    leaks: int = 0
    doubtful_places: tuple[dict[str, Any], ...] = ()
    leak_places: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for an entry that leads out of the output folder, or that a report could not show."""
        if not all(not name or file_names.is_inside(name) for name in (self.mirrored, self.output)):
            raise ValueError("a picture outside the output folder")
        for place in (*self.doubtful_places, *self.leak_places):
            typed_values.to_dataclass(Place, place)

    def still_holds(self, folder: Path) -> bool:
        """Whether the picture it speaks of lies in the output folder as it was written."""
        with contextlib.suppress(OSError, ValueError):
            status = (folder / self.output).stat()
            return not self.error and (status.st_size, status.st_mtime_ns) == (self.size, self.modified)
        return False


class Journal:
    """The journal in an output folder, which is made where it is missing. One batch at a time writes there, from any of
    its threads.

    As a context manager it lets go of the folder at the end.
    """

    def __init__(self, output: Path) -> None:
        """Raises RequestError while another batch writes there, PictureError when the folder cannot be written."""
        self.folder = output / STATE_FOLDER
        self._path = self.folder / FILE
        self._lock: FileLock | None = None
        self._adding = threading.Lock()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.folder / LOCK)
            self.entries = read(output)
            self._ends_in_middle = self._path.exists() and self._path.read_bytes()[-1:] not in (b"", b"\n")
        except BlockingIOError:
            self.close()
            raise RequestError("Another batch is writing into {0}; wait for it, or stop it first.", output) from None
        except OSError as error:
            self.close()
            raise PictureError("The folder {0} cannot be written: {1}.", output, error.strerror or error) from error

    def add(self, entry: Entry) -> None:
        """Append an entry. Raises PictureError when it cannot be written."""
        told = {key: value for key, value in asdict(entry).items() if value}
        line = json.dumps(sentences.to_plain(told)) + "\n"
        with self._adding:
            self._append(line)
            self.entries[entry.name] = entry

    def _append(self, line: str) -> None:
        if self._ends_in_middle:
            line = "\n" + line
        try:
            stream = os.open(self._path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o666)
            try:
                written = os.write(stream, line.encode("ascii"))
                self._ends_in_middle = written != len(line)
                if self._ends_in_middle:
                    raise PictureError("The journal {0} cannot be written: the disk is full.", self._path)
                os.fsync(stream)
            finally:
                os.close(stream)
        except OSError as error:
            raise PictureError(
                "The journal {0} cannot be written: {1}.", self._path, error.strerror or error
            ) from error

    def close(self) -> None:
        """Release the lock, so that another batch can write there."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(output: Path) -> dict[str, Entry]:
    """The last entry of each drawing in the journal of an output folder. Lines that are damaged are left out."""
    try:
        lines = (output / STATE_FOLDER / FILE).read_bytes().split(b"\n")
    except OSError:
        return {}
    entries: dict[str, Entry] = {}
    for line in lines:
        with contextlib.suppress(ValueError, typed_values.Misfit):
            entry = typed_values.to_dataclass(
                Entry, sentences.from_plain(plain_text.from_json(line[: LINE_MAX + 1], plain_text.OWN))
            )
            if file_names.is_inside(entry.name):
                entries[entry.name] = entry
    return entries

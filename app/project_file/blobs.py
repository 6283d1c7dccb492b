"""Bytes by their content: each lies once in memory or once on the disk, and is named by its SHA-256.

Once a project is open nothing is read from its file again, as that may be changed, cut short or taken away meanwhile:
what lies in it is held in a nameless file of the program's own, which the system removes however the program ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import struct
import tempfile
import threading
import weakref
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app import paths
from engine.errors import NurieError

JSON_NAME = "project.json"  # of the part of a project that says what all others are
MAX_ENTRY = 2 << 30  # bytes; larger parts of a project are not believed
MAX_ENTRIES = 200_000
KEEPER_SLACK = 64 << 20  # bytes of what is gone that may lie in a file
INFLATED_MAX = 20  # times as large as it is packed; a project's parts are packed already
INFLATED_ALWAYS = 1 << 20  # bytes
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


class ProjectError(NurieError):
    """A project cannot be read or written."""


@dataclass(frozen=True)
class Entry:
    """Where an entry of a ZIP file begins, and how long it is packed and unpacked, with its checksum."""

    offset: int
    packed: int
    size: int
    crc: int
    deflated: bool


@dataclass(frozen=True)
class SavedFile:
    """A project file as it was when it was read or written: device, inode, size and time of change in ns."""

    path: Path
    status: tuple[int, int, int, int]

    @classmethod
    def of(cls, path: Path) -> SavedFile | None:
        """The file as it is now; None where it is gone."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(path, (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns))

    def is_there(self) -> bool:
        """Whether it lies there still as it was."""
        return SavedFile.of(self.path) == self


class Archive:
    """A project file as it was when it was opened, of which single entries are read. Thread-safe."""

    def __init__(self, path: Path, stream: BinaryIO, entries: dict[str, Entry]) -> None:
        self.path = path
        self.saved = SavedFile.of(path)
        self.entries = entries
        self._stream = stream
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Archive:
        """Hold a ZIP file, and read its table of contents. Raises ProjectError."""
        name = path.name
        try:
            if not path.is_dir() and path.exists() and not path.is_file():
                raise ProjectError("{0} is no ordinary file; choose a project.", path)  # opening a pipe may never end
            stream = _held(path)
            with zipfile.ZipFile(stream) as file:
                infos = file.infolist()
        except ProjectError:
            raise
        except FileNotFoundError:
            raise ProjectError("There is no file {0}; check its name and folder.", path) from None
        except PermissionError:
            raise ProjectError(
                "You have no permission to read {0}; ask its owner, or copy it elsewhere.", path
            ) from None
        except IsADirectoryError:
            raise ProjectError("{0} is a folder, not a project; choose a file in it.", path) from None
        except OSError as error:
            raise ProjectError("Cannot read {0}: {1}.", path, error.strerror or error) from error
        except Exception as error:
            # Foreign bytes make zipfile raise many things (BadZipFile, struct.error, UnicodeDecodeError ...).
            raise ProjectError("{0} is no Nurie project, or it is damaged; open a copy of it.", name) from error
        if len(infos) > MAX_ENTRIES:
            raise ProjectError("{0} holds {1} parts, more than a project has; it is not opened.", name, len(infos))
        entries: dict[str, Entry] = {}
        for info in infos:
            if info.file_size > MAX_ENTRY or info.compress_size > MAX_ENTRY:
                raise ProjectError("{0} holds a part of {1} bytes, too large to be true.", name, info.file_size)
            if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not info.flag_bits & 1:
                deflated = info.compress_type == zipfile.ZIP_DEFLATED
                entries[info.filename] = Entry(
                    info.header_offset, info.compress_size, info.file_size, info.CRC, deflated
                )
        return cls(path, stream, entries)

    def read(self, name: str, limit: int | None = None) -> bytes:
        """The bytes of an entry. limit: of bytes; None for what can be true of pictures. Raises ProjectError."""
        entry = self.entries.get(name)
        if entry is None:
            raise self._damaged()
        if entry.size > (limit if limit is not None else max(INFLATED_ALWAYS, INFLATED_MAX * entry.packed)):
            raise ProjectError("{0} holds a part of {1} bytes, too large to be true.", self.path.name, entry.size)
        try:
            with self._lock:
                self._stream.seek(entry.offset)
                signature, *_, name_size, extra_size = _LOCAL_HEADER.unpack(self._stream.read(_LOCAL_HEADER.size))
                self._stream.seek(name_size + extra_size, os.SEEK_CUR)
                data = self._stream.read(entry.packed)
        except struct.error:
            raise self._damaged() from None
        except OSError as error:
            raise ProjectError("Cannot read {0}: {1}.", self.path, error.strerror or error) from error
        if signature != b"PK\x03\x04":
            raise self._damaged()
        if entry.deflated:
            data = self._inflated(data, entry.size)
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise self._damaged()
        return data

    def _inflated(self, data: bytes, size: int) -> bytes:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            # Never more than was announced, whatever the bytes say.
            return unpacker.decompress(data, size + 1)
        except zlib.error:
            raise self._damaged() from None

    def _damaged(self) -> ProjectError:
        return ProjectError("{0} is damaged or was changed by another program; open a copy of it.", self.path.name)


class Keeper:
    """A nameless file that bytes are put into. Thread-safe."""

    def __init__(self) -> None:
        """Raises OSError where there is no place for it."""
        self._file = _nameless_file()
        self._lock = threading.Lock()
        self.size = 0

    def add(self, data: bytes) -> Piece:
        """Put them at the end. Raises OSError."""
        with self._lock:
            self._file.seek(self.size)
            self._file.write(data)
            self._file.flush()
            piece = Piece(self, self.size, len(data))
            self.size += len(data)
        return piece

    def read(self, piece: Piece) -> bytes:
        """The bytes of a piece. Raises OSError."""
        with self._lock:
            self._file.seek(piece.offset)
            return self._file.read(piece.size)


@dataclass(frozen=True, eq=False)
class Piece:
    """Where some bytes lie in a keeper's file."""

    keeper: Keeper
    offset: int
    size: int


Place = bytes | Archive | Path | Piece


class Blob:
    """Some bytes that never change. Where they lie may: in memory, in a file that is held, or in a copy for a crash.

    saved: the person's file that has them, too.
    """

    def __init__(self, digest: str, suffix: str, place: Place) -> None:
        self.digest = digest
        self.suffix = suffix
        self.saved = place.saved if isinstance(place, Archive) else None
        self._place = place

    @property
    def name(self) -> str:
        """What the entry in a project is called."""
        return f"blobs/{self.digest}{self.suffix}"

    @property
    def place(self) -> Place:
        """Where it lies."""
        return self._place

    @property
    def size(self) -> int:
        """Its packed size in bytes; 0 for one that is gone."""
        place = self._place
        if isinstance(place, bytes):
            return len(place)
        if isinstance(place, Piece):
            return place.size
        if isinstance(place, Archive):
            entry = place.entries.get(self.name)
            return entry.packed if entry is not None else 0
        try:
            return place.stat().st_size
        except OSError:
            return 0

    def read(self) -> bytes:
        """The bytes, off the GUI thread. Raises ProjectError when the file they lay in was damaged."""
        place = self._place
        if isinstance(place, bytes):
            return place
        try:
            if isinstance(place, Archive):
                data, where = place.read(self.name), place.path
            elif isinstance(place, Piece):
                data, where = place.keeper.read(place), Path(tempfile.gettempdir())
            else:
                data, where = place.read_bytes(), place.parent.parent
        except OSError as error:
            raise ProjectError("A part of the project cannot be read: {0}.", error.strerror or error) from error
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise ProjectError("A part of {0} is damaged; open an older copy of it if there is one.", where.name)
        return data

    def move_to(self, place: Place) -> None:
        """It lies there from now on."""
        self._place = place


class BlobStore:
    """All blobs that are in use. Thread-safe."""

    def __init__(self) -> None:
        self._keeper: Keeper | None = None
        self._blobs: weakref.WeakValueDictionary[str, Blob] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def add(self, data: bytes, suffix: str) -> Blob:
        """The blob of these bytes; an equal one that is in use already serves."""
        return self.find(hashlib.sha256(data).hexdigest(), suffix, data)

    def find(self, digest: str, suffix: str, place: Place) -> Blob:
        """The blob with this digest: the one in use, or a new one that lies at `place`."""
        with self._lock:
            blob = self._blobs.get(digest)
            if blob is None:
                blob = self._blobs[digest] = Blob(digest, suffix, place)
            return blob

    def all(self) -> list[Blob]:
        """Every blob in use."""
        with self._lock:
            return list(self._blobs.values())

    def keep(self) -> None:
        """Hold on the disk what lies in memory or in a copy for a crash. Where there is no room it stays in memory."""
        blobs = self.all()
        with contextlib.suppress(OSError):
            self._make_keeper(blobs)
        for blob in blobs:
            if isinstance(blob.place, bytes | Path):
                data = blob.read()
                try:
                    assert self._keeper is not None
                    blob.move_to(self._keeper.add(data))
                except (OSError, AssertionError):
                    blob.move_to(data)

    def _make_keeper(self, blobs: list[Blob]) -> None:
        """A new one where most of the old one's bytes are of blobs that are gone. Raises OSError."""
        old = self._keeper
        if old is None:
            self._keeper = Keeper()
            return
        held = [(blob, blob.place) for blob in blobs if isinstance(blob.place, Piece)]
        if old.size > KEEPER_SLACK + 2 * sum(place.size for _, place in held):
            new = Keeper()
            for blob, place in held:
                blob.move_to(new.add(place.keeper.read(place)))
            self._keeper = new


def _held(path: Path) -> BinaryIO:
    """A nameless copy of a file; the file itself where there is no room for a copy. Raises OSError of the file."""
    source = path.open("rb")
    try:
        copy = _nameless_file()
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
    except OSError:
        source.seek(0)
        return source
    source.close()
    return copy


def _nameless_file() -> BinaryIO:
    """A file without a name, in the program's own folder if there is one: the one for temporary files may be memory."""
    try:
        folder = paths.user_state()
        usable = folder.is_dir() and os.access(folder, os.W_OK)
    except (NurieError, OSError):
        folder, usable = Path(), False
    return tempfile.TemporaryFile(dir=folder if usable else None)  # type: ignore[return-value]

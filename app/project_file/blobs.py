"""Bytes by their content: each lies once in memory or once in a file, and is named by its SHA-256 there."""

from __future__ import annotations

import hashlib
import os
import struct
import threading
import weakref
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from engine.errors import NurieError

MAX_ENTRY = 2 << 30  # bytes; larger parts of a project are not believed
MAX_ENTRIES = 200_000
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


REPLACING = threading.RLock()  # held while a file is read from, and while another takes its place


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


class Archive:
    """A project file on the disk, of which single entries are read without looking for them again."""

    def __init__(self, path: Path, entries: dict[str, Entry]) -> None:
        self.path = path
        self.entries = entries

    @classmethod
    def open(cls, path: Path) -> Archive:
        """The table of contents of a ZIP file. Raises ProjectError."""
        name = path.name
        try:
            with zipfile.ZipFile(path) as file:
                infos = file.infolist()
        except FileNotFoundError:
            raise ProjectError(f"There is no file {path}; check its name and folder.") from None
        except PermissionError:
            raise ProjectError(f"You have no permission to read {path}; ask its owner, or copy it elsewhere.") from None
        except IsADirectoryError:
            raise ProjectError(f"{path} is a folder, not a project; choose a file in it.") from None
        except OSError as error:
            raise ProjectError(f"Cannot read {path}: {error.strerror or error}.") from error
        except Exception as error:
            # Foreign bytes make zipfile raise many things (BadZipFile, struct.error, UnicodeDecodeError ...).
            raise ProjectError(f"{name} is no Nurie project, or it is damaged; open a copy of it.") from error
        if len(infos) > MAX_ENTRIES:
            raise ProjectError(f"{name} holds {len(infos)} parts, more than a project has; it is not opened.")
        entries: dict[str, Entry] = {}
        for info in infos:
            if info.file_size > MAX_ENTRY or info.compress_size > MAX_ENTRY:
                raise ProjectError(f"{name} holds a part of {info.file_size} bytes, too large to be true.")
            if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) and not info.flag_bits & 1:
                deflated = info.compress_type == zipfile.ZIP_DEFLATED
                entries[info.filename] = Entry(
                    info.header_offset, info.compress_size, info.file_size, info.CRC, deflated
                )
        return cls(path, entries)

    def read(self, name: str) -> bytes:
        """The bytes of an entry. Raises ProjectError."""
        entry = self.entries.get(name)
        if entry is None:
            raise self._damaged()
        try:
            with self.path.open("rb") as file:
                file.seek(entry.offset)
                header = file.read(_LOCAL_HEADER.size)
                signature, *_, name_size, extra_size = _LOCAL_HEADER.unpack(header)
                file.seek(name_size + extra_size, os.SEEK_CUR)
                data = file.read(entry.packed)
        except struct.error:
            raise self._damaged() from None
        except OSError as error:
            raise ProjectError(f"Cannot read {self.path}: {error.strerror or error}.") from error
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
        return ProjectError(f"{self.path.name} is damaged or was changed by another program; open a copy of it.")


class Blob:
    """Some bytes that never change. Where they lie may: in memory, in a project, or in a file of their own."""

    def __init__(self, digest: str, suffix: str, place: bytes | Archive | Path) -> None:
        self.digest = digest
        self.suffix = suffix
        self._place = place

    @property
    def name(self) -> str:
        """What the entry in a project is called."""
        return f"blobs/{self.digest}{self.suffix}"

    @property
    def place(self) -> bytes | Archive | Path:
        """Where it lies."""
        return self._place

    def read(self) -> bytes:
        """The bytes, off the GUI thread. Raises ProjectError when the file they lay in is damaged or gone."""
        with REPLACING:
            place = self._place
            if isinstance(place, bytes):
                return place
            if isinstance(place, Archive):
                data, where = place.read(self.name), place.path
            else:
                data, where = _read(place), place.parent.parent
        if hashlib.sha256(data).hexdigest() != self.digest:
            raise ProjectError(f"A part of {where.name} is damaged; open an older copy of it if there is one.")
        return data

    def move_to(self, place: bytes | Archive | Path) -> None:
        """It lies there from now on."""
        self._place = place


class BlobStore:
    """All blobs that are in use. Thread-safe."""

    def __init__(self) -> None:
        self._blobs: weakref.WeakValueDictionary[str, Blob] = weakref.WeakValueDictionary()
        self._lock = threading.Lock()

    def add(self, data: bytes, suffix: str) -> Blob:
        """The blob of these bytes; an equal one that is in use already serves."""
        return self.find(hashlib.sha256(data).hexdigest(), suffix, data)

    def find(self, digest: str, suffix: str, place: bytes | Archive | Path) -> Blob:
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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ProjectError(f"Cannot read {file}: {error.strerror or error}.") from error

"""numpy arrays as bytes and back without loss: PNG where it can hold them, zlib where it cannot.

What was encoded or decoded once is remembered as long as the array lives, so that saving again costs nothing.
"""

from __future__ import annotations

import dataclasses
import math
import struct
import threading
import weakref
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.project_file.blobs import Blob, BlobStore, ProjectError
from app.project_file.schema import ArrayRecord
from engine.images import MAX_PIXELS, MAX_SIDE

_PNG_FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)
_ZLIB_FAST = 1
_DTYPES = ("uint8", "uint16", "int32", "int64", "float32", "bool")
_MAX_BYTES = 4 * MAX_PIXELS
UNPACKED_ALWAYS = 192 << 20  # bytes of all arrays of a drawing
UNPACKED_MAX = 400  # times as large as they are packed, beyond that
_COLOR_TYPES = {1: 0, 3: 2, 4: 6}  # channels → PNG's color type


@dataclass(eq=False)
class Blobs:
    """The blobs that a record names, by digest; holding this keeps them."""

    by_digest: dict[str, Blob] = field(default_factory=dict)

    def add(self, blob: Blob) -> str:
        """Take the blob in; its digest."""
        self.by_digest[blob.digest] = blob
        return blob.digest

    def read(self, digest: str) -> bytes:
        """The bytes of a blob. Raises ProjectError."""
        if digest not in self.by_digest:
            raise ProjectError("A part of the project is missing; open an older copy of it if there is one.")
        return self.by_digest[digest].read()

    def __iter__(self) -> Iterator[Blob]:
        """All of them."""
        return iter(self.by_digest.values())


class ArrayCodec:
    """Encodes and decodes arrays of one project. Thread-safe."""

    def __init__(self, store: BlobStore) -> None:
        self.store = store
        self._known: dict[int, tuple[weakref.ref[Any], ArrayRecord, Blob]] = {}
        self._decoded: weakref.WeakValueDictionary[ArrayRecord, Any] = weakref.WeakValueDictionary()
        self._lock = threading.RLock()

    def encode(self, array: NDArray[Any], blobs: Blobs) -> ArrayRecord:
        """The record of an array, whose blob is added to `blobs`."""
        with self._lock:
            known = self._known.get(id(array))
        if known is not None and known[0]() is array:
            blobs.add(known[2])
            return known[1]
        data, suffix, coding = _packed(array)
        blob = self.store.add(data, suffix)
        record = ArrayRecord(blob.digest, array.shape, str(array.dtype), coding)
        self._remember(array, record, blob)
        blobs.add(blob)
        return record

    def decode(self, record: ArrayRecord, blobs: Blobs) -> NDArray[Any]:
        """The array of a record, the same one while it is in use. Raises ProjectError."""
        with self._lock:
            found = self._decoded.get(record)
        if found is not None:
            return found
        _check(record)
        data = blobs.read(record.blob)
        array = _unpacked(data, record)
        self._remember(array, record, blobs.by_digest[record.blob])
        return array

    def _remember(self, array: NDArray[Any], record: ArrayRecord, blob: Blob) -> None:
        key = id(array)
        with self._lock:
            self._known[key] = weakref.ref(array, lambda _: self._known.pop(key, None)), record, blob
            self._decoded[record] = array


def require_sizes(record: Any, blobs: Blobs) -> None:
    """Check what all arrays of a record take together, before one is decoded. Raises ProjectError.

    A small file that says of many pictures that they are large would else fill the memory: blank ones pack 1000 times.
    """
    arrays = {one.blob: one for one in _array_records(record)}
    wanted = sum(math.prod(one.shape) * _item_size(one.dtype) for one in arrays.values())
    packed = sum(blobs.by_digest[one].size for one in arrays if one in blobs.by_digest)
    if wanted > UNPACKED_ALWAYS + UNPACKED_MAX * packed:
        raise ProjectError("The pictures of a drawing in the project are too large to be true; open an older copy.")


def _array_records(value: Any) -> Iterator[ArrayRecord]:
    if isinstance(value, ArrayRecord):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _array_records(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for one in dataclasses.fields(value):
            yield from _array_records(getattr(value, one.name))


def _item_size(dtype: str) -> int:
    return np.dtype(dtype).itemsize if dtype in _DTYPES else 8


def is_whole_png(data: bytes) -> bool:
    """Whether the chunks of a PNG fit into it: OpenCV takes the memory that a chunk announces without looking."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        return False
    place = 8
    while place + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if data[place + 4 : place + 8] == b"IEND":
            return True
        place += 12 + length
    return False


def _packed(array: NDArray[Any]) -> tuple[bytes, str, str]:
    if array.dtype in (np.uint8, np.uint16):
        if _fits_png(array):
            return _png(array), ".png", "png"
    elif array.dtype == np.bool_ and array.ndim == 2:
        return _png(array.astype(np.uint8) * np.uint8(255)), ".png", "png"
    elif array.dtype == np.int32 and array.ndim == 2 and array.size and array.min() >= 0 and array.max() < 65536:
        return _png(array.astype(np.uint16)), ".png", "png"
    elif array.dtype == np.float32 and array.ndim == 2:
        levels = np.asarray(np.clip(np.rint(array * np.float32(255.0)), 0, 255), np.uint8)
        if np.array_equal(_from_levels(levels), array):
            return _png(levels), ".png", "unit"
    if str(array.dtype) not in _DTYPES:
        raise TypeError(f"no way to store {array.dtype}")
    return zlib.compress(np.ascontiguousarray(array).data, _ZLIB_FAST), ".z", "raw"


def _fits_png(array: NDArray[Any]) -> bool:
    return bool(array.size) and (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4)))


def _from_levels(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return levels.astype(np.float32) / np.float32(255.0)


def _png(array: NDArray[Any]) -> bytes:
    done, data = cv2.imencode(".png", _swapped(array), _PNG_FAST)
    assert done
    return data.tobytes()


def _swapped(array: NDArray[Any]) -> NDArray[Any]:
    """OpenCV has blue first."""
    if array.ndim == 2:
        return array
    code = cv2.COLOR_RGB2BGR if array.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(array), code))


def _check(record: ArrayRecord) -> None:
    """Sizes before anything is decoded. Raises ProjectError."""
    size = math.prod(record.shape)
    if (
        record.dtype not in _DTYPES
        or len(record.shape) not in (1, 2, 3)
        or min(record.shape) < 0
        or max(record.shape) > _MAX_BYTES
    ):
        raise _damaged()
    if record.coding != "raw" and (len(record.shape) < 2 or max(record.shape[:2]) > MAX_SIDE or not size):
        raise _damaged()
    if size * np.dtype(record.dtype).itemsize > _MAX_BYTES:
        raise ProjectError("A picture in the project is too large to be true; open an older copy of it.")


def _unpacked(data: bytes, record: ArrayRecord) -> NDArray[Any]:
    if record.coding == "raw":
        return _unpacked_raw(data, record)
    stored = {"int32": np.uint16, "bool": np.uint8, "float32": np.uint8}.get(record.dtype, record.dtype)
    _check_png_header(data, record, np.dtype(stored).itemsize * 8)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None or decoded.shape != record.shape or decoded.dtype != stored:
        raise _damaged()
    array = _swapped(np.asarray(decoded))
    if record.coding == "unit":
        return _from_levels(np.asarray(array, np.uint8))
    return array > 0 if record.dtype == "bool" else array.astype(record.dtype, copy=False)


def _check_png_header(data: bytes, record: ArrayRecord, depth: int) -> None:
    channels = record.shape[2] if len(record.shape) == 3 else 1
    wanted = (record.shape[1], record.shape[0], depth, _COLOR_TYPES.get(channels))
    if not is_whole_png(data) or struct.unpack(">IIBB", data[16:26]) != wanted:
        raise _damaged()


def _unpacked_raw(data: bytes, record: ArrayRecord) -> NDArray[Any]:
    size = math.prod(record.shape) * np.dtype(record.dtype).itemsize
    try:
        unpacked = zlib.decompressobj().decompress(data, size + 1)
    except zlib.error:
        raise _damaged() from None
    if len(unpacked) != size:
        raise _damaged()
    return np.frombuffer(unpacked, record.dtype).reshape(record.shape).copy()


def _damaged() -> ProjectError:
    return ProjectError("A picture in the project is damaged; open an older copy of it if there is one.")

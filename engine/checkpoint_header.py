"""The header of a safetensors file, read and checked by hand so that no torch and no numpy is needed.

The format: 8 bytes, the header's length N (little endian); N bytes of JSON, {tensor name: {dtype, shape, data_offsets}}
and strings under `__metadata__`; then the tensors' bytes, without gaps. See the safetensors README, "Format".
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from engine import plain_text
from engine.errors import CheckpointError
from engine.sentences import Sentence

HEADER_LIMIT = 64 * 2**20  # bytes; the largest networks need well under one MiB, attributions perhaps a few
_LIMITS = replace(plain_text.OWN, values=1_000_000)  # a tensor has some ten
BITS = {
    "F64": 64, "I64": 64, "U64": 64, "F32": 32, "I32": 32, "U32": 32, "F16": 16, "BF16": 16, "I16": 16, "U16": 16,
    "F8_E4M3": 8, "F8_E5M2": 8, "I8": 8, "U8": 8, "BOOL": 8,
}  # fmt: skip


@dataclass(frozen=True)
class TensorEntry:
    """One tensor: type as safetensors names it, shape, first and last byte (exclusive) after the header."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


@dataclass(frozen=True)
class Header:
    """All tensors by name, and the strings of `__metadata__`."""

    tensors: dict[str, TensorEntry]
    metadata: dict[str, str]


def read_header(path: Path) -> Header:
    """Read and check the header and the file's length. Raises CheckpointError with one sentence."""
    if path.is_dir():
        raise CheckpointError("{0} is a folder; choose a model file (.safetensors).", path)
    try:
        if path.exists() and not path.is_file():
            raise CheckpointError("{0} is no ordinary file; choose a model file (.safetensors).", path)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _parse(path, file, size)
    except FileNotFoundError as error:
        raise CheckpointError("There is no model file {0}; check the name.", path) from error
    except PermissionError as error:
        raise CheckpointError("The model file {0} may not be read; change its permissions.", path) from error
    except OSError as error:
        raise CheckpointError("The model file {0} cannot be read: {1}.", path, error.strerror or error) from error


def _parse(path: Path, file: BinaryIO, size: int) -> Header:
    start = file.read(512)
    length = int.from_bytes(start[:8], "little")
    # The ninth byte decides what the file is: eight bytes of length can look like anything, a pickle's magic included.
    if len(start) < 9 or start[8:9] != b"{" or length > HEADER_LIMIT:
        raise CheckpointError(_why_foreign(path, start))
    if 8 + length > size:
        raise CheckpointError("The model file {0} is cut short; get the file again.", path)
    file.seek(8)
    try:
        values = plain_text.from_json(file.read(length), _LIMITS, _without_duplicates)
    except ValueError as error:
        raise CheckpointError("The header of the model file {0} is damaged; get the file again.", path) from error
    metadata = values.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):
        raise CheckpointError("The header of the model file {0} is damaged; get the file again.", path)
    try:
        tensors = {name: _entry(value) for name, value in values.items()}
    except ValueError as error:
        raise CheckpointError("The header of the model file {0} is damaged; get the file again.", path) from error
    _require_layout(path, tensors, size - 8 - length)
    return Header(tensors, metadata)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name appears twice")
    return values


def _entry(value: Any) -> TensorEntry:
    """One tensor's entry, or ValueError."""
    if not isinstance(value, dict) or set(value) != {"dtype", "shape", "data_offsets"}:
        raise ValueError("not a tensor")
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise ValueError("unknown type")
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise ValueError("not sizes")
    if (offsets[1] - offsets[0]) * 8 != math.prod(shape) * BITS[dtype]:
        raise ValueError("the bytes do not fit the shape")
    return TensorEntry(dtype, tuple(shape), offsets[0], offsets[1])


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int and item >= 0 for item in value)


def _require_layout(path: Path, tensors: dict[str, TensorEntry], size: int) -> None:
    """The tensors must follow each other without gaps and fill the file exactly."""
    position = 0
    for entry in sorted(tensors.values(), key=lambda entry: (entry.begin, entry.end)):
        if entry.begin != position:
            raise CheckpointError("The header of the model file {0} is damaged; get the file again.", path)
        position = entry.end
    if position > size:
        raise CheckpointError("The model file {0} is cut short; get the file again.", path)
    if position < size:
        raise CheckpointError("The model file {0} has bytes after its end, so it is damaged; get the file again.", path)


def _why_foreign(path: Path, start: bytes) -> str:
    """The sentence for a file that is no safetensors file."""
    if not start:
        return Sentence("The model file {0} is empty; get the file again.", path)
    if start[:4] == b"PK\x03\x04" or (start[0] == 0x80 and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05")):
        return Sentence(
            "{0} is a pickled model, which is refused because it can run any code on your computer; "
            "ask for it as a .safetensors file made for Nurie.",
            path,
        )
    if start.startswith(b"version https://git-lfs"):
        return Sentence("{0} only points to the model (Git LFS); download the file itself.", path)
    if _is_text(start):
        return Sentence("{0} is a text file and no model; choose a .safetensors file made for Nurie.", path)
    if len(start) < 9:
        return Sentence("The model file {0} is cut short; get the file again.", path)
    return Sentence("{0} is no model file; choose a .safetensors file made for Nurie.", path)


def _is_text(start: bytes) -> bool:
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut in the middle: that is still text.
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(character.isprintable() or character in "\r\n\t\f" for character in text)

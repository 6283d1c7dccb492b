"""Layers added to a copy of a PSD of any program, whose own layers stay byte for byte what they are.

The file is not read and written again by a library, which would lose what that library does not know: its bytes are cut
between two layers, and ours are put in. Only what counts layers is changed, and the merged picture.
Source: Adobe Photoshop File Formats Specification.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import PictureError
from engine.export import psd
from engine.export.atomic import atomic_path
from engine.layers import Layer, LayerStack, flatten, in_profile, on_canvas

GROUP = "Nurie"  # what our layers lie in; a group of that name is replaced
_BY_LAYER = {
    1026: b"\0\0",
    1072: b"\1",
}  # resources with a piece for each layer (groups, open folders), and a new one's
_PIECE = {key: len(value) for key, value in _BY_LAYER.items()}

_HEAD = 26  # bytes of a file's header
_MODES = {0: "Bitmap", 1: "Grayscale", 2: "Indexed", 4: "CMYK", 7: "Multichannel", 8: "Duotone", 9: "Lab"}
_RGB = 3

Entry = tuple[bytes, bytes]  # a layer's record, and its channels


@dataclass(frozen=True)
class Place:
    """Where to put layers. lines: the numbers of the drawing's layers among those that are no groups, from the bottom,
    none for all. below: under the lowest of them; else over the highest, multiplied."""

    lines: frozenset[int]
    below: bool


@dataclass(frozen=True)
class _Parts:
    """A PSD in pieces. negative: whether the count of layers has a minus sign, which says of the merged picture that it
    has an alpha."""

    head: bytes
    resources: bytes
    entries: tuple[Entry, ...]
    negative: bool
    after: bytes
    merged: bytes

    def joined(self) -> bytes:
        records = b"".join(record for record, _ in self.entries)
        count = len(self.entries) * (-1 if self.negative else 1)
        info = struct.pack(">h", count) + records + b"".join(channels for _, channels in self.entries)
        info += bytes(-len(info) % 4)
        section = struct.pack(">I", len(info)) + info + self.after
        lengths = struct.pack(">I", len(self.resources)), struct.pack(">I", len(section))
        return self.head + lengths[0] + self.resources + lengths[1] + section + self.merged


def write_into(path: Path, source: Path, stack: LayerStack, place: Place, base: NDArray[np.uint8] | None) -> None:
    """Write a copy of the PSD `source` with the layers of `stack` in a group of their own; an older such group goes.

    base: H×W×3 uint8 sRGB, what the file shows without that group, None to leave the merged picture as it is.
    Raises PictureError for a file of another kind, and where it cannot be written.
    """
    name = source.name
    try:
        data = source.read_bytes()
        parts = _parsed(data, name)
    except OSError as error:
        raise PictureError("Cannot read {0}: {1}.", source, error.strerror or error) from error
    except (struct.error, IndexError) as error:
        raise PictureError("{0} is damaged or incomplete; save or download it again.", name) from error
    with psd.opened(io.BytesIO(data), name) as file:
        ours = file.group_records(GROUP)
        at = file.record_at(place.lines, below=place.below)
        used, size, profile = file.highest_id(ours), file.size, file.own_profile()
    if size != stack.size:
        raise PictureError("{0} has another size than its drawing; save it again.", name)
    stack = in_profile(replace(stack, icc_profile=profile))
    if not parts.entries:
        parts = _with_background(parts, data, size, name)
        at, used = 1, used + 1
    parts = _without(parts, ours)
    at -= sum(1 for one in ours if one < at)
    added = psd.serialized(stack, GROUP, used + 1, multiply=not place.below)
    parts = replace(
        parts,
        entries=(*parts.entries[:at], *added, *parts.entries[at:]),
        resources=_with_pieces(parts.resources, len(parts.entries), at, len(added)),
    )
    if base is not None:
        below = Layer("", np.dstack([base, np.full(size, 255, np.uint8)]))
        shown = in_profile(LayerStack(size, (below,), icc_profile=profile)).layers[0].pixels[..., :3]
        parts = replace(parts, merged=_merged(parts, shown, stack))
    whole = parts.joined()
    if len(whole) > psd.LARGEST:
        raise PictureError("The layers are too large for {0}: a PSD holds 2 GB; choose .ora instead.", path.name)
    with atomic_path(path) as temporary:
        temporary.write_bytes(whole)


def require_kind(stream: IO[bytes], name: str) -> None:
    """Raise PictureError, by its header alone, for a file to which layers cannot be added; struct.error where it has
    none."""
    _require_kind(stream.read(_HEAD), name)


def _require_kind(data: bytes, name: str) -> None:
    version, channels, _, _, depth, mode = struct.unpack_from(">H6xHIIHH", data, 4)
    if data[:4] == b"8BPS" and version == 2:
        raise PictureError("{0} is a PSB, and layers can be added to a PSD alone; save it as PSD.", name)
    if data[:4] != b"8BPS" or version != 1:
        raise PictureError("{0} is no PSD: layers can be added to files of that kind alone.", name)
    if depth != 8:
        raise PictureError(
            "{0} has {1} bits a channel, and layers can be added to a PSD of 8 alone; convert it first.", name, depth
        )
    if mode != _RGB or channels < 3:
        raise PictureError(
            "{0} has the color mode {1}, and layers can be added to a PSD in RGB alone; convert it first.",
            name,
            _MODES.get(mode, mode),
        )


def _parsed(data: bytes, name: str) -> _Parts:
    """The pieces of a PSD with 8-bit RGB. Raises PictureError for another kind, struct.error for a damaged one."""
    _require_kind(data, name)
    head = 26 + 4 + _number(data, 26)
    resources = head + 4 + _number(data, head)
    section = resources + 4 + _number(data, resources)
    if section > len(data):
        raise struct.error("cut off")
    entries: list[Entry] = []
    negative, after = False, b""
    if section > resources + 4:
        info = resources + 8 + _number(data, resources + 4)
        if _number(data, resources + 4):
            entries, negative = _entries(data, resources + 8, info)
        after = data[info:section]
    return _Parts(data[:head], data[head + 4 : resources], tuple(entries), negative, after, data[section:])


def _entries(data: bytes, at: int, end: int) -> tuple[list[Entry], bool]:
    (count,) = struct.unpack_from(">h", data, at)
    at += 2
    records: list[tuple[bytes, int]] = []
    for _ in range(abs(count)):
        begin = at
        (channels,) = struct.unpack_from(">H", data, at + 16)
        lengths = (_number(data, at + 20 + 6 * number) for number in range(channels))
        size = sum(lengths)
        extra = at + 18 + 6 * channels + 12
        at = extra + 4 + _number(data, extra)
        records.append((data[begin:at], size))
    entries = []
    for record, size in records:
        if at + size > end:
            raise struct.error("cut off")
        entries.append((record, data[at : at + size]))
        at += size
    return entries, count < 0


def _number(data: bytes, at: int) -> int:
    return struct.unpack_from(">I", data, at)[0]


def _with_background(parts: _Parts, data: bytes, size: tuple[int, int], name: str) -> _Parts:
    """A file without layers gets its picture as one, which programs show as such anyway."""
    planes = psd.merged_planes(data, name)[:3]
    pixels = np.dstack([*(np.frombuffer(one, np.uint8).reshape(size) for one in planes), np.full(size, 255, np.uint8)])
    return replace(parts, entries=tuple(psd.serialized(LayerStack(size, (Layer("Background", pixels),)), None, 1)))


def _without(parts: _Parts, ours: Sequence[int]) -> _Parts:
    resources = parts.resources
    for number in sorted(ours, reverse=True):
        resources = _with_pieces(resources, len(parts.entries), number, -1)
        entries = (*parts.entries[:number], *parts.entries[number + 1 :])
        parts = replace(parts, entries=entries, resources=resources)
    return parts


def _with_pieces(resources: bytes, count: int, at: int, more: int) -> bytes:
    """Resources that have a piece for each of `count` layers get `more` (or lose one) before layer `at`."""
    out, place = bytearray(), 0
    try:
        while place < len(resources):
            key, name = struct.unpack_from(">4xHB", resources, place)
            begin = place + 6 + (name + 2) // 2 * 2
            length = _number(resources, begin)
            piece = _PIECE.get(key, 0)
            end = begin + 4 + length + length % 2
            if piece and length == piece * count:
                data = resources[begin + 4 : begin + 4 + length]
                cut = piece * at
                data = data[:cut] + (_BY_LAYER[key] * more + data[cut:] if more > 0 else data[cut + piece :])
                out += resources[place:begin] + struct.pack(">I", len(data)) + data + bytes(len(data) % 2)
            else:
                out += resources[place:end]
            place = end
    except struct.error:
        return resources  # of another build: left as it is
    return bytes(out)


def _merged(parts: _Parts, base: NDArray[np.uint8], stack: LayerStack) -> bytes:
    """The merged picture with our layers: what was shown, multiplied with them, as ink over colors on paper looks."""
    planes: list[Any] = psd.merged_planes(parts.joined(), "")
    both = base.astype(np.uint16) * flatten(stack)
    image = ((both + 127) // 255).astype(np.uint8)
    planes[:3] = [image[..., channel].tobytes() for channel in range(3)]
    if parts.negative and len(planes) > 3:
        covered = np.frombuffer(planes[3], np.uint8).reshape(stack.size).copy()
        for layer in stack.layers:
            if layer.visible and layer.blend == "normal":
                np.maximum(covered, on_canvas(layer, stack.size)[..., 3], out=covered)
        planes[3] = covered.tobytes()
    return psd.packed_planes(planes, stack.size)

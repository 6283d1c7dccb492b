"""PSD files as other programs write them, byte by byte: masks, adjustments, clipping, groups, blocks nobody knows."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_GROUP, GROUP, GROUP_END = 0, 1, 3


@dataclass(frozen=True)
class Foreign:
    """One record. pixels: h×w×4 uint8 at left, top. blocks: further ones, key and data. kind: as in its "lsct".
    packing: of its channels, 0 raw, 1 packed, 2 zip, 3 zip of differences."""

    name: str
    pixels: NDArray[np.uint8]
    left: int = 0
    top: int = 0
    blend: bytes = b"norm"
    clipped: bool = False
    visible: bool = True
    mask: bool = False
    kind: int = NO_GROUP
    blocks: tuple[tuple[bytes, bytes], ...] = ()
    packing: int = 0


def block(key: bytes, data: bytes) -> bytes:
    return b"8BIM" + key + struct.pack(">I", len(data)) + data


def written(
    size: tuple[int, int],
    layers: Sequence[Foreign],
    merged: NDArray[np.uint8],
    *,
    resources: bytes = b"",
    after: bytes = b"",
    alpha: bool = False,
) -> bytes:
    """The file. merged: H×W×3, or with a fourth channel where `alpha` says that it is transparency."""
    height, width = size
    channels = merged.shape[2]
    out = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, height, width, 8, 3) + struct.pack(">I", 0)
    out += struct.pack(">I", len(resources)) + resources
    info = b""
    if layers:
        info = struct.pack(">h", -len(layers) if alpha else len(layers))
        info += b"".join(_record(layer, number) for number, layer in enumerate(layers, 1))
        info += b"".join(_channels(layer) for layer in layers)
        info += bytes(len(info) % 2)
    section = struct.pack(">I", len(info)) + info + after
    out += struct.pack(">I", len(section)) + section
    return out + struct.pack(">H", 0) + b"".join(merged[..., one].tobytes() for one in range(channels))


def _planes(layer: Foreign) -> list[tuple[int, bytes]]:
    planes = [
        (number, _packed(layer.pixels[..., channel], layer.packing))
        for number, channel in ((-1, 3), (0, 0), (1, 1), (2, 2))
    ]
    return [*planes, (-2, struct.pack(">H", 0) + bytes(range(4)))] if layer.mask else planes


def _packed(plane: NDArray[np.uint8], packing: int) -> bytes:
    if not plane.size:
        return struct.pack(">H", 0)
    data = plane.tobytes()
    if packing == 1:
        rows = [b"".join(bytes((len(part) - 1,)) + part for part in _parts(row.tobytes())) for row in plane]
        data = b"".join(struct.pack(">H", len(row)) for row in rows) + b"".join(rows)
    elif packing == 2:
        data = zlib.compress(data)
    elif packing == 3:
        data = zlib.compress(np.diff(plane, axis=1, prepend=np.uint8(0)).tobytes())
    return struct.pack(">H", packing) + data


def _parts(row: bytes) -> list[bytes]:
    return [row[at : at + 128] for at in range(0, len(row), 128)]


def _record(layer: Foreign, number: int) -> bytes:
    height, width = layer.pixels.shape[:2]
    planes = _planes(layer)
    out = struct.pack(">4iH", layer.top, layer.left, layer.top + height, layer.left + width, len(planes))
    out += b"".join(struct.pack(">hI", identity, len(data)) for identity, data in planes)
    flags = 0 if layer.visible else 2
    out += b"8BIM" + layer.blend + bytes((200, int(layer.clipped), flags, 0))
    mask = struct.pack(">I4iBBH", 20, 1, 1, 3, 3, 255, 0, 0) if layer.mask else struct.pack(">I", 0)
    name = layer.name.encode("ascii", "replace")[:200]
    pascal = bytes((len(name),)) + name
    pascal += bytes(-len(pascal) % 4)
    text = layer.name.encode("utf-16-be")
    blocks = block(b"luni", struct.pack(">I", len(text) // 2) + text + bytes(-(len(text) + 4) % 4))
    blocks += block(b"lyid", struct.pack(">I", number * 3))
    if layer.kind:
        blocks += block(b"lsct", struct.pack(">I", layer.kind))
    blocks += b"".join(block(key, data) for key, data in layer.blocks)
    extra = mask + struct.pack(">I", 0) + pascal + blocks
    return out + struct.pack(">I", len(extra)) + extra


def _channels(layer: Foreign) -> bytes:
    return b"".join(data for _, data in _planes(layer))

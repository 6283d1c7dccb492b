"""PNG: the file again with nothing but what its pixels need, so that damage elsewhere does no harm.

Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.sentences import Sentence

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
_ANIMATION = (b"acTL", b"fcTL", b"fdAT")
_SIDE = (b"pHYs", b"eXIf", b"sBIT")
_RESOLUTION_BYTES = 9
_MOST_PROFILE = 16 * 2**20  # bytes; profiles for printing have one or two million
_WORDS = {
    b"iCCP": Sentence("color profile"),
    b"eXIf": Sentence("camera data (EXIF)"),
    b"pHYs": Sentence("resolution"),
    b"tEXt": Sentence("text"),
    b"zTXt": Sentence("text"),
    b"iTXt": Sentence("text"),
    b"tIME": Sentence("time"),
    b"gAMA": Sentence("gamma"),
    b"cHRM": Sentence("primary colors"),
}


@dataclass
class Sound:
    """A PNG without its attachments. data: the file; profile: unpacked; frames: of an animation, 1 without; notes: what
    was damaged and left out."""

    data: bytes = b""
    profile: bytes | None = None
    frames: int = 1
    notes: list[str] = field(default_factory=list)


def sound(data: bytes) -> Sound:
    """The picture in the bytes of a PNG, whatever its other chunks are like. Raises nothing."""
    result = Sound()
    kept, moving, lost = [SIGNATURE], False, set()
    frames, ended = 0, False
    for name, body, checksum in _chunks(data):
        whole = checksum == struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
        if name == b"IEND":
            ended = True
            break
        if name in _PIXELS:
            # One that is cut off may still hold all pixels there are; the decoder will tell.
            kept.append(_chunk(name, body, checksum if len(checksum) == 4 else None))
        elif not whole or (name == b"pHYs" and len(body) != _RESOLUTION_BYTES):
            lost.add(name)
        elif name in _ANIMATION:
            kept.append(_chunk(name, body, checksum))
            moving, frames = moving or name == b"acTL", frames + (name == b"fcTL")
        elif name in _SIDE:
            kept.append(_chunk(name, body, checksum))
        elif name == b"iCCP":
            result.profile = _profile(body)
            lost |= {name} if result.profile is None else set()
    if lost & set(_ANIMATION):
        kept, moving = [chunk for chunk in kept if chunk[4:8] not in _ANIMATION], False
    result.frames = max(1, frames) if moving else 1
    result.notes = [Sentence("Its {0} is damaged and was left out.", word) for word in sorted(map(_word, lost))]
    result.notes = list(dict.fromkeys(result.notes))
    if not ended:
        result.notes.append(Sentence("The end of the file is missing, but no pixel."))
    result.data = b"".join((*kept, _chunk(b"IEND", b"", None)))
    return result


def _word(name: bytes) -> str:
    if name in _ANIMATION:
        return Sentence("animation")
    return _WORDS.get(
        name, Sentence("chunk {0}", name.decode("latin-1")) if name.isalpha() else Sentence("unknown part")
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, content and checksum of each chunk; of one that is cut off what there is."""
    view, place = memoryview(data), len(SIGNATURE)
    while place + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, place)
        end = place + 8 + length
        yield bytes(view[place + 4 : place + 8]), bytes(view[place + 8 : end]), bytes(view[end : end + 4])
        place = end + 4


def _chunk(name: bytes, body: bytes, checksum: bytes | None) -> bytes:
    if checksum is None:
        checksum = struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
    return struct.pack(">I", len(body)) + name + body + checksum


def _profile(body: bytes) -> bytes | None:
    """The profile in an iCCP chunk, None for one that is damaged or unreasonably long."""
    _, found, packed = body.partition(b"\0")
    if not found or packed[:1] != b"\0":
        return None
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], _MOST_PROFILE)
    except zlib.error:
        return None
    return profile if unpacker.eof else None

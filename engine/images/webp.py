"""WebP: the file again without attachments that are cut off. Source: RFC 9649, section 2."""

import struct

from engine.sentences import Sentence

_SIDE = {b"EXIF": Sentence("camera data (EXIF)"), b"XMP ": Sentence("text (XMP)"), b"ICCP": Sentence("color profile")}


def sound(data: bytes) -> tuple[bytes, list[str]]:
    """A WebP file whose length is right, and notes on what was left out. What holds pixels is never touched."""
    kept, notes, place = [], [], 12
    while place + 8 <= len(data):
        name, (length,) = data[place : place + 4], struct.unpack_from("<I", data, place + 4)
        end = place + 8 + length
        if end > len(data):
            if name not in _SIDE:
                return data, []
            notes.append(Sentence("Its {0} is damaged and was left out.", _SIDE[name]))
            break
        kept.append(data[place:end] + bytes(length % 2))
        place = end + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body, notes

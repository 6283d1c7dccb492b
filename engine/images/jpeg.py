"""JPEG: what kind it is, how long it takes, and whether its end is there. Source: ITU-T T.81, annex B."""

import re
import struct
from dataclasses import dataclass

END = b"\xff\xd9"

_SOI_LENGTH = 2
_START_OF_SCAN, _END = 0xDA, 0xD9
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # starts of frames: not tables
_READ = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}  # baseline, extended, progressive; the last two with arithmetic coding
_PROGRESSIVE = {0xC2, 0xCA}
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass
class Layout:
    """unread: what of it is not read, "" for nothing. scans: how often its pixels are gone through."""

    unread: str = ""
    scans: int = 0
    progressive: bool = False
    ended: bool = False


def layout(data: bytes) -> Layout:
    """How the first picture in these bytes is laid out. Raises nothing: for what is damaged, as far as it goes."""
    found, place = Layout(), _SOI_LENGTH
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            place += 1
            continue
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _END:
            break
        if marker in _BARE or marker == 0:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker in _FRAMES:
            found.unread = found.unread or _unread(marker, data[place + 4 : place + 10])
            found.progressive = marker in _PROGRESSIVE
        place += 2 + length
        if marker == _START_OF_SCAN:
            found.scans += 1
            following = _NEXT_MARKER.search(data, place)
            place = following.start() if following else len(data)
    found.ended = data[place : place + 2] == END
    return found


def _unread(marker: int, frame: bytes) -> str:
    if len(frame) < 6:
        return ""
    if marker not in _READ:
        return "a rare kind of JPEG (lossless or hierarchical)"
    if frame[0] != 8:
        return f"{frame[0]}-bit colors in a JPEG"
    return "" if frame[5] in (1, 3, 4) else f"{frame[5]} channels in a JPEG"

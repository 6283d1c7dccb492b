"""JPEG: what kind it is, how long it takes, and whether its end is there. Source: ITU-T T.81, annex B."""

import re
import struct
from dataclasses import dataclass, field

from engine.sentences import Sentence

END = b"\xff\xd9"

_SOI_LENGTH = 2
_START_OF_SCAN, _END, _RESTART_INTERVAL = 0xDA, 0xD9, 0xDD
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # starts of frames: not tables
_READ = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}  # baseline, extended, progressive; the last two with arithmetic coding
_PROGRESSIVE = {0xC2, 0xCA}
_COEFFICIENTS = 64  # of a block
_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


@dataclass
class Layout:
    """unread: what of it is not read, "" for nothing. scans: how often its pixels are gone through. missing: what no
    scan has brought to its last bit yet, as component and coefficient. restarts: whether markers divide
    a scan. ended: whether the end marker is there."""

    unread: str = ""
    scans: int = 0
    progressive: bool = False
    missing: set[tuple[int, int]] = field(default_factory=set)
    restarts: bool = False
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
        found.restarts = found.restarts or marker == _RESTART_INTERVAL
        if marker in _FRAMES:
            found.unread = found.unread or _unread(marker, data[place + 4 : place + 10])
            found.progressive = marker in _PROGRESSIVE
            components = data[place + 10 : place + 2 + length : 3]
            found.missing = {(component, number) for component in components for number in range(_COEFFICIENTS)}
        start, place = place + 4, place + 2 + length
        if marker == _START_OF_SCAN:
            found.scans += 1
            found.missing -= _finished(data[start:place])
            following = _NEXT_MARKER.search(data, place)
            place = following.start() if following else len(data)
    found.ended = data[place : place + 2] == END
    return found


def _finished(scan: bytes) -> set[tuple[int, int]]:
    """What a scan with this header brings to the last bit: components and the coefficients of them."""
    if len(scan) < 4 or len(scan) != 4 + 2 * scan[0]:
        return set()
    first, last, bits = scan[-3:]
    components = scan[1:-3:2]
    return {(one, number) for one in components for number in range(first, last + 1)} if bits & 15 == 0 else set()


def _unread(marker: int, frame: bytes) -> str:
    if len(frame) < 6:
        return ""
    if marker not in _READ:
        return Sentence("a rare kind of JPEG (lossless or hierarchical)")
    if frame[0] != 8:
        return Sentence("{0}-bit colors in a JPEG", frame[0])
    return "" if frame[5] in (1, 3, 4) else Sentence("{0} channels in a JPEG", frame[5])

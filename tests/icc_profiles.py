"""Small ICC profiles made on the fly: a wide-gamut RGB one and a grey one."""

import struct

# Colorants of Adobe RGB (1998) adapted to D50, and the D50 white point.
_ADOBE_COLORANTS = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_D50 = (0.9642, 1.0, 0.8249)


def wide_rgb() -> bytes:
    """A version 2 display profile with the primaries of Adobe RGB and gamma 2.2."""
    red, green, blue = (_xyz(colorant) for colorant in _ADOBE_COLORANTS)
    tags = {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue}
    tags |= {name: _gamma(2.2) for name in (b"rTRC", b"gTRC", b"bTRC")}
    return _profile(b"RGB ", tags)


def gray(gamma: float) -> bytes:
    """A version 2 display profile for grey pictures."""
    return _profile(b"GRAY", {b"kTRC": _gamma(gamma)})


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256)) + b"\0\0"


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = b"made for a test\0"
    description = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78
    tags = {b"desc": description, b"cprt": b"text\0\0\0\0" + text, b"wtpt": _xyz(_D50), **tags}
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", offset + len(data), len(content))
        data += padded
    header = bytearray(128)
    header[0:4] = struct.pack(">I", offset + len(data))
    header[8:12] = b"\x02\x10\0\0"
    header[12:24] = b"mntr" + space + b"XYZ "
    header[36:40] = b"acsp"
    header[68:80] = b"".join(_fixed(value) for value in _D50)
    return bytes(header) + table + data

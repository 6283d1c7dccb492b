"""Palette files of painting programs: GIMP palette (.gpl), Adobe Swatch Exchange (.ase), Adobe Color (.aco).

Read, but not written: JASC (.pal), hexadecimal lines (.hex) and Procreate (.swatches).

Written from the descriptions of the formats: GIMP's own, Adobe's "Photoshop File Formats Specification" (Color
swatches) and the public notes on .ase, which Adobe never described. A palette is written as sRGB. Colors that a file
holds in another model are converted without its profile, which these files do not carry: CMYK as plain ink on white,
gray as sRGB gray, Lab as CIELAB with D50 white, as Adobe's programs have it.
"""

import colorsys
import math
import stat
import struct
from collections.abc import Sequence
from pathlib import Path

from engine.errors import PictureError, RequestError
from engine.export import formats, palette_texts, procreate_swatches
from engine.export.atomic import atomic_path
from engine.export.palette_texts import Found
from engine.palette import Color, Palette, Swatch

SUFFIXES, READ_SUFFIXES = formats.PALETTES_WRITTEN, formats.PALETTES_OPENED
MAX_COLORS = 10_000

_MAX_BYTES = 8 << 20  # many times the largest palette; whatever is larger is none
_ASE_START = b"ASEF"
_ASE_COLOR, _ASE_NORMAL = 0x0001, 2  # neither global nor spot
_ACO_VERSIONS = (b"\0\1", b"\0\2")
_ACO_RGB, _ACO_HSB, _ACO_CMYK, _ACO_LAB, _ACO_GRAY = 0, 1, 2, 7, 8
_D50 = (0.96422, 1.0, 0.82521)
# From XYZ with D50 white to linear sRGB, adapted by Bradford's method (Lindbloom, "RGB/XYZ Matrices").
_XYZ_TO_SRGB = (
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)

_KINDS = f"{', '.join(READ_SUFFIXES[:-1])} or {READ_SUFFIXES[-1]}"


class _Damaged(Exception):
    """The bytes are no whole file of the format they start as."""


class _UnknownModel(Exception):
    """A color of an ink catalog or of a model that is not described."""


def read(path: Path) -> Palette:
    """The palette in the file `path`, whose first bytes tell its kind; groups are flattened.

    Its name is the one in a .gpl or .swatches file, else the file's name without suffix. Swatches may have empty
    names. What was left out is in its notes, which begin with the file's name.
    Raises PictureError when there is no such file, it may not be read, or it holds no palette that can be used.
    """
    name = path.name or str(path)
    data = _bytes_of(path)
    if not data:
        raise PictureError("{0} is empty (0 bytes); save or download it again.", name)
    try:
        found = _decoded(data, name)
    except (_Damaged, struct.error, ValueError):
        raise PictureError("{0} is damaged or incomplete; save or download it again.", name) from None
    except _UnknownModel as error:
        raise PictureError("{0} has a color of the kind {1}; save its colors as RGB first.", name, error) from None
    if not found.swatches:
        raise PictureError("{0} is a palette without a color; choose another one.", name)
    _check_count(len(found.swatches), name)
    notes = tuple(f"{name}: {note}" for note in found.notes)
    return Palette(tuple(found.swatches), found.title or path.stem, notes)


def write(path: Path, palette: Palette) -> None:
    """Write the palette as .gpl, .ase or .aco, as the suffix of `path` says, replacing an old file in one step.

    Names are kept up to 255 letters, without control characters and white space at their ends. The palette's own name
    is kept in .gpl alone.
    Raises RequestError for a palette without colors, PictureError when it has more than 10,000, when the file cannot be
    written or when its suffix is another.
    """
    require_suffix(path)
    if not palette.swatches:
        raise RequestError("The palette has no colors; add a swatch to it first.")
    _check_count(len(palette.swatches), "The palette")
    encode = {".gpl": _gpl, ".ase": _ase, ".aco": _aco}[path.suffix.lower()]
    data = encode(Palette(palette.swatches, palette.name or path.stem))
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


def require_suffix(path: Path) -> None:
    """Raise PictureError, one sentence, when a palette cannot be written to a file of this name."""
    if path.suffix.lower() not in SUFFIXES:
        raise PictureError("The output {0} must end in {1} or {2}.", path, ", ".join(SUFFIXES[:-1]), SUFFIXES[-1])


def _check_count(count: int, name: str) -> None:
    if count > MAX_COLORS:
        raise PictureError("{0} has {1} colors and the limit is {2}; remove some first.", name, count, MAX_COLORS)


def _bytes_of(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise PictureError("{0} is not a file with a palette in it; choose {1}.", path, _KINDS)
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise PictureError("There is no file {0}; check its name and folder.", path) from None
    except PermissionError:
        raise PictureError("You have no permission to read {0}; ask its owner, or copy it elsewhere.", path) from None
    except OSError as error:
        raise PictureError("Cannot read {0}: {1}.", path, error.strerror or error) from error
    if len(data) > _MAX_BYTES:
        raise PictureError("{0} is too large for a palette; choose {1}.", path.name, _KINDS)
    return data


def _decoded(data: bytes, name: str) -> Found:
    if data.startswith(_ASE_START):
        return Found(swatches=_from_ase(data))
    if data.startswith(_ACO_VERSIONS):
        return Found(swatches=_from_aco(data))
    found = procreate_swatches.read(data) if data.startswith(procreate_swatches.START) else palette_texts.read(data)
    if found is None:
        raise PictureError("{0} is not a palette Nurie can read; use {1}.", name, _KINDS)
    return found


def _clean(name: str) -> str:
    return palette_texts.clean(name)


def _gpl(palette: Palette) -> bytes:
    lines = ["GIMP Palette", f"Name: {_clean(palette.name)}", "Columns: 0", "#"]
    for swatch in palette.swatches:
        red, green, blue = swatch.color
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{_clean(swatch.name)}")
    return ("\n".join(lines) + "\n").encode()


def _ase(palette: Palette) -> bytes:
    blocks = [_ASE_START, struct.pack(">HHI", 1, 0, len(palette.swatches))]
    for swatch in palette.swatches:
        name = _utf16(swatch.name)
        color = struct.pack(">4s3fH", b"RGB ", *(channel / 255.0 for channel in swatch.color), _ASE_NORMAL)
        body = struct.pack(">H", len(name) // 2) + name + color
        blocks.append(struct.pack(">HI", _ASE_COLOR, len(body)) + body)
    return b"".join(blocks)


def _from_ase(data: bytes) -> list[Swatch]:
    cursor = _Cursor(data)
    cursor.skip(len(_ASE_START))
    major, _, count = cursor.take(">HHI")
    if major != 1:
        raise _Damaged
    swatches = []
    for _ in range(count):
        kind, length = cursor.take(">HI")
        end = cursor.place + length
        if kind == _ASE_COLOR:
            (letters,) = cursor.take(">H")
            name = cursor.text(letters)
            (model,) = cursor.take(">4s")
            swatches.append(Swatch(name, _ase_color(model.strip().upper(), cursor)))
            if cursor.place > end:
                raise _Damaged
        cursor.skip(end - cursor.place)  # the kind of swatch, and what programs add of their own; or all of a group
    return swatches


def _ase_color(model: bytes, cursor: "_Cursor") -> Color:
    if model == b"RGB":
        return _rgb(cursor.take(">3f"))
    if model == b"GRAY":
        return _rgb(cursor.take(">f") * 3)
    if model == b"CMYK":
        return _cmyk(cursor.take(">4f"))
    if model == b"LAB":
        lightness, a, b = cursor.take(">3f")
        return _lab(lightness * 100.0, a, b)
    name = model.decode("ascii", "replace").strip()
    if not name.isalnum():  # it is shown to a person, and no program calls a kind of color otherwise
        raise _Damaged
    raise _UnknownModel(name)


def _aco(palette: Palette) -> bytes:
    """Version 1 for old programs, and after it version 2, which has the names."""
    count = struct.pack(">H", len(palette.swatches))
    plain, named = [], []
    for swatch in palette.swatches:
        color = struct.pack(">5H", _ACO_RGB, *(channel * 257 for channel in swatch.color), 0)
        name = _utf16(swatch.name)
        plain.append(color)
        named.append(color + struct.pack(">I", len(name) // 2) + name)
    return b"".join((_ACO_VERSIONS[0], count, *plain, _ACO_VERSIONS[1], count, *named))


def _from_aco(data: bytes) -> list[Swatch]:
    cursor = _Cursor(data)
    version, count = cursor.take(">HH")
    swatches = _aco_swatches(cursor, version, count)
    if version == 1 and not cursor.at_end:
        version, count = cursor.take(">HH")
        if version != 2:
            raise _Damaged
        swatches = _aco_swatches(cursor, version, count)
    return swatches


def _aco_swatches(cursor: "_Cursor", version: int, count: int) -> list[Swatch]:
    swatches = []
    for _ in range(count):
        space, *values = cursor.take(">5H")
        name = cursor.text(*cursor.take(">I")) if version == 2 else ""
        swatches.append(Swatch(name, _aco_color(space, values)))
    return swatches


def _aco_color(space: int, values: Sequence[int]) -> Color:
    shares = [value / 65535.0 for value in values]
    if space == _ACO_RGB:
        return _rgb(shares[:3])
    if space == _ACO_HSB:
        return _rgb(colorsys.hsv_to_rgb(*shares[:3]))
    if space == _ACO_CMYK:
        return _cmyk([1.0 - share for share in shares])
    if space == _ACO_LAB:
        lightness, *ab = (value - 65536 if value > 32767 else value for value in values[:3])
        return _lab(lightness / 100.0, *(value / 100.0 for value in ab))
    if space == _ACO_GRAY:
        return _rgb([values[0] / 10000.0] * 3)
    raise _UnknownModel(f"number {space}")


def _utf16(name: str) -> bytes:
    return (_clean(name) + "\0").encode("utf-16-be")


class _Cursor:
    """Reads big-endian values one after the other. Raises _Damaged and struct.error at the end of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.place = 0

    @property
    def at_end(self) -> bool:
        return self.place >= len(self._data)

    def take(self, layout: str) -> tuple:
        values = struct.unpack_from(layout, self._data, self.place)
        self.place += struct.calcsize(layout)
        return values

    def skip(self, count: int) -> None:
        if self.place + count > len(self._data):
            raise _Damaged
        self.place += count

    def text(self, letters: int) -> str:
        """A name of so many UTF-16 units, the closing zero among them."""
        start = self.place
        self.skip(2 * letters)
        return _clean(self._data[start : self.place].decode("utf-16-be", "replace"))


def _rgb(shares: Sequence[float]) -> Color:
    """From shares in [0, 1]; what lies beyond is cut."""
    if not all(math.isfinite(share) for share in shares):
        raise _Damaged
    red, green, blue = (round(255.0 * min(max(share, 0.0), 1.0)) for share in shares)
    return red, green, blue


def _cmyk(inks: Sequence[float]) -> Color:
    *colors, black = inks
    return _rgb([(1.0 - ink) * (1.0 - black) for ink in colors])


def _lab(lightness: float, a: float, b: float) -> Color:
    """CIELAB with D50 white → sRGB (CIE 15:2004, section 8.2.1; IEC 61966-2-1)."""
    y = (lightness + 16.0) / 116.0
    xyz = [white * _uncurved(value) for white, value in zip(_D50, (y + a / 500.0, y, y - b / 200.0), strict=True)]
    linear = (sum(factor * value for factor, value in zip(row, xyz, strict=True)) for row in _XYZ_TO_SRGB)
    return _rgb([12.92 * v if v <= 0.0031308 else 1.055 * v ** (1.0 / 2.4) - 0.055 for v in linear])


def _uncurved(value: float) -> float:
    return value**3 if value > 6.0 / 29.0 else 3.0 * (6.0 / 29.0) ** 2 * (value - 4.0 / 29.0)

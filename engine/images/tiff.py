"""TIFF: which of its many kinds are read, and the samples of those that Pillow reads wrongly or not at all.

TIFF Revision 6.0 (Adobe 1992) and its Technical Notes 1 to 3. Pillow hands over scrambled pixels for some kinds without
an error, so a page is only given to it when it is of a kind in `pillow_reads`; tests compare these with tifffile.
Other pages of plain samples are put together here, after libtiff (through Pillow) has unpacked them; the rest is
refused.
"""

import functools
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from engine.errors import PictureError
from engine.images.kinds import unread
from engine.images.limits import check_size
from engine.sentences import Sentence

ORIENTATION = 274
MOST_PAGES = 200  # that are looked at

_NEW_SUBFILE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 254, 256, 257, 258, 259, 262, 266
_STRIP_OFFSETS, _SAMPLES, _ROWS, _STRIP_COUNTS, _X_DPI, _Y_DPI, _PLANAR = 273, 277, 278, 279, 282, 283, 284
_UNIT, _PREDICTOR, _TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_COUNTS = 296, 317, 322, 323, 324, 325
_INK_SET, _EXTRA, _FORMAT, _SUBSAMPLING, _PROFILE = 332, 338, 339, 530, 34675

_REDUCED, _MASK = 1, 4  # bits of the new subfile type
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _INDEXED, _INKS, _YCBCR, _LAB = 0, 1, 2, 3, 5, 6, 8
_CHANNELS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _INDEXED: 1, _INKS: 4, _YCBCR: 3, _LAB: 3}
_CONTIGUOUS, _SEPARATE = 1, 2
_UNSIGNED, _SIGNED, _FLOAT, _UNDEFINED = 1, 2, 3, 4
_NONE, _OLD_JPEG, _JPEG = 1, 6, 7
_FAX = (2, 3, 4)
_PACKINGS = (_NONE, 5, 8, 32773, 32946, 34925, 50000)  # all that libtiff unpacks to plain bytes here
_PACKING_NAMES = {
    _OLD_JPEG: "old JPEG", _JPEG: "JPEG", 32809: "ThunderScan", 34661: "JBIG", 34676: "SGI LogLuv",
    34677: "SGI LogLuv", 34712: "JPEG 2000", 34887: "LERC", 34892: "lossy JPEG", 50001: "WebP", 50002: "JPEG XL",
    52546: "JPEG XL",
}  # fmt: skip
_COLOR_NAMES = {9: "ICC Lab", 10: "ITU Lab", 4: "mask", 32803: "camera raw", 34892: "camera raw", 32844: "LogLuv"}
_PREMULTIPLIED = 1
_INCH, _CENTIMETER = 2, 3
_MOST_TAG_BYTES = 2**20  # of what a page says about itself


@dataclass(frozen=True)
class Page:
    """What a page says about itself. place: of its tags in the file; order: "<" or ">"; extra: what samples beyond the
    colors are, see the TIFF tag ExtraSamples; `tags` holds the rest by number."""

    place: int
    order: str
    size: tuple[int, int]
    photometric: int
    compression: int
    bits: tuple[int, ...]
    format: int
    samples: int
    extra: tuple[int, ...]
    planar: int
    tags: dict[int, Any]

    @property
    def is_picture(self) -> bool:
        """Whether it is neither a preview of another page nor its mask."""
        return not self.tags.get(_NEW_SUBFILE, 0) & (_REDUCED | _MASK)

    @property
    def pixels(self) -> int:
        """How many it has."""
        return self.size[0] * self.size[1]

    @property
    def sample_bytes(self) -> int:
        """Bytes of a pixel."""
        return sum(self.bits) // 8


@dataclass(frozen=True, eq=False)
class Samples:
    """A page put together here: its colors (mode L, RGB or CMYK), its alpha, and what was left out."""

    image: Image.Image
    alpha: NDArray[np.uint8] | None
    notes: tuple[str, ...]


def pages(stream: IO[bytes]) -> list[Page | None]:
    """The pages of a TIFF from the first on, None for one without sense. Raises nearly anything for other bytes."""
    stream.seek(0)
    head = stream.read(8)
    if head[2:3] == b"+" or head[3:4] == b"+":
        head += stream.read(8)
    directory: Any = TiffImagePlugin.ImageFileDirectory_v2(head)
    found: list[Page | None] = []
    place, seen = directory.next, set()
    while place and place not in seen and len(found) < MOST_PAGES:
        seen.add(place)
        stream.seek(place)
        directory = TiffImagePlugin.ImageFileDirectory_v2(head)
        directory.load(stream)
        try:
            found.append(_page(place, directory))
        except (KeyError, TypeError, ValueError, IndexError, struct.error):
            found.append(None)
        place = directory.next
    return found


def pillow_reads(page: Page) -> bool:
    """Whether Pillow is known to read pages of this kind right."""
    if page.format not in (_UNSIGNED, _UNDEFINED):
        return False
    if page.planar == _SEPARATE and page.samples > 1:
        return _is_plain(page) and page.photometric == _RGB and set(page.bits) == {8} and not page.extra
    check = _CHECKS.get(page.photometric)
    return check is not None and check(page)


def _pillow_reads_gray(page: Page) -> bool:
    is_fax = page.compression in _FAX and page.bits == (1,)
    bits_turn = page.bits == (1,) and (is_fax or page.compression == _NONE)
    if not (is_fax or page.compression in (*_PACKINGS, _JPEG)):
        return False
    if page.tags.get(_FILL_ORDER, 1) != 1 and not bits_turn:
        return False
    twelve = page.bits == (12,) and page.photometric == _BLACK_IS_ZERO and page.compression == _NONE
    return twelve or page.bits in ((1,), (2,), (4,), (8,))


def _pillow_reads_indexed(page: Page) -> bool:
    return _is_plain(page) and page.bits in ((1,), (2,), (4,), (8,))


def _pillow_reads_colors(page: Page) -> bool:
    """Of RGB and CMYK."""
    usual = page.photometric == _RGB or page.compression == _JPEG
    known = _is_plain(page) or (page.compression == _JPEG and page.tags.get(_FILL_ORDER, 1) == 1)
    return known and usual and _is_cmyk(page) and set(page.bits) == {8} and not page.extra


def _pillow_reads_ycbcr(page: Page) -> bool:
    whole = _is_plain(page) and page.tags.get(_SUBSAMPLING, (2, 2)) == (1, 1)
    return page.bits == (8, 8, 8) and (whole or page.compression in (_JPEG, _OLD_JPEG))


def _pillow_reads_lab(page: Page) -> bool:
    return _is_plain(page) and page.bits == (8, 8, 8)


_CHECKS = {
    _WHITE_IS_ZERO: _pillow_reads_gray, _BLACK_IS_ZERO: _pillow_reads_gray, _INDEXED: _pillow_reads_indexed,
    _RGB: _pillow_reads_colors, _INKS: _pillow_reads_colors, _YCBCR: _pillow_reads_ycbcr, _LAB: _pillow_reads_lab,
}  # fmt: skip


def require_known(page: Page, name: str) -> None:
    """Raise PictureError, saying what it is, for a page that neither Pillow nor `samples` reads."""
    if pillow_reads(page):
        return
    if page.compression not in _PACKINGS:
        what = _PACKING_NAMES.get(page.compression, Sentence("number {0}", page.compression))
        raise unread(
            name,
            Sentence("compression of the kind {0} in a TIFF", what),
            Sentence("save it with LZW or without compression"),
        )
    if page.photometric not in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _INKS):
        what = _COLOR_NAMES.get(
            page.photometric, "Lab" if page.photometric == _LAB else Sentence("number {0}", page.photometric)
        )
        raise unread(
            name, Sentence("colors of the kind {0} in this form", what), Sentence("save it as RGB with 8 or 16 bits")
        )
    if not _is_cmyk(page):
        raise unread(name, Sentence("inks other than cyan, magenta, yellow and black"), Sentence("save it as RGB"))
    allowed = {_UNSIGNED: (8, 16, 32), _UNDEFINED: (8, 16), _FLOAT: (16, 32, 64)}.get(page.format, ())
    if len(set(page.bits)) != 1 or page.bits[0] not in allowed:
        kind = {_FLOAT: "float", _SIGNED: "signed"}.get(page.format, "")
        what = f"{'/'.join(map(str, sorted(set(page.bits))))}-bit {kind}".strip()
        raise unread(name, Sentence("{0} colors", what), Sentence("save it with 8 or 16 bits"))
    if page.tags.get(_FILL_ORDER, 1) != 1 or page.tags.get(_PREDICTOR, 1) not in (1, 2, 3):
        raise unread(name, Sentence("a rare order of its bytes"), Sentence("save it as PNG"))


def samples(stream: IO[bytes], page: Page, name: str, most: int) -> Samples:
    """The pixels of a page that `require_known` lets through, in 8 bits, not yet turned.

    most: of `limits.most_pixels`, here counted in units of four bytes as they are in the file. Raises PictureError for
    a page that is too large, and nearly anything for one that is damaged.
    """
    check_size(page.size, name, most * 4 // max(4, page.sample_bytes))
    scale, cut = _scale_of(stream, page)
    width, height = page.size
    picture = np.zeros((height, width, page.samples), np.uint8)
    for top, left, sample, values in _segments(stream, page):
        part = values[: height - top, : width - left]
        rows, columns = slice(top, top + part.shape[0]), slice(left, left + part.shape[1])
        picture[rows, columns, sample] = _to_8_bit(part, scale)
    channels = _CHANNELS[page.photometric]
    notes = [cut] if cut else []
    alpha = None
    if page.extra and page.extra[0]:
        alpha = np.ascontiguousarray(picture[..., channels])
        if page.extra[0] == _PREMULTIPLIED:
            _divide(picture, channels, alpha)
    left_out = len(page.extra) - (alpha is not None)
    if left_out:
        notes.append(Sentence("Its extra channels ({0}) were left out.", left_out))
    colors = picture[..., 0] if channels == 1 else picture[..., :channels]
    if page.photometric == _WHITE_IS_ZERO:
        colors = 255 - colors
    mode = {1: "L", 3: "RGB", 4: "CMYK"}[channels]
    return Samples(Image.frombytes(mode, page.size, np.ascontiguousarray(colors)), alpha, tuple(notes))


def profile(page: Page) -> bytes | None:
    """The color profile."""
    found = page.tags.get(_PROFILE)
    return found if isinstance(found, bytes) else None


def resolution(page: Page) -> tuple[float, float] | None:
    """Dots an inch, where stated."""
    per_inch = {_INCH: 1.0, _CENTIMETER: 2.54}.get(page.tags.get(_UNIT, _INCH))
    if per_inch is None or _X_DPI not in page.tags or _Y_DPI not in page.tags:
        return None
    return float(page.tags[_X_DPI]) * per_inch, float(page.tags[_Y_DPI]) * per_inch


@functools.cache
def silence_libtiff() -> None:
    """Keep libtiff from writing its complaints to the terminal, where it can be reached (not in Pillow for Windows)."""
    import ctypes

    from PIL import _imaging

    try:
        library = ctypes.CDLL(_imaging.__file__)
        handlers = [library.TIFFSetErrorHandler, library.TIFFSetWarningHandler]
    except (OSError, AttributeError):
        return
    for handler in handlers:
        handler.argtypes, handler.restype = [ctypes.c_void_p], ctypes.c_void_p
        handler(None)


def _page(place: int, directory: Any) -> Page:
    tags = dict(directory.items())
    photometric = tags.get(_PHOTOMETRIC, _WHITE_IS_ZERO)
    channels = _CHANNELS.get(photometric, 1)
    compression = tags.get(_COMPRESSION, _NONE)
    if compression == _OLD_JPEG:
        photometric, channels = _YCBCR, 3
    bits = tuple(tags.get(_BITS, (1,)))
    count = int(tags.get(_SAMPLES, max(channels if compression == _OLD_JPEG else 1, len(bits))))
    if not 1 <= count <= 64 or not all(type(one) is int and one > 0 for one in bits):
        raise ValueError
    bits = bits * count if len(bits) == 1 else bits[:count]
    formats = set(tags.get(_FORMAT, (_UNSIGNED,)))
    extra = tuple(tags.get(_EXTRA, ()))
    lacking = count - channels - len(extra)  # programs forget the tag; then the first is the alpha
    extra = (*extra, *((2, *(0 for _ in range(lacking - 1))) if lacking > 0 and not extra else (0,) * max(0, lacking)))
    if count < channels or len(bits) != count:
        raise ValueError
    order = "<" if directory.prefix[:2] == b"II" else ">"
    size = int(tags[_WIDTH]), int(tags[_HEIGHT])
    kind = formats.pop() if len(formats) == 1 else 0
    planar = tags.get(_PLANAR, _CONTIGUOUS)
    extra = extra[: count - channels]
    return Page(place, order, size, photometric, compression, bits, kind, count, extra, planar, tags)


def _is_plain(page: Page) -> bool:
    return page.compression in _PACKINGS and page.tags.get(_FILL_ORDER, 1) == 1


def _is_cmyk(page: Page) -> bool:
    return page.photometric != _INKS or page.tags.get(_INK_SET, 1) == 1


def _segments(stream: IO[bytes], page: Page) -> Iterator[tuple[int, int, Any, NDArray[Any]]]:
    """Strips or tiles: top, left, which samples (an index of the last axis), and values h×w or h×w×samples."""
    width, height = page.size
    tiled = _TILE_OFFSETS in page.tags
    if tiled:
        wide, high = int(page.tags[_TILE_WIDTH]), int(page.tags[_TILE_HEIGHT])
        places, counts = page.tags[_TILE_OFFSETS], page.tags[_TILE_COUNTS]
    else:
        wide, high = width, min(int(page.tags.get(_ROWS, height)), height)
        places, counts = page.tags[_STRIP_OFFSETS], page.tags.get(_STRIP_COUNTS)
    separate = page.planar == _SEPARATE
    if wide < 1 or high < 1 or wide * high > 4 * max(width * height, 2**16):
        raise ValueError("a strip or tile larger than the picture")
    corners = [(top, left) for top in range(0, height, high) for left in range(0, width, wide)]
    number = 0
    for plane in range(page.samples if separate else 1):
        for top, left in corners:
            rows = high if tiled else min(high, height - top)
            inside = 1 if separate else page.samples
            length = rows * wide * inside * page.bits[0] // 8
            packed = length if counts is None else int(counts[number])
            stream.seek(int(places[number]))
            data = _unpacked(stream.read(packed), page.compression, rows, length)
            values = _unpredicted(data, page, rows, wide, inside)
            yield top, left, plane if separate else slice(None), values[..., 0] if separate else values
            number += 1


def _unpacked(data: bytes, compression: int, rows: int, length: int) -> bytes:
    """So many bytes out of a strip of so many rows. Raises OSError where there are fewer."""
    if compression != _NONE:
        data = Image.open(io.BytesIO(_wrapped(data, compression, length // rows, rows)), formats=["TIFF"]).tobytes()
    if len(data) < length:
        raise ValueError("a strip ends early")
    return data[:length]


def _wrapped(data: bytes, compression: int, width: int, height: int) -> bytes:
    """A TIFF of one strip of plain bytes, so that libtiff unpacks it, and no more of it than there should be."""
    entries = (
        (_WIDTH, width), (_HEIGHT, height), (_BITS, 8), (_COMPRESSION, compression), (_PHOTOMETRIC, _BLACK_IS_ZERO),
        (_STRIP_OFFSETS, 8 + 2 + 9 * 12 + 4), (_SAMPLES, 1), (_ROWS, height), (_STRIP_COUNTS, len(data)),
    )  # fmt: skip
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4) + data


def _unpredicted(data: bytes, page: Page, rows: int, wide: int, inside: int) -> NDArray[Any]:
    """rows×wide×inside values out of bytes that may be differences to the left."""
    width = page.bits[0] // 8
    predictor = page.tags.get(_PREDICTOR, 1)
    kind = f"{'f' if page.format == _FLOAT else 'u'}{width}"
    if predictor == 3:
        # Technical Note 3: differences of bytes, the bytes of all values sorted by their weight, the highest first.
        planes = np.frombuffer(data, np.uint8).reshape(rows, -1, inside)
        planes = np.cumsum(planes, axis=1, dtype=np.uint8).reshape(rows, width, wide * inside)
        return np.ascontiguousarray(planes.transpose(0, 2, 1)).view(f">{kind}").reshape(rows, wide, inside)
    values = np.frombuffer(data, page.order + kind).reshape(rows, wide, inside)
    if predictor == 2:
        integers = values.view(f"{page.order}u{width}")
        values = np.cumsum(integers, axis=1, dtype=f"u{width}").view(kind)
    return values


def _scale_of(stream: IO[bytes], page: Page) -> tuple[float, str]:
    """What is white, and a note where something is brighter: the smallest usual range that holds all values."""
    if page.format != _FLOAT and page.bits[0] <= 16:
        return 2.0 ** page.bits[0] - 1.0, ""
    highest = 0.0
    for *_, values in _segments(stream, page):
        finite = values[np.isfinite(values)] if page.format == _FLOAT else values
        highest = max(highest, float(finite.max(initial=0)))
    return likely_white(highest, exact=page.format == _FLOAT)


def likely_white(highest: float, *, exact: bool) -> tuple[float, str]:
    """What stands for white in numbers up to `highest`, and a note where some are beyond it.

    exact: of floats, among which a little above 1 is a highlight.
    """
    if exact and highest <= 16.0:
        cut = Sentence("What is brighter than white in it was cut off.") if highest > 1.001 else ""
        return 1.0, cut
    usual = (255.0, 65535.0) if exact else (65535.0, 2.0**32 - 1.0)
    return next((white for white in usual if highest <= white * 1.001), highest), ""


def _to_8_bit(values: NDArray[Any], white: float) -> NDArray[np.uint8]:
    if values.dtype.kind == "u" and values.dtype.itemsize == 1:
        return values
    numbers = values.astype(np.float64 if values.dtype.itemsize > 2 else np.float32)
    numbers = np.nan_to_num(numbers, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return (np.clip(numbers * (255.0 / white), 0.0, 255.0) + 0.5).astype(np.uint8)


def _divide(picture: NDArray[np.uint8], channels: int, alpha: NDArray[np.uint8]) -> None:
    """Take the alpha out of colors that it was multiplied into, in place."""
    for top in range(0, len(picture), 256):
        rows = slice(top, top + 256)
        share = np.maximum(alpha[rows], 1)[..., None].astype(np.uint16)
        colors = picture[rows, :, :channels].astype(np.uint16)
        picture[rows, :, :channels] = np.minimum((colors * 255 + share // 2) // share, 255)


def damaged(name: str) -> PictureError:
    """The error for a file with damage."""
    return PictureError("{0} is damaged or incomplete; save or download it again.", name)

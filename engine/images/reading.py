"""The way of a file through its decoder, with every error as one sentence."""

import contextlib
import io
import os
import stat
import struct
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from PIL import Image

from engine.errors import PictureError
from engine.images import converting, frames, jpeg, jpegxl, kinds, png, tiff, webp
from engine.images.limits import DECODED, check_size, most_pixels
from engine.images.picture import Picture
from engine.request import Reference
from engine.sentences import Sentence

# Bytes of memory a pixel needs: Pillow's 4, the 4 of a `Picture`, and what the decoder of the format holds meanwhile.
_FRAMES_COST, _PROGRESSIVE_COST, _TIFF_COST, _WHOLE_COST, _GRAY_COST = 20, 18, 14, 20, 6
_MOST_SCANS = 100  # of a JPEG; programs write up to 20
# What may follow a JPEG that breaks off: codes of any length, none of them a marker.
_TAILS = tuple(
    tail + jpeg.END
    for tail in (b"", bytes(256), b"\xfe" * 256, b"\x55" * 256, b"\xaa" * 256, bytes(range(1, 240, 7)) * 8)
)


def read(path: Path) -> Picture:
    """The picture in the file `path`. Of an animation the first frame that is not empty, of many pages the largest.

    Raises PictureError when there is no such file, it may not be read, or it holds no picture that can be used.
    """
    name = path.name or str(path)
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            raise PictureError("{0} is a folder, not a picture; choose a file in it.", path)
        if not stat.S_ISREG(kind.st_mode):
            raise PictureError("{0} is not a file with a picture in it.", path)
        with path.open("rb") as stream:
            return _decode(stream, name)
    except FileNotFoundError:
        raise PictureError("There is no file {0}; check its name and folder.", path) from None
    except PermissionError:
        raise PictureError("You have no permission to read {0}; ask its owner, or copy it elsewhere.", path) from None
    except OSError as error:
        raise PictureError("Cannot read {0}: {1}.", path, error.strerror or error) from error


def read_bytes(data: bytes, name: str) -> Picture:
    """The picture in `data`, an encoded file from the clipboard or a drag; `name` is for messages.

    Raises PictureError as `read` does.
    """
    return _decode(io.BytesIO(data), name)


def for_reference(picture: Picture) -> Reference:
    """`picture` as a reference. What is transparent counts as paper, which a network needs to see to leave paper white;
    what is opaque is the figure, a white shirt too.

    Raises PictureError when nothing of it can be seen.
    """
    if picture.alpha is not None and not picture.alpha.any():
        raise PictureError("{0} is transparent everywhere; choose a picture with something to see.", picture.name)
    figure = None if picture.alpha is None else picture.alpha >= 128
    return Reference(picture.pixels, None, picture.name, figure=figure if figure is None or figure.any() else None)


def _decode(stream: IO[bytes], name: str) -> Picture:
    length = stream.seek(0, os.SEEK_END)
    if length == 0:
        raise PictureError("{0} is empty (0 bytes); save or download it again.", name)
    stream.seek(0)
    kind = kinds.of(stream.read(kinds.START), name)
    stream.seek(0)
    try:
        with _pillow_at_ease():
            return _READERS.get(kind, _read_plain)(stream, kind, length, name)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError("There is too little memory to open {0}; close other programs first.", name) from None
    except Exception as error:
        # Foreign bytes can make a decoder raise nearly anything (struct.error, IndexError, zlib.error ...); all of it
        # means the same to a person.
        raise tiff.damaged(name) from error


def _read_plain(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    """GIF, AVIF and HEIC."""
    image = _opened(stream, kind, length, name, _WHOLE_COST)
    count = getattr(image, "n_frames", 1)
    return converting.to_picture(image, name, _loaded(image, count, length, name))


def _read_pnm(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    return converting.to_picture(_opened(stream, kind, length, name), name, ())


def _read_bmp(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    start = stream.read(26)
    stream.seek(0)
    if len(start) == 26 and start[14:18] != b"\x0c\0\0\0":
        width, height = struct.unpack("<ii", start[18:26])
        if not width or not height:
            check_size((width, height), name)
    try:
        image = _opened(stream, kind, length, name)
    except OSError as error:
        if str(error).startswith("Unsupported BMP"):
            raise kinds.unread(name, Sentence("colors or a compression that is rare in a BMP")) from error
        raise
    return converting.to_picture(image, name, (), trusts_alpha=False)


def _read_png(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    data = stream.read()
    if len(data) >= 24:
        check_size(struct.unpack(">II", data[16:24]), name)
    file = png.sound(data)
    del data
    cost = _FRAMES_COST if file.frames > 1 else DECODED
    image = _opened(io.BytesIO(file.data), kind, length, name, cost)
    notes = [*file.notes, *_loaded(image, min(file.frames, getattr(image, "n_frames", 1)), length, name)]
    if file.profile is not None:
        image.info["icc_profile"] = file.profile
    return converting.to_picture(image, name, notes)


def _read_jpeg_xl(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    return converting.to_picture(jpegxl.decoded(stream.read(), name), name, ())


def _read_webp(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    data, notes = webp.sound(stream.read())
    image = _opened(io.BytesIO(data), kind, length, name, _WHOLE_COST)
    return converting.to_picture(image, name, [*notes, *_loaded(image, getattr(image, "n_frames", 1), length, name)])


def _read_jpeg(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    data = stream.read()
    layout = jpeg.layout(data)
    if layout.unread:
        raise kinds.unread(name, layout.unread)
    if layout.scans > _MOST_SCANS:
        raise kinds.unread(name, Sentence("{0} scans in a JPEG", layout.scans))
    cost = _PROGRESSIVE_COST if layout.progressive else DECODED
    image = _opened(io.BytesIO(data), kind, length, name, cost)
    try:
        image.load()
        return converting.to_picture(image, name, ())
    except OSError:
        if layout.ended or layout.missing or layout.restarts:
            raise
    return _without_end(data, kind, length, name, cost)


def _without_end(data: bytes, kind: str, length: int, name: str, cost: int) -> Picture:
    """A JPEG that breaks off, where only its end marker is missing: then it is the same whatever follows.

    The decoder itself would fill what is missing with gray.
    """
    first: Picture | None = None
    for tail in _TAILS:
        image = _opened(io.BytesIO(data + tail), kind, length, name, cost)
        image.load()
        picture = converting.to_picture(image, name, [Sentence("The end of the file is missing, but no pixel.")])
        if first is not None and (first.pixels != picture.pixels).any():
            raise tiff.damaged(name)
        first = first or picture
    assert first is not None
    return first


def _read_tiff(stream: IO[bytes], kind: str, length: int, name: str) -> Picture:
    tiff.silence_libtiff()
    number, page, notes = _page_of(tiff.pages(stream), name)
    is_gray = page.samples == 1 and page.bits[0] <= 8
    most = most_pixels(length, _GRAY_COST if is_gray else _TIFF_COST)
    check_size(page.size, name, most)
    tiff.require_known(page, name)
    orientation = page.tags.get(tiff.ORIENTATION, 1)
    if not tiff.pillow_reads(page):
        samples = tiff.samples(stream, page, name, most)
        dpi = tiff.resolution(page)
        return converting.from_samples(samples, name, tiff.profile(page), dpi, orientation, notes)
    stream.seek(0)
    image = _opened(stream, kind, length, name, _TIFF_COST)
    image.seek(number)
    check_size(image.size, name, most)
    image.load()
    if orientation in converting.QUARTER_TURNS and "dpi" in image.info:
        image.info["dpi"] = image.info["dpi"][::-1]  # Pillow turns a TIFF itself, and forgets its resolution
    return converting.to_picture(image, name, notes)


def _page_of(pages: Sequence[tiff.Page | None], name: str) -> tuple[int, tiff.Page, list[str]]:
    """The largest page, its number from 0, and what there is to say. Of equally large ones the first."""
    usable = [(number, page) for number, page in enumerate(pages) if page is not None]
    if not usable:
        raise tiff.damaged(name)
    pictures = [one for one in usable if one[1].is_picture] or usable
    number, page = max(pictures, key=lambda one: one[1].pixels)
    if len(pictures) == 1:
        return number, page, []
    whole = len(pages) < tiff.MOST_PAGES
    count = Sentence("{0} pages", len(pictures)) if whole else Sentence("{0} pages or more", tiff.MOST_PAGES)
    alike = all(one.pixels == page.pixels for _, one in pictures)
    place = [one for one, _ in pictures].index(number) + 1
    which = Sentence("the first is used") if alike else Sentence("the largest, page {0}, is used", place)
    return number, page, [Sentence("It has {0}; {1}.", count, which)]


def _opened(stream: IO[bytes], kind: str, length: int, name: str, cost: int = DECODED) -> Image.Image:
    """The picture with only its header read and its size checked. Raises what Pillow raises."""
    image = Image.open(stream, formats=[kind])
    if image.mode in ("1", "L") and cost <= _TIFF_COST:
        cost = _GRAY_COST  # scans in one bit are large, and pack best
    check_size(image.size, name, most_pixels(length, cost))
    return image


def _loaded(image: Image.Image, count: int, length: int, name: str) -> list[str]:
    """Decode the frame that is taken of so many; returns notes."""
    if count > 1:
        return frames.choose(image, count, most_pixels(length, _FRAMES_COST), name)
    image.load()
    return []


_EASE = threading.Lock()
_at_ease: list[tuple[int | None, warnings.catch_warnings]] = []
_readers = 0


@contextlib.contextmanager
def _pillow_at_ease() -> Iterator[None]:
    """Pillow's own limit (in pixels, a third of ours) and its warnings set aside while any picture is read.

    Both are of the whole program, so the first thread that reads sets them aside and the last one puts them back.
    """
    global _readers  # noqa: PLW0603
    with _EASE:
        if _readers == 0:
            quiet = warnings.catch_warnings()
            quiet.__enter__()
            warnings.simplefilter("ignore")
            _at_ease.append((Image.MAX_IMAGE_PIXELS, quiet))
            Image.MAX_IMAGE_PIXELS = None
        _readers += 1
    try:
        yield
    finally:
        with _EASE:
            _readers -= 1
            if _readers == 0:
                Image.MAX_IMAGE_PIXELS, quiet = _at_ease.pop()
                quiet.__exit__(None, None, None)


_Reader = Callable[[IO[bytes], str, int, str], Picture]
_READERS: dict[str, _Reader] = {
    "PNG": _read_png, "JPEG": _read_jpeg, "WEBP": _read_webp, "TIFF": _read_tiff, "BMP": _read_bmp, "PPM": _read_pnm,
    "JXL": _read_jpeg_xl,
}  # fmt: skip

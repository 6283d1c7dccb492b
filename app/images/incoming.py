"""Pictures on their way in: from files, the clipboard, a file manager or a browser.

What a drag or the clipboard holds is taken on the GUI thread (it belongs to another program and may go away at any
time); reading it into a picture happens off it.
"""

from __future__ import annotations

import base64
import binascii
import os
import sys
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QImage

from app.images import outgoing
from engine.export.formats import MEDIA_TYPES

if TYPE_CHECKING:
    from engine.images import Picture

translate = QCoreApplication.translate


@dataclass(frozen=True)
class FileSource:
    """A picture in a file. line_layers, reference_layers: those of its layers that a person chose, none for all."""

    path: Path
    line_layers: tuple[str, ...] = ()
    reference_layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class BytesSource:
    """An encoded picture (PNG, JPEG ...) from another program."""

    data: bytes
    name: str


@dataclass(frozen=True, eq=False)
class ImageSource:
    """A decoded picture from another program."""

    image: QImage
    name: str


Source = FileSource | BytesSource | ImageSource


@dataclass(frozen=True)
class Incoming:
    """Pictures to read, and a sentence about what was not taken (empty where all was)."""

    sources: tuple[Source, ...] = ()
    refusal: str = ""


def from_files(paths: Iterable[Path]) -> Incoming:
    """Files a person chose."""
    return Incoming(tuple(FileSource(path) for path in paths))


def may_hold_pictures(mime: QMimeData) -> bool:
    """Whether a drag is worth accepting. A link is: dropping it gets a sentence that says what to do instead.

    What is dragged out of this window is not: it is here already.
    """
    return not outgoing.is_own(mime) and (mime.hasUrls() or mime.hasImage() or _encoded_type(mime) is not None)


def take(mime: QMimeData, name: str = "") -> Incoming:
    """The pictures of a drag or the clipboard: files first, then encoded pictures, then pixels, then links."""
    name = name or translate("Incoming", "Pasted picture")
    files = local_files(mime)
    if files:
        return from_files(files)
    kind = _encoded_type(mime)
    if kind is not None:
        data = bytes(mime.data(kind).data())
        if data:
            return Incoming((BytesSource(data, name),))
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Incoming((ImageSource(image, name),))
    embedded = [data for url in mime.urls() if (data := _embedded(url)) is not None]
    if embedded:
        return Incoming(tuple(BytesSource(data, name) for data in embedded))
    if mime.hasUrls():
        return Incoming(
            refusal=translate("Incoming", "Nurie downloads nothing; save the picture to a file first, then open that.")
        )
    return Incoming(refusal=translate("Incoming", "There is no picture on the clipboard; copy one first."))


def local_files(mime: QMimeData) -> list[Path]:
    """The files of a drag, also those whose names are bytes that are no UTF-8."""
    return [_path_of(url) for url in mime.urls() if url.isLocalFile()]


def _path_of(url: QUrl) -> Path:
    text = url.toLocalFile()
    if "\ufffd" not in text or sys.platform == "win32":
        return Path(text)
    # Qt has put a replacement character where the bytes are no letters; in the link they stand as they are.
    path = bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded).encode("ascii", "replace"))
    return Path(os.fsdecode(urllib.parse.unquote_to_bytes(path)))


def read(source: Source) -> Picture:
    """The picture to take colors from. To be called off the GUI thread. Raises engine.errors.PictureError."""
    from engine import images, pipeline

    if isinstance(source, FileSource):
        return pipeline.read_picture(source.path, source.reference_layers)
    if isinstance(source, BytesSource):
        return images.read_bytes(source.data, source.name)
    return _read_pixels(source)


def _read_pixels(source: ImageSource) -> Picture:
    from app.images import qt_images
    from engine import images

    image = source.image
    images.check_size((image.width(), image.height()), source.name)
    pixels, alpha = qt_images.from_qimage(image)
    return images.Picture(pixels, alpha, None, None, source.name)


def _encoded_type(mime: QMimeData) -> str | None:
    return next((kind for kind in MEDIA_TYPES if mime.hasFormat(kind)), None)


def _embedded(url: QUrl) -> bytes | None:
    """The bytes of a `data:image/png;base64,…` link, as browsers give them for small pictures."""
    if url.scheme() != "data":
        return None
    head, _, body = bytes(url.toEncoded().data()).decode("ascii", "replace").partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        return None
    try:
        return base64.b64decode(QUrl.fromPercentEncoding(body.encode()), validate=True)
    except (binascii.Error, ValueError):
        return None

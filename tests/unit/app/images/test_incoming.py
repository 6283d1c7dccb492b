from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from app.images import incoming
from app.images.incoming import BytesSource, FileSource, ImageSource
from engine.errors import PictureError


def test_files_come_first() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/a/ü b.png"), QUrl("https://example.org/c.png")])
    mime.setData("image/png", b"x")
    assert incoming.take(mime).sources == (FileSource(Path("/a/ü b.png")),)


def test_encoded_bytes_before_pixels() -> None:
    mime = QMimeData()
    mime.setImageData(QImage(2, 2, QImage.Format.Format_RGB32))
    mime.setData("image/jpeg", b"x")
    assert incoming.take(mime, "Drop").sources == (BytesSource(b"x", "Drop"),)


def test_pixels(qapp: object) -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32)
    image.fill(QColor(255, 0, 0, 0))
    mime = QMimeData()
    mime.setImageData(image)
    (source,) = incoming.take(mime).sources
    assert isinstance(source, ImageSource)
    picture = incoming.read(source)
    assert (picture.pixels == 255).all()
    assert picture.alpha is not None
    assert (picture.alpha == 0).all()


def test_links_are_refused_with_what_to_do() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("http://example.org/c.png")])
    assert incoming.may_hold_pictures(mime)
    found = incoming.take(mime)
    assert found.sources == ()
    assert "save the picture" in found.refusal


@pytest.mark.parametrize("link", ["data:text/plain;base64,aGk=", "data:image/png;base64,###", "data:image/png,hello"])
def test_embedded_nonsense_is_refused(link: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl(link)])
    assert incoming.take(mime).refusal


def test_text_is_no_picture() -> None:
    mime = QMimeData()
    mime.setText("hello")
    assert not incoming.may_hold_pictures(mime)
    assert incoming.take(mime).refusal


def test_enormous_pixels_are_refused() -> None:
    source = ImageSource(QImage(140000, 1, QImage.Format.Format_RGB32), "Pasted picture")
    with pytest.raises(PictureError, match="limit"):
        incoming.read(source)


def test_pixels_are_not_swapped() -> None:
    image = QImage(1, 1, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 20, 30))
    np.testing.assert_array_equal(incoming.read(ImageSource(image, "x")).pixels, [[[10, 20, 30]]])

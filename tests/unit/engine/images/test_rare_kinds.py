"""HEIC and JPEG XL, which optional packages read, and large Photoshop files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import images, layered_drawing
from engine.errors import PictureError
from engine.export import formats
from engine.images import jpegxl
from tests import layered
from tests.layered import GREEN, RED, filled

DATA = Path(__file__).parents[3] / "data"


def colors() -> np.ndarray:
    rows, columns = np.mgrid[0:24, 0:32]
    return np.stack((columns * 8, rows * 10, 255 - columns * 8, 255 - rows), axis=-1).astype(np.uint8)


@pytest.mark.parametrize("boxed", [False, True])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("depth", [8, 16])
def test_jpeg_xl(channels: int, depth: int, boxed: bool) -> None:
    codecs = pytest.importorskip("imagecodecs")
    drawn = colors()[..., :channels]
    samples = drawn if depth == 8 else drawn.astype(np.uint16) * 257
    if channels == 1:
        samples = samples[..., 0]
    picture = images.read_bytes(codecs.jpegxl_encode(samples, lossless=True, usecontainer=boxed), "a.jxl")
    expected = np.repeat(drawn, 3, axis=2) if channels == 1 else drawn[..., :3]
    if channels == 4:
        assert picture.alpha is not None
        np.testing.assert_array_equal(picture.alpha, drawn[..., 3])
        share = drawn[..., 3:] / 255.0
        expected = np.rint(expected * share + 255.0 * (1.0 - share)).astype(np.uint8)
    assert np.abs(picture.pixels.astype(int) - expected).max() <= 1


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.booleans())
def test_its_size_stands_in_the_header(width: int, height: int, boxed: bool) -> None:
    codecs = pytest.importorskip("imagecodecs")
    data = codecs.jpegxl_encode(np.zeros((height, width), np.uint8), lossless=True, usecontainer=boxed)
    assert jpegxl.size_of(data) == (width, height)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60), st.sampled_from([b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"]))
def test_broken_jpeg_xl_ends_in_one_sentence(data: bytes, start: bytes) -> None:
    with pytest.raises(PictureError):
        images.read_bytes(start + data, "a.jxl")


def test_a_large_one_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    codecs = pytest.importorskip("imagecodecs")
    monkeypatch.setattr(codecs, "jpegxl_decode", lambda *_args, **_options: pytest.fail("it was decoded"))
    # 2^30 by as many: no short size, two sides of 30 bits each.
    bits = 0 | 3 << 1 | (2**30 - 1) << 3 | 0 << 33 | 3 << 36 | (2**30 - 1) << 38
    with pytest.raises(PictureError, match="1073741824×1073741824"):
        images.read_bytes(b"\xff\x0a" + bits.to_bytes(12, "little") + bytes(40), "a.jxl")


def test_without_the_package_it_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpegxl, "is_read", lambda: False)
    for start in (b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n"):
        with pytest.raises(PictureError, match="JPEG XL picture, which cannot be read by Nurie yet"):
            images.read_bytes(start + bytes(100), "a.jxl")


def test_heic() -> None:
    pytest.importorskip("pi_heif")
    picture = images.read(DATA / "two_colors.heic")
    assert picture.pixels.shape == (48, 64, 3)
    for x, color in ((20, (186, 52, 62)), (44, (58, 110, 190)), (3, (255, 255, 255))):
        assert np.abs(picture.pixels[24, x].astype(int) - color).max() <= 6
    with pytest.raises(PictureError):
        images.read_bytes((DATA / "two_colors.heic").read_bytes()[:400], "a.heic")


def test_a_large_photoshop_file_is_read_and_not_written(tmp_path: Path) -> None:
    def make(document: Any, add: Any) -> None:
        document._record.header.version = 2  # before anything is packed, since its lines have longer counts
        add("Base", filled(RED))
        add("Line", filled(GREEN))

    merged = np.full((layered.HEIGHT, layered.WIDTH, 3), 90, np.uint8)
    merged[10:20] = 200
    path = layered.with_merged(layered.psd(tmp_path / "a.psb", make), merged)
    picture, _ = layered_drawing.read(path)
    np.testing.assert_array_equal(picture.pixels, merged)
    assert tuple(layered_drawing.read_reference(path, ["Base"]).pixels[5, 5]) == RED[:3]
    assert [layer.name for layer in layered_drawing.layers_of(path)] == ["Base", "Line"]
    with pytest.raises(PictureError, match="must end in"):
        formats.require_suffix(path)


@pytest.mark.parametrize("name", ["a.HEIC", "a.heif", "a.jxl", "a.PSB", "a.avif"])
def test_they_are_taken_by_dialogs_drops_and_batches(name: str) -> None:
    assert formats.can_open(Path(name))

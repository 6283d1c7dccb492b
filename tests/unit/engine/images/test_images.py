"""Reading: every kind of picture becomes upright 8-bit sRGB on white, and every bad file one sentence."""

import io
import os
import re
import struct
import threading
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image, features

from engine import images
from engine.errors import PictureError
from tests import icc_profiles

HEIGHT, WIDTH = 12, 20
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]
RGB = np.stack((COLUMNS * 12, ROWS * 20, 255 - COLUMNS * 12), axis=-1).astype(np.uint8)
GRAY16 = ((ROWS + COLUMNS) * 2114).astype(np.uint16)
GRAY = ((GRAY16.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)
ALPHA = np.where(COLUMNS < 7, 0, np.where(COLUMNS < 14, 128, 255)).astype(np.uint8)


def encoded(image: Image.Image | NDArray, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(stream, kind, **options)
    return stream.getvalue()


def png(width: int, height: int, depth: int = 8, color_type: int = 2, rows: bytes = b"", before: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + before + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def on_white(colors: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    share = alpha[..., None] / 255.0
    return np.floor(colors * share + 255.0 * (1.0 - share) + 0.5).astype(np.uint8)


def three(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.repeat(gray[..., None], 3, axis=2)


def check(data: bytes, expected: NDArray[np.uint8], tolerance: int = 0) -> images.Picture:
    picture = images.read_bytes(data, "drawing")
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == expected.shape
    assert int(np.abs(picture.pixels.astype(int) - expected).max()) <= tolerance
    return picture


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("PPM", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 98, "subsampling": 0}, 12),
        ("JPEG", {"quality": 98, "subsampling": 0, "progressive": True}, 12),
        ("GIF", {}, 24),
    ],
)
def test_formats(kind: str, options: dict, tolerance: int) -> None:
    picture = check(encoded(RGB, kind, **options), RGB, tolerance)
    assert picture.alpha is None
    assert picture.icc_profile is None
    assert picture.name == "drawing"


def test_sixteen_bit_gray_is_scaled_not_clipped() -> None:
    check(encoded(GRAY16, "PNG"), three(GRAY))
    check(encoded(GRAY16, "TIFF"), three(GRAY))
    check(b"P5 %d %d 65535\n" % (WIDTH, HEIGHT) + GRAY16.astype(">u2").tobytes(), three(GRAY))


def test_sixteen_bit_gray_with_white_as_zero() -> None:
    check(encoded(GRAY16, "TIFF", tiffinfo={262: 0}), three(255 - GRAY))


def test_sixteen_bit_color() -> None:
    wide = RGB.astype(np.uint16) * 257
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in wide)
    check(png(WIDTH, HEIGHT, 16, 2, rows), RGB)
    expected = RGB.copy()
    expected[3, 4] = 255
    clear = png_chunk(b"tRNS", struct.pack(">HHH", *wide[3, 4].tolist()))
    assert check(png(WIDTH, HEIGHT, 16, 2, rows, clear), expected).alpha is not None


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 9.0e6])
def test_floats(white: float) -> None:
    values = (GRAY / 255.0 * white).astype(np.float32)
    values[-1, -1] = white
    expected = GRAY.copy()
    expected[-1, -1] = 255
    check(encoded(values, "TIFF"), three(expected), tolerance=9 if white == 255.0 else 1)


def test_floats_that_are_no_numbers() -> None:
    values = np.full((4, 4), 0.5, dtype=np.float32)
    values[0, 0], values[1, 1], values[2, 2] = np.nan, np.inf, -np.inf
    check(encoded(values, "TIFF"), np.where(np.isfinite(values), 128, 0)[..., None].repeat(3, 2).astype(np.uint8))


def test_one_bit() -> None:
    bits = Image.fromarray(GRAY).convert("1")
    expected = three(np.asarray(bits.convert("L")))
    check(encoded(bits, "PNG"), expected)
    check(encoded(bits, "TIFF", compression="group4"), expected)


def test_cmyk() -> None:
    check(encoded(Image.fromarray(RGB).convert("CMYK"), "JPEG", quality=98), RGB, 8)
    check(encoded(Image.fromarray(RGB).convert("CMYK"), "TIFF"), RGB)


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True, "exact": True})])
def test_alpha_is_kept_and_flattened_on_white(kind: str, options: dict) -> None:
    picture = check(encoded(np.dstack((RGB, ALPHA)), kind, **options), on_white(RGB, ALPHA))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, ALPHA)


def test_gray_with_alpha() -> None:
    both = Image.merge("LA", (Image.fromarray(GRAY), Image.fromarray(ALPHA)))
    check(encoded(both, "PNG"), on_white(three(GRAY), ALPHA))


def test_opaque_alpha_is_no_alpha() -> None:
    assert check(encoded(Image.fromarray(RGB).convert("RGBA"), "PNG"), RGB).alpha is None


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_palette_with_transparency(kind: str) -> None:
    palette = Image.fromarray(RGB).quantize(8)
    clear = np.asarray(palette) == 3
    expected = np.array(palette.convert("RGB"))
    expected[clear] = 255
    picture = images.read_bytes(encoded(palette, kind, transparency=3), "p")
    assert np.array_equal(picture.pixels, expected)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, clear)


@pytest.mark.parametrize("depth", [1, 8, 16])
def test_gray_with_a_transparent_tone(depth: int) -> None:
    if depth == 16:
        rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in GRAY16)
        clear = png_chunk(b"tRNS", struct.pack(">H", int(GRAY16[2, 2])))
        check(
            png(WIDTH, HEIGHT, 16, 0, rows, clear), three(np.where(GRAY16[2, 2] == GRAY16, 255, GRAY).astype(np.uint8))
        )
    elif depth == 8:
        tone = int(GRAY[2, 2])
        check(encoded(GRAY, "PNG", transparency=tone), three(np.where(tone == GRAY, 255, GRAY).astype(np.uint8)))
    else:
        bits = Image.fromarray(GRAY).convert("1")
        check(encoded(bits, "PNG", transparency=0), np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame(kind: str) -> None:
    frames = [Image.fromarray(RGB), Image.fromarray(255 - RGB)]
    options = {"lossless": True} if kind == "WEBP" else {}
    check(encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options), RGB, 24 if kind == "GIF" else 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(kind: str, orientation: int) -> None:
    upright = {
        1: RGB,
        2: RGB[:, ::-1],
        3: RGB[::-1, ::-1],
        4: RGB[::-1],
        5: RGB.swapaxes(0, 1),
        6: np.rot90(RGB, -1),
        7: RGB[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(RGB),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}
    data = encoded(RGB, kind, exif=exif, dpi=(300, 150), **options)
    picture = check(data, upright, 12 if kind == "JPEG" else 0)
    expected = (300, 150) if orientation < 5 else (150, 300)
    assert picture.dpi == pytest.approx(expected, abs=0.02)


def test_broken_exif_is_ignored() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x63\0\0\0\0\0\0"
    check(encoded(RGB, "JPEG", quality=98, subsampling=0, exif=exif), RGB, 12)


def test_resolution_that_is_not_stated() -> None:
    for kind in ("PNG", "TIFF", "WEBP"):
        assert images.read_bytes(encoded(RGB, kind), "x").dpi is None


def test_profile_is_converted_and_kept() -> None:
    profile = icc_profiles.wide_rgb()
    picture = images.read_bytes(encoded(RGB, "PNG", icc_profile=profile), "wide")
    assert picture.icc_profile == profile
    # The same numbers mean a more vivid green in the wide space, out of reach of sRGB: less red, more green.
    green = np.full((2, 2, 3), (60, 200, 60), dtype=np.uint8)
    converted = images.read_bytes(encoded(green, "PNG", icc_profile=profile), "green").pixels[0, 0]
    assert converted[0] < 30
    assert converted[1] > 200
    ends = np.array([[[0, 0, 0], [255, 255, 255]]], dtype=np.uint8)
    assert np.array_equal(images.read_bytes(encoded(ends, "PNG", icc_profile=profile), "ends").pixels, ends)


def test_srgb_profile_changes_no_bit() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert check(encoded(RGB, "PNG", icc_profile=profile), RGB).icc_profile == profile
    check(encoded(GRAY, "PNG", icc_profile=profile), three(GRAY))


def test_gray_profile() -> None:
    picture = images.read_bytes(encoded(GRAY, "PNG", icc_profile=icc_profiles.gray(1.0)), "linear")
    middle = np.abs(GRAY.astype(int) - 55).argmin()
    assert abs(int(picture.pixels.reshape(-1, 3)[middle, 0]) - 128) < 12  # 0.216 of linear light is sRGB 0.5


@pytest.mark.parametrize("profile", [b"hello" * 40, icc_profiles.wide_rgb()[:200], b""])
def test_broken_profile_is_ignored(profile: bytes) -> None:
    assert check(encoded(RGB, "PNG", icc_profile=profile), RGB).icc_profile is None


def test_profile_of_another_kind_of_picture_is_not_applied() -> None:
    check(encoded(RGB, "PNG", icc_profile=icc_profiles.gray(1.0)), RGB)


def test_one_pixel() -> None:
    check(encoded(RGB[:1, :1], "PNG"), RGB[:1, :1])


def refused(data: bytes, *words: str) -> None:
    with pytest.raises(PictureError) as caught:
        images.read_bytes(data, "drawing.png")
    message = str(caught.value)
    assert message.count(".") <= 2, message
    assert "\n" not in message
    for word in ("drawing.png", *words):
        assert word in message


@pytest.mark.parametrize("data", [png(30000, 30000), b"P6 30000 30000 255\n", png(131073, 1), png(1, 131073)])
def test_too_large_is_refused_from_the_header(data: bytes) -> None:
    refused(data, "268 million pixels", "131072 on a side")


@pytest.mark.parametrize("size", [(800, 100_000), (100_000, 800), (2000, 131_072)])
def test_the_limit_is_on_the_area_and_strips_are_long(size: tuple[int, int]) -> None:
    images.check_size(size, "strip.png")


def test_longest_allowed_side() -> None:
    rows = b"\0" + bytes(3 * images.MAX_SIDE)
    assert images.read_bytes(png(images.MAX_SIDE, 1, rows=rows), "long").pixels.shape == (1, images.MAX_SIDE, 3)


def test_pillow_limit_neither_interferes_nor_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    data = encoded(RGB, "PNG")
    threads = [threading.Thread(target=lambda: [check(data, RGB) for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Image.MAX_IMAGE_PIXELS == 10


def test_no_pixels() -> None:
    refused(png(0, 0), "0×0")
    bitmap = bytearray(encoded(RGB, "BMP"))
    bitmap[18:26] = bytes(8)
    refused(bytes(bitmap), "0×0")
    refused(b"GIF89a" + bytes(7))


@pytest.mark.parametrize("data", [b"only some text, and more of it", b"RIFF1234WAVEfmt ", b"P9 1 1 1\n"])
def test_not_a_picture(data: bytes) -> None:
    refused(data, "not a picture")


def test_empty_bytes() -> None:
    refused(b"", "empty")


SAMPLES = [
    encoded(RGB, "PNG"),
    encoded(np.zeros((40, 40, 3), dtype=np.uint8), "PNG"),
    encoded(RGB, "JPEG"),
    encoded(RGB, "JPEG", progressive=True),
    encoded(RGB, "WEBP"),
    encoded(RGB, "GIF"),
    encoded(RGB, "BMP"),
    encoded(RGB, "TIFF", compression="tiff_lzw"),
    encoded(Image.fromarray(RGB).quantize(8), "PNG", transparency=3),
    encoded(GRAY16, "PNG", icc_profile=icc_profiles.gray(2.0), dpi=(300, 300)),
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SAMPLES), st.floats(0.0, 0.999))
def test_cut_off_anywhere_is_refused_or_changes_nothing(whole: bytes, share: float) -> None:
    part = whole[: int(len(whole) * share)]
    try:
        picture = images.read_bytes(part, "part")
    except PictureError:
        return
    assert np.array_equal(picture.pixels, images.read_bytes(whole, "whole").pixels)


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damage_never_raises_anything_else(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = images.read_bytes(bytes(damaged), "damaged")
    except PictureError:
        return
    assert picture.pixels.ndim == 3


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "木.png"
    good.write_bytes(encoded(RGB, "PNG"))
    assert images.read(good).name == "木.png"
    empty = tmp_path / "empty.png"
    empty.touch()
    for path, word in ((tmp_path / "none.png", "no file"), (tmp_path, "folder"), (empty, "empty")):
        with pytest.raises(PictureError, match=word):
            images.read(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device file")
def test_a_device_is_no_picture() -> None:
    with pytest.raises(PictureError, match="not a file"):
        images.read(Path("/dev/zero"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind here")
def test_no_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(RGB, "PNG"))
    path.chmod(0)
    with pytest.raises(PictureError, match="permission"):
        images.read(path)


def test_permission_denied_on_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(RGB, "PNG"))

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(PictureError, match="permission"):
        images.read(path)


def test_transparent_parts_of_a_reference_are_paper() -> None:
    opaque = images.read_bytes(encoded(RGB, "PNG"), "opaque")
    assert images.for_reference(opaque).mask is None
    clear = images.read_bytes(encoded(np.dstack((RGB, ALPHA)), "PNG"), "clear")
    reference = images.for_reference(clear)
    assert reference.name == "clear"
    assert reference.mask is None
    assert (reference.pixels[ALPHA == 0] == 255).all()


def test_an_invisible_reference_is_refused() -> None:
    with pytest.raises(PictureError, match="transparent"):
        images.for_reference(images.read_bytes(encoded(np.dstack((RGB, ALPHA * 0)), "PNG"), "gone"))


def chunks_of(data: bytes) -> list[bytes]:
    """The chunks of a PNG, whole."""
    found, place = [], 8
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        found.append(data[place : place + 12 + length])
        place += 12 + length
    return found


def with_chunks(*before_data: bytes, end: bool = True) -> bytes:
    head, *rest = chunks_of(encoded(RGB, "PNG"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before_data) + b"".join(rest if end else rest[:-1])


WRONG_SUM = b"\0\0\0\1"
WRAPPED_PROFILE = b"name\0\0" + zlib.compress(icc_profiles.wide_rgb())


@pytest.mark.parametrize(
    ("chunk", "note"),
    [
        (png_chunk(b"zTXt", b"workflow\0\0" + zlib.compress(bytes(9_000_000))), None),
        (png_chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(bytes(9_000_000))), None),
        (png_chunk(b"zTXt", b"workflow\0\0no zlib at all"), None),
        (png_chunk(b"tEXt", b"Software\0x")[:-4] + WRONG_SUM, "text"),
        (png_chunk(b"iCCP", b"name\0\0no zlib at all"), "color profile"),
        (png_chunk(b"iCCP", WRAPPED_PROFILE)[:-4] + WRONG_SUM, "color profile"),
        (png_chunk(b"iCCP", b"name\0\0" + zlib.compress(bytes(90_000_000))), "color profile"),
        (png_chunk(b"eXIf", b"II*\0nonsense")[:-4] + WRONG_SUM, "EXIF"),
        (png_chunk(b"eXIf", b"II*\0nonsense"), None),
        (png_chunk(b"pHYs", b"short"), "resolution"),
        (png_chunk(b"pHYs", bytes(9))[:-4] + WRONG_SUM, "resolution"),
        (png_chunk(b"acTL", bytes(8))[:-4] + WRONG_SUM, "animation"),
        (png_chunk(b"acTL", struct.pack(">II", 2**31, 0)), None),
        (png_chunk(b"tIME", bytes(7))[:-4] + WRONG_SUM, "time"),
    ],
)
def test_what_the_pixels_do_not_need_may_be_damaged(chunk: bytes, note: str | None) -> None:
    picture = check(with_chunks(chunk), RGB)
    assert (note is None) == (picture.notes == ())
    assert note is None or note in picture.notes[0]


def test_a_large_profile_is_used() -> None:
    large = b"name\0\0" + zlib.compress(icc_profiles.wide_rgb() + bytes(3_000_000))
    small = images.read_bytes(with_chunks(png_chunk(b"iCCP", WRAPPED_PROFILE)), "x")
    assert np.array_equal(images.read_bytes(with_chunks(png_chunk(b"iCCP", large)), "x").pixels, small.pixels)
    assert not np.array_equal(small.pixels, RGB)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_missing_end_marker_is_said(kind: str, progressive: bool) -> None:
    whole = encoded(RGB, kind, **({"progressive": True} if progressive and kind == "JPEG" else {}))
    cut = whole[: {"PNG": -12, "JPEG": -2, "GIF": -1}[kind]]
    picture = check(cut, images.read_bytes(whole, "x").pixels)
    assert kind == "GIF" or "end of the file" in picture.notes[0]
    refused(cut[: len(cut) * 2 // 3], "damaged")


def test_attachments_of_webp_that_are_cut_off() -> None:
    whole = encoded(RGB, "WEBP", lossless=True, exif=b"Exif\0\0" + bytes(500), icc_profile=icc_profiles.wide_rgb())
    picture = check(whole[:-300], images.read_bytes(whole, "x").pixels)
    assert "EXIF" in picture.notes[0]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_empty_first_frame_is_stepped_over(kind: str) -> None:
    empty = Image.fromarray(np.dstack((RGB * 0, ALPHA * 0)))
    white = Image.new("RGBA", empty.size, "white")
    drawn = Image.fromarray(np.dstack((RGB, ALPHA * 0 + 255)))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    data = encoded(empty, kind, save_all=True, append_images=[white, drawn], disposal=2, **options)
    picture = check(data, RGB, 40 if kind == "GIF" else 0)
    assert picture.notes == ("It has 3 frames; number 3 is used, the first that is not empty.",)
    data = encoded(empty, kind, save_all=True, append_images=[white, empty], disposal=2, **options)
    assert images.read_bytes(data, "x").notes == ("It has 3 frames; the first is used.",)


def test_a_bitmap_that_is_transparent_everywhere_is_opaque() -> None:
    bgra = np.dstack((RGB[::-1, :, ::-1], ALPHA * 0)).tobytes()
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    info = struct.pack("<IiiHHIIiiII", 108, WIDTH, HEIGHT, 1, 32, 3, len(bgra), 0, 0, 0, 0) + masks + bytes(52)
    data = b"BM" + struct.pack("<IHHI", 14 + 108 + len(bgra), 0, 0, 14 + 108) + info + bgra
    picture = check(data, RGB)
    assert picture.alpha is None
    assert "opaque" in picture.notes[0]


@pytest.mark.parametrize(
    ("start", "word"),
    [
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42mp41", "film"),
        (b"8BPS\0\1", ".psd"),
        (b"%PDF-1.7", "PDF"),
        (b"%!PS-Adobe-3.0", "PostScript"),
        (b"PK\3\4", "ZIP"),
        (b"CSFCHUNK", "Clip Studio"),
        (b"gimp xcf v011", "GIMP"),
        (b"JASC-PAL\r\n", "palette"),
    ],
)
def test_kinds_that_are_known_but_not_read(start: bytes, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.images.kinds._HEIF_READERS", ())
    monkeypatch.setattr("engine.images.jpegxl.is_read", lambda: False)
    with pytest.raises(PictureError, match=re.escape(word)) as caught:
        images.read_bytes(start + bytes(100), "drawing.png")
    is_elsewhere = word in (".psd", "palette")
    assert is_elsewhere != ("cannot be read by Nurie yet" in str(caught.value))
    assert "damaged" not in str(caught.value)


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")
def test_avif() -> None:
    smooth = Image.fromarray(RGB).resize((160, 96), Image.Resampling.BICUBIC)
    check(encoded(smooth, "AVIF", quality=100, subsampling="4:4:4"), np.asarray(smooth), 6)


@pytest.mark.parametrize("frame", [b"\xff\xc3", b"\xff\xc1", b"\xff\xc0"])
def test_rare_kinds_of_jpeg_are_refused_by_name(frame: bytes) -> None:
    data = bytearray(encoded(RGB, "JPEG"))
    place = data.index(b"\xff\xc0")
    data[place : place + 2] = frame
    data[place + 4] = 8 if frame == b"\xff\xc3" else 12
    refused(bytes(data), "cannot be read by Nurie yet")


def test_a_jpeg_of_a_thousand_scans_is_refused() -> None:
    data = encoded(RGB, "JPEG", progressive=True)
    scan = data.rindex(b"\xff\xda")
    refused(data[:scan] + data[scan:-2] * 200 + data[-2:], "scans")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF", "WEBP"])
def test_a_small_file_of_a_huge_picture_is_refused_from_the_header(kind: str) -> None:
    if kind == "PNG":
        data = png(16000, 16000)
    elif kind == "GIF":
        data = bytearray(encoded(RGB, "GIF"))
        data[6:10] = struct.pack("<HH", 16000, 16000)
    else:
        data = encoded(Image.new("1", (12000, 12000)), "TIFF", compression="group4") if kind == "TIFF" else WEBP_BOMB
    refused(bytes(data), "too small for a drawing of this size")


# A lossless WebP's header of 16000×16000 with nothing behind it.
WEBP_BOMB = b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f" + struct.pack("<I", 15999 | 15999 << 14) + bytes(8) + bytes(1)


def test_a_later_frame_that_enlarges_the_picture_beyond_the_limit_takes_no_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty, drawn = Image.new("P", (WIDTH, HEIGHT)), Image.fromarray(RGB).quantize(8)
    data = bytearray(encoded(empty, "GIF", save_all=True, append_images=[drawn], optimize=False))
    place = data.index(b"," + struct.pack("<HHHH", 0, 0, WIDTH, HEIGHT), data.index(b",") + 1)
    data[place + 5 : place + 9] = struct.pack("<HH", 60000, 60000)
    sizes: list[tuple[int, int]] = []
    load = GifImagePlugin.GifImageFile.load
    monkeypatch.setattr(GifImagePlugin.GifImageFile, "load", lambda self: (sizes.append(self.size), load(self))[1])
    refused(bytes(data), "60000×60000")
    assert set(sizes) <= {(WIDTH, HEIGHT)}

"""TIFF: every kind is read as tifffile wrote it or refused as one not read; never scrambled, never called damaged."""

import io
import itertools
import struct
import zlib
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from engine import images
from engine.errors import PictureError
from engine.images import tiff

HEIGHT, WIDTH = 40, 52
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]
# Channels that no mix-up leaves alike.
SHARES = np.stack(
    [COLUMNS / (WIDTH - 1), ROWS / (HEIGHT - 1), 1.0 - COLUMNS / (WIDTH - 1), (ROWS + COLUMNS) % 7 / 6.0], axis=-1
)
ALPHA = 0.25 + 0.75 * (ROWS + COLUMNS) / (HEIGHT + WIDTH - 2)
LIBTIFF = {"deflate": 8, "lzw": 5, "packbits": 32773, "lzma": 34925, "zstd": 50000}


def values_of(shares: NDArray[np.float64], kind: str) -> NDArray[Any]:
    dtype = np.dtype(kind)
    if dtype.kind == "f":
        return shares.astype(dtype)
    return np.round(shares * (2.0 ** (8 * dtype.itemsize) - 1.0)).astype(dtype)


def seen(colors: NDArray[np.float64], alpha: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """What is to be seen of shares in [0, 1], on white, in 255ths."""
    if colors.shape[-1] == 4:
        colors = np.asarray(Image.fromarray(np.round(255 * colors).astype(np.uint8), "CMYK").convert("RGB")) / 255.0
    if colors.shape[-1] == 1:
        colors = colors.repeat(3, axis=-1)
    return 255.0 * (colors if alpha is None else colors * alpha[..., None] + 1.0 - alpha[..., None])


def written(data: NDArray[Any], **options: Any) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, data, metadata=None, **options)
    return stream.getvalue()


def check(data: bytes, expected: NDArray[np.float64], tolerance: float = 1.01) -> images.Picture:
    picture = images.read_bytes(data, "kind.tif")
    assert picture.pixels.shape == expected.shape
    assert float(np.abs(picture.pixels - expected).max()) <= tolerance
    return picture


KINDS = [
    one
    for one in itertools.product(
        ("miniswhite", "minisblack", "rgb", "separated"),
        ("u1", "u2", "u4", "f2", "f4", "f8"),
        ("contig", "separate"),
        (None, "unassalpha", "assocalpha", "unspecified"),
        ("<", ">"),
        ("strips", "one strip", "tiles"),
    )
    if not (one[0] == "miniswhite" and (one[1][0] == "f" or one[3]))
]


@pytest.mark.parametrize("packed", [None, "zlib"])
def test_plain_samples_of_every_kind(packed: str | None) -> None:
    for photometric, kind, planar, extra, order, layout in KINDS:
        count = {"rgb": 3, "separated": 4}.get(photometric, 1)
        shares = SHARES[..., :count].copy()
        shares[0, 0], shares[0, 1] = 0.0, 1.0  # else the darkest picture decides what is white
        alpha = ALPHA if extra in ("unassalpha", "assocalpha") else None
        stored = shares * ALPHA[..., None] if extra == "assocalpha" else shares
        stored = 1.0 - stored if photometric == "miniswhite" else stored
        stored = np.concatenate([stored, ALPHA[..., None]], axis=-1) if extra else stored
        data = values_of(stored, order + kind)
        if data.shape[-1] == 1:
            data = data[..., 0]
        elif planar == "separate":
            data = np.ascontiguousarray(np.moveaxis(data, -1, 0))
        options: dict[str, Any] = {"photometric": photometric, "compression": packed, "byteorder": order}
        options |= {"planarconfig": planar} if data.ndim == 3 else {}
        options |= {"extrasamples": [extra]} if extra else {}
        options |= {"tile": (16, 16)} if layout == "tiles" else {}
        options |= {"rowsperstrip": 7 if layout == "strips" else HEIGHT} if layout != "tiles" else {}
        try:
            encoded = written(data, **options)
        except ValueError:
            continue
        expected = seen(shares, alpha)
        # What was multiplied by its alpha has fewer levels; half floats have eleven bits.
        tolerance = 4.0 if extra == "assocalpha" or photometric == "separated" else 1.6
        picture = check(encoded, expected, tolerance)
        assert (picture.alpha is not None) == (alpha is not None), (photometric, kind, planar, extra, order, layout)


@pytest.mark.parametrize("packing", ["raw", "tiff_lzw", "packbits", "tiff_adobe_deflate", "lzma", "zstd"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "LAB", "F"])
def test_what_pillow_writes(mode: str, packing: str) -> None:
    gray = Image.fromarray(np.round(255 * SHARES[..., 0]).astype(np.uint8))
    rgb = Image.fromarray(np.round(255 * SHARES[..., :3]).astype(np.uint8))
    if mode == "F":
        image = Image.fromarray(SHARES[..., 0].astype(np.float32))
    elif mode == "I;16":
        image = Image.fromarray(np.round(65535 * SHARES[..., 0]).astype(np.uint16))
    elif mode == "LAB":
        image = Image.merge("LAB", rgb.split())
    else:
        image = (gray if mode in ("1", "L") else rgb).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "TIFF", compression=packing)
    wanted = images.read_bytes(stream.getvalue(), "x").pixels
    if mode in ("1", "L", "P", "RGB", "CMYK"):
        assert np.array_equal(wanted, np.asarray(image.convert("RGB")))
    elif mode in ("I;16", "F"):
        assert np.abs(wanted[..., 0] - 255 * SHARES[..., 0]).max() <= 1
    stream = io.BytesIO()
    image.save(stream, "TIFF")
    assert np.array_equal(wanted, images.read_bytes(stream.getvalue(), "x").pixels)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["u1", "u2", "u4"])
def test_differences_to_the_left(order: str, kind: str) -> None:
    data = values_of(SHARES[..., :4], order + kind)
    differences = data.copy()
    differences[:, 1:] -= data[:, :-1]
    strip = zlib.compress(differences.tobytes())
    tags = {317: 2, 338: 2}
    check(by_hand(strip, order, 8 * data.dtype.itemsize, 4, 8, 2, tags), seen(SHARES[..., :3], SHARES[..., 3]), 1.6)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
def test_differences_of_floats(order: str, kind: str) -> None:
    width = np.dtype(kind).itemsize
    big = SHARES[..., :3].astype(">" + kind)
    weights = big.reshape(HEIGHT, -1, 1).view(np.uint8).reshape(HEIGHT, -1, width)
    rows = np.ascontiguousarray(weights.transpose(0, 2, 1)).reshape(HEIGHT, -1, 3)
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]
    strip = zlib.compress(differences.tobytes())
    check(by_hand(strip, order, 8 * width, 3, 8, 2, {317: 3, 339: 3}), seen(SHARES[..., :3], None))


def by_hand(
    strip: bytes, order: str, bits: int, samples: int, compression: int, photometric: int, more: dict[int, int]
) -> bytes:
    """A TIFF of one strip."""
    tags = {256: WIDTH, 257: HEIGHT, 258: bits, 259: compression, 262: photometric, 273: 0, 277: samples, 278: HEIGHT}
    tags |= {279: len(strip)} | more
    tags[273] = 8 + 2 + 12 * len(tags) + 4
    directory = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, tags[tag]) for tag in sorted(tags))
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}IH", 8, len(tags))
    return head + directory + bytes(4) + strip


@pytest.mark.parametrize("bits", [1, 2, 4, 12])
@pytest.mark.parametrize("photometric", [0, 1])
def test_bits_that_share_bytes(bits: int, photometric: int) -> None:
    values = np.round(SHARES[..., 0] * (2**bits - 1)).astype(np.uint16)
    stored = values if photometric else 2**bits - 1 - values
    spread = (stored[..., None] >> np.arange(bits - 1, -1, -1)) & 1
    strip = np.packbits(spread.reshape(HEIGHT, -1).astype(np.uint8), axis=1).tobytes()
    data = by_hand(strip, "<", bits, 1, 1, photometric, {})
    if bits == 12 and not photometric:
        assert "12-bit" in refusal(data)
        return
    check(data, seen(values[..., None] / (2**bits - 1), None))


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        images.read_bytes(data, "kind.tif")
    message = str(caught.value)
    assert "cannot be read by Nurie yet" in message
    assert "damaged" not in message
    return message


@pytest.mark.parametrize(
    ("bits", "samples", "compression", "photometric", "more", "word"),
    [
        (8, 3, 50001, 2, {}, "WebP"),
        (8, 3, 34712, 2, {}, "JPEG 2000"),
        (1, 1, 34661, 1, {}, "JBIG"),
        (8, 3, 4711, 2, {}, "4711"),
        (16, 3, 1, 8, {}, "Lab"),
        (8, 3, 1, 6, {530: 2 + 2 * 65536}, "number 6"),
        (8, 4, 1, 5, {332: 2}, "inks"),
        (24, 3, 1, 2, {339: 3}, "24-bit float"),
        (16, 1, 1, 1, {339: 2}, "16-bit signed"),
        (64, 1, 1, 1, {}, "64-bit"),
        (10, 3, 1, 2, {}, "10-bit"),
        (16, 1, 1, 1, {266: 2}, "order"),
        (16, 1, 8, 1, {317: 9}, "order"),
    ],
)
def test_the_rest_is_refused_by_name(
    bits: int, samples: int, compression: int, photometric: int, more: dict[int, int], word: str
) -> None:
    strip = bytes(WIDTH * HEIGHT * samples * max(bits // 8, 2))
    assert word in refusal(by_hand(strip, "<", bits, samples, compression, photometric, more))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_and_resolution_of_what_pillow_does_not_read(orientation: int) -> None:
    data = values_of(SHARES[..., :3], "f4")
    tags = [(274, 3, 1, orientation, True)]
    encoded = written(data, photometric="rgb", resolution=(300, 150), resolutionunit=2, extratags=tags)
    plain = values_of(SHARES[..., :3], "u1")
    wanted = images.read_bytes(
        written(plain, photometric="rgb", resolution=(300, 150), resolutionunit=2, extratags=tags), "x"
    )
    read = images.read_bytes(encoded, "x")
    assert np.abs(read.pixels.astype(int) - wanted.pixels).max() <= 1
    assert read.dpi == wanted.dpi == ((150, 300) if orientation > 4 else (300, 150))


def test_brighter_than_white_is_cut_off_and_said() -> None:
    data = values_of(SHARES[..., :3], "f4")
    data[5, 5] = 3.0
    picture = images.read_bytes(written(data, photometric="rgb"), "x")
    assert np.abs(picture.pixels[20:] - 255 * SHARES[20:, :, :3]).max() <= 1
    assert any("brighter" in note for note in picture.notes)


def test_extra_channels_that_are_no_transparency() -> None:
    data = values_of(np.concatenate([SHARES[..., :3], ALPHA[..., None]], axis=-1), "u2")
    picture = images.read_bytes(written(data, photometric="rgb", extrasamples=["unspecified"]), "x")
    assert picture.alpha is None
    assert any("extra" in note for note in picture.notes)


def test_the_largest_page_is_read_and_said() -> None:
    stream = io.BytesIO()
    large = values_of(SHARES[..., :3], "u1")
    with tifffile.TiffWriter(stream) as file:
        for pixels in (large[::4, ::4], large, large[::2, ::2]):
            file.write(pixels, photometric="rgb", metadata=None)
    picture = images.read_bytes(stream.getvalue(), "x")
    assert np.array_equal(picture.pixels, large)
    assert picture.notes == ("It has 3 pages; the largest, page 2, is used.",)


def test_a_preview_is_no_page() -> None:
    stream = io.BytesIO()
    large = values_of(SHARES[..., :3], "u2")
    with tifffile.TiffWriter(stream) as file:
        file.write(large.repeat(2, axis=0), photometric="rgb", metadata=None, subfiletype=1)
        file.write(large, photometric="rgb", metadata=None)
    picture = images.read_bytes(stream.getvalue(), "x")
    assert picture.pixels.shape == (HEIGHT, WIDTH, 3)
    assert picture.notes == ()


def test_a_circle_of_pages_ends() -> None:
    data = bytearray(by_hand(bytes(WIDTH * HEIGHT), "<", 8, 1, 1, 1, {}))
    end = 8 + 2 + 12 * 9
    data[end : end + 4] = struct.pack("<I", 8)
    assert len(tiff.pages(io.BytesIO(bytes(data)))) == 1
    assert images.read_bytes(bytes(data), "x").notes == ()


@pytest.mark.parametrize("packing", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_libtiff_is_silent_about_damage(packing: str, capfd: pytest.CaptureFixture[str]) -> None:
    stream = io.BytesIO()
    Image.fromarray(values_of(SHARES[..., :3], "u1")).save(stream, "TIFF", compression=packing)
    damaged = bytearray(stream.getvalue())
    damaged[300:2000] = bytes(1700)
    try:
        images.read_bytes(bytes(damaged), "x")
    except PictureError as error:
        assert "damaged" in str(error)
    assert capfd.readouterr().err == ""

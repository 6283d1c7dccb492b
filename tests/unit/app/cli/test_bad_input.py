"""Every bad picture and model from the command line: one sentence, exit code 2, and no model loaded for it."""

import struct
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from tests.unit.app.cli.conftest import FakeColorizer, Run

Nurie = Callable[..., Run]


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    data = BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and has next to nothing behind it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def drawing(size: tuple[int, int] = (48, 32)) -> Image.Image:
    image = Image.new("L", size, 255)
    image.paste(0, (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 4 + 2))
    return image


def noise(size: tuple[int, int] = (48, 32)) -> Image.Image:
    values = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    return Image.fromarray(values)


BAD: dict[str, tuple[bytes, str]] = {
    "text": (b"I am a shopping list.\n" * 9, "not a picture"),
    "program": (b"\x7fELF" + bytes(range(200)), "not a picture"),
    "zero bytes": (b"", "empty"),
    "truncated PNG": (encoded(noise())[:-900], "damaged"),
    "truncated JPEG": (encoded(noise(), "JPEG")[:-900], "damaged"),
    "half a header": (encoded(noise())[:20], "damaged"),
    "0x0": (png_header(0, 0), "0×0"),
    "30000x30000": (png_header(30000, 30000), "limit is 268 million pixels"),
    "a line too wide": (png_header(2**31 - 1, 1), "limit is 268 million pixels"),
    "a model": (struct.pack("<Q", 2) + b"{}", "not a picture"),
    "PostScript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot be read by Nurie yet"),
}


@pytest.fixture
def as_drawing(nurie: Nurie, place: Path) -> Callable[[Path], Run]:
    def run(path: Path) -> Run:
        return nurie("colorize", path, "--reference", place / "reference.png", "--output", place / "out.png")

    return run


@pytest.fixture
def as_reference(nurie: Nurie, place: Path) -> Callable[[Path], Run]:
    def run(path: Path) -> Run:
        return nurie("colorize", place / "line.png", "--reference", path, "--output", place / "out.png")

    return run


@pytest.fixture
def as_any(nurie: Nurie, place: Path, as_drawing: Callable, as_reference: Callable) -> Callable[[Path], list[Run]]:
    """The three places where a picture is read."""

    def run(path: Path) -> list[Run]:
        lineart = nurie("lineart", path, "--output", place / "out.png")
        return [as_drawing(path), as_reference(path), lineart]

    return run


@pytest.mark.parametrize("name", BAD)
def test_a_bad_picture_is_one_sentence(as_any: Callable[[Path], list[Run]], place: Path, name: str) -> None:
    data, said = BAD[name]
    path = place / "bad.png"
    path.write_bytes(data)
    for run in as_any(path):
        assert said in run.error
        assert "bad.png" in run.error
    assert FakeColorizer.loads == []
    assert not (place / "out.png").exists()


def test_a_folder_and_a_missing_file(as_any: Callable[[Path], list[Run]], place: Path) -> None:
    for path, said in ((place / "models", "folder"), (place / "none.png", "There is no file")):
        assert all(said in run.error for run in as_any(path))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission")
def test_a_picture_without_permission(as_any: Callable[[Path], list[Run]], place: Path) -> None:
    path = place / "secret.png"
    path.write_bytes(encoded(drawing()))
    path.chmod(0)
    try:
        with path.open("rb"):
            pytest.skip("this user may read everything")
    except PermissionError:
        assert all("permission" in run.error for run in as_any(path))


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


EXIF_TURNED = Image.Exif()
EXIF_TURNED[0x0112] = 6  # to be turned by a quarter

ODD: dict[str, tuple[bytes, tuple[int, int]]] = {
    "CMYK": (encoded(drawing().convert("CMYK"), "JPEG"), (48, 32)),
    "16 bit": (encoded(Image.fromarray(np.asarray(drawing(), np.uint16) * 257)), (48, 32)),
    "palette": (encoded(drawing().convert("P")), (48, 32)),
    "1 bit": (encoded(drawing().convert("1")), (48, 32)),
    "grey with alpha": (encoded(drawing().convert("LA")), (48, 32)),
    "animated": (encoded(drawing(), "GIF", save_all=True, append_images=[noise().convert("L")]), (48, 32)),
    "EXIF-rotated": (encoded(drawing(), "JPEG", exif=EXIF_TURNED), (32, 48)),
    "with a profile": (encoded(drawing().convert("RGB"), icc_profile=srgb()), (48, 32)),
    "with a broken profile": (encoded(drawing().convert("RGB"), icc_profile=b"no profile"), (48, 32)),
    "one row": (encoded(drawing((500, 1))), (500, 1)),
    "8x8": (encoded(noise((8, 8))), (8, 8)),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_but_sound_picture_is_colored_at_its_own_size(
    as_any: Callable[[Path], list[Run]], as_drawing: Callable[[Path], Run], place: Path, name: str
) -> None:
    data, size = ODD[name]
    path = place / "odd"
    path.write_bytes(data)
    assert [run.code for run in as_any(path)] == [0, 0, 0]
    assert as_drawing(path).code == 0
    with Image.open(place / "out.png") as image:
        assert image.size == size


@pytest.mark.parametrize(("size", "color"), [((48, 32), "white"), ((1, 1), "white"), ((48, 32), "black")])
def test_a_drawing_without_lines_is_refused_and_a_flat_reference_is_not(
    as_any: Callable[[Path], list[Run]], place: Path, size: tuple[int, int], color: str
) -> None:
    path = place / "flat.png"
    path.write_bytes(encoded(Image.new("RGB", size, color)))
    drawn, referred, _ = as_any(path)
    assert "no lines" in drawn.error
    assert referred.code == 0


def test_a_transparent_reference_is_refused(as_reference: Callable[[Path], Run], place: Path) -> None:
    path = place / "clear.png"
    path.write_bytes(encoded(Image.new("RGBA", (9, 9), (255, 0, 0, 0))))
    assert "transparent" in as_reference(path).error


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "text file"),
        ("pickle", "run any code"),
        ("half", "cut short"),
        ("foreign", "another program"),
        ("architecture", "'ufo'"),
        ("newer", "newer Nurie"),
        ("empty", "empty"),
        ("picture", "no model file"),
    ],
)
def test_a_bad_model_is_one_sentence(nurie: Nurie, place: Path, models: Path, kind: str, said: str) -> None:
    sound = (models / "tiny.safetensors").read_bytes()
    path = place / "bad.safetensors"
    path.write_bytes(
        {
            "text": b"I am a poem.\n",
            "half": sound[: len(sound) // 2],
            "foreign": struct.pack("<Q", 2) + b"{}",
            "architecture": sound.replace(b'\\"sga\\"', b'\\"ufo\\"'),
            "newer": sound.replace(b'\\"format_version\\": 1', b'\\"format_version\\": 9'),
            "empty": b"",
            "picture": encoded(noise()),
            "pickle": b"",
        }[kind]
    )
    if kind == "pickle":
        torch.save({"weight": torch.zeros(3)}, path)
    run = nurie(
        "colorize", place / "line.png", "--reference", place / "reference.png",
        "--output", place / "out.png", "--model", path,
    )  # fmt: skip
    assert said in run.error
    assert not (place / "out.png").exists()
    assert FakeColorizer.loads == []


def test_a_model_that_is_missing_or_unknown(nurie: Nurie, place: Path, models: Path) -> None:
    def error(model: object) -> str:
        return nurie(
            "colorize", place / "line.png", "--reference", place / "reference.png",
            "--output", place / "out.png", "--model", model,
        ).error  # fmt: skip

    assert "there are: tiny" in error("huge")
    assert "There is no model file" in error("folder/huge.safetensors")
    assert "folder" in error(place / "models")
    (models / "tiny.safetensors").unlink()
    assert "none is installed" in error("huge")

"""JPEG and WebP: colors, profile, resolution, how it was made."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine import images
from engine.errors import PictureError
from engine.export.flat_formats import write_flat
from engine.export.formats import Quality
from tests.icc_profiles import wide_rgb


def flats(width: int = 1) -> NDArray[np.uint8]:
    """Stripes of two strong colors, so many pixels wide, over a third one: H×W×3."""
    pixels = np.full((48, 64, 3), (220, 30, 40), np.uint8)
    pixels[:, np.arange(64) // width % 2 == 1] = (30, 60, 210)
    pixels[24:] = (250, 240, 90)
    return pixels


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".webp"])
def test_what_is_written_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    pixels = flats(8 if suffix == ".webp" else 1)  # a WebP with loss has half the resolution of color
    write_flat(path, pixels, dpi=(300, 200), text={"Model": "塗り", "Settings": '{"a": 1}'})
    assert np.abs(images.read(path).pixels.astype(int) - pixels).mean() < 6
    with Image.open(path) as image:
        assert image.format == ("WEBP" if suffix == ".webp" else "JPEG")
        exif = image.getexif()
        assert tuple(image.info.get("dpi", (exif.get(282), exif.get(283)))) == (300, 200)
        packet = image.info["xmp"]
    assert "塗り".encode() in packet


def test_lossless_webp_keeps_every_pixel(tmp_path: Path) -> None:
    write_flat(tmp_path / "a.webp", flats(), quality="lossless")
    assert (images.read(tmp_path / "a.webp").pixels == flats()).all()


def test_lower_quality_is_smaller(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    for suffix in ("jpg", "webp"):
        sizes = []
        for quality in (30, 95):
            write_flat(tmp_path / f"{quality}.{suffix}", noise, quality=quality)
            sizes.append((tmp_path / f"{quality}.{suffix}").stat().st_size)
        assert sizes[0] < sizes[1]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_the_profile_is_kept_and_the_colors_are_its_numbers(tmp_path: Path, suffix: str) -> None:
    pixels = np.full((32, 32, 3), (200, 60, 60), np.uint8)
    quality: Quality = 95 if suffix == ".jpg" else "lossless"
    path, profile = tmp_path / f"a{suffix}", wide_rgb()
    write_flat(path, pixels, quality=quality, icc_profile=profile)
    with Image.open(path) as image:
        assert image.info["icc_profile"] == profile
        assert np.abs(np.asarray(image.convert("RGB"))[9, 9].astype(int) - (200, 60, 60)).max() > 8
    assert np.abs(images.read(path).pixels.astype(int) - pixels).max() <= 4
    write_flat(path, pixels, quality=quality, icc_profile=b"no profile")
    with Image.open(path) as image:
        assert "icc_profile" not in image.info


@pytest.mark.parametrize(
    ("name", "shape", "options", "said"),
    [
        ("a.webp", (4, 16384, 3), {}, "at most 16383 pixels"),
        ("a.jpg", (4, 4, 3), {"quality": "lossless"}, "JPEG has no such kind"),
        ("none/a.jpg", (4, 4, 3), {}, "there is no folder"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path, name: str, shape: tuple[int, ...], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(PictureError, match=said):
        write_flat(tmp_path / name, np.zeros(shape, np.uint8), **options)
    assert list(tmp_path.iterdir()) == []

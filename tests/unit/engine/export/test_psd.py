"""PSD files: what psd-tools and ImageMagick see in ours, and what we make of those from elsewhere."""

import io
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray
from PIL import Image, ImageCms
from psd_tools import PSDImage
from psd_tools.constants import BlendMode, Compression, Resource, Tag
from psd_tools.psd.descriptor import Bool, Descriptor

from engine.errors import PictureError
from engine.export import formats, psd, reading
from engine.layers import Layer, LayerStack, flatten
from tests import icc_profiles, layer_stacks
from tests.layer_stacks import noise

PAPER = Layer("Paper", noise(30, 40, alpha=255))
STACK = LayerStack(
    (30, 40),
    (
        PAPER,
        Layer("塗り", noise(20, 20, 1), 5, 5, group="色"),
        Layer("Shade", noise(9, 9, 2), -4, 25, "multiply", 120, group="色"),
        Layer("Light", noise(9, 9, 3), 36, -2, "screen", 200),
        Layer("Hidden", noise(9, 9, 4), 3, 3, visible=False),
        Layer("線画", noise(30, 40, 5), 0, 0, "multiply"),
    ),
)


def written(folder: Path, stack: LayerStack) -> Path:
    path = folder / "out.psd"
    formats.write_layers(path, stack, {})
    return path


def on_white(image: Image.Image) -> NDArray[np.int64]:
    pixels = np.asarray(image.convert("RGBA")).astype(np.float64)
    alpha = pixels[..., 3:] / 255.0
    return np.round(pixels[..., :3] * alpha + 255.0 * (1 - alpha)).astype(np.int64)


@settings(max_examples=40, deadline=None)
@given(stack=layer_stacks.stacks())
def test_psd_tools_sees_the_same_picture(tmp_path_factory: pytest.TempPathFactory, stack: LayerStack) -> None:
    stack = LayerStack(stack.size, (Layer("Paper", noise(*stack.size, alpha=255)), *stack.layers))
    document = PSDImage.open(written(tmp_path_factory.mktemp("psd"), stack))
    merged = document.topil(apply_icc=False)
    assert merged is not None
    assert np.array_equal(np.asarray(merged), flatten(stack))
    composite = document.composite(ignore_preview=True, apply_icc=False)
    assert np.abs(on_white(composite) - flatten(stack)).max() <= 1


def test_psd_tools_sees_the_same_layers(tmp_path: Path) -> None:
    document = PSDImage.open(written(tmp_path, STACK))
    assert [layer.name for layer in document] == ["Paper", "色", "Light", "Hidden", "線画"]
    found = [layer for layer in document.descendants() if not layer.is_group()]
    for seen, layer in zip(found, STACK.layers, strict=True):
        height, width = layer.pixels.shape[:2]
        assert seen.name == layer.name
        assert seen.bbox == (layer.left, layer.top, layer.left + width, layer.top + height)
        assert seen.blend_mode.name.lower() == layer.blend
        assert (seen.opacity, seen.visible) == (layer.opacity, layer.visible)
        assert np.array_equal(np.asarray(seen.topil(apply_icc=False)), layer.pixels)
    group = next(layer for layer in document if layer.is_group())
    assert group.blend_mode == BlendMode.PASS_THROUGH
    assert len({layer.layer_id for layer in document.descendants()}) == 7


def test_resolution_and_profile_stand_in_the_file(tmp_path: Path) -> None:
    resources = PSDImage.open(written(tmp_path, STACK)).image_resources
    resolution = resources.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal, resolution.vertical) == (300 * 65536, 300 * 65536)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(resources.get_data(Resource.ICC_PROFILE)))
    assert "sRGB" in ImageCms.getProfileDescription(profile)
    wide = LayerStack(STACK.size, STACK.layers, (1e5, 72.0), icc_profiles.wide_rgb())
    resources = PSDImage.open(written(tmp_path, wide)).image_resources
    assert resources.get_data(Resource.ICC_PROFILE) == wide.icc_profile
    assert resources.get_data(Resource.RESOLUTION_INFO).vertical == 72 * 65536


def test_a_profile_gives_a_merged_picture_of_the_layers_in_it(tmp_path: Path) -> None:
    document = PSDImage.open(
        written(tmp_path, LayerStack(STACK.size, STACK.layers, icc_profile=icc_profiles.wide_rgb()))
    )
    merged = document.topil(apply_icc=False)
    assert merged is not None
    assert not np.array_equal(np.asarray(merged), flatten(STACK))
    composite = document.composite(ignore_preview=True, apply_icc=False)
    assert np.abs(on_white(composite) - np.asarray(merged)).max() <= 1


def image_magick() -> str | None:
    # On Windows "convert" is a tool for disks.
    return shutil.which("magick") or (None if sys.platform == "win32" else shutil.which("convert"))


@pytest.mark.skipif(image_magick() is None, reason="needs ImageMagick")
def test_image_magick_sees_the_same_picture(tmp_path: Path) -> None:
    path, program = written(tmp_path, STACK), str(image_magick())
    for layers, most in (("0", 0), ("1--1", 1)):
        out = tmp_path / f"{layers}.png"
        subprocess.run([program, f"{path}[{layers}]", "-background", "white", "-flatten", str(out)], check=True)
        with Image.open(out) as image:
            assert np.abs(np.asarray(image.convert("RGB")).astype(int) - flatten(STACK)).max() <= most


def test_layers_beyond_two_gigabytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psd, "LARGEST", 5000)
    with pytest.raises(PictureError, match=r"choose \.ora"):
        written(tmp_path, STACK)
    assert not list(tmp_path.iterdir())


def foreign(path: Path, change: Callable[[PSDImage, Any], object]) -> Path:
    """A PSD as psd-tools makes it with two layers; `change` gets the document and the upper layer."""
    document = PSDImage.new("RGBA", (20, 10))
    for name in ("lower", "upper"):
        document.create_pixel_layer(Image.fromarray(noise(10, 20)), name=name)
    change(document, document[1])
    document.save(path)
    return path


@pytest.mark.parametrize("compression", list(Compression))
def test_layers_of_other_programs_are_read_well(tmp_path: Path, compression: Compression) -> None:
    def add(document: PSDImage, _: Any) -> None:
        outer = document.create_group(name="outer")
        outer.visible = False
        inner = outer.create_group(name="inner")
        inner.create_pixel_layer(
            Image.fromarray(noise(4, 6)[..., :3]), name="deep", top=-3, left=9, compression=compression
        )

    stack = formats.read_layers(foreign(tmp_path / "other.psd", add))
    assert [(layer.name, layer.group, layer.visible) for layer in stack.layers] == [
        ("lower", None, True),
        ("upper", None, True),
        ("deep", "outer / inner", False),
    ]
    assert np.array_equal(stack.layers[0].pixels, noise(10, 20))
    deep = stack.layers[2]
    assert (deep.left, deep.top) == (9, -3)
    assert np.array_equal(deep.pixels, np.dstack([noise(4, 6)[..., :3], np.full((4, 6), 255, np.uint8)]))
    assert formats.read_text(tmp_path / "other.psd") == {}


def test_without_layers_the_merged_picture_is_one(tmp_path: Path) -> None:
    PSDImage.frompil(Image.fromarray(noise(10, 20)[..., :3])).save(tmp_path / "flat.psd")
    (layer,) = formats.read_layers(tmp_path / "flat.psd").layers
    assert layer.name == "Background"
    assert np.array_equal(layer.pixels[..., :3], noise(10, 20)[..., :3])
    assert layer.pixels[..., 3].min() == 255


def set_value(name: str, value: object) -> Callable[[PSDImage, Any], object]:
    return lambda document, layer: setattr(layer, name, value)


def grouped(name: str, value: object) -> Callable[[PSDImage, Any], object]:
    return lambda document, layer: setattr(document.create_group([layer], name="upper"), name, value)


def add_shadow(_: PSDImage, layer: Any) -> None:
    switches: Any = {"items": [(b"enab", Bool(True)), (b"present", Bool(True))]}
    shadow = Descriptor(**switches, classID=b"DrSh")
    effects: Any = {"items": [(b"masterFXSwitch", Bool(True)), (b"DrSh", shadow)]}
    layer.tagged_blocks.set_data(Tag.OBJECT_BASED_EFFECTS_LAYER_INFO, **effects)


CHANGES = [
    ("the blend mode color burn", set_value("blend_mode", BlendMode.COLOR_BURN)),
    ("a mask", lambda document, layer: layer.create_mask(Image.new("L", (20, 10), 128))),
    ("a mask", set_value("clipping", True)),
    ("effects", add_shadow),
    ("a fill opacity", set_value("fill_opacity", 100)),
    ("the kind invert", lambda document, layer: layer.tagged_blocks.set_data(Tag.INVERT)),
    ("an opacity or a blend mode as a group", grouped("opacity", 100)),
    ("an opacity or a blend mode as a group", grouped("blend_mode", BlendMode.MULTIPLY)),
]


@pytest.mark.parametrize(("what", "change"), CHANGES)
def test_what_would_be_lost_is_refused(tmp_path: Path, what: str, change: Callable[[PSDImage, Any], object]) -> None:
    path = foreign(tmp_path / "other.psd", change)
    with pytest.raises(PictureError, match=f"The layer upper of other.psd has {what}"):
        formats.read_layers(path)


@pytest.mark.parametrize(("mode", "depth"), [("CMYK", 8), ("RGB", 16), ("L", 8)])
def test_other_pixels_are_refused(tmp_path: Path, mode: str, depth: Any) -> None:
    PSDImage.new(mode, (20, 10), depth=depth).save(tmp_path / "other.psd")
    with pytest.raises(PictureError, match="8-bit RGB"):
        formats.read_layers(tmp_path / "other.psd")


def test_a_strip_too_long_for_the_format_is_told_where_else_to_go(tmp_path: Path) -> None:
    strip = Layer("Line", np.zeros((1, 1, 4), np.uint8))
    with pytest.raises(PictureError, match=r"at most 30000 pixels a side; choose \.ora or \.png"):
        psd.write_psd(tmp_path / "strip.psd", LayerStack((30_001, 4), (strip,)))
    assert not list(tmp_path.iterdir())


def test_absurd_sizes_are_refused_before_anything_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, STACK)
    content = path.read_bytes()
    path.write_bytes(content[:14] + struct.pack(">II", 30000, 30000) + content[22:])
    with pytest.raises(PictureError, match="131072 on a side"):
        formats.read_layers(path)
    corners = struct.pack(">4i", PAPER.top, PAPER.left, 30, 40)
    assert corners in content
    place = content.rindex(corners)
    path.write_bytes(content[:place] + struct.pack(">4i", 0, 0, 2**31 - 1, 2**31 - 1) + content[place + 16 :])
    with pytest.raises(PictureError, match="131072 on a side"):
        formats.read_layers(path)
    path.write_bytes(content)
    monkeypatch.setattr(reading, "_MOST_PIXELS", 30 * 40 + 300)
    with pytest.raises(PictureError, match="too large to open"):
        formats.read_layers(path)


def test_a_channel_that_cannot_be_unpacked_is_damage_and_not_black(tmp_path: Path) -> None:
    path = written(tmp_path, LayerStack((30, 40), (PAPER,)))
    document = PSDImage.open(path)
    channel = document._record.layer_and_mask_information.layer_info.channel_image_data[0][1]  # pyright: ignore
    channel.compression, channel.data = Compression.ZIP, b"no zlib stream"
    document._record.write(path.open("wb"))
    with pytest.raises(PictureError, match="damaged"):
        formats.read_layers(path)

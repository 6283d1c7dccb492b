"""OpenRaster files: ours follow the specification, and those from elsewhere are read or refused."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from engine.errors import PictureError
from engine.export import formats, openraster, reading
from engine.layers import Layer, LayerStack, flatten
from tests import icc_profiles, layer_stacks
from tests.layer_stacks import noise

STACK = LayerStack(
    (300, 500),
    (
        Layer("Paper", noise(300, 500, alpha=255)),
        Layer("塗り", noise(20, 30, 1), -5, 7, "multiply", 128, True, "色"),
        Layer("Light", noise(20, 30, 2), 480, 290, "screen", 255, False, "色"),
        Layer("empty", np.zeros((0, 0, 4), np.uint8)),
    ),
    (300.0, 150.4),
)


def written(folder: Path, stack: LayerStack) -> Path:
    path = folder / "out.ora"
    formats.write_layers(path, stack, {"Software": "Nurie"})
    return path


@settings(max_examples=25, deadline=None)
@given(stack=layer_stacks.stacks())
def test_files_follow_the_specification(tmp_path_factory: pytest.TempPathFactory, stack: LayerStack) -> None:
    path = written(tmp_path_factory.mktemp("ora"), stack)
    assert path.read_bytes()[30:54] == b"mimetypeimage/openraster"  # what a program looks at without unpacking
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        root = ElementTree.fromstring(archive.read("stack.xml"))
        assert (root.tag, root.get("w"), root.get("h")) == ("image", str(stack.size[1]), str(stack.size[0]))
        assert [element.tag for element in root] == ["stack"]
        sources = [element.attrib["src"] for element in root.iter("layer")]
        assert len(set(sources)) == len(stack.layers)
        for source in sources:
            assert Image.open(archive.open(source)).mode == "RGBA"
        merged = np.asarray(Image.open(archive.open("mergedimage.png")))
        assert np.array_equal(merged, flatten(stack))


def test_the_page_lists_layers_from_the_top(tmp_path: Path) -> None:
    with zipfile.ZipFile(written(tmp_path, STACK)) as archive:
        root = ElementTree.fromstring(archive.read("stack.xml"))
    assert (root.get("version"), root.get("xres"), root.get("yres")) == ("0.0.6", "300", "150")
    top, group, bottom = root[0]
    assert (top.get("name"), bottom.get("name")) == ("empty", "Paper")
    assert (group.tag, group.get("name"), group.get("isolation")) == ("stack", "色", "auto")
    light, flats = group
    assert flats.attrib | {"src": ""} == {
        "name": "塗り",
        "src": "",
        "x": "-5",
        "y": "7",
        "opacity": "0.501961",
        "visibility": "visible",
        "composite-op": "svg:multiply",
    }
    assert (light.get("composite-op"), light.get("visibility")) == ("svg:screen", "hidden")


@pytest.mark.parametrize(("size", "expected"), [((300, 500), (256, 154)), ((9, 2000), (256, 1)), ((20, 30), (30, 20))])
def test_the_thumbnail_is_small(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    with zipfile.ZipFile(written(tmp_path, LayerStack(size, (Layer("a", noise(*size)),)))) as archive:
        assert Image.open(archive.open("Thumbnails/thumbnail.png")).size == expected


def test_pictures_have_resolution_and_color_space(tmp_path: Path) -> None:
    for profile in (None, icc_profiles.wide_rgb()):
        stack = LayerStack(STACK.size, STACK.layers, STACK.resolution, profile)
        with zipfile.ZipFile(written(tmp_path, stack)) as archive:
            for name in ("mergedimage.png", "data/layer001.png"):
                image = Image.open(archive.open(name))
                assert image.info["dpi"] == pytest.approx(STACK.resolution, abs=0.02)
                assert image.info.get("icc_profile") == profile
                assert ("srgb" in image.info) == (profile is None)


def test_whole_dots_an_inch_come_back(tmp_path: Path) -> None:
    assert formats.read_layers(written(tmp_path, STACK)).resolution == (300.0, 150.0)


def encoded(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def foreign(folder: Path, page: str, layer: bytes | Image.Image, mimetype: bytes = b"image/openraster\n") -> Path:
    """An OpenRaster file with one picture for all layers."""
    picture = layer if isinstance(layer, bytes) else encoded(layer)
    with zipfile.ZipFile(folder / "other.ora", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("mimetype", mimetype), ("stack.xml", page.encode()), ("data/a.png", picture)):
            archive.writestr(name, content)
        archive.writestr("mergedimage.png", encoded(Image.new("RGB", (4, 4))))
    return folder / "other.ora"


def page(inside: str, size: str = "w='4' h='4'") -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><image {size}><stack>{inside}</stack></image>"


def test_what_is_not_stated_has_its_default(tmp_path: Path) -> None:
    path = foreign(tmp_path, page("<filter/><layer src='data/a.png'/>"), Image.fromarray(noise(4, 4)))
    stack = formats.read_layers(path)
    (layer,) = stack.layers
    assert layer_stacks.about(layer) == ("", 0, 0, "normal", 255, True, None)
    assert stack.resolution == (300.0, 300.0)
    assert np.array_equal(layer.pixels, noise(4, 4))
    assert formats.read_text(path) == {}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB"])
def test_pictures_of_other_kinds(tmp_path: Path, mode: str) -> None:
    image = Image.fromarray(noise(4, 4)).convert("RGB").convert(mode)
    (layer,) = formats.read_layers(foreign(tmp_path, page("<layer src='data/a.png'/>"), image)).layers
    assert np.array_equal(layer.pixels, np.asarray(image.convert("RGBA")))


def test_folders_in_folders(tmp_path: Path) -> None:
    inner = "<stack name='inner' visibility='hidden'><layer name='deep' src='data/a.png' x='3' y='-2'/></stack>"
    outer = f"<layer name='top' src='data/a.png'/><stack name='outer' isolation='isolate'>{inner}</stack>"
    stack = formats.read_layers(foreign(tmp_path, page(outer), Image.fromarray(noise(4, 4))))
    assert [layer_stacks.about(layer) for layer in stack.layers] == [
        ("deep", 3, -2, "normal", 255, False, "outer / inner"),
        ("top", 0, 0, "normal", 255, True, None),
    ]


LAYER = "<layer name='a' src='data/a.png'/>"
REFUSED = [
    ("the blend mode overlay", "<layer src='data/a.png' composite-op='svg:overlay'/>"),
    ("an opacity", f"<stack opacity='0.5'>{LAYER}</stack>"),
    ("a blend mode", f"<stack composite-op='svg:multiply'>{LAYER}</stack>"),
    ("a place", f"<stack x='5'>{LAYER}</stack>"),
    ("as a group", "<stack><layer src='data/a.png' composite-op='svg:multiply'/></stack>"),
    ("damaged", "<layer src='data/none.png'/>"),
    ("damaged", "<layer src='data/a.png' x='99999999999'/>"),
    ("damaged", "<layer src='data/a.png' opacity='nan'/>"),
    ("damaged", "<layer"),
    ("damaged", "<stack>" * 5000 + "</stack>" * 5000),
]


@pytest.mark.parametrize(("what", "inside"), REFUSED)
def test_what_would_be_lost_is_refused(tmp_path: Path, what: str, inside: str) -> None:
    path = foreign(tmp_path, page(inside), Image.fromarray(noise(4, 4)))
    with pytest.raises(PictureError, match=what):
        formats.read_layers(path)


def test_sixteen_bits_are_refused(tmp_path: Path) -> None:
    deep = Image.fromarray(np.full((4, 4), 40000, np.uint16))
    with pytest.raises(PictureError, match="8 bits"):
        formats.read_layers(foreign(tmp_path, page(LAYER), deep))


def test_other_archives_are_refused(tmp_path: Path) -> None:
    path = foreign(tmp_path, page(LAYER), b"", b"application/x-krita")
    for read in (formats.read_layers, formats.read_text):
        with pytest.raises(PictureError, match="no OpenRaster file"):
            read(path)


def header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    shape = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", shape) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_absurd_sizes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(noise(4, 4))
    for size in ("w='0' h='5'", "w='-3' h='5'", "w='200000' h='5'"):
        with pytest.raises(PictureError, match="pixels"):
            formats.read_layers(foreign(tmp_path, page(LAYER, size), picture))
    with pytest.raises(PictureError, match="too large to open"):
        formats.read_layers(foreign(tmp_path, page(LAYER), header(50000, 50000)))
    monkeypatch.setattr(reading, "_MOST_PIXELS", 40)
    with pytest.raises(PictureError, match="too large to open"):
        formats.read_layers(foreign(tmp_path, page(LAYER * 3), picture))


def test_small_files_cannot_blow_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(noise(4, 4))
    entities = "<!DOCTYPE image [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
    named = LAYER.replace("name='a'", "name='&b;'")
    path = foreign(tmp_path, page(named).replace("<image", f"{entities}<image"), picture)
    with pytest.raises(PictureError, match="damaged"):
        formats.read_layers(path)
    with pytest.raises(PictureError, match="no OpenRaster file"):
        formats.read_layers(foreign(tmp_path, page(LAYER), picture, b"x" * 10**7))
    monkeypatch.setattr(openraster, "_LARGEST_PAGE", 1000)
    with pytest.raises(PictureError, match="too many layers"):
        formats.read_layers(foreign(tmp_path, page(LAYER * 100), picture))

"""OpenRaster files: layers for Krita, MyPaint and GIMP; a ZIP of PNG files and an XML page that says how they lie.

Source: OpenRaster specification 0.0.6 (openraster.org).
"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from engine import __version__
from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.export.provenance import from_attributes, parse_xml, to_attributes
from engine.export.reading import (
    KNOWN,
    PixelBudget,
    check_canvas,
    in_group,
    length_of,
    refusal,
    sensible_resolution,
    srgb_pixels,
    usable_profile,
)
from engine.layers import Blend, Layer, LayerStack, clean_name, flatten, in_profile
from engine.sentences import Sentence

_MIME_TYPE = "image/openraster"
_VERSION = "0.0.6"
_WRITER = "{urn:nurie:file#}writer"  # says who wrote the file, also where there is no text
_THUMBNAIL_SIDE = 256
_COMPRESSION = 1  # of 9: layers have large flat areas, which any level packs well
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same for every file, so that the same picture gives the same bytes
_UNIX = 3
_LARGEST_PAGE = 16 * 2**20  # bytes of stack.xml
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")  # of Pillow, 8 bits a channel or fewer
_OPERATORS: dict[Blend, str] = {"normal": "svg:src-over", "multiply": "svg:multiply", "screen": "svg:screen"}
_BLEND_OF: dict[str, Blend] = {operator: blend for blend, operator in _OPERATORS.items()}


def write_openraster(path: Path, stack: LayerStack, *, text: Mapping[str, str] | None = None) -> None:
    """Write `stack` to `path`, replacing an old file only once the new one is whole.

    Pixels are converted to the profile of the stack; the merged picture is what the converted layers make, which is
    `flatten(stack)` for sRGB. The same stack gives the same bytes. text: how the picture was made, as attributes of the
    image in stack.xml, for `read_text`. Resolutions are rounded to whole dots an inch, and a layer without pixels is
    one transparent pixel. Raises PictureError when the file cannot be written.
    """
    stack = in_profile(stack)
    page = _page(stack, text or {})
    merged = Image.fromarray(flatten(stack))
    small = merged.copy()
    small.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.BOX)
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        # The first file and not compressed: so a program sees what it is by the first bytes.
        _add(archive, "mimetype", _MIME_TYPE.encode())
        _add(archive, "stack.xml", page, zipfile.ZIP_DEFLATED)
        for number, layer in enumerate(stack.layers):
            _add(archive, _source(number), _png(Image.fromarray(_pixels_of(layer)), stack))
        _add(archive, "mergedimage.png", _png(merged, stack))
        _add(archive, "Thumbnails/thumbnail.png", _png(small, stack))


def read_stack(stream: IO[bytes], name: str) -> LayerStack:
    """The layers of an OpenRaster file. Groups within groups become one with both names.

    Pixels are converted from the profile in each picture to sRGB; the stack's profile is that of the merged picture.
    Raises PictureError for what a `LayerStack` cannot hold, and nearly anything for other bytes.
    """
    file_bytes = length_of(stream)
    with zipfile.ZipFile(stream) as archive:
        return stack_of(archive, name, file_bytes)


def stack_of(archive: zipfile.ZipFile, name: str, file_bytes: int, *, known_only: bool = False) -> LayerStack:
    """The same of an opened archive. known_only: without the layers beside the folders that Nurie does not write."""
    return _Reader(archive, name, file_bytes, KNOWN if known_only else None).read()


def read_text(stream: IO[bytes], name: str) -> dict[str, str]:
    """The text that `write_openraster` was given; empty when the file has none. Raises as `read_stack` does."""
    with zipfile.ZipFile(stream) as archive:
        return from_attributes(read_page(archive, name).attrib)


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int = zipfile.ZIP_STORED) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.create_system = _UNIX
    entry.external_attr = 0o644 << 16
    entry.compress_type = compression
    archive.writestr(entry, data)


def _source(number: int) -> str:
    return f"data/layer{number:03d}.png"


def _pixels_of(layer: Layer) -> NDArray[np.uint8]:
    """What stands in the layer's PNG, which cannot be 0×0: an empty layer is one transparent pixel."""
    return np.zeros((1, 1, 4), np.uint8) if layer.is_empty else np.ascontiguousarray(layer.pixels)


def _png(image: Image.Image, stack: LayerStack) -> bytes:
    chunks = PngImagePlugin.PngInfo()
    if stack.icc_profile is None:
        chunks.add(b"sRGB", b"\x01")
    data = io.BytesIO()
    image.save(
        data, "PNG", pnginfo=chunks, icc_profile=stack.icc_profile, dpi=stack.resolution, compress_level=_COMPRESSION
    )
    return data.getvalue()


def _page(stack: LayerStack, text: Mapping[str, str]) -> bytes:
    """stack.xml: layers from the top to the bottom, as OpenRaster lists them."""
    height, width = stack.size
    x, y = (str(max(1, round(dots))) for dots in stack.resolution)
    attributes = {"version": _VERSION, "w": str(width), "h": str(height), "xres": x, "yres": y}
    attributes |= {_WRITER: f"Nurie {__version__}"} | to_attributes(text)
    image = ElementTree.Element("image", attributes)
    root = folder = ElementTree.SubElement(image, "stack")
    group: str | None = None
    for number, layer in reversed(list(enumerate(stack.layers))):
        if layer.group != group:
            group, folder = layer.group, root
            if group is not None:
                folder = ElementTree.SubElement(root, "stack", {"name": group, "isolation": "auto"})
        ElementTree.SubElement(folder, "layer", _attributes(layer, _source(number)))
    return ElementTree.tostring(image, encoding="utf-8", xml_declaration=True)


def _attributes(layer: Layer, source: str) -> dict[str, str]:
    return {
        "name": layer.name,
        "src": source,
        "x": str(layer.left),
        "y": str(layer.top),
        "opacity": f"{layer.opacity / 255:.6f}",
        "visibility": "visible" if layer.visible else "hidden",
        "composite-op": _OPERATORS[layer.blend],
    }


def read_page(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """The image of stack.xml. Raises PictureError, and nearly anything for other bytes."""
    with archive.open("mimetype") as entry:
        if entry.read(len(_MIME_TYPE) + 2).strip() != _MIME_TYPE.encode():
            raise PictureError("{0} is no OpenRaster file; save it as .ora or .psd first.", name)
    if archive.getinfo("stack.xml").file_size > _LARGEST_PAGE:
        raise PictureError("{0} lists too many layers; merge some of them.", name)
    return parse_xml(archive.read("stack.xml"))


class _Reader:
    """Makes layers from the page and the pictures of an archive."""

    def __init__(
        self, archive: zipfile.ZipFile, name: str, file_bytes: int, only: frozenset[str] | None = None
    ) -> None:
        self._archive = archive
        self._only = only
        self._name = name
        self._file_bytes = file_bytes
        self._budget = PixelBudget(name, file_bytes)

    def read(self) -> LayerStack:
        """All of the file. Raises PictureError, and nearly anything for other bytes."""
        image = read_page(self._archive, self._name)
        width, height = int(image.attrib["w"]), int(image.attrib["h"])
        check_canvas(width, height, self._name, self._file_bytes)
        dots = sensible_resolution(float(image.get("xres", 0)), float(image.get("yres", 0)))
        root = image.find("stack")
        found = [] if root is None else list(root)
        if self._only is not None:
            found = [element for element in found if clean_name(element.get("name", "")) in self._only]
        layers = self._layers_in(found)
        return LayerStack((height, width), tuple(layers), dots, self._profile())

    def _profile(self) -> bytes | None:
        if "mergedimage.png" not in self._archive.namelist():
            return None
        with self._archive.open("mergedimage.png") as entry, open_png(entry) as merged:
            return usable_profile(merged.info.get("icc_profile"))

    def _layers_in(self, stack: Iterable[ElementTree.Element]) -> list[Layer]:
        """The layers of a stack and of the stacks in it, from the bottom to the top."""
        layers: list[Layer] = []
        for element in reversed(list(stack)):
            if element.tag == "layer":
                layers.append(self._layer(element))
            elif element.tag == "stack":
                layers += self._group(element)
        return layers

    def _group(self, stack: ElementTree.Element) -> list[Layer]:
        name, layers = clean_name(stack.get("name", "")), self._layers_in(stack)
        blend, opacity, visible = self._blending(stack, name)
        passes_through = stack.get("isolation") == "auto" or all(layer.blend == "normal" for layer in layers)
        if opacity != 255 or blend != "normal" or not passes_through or _corner(stack) != (0, 0):
            raise refusal(self._name, name, Sentence("an opacity, a blend mode or a place as a group"))
        return in_group(layers, name, visible=visible)

    def _layer(self, element: ElementTree.Element) -> Layer:
        name = clean_name(element.get("name", ""))
        with self._archive.open(element.attrib["src"]) as entry, open_png(entry) as image:
            self._budget.take(*image.size)
            if image.mode not in MODES:
                raise refusal(self._name, name, Sentence("more than 8 bits a channel"))
            pixels = srgb_pixels(image, usable_profile(image.info.get("icc_profile")))
        if pixels.shape[:2] == (1, 1) and not pixels.any():
            pixels = np.zeros((0, 0, 4), np.uint8)
        blend, opacity, visible = self._blending(element, name)
        return Layer(name, pixels, *_corner(element), blend, opacity, visible)

    def _blending(self, element: ElementTree.Element, name: str) -> tuple[Blend, int, bool]:
        operator = element.get("composite-op", "svg:src-over")
        if operator not in _BLEND_OF:
            raise refusal(self._name, name, Sentence("the blend mode {0}", operator.removeprefix("svg:")))
        opacity = min(max(float(element.get("opacity", "1")), 0.0), 1.0)
        return _BLEND_OF[operator], round(opacity * 255), element.get("visibility", "visible") != "hidden"


def open_png(entry: IO[bytes] | bytes) -> PngImagePlugin.PngImageFile:
    """The picture with only its header read. Unlike `Image.open` without Pillow's limit, as we have our own."""
    return PngImagePlugin.PngImageFile(io.BytesIO(entry) if isinstance(entry, bytes) else entry)


def _corner(element: ElementTree.Element) -> tuple[int, int]:
    """Left and top."""
    return int(element.get("x", "0")), int(element.get("y", "0"))

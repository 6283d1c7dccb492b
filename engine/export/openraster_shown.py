"""An OpenRaster file of any program: its merged picture, some of its layers, and what they are called."""

from __future__ import annotations

import contextlib
import math
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from engine import images
from engine.errors import PictureError
from engine.export import openraster
from engine.export.composing import OPERATORS, Node, compose
from engine.export.layer_names import LayerKind, ListedLayer, kind_of_name, kind_of_pixels
from engine.export.reading import PixelBudget, check_canvas, length_of, sensible_resolution, srgb_pixels, usable_profile
from engine.layers import LayerStack, clean_name, on_white
from engine.sentences import Sentence

Pixels = NDArray[np.uint8]

_MERGED = "mergedimage.png"
_LARGEST_ENTRY = 2**30  # bytes of a picture in the archive
_DEEPEST = 64  # folders in folders
_MARK = "{urn:nurie:"
_NOT_WHOLE = Sentence("Places of its layers that lie between pixels were rounded.")


@contextlib.contextmanager
def opened(stream: IO[bytes], name: str) -> Iterator[OraFile]:
    """The file in a stream. Raises PictureError, and nearly anything for other bytes."""
    file_bytes = length_of(stream)
    with zipfile.ZipFile(stream) as archive:
        yield OraFile(archive, name, file_bytes)


class OraFile:
    """An opened archive."""

    def __init__(self, archive: zipfile.ZipFile, name: str, file_bytes: int) -> None:
        self._archive = archive
        self._name = name
        self._image = openraster.read_page(archive, name)
        self._budget = PixelBudget(name, file_bytes)
        self._file_bytes = file_bytes
        self._notes: dict[str, None] = {}  # in order, each once

    @property
    def is_marked(self) -> bool:
        """See `LayeredFile`."""
        return any(key.startswith(_MARK) for key in self._image.attrib)

    def stack(self, *, known_only: bool) -> LayerStack:
        """See `LayeredFile`."""
        return openraster.stack_of(self._archive, self._name, self._file_bytes, known_only=known_only)

    def layers(self, *, look: bool) -> tuple[ListedLayer, ...]:
        """See `LayeredFile`."""
        width, height = self._size()
        return tuple(
            self._listed(number, element, groups, visible, width * height if look else 0)
            for number, (element, groups, visible) in enumerate(self._leaves())
        )

    def shown(self) -> images.Picture:
        """See `LayeredFile`."""
        if _MERGED in self._archive.namelist():
            try:
                return self._merged()
            except (PictureError, zipfile.BadZipFile):
                self._note(Sentence("Its merged picture cannot be read; its layers were put together."))
        else:
            self._note(Sentence("It has no merged picture; its layers were put together."))
        return self._composed(None)

    def some(self, chosen: frozenset[int]) -> images.Picture:
        """See `LayeredFile`."""
        leaves = [element for element, _, _ in self._leaves()]
        return self._composed({id(leaves[number]) for number in chosen})

    def _merged(self) -> images.Picture:
        picture = images.read_bytes(self._entry(_MERGED), self._name)
        return replace(picture, dpi=picture.dpi or self._dpi(), notes=(*picture.notes, *self._notes))

    def _composed(self, wanted: set[int] | None) -> images.Picture:
        width, height = self._size()
        check_canvas(width, height, self._name, self._file_bytes)
        root = self._image.find("stack")
        nodes = () if root is None else self._nodes(root, wanted)
        pixels = compose(nodes, (height, width))
        alpha = None if pixels[..., 3].min() == 255 else np.ascontiguousarray(pixels[..., 3])
        return images.Picture(on_white(pixels), alpha, None, self._dpi(), self._name, tuple(self._notes))

    def _nodes(self, stack: ElementTree.Element, wanted: set[int] | None) -> tuple[Node, ...]:
        """What is seen of a stack, from the bottom to the top."""
        nodes = []
        for element in reversed(list(stack)):
            if wanted is None and element.get("visibility", "visible") == "hidden":
                continue
            if element.tag == "stack":
                children = self._nodes(element, wanted)
                if children:
                    nodes.append(replace(self._node(element), children=children, isolated=_is_isolated(element)))
            elif element.tag == "layer" and (wanted is None or id(element) in wanted):
                pixels = self._pixels(element)
                if pixels is not None:
                    nodes.append(replace(self._node(element), pixels=pixels))
        return tuple(nodes)

    def _node(self, element: ElementTree.Element) -> Node:
        """Place and blending of a layer or stack."""
        operator = element.get("composite-op", "svg:src-over").removeprefix("svg:").replace("src-over", "normal")
        if operator not in OPERATORS:
            self._note(Sentence("The blend mode {0} was taken for normal.", operator[:40]))
            operator = "normal"
        opacity = min(max(_number(element.get("opacity"), 1.0), 0.0), 1.0)
        left, top = self._whole(element.get("x")), self._whole(element.get("y"))
        return Node(left=left, top=top, opacity=opacity, operator=operator)

    def _pixels(self, element: ElementTree.Element) -> Pixels | None:
        """Straight sRGB of a layer; None, and a note, for one whose picture cannot be read."""
        name, source = clean_name(element.get("name", "")), element.get("src", "")
        try:
            data = self._entry(source)
            with openraster.open_png(data) as image:
                self._budget.take(*image.size)
                if image.mode in openraster.MODES:
                    return srgb_pixels(image, usable_profile(image.info.get("icc_profile")))
            return _rgba(images.read_bytes(data, self._name))
        except (KeyError, SyntaxError, zipfile.BadZipFile, OSError):
            self._note(Sentence('The layer "{0}" was left out: it is not of pixels, or cannot be read.', name))
            return None

    def _entry(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _LARGEST_ENTRY:
            raise PictureError("{0} has a picture in it that is too large to open; crop it.", self._name)
        return self._archive.read(name)

    def _listed(
        self, number: int, element: ElementTree.Element, groups: tuple[str, ...], visible: bool, canvas: int
    ) -> ListedLayer:
        name = clean_name(element.get("name", ""))
        kind: LayerKind | None = None
        for one in (name, *reversed(groups)):
            kind = kind or kind_of_name(one)
        named = kind is not None
        if kind is None and canvas and visible:
            pixels = self._pixels(element)
            kind = kind_of_pixels(pixels, canvas) if pixels is not None else None
        return ListedLayer(number, name, groups, visible, kind or "other", named)

    def _leaves(self) -> list[tuple[ElementTree.Element, tuple[str, ...], bool]]:
        root = self._image.find("stack")
        return [] if root is None else list(_leaves(root))

    def _size(self) -> tuple[int, int]:
        return round(_number(self._image.get("w"), 0.0)), round(_number(self._image.get("h"), 0.0))

    def _dpi(self) -> tuple[float, float] | None:
        stated = _number(self._image.get("xres"), 0.0), _number(self._image.get("yres"), 0.0)
        return sensible_resolution(*stated) if min(stated) > 1 else None

    def _whole(self, text: str | None) -> int:
        value = _number(text, 0.0)
        if value != round(value):
            self._note(_NOT_WHOLE)
        return round(max(-1e7, min(value, 1e7)))

    def _note(self, text: str) -> None:
        self._notes[text] = None


def _leaves(
    stack: ElementTree.Element, groups: tuple[str, ...] = (), visible: bool = True
) -> Iterator[tuple[ElementTree.Element, tuple[str, ...], bool]]:
    """The layers of a stack from the bottom to the top, with their folders and whether they are seen."""
    if len(groups) > _DEEPEST:
        raise PictureError("The folders of the file lie too deep in each other; merge some of them.")
    for element in reversed(list(stack)):
        seen = visible and element.get("visibility", "visible") != "hidden"
        if element.tag == "layer":
            yield element, groups, seen
        elif element.tag == "stack":
            yield from _leaves(element, (*groups, clean_name(element.get("name", ""))), seen)


def _is_isolated(stack: ElementTree.Element) -> bool:
    """A group passes through where it says so and nothing is done to it as a whole."""
    plain = stack.get("composite-op", "svg:src-over") == "svg:src-over" and _number(stack.get("opacity"), 1.0) >= 1.0
    return not (plain and stack.get("isolation") == "auto")


def _number(text: str | None, default: float) -> float:
    """A decimal number, with a comma too; the default for what is none."""
    try:
        value = float((text or "").replace(",", "."))
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def _rgba(picture: images.Picture) -> Pixels:
    """Straight sRGB of a picture on white, whose color does not matter where it cannot be seen."""
    if picture.alpha is None:
        return np.dstack([picture.pixels, np.full(picture.pixels.shape[:2], 255, np.uint8)])
    seen = np.maximum(picture.alpha, 1).astype(np.float32)[..., None] / np.float32(255.0)
    color = np.clip((picture.pixels - np.float32(255.0) * (1 - seen)) / seen + np.float32(0.5), 0, 255)
    return np.dstack([color.astype(np.uint8), picture.alpha])

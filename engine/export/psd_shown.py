"""A PSD of any program: its merged picture, some of its layers, and what they are called.

Works on what `engine.export.psd` opened with psd-tools, of which nothing is imported here.
Source: Adobe Photoshop File Formats Specification.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine import icc
from engine.errors import PictureError
from engine.export.layer_names import LayerKind, ListedLayer, kind_of_name, kind_of_pixels
from engine.export.reading import usable_profile
from engine.images import Picture
from engine.layers import LayerStack, clean_name, on_white

Pixels = NDArray[np.uint8]

_COLOR_CHANNELS = {"BITMAP": 1, "GRAYSCALE": 1, "DUOTONE": 1, "INDEXED": 1, "RGB": 3, "CMYK": 4, "LAB": 3}
_PIL_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_WITH_PIXELS = ("pixel", "type", "smartobject")  # kinds of layers
_MOST_COMPOSED = 64 * 2**20  # pixels, at some hundred bytes each while they are composed
_STRIP_PIXELS = 4 * 2**20  # composed at a time
_PALETTE = 768  # bytes: 256 reds, greens, blues
_MATTE = 250  # of 255, darkest color of what is laid on white and cannot be seen


class PsdFile:
    """A document of psd-tools. stack: how it is read as layers that Nurie writes, or those of them it knows."""

    def __init__(
        self,
        document: Any,
        name: str,
        *,
        is_marked: bool,
        profile: bytes | None,
        dpi: tuple[float, float] | None,
        has_transparency: bool,
        stack: Callable[[bool], LayerStack],
    ) -> None:
        self._document = document
        self._name = name
        self._profile = profile
        self._dpi = dpi
        self._has_transparency = has_transparency
        self._stack = stack
        self.is_marked = is_marked

    def stack(self, *, known_only: bool) -> LayerStack:
        """See `LayeredFile`."""
        return self._stack(known_only)

    def layers(self, *, look: bool) -> tuple[ListedLayer, ...]:
        """See `LayeredFile`."""
        canvas = self._document.width * self._document.height
        return tuple(
            _listed(number, item, groups, visible, canvas if look else 0)
            for number, (item, groups, visible) in enumerate(_leaves(self._document))
        )

    def shown(self) -> Picture:
        """See `LayeredFile`. A merged picture of one color over layers that have more is one that was never made."""
        if not len(self._document):
            return self._merged()
        if self._document.has_preview():
            merged = self._merged()
            if (merged.pixels != merged.pixels[:1, :1]).any():
                return merged
        return self._composed(None)

    def some(self, chosen: frozenset[int]) -> Picture:
        """See `LayeredFile`. What is clipped to a layer goes with it."""
        items = [item for item, _, _ in _leaves(self._document)]
        self._show({id(items[number]) for number in chosen}, self._document)
        return self._composed(lambda item: bool(item.visible))

    def covering(self, chosen: Collection[int]) -> str | None:
        """Folders and name of a layer over the chosen ones under which nothing is seen, None without any."""
        above = list(_leaves(self._document))[max(chosen, default=-1) + 1 :]
        found = (
            "/".join((*groups, clean_name(item.name))) for item, groups, seen in above if seen and self._hides(item)
        )
        return next(found, None)

    def _hides(self, item: Any) -> bool:
        """Whether a layer covers the canvas. Of blending and opacity only those of its folders count that change it."""
        whole = item.left <= 0 and item.top <= 0 and item.right >= self._document.width
        if not whole or item.bottom < self._document.height or item.clipping or item.kind not in _WITH_PIXELS:
            return False
        around = item
        while around is not self._document and around is not None:
            if around.opacity < 255 or around.blend_mode.name not in ("NORMAL", "PASS_THROUGH"):
                return False
            around = around.parent
        pixels = _pixels(item)
        return pixels is not None and bool((pixels[..., 3] == 255).all())

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        return self._document.height, self._document.width

    def own_profile(self) -> bytes | None:
        """The profile that its pixels are in, None for sRGB or one that is not to be had."""
        return usable_profile(self._profile)

    def highest_id(self, without: Collection[int]) -> int:
        """The highest identity of a layer whose record has none of these numbers, 0 without any."""
        numbers = self._numbers()
        rest = (one for one in self._document.descendants() if numbers[id(one._record)] not in without)
        return max((0, *(int(item.layer_id) for item in rest)))

    def group_records(self, name: str) -> tuple[int, ...]:
        """The numbers of the records, from the bottom, of all groups of that name and of what is in them."""
        numbers = self._numbers()
        found: set[int] = set()
        for item in self._document.descendants():
            if item.kind == "group" and item.name == name:
                found |= set(range(numbers[id(item._bounding_record)], numbers[id(item._record)] + 1))
        return tuple(sorted(found))

    def record_at(self, chosen: Collection[int], *, below: bool) -> int:
        """The number of the record before which layers are put that are to lie right under the lowest of the chosen
        layers, or right over the highest; nothing is put between a layer and what is clipped to it."""
        numbers = self._numbers()
        items = [item for item, _, _ in _leaves(self._document)]
        wanted = [items[number] for number in sorted(chosen)] or items
        if not wanted:
            return len(numbers)
        records = self._document._record.layer_and_mask_information.layer_info.layer_records
        if not chosen and not below:
            return len(records)
        at = numbers[id(wanted[0 if below else -1]._record)]
        if below:
            while at > 0 and _is_clipped(records[at]):
                at -= 1
            return at
        at += 1
        while at < len(records) and _is_clipped(records[at]):
            at += 1
        return at

    def _numbers(self) -> dict[int, int]:
        info = self._document._record.layer_and_mask_information.layer_info
        return {id(record): number for number, record in enumerate(info.layer_records if info else ())}

    def _show(self, wanted: set[int], group: Any) -> bool:
        """Make those and the folders around them visible, and all others not; whether there is one in the group."""
        any_shown = base_shown = False
        for item in group:
            if item.kind in ("group", "artboard"):
                item.visible = shown = self._show(wanted, item)
            elif item.clipping and base_shown:
                shown = bool(item.visible) or id(item) in wanted
                item.visible = shown
            else:
                item.visible = shown = id(item) in wanted
                if shown and item.clipping:
                    item.clipping = False  # what it is clipped to is not there
            if not item.clipping:
                base_shown = shown
            any_shown |= shown
        return any_shown

    def _merged(self) -> Picture:
        document = self._document
        mode = document.color_mode.name
        count = _COLOR_CHANNELS.get(mode)
        if count is None:
            raise PictureError(
                "{0} has spot colors only, which cannot be read by Nurie yet; convert it to RGB.", self._name
            )
        header = document._record.header
        planes = document._record.image_data.get_data(header)
        size, depth = (document.height, document.width), header.depth
        bands = [_plane(data, size, depth) for data in planes[: count + 1]]
        alpha = bands[count] if len(bands) > count and self._has_transparency else None
        color = self._srgb(_image(bands[:count], mode, document), linear=depth == 32)
        if alpha is not None and (hidden := color[alpha == 0]).size and int(hidden.min()) < _MATTE:
            color = on_white(np.dstack([color, alpha]))  # most programs did so before they wrote the picture
        return self._result(color, alpha)

    def _composed(self, accepts: Callable[[Any], bool] | None) -> Picture:
        document = self._document
        width, height = document.width, document.height
        if width * height > _MOST_COMPOSED:
            raise PictureError(
                "{0} has no merged picture and is too large to be made from its layers; save it with "
                '"Maximize compatibility", or as a PNG.',
                self._name,
            )
        pixels = np.empty((height, width, 4), np.uint8)
        rows = max(64, _STRIP_PIXELS // width)
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            try:
                image = document.composite(
                    viewport=(0, top, width, bottom),
                    force=False,
                    ignore_preview=True,
                    layer_filter=accepts,
                    apply_icc=False,
                )
            except ImportError:
                raise PictureError(
                    "{0} has no merged picture, and layers with shapes that cannot be drawn by Nurie yet; "
                    "save it as a PNG.",
                    self._name,
                ) from None
            alpha = np.asarray(image.getchannel("A")) if image.mode in ("LA", "RGBA") else np.uint8(255)
            base = image.convert("L") if image.mode == "LA" else image.convert("RGB") if image.mode == "RGBA" else image
            pixels[top:bottom, :, :3] = self._srgb(base)
            pixels[top:bottom, :, 3] = alpha
        return self._result(on_white(pixels), pixels[..., 3])

    def _srgb(self, image: Image.Image, *, linear: bool = False) -> Pixels:
        """H×W×3 sRGB of a picture in the document's colors."""
        if image.mode == "LAB":
            return np.array(icc.lab_to_srgb(image))
        if linear:
            return np.array(image.convert("RGB"))
        converted = icc.to_srgb(image, self._profile) if self._profile is not None else None
        return np.array((converted or image).convert("RGB"))

    def _result(self, color: Pixels, alpha: Pixels | None) -> Picture:
        seen = None if alpha is None or alpha.min() == 255 else np.ascontiguousarray(alpha)
        return Picture(color, seen, usable_profile(self._profile), self._dpi, self._name)


def _is_clipped(record: Any) -> bool:
    return bool(int(record.clipping))


def _leaves(
    group: Any, groups: tuple[str, ...] = (), visible: bool = True
) -> Iterator[tuple[Any, tuple[str, ...], bool]]:
    """The layers in a document or group from the bottom to the top, with their folders and whether they are seen."""
    for item in group:
        seen = visible and bool(item.visible)
        if item.kind in ("group", "artboard"):
            yield from _leaves(item, (*groups, clean_name(item.name)), seen)
        else:
            yield item, groups, seen


def _listed(number: int, item: Any, groups: tuple[str, ...], visible: bool, canvas: int) -> ListedLayer:
    name = clean_name(item.name)
    kind: LayerKind | None = None
    # The nearest name counts: a layer "color" in the folder "Lineart" is none of the lines.
    for one in (name, *reversed(groups)):
        kind = kind or kind_of_name(one)
    named = kind is not None
    if kind is None and canvas and visible and item.kind in _WITH_PIXELS:
        pixels = _pixels(item)
        kind = kind_of_pixels(pixels, canvas) if pixels is not None else None
    return ListedLayer(number, name, groups, visible, kind or "other", named)


def _pixels(item: Any) -> Pixels | None:
    """What is seen of a layer, as h×w×4 with straight alpha, for a guess at what it is; None without pixels."""
    image = item.topil(apply_icc=False) if item.width and item.height else None
    if image is None:
        return None
    pixels = np.array(image.convert("RGBA"))
    if item.has_mask() and not item.mask.disabled:
        mask = Image.new("L", image.size, item.mask.background_color)
        inside = item.mask.topil()
        if inside is not None:
            mask.paste(inside, (item.mask.left - item.left, item.mask.top - item.top))
        pixels[..., 3] = np.minimum(pixels[..., 3], np.asarray(mask))
    return pixels


def _plane(data: bytes, size: tuple[int, int], depth: int) -> Pixels:
    """One channel as H×W bytes, 255 for white. Floats are linear light and become sRGB numbers."""
    height, width = size
    if depth == 1:
        packed = np.frombuffer(data, np.uint8).reshape(height, -1)
        return (1 - np.unpackbits(packed, axis=1)[:, :width]) * np.uint8(255)
    if depth == 8:
        return np.frombuffer(data, np.uint8).reshape(size)
    if depth == 16:
        values = np.frombuffer(data, ">u2").reshape(size).astype(np.uint32)
        return ((values * 255 + 32767) // 65535).astype(np.uint8)
    light = np.clip(np.nan_to_num(np.frombuffer(data, ">f4").reshape(size).astype(np.float32)), 0.0, 1.0)
    curved = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return (curved * 255.0 + 0.5).astype(np.uint8)


def _image(bands: list[Pixels], mode: str, document: Any) -> Image.Image:
    """Color channels as they stand in the file, as a picture of Pillow."""
    if mode == "INDEXED":
        table = np.frombuffer(document._record.color_mode_data.value[:_PALETTE].ljust(_PALETTE, b"\0"), np.uint8)
        return Image.fromarray(np.ascontiguousarray(table.reshape(3, 256).T[bands[0]]))
    if mode == "CMYK" and bands[3].any():
        # A file has 255 for no ink; full black everywhere is no picture, but a writer that did not know.
        bands = [255 - band for band in bands]
    images = [Image.fromarray(np.ascontiguousarray(band)) for band in bands]
    return Image.merge("LAB" if mode == "LAB" else _PIL_MODES[len(images)], images)

"""PSD files: layers for Photoshop, Clip Studio Paint, Krita and GIMP. The only place that knows psd-tools.

psd-tools is imported when a file is written or read, so that the engine runs where it is not installed. For writing,
its structures are filled directly: its own interface would compute the merged picture in floats of the whole size.

Source: Adobe Photoshop File Formats Specification.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import io
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from engine import __version__
from engine.errors import PictureError
from engine.export.atomic import atomic_path
from engine.export.provenance import from_xmp, made_by_nurie, to_xmp
from engine.export.psd_shown import PsdFile
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

if TYPE_CHECKING:
    from psd_tools.psd.document import PSD
    from psd_tools.psd.image_resources import ImageResource, ImageResources
    from psd_tools.psd.layer_and_mask import ChannelDataList, LayerRecord

_WRITER = "Nurie "
LARGEST = 2**31 - 1  # bytes of a PSD; more needs the format PSB
_LONGEST = 30_000  # pixels of a side of a PSD
_FIXED_POINT = 65536.0  # resolutions have 16 bits before and 16 behind the point
_MOST_DOTS = 32767.0
_PER_INCH, _INCHES = 1, 1
_BLENDS: dict[Blend, bytes] = {"normal": b"norm", "multiply": b"mul ", "screen": b"scrn"}
_BLEND_OF: dict[bytes, Blend] = {key: blend for blend, key in _BLENDS.items()}
_WITH_PIXELS = {"pixel", "type", "smartobject"}  # kinds of layers whose picture stands in the file
_GROUP_END = "</Layer group>"  # what Photoshop calls the hidden record below a group

logging.getLogger("psd_tools").addHandler(logging.NullHandler())  # else its complaints go to the terminal


def require_psd_tools() -> None:
    """Raise PictureError when psd-tools is not installed."""
    if importlib.util.find_spec("psd_tools") is None:
        raise PictureError(
            "PSD files need psd-tools, which is missing from this copy of Nurie; install it, or choose .ora or .png."
        )


def write_psd(path: Path, stack: LayerStack, *, text: Mapping[str, str] | None = None) -> None:
    """Write `stack` to `path`, replacing an old file only once the new one is whole.

    Pixels are converted to the profile of the stack; the merged picture is what the converted layers make, which is
    `flatten(stack)` for sRGB. Names are kept in every script. The same stack gives the same bytes. text: how the
    picture was made, in the XMP packet, for `read_text`. Layers without pixels have no size in the file.
    Raises PictureError when the file cannot be written, psd-tools is missing, or the picture is too large for PSD.
    """
    require_psd_tools()
    if max(stack.size) > _LONGEST:
        raise PictureError(
            "{0} cannot be written: a PSD has at most {1} pixels a side; choose .ora or .png.", path.name, _LONGEST
        )
    document = _document(in_profile(stack), text or {})
    if _bytes_of_pixels(document) > LARGEST:
        raise PictureError("The layers are too large for {0}: a PSD holds 2 GB; choose .ora instead.", path.name)
    with atomic_path(path) as temporary, temporary.open("wb") as stream:
        document.write(stream)


@functools.cache
def _srgb() -> bytes:
    """An sRGB profile that is the same at any time: lcms writes the moment of its making into bytes 24 to 35."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[:24] + bytes((0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)) + profile[36:]


def _document(stack: LayerStack, text: Mapping[str, str]) -> PSD:
    from psd_tools.constants import Compression
    from psd_tools.psd.document import PSD
    from psd_tools.psd.header import FileHeader
    from psd_tools.psd.image_data import ImageData
    from psd_tools.psd.layer_and_mask import ChannelImageData, LayerAndMaskInformation, LayerInfo, LayerRecords

    height, width = stack.size
    header = FileHeader(channels=3, height=height, width=width, depth=8)
    entries = _entries(stack)
    records: Any = LayerRecords([record for record, _ in entries])  # pyright: ignore[reportCallIssue]
    channels: Any = ChannelImageData([data for _, data in entries])  # pyright: ignore[reportCallIssue]
    merged = ImageData(compression=Compression.RLE)
    image = flatten(stack)
    merged.set_data([image[..., channel].tobytes() for channel in range(3)], header)
    return PSD(
        header=header,
        image_resources=_resources(stack, text),
        layer_and_mask_information=LayerAndMaskInformation(LayerInfo(len(entries), records, channels)),
        image_data=merged,
    )


def serialized(
    stack: LayerStack, group: str | None, first: int, *, multiply: bool = False
) -> list[tuple[bytes, bytes]]:
    """The layers of a stack as the bytes of their records and of their channels, for `psd_into`.

    group: what they lie in, None for nothing; multiply: its blend mode, else it passes through. first: the identity of
    the first of them, the others follow.
    """
    from psd_tools.constants import BlendMode, SectionDivider

    entries = _entries(stack, first + 1)
    if group is not None:
        blend = BlendMode.MULTIPLY if multiply else BlendMode.PASS_THROUGH
        below = _divider(_GROUP_END, SectionDivider.BOUNDING_SECTION_DIVIDER, first)
        above = _divider(group, SectionDivider.OPEN_FOLDER, first + len(entries) + 1, blend)
        entries = [below, *entries, above]
    found = []
    for record, channels in entries:
        for info, length in zip(record.channel_info, channels._lengths, strict=True):
            info.length = length
        streams = io.BytesIO(), io.BytesIO()
        record.write(streams[0])
        channels.write(streams[1])
        found.append((streams[0].getvalue(), streams[1].getvalue()))
    return found


def merged_planes(data: bytes, name: str) -> list[bytes]:
    """The channels of the merged picture of a PSD. Raises PictureError."""
    from psd_tools.psd.document import PSD

    try:
        document = PSD.read(io.BytesIO(data))
        return [bytes(plane) for plane in document.image_data.get_data(document.header)]  # pyright: ignore[reportArgumentType]
    except Exception as error:  # foreign bytes can make it raise nearly anything
        raise PictureError("{0} is damaged or incomplete; save or download it again.", name) from error


def packed_planes(planes: Sequence[bytes], size: tuple[int, int]) -> bytes:
    """Channels as the merged picture at the end of a PSD."""
    from psd_tools.constants import Compression
    from psd_tools.psd.header import FileHeader
    from psd_tools.psd.image_data import ImageData

    merged, stream = ImageData(compression=Compression.RLE), io.BytesIO()
    merged.set_data(list(planes), FileHeader(channels=len(planes), height=size[0], width=size[1], depth=8))
    merged.write(stream)
    return stream.getvalue()


def _entries(stack: LayerStack, first: int = 1) -> list[tuple[LayerRecord, ChannelDataList]]:
    """Records with their pixels from the bottom to the top; a group lies between a hidden record and the one named."""
    from psd_tools.constants import SectionDivider

    entries: list[tuple[LayerRecord, ChannelDataList]] = []
    group: str | None = None
    for layer in (*stack.layers, None):
        following = layer.group if layer is not None else None
        if following != group:
            if group is not None:
                entries.append(_divider(group, SectionDivider.OPEN_FOLDER, len(entries) + first))
            if following is not None:
                entries.append(_divider(_GROUP_END, SectionDivider.BOUNDING_SECTION_DIVIDER, len(entries) + first))
            group = following
        if layer is not None:
            entries.append(_entry(layer, len(entries) + first))
    return entries


def _entry(layer: Layer, number: int) -> tuple[LayerRecord, ChannelDataList]:
    from psd_tools.constants import BlendMode
    from psd_tools.psd.layer_and_mask import LayerFlags

    height, width = layer.pixels.shape[:2]
    record, channels = _record(layer.name, number, layer.pixels)
    record.top, record.left, record.bottom, record.right = layer.top, layer.left, layer.top + height, layer.left + width
    record.blend_mode = BlendMode(_BLENDS[layer.blend])
    record.opacity = layer.opacity
    record.flags = LayerFlags(visible=layer.visible)
    return record, channels


def _divider(name: str, kind: Any, number: int, blend: Any = None) -> tuple[LayerRecord, ChannelDataList]:
    from psd_tools.constants import BlendMode, SectionDivider, Tag

    record, channels = _record(name, number, np.zeros((0, 0, 4), np.uint8))
    if kind == SectionDivider.BOUNDING_SECTION_DIVIDER:
        record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind)
    else:
        # In the group's own record older readers take the blend mode from the record itself.
        blend = blend or BlendMode.PASS_THROUGH
        record.tagged_blocks.set_data(Tag.SECTION_DIVIDER_SETTING, kind, signature=b"8BIM", blend_mode=blend)
        record.blend_mode = blend
    return record, channels


def _record(name: str, number: int, pixels: NDArray[np.uint8]) -> tuple[LayerRecord, ChannelDataList]:
    """A record with names and channels: h×w×4 RGBA pixels packed row by row (PackBits), which every reader knows."""
    from psd_tools.constants import ChannelID, Compression, Tag
    from psd_tools.psd.layer_and_mask import ChannelData, ChannelDataList, ChannelInfo, LayerRecord

    height, width = pixels.shape[:2]
    infos, planes = [], []
    for identity, channel in zip((-1, 0, 1, 2), (3, 0, 1, 2), strict=True):
        plane = ChannelData(Compression.RLE if pixels.size else Compression.RAW)
        if pixels.size:
            plane.set_data(pixels[..., channel].tobytes(), width, height, 8)
        infos.append(ChannelInfo(ChannelID(identity)))
        planes.append(plane)
    # The old name has 255 bytes of Mac Roman; every program of this century takes the other one.
    old_name = name.encode("mac_roman", "replace")[:255].decode("mac_roman")
    record = LayerRecord(channel_info=infos, name=old_name)
    record.tagged_blocks.set_data(Tag.UNICODE_LAYER_NAME, name)
    record.tagged_blocks.set_data(Tag.LAYER_ID, number)
    return record, ChannelDataList(planes)  # pyright: ignore[reportCallIssue]


def _bytes_of_pixels(document: PSD) -> int:
    layers = document.layer_and_mask_information.layer_info
    planes = [plane for channels in layers.channel_image_data for plane in channels] if layers else []
    return len(document.image_data.data) + sum(len(plane.data) for plane in planes)


def _resources(stack: LayerStack, text: Mapping[str, str]) -> ImageResources:
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource, ImageResources, ResoulutionInfo, VersionInfo

    def resource(key: Resource, data: Any) -> tuple[int, ImageResource]:
        return key.value, ImageResource(key=key.value, data=data)

    x, y = (round(min(dots, _MOST_DOTS) * _FIXED_POINT) for dots in stack.resolution)
    resolution = ResoulutionInfo(x, _PER_INCH, _INCHES, y, _PER_INCH, _INCHES)
    version = VersionInfo(has_composite=True, writer=f"Nurie {__version__}", reader=f"Nurie {__version__}")
    found = [
        resource(Resource.RESOLUTION_INFO, resolution),
        resource(Resource.ICC_PROFILE, stack.icc_profile or _srgb()),
        resource(Resource.VERSION_INFO, version),
        resource(Resource.XMP_METADATA, to_xmp(text)),
    ]
    return ImageResources(found)  # pyright: ignore[reportCallIssue]


def read_stack(stream: IO[bytes], name: str) -> LayerStack:
    """The layers of a PSD with 8-bit RGB; one without layers gives its merged picture as the layer "Background".

    Pixels are converted from the file's profile to sRGB. Groups within groups become one with both names.
    Raises PictureError for what a `LayerStack` cannot hold, and nearly anything for bytes that are no PSD.
    """
    with opened(stream, name) as file:
        return file.stack(known_only=False)


@contextlib.contextmanager
def opened(stream: IO[bytes], name: str) -> Iterator[PsdFile]:
    """A PSD or PSB of any program. Raises PictureError, and nearly anything for bytes that are none."""
    require_psd_tools()
    from psd_tools import PSDImage
    from psd_tools.api.utils import has_transparency
    from psd_tools.compression import PSDDecompressionWarning
    from psd_tools.constants import Resource

    file_bytes = length_of(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", PSDDecompressionWarning)  # else a damaged channel would come as black
        document = PSDImage.open(stream, max_alloc_bytes="unlimited")
        check_canvas(document.width, document.height, name, file_bytes)
        profile = document.image_resources.get_data(Resource.ICC_PROFILE)
        resolution = document.image_resources.get_data(Resource.RESOLUTION_INFO)
        dots = (resolution.horizontal, resolution.vertical) if resolution is not None else (0, 0)
        x, y = (value / _FIXED_POINT for value in dots)
        yield PsdFile(
            document,
            name,
            is_marked=_is_marked(document),
            profile=profile if isinstance(profile, bytes) else None,
            dpi=sensible_resolution(x, y) if min(x, y) > 1 else None,
            has_transparency=has_transparency(document),
            stack=lambda known_only: _stack(document, name, KNOWN if known_only else None, (x, y), file_bytes),
        )


def _stack(
    document: Any, name: str, only: frozenset[str] | None, dots: tuple[float, float], file_bytes: int
) -> LayerStack:
    """The layers of a PSDImage; only: names, of layers and folders outside of folders."""
    from psd_tools.constants import ColorMode, Resource

    if document.depth != 8 or document.color_mode != ColorMode.RGB:
        raise PictureError("{0} is not a PSD with 8-bit RGB colors; convert it first.", name)
    profile = usable_profile(document.image_resources.get_data(Resource.ICC_PROFILE))
    reader = _Reader(name, profile, file_bytes)
    found = [item for item in document if only is None or clean_name(item.name) in only]
    layers = reader.layers_in(found) if len(document) else [reader.background(document)]
    return LayerStack(
        (document.height, document.width),
        tuple(layers),
        sensible_resolution(*dots),
        None if profile == _srgb() else profile,
    )


def _is_marked(document: Any) -> bool:
    """Whether Nurie wrote the file: all versions left their name, and programs that save it again keep one of these."""
    from psd_tools.constants import Resource

    version = document.image_resources.get_data(Resource.VERSION_INFO)
    if version is not None and str(version.writer).startswith(_WRITER):
        return True
    packet = document.image_resources.get_data(Resource.XMP_METADATA)
    if not packet:
        return False
    with contextlib.suppress(ValueError, SyntaxError):
        return made_by_nurie(bytes(packet))
    return False


def read_text(stream: IO[bytes]) -> dict[str, str]:
    """The text that `write_psd` was given; empty when the PSD has none. Raises nearly anything for other bytes."""
    require_psd_tools()
    from psd_tools.constants import Resource
    from psd_tools.psd.color_mode_data import ColorModeData
    from psd_tools.psd.header import FileHeader
    from psd_tools.psd.image_resources import ImageResources

    FileHeader.read(stream)
    ColorModeData.read(stream)
    packet = ImageResources.read(stream).get_data(Resource.XMP_METADATA)
    return from_xmp(bytes(packet)) if packet else {}


class _Reader:
    """Makes layers from those of psd-tools."""

    def __init__(self, name: str, profile: bytes | None, file_bytes: int) -> None:
        self._name = name
        self._profile = profile
        self._budget = PixelBudget(name, file_bytes)

    def background(self, document: Any) -> Layer:
        """The merged picture of a PSDImage, all that one without layers has."""
        return Layer("Background", srgb_pixels(document.topil(apply_icc=False), self._profile))

    def layers_in(self, group: Iterable[Any]) -> list[Layer]:
        """The layers of a PSDImage or of a group in it, from the bottom to the top. Raises PictureError."""
        layers: list[Layer] = []
        for item in group:
            name = clean_name(item.name)
            problem = _problem(item)
            if problem is not None:
                raise refusal(self._name, name, problem)
            if item.kind == "group":
                inside = self.layers_in(item)
                if not _passes_through(item, inside):
                    raise refusal(self._name, name, Sentence("an opacity or a blend mode as a group"))
                layers += in_group(inside, name, visible=item.visible)
            else:
                layers.append(self._layer(item, name))
        return layers

    def _layer(self, item: Any, name: str) -> Layer:
        blend = _BLEND_OF.get(item.blend_mode.value)
        if blend is None:
            raise refusal(
                self._name, name, Sentence("the blend mode {0}", item.blend_mode.name.lower().replace("_", " "))
            )
        self._budget.take(item.width, item.height)
        image = item.topil(apply_icc=False) if item.width and item.height else None
        pixels = np.zeros((0, 0, 4), np.uint8) if image is None else srgb_pixels(image, self._profile)
        return Layer(name, pixels, item.left, item.top, blend, item.opacity, item.visible)


def _problem(item: Any) -> str | None:
    """What a layer or group of psd-tools has that would be lost."""
    if item.kind != "group" and item.kind not in _WITH_PIXELS:
        return Sentence("the kind {0} instead of pixels", item.kind)
    if item.has_mask() or item.has_vector_mask() or item.clipping:
        return Sentence("a mask")
    if item.has_effects():
        return "effects"
    if item.fill_opacity != 255:
        return Sentence("a fill opacity")
    return None


def _passes_through(group: Any, layers: list[Layer]) -> bool:
    """Whether a group changes nothing of what its `layers` make without it."""
    from psd_tools.constants import BlendMode

    is_plain = group.blend_mode == BlendMode.NORMAL and all(layer.blend == "normal" for layer in layers)
    return group.opacity == 255 and (group.blend_mode == BlendMode.PASS_THROUGH or is_plain)

"""Layered files as other programs write them: PSD by psd-tools, OpenRaster by hand."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import ColorMode, Compression
from psd_tools.psd.color_mode_data import ColorModeData
from psd_tools.psd.document import PSD
from psd_tools.psd.header import FileHeader
from psd_tools.psd.image_data import ImageData

Pixels = NDArray[np.uint8]
HEIGHT, WIDTH = 60, 80
RED, GREEN = (200, 40, 30, 255), (30, 140, 60, 255)


def filled(color: Sequence[int]) -> Pixels:
    return np.full((HEIGHT, WIDTH, 4), color, np.uint8)


def strokes(rows: Sequence[int], color: Sequence[int] = (0, 0, 0, 255)) -> Pixels:
    """Horizontal strokes on nothing."""
    pixels = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    for row in rows:
        pixels[row : row + 3, 10:70] = color
    return pixels


def psd(path: Path, make: Callable[[PSDImage, Callable[..., Any]], None]) -> Path:
    """A PSD; make: adds layers with a function of name, pixels and folder."""
    document = PSDImage.new("RGB", (WIDTH, HEIGHT), color=255)

    def add(name: str, pixels: Pixels, parent: Any = None) -> Any:
        layer = document.create_pixel_layer(Image.fromarray(pixels), name=name)
        if parent is not None:
            parent.append(layer)
        return layer

    make(document, add)
    document.save(path)
    return path


def with_merged(path: Path, pixels: Pixels) -> Path:
    """The same PSD with another merged picture (H×W×3)."""
    with path.open("rb") as stream:
        document = PSD.read(stream)
    document.header.channels = 3
    document.image_data.set_data([pixels[..., band].tobytes() for band in range(3)], document.header)
    with path.open("wb") as stream:
        document.write(stream)
    return path


def plain_psd(path: Path, mode: ColorMode, depth: Any, planes: Sequence[bytes], data: bytes = b"") -> Path:
    """A PSD of one merged picture, H×W of this file, its channels given as they stand in it."""
    header = FileHeader(channels=len(planes), height=HEIGHT, width=WIDTH, depth=depth, color_mode=mode)
    image = ImageData(compression=Compression.RAW)
    image.set_data(list(planes), header)
    with path.open("wb") as stream:
        PSD(header=header, color_mode_data=ColorModeData(data), image_data=image).write(stream)
    return path


def png(pixels: NDArray[Any]) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def ora(path: Path, stack: str, files: Mapping[str, bytes]) -> Path:
    """An OpenRaster file. stack: what stands in the root stack."""
    page = f'<image version="0.0.3" w="{WIDTH}" h="{HEIGHT}"><stack>{stack}</stack></image>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", page)
        for name, data in files.items():
            archive.writestr(name, data)
    return path

"""The one table of kinds of picture file: what can be opened and what can be written. Nothing heavy is imported."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from engine.errors import PictureError

if TYPE_CHECKING:
    from engine.layers import LayerStack

Quality = int | Literal["lossless"]
QUALITY_DEFAULT = 95


@dataclass(frozen=True)
class Format:
    """A kind of picture file.

    id: what it is called on the command line. name: in dialogs. suffixes: the first is the one that is written.
    written: whether Nurie writes it, layered: in layers, lossy: with a quality, lossless: or without loss instead.
    opaque: whether it knows no transparency.
    media_types: what other programs call it on the clipboard.
    """

    id: str
    name: str
    suffixes: tuple[str, ...]
    written: bool = False
    layered: bool = False
    lossy: bool = False
    lossless: bool = True
    opaque: bool = False
    media_types: tuple[str, ...] = ()


# What can be opened, and of that what can be written, stands here and nowhere else.
FORMATS = (
    Format("png", "PNG", (".png", ".apng"), written=True, media_types=("image/png",)),
    Format("psd", "Photoshop", (".psd",), written=True, layered=True),
    Format("psb", "Photoshop", (".psb",), layered=True),
    Format("ora", "OpenRaster", (".ora",), written=True, layered=True),
    Format(
        "jpg",
        "JPEG",
        (".jpg", ".jpeg", ".jpe", ".jfif"),
        written=True,
        lossy=True,
        lossless=False,
        opaque=True,
        media_types=("image/jpeg",),
    ),
    Format("webp", "WebP", (".webp",), written=True, lossy=True, media_types=("image/webp",)),
    Format("tif", "TIFF", (".tif", ".tiff"), written=True, media_types=("image/tiff",)),
    Format("avif", "AVIF", (".avif",), media_types=("image/avif",)),
    # Where an optional package reads them; else each is refused by name.
    Format("heic", "HEIC", (".heic", ".heif", ".hif"), media_types=("image/heic", "image/heif")),
    Format("jxl", "JPEG XL", (".jxl",), media_types=("image/jxl",)),
    Format("bmp", "BMP", (".bmp", ".dib"), media_types=("image/bmp",)),
    Format("gif", "GIF", (".gif",), media_types=("image/gif",)),
    Format("pnm", "PNM", (".ppm", ".pgm", ".pbm", ".pnm")),
)
WRITTEN = tuple(one for one in FORMATS if one.written)
LAYERED = tuple(suffix for one in WRITTEN if one.layered for suffix in one.suffixes)
SUFFIXES = tuple(suffix for one in WRITTEN for suffix in one.suffixes)  # of what can be written
OPENED = tuple(suffix for one in FORMATS for suffix in one.suffixes)
MEDIA_TYPES = tuple(kind for one in FORMATS for kind in one.media_types)
PATTERNS = " ".join(f"*{suffix}" for suffix in OPENED)  # as file dialogs want them

PALETTES_WRITTEN = (".gpl", ".ase", ".aco")
PALETTES_OPENED = (*PALETTES_WRITTEN, ".pal", ".hex", ".swatches")
PALETTE_PATTERNS = " ".join(f"*{suffix}" for suffix in PALETTES_OPENED)

_PSD_START, _ZIP_START = b"8BPS", b"PK\x03\x04"


def of(path: Path) -> Format | None:
    """The kind of file that a name says; None for a kind Nurie does not know."""
    suffix = path.suffix.lower()
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def by_id(name: str) -> Format:
    """The format of this id. Raises KeyError."""
    return {one.id: one for one in FORMATS}[name]


def can_open(path: Path) -> bool:
    """Whether its name is that of a picture Nurie can open."""
    return path.suffix.lower() in OPENED


def endings() -> str:
    """The endings of what can be written, in words: ".png, .psd or .tif"."""
    *others, last = (one.suffixes[0] for one in WRITTEN)
    return f"{', '.join(others)} or {last}"


def require_suffix(path: Path) -> None:
    """Raise PictureError, one sentence, when `path` cannot be written: of an unknown kind, or PSD without psd-tools."""
    kind = of(path)
    if kind is None or not kind.written:
        raise PictureError("The output {0} must end in {1}.", path, endings())
    if kind.id == "psd":
        from engine.export import psd

        psd.require_psd_tools()


def is_layered(path: Path) -> bool:
    """Whether a file of this name may have layers."""
    kind = of(path)
    return kind is not None and kind.layered


def write_layers(path: Path, stack: LayerStack, text: Mapping[str, str]) -> None:
    """Write the layers as PSD or OpenRaster, with how they were made as `text`, for `read_text`.

    Raises PictureError when the file cannot be written or its suffix is not one of `LAYERED`.
    """
    if path.suffix.lower() not in LAYERED:
        raise PictureError("The layers in {0} need a name that ends in {1}.", path, " or ".join(LAYERED))
    if path.suffix.lower() == ".psd":
        from engine.export import psd

        psd.write_psd(path, stack, text=text)
    else:
        from engine.export import openraster

        openraster.write_openraster(path, stack, text=text)


def read_layers(path: Path) -> LayerStack:
    """The layers of a PSD or OpenRaster file, told apart by their first bytes; pixels become sRGB.

    Raises PictureError when the file cannot be read, is of another kind, or has what a `LayerStack` cannot hold
    (other blend modes, masks, effects, adjustments, 16 bits a channel ...): nothing is left out silently.
    """
    with opened(path) as (stream, is_psd):
        if is_psd:
            from engine.export import psd

            return psd.read_stack(stream, path.name)
        from engine.export import openraster

        return openraster.read_stack(stream, path.name)


def read_text(path: Path) -> dict[str, str]:
    """The text that `write_layers` put into a PSD or OpenRaster file; empty when there is none.

    Raises PictureError when the file cannot be read or is of another kind.
    """
    with opened(path) as (stream, is_psd):
        if is_psd:
            from engine.export import psd

            return psd.read_text(stream)
        from engine.export import openraster

        return openraster.read_text(stream, path.name)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], bool]]:
    """The opened file and whether it is a PSD. Whatever goes wrong while it is read becomes a PictureError."""
    name = path.name or str(path)
    try:
        if path.exists() and not path.is_file():
            raise PictureError("{0} is not a file with layers in it.", path)
        with path.open("rb") as stream:
            start = stream.read(4)
            stream.seek(0)
            if not start:
                raise PictureError("{0} is empty (0 bytes); save or download it again.", name)
            if start not in (_PSD_START, _ZIP_START):
                raise PictureError("{0} is neither a PSD nor an OpenRaster file; choose one of these.", name)
            yield stream, start == _PSD_START
    except PictureError:
        raise
    except MemoryError:
        raise PictureError("There is too little memory to open {0}; close other programs first.", name) from None
    except FileNotFoundError:
        raise PictureError("There is no file {0}; check its name and folder.", path) from None
    except PermissionError:
        raise PictureError("You have no permission to read {0}; ask its owner, or copy it elsewhere.", path) from None
    except Exception as error:
        # Foreign bytes can make a decoder raise nearly anything; an error of the disk has a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise PictureError("Cannot read {0}: {1}.", path, error.strerror or error) from error
        raise PictureError("{0} is damaged or incomplete; save or download it again.", name) from error

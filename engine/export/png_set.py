"""A folder of PNG files, one a layer: for programs that read neither PSD nor OpenRaster."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from engine.errors import PictureError
from engine.export.png import write_png
from engine.layers import Layer, LayerStack, flatten, on_canvas

_LONGEST_NAME = 50  # characters; up to four bytes each, and a file name has 255
# What Windows, macOS or Linux refuse in file names, and characters that turn or break a line of text.
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]')


def write_png_set(folder: Path, stack: LayerStack, text: Mapping[str, str]) -> list[Path]:
    """Write every layer of `stack` as a PNG of the canvas's size, and the picture they make as merged.png.

    The files are numbered from the bottom to the top and named after their layers, hidden ones too. What a PNG cannot
    hold stands in its text: the keys "Layer", "Blend mode", "Opacity" (0 to 255), "Visible" and "Group"; `text` is
    added to every file, with keys as `write_png` takes them. Pixels are converted to the profile of the stack. What
    reaches beyond the canvas is cut off. The folder is made when there is none; files of the same names are replaced,
    each once the new one is whole, and others are left alone.
    Returns the files in this order, merged.png last. Raises PictureError when a file cannot be written.
    """
    _make(folder)
    digits = max(2, len(str(len(stack.layers))))
    written: list[Path] = []
    for number, layer in enumerate(stack.layers, start=1):
        name = f"{number:0{digits}} {_safe(layer.name)}".rstrip()
        path = folder / f"{name}.png"
        pixels = on_canvas(layer, stack.size)
        write_png(path, pixels, icc_profile=stack.icc_profile, dpi=stack.resolution, text=_about(layer) | dict(text))
        written.append(path)
    merged = folder / "merged.png"
    write_png(merged, flatten(stack), icc_profile=stack.icc_profile, dpi=stack.resolution, text=text)
    return [*written, merged]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise PictureError("Cannot make the folder {0}: a file has this name; choose another.", folder) from None
    except OSError as error:
        raise PictureError(
            "Cannot make the folder {0}: {1}; choose another.", folder, error.strerror or error
        ) from error


def _safe(name: str) -> str:
    """`name` as the middle of a file name on every system; reserved names need no care behind a number."""
    return _UNSAFE.sub("_", unicodedata.normalize("NFC", name))[:_LONGEST_NAME].strip(" .")


def _about(layer: Layer) -> dict[str, str]:
    about = {
        "Layer": layer.name,
        "Blend mode": layer.blend,
        "Opacity": str(layer.opacity),
        "Visible": "yes" if layer.visible else "no",
    }
    return about if layer.group is None else about | {"Group": layer.group}

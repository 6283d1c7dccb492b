"""Writing a picture as the kind of file its name says."""

from collections.abc import Mapping
from pathlib import Path

from engine.export import formats
from engine.export.flat_formats import write_flat
from engine.export.png import write_png
from engine.layers import LayerStack, flatten


def write(
    path: Path,
    stack: LayerStack,
    text: Mapping[str, str],
    *,
    quality: formats.Quality | None = None,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> None:
    """Write the layers, or flattened where the kind of file has none, replacing an old file once the new one is whole.

    text: how it was made. quality: None for the default. icc_profile, dpi: of a flat file, see `write_png`; a
    layered one has those of `stack`. Raises PictureError.
    """
    formats.require_suffix(path)
    if formats.is_layered(path):
        formats.write_layers(path, stack, text)
        return
    pixels = flatten(stack)
    if path.suffix.lower() in formats.by_id("png").suffixes:
        write_png(path, pixels, icc_profile=icc_profile, dpi=dpi, text=text)
    else:
        chosen = formats.QUALITY_DEFAULT if quality is None else quality
        write_flat(path, pixels, quality=chosen, icc_profile=icc_profile, dpi=dpi, text=text)

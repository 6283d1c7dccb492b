"""Writing a picture as the kind of file its name says."""

from collections.abc import Mapping
from pathlib import Path

from engine.export import formats
from engine.export.flat_formats import write_flat
from engine.export.png import write_png
from engine.layers import LayerStack, flatten, flatten_clear, scaled, scaled_flat


def write(
    path: Path,
    stack: LayerStack,
    text: Mapping[str, str],
    *,
    quality: formats.Quality | None = None,
    icc_profile: bytes | None = None,
    dpi: tuple[float, float] | None = None,
    clear: bool = False,
    longer_side: int | None = None,
) -> None:
    """Write the layers, or flattened where the kind of file has none, replacing an old file once the new one is whole.

    text: how it was made. quality: None for the default. icc_profile, dpi: of a flat file, see `write_png`; a
    layered one has those of `stack`. clear: whether nothing is transparent in a flat one, else it is white.
    longer_side: in pixels, None for the stack's own. Raises PictureError.
    """
    formats.require_suffix(path)
    if formats.is_layered(path):
        formats.write_layers(path, stack if longer_side is None else scaled(stack, longer_side), text)
        return
    pixels = flatten_clear(stack) if clear else flatten(stack)
    if longer_side is not None:
        pixels = scaled_flat(pixels, longer_side)
    if path.suffix.lower() in formats.by_id("png").suffixes:
        write_png(path, pixels, icc_profile=icc_profile, dpi=dpi, text=text)
    else:
        chosen = formats.QUALITY_DEFAULT if quality is None else quality
        write_flat(path, pixels, quality=chosen, icc_profile=icc_profile, dpi=dpi, text=text)

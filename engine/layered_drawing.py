"""Pictures and drawings from files of any kind, layered ones that Nurie wrote and an artist edited among them."""

from pathlib import Path

from engine import images, layering
from engine.export import formats
from engine.images import Picture
from engine.layers import flatten
from engine.request import LineArt


def read(path: Path) -> tuple[Picture, LineArt | None]:
    """The picture in a file, flattened; and where it is a layered file with a line layer, its lines and its flats.

    Raises PictureError when the file cannot be read.
    """
    if not formats.is_layered(path):
        return images.read(path), None
    stack = formats.read_layers(path)
    picture = Picture(flatten(stack), None, stack.icc_profile, stack.resolution, path.name)
    if not layering.has_lines(stack):
        return picture, None
    return picture, layering.reopen(stack, path.name).line_art

"""Pictures and drawings from files of any kind, layered ones of Nurie and of other programs among them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import images, layering
from engine.errors import PictureError
from engine.export import formats, layer_names, layered_files, psd
from engine.export.layer_names import Guess, ListedLayer
from engine.export.layered_files import LayeredFile
from engine.export.psd_into import GROUP, Place, require_kind
from engine.images import Picture
from engine.layers import flatten
from engine.request import LineArt
from engine.sentences import Sentence

_CLEAR = 0.25  # of the canvas that is transparent in layers under which colors are seen


def read(path: Path, line_layers: Sequence[str] = (), *, guess: bool = False) -> tuple[Picture, LineArt | None]:
    """A drawing: the picture in a file, and of a layered file that Nurie wrote its lines and its flats.

    line_layers: what of a layered file is the drawing, by `layer_names.select`; other kinds of file have no layers to
    choose from. Without any, a file of another program is what that program shows; guess: but where this is a color
    picture and some of its layers are named as lines, these, with a note. Raises PictureError.
    """
    if not formats.is_layered(path):
        return images.read(path), None
    with layered_files.opened(path) as file:
        if line_layers:
            return _some(file, line_layers, path.name), None
        own = _own(file, path.name)
        if own is not None:
            return own
        picture = file.shown()
        return (_guessed(file, picture) if guess else picture), None


def read_for_layers(path: Path, line_layers: Sequence[str] = ()) -> tuple[Picture, Place, NDArray[np.uint8]]:
    """A drawing in a PSD of another program, to which layers are to be added: the picture of its lines, where the
    layers belong, and H×W×3 uint8 of what the file shows without ours.

    line_layers: as for `read`; without any those that are named or look like lines, else all. Layers that were added
    before do not count. Raises PictureError, also for a file of another kind and for one that Nurie wrote.
    """
    with formats.opened(path) as (stream, _):
        require_kind(stream, path.name)
    with layered_files.opened(path) as file:
        listed = file.layers(look=True)
        if _is_own(file, listed):
            raise PictureError("{0} is a file of Nurie's own: color it without --into.", path.name)
        foreign = [one for one in listed if GROUP not in one.groups]
        rest = frozenset(one.number for one in foreign if one.visible)
        lines = line_layers or layer_names.guess(foreign).lines
        chosen = layer_names.select(foreign, lines, path.name) if lines else frozenset()
        base = file.some(rest) if len(foreign) < len(listed) else file.shown()
    merged = Sentence("Its merged picture is multiplied with the colors; its layers are exact.")
    if not chosen:
        return replace(base, notes=(*base.notes, merged)), Place(chosen, below=False), base.pixels
    with layered_files.opened(path) as file:  # choosing layers changes what an opened file shows
        picture = file.some(chosen)
    names = ", ".join(dict.fromkeys(one.path for one in foreign if one.number in chosen))
    note = Sentence("The drawing is the layers {0}; choose others with --line-layer.", names)
    clear = picture.alpha is not None and float((picture.alpha == 0).mean()) > _CLEAR
    notes = picture.notes if line_layers else (*picture.notes, note)
    with formats.opened(path) as (stream, _), psd.opened(stream, path.name) as document:
        hiding = document.covering(chosen)
    if hiding is not None:
        notes = (*notes, Sentence("The layer {0} lies over all and hides the colors; hide it to see them.", hiding))
    return replace(picture, notes=(*notes, merged)), Place(chosen, below=clear), base.pixels


def read_reference(path: Path, layers: Sequence[str] = ()) -> Picture:
    """A picture to take colors from: what a file shows, or some layers of a layered one. Raises PictureError."""
    if not formats.is_layered(path):
        return images.read(path)
    with layered_files.opened(path) as file:
        return _some(file, layers, path.name) if layers else file.shown()


def layers_of(path: Path) -> tuple[ListedLayer, ...]:
    """What can be chosen from a layered file of another program, from the bottom to the top.

    Nothing for a file with fewer than two layers, one that Nurie wrote, or of another kind. Raises PictureError.
    """
    if not formats.is_layered(path):
        return ()
    with layered_files.opened(path) as file:
        names = file.layers(look=False)
        if len(names) < 2 or _is_own(file, names):
            return ()
        return file.layers(look=True)


def guess_layers(path: Path) -> Guess:
    """What of `layers_of` seems to be lines and colors. Raises PictureError."""
    return layer_names.guess(layers_of(path))


def _some(file: LayeredFile, wanted: Sequence[str], name: str) -> Picture:
    return file.some(layer_names.select(file.layers(look=False), wanted, name))


def _guessed(file: LayeredFile, picture: Picture) -> Picture:
    """The lines, where the whole is a color picture and there are layers named so."""
    from engine.line_art import prepare

    found = layer_names.guess(file.layers(look=False))
    if not found.lines or prepare.detect(picture) == "line_art":
        return picture
    lines = file.some(layer_names.select(file.layers(look=False), found.lines, picture.name))
    names = ", ".join(found.lines)
    note = Sentence("The drawing is the layers {0}, by their names; choose others with --line-layer.", names)
    return replace(lines, notes=(*lines.notes, note))


def _own(file: LayeredFile, name: str) -> tuple[Picture, LineArt] | None:
    """What Nurie wrote, and an artist may have edited since; None for a file of another program, or without lines."""
    if not _is_own(file, file.layers(look=False)):
        return None
    try:
        stack = file.stack(known_only=False)
        picture = Picture(flatten(stack), None, stack.icc_profile, stack.resolution, name)
    except PictureError:
        # An artist's own layers may have what a stack cannot hold; lines and flats are read all the same.
        try:
            stack = file.stack(known_only=True)
        except PictureError:
            return None
        picture = file.shown()
    if picture.pixels.shape[:2] != stack.size or not layering.has_lines(stack):
        return None
    return picture, layering.reopen(stack, name).line_art


def _is_own(file: LayeredFile, names: Sequence[ListedLayer]) -> bool:
    """Whether Nurie wrote it. Where another program dropped the mark, all layers must be as Nurie lays them."""
    return file.is_marked or layering.are_own(names)

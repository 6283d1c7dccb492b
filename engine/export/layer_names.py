"""The layers of a file as a person sees them in a list: their names and folders, and what they seem to hold."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import PictureError

LayerKind = Literal["lines", "sketch", "colors", "other"]

_LINES = {"line", "lines", "lineart", "linework", "ink", "inks", "inking", "inked", "outline", "outlines"}
_SKETCHES = {"sketch", "sketches", "rough", "draft"}
_LINES_IN_JAPANESE = ("線画", "主線", "清書", "ペン入れ")
_SKETCHES_IN_JAPANESE = ("下書き", "下描き", "ラフ", "ネーム")
_COLORS = {"color", "colors", "colour", "colours", "flat", "flats", "base", "fill", "paint", "skin", "hair"}
_COLORS_IN_JAPANESE = ("色", "塗り", "下塗り", "彩色", "着色")
_WORDS = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAMED_IN_MESSAGE = 6

_SEEN = 32  # alpha from which a pixel counts
_DARK = 110  # of 255, lighter ink is a rough or a tone
_SPARSE = 0.25  # of the canvas that lines cover
_COLORFUL = 40  # of 255, between the strongest and the weakest channel
_WHITE = 245


@dataclass(frozen=True)
class ListedLayer:
    """One layer of a file.

    groups: the folders it lies in, the outermost first. visible: with its folders. kind: guessed; named: from its name
    or its folders', not from what it holds. number: its place among the layers of the file, from the bottom.
    """

    number: int
    name: str
    groups: tuple[str, ...] = ()
    visible: bool = True
    kind: LayerKind = "other"
    named: bool = False

    @property
    def path(self) -> str:
        """Folders and name, as it can be chosen."""
        return "/".join((*self.groups, self.name))


@dataclass(frozen=True)
class Guess:
    """What seems to be the drawing and what its colors: paths of layers, from the bottom. named: by their names."""

    lines: tuple[str, ...]
    colors: tuple[str, ...]
    named: bool


def kind_of_name(name: str) -> LayerKind | None:
    """What a layer or folder of this name is likely to hold; None where the name says nothing."""
    words = {word.lower() for word in _WORDS.findall(unicodedata.normalize("NFKC", name))}
    joined = name.lower().replace(" ", "").replace("_", "").replace("-", "")
    if words & {"guide", "guides", "speed", "under"}:
        return None
    # A sketch comes first: "line sketch" is one, and so is a rough of the inks.
    if words & _SKETCHES or any(word in name for word in _SKETCHES_IN_JAPANESE):
        return "sketch"
    if words & _LINES or "lineart" in joined or any(word in name for word in _LINES_IN_JAPANESE):
        return "lines"
    if words & _COLORS or any(word in name for word in _COLORS_IN_JAPANESE):
        return "colors"
    return None


def kind_of_pixels(pixels: NDArray[np.uint8], canvas: int) -> LayerKind:
    """What h×w×4 pixels (straight alpha) of a layer on so many pixels of canvas seem to be."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / 250_000) ** 0.5))
    some = pixels[::step, ::step].reshape(-1, 4).astype(np.int16)
    share = len(some) * step * step / max(1, canvas)
    some = some[some[:, 3] >= _SEEN]
    drawn = some[some[:, :3].min(axis=1) < _WHITE]
    if len(drawn) < 8:
        return "other"
    covered = len(drawn) / max(1, pixels.shape[0] * pixels.shape[1] / (step * step)) * min(share, 1.0)
    colorful = float((np.ptp(drawn[:, :3], axis=1) > _COLORFUL).mean())
    solid = drawn[drawn[:, 3] >= 128]
    dark = len(solid) > 0 and float(np.median(solid[:, :3].mean(axis=1))) < _DARK
    if dark and covered < _SPARSE and colorful < 0.3:
        return "lines"
    return "colors" if colorful > 0.05 else "other"


def guess(layers: Iterable[ListedLayer]) -> Guess:
    """What is the drawing: visible layers named as lines, else as a sketch, else those that hold lines."""
    seen = [layer for layer in layers if layer.visible]
    named = [layer for layer in seen if layer.named]
    for chosen, by_name in (
        ([one for one in named if one.kind == "lines"], True),
        ([one for one in named if one.kind == "sketch"], True),
        ([one for one in seen if one.kind == "lines"], False),
    ):
        if chosen:
            lines, by = chosen, by_name
            break
    else:
        lines, by = [], False
    colors = [layer for layer in seen if layer.kind == "colors" and layer not in lines]
    return Guess(_paths(lines), _paths(colors), by)


def select(layers: Sequence[ListedLayer], wanted: Iterable[str], file: str) -> frozenset[int]:
    """The numbers of the layers that are called so: by name, by folders and name, or all of a folder.

    Of several that match, the visible ones; hidden ones where no other matches. Raises PictureError, naming those that
    are there, when one matches nothing.
    """
    chosen: set[int] = set()
    for name in wanted:
        key = _key(name)
        found = [layer for layer in layers if key in _keys(layer)]
        if not found:
            raise PictureError('{0} has no layer "{1}"; it has {2}.', file, name, _list_of(layers))
        chosen |= {layer.number for layer in ([one for one in found if one.visible] or found)}
    return frozenset(chosen)


def _paths(layers: Iterable[ListedLayer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layer.path for layer in layers))


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().strip("/").casefold()


def _keys(layer: ListedLayer) -> set[str]:
    folders = ["/".join(layer.groups[: depth + 1]) for depth in range(len(layer.groups))]
    return {_key(one) for one in (layer.name, layer.path, *layer.groups, *folders)}


def _list_of(layers: Sequence[ListedLayer]) -> str:
    names = list(dict.fromkeys(layer.path for layer in reversed(layers)))
    if not names:
        return "none"
    rest = len(names) - _NAMED_IN_MESSAGE
    return ", ".join(names[:_NAMED_IN_MESSAGE]) + (f" and {rest} more" if rest > 0 else "")

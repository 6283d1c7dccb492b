"""Which layers of other programs' files are to be taken: the question and its answer. No widgets."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from app.images.incoming import FileSource, Source
from engine.errors import PictureError
from engine.export import formats
from engine.request import Progress

if TYPE_CHECKING:
    from engine.export.layer_names import Guess, ListedLayer

translate = QCoreApplication.translate

Door = Literal["drawing", "reference"]


@dataclass(frozen=True, eq=False)
class LayerQuestion:
    """What a person is asked about files that came together.

    sources: all that came. asked: the indices of those that are asked about. layers: theirs, each path once, from the
    bottom to the top. guess: what is proposed. door: what the files were brought for.
    """

    sources: tuple[Source, ...]
    asked: tuple[int, ...]
    layers: tuple[ListedLayer, ...]
    guess: Guess
    door: Door

    @property
    def names(self) -> list[str]:
        """The files that are asked about."""
        return [source.path.name for source in self._files]

    def answered(self, lines: Sequence[str], colors: Sequence[str]) -> tuple[Source, ...]:
        """The sources, those that were asked about with these layers; with neither, as their program shows them."""
        chosen = dict(zip(self.asked, self._files, strict=True))
        return tuple(
            replace(chosen[index], line_layers=tuple(lines), reference_layers=tuple(colors))
            if index in chosen
            else source
            for index, source in enumerate(self.sources)
        )

    @property
    def _files(self) -> list[FileSource]:
        return [source for index in self.asked if isinstance(source := self.sources[index], FileSource)]


def may_have_layers(sources: Sequence[Source]) -> bool:
    """Whether a look at the layers is worth it."""
    return any(isinstance(source, FileSource) and formats.is_layered(source.path) for source in sources)


def look(sources: Sequence[Source], door: Door) -> Generator[Progress, None, LayerQuestion]:
    """What is to be asked; about nothing, where no file of another program has layers to choose from."""
    from engine import layered_drawing
    from engine.export import layer_names

    asked: list[int] = []
    layers: dict[str, ListedLayer] = {}
    for index, source in enumerate(sources):
        yield Progress(translate("Jobs", "Looking at the layers…"), index / len(sources))
        if not isinstance(source, FileSource):
            continue
        try:
            found = layered_drawing.layers_of(source.path)
        except PictureError:
            continue  # reading it says why
        if found:
            asked.append(index)
            for layer in found:
                layers.setdefault(layer.path, layer)
    listed = tuple(layers.values())
    return LayerQuestion(tuple(sources), tuple(asked), listed, layer_names.guess(listed), door)

"""Layered files of any program, as their own program shows them, or some of their layers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.export import formats

if TYPE_CHECKING:
    from engine.export.layer_names import ListedLayer
    from engine.images import Picture
    from engine.layers import LayerStack


class LayeredFile(Protocol):
    """An opened PSD or OpenRaster file. Everything may raise nearly anything where the file is damaged."""

    @property
    def is_marked(self) -> bool:
        """Whether it says itself that Nurie wrote it."""
        ...

    def layers(self, *, look: bool) -> tuple[ListedLayer, ...]:
        """Its layers from the bottom to the top. look: where the name says nothing, at what it holds."""
        ...

    def shown(self) -> Picture:
        """What its own program shows: the merged picture that lies in it, or all visible layers."""
        ...

    def some(self, chosen: frozenset[int]) -> Picture:
        """The layers of these numbers, as they would be shown alone, the hidden ones too."""
        ...

    def stack(self, *, known_only: bool) -> LayerStack:
        """The layers as Nurie writes them. known_only: without those that it does not write. Raises PictureError for
        what a stack cannot hold."""
        ...


@contextlib.contextmanager
def opened(path: Path) -> Iterator[LayeredFile]:
    """The file, told by its first bytes. Raises PictureError, whatever goes wrong while it is open."""
    with formats.opened(path) as (stream, is_psd):
        if is_psd:
            from engine.export import psd

            with psd.opened(stream, path.name) as file:
                yield file
        else:
            from engine.export.openraster_shown import opened as opened_archive

            with opened_archive(stream, path.name) as file:
                yield file

"""A character of the project: references, palette and model that all drawings with it share. Frozen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from app.document.parts import ReferenceItem
from engine.options import FinishOptions
from engine.palette import Palette, Swatch

# Of `FinishOptions`, which a character has in place of its drawings.
PALETTE_FIELDS = ("palette", "edits", "locks", "pairs")


@dataclass(frozen=True, eq=False)
class Character:
    """Who is drawn. name: empty until a person gives one. model: of its own, None for the project's.

    palette, edits, locks, pairs: as in `FinishOptions`.
    """

    id: int
    name: str = ""
    references: tuple[ReferenceItem, ...] = ()
    palette: Palette | None = None
    edits: tuple[tuple[Swatch, Swatch], ...] = ()
    locks: tuple[Swatch, ...] = ()
    pairs: tuple[tuple[Swatch, Swatch], ...] = ()
    model: str | None = None

    @property
    def shown_name(self) -> str:
        """What it is called: its own name, or that of its first reference; empty where there is neither."""
        return self.name or next((PurePath(item.reference.name).stem for item in self.references), "")

    @property
    def is_blank(self) -> bool:
        """Whether nothing was done with it yet."""
        return not (self.name or self.references or self.model or any(self.palette_values().values()))

    def palette_values(self) -> dict[str, Any]:
        """What it says of the palette, by the names of `FinishOptions`."""
        return {name: getattr(self, name) for name in PALETTE_FIELDS}


def references_of(cast: Iterable[Character], own: Sequence[ReferenceItem] = ()) -> tuple[ReferenceItem, ...]:
    """The references of these characters and then a drawing's own, each once."""
    found: dict[int, ReferenceItem] = {}
    for item in (*(item for one in cast for item in one.references), *own):
        found.setdefault(id(item), item)
    return tuple(found.values())


def finish_of(cast: Sequence[Character], settings: FinishOptions) -> FinishOptions:
    """The settings with the palette of these characters; without any the palette is the drawing's own.

    Of several characters one edit counts for a swatch, the first one's. They are held to loaded palettes only where
    each has one: else the colors of those without would be missing.
    """
    if not cast:
        return settings
    edits: dict[Swatch, Swatch] = {}
    for base, edited in (pair for one in cast for pair in one.edits):
        edits.setdefault(base, edited)
    loaded = [one.palette for one in cast if one.palette is not None]
    palette = None
    if len(loaded) == len(cast):
        swatches = dict.fromkeys(swatch for one in loaded for swatch in one.swatches)
        palette = loaded[0] if len(loaded) == 1 else Palette(tuple(swatches), loaded[0].name)
    locks = tuple(dict.fromkeys(lock for one in cast for lock in one.locks))
    pairs = tuple(dict.fromkeys(pair for one in cast for pair in one.pairs))
    wanted = {"palette": palette, "edits": tuple(edits.items()), "locks": locks, "pairs": pairs}
    same = all(getattr(settings, name) == value for name, value in wanted.items())
    return settings if same else replace(settings, **wanted)

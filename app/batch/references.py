"""The references of a batch: read when they are needed, few kept at a time; and their palettes, found once."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import NurieError
from engine.options import Options

if TYPE_CHECKING:
    from engine.palette import Palette
    from engine.request import Reference

KEPT = 4  # sets of references in memory; drawings come folder by folder, and each folder has one set

Paths = tuple[Path, ...]


@dataclass(frozen=True, eq=False)
class Studied:
    """A set of references that was looked at. digest: of its files. palette: None where none was asked for.
    problem: the sentence where it cannot be used, empty if it can."""

    digest: str = ""
    palette: "Palette | None" = None
    problem: str = ""


class ReferenceCache:
    """Reads sets of references; may be asked from several threads."""

    def __init__(self) -> None:
        self._sets: OrderedDict[tuple[Paths, tuple[str, ...]], tuple[Reference, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, paths: Paths, layers: tuple[str, ...] = ()) -> "tuple[Reference, ...]":
        """The references in these files; layers: of layered ones. Raises PictureError."""
        from engine import pipeline

        with self._lock:
            key = paths, layers
            if key not in self._sets:
                self._sets[key] = pipeline.read_references(paths, layers)
                while len(self._sets) > KEPT:
                    self._sets.popitem(last=False)
            self._sets.move_to_end(key)
            return self._sets[key]

    def study(
        self,
        sets: Sequence[Paths],
        *,
        palettes: bool,
        share: bool,
        on_step: Callable[[float], None],
        settings: Mapping[Paths, Options] | None = None,
    ) -> dict[Paths, Studied]:
        """Look at each set once. palettes: find the swatches; share: one swatch for a color that several sets have.
        settings: of the drawings of a set, where they are not the default ones. on_step is told the share that is done.
        A set that cannot be read has a `problem`."""
        from engine.color import shared_palette
        from engine.color.sheet import figures_of
        from engine.color.swatches import find_swatches, with_paper

        found: dict[Paths, Studied] = {}
        for number, paths in enumerate(dict.fromkeys(sets)):
            on_step(number / max(1, len(sets)))
            try:
                asked = (settings or {}).get(paths, Options())
                references = figures_of(self.take(paths, asked.layers.reference_layers), asked.color.sheet)
                found[paths] = Studied(digest_of(paths), find_swatches(references) if palettes else None)
            except (NurieError, OSError) as error:
                found[paths] = Studied(problem=str(error))
        usable = {paths: one.palette for paths, one in found.items() if one.palette is not None}
        own = list(usable.values())
        for paths, palette in zip(usable, shared_palette.shared(own) if share else own, strict=True):
            found[paths] = Studied(found[paths].digest, with_paper(palette))
        return found


def digest_of(paths: Iterable[Path]) -> str:
    """Hexadecimal digest of the files' contents. Raises OSError."""
    digest = hashlib.blake2b(digest_size=16)
    for path in paths:
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).digest())
    return digest.hexdigest()

"""The references of a batch: read when they are needed, few kept at a time; and their palettes, found once."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import NurieError, RequestError
from engine.options import Options

if TYPE_CHECKING:
    from engine.palette import Palette
    from engine.request import Reference

KEPT = 4  # sets of references in memory; drawings come folder by folder, and each folder has one set

Paths = tuple[Path, ...]
Panels = tuple[tuple[int, Path], ...]  # numbers of panels from 1, each with a picture for it alone


@dataclass(frozen=True)
class Sources:
    """What drawings take their colors from. panels: of comic pages."""

    references: Paths = ()
    panels: Panels = ()

    @property
    def files(self) -> Paths:
        """All of them."""
        return (*self.references, *(path for _, path in self.panels))

    @property
    def numbers(self) -> str:
        """Which panels they are for, in a word that goes with a digest of the files."""
        return "".join(f"-{number}" for number, _ in self.panels)

    def at(self, files: Sequence[Path]) -> "Sources":
        """The same at other places. files: as many as there are."""
        first = len(self.references)
        numbers = (number for number, _ in self.panels)
        return Sources(tuple(files[:first]), tuple(zip(numbers, files[first:], strict=True)))


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
        self._sets: OrderedDict[tuple[Sources, tuple[str, ...]], tuple[Reference, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, sources: Sources, layers: tuple[str, ...] = ()) -> "tuple[Reference, ...]":
        """The references in these files; layers: of layered ones. Raises PictureError."""
        from engine import pipeline

        with self._lock:
            key = sources, layers
            if key not in self._sets:
                found = pipeline.read_references(sources.references, layers)
                self._sets[key] = (*found, *pipeline.read_panel_references(sources.panels, layers))
                while len(self._sets) > KEPT:
                    self._sets.popitem(last=False)
            self._sets.move_to_end(key)
            return self._sets[key]

    def study(
        self,
        sets: Sequence[Sources],
        *,
        palettes: bool,
        share: bool,
        on_step: Callable[[float], None],
        settings: Mapping[Sources, Options] | None = None,
    ) -> dict[Sources, Studied]:
        """Look at each set once. palettes: find the swatches; share: one swatch for a color that several sets have.
        settings: of the drawings of a set, where they are not the default ones. on_step is told the share that is done.
        A set that cannot be read has a `problem`."""
        from engine.color import shared_palette
        from engine.color.sheet import figures_of
        from engine.color.swatches import find_swatches, with_paper

        found: dict[Sources, Studied] = {}
        for number, one in enumerate(dict.fromkeys(sets)):
            on_step(number / max(1, len(sets)))
            try:
                asked = (settings or {}).get(one, Options())
                references = figures_of(self.take(one, asked.layers.reference_layers), asked.color.sheet)
                found[one] = Studied(_digest(one), find_swatches(references) if palettes else None)
            except (NurieError, OSError) as error:
                found[one] = Studied(problem=str(error))
        usable = {one: studied.palette for one, studied in found.items() if studied.palette is not None}
        own = list(usable.values())
        for one, palette in zip(usable, shared_palette.shared(own) if share else own, strict=True):
            found[one] = Studied(found[one].digest, with_paper(palette))
        return found


def panel_of(text: str) -> tuple[int, str]:
    """The number of a panel and a file's name, from N=FILE. Raises RequestError."""
    number, sign, name = text.partition("=")
    if not (sign and name and number.isascii() and number.isdigit() and len(number) < 5 and int(number) > 0):
        raise RequestError("choose a panel by its number and a picture, as in 2=coat.png, not '{0}'", text)
    return int(number), name


def _digest(sources: Sources) -> str:
    """Of the files, and of which panels they are for. Raises OSError."""
    return digest_of(sources.files) + sources.numbers


def digest_of(paths: Iterable[Path]) -> str:
    """Hexadecimal digest of the files' contents. Raises OSError."""
    digest = hashlib.blake2b(digest_size=16)
    for path in paths:
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).digest())
    return digest.hexdigest()

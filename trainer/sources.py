"""Which pictures there are to train on, and which of them are held out."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import TrainingError

SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}


@dataclass(frozen=True)
class Source:
    """One color drawing.

    line: the artist's own line layer, registered. character: drawings that share it match. collection, share: the data
    folder it is from, and how many samples come from all of that folder, relative to the other folders' shares.
    """

    color: Path
    line: Path | None = None
    character: str | None = None
    collection: str = ""
    share: float = 1.0

    @property
    def group(self) -> str:
        """What stays together when drawings are held out: the character, or the file, named below the data folder."""
        path = Path(self.character or self.color)
        return (path.relative_to(self.collection) if self.collection else path).as_posix()


def find_sources(folder: Path, share: float = 1.0) -> list[Source]:
    """Every drawing of a data folder, which gets `share` of the samples.

    One drawing is enough: its reference is a warp of it.
    Layout: `pairs/color/X` with `pairs/line/X.png`; `characters/<name>/` and `sequences/<name>_<clip>/` (frames of
    one character); any other picture below `folder`, except `val/` and a `test/` beside `train/`, stands alone: a flat
    folder, or classes of photographs as AFHQ has them (`train/cat/`, …). Linked folders are followed, those that may
    not be read left out.
    Raises TrainingError, one sentence, when there is no such folder or no picture in it.
    """
    try:
        os.scandir(folder).close()
    except FileNotFoundError:
        raise TrainingError("The data folder {0} is not there: give a folder of color pictures.", folder) from None
    except NotADirectoryError:
        raise TrainingError("{0} is a file: give a folder of color pictures.", folder) from None
    except OSError as error:
        raise TrainingError("The data folder {0} cannot be read: {1}.", folder, error.strerror or error) from error
    sources = [
        replace(_source(folder, path), collection=str(folder), share=share)
        for path in sorted(_files(folder))
        if path.suffix.lower() in SUFFIXES
        and not path.name.startswith("line_")
        and path.relative_to(folder).parts[:2] != ("pairs", "line")
    ]
    if not sources:
        raise TrainingError("There are no pictures in {0}: give a folder of color pictures.", folder)
    return sources


def _files(folder: Path) -> Iterator[Path]:
    """All files below the folder, each real folder once, without `val/` and the `test/` of a `train/`."""
    seen = {os.path.realpath(folder / "val")}
    if (folder / "train").is_dir():
        seen.add(os.path.realpath(folder / "test"))  # AFHQ's second version calls its validation set so
    for place, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(place, name) for name in names)


def _source(folder: Path, path: Path) -> Source:
    parts = path.relative_to(folder).parts
    if parts[:2] == ("pairs", "color"):
        return Source(path, _readable(folder / "pairs" / "line" / (path.stem + ".png")))
    if parts[0] in {"characters", "sequences"} and len(parts) > 2:
        line = _readable(path.with_name(f"line_{path.stem}.png"))
        return Source(path, line, f"{folder}/{parts[0]}/{parts[1]}")
    return Source(path)


def _readable(path: Path) -> Path | None:
    return path if os.access(path, os.R_OK) else None


def split(sources: Sequence[Source], held_out: float, seed: int) -> tuple[list[Source], list[Source]]:
    """The drawings to train on and those held out, about the share `held_out` of them, whole characters at a time.

    Each group's side hangs on its name (below the data folder) and the seed alone, so no other picture that is added
    moves it across. Only where that leaves one side empty, the group nearest to it goes there, as long as there are
    two. A file that several data folders share is on one side.
    """
    if held_out <= 0.0:
        return list(sources), []
    groups = _groups(sources)
    places = {group: _place(group, seed) for group in groups.values()}
    held = {group for group, place in places.items() if place < held_out}
    if len(places) > 1 and not held:
        held = {min(places, key=places.__getitem__)}
    elif len(held) == len(places):
        held.remove(max(places, key=places.__getitem__))
    of_each = [groups[os.path.realpath(source.color)] for source in sources]
    training = [source for source, group in zip(sources, of_each, strict=True) if group not in held]
    return training, [source for source, group in zip(sources, of_each, strict=True) if group in held]


def _groups(sources: Sequence[Source]) -> dict[str, str]:
    """The group of every real file. A clip belongs to the character whose name its own begins with."""
    names = {source.group for source in sources if source.character}
    groups: dict[str, str] = {}
    for source in sources:
        path = os.path.realpath(source.color)
        if source.character or path not in groups:
            groups[path] = _whose(source.group, names) if source.character else source.group
    return groups


def _whose(group: str, names: set[str]) -> str:
    """`characters/NAME` for `sequences/NAME_CLIP` where there is such a character, else the group itself."""
    name = group.removeprefix("sequences/")
    while name != group and "_" in name:
        name = name.rpartition("_")[0]
        if f"characters/{name}" in names:
            return f"characters/{name}"
    return group


def _place(group: str, seed: int) -> float:
    """A number in [0, 1) that only the group's name and the seed decide."""
    digest = hashlib.blake2b(os.fsencode(f"{seed}/{group}"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64

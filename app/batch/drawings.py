"""Which files of a folder are the drawings of a batch."""

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import file_names
from engine.errors import Cancelled, RequestError
from engine.export import formats
from engine.export import targets as files


def is_hidden(path: Path) -> bool:
    """Whether file managers hide it."""
    if path.name.startswith("."):
        return True
    try:
        attributes = getattr(path.lstat(), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0))


@dataclass(frozen=True)
class Found:
    """Drawings: their paths below the folder, with slashes, in the order of a file manager; and folders in it that
    could not be looked into."""

    names: tuple[str, ...]
    unreadable: tuple[Path, ...] = ()


def find(
    folder: Path,
    *,
    recursive: bool = False,
    pattern: str = "*",
    without: Iterable[Path] = (),
    skipped_folders: Iterable[str] = (),
    should_stop: Callable[[], bool] | None = None,
) -> Found:
    """The drawings in `folder`.

    pattern: of file names, or with a slash in it of paths below `folder`; large and small letters are the same.
    without: files and folders that are none, whatever they are called. skipped_folders: names of folders, in small
    letters, that are not entered. Hidden files and folders are left out. Folders behind links are entered once.
    Raises RequestError when `folder` itself cannot be read, and Cancelled.
    """
    if not folder.exists():
        raise RequestError("There is no folder {0}; check the name.", folder)
    if not folder.is_dir():
        raise RequestError("The input {0} is a file; name the folder it lies in.", folder)
    walk = _Walk(recursive, frozenset(skipped_folders), {files.identity(path) for path in without}, should_stop)
    wanted = file_names.key(pattern)
    names = []
    for path in walk.files_in(folder):
        name = path.relative_to(folder).as_posix()
        subject = name if "/" in wanted else path.name
        if formats.can_open(path) and fnmatch.fnmatchcase(file_names.key(subject), wanted):
            names.append(name)
    if folder in walk.unreadable:
        raise RequestError("You have no permission to look into the folder {0}; choose another one.", folder)
    return Found(tuple(sorted(names, key=_order)), tuple(walk.unreadable))


class _Walk:
    """A walk through folders that notes which ones were entered, so that links cannot lead in circles."""

    def __init__(
        self,
        recursive: bool,
        skipped: frozenset[str],
        left_out: set[files.Identity],
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.unreadable: list[Path] = []
        self._recursive = recursive
        self._skipped = skipped
        self._left_out = left_out
        self._should_stop = should_stop

    def files_in(self, folder: Path) -> Iterator[Path]:
        """The files to look at, those of folders in it after them."""
        if self._should_stop is not None and self._should_stop():
            raise Cancelled
        self._left_out.add(files.identity(folder))
        try:
            with os.scandir(folder) as entries:
                found = sorted(Path(entry.path) for entry in entries)
        except OSError:
            self.unreadable.append(folder)
            return
        for path in found:
            if is_hidden(path) or files.identity(path) in self._left_out:
                continue
            if path.is_file():
                yield path
            elif self._recursive and path.is_dir() and path.name.casefold() not in self._skipped:
                yield from self.files_in(path)


def _order(name: str) -> tuple[list[str | int], str]:
    """Numbers in names by their value, so that page 10 comes after page 9."""
    parts = re.split("([0-9]+)", name.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], name

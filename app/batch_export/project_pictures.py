"""Writing the pictures of all drawings of a project into a folder: what Save Picture does, page by page."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.batch import names
from app.controllers import coloring_work as pictures
from app.controllers.settling import Refinish, settle
from app.document.page import Page
from engine import pipeline
from engine.export import targets as files
from engine.request import Progress

if TYPE_CHECKING:
    from app.batch.plan import OnExists
    from engine.export.formats import Quality

translate = QCoreApplication.translate

_NOT_IN_NAMES = '<>:"/\\|?*'  # of files, on one system or another


@dataclass(frozen=True)
class PageWish:
    """How to write them. suffix: with its dot."""

    folder: Path
    suffix: str
    quality: Quality
    on_exists: OnExists


@dataclass
class PagesWritten:
    """What came of it. waiting: names of drawings without colors. failures: name and sentence."""

    written: list[Path] = field(default_factory=list)
    left: list[Path] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def targets(pages: Sequence[Page], wish: PageWish) -> list[tuple[Page, Path]]:
    """Each page that has a drawing, and the file its picture goes to; `on_exists` is not looked at."""
    shown = [page for page in pages if not page.is_empty]
    taken: set[str] = set()
    found = []
    for page in shown:
        name = names.numbered(f"{_stem(page)}{wish.suffix}", lambda one: names.key(one) in taken)
        taken.add(names.key(name))
        found.append((page, wish.folder / name))
    return found


def export(
    pages: Sequence[Page],
    wish: PageWish,
    refinish: Callable[[Page, Callable[[], bool]], Refinish],
    should_stop: Callable[[], bool],
) -> Generator[Progress, None, PagesWritten]:
    """Write them one after the other; those in memory are not loaded again. One that fails does not stop the others.

    refinish: what finishes a page's coloring anew, for those whose colors are older than their palette.

    A drawing's own file is never replaced, whatever was chosen: its picture gets a number.
    """
    from engine.errors import NurieError

    result = PagesWritten()
    found = targets(pages, wish)
    wish.folder.mkdir(parents=True, exist_ok=True)
    reserved = {names.key(path.name) for _, path in found}
    read = _files_of(pages)
    for number, (page, target) in enumerate(found):
        path = target
        yield Progress(translate("Jobs", "Writing {0}…").format(path.name), number / len(found))
        if should_stop():
            break
        if not page.is_colored:
            result.waiting.append(page.name)
            continue
        if path.exists() and wish.on_exists == "skip":
            result.left.append(path)
            continue
        try:
            full = page if page.stored is None else page.filled(page.stored.load(page))
            if full.wants_finishing and full.coloring is not None:
                steps = settle(full.coloring, full.finish_settings, refinish(full, should_stop))
                full = replace(full, coloring=pipeline.run(steps))
            read |= _files_of([full])
            if path.exists() and (wish.on_exists == "number" or files.identity(path) in read):
                name = names.numbered(path.name, lambda one: names.key(one) in reserved or (wish.folder / one).exists())
                reserved.add(names.key(name))
                path = path.with_name(name)
            _write(full, path, wish.quality)
            result.written.append(path)
        except NurieError as error:
            result.failures[page.name] = str(error)
    return result


def _files_of(pages: Sequence[Page]) -> set[files.Identity]:
    """The files that drawings came from, as far as they are in memory."""
    drawings = [page.drawing for page in pages]
    return {files.identity(one.path) for one in drawings if one is not None and one.path is not None}


def _write(page: Page, path: Path, quality: Quality) -> None:
    drawing, coloring, lines = page.drawing, page.coloring, page.lines
    assert drawing is not None and coloring is not None and lines is not None
    pipeline.run(pictures.save(path, drawing, coloring, lines, quality=quality))


def _stem(page: Page) -> str:
    """The page's name as a file may have it."""
    plain = "".join("_" if letter in _NOT_IN_NAMES or ord(letter) < 32 else letter for letter in page.name)
    return (Path(plain).stem if page.title == "" else plain).strip(" .") or translate("Jobs", "drawing")

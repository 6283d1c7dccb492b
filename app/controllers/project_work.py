"""Reading, writing and keeping projects: the work of jobs, off the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.controllers.coloring_service import FindModel
from app.controllers.project_model import Opened, with_model
from app.document import memory
from app.document.page import Page, PageContent, Snapshot
from app.document.parts import Coloring, Drawing, Lines
from engine.errors import NurieError
from engine.request import ColorizeRequest, Progress

if TYPE_CHECKING:
    from app.project_file.page_codec import PageCodec, StoredPage
    from app.project_file.recovery import RecoveryFolder

translate = QCoreApplication.translate


class Codec:
    """The codec of one project, made when a job first needs it: importing what it is made of takes a moment."""

    def __init__(self, made: PageCodec | None = None) -> None:
        self._made = made
        self._lock = threading.Lock()

    def get(self) -> PageCodec:
        """The codec. Off the GUI thread."""
        from app.project_file.page_codec import PageCodec

        with self._lock:
            if self._made is None:
                self._made = PageCodec()
            return self._made


def read(path: Path, find: FindModel) -> Generator[Progress, None, Opened]:
    """The project in a file; a model that travels with it is offered. Raises NurieError."""
    from app.project_file import file as project_file

    project = yield from project_file.read(path)
    return with_model(project, path.stem, find)


def write(path: Path, snapshot: Snapshot, codec: Codec, find: FindModel) -> Generator[Progress, None, Path]:
    """Write a project, an adapted model with it. Raises NurieError."""
    from app.project_file import file as project_file

    return (yield from project_file.write(path, _with_model_files(snapshot, find), codec.get()))


def keep_copy(
    claim: Callable[[], RecoveryFolder | None],
    snapshot: Snapshot,
    codec: Codec,
    find: FindModel,
    name: str,
    path: Path | None,
) -> Generator[Progress, None, NurieError | None]:
    """Bring the copy for a crash up to date; what went wrong, of which nobody is told by a dialog every minute."""
    yield Progress(translate("Project", "Keeping a copy…"), 0.0)
    folder = claim()
    if folder is None:
        return None
    try:
        yield from folder.write(_with_model_files(snapshot, find), codec.get(), name, path)
    except NurieError as error:
        return error
    return None


def clear_copy(folder: RecoveryFolder) -> Generator[Progress, None, None]:
    """Remove the copy."""
    yield Progress("", 0.0)
    folder.clear()


def left_behind(root: Path) -> Generator[Progress, None, list[RecoveryFolder]]:
    """Copies of programs that no longer run."""
    from app.project_file import recovery

    yield Progress("", 0.0)
    return recovery.left_behind(root)


def recover(folder: RecoveryFolder, find: FindModel) -> Generator[Progress, None, Opened]:
    """The project of a copy. Raises NurieError."""
    project = yield from folder.read()
    about = folder.about
    return with_model(project, about.name if about else "", find)


def load(page: Page) -> Generator[Progress, None, PageContent]:
    """The content of a stored page. Raises NurieError."""
    yield Progress(translate("Project", "Opening the drawing…"), 0.0)
    assert page.stored is not None
    return page.stored.load(page)


def pack(page: Page, codec: Codec) -> Generator[Progress, None, StoredPage]:
    """The content of a page, compressed."""
    yield Progress("", 0.0)
    return codec.get().pack(page)


@dataclass(frozen=True, eq=False)
class Colored:
    """A page that was colored behind the window. content: None where it was in memory already."""

    drawing: Drawing
    lines: Lines
    coloring: Coloring
    content: PageContent | None


def color(
    page: Page, answer: Callable[[ColorizeRequest], Generator[Progress, None, Coloring]]
) -> Generator[Progress, None, Colored]:
    """Color a page, whether it is in memory or not. answer: of the coloring service. Raises NurieError, Cancelled."""
    from app.document.making import lines_of

    yield Progress(translate("Project", "Opening the drawing…"), 0.0)
    content = page.stored.load(page) if page.stored else None
    whole = page.filled(content) if content else page
    assert whole.drawing is not None
    if not whole.lines_are_current or whole.lines is None:
        whole = whole.changed(lines=lines_of(whole.drawing, whole.wanted_lines))
    request = whole.request()
    assert request is not None and whole.drawing is not None and whole.lines is not None
    coloring = yield from answer(request)
    return Colored(whole.drawing, whole.lines, coloring, content)


def existing(paths: Sequence[Path]) -> Generator[Progress, None, frozenset[Path]]:
    """Which of these files are there; a disk far away may take its time to say."""
    yield Progress("", 0.0)
    return frozenset(path for path in paths if path.is_file())


def to_pack(pages: Sequence[Page], order: Sequence[int], limit: int) -> list[Page]:
    """Pages that had better be compressed: not the one shown last, the longest not shown first, until at most `limit`
    bytes are left. order: ids, the one shown last at the end; pages that were never shown count as shown first."""
    loaded = [page for page in pages if page.is_loaded and page.drawing is not None]
    rank = {page_id: index for index, page_id in enumerate(order)}
    loaded.sort(key=lambda page: rank.get(page.id, -1))
    sizes = {page.id: sum(memory.sizes_of((page.drawing, page.lines, page.coloring)).values()) for page in loaded}
    left = sum(sizes.values())
    chosen = []
    for page in loaded[:-1]:
        if left <= limit:
            break
        chosen.append(page)
        left -= sizes[page.id]
    return chosen


def _with_model_files(snapshot: Snapshot, find: FindModel) -> Snapshot:
    """With the files of its models that are adapted ones; a model that everybody has need not travel."""
    files: dict[str, Path] = {}
    for name in (snapshot.model, *(one.model for one in snapshot.characters)):
        if name is None or name in files:
            continue
        try:
            entry = find(name)
        except NurieError:
            continue
        if getattr(entry, "kind", "whole") == "adapted":
            files[name] = entry.path
    return replace(snapshot, model_files=files)

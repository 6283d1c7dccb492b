"""The verbs of projects: new, open, save, copies for a crash, and pages whose content comes and goes. No widgets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app import paths
from app.controllers import project_model
from app.controllers import project_work as jobs
from app.controllers.coloring_service import FindModel, find_model
from app.controllers.project_model import ModelOffer, Opened
from app.document.character import Character
from app.document.document import Document
from app.document.page import Page, Snapshot
from app.document.thumbnail import thumbnail_of
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.language import engine_words
from app.settings import Settings
from engine.errors import NurieError
from engine.sentences import joined

if TYPE_CHECKING:
    from app.project_file.page_codec import StoredPage
    from app.project_file.recovery import RecoveryFolder
    from engine.file_lock import FileLock

SUFFIX = ".nurie"
MINUTE_MS = 60_000
ROOM_MS = 1000
SAVE_KEY, OPEN_KEY, COPY_KEY = "project-save", "project-open", "project-copy"
KEPT_BYTES = 1 << 30  # of pages that are not shown; beyond it those that were shown longest ago are compressed


class ProjectController(JobOwner):
    """Which file the project lies in, and its ways to the disk. What goes wrong arrives by `failed`."""

    path_changed = Signal()
    opened = Signal()  # another project is there
    model_offered = Signal(object)  # ModelOffer, one that came with the project
    model_installed = Signal()  # that one was
    save_ended = Signal(bool)  # whether it was saved
    recoverable = Signal(object)  # list[RecoveryFolder], copies that a crash left, the newest first

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        settings: Settings,
        recovery_root: Path,
        find: FindModel = find_model,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self._settings = settings
        self._root = recovery_root
        self._locks = recovery_root.with_name("open-projects")
        self._lock: FileLock | None = None  # of the project's file
        self._find = find
        self._path: Path | None = None
        self._name = ""
        self._codec = jobs.Codec()
        self._folder: RecoveryFolder | None = None
        self._copied = document.revision
        self._order: list[int] = []  # pages by when they were shown, the last one at the end
        self.timer = QTimer(self, interval=settings.recovery_minutes * MINUTE_MS)
        self.timer.timeout.connect(self.keep_copy)
        self.timer.start()
        document.page_wanted.connect(self._load_page)
        document.page_changed.connect(self._page_shown)
        self._room = QTimer(self, singleShot=True, interval=ROOM_MS)
        self._room.timeout.connect(self._make_room)
        document.pages_changed.connect(self._room.start)

    @property
    def path(self) -> Path | None:
        """The project's file, None before it was saved."""
        return self._path

    @property
    def name(self) -> str:
        """What the project is called."""
        return self._name or (self._path.stem if self._path else self.tr("Untitled"))

    @property
    def is_saving(self) -> bool:
        """Whether a project is being written."""
        return any(job.key == SAVE_KEY for job in self.runner.jobs)

    @property
    def needs_saving(self) -> bool:
        """Whether there is something that would be lost."""
        return self.document.is_modified and (self._path is not None or not self.document.is_blank)

    def new(self) -> None:
        """Start a new project with one empty page and the last settings. Unsaved changes are lost."""
        self.runner.cancel_all()
        page, character = (
            Page(0, line_settings=self._settings.lines, finish_settings=self._settings.finish),
            Character(0),
        )
        self._codec = jobs.Codec()
        self._begin((page.with_cast([character]),), 0, self._settings.model, None, characters=(character,))

    def open(self, path: Path) -> None:
        """Open a project in place of this one. Changes that are not saved are gone."""
        self.submit(Lane.FILES, self.tr("Opening…"), jobs.read(path, self._find), partial(self._read, path), OPEN_KEY)

    def save(self, path: Path | None = None) -> None:
        """Write the project, by default where it lies already; there must be such a place then."""
        target = path or self._path
        assert target is not None
        try:
            lock = self._claim_file(target)
        except BlockingIOError:
            self._save_failed(
                NurieError(self.tr("{0} is open in another window; save under another name.").format(target.name))
            )
            return
        revision = self.document.revision
        steps = jobs.write(target, self._snapshot(), self._codec, self._find)
        done = partial(self._saved, revision, lock)
        self.submit(
            Lane.PROJECT,
            self.tr("Saving…"),
            steps,
            done,
            SAVE_KEY,
            stoppable=False,
            on_failed=partial(self._save_failed, lock=lock),
        )

    def keep_copy(self) -> None:
        """Bring the copy for a crash up to date, if something has changed since."""
        if not self.needs_saving or self.document.revision == self._copied or self.is_saving:
            return
        self._copied = self.document.revision
        steps = jobs.keep_copy(self._claim, self._snapshot(), self._codec, self._find, self.name, self._path)
        self.submit(Lane.PROJECT, self.tr("Keeping a copy…"), steps, self._kept, COPY_KEY, stoppable=False, quiet=True)

    def set_recovery(self, minutes: int) -> None:
        """How often a copy for a crash is kept, from now on."""
        self._settings.recovery_minutes = minutes
        self.timer.setInterval(minutes * MINUTE_MS)

    def look_for_copies(self) -> None:
        """Tell by `recoverable` of copies that a crash left, at once: nobody should begin anew meanwhile."""
        steps = jobs.left_behind(self._root)
        self.submit(Lane.PROJECT, self.tr("Looking for copies…"), steps, self._found, quiet=True, waits=False)

    def recover(self, folder: RecoveryFolder) -> None:
        """Open a copy as a changed project; the person's file stays as it is until that is saved."""
        steps = jobs.recover(folder, self._find)
        self.submit(Lane.FILES, self.tr("Opening…"), steps, partial(self._recovered, folder), OPEN_KEY)

    def install_model(self, offer: ModelOffer) -> None:
        """Install the model that came with the project, as a person has agreed, and color with it."""
        title = self.tr("Installing the model…")
        done = partial(self._installed, offer)
        self.submit(
            Lane.FILES, title, project_model.install(offer), done, f"project-model {offer.name}", stoppable=False
        )

    def decline_model(self, offer: ModelOffer) -> None:
        """A person does not want it."""
        told = self.tr("The model {0} was not installed; the default one is used, and the next save leaves it out.")
        self.noticed.emit(told.format(offer.name))

    def discard(self) -> None:
        """Changes that are not saved need not be asked about, nor recovered."""
        self.document.mark_modified(False)
        self._clear_copy()

    def close(self) -> None:
        """Leave no copy behind, except of what is not saved. The jobs are over already."""
        self.timer.stop()
        if self._folder is not None:
            self._folder.release(keep=self.needs_saving and self._folder.about is not None)
            self._folder = None
        self._keep_lock(None)

    def suggested_path(self) -> Path:
        """Where to save if nothing else is said: beside the first drawing, or where things were saved last."""
        if self._path is not None:
            return self._path
        drawings = [page.drawing for page in self.document.pages if page.drawing is not None]
        beside = paths.folder_of(drawings[0].path if drawings else None)
        folder = self._settings.save_folder or beside or self._settings.open_folder
        stem = Path(drawings[0].picture.name).stem if drawings else self.tr("Untitled")
        return folder / f"{stem}{SUFFIX}"

    def remember(self, path: Path) -> None:
        """Put a project first in the list of recent projects."""
        self._settings.recent = [path, *(other for other in self._settings.recent if other != path)]

    def _snapshot(self) -> Snapshot:
        document = self.document
        return Snapshot(document.pages, document.page_id, document.model, characters=document.characters)

    def _claim(self) -> RecoveryFolder | None:
        if self._folder is None:
            from app.project_file.recovery import RecoveryFolder

            self._folder = RecoveryFolder.claim(self._root)
        return self._folder

    def _begin(
        self,
        pages: tuple[Page, ...],
        page_id: int,
        model: str | None,
        path: Path | None,
        name: str = "",
        *,
        characters: tuple[Character, ...] = (),
    ) -> None:
        self._order = [page_id]
        if path is None:
            self._keep_lock(None)
        self.document.replace_all(pages, page_id, model, characters)
        self._set_path(path, name)
        self._clear_copy()
        self.opened.emit()

    def _set_path(self, path: Path | None, name: str = "") -> None:
        self._path, self._name = path, name
        self.path_changed.emit()

    def _claim_file(self, path: Path) -> FileLock | None:
        """The lock of a project's file, the one that is held if it is this project's. Raises BlockingIOError."""
        from app.project_file import open_lock

        if self._path is not None and self._lock is not None and _is_same(path, self._path):
            return self._lock
        return open_lock.claim(self._locks, path)

    def _keep_lock(self, lock: FileLock | None) -> None:
        before, self._lock = self._lock, lock
        if before is not None and before is not lock:
            before.release(remove=True)

    def _read(self, path: Path, read: Opened) -> None:
        self._use(read, path)
        self.remember(path)
        self._settings.open_folder = path.parent
        if self._path is not None:
            self.noticed.emit(self.tr("Opened {0}.").format(path.name))

    def _use(self, read: Opened, path: Path | None, name: str = "") -> None:
        """Have this project instead of the one before; a copy of it where another window has it open."""
        project, notes = read.project, read.notes
        if path is not None:
            try:
                self._keep_lock(self._claim_file(path))
            except BlockingIOError:
                text = self.tr("{0} is open in another window. This is a copy of it; save it under another name.")
                notes = (text.format(path.name), *notes)
                path, name = None, path.stem
        self.runner.cancel_all()
        self._codec = jobs.Codec(project.codec)
        self._begin(project.pages, project.page_id, project.model, path, name, characters=project.characters)
        if notes:
            self.failed.emit(joined(notes, "\n\n"))
        for offer in read.offers:
            self.model_offered.emit(offer)

    def _installed(self, offer: ModelOffer, name: str) -> None:
        self.model_installed.emit()
        if offer.characters:
            changed = [
                replace(one, model=name) if one.id in offer.characters else one for one in self.document.characters
            ]
            self.document.change_project(changed)
        else:
            self.document.set_model(name)
        self.noticed.emit(self.tr("Installed the model {0}.").format(name))

    def _recovered(self, folder: RecoveryFolder, read: Opened) -> None:
        about = folder.about
        path, name = (about.path, about.name) if about else (None, "")
        self._use(read, path, name if path is None else "")
        # The copy is this project's now; its pictures are read from there until it is saved.
        if self._folder is not None:
            self._folder.release()
        self._folder = folder
        self.document.mark_modified(True)
        self._copied = self.document.revision
        self.noticed.emit(self.tr("Recovered {0}. Save it to keep it.").format(self.name))

    def _saved(self, revision: int, lock: FileLock | None, path: Path) -> None:
        self._keep_lock(lock)
        self._set_path(path)
        self.remember(path)
        self._settings.save_folder = path.parent
        if revision == self.document.revision:
            self.document.mark_modified(False)
            self._clear_copy()
        self.noticed.emit(self.tr("Saved {0}.").format(path.name))
        self.save_ended.emit(True)

    def _save_failed(self, error: Exception, lock: FileLock | None = None) -> None:
        if lock is not None and lock is not self._lock:
            lock.release(remove=True)
        self.failed.emit(error)
        self.save_ended.emit(False)

    def _clear_copy(self) -> None:
        """Nothing is to be recovered now. In the lane of the copies, where one may be on its way."""
        self._copied = self.document.revision
        if self._folder is not None:
            steps = jobs.clear_copy(self._folder)
            self.submit(Lane.PROJECT, "", steps, lambda _: None, quiet=True, stoppable=False)

    def _kept(self, problem: NurieError | None) -> None:
        if problem is not None:
            self._copied = -1  # tried again in a minute
            self.noticed.emit(engine_words.said(str(problem)))

    def _found(self, folders: list[RecoveryFolder]) -> None:
        if folders:
            self.recoverable.emit(folders)

    def _load_page(self, page_id: int) -> None:
        page = self.document.page(page_id)
        if page.stored is not None:
            done = partial(self.document.fill_page, page_id, page.stored)
            key, title = f"page-{page_id}", self.tr("Opening the drawing…")
            self.submit(Lane.FILES, title, jobs.load(page), done, key, on_failed=self._load_failed)

    def _load_failed(self, error: Exception) -> None:
        self.failed.emit(error)
        self.document.pages_changed.emit()  # for lists that show another page as chosen already

    def _page_shown(self) -> None:
        shown = self.document.page_id
        self._order = [*(one for one in self._order if one != shown), shown]

    def _make_room(self) -> None:
        """Compress pages that were not shown for long while all together are too large."""
        page = next(iter(jobs.to_pack(self.document.pages, self._order, KEPT_BYTES)), None)
        if page is not None:
            done = partial(self._packed, page)
            self.submit(Lane.PROJECT, "", jobs.pack(page, self._codec), done, "pack", quiet=True, stoppable=False)

    def _packed(self, page: Page, stored: StoredPage) -> None:
        self.document.store_page(page, stored, thumbnail_of(page))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one.absolute() == other.absolute()

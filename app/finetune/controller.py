"""Fine-tuning in the window: every verb a person has, on the document, the jobs and the child processes. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.controllers.controllers import Controllers
from app.document import steps as commands
from app.document.document import Document
from app.document.parts import ReferenceItem
from app.finetune import models, pictures, request
from app.finetune.events import Installed
from app.finetune.models import Catalogue
from app.finetune.pictures import SheetPicture
from app.finetune.request import FinetuneRequest, Note
from app.finetune.run import FinetuneRun, MakeChild, Measuring
from app.images.incoming import Source
from app.jobs.child_process import ChildProcess
from app.jobs.job import Lane
from app.jobs.long_run import RunState
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from engine.request import Progress

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry


@dataclass(frozen=True, kw_only=True)
class FinetuneControllers(Controllers):
    """The core's and this room's."""

    finetune: FinetuneController


class FinetuneController(JobOwner):
    """Begins runs, keeps them, and uses what they come to."""

    run_added = Signal(object)  # FinetuneRun
    run_removed = Signal(object)  # FinetuneRun
    run_opened = Signal(object)  # FinetuneRun, a person wants to see it
    run_ended = Signal(object)  # FinetuneRun, its child has ended
    models_changed = Signal()  # a model was installed or deleted

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        runs: Path,
        make_child: MakeChild = ChildProcess,
        parent: QObject | None = None,
    ) -> None:
        """runs: the folder in which each run has a folder of its own; it need not exist."""
        super().__init__(runner, parent)
        self.document = document
        self.runs: list[FinetuneRun] = []
        self._folder = runs
        self._make_child = make_child
        self._measuring: list[Measuring] = []
        self._is_closed = False

    @property
    def active(self) -> FinetuneRun | None:
        """The run that is being worked on."""
        return next((run for run in self.runs if run.is_alive), None)

    def new_folder(self) -> Path:
        """A free path for the folder of a run; the folder is not created."""
        return self._folder / request.new_name()

    def new_measuring(self) -> Measuring:
        """What asks how long a run would take."""
        made = Measuring(self._make_child, self)
        self._measuring.append(made)
        return made

    def end_measuring(self, measuring: Measuring, folder: Path | None) -> None:
        """It is not wanted any more. folder: to be removed as soon as nobody works in it."""
        measuring.stop()
        if measuring.is_idle:
            self._forget_measuring(measuring, folder)
        else:
            measuring.idle.connect(lambda: self._forget_measuring(measuring, folder))

    def find_unfinished(self) -> None:
        """List earlier runs that can be resumed, and remove those that are over."""
        self.work(self._look(), self._found, key="finetune-look")

    def read(
        self,
        origins: Sequence[Source | ReferenceItem],
        done: Callable[[tuple[SheetPicture, ...]], None],
        owner: QObject,
    ) -> None:
        """Read pictures to learn from; see `pictures.read`."""
        self.work(pictures.read(origins), done, owner=owner)

    def begin(self, asked: FinetuneRequest, folder: Path) -> FinetuneRun | None:
        """Fine-tune; None, with a word why, while another run is worked on."""
        if self._is_taken():
            return None
        run = self._add(asked, folder)
        run.of_project = True
        cast = self.document.current.cast
        run.character = cast[0].id if cast else None
        # The child makes its own files there at once; what this run is must lie there before.
        self.work(_note(folder, asked, is_over=False), lambda _: self._start(run), on_failed=self._not_noted(run))
        return run

    def resume(self, run: FinetuneRun) -> None:
        """Go on with a run that was interrupted."""
        if not self._is_taken():
            self._start(run)

    def adapt_to_references(self) -> None:
        """The quick preset, on the references of the drawing that is shown: teaches which color belongs where."""
        items = self.document.references
        if items and not self._is_taken():
            folder = self.new_folder()
            name = self.model_name(self.document.title or items[0].reference.name)
            planned = [run.request.name for run in self.runs]
            steps = _written(items, folder, self.document.model_in_use, planned)
            self.work(steps, partial(self._begin_quick, name, folder))

    def look_up(self, done: Callable[[Catalogue], None], owner: QObject) -> None:
        """Look up which names are free, and which model would be adapted."""
        steps = models.look_up(self.document.model_in_use, [run.request.name for run in self.runs])
        self.work(steps, done, owner=owner)

    def model_name(self, title: str) -> str:
        """A name for a model that learns what `title` says, such as a file's name."""
        return models.file_name(Path(title).stem) or self.tr("character")

    def use_model(self, name: str | None, character_id: int | None = None) -> None:
        """Color this project with the model; it can be undone. character_id: of the one whose drawings it is for, where
        the project has several."""
        text, characters = self.tr("Use Model"), self.document.characters
        if len(characters) > 1 and self.document.find_character(character_id or 0) is not None:
            changed = [replace(one, model=name) if one.id == character_id else one for one in characters]
            self.document.history.push(commands.ChangeProject(self.document, text, characters=changed))
        else:
            self.document.history.push(commands.UseModel(self.document, text, name))

    def install_anyway(self, run: FinetuneRun) -> None:
        """Install a model although it is no better than its base."""
        if run.kept_out is not None:
            steps = models.install(run.kept_out.file, run.request.name)
            self.work(steps, partial(self._installed_anyway, run), key="finetune-install")

    def install_file(self, path: Path) -> None:
        """Install a model from a file."""
        self.work(models.install(path, None), self._installed_file, key="finetune-install")

    def delete_model(self, name: str) -> None:
        """Take an adapted model off the disk; a project that uses it goes back to the default."""
        self.work(models.delete(name), self._deleted, key=f"finetune-delete-{name}")

    def forget_project(self) -> None:
        """Another project is open: runs begun before must not change its model when they end."""
        for run in self.runs:
            run.of_project, run.character = False, None

    def remove(self, run: FinetuneRun) -> None:
        """A person wants to see the run no longer; what it left on disk goes too."""
        if run not in self.runs or run.is_alive:
            return
        self.runs.remove(run)
        self.run_removed.emit(run)
        self.discard(run.folder)
        run.deleteLater()

    def discard(self, folder: Path) -> None:
        """A folder of a run that is not wanted any more."""
        self.work(_remove(folder), lambda _: None)

    def close(self) -> None:
        """End the children with the program; runs can go on another day."""
        self._is_closed = True
        for measuring in list(self._measuring):
            measuring.close()
        for run in self.runs:
            run.close()

    def work(
        self,
        steps: Generator[Progress, None, Any],
        done: Callable[[Any], None],
        key: str = "",
        *,
        lane: Lane = Lane.FILES,
        on_failed: Callable[[Exception], None] | None = None,
        owner: QObject | None = None,
    ) -> None:
        """Submit without a word in the status bar."""
        self.submit(lane, "", steps, done, key, stoppable=False, quiet=True, on_failed=on_failed, owner=owner)

    def _add(self, asked: FinetuneRequest, folder: Path) -> FinetuneRun:
        run = FinetuneRun(asked, folder, self._make_child, self)
        run.ended.connect(partial(self._ended, run))
        run.opened.connect(partial(self.run_opened.emit, run))
        run.removed.connect(partial(self.remove, run))
        run.resume_asked.connect(partial(self.resume, run))
        self.runs.append(run)
        self.run_added.emit(run)
        return run

    def _forget_measuring(self, measuring: Measuring, folder: Path | None) -> None:
        self._measuring.remove(measuring)
        measuring.deleteLater()
        if folder is not None:
            self.discard(folder)

    def _is_taken(self) -> bool:
        """Whether another run is worked on, which is told then: two at once would both be slow."""
        if self.active is None:
            return False
        self.failed.emit(self.tr("Another fine-tuning is going on; wait for it, or cancel it in the jobs panel."))
        return True

    def _start(self, run: FinetuneRun) -> None:
        if not self._is_closed and run in self.runs:
            run.start()

    def _not_noted(self, run: FinetuneRun) -> Callable[[Exception], None]:
        def fail(error: Exception) -> None:
            self.remove(run)
            self.failed.emit(error)

        return fail

    def _begin_quick(self, name: str, folder: Path, written: tuple[tuple[Path, ...], Catalogue]) -> None:
        paths, catalogue = written
        if not paths:
            self.failed.emit(self.tr("These references show nothing to learn from; add a colored picture."))
            return
        sigma = self.document.line_settings.sigma
        asked = FinetuneRequest(paths, catalogue.free(name), "quick", sigma, catalogue.base)
        run = self.begin(asked, folder)
        if run is not None:
            self.noticed.emit(self.tr("Adapting to these references; the jobs panel shows how far it is."))

    def _ended(self, run: FinetuneRun) -> None:
        if self._is_closed:
            return
        if run.state in (RunState.DONE, RunState.CANCELLED):
            self.work(_note(run.folder, run.request, is_over=True), lambda _: None)
        if run.installed is not None:
            self._use_installed(run, run.installed)
        self.run_ended.emit(run)

    def _use_installed(self, run: FinetuneRun, installed: Installed) -> None:
        run.model_before = self.document.model_in_use
        self.models_changed.emit()
        if run.of_project:
            self.use_model(installed.name, run.character)

    def _installed_anyway(self, run: FinetuneRun, entry: ModelEntry) -> None:
        run.mark_installed(Installed(entry.name, entry.path, entry.path.stat().st_size))
        if run.installed is not None:
            self._use_installed(run, run.installed)
            if not run.of_project:
                self.run_ended.emit(run)  # what asks whether to use it here

    def _installed_file(self, entry: ModelEntry) -> None:
        self.models_changed.emit()
        self.noticed.emit(self.tr("Installed {0}.").format(entry.name))

    def _deleted(self, name: str) -> None:
        if self.document.model == name:
            self.use_model(None)
        if any(one.model == name for one in self.document.characters):
            changed = [replace(one, model=None) if one.model == name else one for one in self.document.characters]
            step = commands.ChangeProject(self.document, self.tr("Use Model"), characters=changed)
            self.document.history.push(step)
        self.models_changed.emit()
        self.noticed.emit(self.tr("Deleted {0}.").format(name))

    def _look(self) -> Generator[Progress, None, list[Note]]:
        yield Progress("", 0.0)
        notes = [note for note in request.read_notes(self._folder) if request.is_free(note)]
        request.remove_folders([note.folder for note in notes if note.is_over] + request.abandoned(self._folder))
        return [note for note in notes if not note.is_over]

    def _found(self, notes: Sequence[Note]) -> None:
        there = {run.folder for run in self.runs}
        for note in notes:
            if note.folder not in there:
                self._add(note.request, note.folder)


def _note(folder: Path, asked: FinetuneRequest, *, is_over: bool) -> Generator[Progress, None, None]:
    yield Progress("", 0.0)
    request.write_note(folder, asked, is_over=is_over)


def _remove(folder: Path) -> Generator[Progress, None, None]:
    yield Progress("", 0.0)
    request.remove_folders([folder])


def _written(
    items: Sequence[ReferenceItem], folder: Path, model: str | None, planned: Sequence[str]
) -> Generator[Progress, None, tuple[tuple[Path, ...], Catalogue]]:
    sheet = yield from pictures.compare((yield from pictures.read(items)))
    paths = yield from pictures.write([one for one in sheet if not one.why], folder / "pictures")
    return paths, (yield from models.look_up(model, planned))

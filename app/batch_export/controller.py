"""Batches in the window: every verb a person has, on the jobs and the child processes. No widgets."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.batch.plan import STATE_FOLDER
from app.batch.request import BatchRequest, from_json
from app.batch_export import project_pictures as page_export
from app.batch_export.project_pictures import PagesWritten, PageWish
from app.batch_export.run import BatchRun
from app.controllers.controllers import Controllers
from app.controllers.settling import SettlingController
from app.document.document import Document
from app.document.parts import ReferenceItem
from app.jobs.child_process import ChildProcess
from app.jobs.child_run import MakeChild
from app.jobs.job import Lane
from app.jobs.long_run import RunState
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.settings import Settings
from engine.errors import NurieError, PictureError
from engine.request import Progress
from engine.sentences import joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.batch.plan import Plan
    from engine.palette import Palette

PLAN_KEY, EXPORT_KEY = "batch-plan", "batch-pages"


@dataclass(frozen=True, kw_only=True)
class BatchControllers(Controllers):
    """The core's and this room's."""

    batch: BatchController


class BatchController(JobOwner):
    """Looks what there is to do, begins batches, keeps them, and remembers those that are not finished."""

    run_added = Signal(object)  # BatchRun
    run_removed = Signal(object)  # BatchRun
    run_opened = Signal(object)  # BatchRun, a person wants to see it
    run_ended = Signal(object)  # BatchRun, its child has ended

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        settings: Settings,
        settling: SettlingController,
        make_child: MakeChild = ChildProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self.settings = settings
        self._settling = settling
        self.runs: list[BatchRun] = []
        self._make_child = make_child
        self._is_closed = False

    def find_unfinished(self) -> None:
        """List earlier batches that can be resumed."""
        for text in self.settings.unfinished_batches:
            request = from_json(text)
            if request is not None and request.output not in [run.request.output for run in self.runs]:
                self._add(request)

    def plan(
        self,
        request: BatchRequest,
        done: Callable[[Plan], None],
        failed: Callable[[str], None],
        owner: QObject,
    ) -> None:
        """Look what a batch would do. Once `owner` is gone nobody is told; a newer look takes an older one's place."""

        def tell(outcome: Plan | str) -> None:
            failed(outcome) if isinstance(outcome, str) else done(outcome)

        self.submit(Lane.FILES, "", partial(_plan, request), tell, PLAN_KEY, quiet=True, owner=owner)

    def begin(
        self, request: BatchRequest, references: Sequence[ReferenceItem] = (), palette: Palette | None = None
    ) -> BatchRun | None:
        """Begin a batch. references, palette: the window's, which are written beside the batch's journal first.

        None where a batch into this folder goes on already: that one is shown.
        """
        for run in self.runs:
            if Path(run.request.output) == Path(request.output):
                if run.is_alive:
                    self.run_opened.emit(run)
                    return None
                self.remove(run)
                break
        run = self._add(request)
        run.row.show(RunState.RUNNING, lambda: self.tr("Writing down the references…"))
        steps = partial(_written, request, tuple(references), palette)
        failed = partial(self._not_begun, run)
        self.submit(Lane.FILES, "", steps, partial(self._start, run), quiet=True, on_failed=failed)
        return run

    def export_pages(self, wish: PageWish) -> None:
        """Write the pictures of all drawings of the project, as they are colored now, in the palettes of now."""
        work = partial(page_export.export, self.document.pages, wish, self._settling.refinish)
        # A model is used in its own lane only.
        lane = Lane.COLOR if any(page.wants_finishing for page in self.document.pages) else Lane.FILES
        self.submit(lane, self.tr("Writing the pictures…"), work, self._exported, EXPORT_KEY)

    def _exported(self, result: PagesWritten) -> None:
        words = [self.tr("Wrote {0} pictures.").format(len(result.written))]
        if result.left:
            words.append(self.tr("{0} were there already and are left.").format(len(result.left)))
        if result.waiting:
            words.append(self.tr("{0} drawings are not colored yet.").format(len(result.waiting)))
        self.noticed.emit(" ".join(words))
        if result.failures:
            self.failed.emit(PictureError(joined(dict.fromkeys(result.failures.values()), "\n\n")))

    def remove(self, run: BatchRun) -> None:
        """A person wants to see the batch no longer; what it made stays."""
        if run in self.runs and not run.is_alive:
            self.runs.remove(run)
            self._remember()
            self.run_removed.emit(run)
            run.deleteLater()

    def close(self) -> None:
        """End the children with the program; batches can go on another day."""
        self._is_closed = True
        for run in self.runs:
            run.close()

    def _add(self, request: BatchRequest) -> BatchRun:
        run = BatchRun(request, self._make_child, self)
        run.ended.connect(partial(self._ended, run))
        run.opened.connect(partial(self.run_opened.emit, run))
        run.removed.connect(partial(self.remove, run))
        self.runs.append(run)
        self.run_added.emit(run)
        return run

    def _start(self, run: BatchRun, request: BatchRequest) -> None:
        if not self._is_closed and run in self.runs:
            run.request = request
            self._remember()
            run.start()

    def _not_begun(self, run: BatchRun, error: Exception) -> None:
        self.remove(run)
        self.failed.emit(error)

    def _ended(self, run: BatchRun) -> None:
        if not self._is_closed:
            self._remember()
            self.run_ended.emit(run)

    def _remember(self) -> None:
        """Store the unfinished batches, so that one whose window is killed can go on at the next start."""
        self.settings.unfinished_batches = [run.request.to_json() for run in self.runs if not run.row.is_over]
        self.settings.sync()


def _plan(request: BatchRequest, should_stop: Callable[[], bool]) -> Generator[Progress, None, Plan | str]:
    from app.batch import folder_batch

    yield Progress("", 0.0)
    try:
        wish = request.batch_options()
        if request.watch:
            folder_batch.plan.check_folders(wish)
            if not folder_batch.plan.find_drawings(wish, should_stop).names:
                return folder_batch.plan.Plan(wish, ())
        return folder_batch.make_plan(wish, should_stop)
    except NurieError as error:
        return str(error)


def _written(
    request: BatchRequest,
    items: tuple[ReferenceItem, ...],
    palette: Palette | None,
    _should_stop: Callable[[], bool],
) -> Generator[Progress, None, BatchRequest]:
    """The request with files for what has none: the same pictures always in files of the same names and bytes."""
    import hashlib

    import numpy as np

    from app.batch import folder_batch
    from engine.export import palette_files
    from engine.export.png import write_png

    yield Progress("", 0.0)
    wish = request.batch_options()
    folder_batch.plan.check_folders(wish)
    folder = wish.output / STATE_FOLDER
    paths: list[Path] = []
    for item in items:
        reference = item.reference
        pixels = reference.pixels
        if reference.mask is not None:
            pixels = np.dstack([pixels, np.where(reference.mask, 255, 0).astype(np.uint8)])
        digest = hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=8).hexdigest()
        path = folder / "references" / f"{digest}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_png(path, pixels)
        paths.append(path)
        yield Progress("", len(paths) / len(items))
    file = None
    if palette is not None:
        file = folder / "palette.gpl"
        file.parent.mkdir(parents=True, exist_ok=True)
        palette_files.write(file, palette)
    return request.with_files(tuple(paths), file)

"""The verbs on the drawings of a project: remove, order, rename, leaf through, and color all of them. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.controllers import project_work as projects
from app.controllers.coloring_service import FINISH_KEY, ColoringService, pages_of
from app.controllers.coloring_service import KEY as COLOR_KEY
from app.document import steps as commands
from app.document.document import Document
from app.document.page import Page
from app.document.parts import Coloring
from app.jobs.job import Job, JobState, Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from engine.request import ColorizeRequest, Progress

KEY = "color-all"


class DrawingsController(JobOwner):
    """Works on the document's pages. What goes wrong arrives by `failed`."""

    changed = Signal()  # another page is being colored

    def __init__(
        self, document: Document, runner: JobRunner, coloring: ColoringService, parent: QObject | None = None
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self._coloring = coloring
        self._queue: list[int] = []
        self._total = 0
        self._page: Page | None = None  # that is being colored
        self._job: Job | None = None
        runner.changed.connect(self._make_way)

    @property
    def page_id(self) -> int | None:
        """The page that is being colored behind the window."""
        return self._page.id if self._page else None

    @property
    def uncolored(self) -> list[int]:
        """The pages that have all that a coloring needs, and none, or one from other references than they have now."""
        return [page.id for page in self.document.pages if page.wants_color]

    def remove(self, page_id: int) -> None:
        """Take a drawing out of the project."""
        step = commands.RemoveDrawing(self.document, self.tr("Remove Drawing"), page_id)
        self.document.history.push(step)

    def order(self, ids: Sequence[int]) -> None:
        """The drawings in another order."""
        self.document.history.push(commands.OrderDrawings(self.document, self.tr("Reorder Drawings"), ids))

    def rename(self, page_id: int, title: str) -> None:
        """Give a drawing another name; its file keeps its own."""
        step = commands.ChangePage(self.document, self.tr("Rename Drawing"), page_id=page_id, shows=False, title=title)
        self.document.history.push(step)

    def leaf(self, step: int) -> None:
        """Show the drawing so many places further on, beginning again after the last."""
        ids = [page.id for page in self.document.pages]
        self.document.show_page(ids[(ids.index(self.document.page_id) + step) % len(ids)])

    def color_all(self) -> None:
        """Color every drawing that has no colors, or none of its references of now, one after another; the window stays
        free for other work."""
        self._queue = [one for one in self.uncolored if one != self.page_id]
        self._total = len(self._queue)
        if self._job is None:
            self._next()

    def stop(self) -> None:
        """Color no more of them."""
        self._queue = []
        if self._job is not None:
            self.runner.cancel(self._job)

    def _next(self) -> None:
        self._page = self._job = None
        while self._queue and self._page is None:
            page = self.document.find_page(self._queue.pop(0))
            if page is not None and page.wants_color:
                self._color(page)
        self.changed.emit()

    def _color(self, page: Page) -> None:
        self._page = page
        number = self._total - len(self._queue)
        title = self.tr("Coloring drawing {0} of {1}…").format(number, self._total)
        self._job = self.submit(
            Lane.COLOR,
            title,
            partial(self._work, page, self.document.model_of(page)),
            self._colored,
            KEY,
            on_failed=self._failed,
            on_cancelled=self._cancelled,
        )

    def _work(
        self, page: Page, model: str | None, stop: Callable[[], bool]
    ) -> Generator[Progress, None, projects.Colored]:
        def answer(request: ColorizeRequest) -> Generator[Progress, None, Coloring]:
            return self._coloring.answer(request, page.options, model, stop)

        return projects.color(page, answer)

    def _colored(self, made: projects.Colored) -> None:
        page = self._page
        if page is not None:
            if made.content is not None and page.stored is not None:
                self.document.fill_page(page.id, page.stored, made.content)
            now = self.document.find_page(page.id)
            if now is not None and now.drawing is made.drawing and now.wants_color:
                self.document.change_page(page.id, lines=made.lines, coloring=made.coloring)
                self.document.mark_modified(True)
        self._next()

    def _failed(self, error: Exception) -> None:
        self.failed.emit(error)
        self._next()

    def _cancelled(self) -> None:
        self._page = self._job = None
        self._queue = []
        self.changed.emit()

    def _make_way(self) -> None:
        """What a person asks for comes first; the page that gives way for it is colored afterwards."""
        job, page = self._job, self._page
        if job is None or page is None or job.state != JobState.RUNNING:
            return
        if any(pages_of(kind, self.runner.jobs) for kind in (COLOR_KEY, FINISH_KEY)):
            queue = [page.id, *self._queue]
            self.runner.cancel(job)
            self._queue = queue
            self._next()

"""Drawings that are not in view follow the palette of their characters, one after another, when nobody waits."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from app.controllers import finish_work as finishing
from app.controllers.coloring_service import FINISH_KEY, ColoringService, pages_of
from app.controllers.coloring_service import KEY as COLOR_KEY
from app.document.document import Document
from app.document.page import Page, StoredContent
from app.document.parts import Coloring, ReferenceItem
from app.document.thumbnail import thumbnail_of
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from engine.options import FinishOptions
from engine.request import Progress

KEY = "settle"
REST_MS = 200  # without a further change: a color that is dragged is seen on the drawing in view first

Refinish = Callable[[Coloring, FinishOptions], Generator[Progress, None, Coloring]]


@dataclass(frozen=True, eq=False)
class Settled:
    """A page with its colors as its settings say. stored, thumbnail, own: of a page whose content is not in memory."""

    coloring: Coloring
    stored: StoredContent | None = None
    thumbnail: QImage | None = None
    own: tuple[ReferenceItem, ...] = ()


def settle(coloring: Coloring, wanted: FinishOptions, refinish: Refinish) -> Generator[Progress, None, Coloring]:
    """The coloring as these settings ask for; the network's guess stays. Raises NurieError and Cancelled."""
    if wanted.needs_finishing(coloring.settings):
        return (yield from refinish(coloring, wanted))
    return (yield from finishing.repaint(coloring, wanted))


class SettlingController(JobOwner):
    """Looks for drawings whose colors are older than their palette."""

    def __init__(
        self, document: Document, runner: JobRunner, coloring: ColoringService, parent: QObject | None = None
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self._coloring = coloring
        self._given_up: set[tuple[int, FinishOptions]] = set()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._next)
        for changed in (document.pages_changed, document.page_changed, document.characters_changed):
            changed.connect(self._rest.start)
        runner.changed.connect(self._look)

    @property
    def waiting(self) -> list[Page]:
        """The drawings that are not as they should be."""
        shown, busy = self.document.page_id, pages_of(COLOR_KEY, self.runner.jobs)
        return [
            page
            for page in self.document.pages
            if page.wants_finishing
            and page.id != shown
            and page.id not in busy
            and (page.id, page.finish_settings) not in self._given_up
        ]

    def set_rest(self, milliseconds: int) -> None:
        """How long nothing must have changed before other drawings follow."""
        self._rest.setInterval(milliseconds)

    @property
    def is_waiting(self) -> bool:
        """Whether there is something to be done in a moment."""
        return self._rest.isActive() and bool(self.waiting)

    def refinish(self, page: Page, stop: Callable[[], bool]) -> Refinish:
        """What finishes a coloring of this page anew."""
        model = self.document.model_of(page)
        return lambda coloring, wanted: self._coloring.refinish(coloring, wanted, model, stop)

    def _look(self) -> None:
        if not self._rest.isActive() and not self._is_working:
            self._rest.start()

    @property
    def _is_working(self) -> bool:
        return any(job.key == KEY for job in self.runner.jobs)

    def _next(self) -> None:
        if self._is_working or any(pages_of(kind, self.runner.jobs) for kind in (COLOR_KEY, FINISH_KEY)):
            return
        page = next(iter(self.waiting), None)
        if page is None:
            return
        made = page.stored.finished_as if page.stored else page.coloring.settings if page.coloring else None
        needs_model = made is not None and page.finish_settings.needs_finishing(made)
        self.submit(
            Lane.COLOR if needs_model else Lane.PROJECT,
            self.tr("Coloring {0} with the palette of now…").format(page.name),
            partial(self._work, page),
            partial(self._settled, page),
            KEY,
            stoppable=needs_model,
            quiet=True,
            on_failed=partial(self._failed, page),
        )

    def _work(self, page: Page, stop: Callable[[], bool]) -> Generator[Progress, None, Settled]:
        refinish = self.refinish(page, stop)
        if page.stored is None:
            assert page.coloring is not None
            return Settled((yield from settle(page.coloring, page.finish_settings, refinish)))
        whole = page.filled(page.stored.load(page))
        assert whole.coloring is not None
        coloring = yield from settle(whole.coloring, page.finish_settings, refinish)
        whole = replace(whole, coloring=coloring)
        return Settled(coloring, page.stored.repacked(whole), thumbnail_of(whole), whole.all_own)

    def _settled(self, page: Page, made: Settled) -> None:
        if made.stored is not None and made.thumbnail is not None:
            self.document.restore_page(page, made.stored, made.thumbnail, made.own)
        else:
            now = self.document.find_page(page.id)
            if now is not None and now.coloring is page.coloring:
                self.document.change_page(page.id, coloring=made.coloring)
        self._rest.start()

    def _failed(self, page: Page, error: Exception) -> None:
        self._given_up.add((page.id, page.finish_settings))
        self.failed.emit(error)
        self._rest.start()

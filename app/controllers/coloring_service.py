"""Coloring and finishing in the background: loads the model once, keeps it, and lets the newest request win."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.controllers import finish_work as finishing
from app.document.parts import Coloring
from app.jobs.job import Job, Lane
from app.jobs.runner import JobRunner
from app.jobs.warm_up import import_torch
from engine import pipeline
from engine.colorizer import Colorizer
from engine.options import FinishOptions, Options
from engine.pipeline import NETWORK_SHARE
from engine.request import ColorizeRequest, ColorizeResult, DeviceChoice, Progress

if TYPE_CHECKING:
    pass

translate = QCoreApplication.translate

KEY = "color"  # and the page's id: jobs of several drawings go on beside each other
FINISH_KEY = "finish"
WARM_UP_KEY = "warm-up"


class ModelFile(Protocol):
    """What is asked of a model; `engine.model_catalog.ModelEntry` is one."""

    @property
    def name(self) -> str: ...
    @property
    def path(self) -> Path: ...
    def sha256(self) -> str: ...


def key_of(kind: str, page_id: int) -> str:
    """The key of a page's jobs of this kind, `KEY` or `FINISH_KEY`."""
    return f"{kind} {page_id}"


def pages_of(kind: str, jobs: Iterable[Job]) -> frozenset[int]:
    """The pages that have a job of this kind."""
    found = (job.key.removeprefix(f"{kind} ") for job in jobs if job.key.startswith(f"{kind} "))
    return frozenset(int(one) for one in found)


FindModel = Callable[[str | None], ModelFile]
LoadColorizer = Callable[[Path], Colorizer]


def find_model(name: str | None) -> ModelFile:
    """The installed model of this name, the default one for None. Raises CheckpointError."""
    from app import paths

    paths.announce_models()
    return pipeline.find_model(name)


def load_colorizer(path: Path, device: DeviceChoice = "auto") -> Colorizer:
    """The real colorizer. Imports torch. Raises CheckpointError and DeviceError."""
    import_torch()
    from engine import model_loading

    return model_loading.load_colorizer(path, device)


class ColoringService(QObject):
    """Answers requests with `Coloring`s, one at a time."""

    colored = Signal(object)  # Coloring
    finished = Signal(object)  # Coloring, the same guess finished anew
    failed = Signal(object)  # Exception
    cancelled = Signal()
    warmed_up = Signal()
    warm_up_failed = Signal(object)  # Exception

    def __init__(
        self,
        runner: JobRunner,
        find: FindModel = find_model,
        load: LoadColorizer = load_colorizer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._find = find
        self._load = load
        self._model: str | None = None
        self._asked: dict[int, tuple[ColorizeResult, FinishOptions]] = {}  # what was to be finished anew last, by page
        # Touched by the coloring thread only.
        self._loaded: tuple[Path, Colorizer] | None = None
        self.is_warm = False

    @property
    def model(self) -> str | None:
        """Name of the model in use, None for the default."""
        return self._model

    def use_model(self, name: str | None) -> None:
        """Color with this model from the next request on."""
        if name != self._model:
            self._model = name
            self.is_warm = False

    def warm_up(self) -> None:
        """Load the model before it is needed."""
        self._runner.submit(
            Job(
                Lane.COLOR,
                translate("ColoringService", "Warming up…"),
                lambda _stop: self._warm_up(self._model),
                on_done=lambda _: self._warm(),
                on_failed=self.warm_up_failed.emit,
                key=WARM_UP_KEY,
                # Nothing can stop an import halfway, and what it loads is needed anyway.
                stoppable=False,
            )
        )

    def color(self, request: ColorizeRequest, options: Options, page_id: int = 0) -> None:
        """Answer this request of a page and finish as `options` say; one of the same page that is being answered is
        cancelled, those of other pages go on."""
        model = self._model
        self.cancel_finishing(page_id)
        self._runner.submit(
            Job(
                Lane.COLOR,
                translate("ColoringService", "Coloring…"),
                lambda stop: self.answer(request, options, model, stop),
                on_done=self._colored,
                on_failed=self.failed.emit,
                on_cancelled=self.cancelled.emit,
                key=key_of(KEY, page_id),
            )
        )

    def finish(self, coloring: Coloring, settings: FinishOptions, page_id: int = 0) -> None:
        """Finish a page's guess in another way, when what is being colored is done."""
        model = self._model
        if page_id in pages_of(FINISH_KEY, self._runner.jobs) and page_id in self._asked:
            result, asked = self._asked[page_id]
            if result is coloring.result and not settings.needs_finishing(asked):
                return
        self._asked[page_id] = coloring.result, settings
        self._runner.submit(
            Job(
                Lane.COLOR,
                translate("ColoringService", "Finishing…"),
                lambda stop: self.refinish(coloring, settings, model, stop),
                on_done=self.finished.emit,
                on_failed=self.failed.emit,
                key=key_of(FINISH_KEY, page_id),
            )
        )

    def ask(
        self,
        title: str,
        work: Callable[[Colorizer], Generator[Progress, None, Any]],
        on_done: Callable[[Any], None],
        key: str,
    ) -> None:
        """Let the model answer something else, when what is being colored is done. A newer question of the same key
        takes the place of the older one."""
        model = self._model
        steps = self._ask(work, model)
        self._runner.submit(Job(Lane.COLOR, title, lambda _stop: steps, on_done, self.failed.emit, key))

    def cancel_finishing(self, page_id: int = 0) -> None:
        """What of this page is being finished anew is no longer wanted."""
        for job in self._runner.jobs:
            if job.key == key_of(FINISH_KEY, page_id):
                self._runner.cancel(job)

    @property
    def is_busy(self) -> bool:
        """Whether a request is waiting or being answered."""
        return bool(pages_of(KEY, self._runner.jobs))

    def _warm(self) -> None:
        self.is_warm = True
        self.warmed_up.emit()

    def _colored(self, coloring: Coloring) -> None:
        self.is_warm = True
        self.colored.emit(coloring)

    def _warm_up(self, model: str | None) -> Generator[Progress, None, None]:
        yield Progress(translate("ColoringService", "Warming up…"), 0.0)
        self._colorizer(model)

    def answer(
        self, request: ColorizeRequest, options: Options, model: str | None, should_stop: Callable[[], bool]
    ) -> Generator[Progress, None, Coloring]:
        """The work of a job in the coloring lane: color and finish. Raises NurieError and Cancelled.

        No model is needed for colors that came with the drawing.
        """
        from engine import reopening

        yield Progress(translate("ColoringService", "Loading the model…"), 0.0)
        if reopening.can_color(request):
            from engine.colorizers.own_colors import OwnColors

            own = OwnColors()
            result = yield from own.colorize(request)
            return (yield from finishing.finish(own, request, result, options, ("", ""), should_stop))
        entry, colorizer = self._colorizer(model)
        result = yield from pipeline.part(pipeline.color(colorizer, request, should_stop), 0.0, NETWORK_SHARE)
        made_by = entry.name, entry.sha256()
        steps = finishing.finish(colorizer, request, result, options, made_by, should_stop)
        return (yield from pipeline.part(steps, NETWORK_SHARE, 1.0))

    def refinish(
        self, coloring: Coloring, settings: FinishOptions, model: str | None, should_stop: Callable[[], bool]
    ) -> Generator[Progress, None, Coloring]:
        """The work of a job in the coloring lane: finish a guess in another way. Raises NurieError and Cancelled."""
        yield Progress(translate("ColoringService", "Finishing…"), 0.0)
        _, colorizer = self._colorizer(model)
        made_by = coloring.model, coloring.sha256
        before = coloring.finished
        options = replace(coloring.options, finish=settings)
        steps = finishing.finish(colorizer, before.request, coloring.result, options, made_by, should_stop, before)
        return (yield from steps)

    def _ask(
        self, work: Callable[[Colorizer], Generator[Progress, None, Any]], model: str | None
    ) -> Generator[Progress, None, Any]:
        yield Progress(translate("ColoringService", "Loading the model…"), 0.0)
        return (yield from work(self._colorizer(model)[1]))

    def _colorizer(self, model: str | None) -> tuple[ModelFile, Colorizer]:
        entry = self._find(model)
        if self._loaded is None or self._loaded[0] != entry.path:
            # The old one goes first: two models at once may be more than the memory holds.
            self._loaded = None
            self._loaded = entry.path, self._load(entry.path)
        return entry, self._loaded[1]

"""The walk of a drawing through the window: every verb a person has, on the document and the jobs. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app import incoming, resources
from app.document.document import Document
from app.document.parts import Coloring, Lines, LineSettings, ReferenceItem
from app.finish_walk import FinishWalk
from app.incoming import Incoming
from app.jobs import pictures
from app.jobs.coloring import KEY as COLOR_KEY
from app.jobs.coloring import ColoringService
from app.jobs.job import Job, Lane
from app.jobs.pictures import ReadPictures
from app.jobs.runner import JobRunner
from app.settings import Settings
from engine.request import Progress

Answer = Literal["extract", "ink", "reference"]
COLOR_DELAY_MS = 250
LINES_KEY, DRAWING_KEY, SAVE_KEY, COPY_KEY = "lines", "drawing", "save", "copy"


class Walk(QObject):
    """Opens, prepares, colors, saves. Results arrive in the document; what goes wrong arrives by `failed`."""

    failed = Signal(object)  # an exception, or a sentence
    noticed = Signal(str)  # a sentence for the status bar
    choice_changed = Signal(bool)  # whether a person is to be asked what a color picture is to be
    save_ended = Signal(bool)  # whether the picture was saved
    copied = Signal(object)  # the QImage for the clipboard

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        coloring: ColoringService,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.runner = runner
        self.coloring = coloring
        self.settings = settings
        self.finishing = FinishWalk(document, runner, coloring, settings, self)
        self._delay = QTimer(self, singleShot=True, interval=COLOR_DELAY_MS)
        self._delay.timeout.connect(self._color_if_possible)
        coloring.colored.connect(self._colored)
        coloring.failed.connect(self.failed)
        self.finishing.failed.connect(self.failed)
        self.finishing.noticed.connect(self.noticed)
        document.references_changed.connect(self.color_soon)
        document.lines_changed.connect(self.color_soon)

    @property
    def needs_choice(self) -> bool:
        """Whether the drawing is a color picture nobody has said what to do with."""
        drawing = self.document.drawing
        return drawing is not None and drawing.kind == "color" and self.document.line_settings.mode == "auto"

    @property
    def is_saving(self) -> bool:
        """Whether a picture is being written."""
        return any(job.key == SAVE_KEY for job in self.runner.jobs)

    def open_drawing(self, what: Incoming) -> None:
        """Begin with another drawing. Of several pictures the line art is the drawing, the others are references."""
        if self._refused(what):
            return
        read = pictures.read_drawing(what.sources)
        self._submit(Lane.FILES, self.tr("Reading…"), read, self._drawing_read, key=DRAWING_KEY)

    def add_references(self, what: Incoming) -> None:
        """Take colors from these pictures too."""
        if self._refused(what):
            return
        self._submit(Lane.FILES, self.tr("Reading…"), pictures.read_references(what.sources), self._references_read)

    def open_sample(self) -> None:
        """The drawing and reference that come with the program."""
        found = resources.sample()
        if found is None:
            self.failed.emit(self.tr("The sample pictures are not installed with this copy of Nurie."))
            return
        drawing, references = found
        self.document.set_references(())
        self.add_references(incoming.from_files(references))
        self.open_drawing(incoming.from_files([drawing]))

    def choose(self, answer: Answer) -> None:
        """What the color picture on the canvas is to be: lines extracted from it, line art as it is, or a reference."""
        drawing = self.document.drawing
        if drawing is None:
            return
        if answer == "reference":
            self.document.set_drawing(None)
            self.choice_changed.emit(False)
            self._submit(Lane.FILES, self.tr("Reading…"), pictures.as_reference(drawing), self._add_item)
        else:
            self.set_line_settings(replace(self.document.line_settings, mode=answer))

    def set_line_settings(self, settings: LineSettings) -> None:
        """Make lines in another way; the canvas follows at once, the colors a little later."""
        before = self.document.line_settings
        if settings == before:
            return
        self.document.set_line_settings(settings)
        self.settings.sigma, self.settings.sharp = settings.sigma, settings.sharp
        self.choice_changed.emit(self.needs_choice)
        lines = self.document.lines
        if lines is not None and not lines.line_art.extracted and settings.mode == before.mode:
            # Sigma does not touch the artist's own ink, only the lines read from the references.
            self.color_soon()
        else:
            self._prepare_lines()

    def remove_references(self, items: Sequence[ReferenceItem]) -> None:
        """Take no more colors from these."""
        self.document.set_references([item for item in self.document.references if item not in items])

    def order_references(self, items: Sequence[ReferenceItem]) -> None:
        """The same references in another order."""
        self.document.set_references(items)

    def color_soon(self) -> None:
        """Color when a moment has passed without a further change. What is being colored is out of date already."""
        self._cancel_coloring()
        if self.settings.auto_color:
            self._delay.start()

    def color_now(self) -> None:
        """Color without waiting, or say what is missing."""
        self._delay.stop()
        request = self.document.request()
        if request is not None:
            self.coloring.color(request, self.document.finish_settings)
        elif self.document.drawing is None:
            self.noticed.emit(self.tr("Open a drawing first."))
        elif self.needs_choice:
            self.noticed.emit(self.tr("Choose above the canvas what to do with this color picture."))
        elif not self.document.references:
            self.noticed.emit(self.tr("Add a reference to take colors from."))

    def set_auto_color(self, value: bool) -> None:
        """Color at every change, or only when asked."""
        self.settings.auto_color = value
        if value and self.document.coloring is None:
            self._delay.start()

    def use_model(self, name: str | None) -> None:
        """Color with another model."""
        if name == self.coloring.model:
            return
        self.settings.model = name
        self.coloring.use_model(name)
        if self.document.request() is not None:
            self.color_soon()
        else:
            self.coloring.warm_up()

    def cancel(self) -> None:
        """Stop what can be stopped."""
        self._delay.stop()
        self.runner.cancel_all()
        self.noticed.emit(self.tr("Cancelled."))

    def save(self, path: Path) -> None:
        """Write the colored picture; the suffix says whether in layers."""
        drawing, coloring, lines = self.document.drawing, self.document.coloring, self.document.lines
        if drawing is None or coloring is None or lines is None:
            self.save_ended.emit(False)
            return
        self._submit(
            Lane.FILES,
            self.tr("Saving…"),
            pictures.save(path, drawing, coloring, lines),
            partial(self._saved, coloring, lines),
            key=SAVE_KEY,
            stoppable=False,
            on_failed=self._save_failed,
        )

    def suggested_path(self) -> Path:
        """Where to save if nothing else is said: beside the drawing, or where a picture was saved last."""
        drawing = self.document.drawing
        folder = self.settings.save_folder
        if folder is None:
            folder = drawing.path.parent if drawing and drawing.path else self.settings.open_folder
        stem = Path(self.document.title).stem or self.tr("drawing")
        return folder / self.tr("{0} colored.png").format(stem)

    def copy(self) -> None:
        """Make the colored picture ready for the clipboard; it arrives by `copied`."""
        coloring, lines = self.document.coloring, self.document.lines
        if coloring is not None and lines is not None:
            steps = pictures.flattened_image(coloring, lines)
            self._submit(Lane.FILES, self.tr("Copying…"), steps, self.copied.emit, key=COPY_KEY)

    def _submit(
        self,
        lane: Lane,
        title: str,
        steps: Generator[Progress, None, Any],
        on_done: Callable[[Any], None],
        *,
        key: str = "",
        stoppable: bool = True,
        quiet: bool = False,
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        # The generator begins to work only when its lane takes the first step.
        failed = on_failed or self.failed.emit
        job = Job(lane, title, lambda _stop: steps, on_done, failed, key=key, stoppable=stoppable, quiet=quiet)
        self.runner.submit(job)

    def _refused(self, what: Incoming) -> bool:
        if what.refusal:
            self.failed.emit(what.refusal)
        return not what.sources

    def _drawing_read(self, read: ReadPictures) -> None:
        self._report(read.problems)
        if read.drawing is None:
            return
        if read.drawing.path is not None:
            self.settings.open_folder = read.drawing.path.parent
        self._cancel_coloring()
        self.document.set_line_settings(replace(self.document.line_settings, mode="auto"))
        self.document.set_drawing(read.drawing)
        if read.references:
            self.document.set_references((*self.document.references, *read.references))
        self.choice_changed.emit(self.needs_choice)
        self._prepare_lines()

    def _references_read(self, read: ReadPictures) -> None:
        self._report(read.problems)
        self.document.set_references((*self.document.references, *read.references))

    def _add_item(self, item: ReferenceItem) -> None:
        self.document.set_references((*self.document.references, item))

    def _prepare_lines(self) -> None:
        drawing, settings = self.document.drawing, self.document.line_settings
        if drawing is None or self.needs_choice:
            self.document.set_lines(None)
            return
        if settings.mode == "auto":
            settings = replace(settings, mode="ink")  # it looks like line art, or there would be a choice to make
        work = pictures.make_lines(drawing, settings)
        done = partial(self._lines_made, drawing)
        self._submit(
            Lane.LINES, self.tr("Preparing the lines…"), work, done, key=LINES_KEY, stoppable=False, quiet=True
        )

    def _lines_made(self, drawing: object, lines: Lines) -> None:
        # The job before the newest may end late, after another drawing came or the person went back to choosing.
        if drawing is self.document.drawing and not self.needs_choice:
            self.document.set_lines(lines)

    def _cancel_coloring(self) -> None:
        self._delay.stop()
        for job in self.runner.jobs:
            if job.key == COLOR_KEY:
                self.runner.cancel(job)

    def _color_if_possible(self) -> None:
        request = self.document.request()
        if request is not None:
            self.coloring.color(request, self.document.finish_settings)

    def _colored(self, coloring: Coloring) -> None:
        self.document.set_coloring(coloring)
        result = coloring.result
        told = " ".join(result.notes) or self.tr("Colored in {0:.1f} s on {1} ({2}).").format(
            result.seconds, result.device.upper(), result.precision
        )
        self.noticed.emit(told)

    def _saved(self, coloring: Coloring, lines: Lines, written: tuple[Path, tuple[str, ...]]) -> None:
        path, notes = written
        self.settings.save_folder = path.parent
        if coloring is self.document.coloring:
            self.document.mark_saved(coloring, lines, path)
        self.noticed.emit(" ".join((self.tr("Saved {0}.").format(path.name), *notes)))
        self.save_ended.emit(True)

    def _save_failed(self, error: Exception) -> None:
        self.failed.emit(error)
        self.save_ended.emit(False)

    def _report(self, problems: Sequence[str]) -> None:
        if problems:
            self.failed.emit("\n\n".join(problems))

"""Opens, prepares, colors and saves drawings: what a person can do, on the document and the jobs. No widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from app import paths
from app.controllers import coloring_work as pictures
from app.controllers import layer_work
from app.controllers.cast import CastController
from app.controllers.coloring_service import KEY as COLOR_KEY
from app.controllers.coloring_service import ColoringService, key_of, pages_of
from app.controllers.coloring_work import ReadPictures
from app.controllers.finish import FinishController
from app.document import making
from app.document import steps as commands
from app.document.character import Character
from app.document.document import Document
from app.document.history import Step
from app.document.page import Page
from app.document.parts import Coloring, Drawing, LayerChoice, Lines, ReferenceItem
from app.images import incoming
from app.images.incoming import Incoming
from app.jobs.job import Lane
from app.jobs.owner import JobOwner
from app.jobs.runner import JobRunner
from app.language import engine_words, numbers
from app.settings import Settings
from engine.corrections import Corrections
from engine.export.formats import Quality
from engine.options import ExportOptions, LineOptions, Sampling
from engine.request import ColorizeRequest
from engine.sentences import joined

Answer = Literal["extract", "ink", "reference"]
COLOR_DELAY_MS = 250
LINES_KEY, SAVE_KEY, COPY_KEY = "lines", "save", "copy"


class ColoringController(JobOwner):
    """Opens, prepares, colors, saves. Results arrive in the document; what goes wrong arrives by `failed`."""

    layers_asked = Signal(object)  # a LayerQuestion, to be answered by open_chosen
    choice_changed = Signal(bool)  # whether a person is to be asked what a color picture is to be
    line_art_asked = Signal(object)  # ReadPictures with line art among its references, to answer_line_art
    save_ended = Signal(bool)  # whether the picture was saved
    copied = Signal(object)  # the QImage for the clipboard
    models_listed = Signal()  # which models are installed was looked up

    def __init__(
        self,
        document: Document,
        runner: JobRunner,
        coloring: ColoringService,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(runner, parent)
        self.document = document
        self.coloring = coloring
        self.settings = settings
        self.cast = CastController(document, self)
        self.cast.noticed.connect(self.noticed)
        self.finishing = FinishController(document, runner, coloring, settings, self.cast, self)
        self.models: tuple[Any, ...] = ()  # `engine.model_catalog.ModelEntry`, or what a test has like it
        self.shown_layers = LayerChoice()  # the others are hidden in layered files
        self._delay = QTimer(self, singleShot=True, interval=COLOR_DELAY_MS)
        self._delay.timeout.connect(self._color_if_possible)
        self._asked: dict[int, tuple[ColorizeRequest, str | None]] = {}  # by page: what it was colored for last
        self._asked_lines: dict[int, tuple[Drawing, LineOptions]] = {}  # the same for its lines
        coloring.colored.connect(self._colored)
        coloring.failed.connect(self.failed)
        self.finishing.failed.connect(self.failed)
        self.finishing.noticed.connect(self.noticed)
        document.drawing_changed.connect(self._catch_up_lines)
        document.line_settings_changed.connect(self._catch_up_lines)
        document.references_changed.connect(self.color_soon)
        document.sampling_changed.connect(self.color_soon)
        document.figure_changed.connect(self.color_soon)
        document.lines_changed.connect(self.color_soon)
        document.model_changed.connect(self._model_changed)

    @property
    def model(self) -> Any:
        """The catalogue's entry of the model in use; None where it is not known yet."""
        name = self.document.model_in_use
        return next((one for one in self.models if name in (None, one.name)), None)

    def list_models(self, models: Sequence[Any]) -> None:
        """Take note of the installed models. One that was chosen once and is gone gives way to the default."""
        if self.document.model not in [None, *(model.name for model in models)]:
            self.settings.model = None
            self.document.set_model(None)
        self.models = tuple(models)
        self.models_listed.emit()

    @property
    def needs_choice(self) -> bool:
        """Whether the drawing is a color picture and the person has not yet chosen what to do with it."""
        return self.document.current.needs_choice

    @property
    def coloring_pages(self) -> frozenset[int]:
        """The pages that are being colored; they need not be shown."""
        return pages_of(COLOR_KEY, self.runner.jobs)

    @property
    def is_saving(self) -> bool:
        """Whether a picture is being written."""
        return any(job.key == SAVE_KEY for job in self.runner.jobs)

    def open_drawing(self, what: Incoming) -> None:
        """Add drawings to the project. Of several pictures line art makes drawings, the others are references."""
        if not self._refused(what):
            self._read(what.sources, "drawing")

    def add_references(self, what: Incoming) -> None:
        """Take colors from these pictures too."""
        if not self._refused(what):
            self._read(what.sources, "reference")

    def add_panel_references(self, what: Incoming, panel: int) -> None:
        """Let one panel (from 1) of the drawing take its colors from these pictures alone."""
        if not self._refused(what):
            done = partial(self._panel_references_read, self.document.page_id, panel)
            self.submit(Lane.FILES, self.tr("Reading…"), pictures.read_references(what.sources), done)

    def _panel_references_read(self, page_id: int, panel: int, read: ReadPictures) -> None:
        self._report(read)
        if read.references and page_id == self.document.page_id:
            self.cast.give_to_panel(panel, read.references)

    def open_chosen(self, door: layer_work.Door, sources: Sequence[incoming.Source]) -> None:
        """Take in what was asked about by `layers_asked`, with the layers that were chosen."""
        if door == "drawing":
            self._open(sources)
        else:
            self.submit(Lane.FILES, self.tr("Reading…"), pictures.read_references(sources), self._references_read)

    def open_sample(self) -> None:
        """The drawing and reference that come with the program."""
        found = paths.sample()
        if found is None:
            self.failed.emit(self.tr("The sample pictures are not installed with this copy of Nurie."))
            return
        drawing, references = found
        self._open(incoming.from_files([drawing, *references]).sources, inherit=False)

    def open_beside(self, drawing: incoming.Source, references: Sequence[Path]) -> None:
        """A drawing that has references of its own and no character that is here; one that is here is shown."""
        path = drawing.path if isinstance(drawing, incoming.FileSource) else None
        known = next((page for page in self.document.pages if path is not None and page.path == path), None)
        if known is not None:
            self.document.show_page(known.id)
            return
        self._open([drawing, *incoming.from_files(references).sources], inherit=False)

    def choose(self, answer: Answer) -> None:
        """Use the color picture on the canvas: extract its lines, take it as line art, or make it a reference."""
        drawing = self.document.drawing
        if drawing is None:
            return
        if answer == "reference":
            done = partial(self._use_as_reference, drawing)
            self.submit(Lane.FILES, self.tr("Reading…"), pictures.as_reference(drawing), done)
        else:
            self.set_line_settings(replace(self.document.line_settings, lines=answer))

    @property
    def swap(self) -> ReferenceItem | None:
        """A reference that looks like line art, where the drawing is a color picture: they seem to be mixed up."""
        drawing = self.document.drawing
        if drawing is None or drawing.kind != "color" or self.document.line_settings.lines == "ink":
            return None
        return next((item for item in self.document.references if item.is_line_art), None)

    def swap_with(self, item: ReferenceItem) -> None:
        """The reference becomes the drawing, and the drawing a reference in its place."""
        drawing = self.document.drawing
        if drawing is not None and item in self.document.references:
            done = partial(self._swapped, drawing, item)
            self.submit(Lane.FILES, self.tr("Reading…"), pictures.swapped(drawing, item), done)

    def _swapped(self, before: Drawing, item: ReferenceItem, made: tuple[Drawing, ReferenceItem]) -> None:
        if before is not self.document.drawing or item not in self.document.references:
            return
        drawing, reference = made
        fields = {
            "drawing": drawing,
            "line_settings": replace(self.document.line_settings, lines="auto"),
            "finish_settings": replace(self.document.finish_settings, corrections=Corrections()),
        }
        text = self.tr("Swap Drawing and Reference")
        self.document.history.push(self.cast.step_exchanging(text, item, reference, fields))

    def set_line_settings(self, settings: LineOptions) -> None:
        """Make lines in another way; the canvas follows at once, the colors a little later."""
        before = vars(self.document.line_settings)
        control = ",".join(name for name, value in vars(settings).items() if value != before[name])
        texts = {
            "lines": self.tr("Kind of Lines"),
            "sigma": self.tr("Thickness"),
            "soft": self.tr("Edges"),
            "levels": self.tr("Black and White of the Lines"),
            "despeckle": self.tr("Specks"),
        }
        step = commands.ChangePage(
            self.document, texts.get(control, self.tr("Line Art")), control, line_settings=settings
        )
        self.document.history.push(step)
        self.settings.lines = settings

    def set_sampling(self, sampling: Sampling) -> None:
        """Change seed, steps or guidance of an engine that paints in steps; the colors follow a little later."""
        before = vars(self.document.sampling)
        control = ",".join(name for name, value in vars(sampling).items() if value != before[name])
        texts = {
            "seed": self.tr("Seed"),
            "steps": self.tr("Steps"),
            "guidance": self.tr("Guidance"),
            "mode": self.tr("Mode"),
            "sketch_guidance": self.tr("Line Guidance"),
            "strength": self.tr("Strength"),
        }
        text = texts.get(control, self.tr("Painting"))
        self.document.history.push(commands.ChangePage(self.document, text, f"sampling {control}", sampling=sampling))

    def paint_again(self, seed: int) -> None:
        """Paint once more with another seed, which is an undo step of its own, or say what is missing."""
        if self.document.request() is not None:
            sampling = replace(self.document.sampling, seed=seed)
            step = commands.ChangePage(self.document, self.tr("Paint Again"), sampling=sampling)
            self.document.history.push(step)
        self.color_now()

    def color_soon(self) -> None:
        """Color when a moment has passed without a further change. What is being colored for what was before is out of
        date already."""
        page = self.document.current
        self._delay.stop()
        if self._is_under_way(page):
            return
        self._cancel_coloring()
        # Colors that lie in the drawing's file are shown whether or not anything else is to be colored unasked.
        if (self.settings.auto_color or page.has_own_colors) and not page.coloring_is_current:
            self._delay.start()

    @property
    def is_waiting(self) -> bool:
        """Whether a change is colored in a moment, unless another one comes."""
        return self._delay.isActive()

    def set_delay(self, milliseconds: int) -> None:
        """How long to wait for a further change before coloring."""
        self._delay.setInterval(milliseconds)

    def color_now(self) -> None:
        """Color without waiting, or say what is missing."""
        self._delay.stop()
        request = self.document.request()
        if request is not None:
            self._color(request)
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
        text, characters = self.tr("Model"), self.document.characters
        own = next((one for one in self.document.current.cast if one.model is not None), None)
        if own is not None:  # it is for the drawings with this character
            changed = [replace(one, model=name) if one is own else one for one in characters]
            self.document.history.push(commands.ChangeProject(self.document, text, characters=changed))
            return
        self.settings.model = name
        self.document.history.push(commands.UseModel(self.document, text, name))

    def cancel(self) -> None:
        """Stop what can be stopped."""
        self._delay.stop()
        self.runner.cancel_all()
        self.noticed.emit(self.tr("Cancelled."))

    def save(self, path: Path, export: ExportOptions = ExportOptions(), quality: Quality | None = None) -> None:
        """Write the colored picture, or what of it `export` says; the suffix says whether in layers."""
        drawing, coloring, lines = self.document.drawing, self.document.coloring, self.document.lines
        if drawing is None or coloring is None or lines is None:
            self.save_ended.emit(False)
            return
        self.submit(
            Lane.FILES,
            self.tr("Exporting…"),
            pictures.save(path, drawing, coloring, lines, self.shown_layers, quality, export),
            partial(self._saved, self.document.page_id, coloring, lines),
            key=SAVE_KEY,
            stoppable=False,
            on_failed=self._save_failed,
        )

    def suggested_path(self) -> Path:
        """Where to save if nothing else is said: as the project says, beside the drawing, or where one was last."""
        if self.document.current.suggested_path is not None:
            return self.document.current.suggested_path
        drawing = self.document.drawing
        beside = paths.folder_of(drawing.path if drawing is not None else None)
        folder = self.settings.save_folder or beside or self.settings.open_folder
        stem = Path(self.document.title).stem or self.tr("drawing")
        name = self.tr("{0} colored.png").format(stem)
        return (folder / name).with_suffix(self.settings.export_format.suffixes[0])

    def copy(self) -> None:
        """Make the colored picture ready for the clipboard; it arrives by `copied`."""
        coloring, lines = self.document.coloring, self.document.lines
        if coloring is not None and lines is not None:
            steps = pictures.flattened_image(coloring, lines)
            self.submit(Lane.FILES, self.tr("Copying…"), steps, self.copied.emit, key=COPY_KEY)

    def _refused(self, what: Incoming) -> bool:
        if what.refusal:
            self.failed.emit(what.refusal)
        return not what.sources

    def _read(self, sources: Sequence[incoming.Source], door: layer_work.Door) -> None:
        """Read them, or ask first which layers of files of other programs are meant."""
        if layer_work.may_have_layers(sources):
            steps = layer_work.look(sources, door)
            self.submit(Lane.FILES, self.tr("Reading…"), steps, self._layers_seen)
        else:
            self.open_chosen(door, sources)

    def _layers_seen(self, question: layer_work.LayerQuestion) -> None:
        if question.asked:
            self.layers_asked.emit(question)
        else:
            self.open_chosen(question.door, question.sources)

    def _open(self, sources: Sequence[incoming.Source], *, inherit: bool = True) -> None:
        done = partial(self._drawings_read, inherit=inherit)
        self.submit(Lane.FILES, self.tr("Reading…"), pictures.read_drawings(sources), done)

    def _drawings_read(self, read: ReadPictures, *, inherit: bool) -> None:
        if not read.drawings and read.references:  # of several layers a person chose those with colors only
            self._references_read(read)
            return
        self._report(read)
        read = self._without_known(read)
        if not read.drawings:
            if read.references:
                self.cast.add(read.references)
            return
        for drawing in read.drawings[:1]:
            if (folder := paths.folder_of(drawing.path)) is not None:
                self.settings.open_folder = folder
        text = self.tr("Open Drawing") if len(read.drawings) == 1 else self.tr("Open Drawings")
        if (inherit or self.document.is_blank) and self.document.current.cast and read.references:
            adding = self.cast.step_adding(text, read.references)
            adding.shows = None
            steps: list[Step] = [adding, commands.AddDrawings(self.document, text, read.drawings)]
        elif inherit or self.document.is_blank:
            steps = [commands.AddDrawings(self.document, text, read.drawings, read.references)]
        else:
            other = Character(self.document.next_character_id, references=read.references)
            steps = [
                commands.ChangeProject(self.document, text, characters=(*self.document.characters, other)),
                commands.AddDrawings(self.document, text, read.drawings, inherit=False, cast=[other]),
            ]
        self.document.history.push(steps[0] if len(steps) == 1 else commands.CompositeStep(text, steps))

    def _references_read(self, read: ReadPictures) -> None:
        self._report(read)
        drawing = self.document.drawing
        if read.line_art and not (drawing is not None and drawing.kind == "color"):  # these may be swapped, see `swap`
            self.line_art_asked.emit(read)
        else:
            self.cast.add(read.references)

    def answer_line_art(self, read: ReadPictures, answer: Literal["drawing", "reference"]) -> None:
        """What line art among references that were read is to be, as was asked by `line_art_asked`."""
        if answer == "reference":
            self.cast.add(read.references)
            return
        drawn = {id(item) for item, _ in read.line_art}
        self.cast.add([item for item in read.references if id(item) not in drawn])
        self._open([source for _, source in read.line_art])

    def _without_known(self, read: ReadPictures) -> ReadPictures:
        """Without drawings that are in the project already, which is told; if all are, the first one is shown."""
        known = [(drawing, page) for drawing in read.drawings if (page := self._page_of(drawing)) is not None]
        if not known:
            return read
        names = ", ".join(drawing.picture.name for drawing, _ in known)
        self.noticed.emit(self.tr("Already in this project: {0}.").format(names))
        if len(known) == len(read.drawings):
            self.document.show_page(known[0][1].id)
        there = {id(drawing) for drawing, _ in known}
        return replace(read, drawings=tuple(one for one in read.drawings if id(one) not in there))

    def _page_of(self, drawing: Drawing) -> Page | None:
        """The page with the same file; one that was drawn on since is another picture."""
        import numpy as np

        for page in self.document.pages:
            if drawing.path is None or page.path != drawing.path:
                continue
            if page.drawing is None or np.array_equal(page.drawing.picture.pixels, drawing.picture.pixels):
                return page
        return None

    def _use_as_reference(self, drawing: Drawing, item: ReferenceItem) -> None:
        """Its page goes where there are others, else it is empty."""
        if drawing is not self.document.drawing:
            return
        text, page = self.tr("Use as Reference"), self.document.current
        if len(self.document.pages) == 1:
            self.document.history.push(self.cast.step_adding(text, [item], {"drawing": None}))
            return
        steps = [self.cast.step_adding(text, [item]), commands.RemoveDrawing(self.document, text, page.id)]
        self.document.history.push(commands.CompositeStep(text, steps))

    def _catch_up_lines(self) -> None:
        """Make the lines anew where drawing or settings have changed."""
        page = self.document.current
        self.choice_changed.emit(page.needs_choice)
        if page.drawing is None or page.needs_choice:
            self.document.set_lines(None)
        if page.lines_are_current:
            self._cancel_lines()
            # Sigma does not touch the artist's own ink, only the lines read from the references.
            self.color_soon()
        elif page.drawing is not None:
            self._prepare_lines(page, page.drawing)

    def _prepare_lines(self, page: Page, drawing: Drawing) -> None:
        asked = drawing, page.wanted_lines
        key = key_of(LINES_KEY, page.id)
        if asked == self._asked_lines.get(page.id) and any(job.key == key for job in self.runner.jobs):
            return
        self._asked_lines[page.id] = asked
        work = making.make_lines(drawing, page.wanted_lines)
        done = partial(self._lines_made, page.id, drawing)
        self.submit(Lane.LINES, self.tr("Preparing the lines…"), work, done, key, stoppable=False, quiet=True)

    def _lines_made(self, page_id: int, drawing: Drawing, lines: Lines) -> None:
        # The job before the newest may end late, after another drawing came or the person went back to choosing.
        page = self.document.find_page(page_id)
        if page is not None and page.drawing is drawing and not page.needs_choice:
            self.document.change_page(page_id, lines=lines)

    def _cancel_lines(self) -> None:
        for job in self.runner.jobs:
            if job.key == key_of(LINES_KEY, self.document.page_id):
                self.runner.cancel(job)

    def _cancel_coloring(self) -> None:
        """Of the page that is shown; others go on."""
        self._delay.stop()
        for job in self.runner.jobs:
            if job.key == key_of(COLOR_KEY, self.document.page_id):
                self.runner.cancel(job)

    def _is_under_way(self, page: Page) -> bool:
        """Whether the page is being colored for what it is now, as when one comes back to it."""
        asked = self._asked.get(page.id)
        if asked is None or page.id not in self.coloring_pages:
            return False
        return asked[1] == self.document.model_of(page) and page.asks_the_same(asked[0])

    def _color_if_possible(self) -> None:
        request = self.document.request()
        if request is not None:
            self._color(request)

    def _color(self, request: ColorizeRequest) -> None:
        page = self.document.current
        self._asked[page.id] = request, self.document.model_of(page)
        self.coloring.color(request, page.options, page.id)

    def _model_changed(self) -> None:
        self.coloring.use_model(self.document.model_in_use)
        if self.document.is_switching:
            return  # a drawing whose characters have another model is shown
        if self.document.request() is not None and not self.document.is_opening:
            self._cancel_coloring()
            if self.settings.auto_color:
                self._delay.start()
        else:
            self.coloring.warm_up()

    def _colored(self, coloring: Coloring) -> None:
        # The page it was made for need not be shown anymore.
        asked = coloring.finished.request.line_art
        for page in self.document.pages:
            if page.lines is not None and page.lines.line_art is asked:
                self.document.change_page(page.id, coloring=coloring)
                self.document.mark_modified(True)
        result = coloring.result
        lacking = [one for item in self.document.references if item.reference.weight > 0.0 for one in item.lacking]
        notes = dict.fromkeys((*asked.notes, *result.notes, *lacking))
        told = " ".join(map(engine_words.said, notes)) or self.tr("Colored in {0} s on {1} ({2}).").format(
            numbers.decimal(result.seconds, 1), result.device.upper(), result.precision
        )
        self.noticed.emit(told)

    def _saved(self, page_id: int, coloring: Coloring, lines: Lines, written: tuple[Path, tuple[str, ...]]) -> None:
        path, notes = written
        self.settings.save_folder = path.parent
        page = self.document.find_page(page_id)
        if page is not None and page.coloring is coloring:
            self.document.mark_saved(coloring, lines, path, page_id)
        self.noticed.emit(" ".join((self.tr("Exported {0}.").format(path.name), *map(engine_words.said, notes))))
        self.save_ended.emit(True)

    def _save_failed(self, error: Exception) -> None:
        self.failed.emit(error)
        self.save_ended.emit(False)

    def _report(self, read: ReadPictures) -> None:
        if read.problems:
            self.failed.emit(joined(read.problems, "\n\n"))
        if read.notes:
            self.noticed.emit(" ".join(map(engine_words.said, read.notes)))

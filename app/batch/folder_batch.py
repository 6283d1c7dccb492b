"""A batch from a folder to a folder: plans it, goes on where it ended before, and says what happens as it happens."""

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from app.batch import capacity, cluster, names, plan, pool, references, report
from app.batch.cluster import Cluster, ClusterLost, ClusterOptions, Handed
from app.batch.coloring import Made, ModelCache, OnProgress, Order, ShouldStop, Worker, load_psd_tools, settings_digest
from app.batch.control import Control
from app.batch.disk import is_full
from app.batch.journal import Entry, Journal
from app.batch.journal import read as read_journal
from app.batch.plan import BatchOptions, Plan, Task
from app.batch.progress import Progresses
from app.batch.references import ReferenceCache, Studied
from engine import corrections, errors, pipeline
from engine.errors import NurieError, PictureError, RequestError
from engine.export import formats
from engine.export.atomic import remove_leftovers
from engine.sentences import Sentence

if TYPE_CHECKING:
    from engine.export.formats import Quality
    from engine.model_catalog import ModelEntry

THUMBNAILS = "thumbnails"
STOPPED = 130  # exit code

Say = Callable[[dict[str, Any]], None]
State = Literal["waiting", "done", "before", "exists", "failed"]


@dataclass(frozen=True, eq=False)
class RunOptions:
    """How a batch is done. jobs: drawings in work at a time, None for as many as fit. separate_palettes: each set of
    references keeps swatches of its own. report: a .csv or .html file to write at the end. only: the names of the
    drawings that are looked at, None for all. renew: a picture that a batch made, and nobody changed since, is replaced
    when its drawing has changed, whatever is said of pictures that are there. cluster: who colors, None for this
    computer."""

    asked: BatchOptions
    jobs: int | None = None
    quality: "Quality" = 95
    separate_palettes: bool = False
    retry_failed: bool = False
    report: Path | None = None
    device: Any = "auto"
    only: frozenset[str] | None = None
    renew: bool = False
    cluster: ClusterOptions | None = None


@dataclass(frozen=True, eq=False)
class _Ready:
    """A drawing that can be colored, and the digest of what its result depends on. earlier: the digest of before a
    file that matches parts counted; what was made then is not colored anew for it. studied: that of its references."""

    task: Task
    order: Order
    studied: str
    digest: str
    earlier: str


_Event = pool.Begun[_Ready] | pool.Advanced[_Ready] | pool.Over[_Ready, Made] | None


class FolderBatch:
    """One run. `say` is told events, see `app.cli.batch`; it is called in the thread that calls `run`."""

    def __init__(
        self,
        options: RunOptions,
        say: Say,
        control: Control,
        models: ModelCache | None = None,
        shelf: ReferenceCache | None = None,
    ) -> None:
        """models, shelf: loaded models and references that are kept for another run."""
        self._options = options
        self._models = models or ModelCache(options.device)
        self._shelf = shelf or ReferenceCache()
        self._say = say
        self._control = control
        self._halt = ""  # why it cannot go on, empty if it can
        self._states: dict[str, State] = {}
        self._messages: dict[str, str] = {}

    def run(self) -> int:
        """Color what is to be colored; returns the exit code: 0 done, 1 some failed or the report, 130 stopped.

        Raises NurieError when nothing could be tried at all.
        """
        options = self._options
        work = make_plan(options.asked, self._control.should_stop)
        if options.only is not None:
            work = replace(work, tasks=tuple(task for task in work.tasks if task.name in options.only))
            if not work.tasks:
                return 0
        read = (path for task in work.tasks for path in (task.line, *task.place.sources.files))
        report.check_path(options.report, read, options.asked.output)
        for sentence in work.notes:
            self._say({"event": "note", "message": sentence})
        formats.require_suffix(Path(f"picture.{options.asked.format}"))
        models = _models(work)
        with Journal(options.asked.output) as journal:
            studied = self._study(work, self._shelf)
            ready = self._choose(work, journal, studied, models)
            with self._cluster(ready) as workers:
                fitting = capacity.jobs_that_fit([one.order.line for one in ready]) if workers is None else workers.jobs
                jobs = options.jobs or fitting
                self._say_plan(work, len(ready), jobs)
                self._prepare(ready, journal, workers)
                happening = (
                    self._locally(ready, jobs, journal) if workers is None else self._on(workers, ready, journal)
                )
                code = self._color(ready, happening, journal)
            problem = self._end(work, journal, self._models.seconds, code)
        return code or int(bool(problem))

    @contextlib.contextmanager
    def _cluster(self, ready: list[_Ready]) -> Iterator[Cluster | None]:
        """The cluster that colors, None for none. Raises RequestError and CheckpointError."""
        if self._options.cluster is None or not ready:
            yield None
            return
        self._preparing(Sentence("Asking the workers"), 0.0)
        with Cluster(self._options.cluster, self._options.device) as workers:
            models = {one.order.model.path: one.order.model for one in ready}
            for sentence in workers.require(models.values()):
                self._say({"event": "note", "message": sentence})
            yield workers

    def _prepare(self, ready: list[_Ready], journal: Journal, workers: Cluster | None) -> None:
        """What is done once for all drawings. Raises CheckpointError and DeviceError."""
        cluster.remove_leftovers(journal.folder)
        for folder in {journal.folder, journal.folder / THUMBNAILS, *(one.order.output.parent for one in ready)}:
            remove_leftovers(folder)
        if not ready:
            return
        (journal.folder / THUMBNAILS).mkdir(exist_ok=True)
        if workers is None:
            self._preparing(Sentence("Loading the model"), 0.0)
            load_psd_tools(path for one in ready for path in (one.order.line, one.order.output))
            self._models.take(ready[0].order.model)

    def _study(self, work: Plan, shelf: ReferenceCache) -> dict[references.Sources, Studied]:
        """The references' digests and palettes. Raises PictureError when no drawing has usable ones."""
        sets = [task.place.sources for task in work.tasks if task.place.sources.files]
        locked = any(_needs_palette(task) for task in work.tasks)
        studied = shelf.study(
            sets,
            palettes=locked,
            share=not self._options.separate_palettes,
            on_step=lambda share: self._preparing(Sentence("Reading the references"), share),
            settings={task.place.sources: task.place.options for task in work.tasks},
        )
        problems = [one.problem for one in studied.values()]
        if not studied:
            raise RequestError(work.tasks[0].problem)
        if all(problems):
            raise PictureError(problems[0])
        return studied

    def _preparing(self, step: str, share: float) -> None:
        self._say({"event": "preparing", "step": step, "fraction": round(share, 3)})

    def _choose(
        self,
        work: Plan,
        journal: Journal,
        studied: Mapping[references.Sources, Studied],
        models: "Mapping[str | None, ModelEntry]",
    ) -> list[_Ready]:
        """The drawings to color now; of the others it is said why not."""
        ready: list[_Ready] = []
        taken = {names.key(str(task.output)) for task in work.tasks}
        for task in work.tasks:
            self._states[task.name] = "waiting"
            found = studied.get(task.place.sources)
            problem = task.problem or (found.problem if found else "")
            if problem or found is None:
                self._failed(task, problem)
                continue
            try:
                one = self._order(task, found, models[task.place.model], journal)
            except NurieError as error:  # of the corrections beside it
                self._failed(task, str(error))
                continue
            known = journal.entries.get(task.name)
            if known is not None and known.settings in (one.digest, one.earlier) and known.input == _digest(task.line):
                if known.still_holds(self._options.asked.output):
                    self._skipped(task, "before", self._options.asked.output / known.output)
                    continue
                if known.error and not self._options.retry_failed:
                    self._failed(task, known.error, before=True)
                    continue
            ours = known is not None and known.still_holds(self._options.asked.output)
            if task.output.exists() and not (self._options.renew and ours):
                if self._options.asked.on_exists == "skip":
                    self._skipped(task, "exists", task.output)
                    continue
                if self._options.asked.on_exists == "number":
                    free = names.numbered(
                        task.output.as_posix(), lambda name: names.key(name) in taken or Path(name).exists()
                    )
                    taken.add(names.key(free))
                    one = replace(one, order=replace(one.order, output=Path(free)))
            ready.append(one)
        return ready

    def _order(self, task: Task, found: Studied, model: "ModelEntry", journal: Journal) -> _Ready:
        options = task.place.options
        if (path := corrections.beside(task.line)).is_file():
            options = replace(options, finish=replace(options.finish, corrections=corrections.read(path)))
        if _needs_palette(task) and found.palette is not None and found.palette.swatches:
            from engine.color.shared_palette import with_colors

            hinted = (hint.color for hint in options.finish.corrections.hints)
            palette = with_colors(found.palette, hinted)
            options = replace(options, finish=replace(options.finish, palette=palette))
        order = Order(
            task.line,
            task.place.sources,
            task.output,
            options,
            model,
            self._options.quality,
            thumbnail_of(journal.folder, task.name),
        )
        digest, earlier = (
            settings_digest(order, found.digest, model.sha256(), parts) for parts in (model.parts_sha256(), None)
        )
        return _Ready(task, order, found.digest, digest, earlier)

    def _locally(self, ready: list[_Ready], jobs: int, journal: Journal) -> Iterator[_Event]:
        """Color them on this computer."""
        worker = Worker(self._models, self._shelf)

        def work(one: _Ready, on_progress: OnProgress, should_stop: ShouldStop) -> Made:
            digest = _digest(one.order.line)
            one.order.output.parent.mkdir(parents=True, exist_ok=True)
            made = worker.color(one.order, on_progress, should_stop)
            # Here, not when it is told: of a crash between the two nothing must be lost.
            journal.add(self._entry(one, digest, made))
            return made

        return pool.run(ready, work, jobs, self._control)

    def _on(self, workers: Cluster, ready: list[_Ready], journal: Journal) -> Iterator[_Event]:
        """Color them on a cluster."""

        def keep(one: _Ready, digest: str, made: Made) -> None:
            journal.add(self._entry(one, digest, made))

        things = (Handed(one, one.order, _digest(one.order.line), one.studied) for one in ready)
        return workers.run(things, journal.folder, keep, self._control)

    def _color(self, ready: list[_Ready], happening: Iterator[_Event], journal: Journal) -> int:
        """Color them; returns the exit code."""
        try:
            self._follow(ready, happening, journal)
        except ClusterLost as error:
            self._stop_for(str(error))
        if self._halt:
            return 1
        if self._control.is_stopped and "waiting" in self._states.values():
            return STOPPED
        return 1 if "failed" in self._states.values() else 0

    def _follow(self, ready: list[_Ready], happening: Iterator[_Event], journal: Journal) -> None:
        """Tell what happens. Raises ClusterLost."""
        progresses = Progresses(len(ready), self._control)
        paused = False
        for event in happening:
            if paused != self._control.is_paused:
                paused = self._control.is_paused
                self._say({"event": "paused" if paused else "resumed"})
            if isinstance(event, pool.Begun):
                task = event.thing.task
                self._say({"event": "started", "number": task.number, "name": task.name})
            elif isinstance(event, pool.Advanced):
                task = event.thing.task
                self._say(
                    {
                        "event": "progress",
                        "number": task.number,
                        "name": task.name,
                        "step": event.progress.message,
                        "fraction": round(event.progress.fraction, 3),
                        **progresses.advance(task.name, event.progress.fraction),
                    }
                )
            elif isinstance(event, pool.Over):
                progresses.end(event.thing.task.name, event.error is None)
                self._over(event, journal)

    def _over(self, event: "pool.Over[_Ready, Made]", journal: Journal) -> None:
        one, made = event.thing, event.result
        if made is None:
            self._went_wrong(one, event.error or RuntimeError("neither a result nor an error"), journal)
            return
        self._states[one.task.name] = "done"
        thumbnail = one.order.thumbnail
        self._say(
            {
                "event": "finished",
                "number": one.task.number,
                "name": one.task.name,
                "output": str(one.order.output),
                "width": made.width,
                "height": made.height,
                "device": made.device,
                "seconds": made.seconds,
                "doubts": made.doubts,
                "leaks": made.leaks,
                "notes": list(made.notes),
                "thumbnail": str(thumbnail) if thumbnail is not None and thumbnail.exists() else None,
            }
        )

    def _went_wrong(self, one: _Ready, error: Exception, journal: Journal) -> None:
        """Note the failure, and give up where all others would fail alike."""
        message = errors.message_of(error)
        self._failed(one.task, message)
        if is_full(error):
            self._stop_for(Sentence("{0} Nothing more was tried.", message))
            return
        try:
            journal.add(Entry(one.task.name, _digest(one.order.line), one.digest, error=message))
        except PictureError as failure:
            self._stop_for(str(failure))

    def _entry(self, one: _Ready, digest: str, made: Made) -> Entry:
        output, status = self._options.asked.output, one.order.output.stat()
        return made.entry(
            one.task.name,
            input=digest,
            settings=one.digest,
            mirrored=one.task.output.relative_to(output).as_posix(),
            output=one.order.output.relative_to(output).as_posix(),
            size=status.st_size,
            modified=status.st_mtime_ns,
        )

    def _stop_for(self, why: str) -> None:
        self._halt = self._halt or why
        self._control.stop()

    def _failed(self, task: Task, message: str, before: bool = False) -> None:
        self._states[task.name] = "failed"
        self._messages[task.name] = message
        self._say({"event": "failed", "number": task.number, "name": task.name, "message": message, "before": before})

    def _skipped(self, task: Task, why: Literal["before", "exists"], output: Path) -> None:
        self._states[task.name] = why
        self._say({"event": "skipped", "number": task.number, "name": task.name, "why": why, "output": str(output)})

    def _count(self, state: State) -> int:
        return sum(one == state for one in self._states.values())

    def _say_plan(self, work: Plan, to_do: int, jobs: int) -> None:
        self._say(
            {
                "event": "planned",
                "drawings": len(work.tasks),
                "to_do": to_do,
                "before": self._count("before"),
                "exists": self._count("exists"),
                "failed": self._count("failed"),
                "jobs": jobs,
                "output": str(self._options.asked.output),
            }
        )

    def _row(self, task: Task, journal: Journal) -> report.Row:
        state = self._states[task.name]
        entry = journal.entries.get(task.name) if state in ("done", "before") else None
        picture = None if entry is None else self._options.asked.output / entry.output
        message = self._messages.get(task.name, "")
        return report.Row(task.name, state, entry, message, thumbnail_of(journal.folder, task.name), picture)

    def _end(self, work: Plan, journal: Journal, load: float, code: int) -> str:
        """Write the report and tell what became of all; why there is no report, empty if there is."""
        written, problem, asked = None, "", self._options.asked
        if self._options.report is not None:
            rows = [self._row(task, journal) for task in work.tasks]
            head = report.Head(asked.folder, asked.output, self._control.seconds())
            try:
                report.write(self._options.report, head, rows)
                written = str(self._options.report)
            except PictureError as error:  # told after what became of the drawings, which matters more
                problem = str(error)
        if code == STOPPED or self._halt:
            self._say({"event": "stopped", "resumable": True, "why": self._halt})
        self._say(
            {
                "event": "ended",
                "done": self._count("done"),
                "before": self._count("before"),
                "exists": self._count("exists"),
                "failed": self._count("failed"),
                "waiting": self._count("waiting"),
                "report": written,
                "problem": problem,
                "seconds": {"load": round(load, 4), "total": round(self._control.seconds(), 4)},
            }
        )
        return problem


def make_plan(asked: BatchOptions, should_stop: Callable[[], bool] | None = None) -> Plan:
    """The plan, in which drawings keep the names that the journal gave their pictures. Raises NurieError, Cancelled."""
    before = {entry.name: entry.mirrored for entry in read_journal(asked.output).values() if entry.mirrored}
    return plan.make(asked, before, should_stop)


def thumbnail_of(folder: Path, name: str) -> Path:
    """Where the small picture of a drawing lies in the journal's folder."""
    return (
        folder
        / THUMBNAILS
        / f"{hashlib.blake2b(name.encode('utf-8', 'surrogateescape'), digest_size=12).hexdigest()}.jpg"
    )


def _models(work: Plan) -> "dict[str | None, ModelEntry]":
    """The models that the drawings are to be colored with; only their headers are read. Raises CheckpointError."""
    return {name: pipeline.find_model(name) for name in dict.fromkeys(task.place.model for task in work.tasks)}


def _needs_palette(task: Task) -> bool:
    finish = task.place.options.finish.in_force
    return finish.locked and finish.palette is None


def _digest(path: Path) -> str:
    try:
        return references.digest_of([path])
    except OSError:
        return ""

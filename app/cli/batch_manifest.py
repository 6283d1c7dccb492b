"""The batch of a CSV file: a row a drawing, each with references and an output of its own."""

import tempfile
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import options, output
from app.cli.manifest import Row, read_manifest
from app.cli.progress_bar import ProgressBar
from engine import errors, pipeline
from engine.errors import PictureError
from engine.export import formats
from engine.export import targets as files
from engine.export.targets import require_picture
from engine.options import Options

if TYPE_CHECKING:
    from app.batch.coloring import Made, OnProgress, ShouldStop, Worker
    from app.batch.pool import Over
    from engine.model_catalog import ModelEntry

    Ended = Over[Row, "Made"]

JOBS_DEFAULT = 2


def run(arguments: Namespace) -> int:
    """Color all rows; returns 1 if any failed, or the report, else 0. Raises NurieError when nothing could be tried at
    all."""
    from app.batch import report
    from app.batch.coloring import ModelCache, Worker, load_psd_tools
    from app.batch.references import ReferenceCache

    rows = without_clashes(read_manifest(arguments.manifest))
    wanted: Path | None = arguments.report
    report.check_path(wanted, (path for row in rows if not row.problem for path in (row.line, *row.sources.files)))
    entry, asked = pipeline.find_model(arguments.model), options.options_of(arguments)
    pipeline.require_heeded(asked.sampling, entry)
    with ProgressBar() as bar, tempfile.TemporaryDirectory(prefix="nurie-") as place:
        bar.show("Loading the model", 0.0)
        models = ModelCache(arguments.device)
        model = models.take(entry)
        thumbnails = Path(place) if wanted is not None else None
        batch = Batch(Worker(models, ReferenceCache()), entry, asked, arguments.quality, thumbnails)
        load_psd_tools(path for row in rows for path in (row.line, row.output, *row.sources.files))
        start = time.perf_counter()
        ended: list[Ended] = []
        for one in batch.run(rows, arguments.jobs or JOBS_DEFAULT):
            bar.wipe()
            for sentence in one.result.notes if one.result is not None else ():
                output.note(f"row {one.thing.number}: {sentence}")
            if one.result is None:
                output.say(f"row {one.thing.number}: {_message(one)}")
            ended.append(one)
            bar.show(f"{len(ended)} of {len(rows)} drawings", len(ended) / len(rows))
        seconds = time.perf_counter() - start
        problem = "" if wanted is None else _report(wanted, arguments.manifest, seconds, ended, batch)
    failed = sum(one.result is None for one in ended)
    if arguments.json:
        output.print_json(
            {
                "results": [_described(one) for one in ended],
                "done": len(ended) - failed,
                "failed": failed,
                "model": model.described(),
                "report": None if problem or wanted is None else str(wanted),
                "seconds": {"load": round(model.seconds, 4), "total": round(seconds, 4)},
                "peak_memory_bytes": output.peak_memory_bytes(),
            }
        )
    if problem:
        output.say(problem)
    return 1 if failed or problem else 0


def _report(path: Path, manifest: Path, seconds: float, ended: "Sequence[Ended]", batch: "Batch") -> str:
    """Write the report; why there is none, empty if there is."""
    from app.batch import report

    rows = []
    for row, made, error in ((one.thing, one.result, _message(one)) for one in ended):
        name, thumbnail = row.line.name, batch.thumbnail(row) or row.output
        if made is None:
            rows.append(report.Row(name, "failed", None, error, thumbnail))
        else:
            rows.append(report.Row(name, "done", made.entry(name), "", thumbnail, row.output))
    try:
        report.write(path, report.Head(manifest, None, seconds), rows)
    except PictureError as error:
        return str(error)
    return ""


def without_clashes(rows: Iterable[Row]) -> list[Row]:
    """The rows, with a `problem` in each one whose output an earlier row writes already, or any row reads."""
    rows = list(rows)
    read = {
        files.identity(path): row
        for row in reversed(rows)
        if not row.problem
        for path in (row.line, *row.sources.files)
    }
    written: dict[files.Identity, Row] = {}
    checked = []
    for row in rows:
        if row.problem:
            checked.append(row)
            continue
        key = files.identity(row.output)
        if key in read:
            problem = f"The output would overwrite a picture that row {read[key].number} reads; choose another name."
            checked.append(replace(row, problem=problem))
        elif key in written:
            problem = f"It has the same output as row {written[key].number}; choose another name."
            checked.append(replace(row, problem=problem))
        else:
            written[key] = row
            checked.append(row)
    return checked


class Batch:
    """Rows run through one model, several at a time."""

    def __init__(
        self,
        worker: "Worker",
        model: "ModelEntry",
        asked: Options,
        quality: formats.Quality,
        thumbnails: Path | None = None,
    ) -> None:
        """thumbnails: a folder for small pictures, None for none."""
        self._studio = worker
        self._model = model
        self._options = asked
        self._quality: formats.Quality = quality
        self._thumbnails = thumbnails

    def run(self, rows: list[Row], jobs: int) -> "Iterator[Ended]":
        """How they ended, in the order of the rows, each as soon as it and those before it are there.

        Leaving the loop early (Ctrl+C) drops the rows that wait and stops those in work within a step.
        """
        from app.batch import pool
        from app.batch.control import Control

        ended: dict[int, Ended] = {}
        waiting = iter(rows)
        following = next(waiting, None)
        for event in pool.run(rows, self._color, jobs, Control()):
            if not isinstance(event, pool.Over):
                continue
            ended[event.thing.number] = event
            while following is not None and following.number in ended:
                yield ended.pop(following.number)
                following = next(waiting, None)

    def thumbnail(self, row: Row) -> Path | None:
        """Where the small picture of a row is put."""
        return None if self._thumbnails is None else self._thumbnails / f"{row.number}.jpg"

    def _color(self, row: Row, on_progress: "OnProgress", should_stop: "ShouldStop") -> "Made":
        from app.batch.coloring import Order

        if row.problem:
            raise PictureError(row.problem)
        require_picture(row.output, [row.line, *row.sources.files])
        order = Order(row.line, row.sources, row.output, self._options, self._model, self._quality, self.thumbnail(row))
        return self._studio.color(order, on_progress, should_stop)


def _message(one: "Ended") -> str:
    return errors.message_of(one.error or RuntimeError("neither a result nor an error"))


def _described(one: "Ended") -> dict[str, Any]:
    row, made = one.thing, one.result
    described: dict[str, Any] = {"row": row.number, "line": str(row.line), "output": str(row.output)}
    if made is None:
        return described | {"error": _message(one)}
    return described | {
        "width": made.width,
        "height": made.height,
        "device": made.device,
        "seconds": made.seconds,
        "notes": list(made.notes),
    }

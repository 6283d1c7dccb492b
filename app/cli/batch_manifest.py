"""The batch of a CSV file: a row a drawing, each with references and an output of its own."""

import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.cli import options
from app.cli import output as report
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
    from engine.model_catalog import ModelEntry

JOBS_DEFAULT = 2


def run(arguments: Namespace) -> int:
    """Color all rows; returns 1 if any failed, else 0. Raises NurieError when nothing could be tried at all."""
    from app.batch.coloring import ModelCache, Worker, load_psd_tools
    from app.batch.references import ReferenceCache

    rows = without_clashes(read_manifest(arguments.manifest))
    entry, asked = pipeline.find_model(arguments.model), options.options_of(arguments)
    pipeline.require_heeded(asked.sampling, entry)
    with ProgressBar() as bar:
        bar.show("Loading the model", 0.0)
        models = ModelCache(arguments.device)
        model = models.take(entry)
        batch = Batch(Worker(models, ReferenceCache()), entry, asked, arguments.quality)
        load_psd_tools(path for row in rows for path in (row.line, row.output, *row.sources.files))
        start = time.perf_counter()
        results: list[dict[str, Any]] = []
        for result in batch.run(rows, arguments.jobs or JOBS_DEFAULT):
            bar.wipe()
            for sentence in result.get("notes", ()):
                report.note(f"row {result['row']}: {sentence}")
            if "error" in result:
                report.say(f"row {result['row']}: {result['error']}")
            results.append(result)
            bar.show(f"{len(results)} of {len(rows)} drawings", len(results) / len(rows))
    failed = sum("error" in result for result in results)
    if arguments.json:
        report.print_json(
            {
                "results": results,
                "done": len(results) - failed,
                "failed": failed,
                "model": model.described(),
                "seconds": {"load": round(model.seconds, 4), "total": round(time.perf_counter() - start, 4)},
                "peak_memory_bytes": report.peak_memory_bytes(),
            }
        )
    return 1 if failed else 0


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

    def __init__(self, worker: "Worker", model: "ModelEntry", asked: Options, quality: formats.Quality) -> None:
        self._studio = worker
        self._model = model
        self._options = asked
        self._quality: formats.Quality = quality

    def run(self, rows: list[Row], jobs: int) -> Iterator[dict[str, Any]]:
        """The results in the order of the rows, each as soon as it and those before it are there.

        Leaving the loop early (Ctrl+C) drops the rows that wait and stops those in work within a step.
        """
        from app.batch import pool
        from app.batch.control import Control

        ended: dict[int, dict[str, Any]] = {}
        waiting = iter(rows)
        following = next(waiting, None)
        for event in pool.run(rows, self._color, jobs, Control()):
            if not isinstance(event, pool.Over):
                continue
            ended[event.thing.number] = _described(event.thing, event.result, event.error)
            while following is not None and following.number in ended:
                yield ended.pop(following.number)
                following = next(waiting, None)

    def _color(self, row: Row, on_progress: "OnProgress", should_stop: "ShouldStop") -> "Made":
        from app.batch.coloring import Order

        if row.problem:
            raise PictureError(row.problem)
        require_picture(row.output, [row.line, *row.sources.files])
        order = Order(row.line, row.sources, row.output, self._options, self._model, self._quality)
        return self._studio.color(order, on_progress, should_stop)


def _described(row: Row, made: "Made | None", error: Exception | None) -> dict[str, Any]:
    described: dict[str, Any] = {"row": row.number, "line": str(row.line), "output": str(row.output)}
    if made is None:
        return described | {"error": errors.message_of(error or RuntimeError("neither a result nor an error"))}
    return described | {
        "width": made.width,
        "height": made.height,
        "device": made.device,
        "seconds": made.seconds,
        "notes": list(made.notes),
    }

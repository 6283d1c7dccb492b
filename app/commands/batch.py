"""`nurie batch`: many drawings, one model loaded once; a bad row is reported and the rest go on."""

import threading
import time
from argparse import Namespace
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.commands import files, options, report, steps
from app.commands.manifest import Row, read_manifest
from app.commands.progress_bar import ProgressBar
from engine.errors import Cancelled, PictureError
from engine.export import formats


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "batch",
        help="color many drawings",
        description="Color the drawings of a CSV file with the columns line, reference, output: several references are "
        "separated by ';', file names are relative to the CSV file. Exit code 1 if any row failed.",
    )
    parser.add_argument("--manifest", metavar="PAIRS.csv", type=options.file, required=True, help="the CSV file")
    parser.add_argument(
        "--jobs",
        type=options.jobs,
        default=2,
        metavar="N",
        help="rows in work at a time: pictures are read and written while another is colored (default 2)",
    )
    options.add_colorize_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Color all rows; returns 1 if any failed, else 0. Raises NurieError when nothing could be tried at all."""
    rows = without_clashes(read_manifest(arguments.manifest))
    entry = steps.find_model(arguments.model)
    with ProgressBar() as bar:
        bar.show("Loading the model", 0.0)
        model = steps.load_model(entry, arguments.device)
        batch = Batch(model, steps.Settings.of(arguments))
        results: list[dict[str, Any]] = []
        for result in batch.run(rows, arguments.jobs):
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
                "seconds": {"load": round(model.seconds, 4), "total": round(batch.elapsed(), 4)},
                "peak_memory_bytes": report.peak_memory_bytes(),
            }
        )
    return 1 if failed else 0


def without_clashes(rows: Iterable[Row]) -> list[Row]:
    """The rows, with a `problem` in each one whose output an earlier row writes already, or any row reads."""
    rows = list(rows)
    read = {
        files.identity(path): row for row in reversed(rows) if not row.problem for path in (row.line, *row.references)
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
    """Rows run through one model, several at a time.

    Pictures are read, prepared and written in parallel, but only one is in the network at a time: that already uses
    every core or the whole GPU, two at once would only need twice the memory.
    """

    def __init__(self, model: steps.LoadedModel, settings: steps.Settings) -> None:
        self._model = model
        self._settings = settings
        self._network = threading.Lock()
        self._stop = threading.Event()
        self._start = time.perf_counter()

    def elapsed(self) -> float:
        """Seconds since the first row could begin."""
        return time.perf_counter() - self._start

    def run(self, rows: list[Row], jobs: int) -> Iterator[dict[str, Any]]:
        """The results in the order of the rows, each as soon as it and those before it are there.

        Leaving the loop early (Ctrl+C) drops the rows that wait and stops those in work within a step.
        """
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="nurie-batch")
        try:
            futures: list[Future[dict[str, Any]]] = [pool.submit(self._result_of, row) for row in rows]
            for future in futures:
                yield future.result()
        finally:
            self._stop.set()
            pool.shutdown(wait=True, cancel_futures=True)

    def _result_of(self, row: Row) -> dict[str, Any]:
        described: dict[str, Any] = {"row": row.number, "line": str(row.line), "output": str(row.output)}
        try:
            if row.problem:
                raise PictureError(row.problem)
            return described | self._colorize(row)
        except Exception as error:
            return described | {"error": steps.message_of(error)}

    def _colorize(self, row: Row) -> dict[str, Any]:
        inputs: list[Path] = [row.line, *row.references]
        files.require_output(row.output, inputs, formats.SUFFIXES)
        formats.require_suffix(row.output)
        if self._stop.is_set():
            raise Cancelled
        job = steps.read_job(row.line, row.references, self._settings)
        with self._network:
            start = time.perf_counter()
            result = steps.colorize(self._model.colorizer, job.request, should_stop=self._stop.is_set)
        inferred = time.perf_counter()
        finished = steps.finish(self._model.colorizer, job, result, self._settings, should_stop=self._stop.is_set)
        ended = time.perf_counter()
        steps.write_result(steps.Outputs(row.output), job, result, finished, self._model)
        from engine import inspection

        height, width = finished.color.shape[:2]
        return {
            "width": width,
            "height": height,
            "device": result.device,
            "seconds": {
                "infer": round(inferred - start, 4),
                "finish": round(ended - inferred, 4),
                "export": round(time.perf_counter() - ended, 4),
            },
            "notes": [*result.notes, *inspection.notes(finished)],
        }

"""`nurie evaluate --protocol all`: the table of the targets that a model which ships should reach."""

import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import output as report
from app.cli.progress_bar import ProgressBar
from engine import pipeline
from engine.errors import PictureError, RequestError
from engine.export import targets as files

if TYPE_CHECKING:
    from trainer.targets import Measured


def run(arguments: Namespace) -> int:
    """Measure a model by every protocol and print the table; returns the exit code. Raises NurieError."""
    start = time.perf_counter()
    table: Path | None = arguments.table
    if table is not None:
        files.require_output(table, [], (".md", ".csv", ".json"))
    entry = pipeline.find_model(arguments.model)
    with ProgressBar() as bar:
        bar.show("Loading the model", 0.0)
        from trainer import targets
        from trainer.evaluation import Group

        model = pipeline.load_model(entry, arguments.device)
        measured = targets.measure(
            model.colorizer,
            entry.path,
            arguments.data,
            arguments.size,
            bar.follow,
            seed=arguments.seed,
            limit=arguments.limit,
            groups=[Group(*one) for one in arguments.group],
        )
    value = {
        "protocol": "all",
        "data": str(arguments.data),
        "model": model.described(),
        "size": arguments.size,
        "seed": arguments.seed,
        "limit": arguments.limit,
        "drawings": dict(measured.counts),
        "three_references": {way: dict(values) for way, values in measured.three.items()},
        "rows": targets.rows(measured),
        "seconds": {"load": round(model.seconds, 4), "total": round(time.perf_counter() - start, 4)},
    }
    if table is not None:
        _write(table, measured, value)
    if arguments.json:
        report.print_json(value)
    else:
        for line in [_heading(value), "", *targets.as_text(measured), *_wrote(table)]:
            print(line)
    return 0


def _heading(value: dict[str, Any]) -> str:
    drawings = ", ".join(f"{name} {count}" for name, count in value["drawings"].items())
    return (
        f"{value['model']['name']} (sha256 {value['model']['sha256'][:12]}) at {value['size']} pixels, seed "
        f"{value['seed']}, {value['data']}; drawings: {drawings}"
    )


def _wrote(table: Path | None) -> list[str]:
    return [] if table is None else [f"wrote {table}"]


def _write(path: Path, measured: "Measured", value: dict[str, Any]) -> None:
    import json

    from engine.export.atomic import atomic_path
    from trainer import targets

    kind = path.suffix.lower()
    if kind == ".csv":
        text = targets.as_csv(measured)
    elif kind == ".json":
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    else:
        text = "\n".join([_heading(value), "", *targets.as_markdown(measured)]) + "\n"
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except PictureError as error:
        raise RequestError(f"The table cannot be written: {error}") from error

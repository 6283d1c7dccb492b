"""`nurie colorize`: one drawing, one or more references, one coloured PNG."""

import time
from argparse import Namespace
from typing import Any

from app.commands import files, options, report, steps
from app.commands.progress_bar import ProgressBar


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "colorize",
        help="color a drawing from reference pictures",
        description="Color a drawing from one or more reference pictures and save a PNG of the drawing's size.",
    )
    parser.add_argument("line", metavar="LINE", type=options.file, help="the drawing")
    parser.add_argument(
        "--reference",
        metavar="REF",
        type=options.file,
        action="append",
        default=[],
        help="a color picture to take colors from; may be given several times",
    )
    parser.add_argument("--output", metavar="OUT.png", type=options.file, required=True, help="the picture to write")
    options.add_colorize_options(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Color one drawing; returns the exit code. Raises NurieError."""
    settings = steps.Settings.of(arguments)
    output = arguments.output
    steps.require_references(arguments.reference)
    files.require_output(output, [arguments.line, *arguments.reference])
    entry = steps.find_model(arguments.model)
    with ProgressBar() as bar:
        bar.show("Reading", 0.0)
        job = steps.read_job(arguments.line, arguments.reference, settings)
        bar.show("Loading the model", 0.0)
        model = steps.load_model(entry, arguments.device)
        start = time.perf_counter()
        result = steps.colorize(model.colorizer, job.request, bar.follow)
        inferred = time.perf_counter()
        bar.show("Saving", 1.0)
        steps.write_result(output, job, result, model)
        exported = time.perf_counter()
    for sentence in result.notes:
        report.note(sentence)
    if arguments.json:
        height, width = result.image.shape[:2]
        report.print_json(
            {
                "output": str(output),
                "width": width,
                "height": height,
                "device": result.device,
                "model": model.described(),
                "seconds": {
                    "load": round(model.seconds, 4),
                    "infer": round(inferred - start, 4),
                    "export": round(exported - inferred, 4),
                },
                "peak_memory_bytes": report.peak_memory_bytes(),
                "notes": list(result.notes),
            }
        )
    return 0

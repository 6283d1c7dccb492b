"""`nurie colorize`: one drawing, one or more references, one colored picture or file of layers."""

import time
from argparse import Namespace
from dataclasses import replace
from typing import Any

from app.cli import options
from app.cli import output as report
from app.cli.correction_options import add_correction_options, corrections_of
from app.cli.progress_bar import ProgressBar
from engine import pipeline as steps
from engine.errors import RequestError
from engine.export import formats
from engine.export import targets as files


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "colorize",
        help="color a drawing from reference pictures",
        description="Color a drawing from one or more reference pictures and save it at the drawing's size: flattened "
        "as PNG, or in layers as PSD or OpenRaster. A layered file that Nurie wrote may be the drawing, too: regions "
        "that have one color in its flats keep it, the others are colored anew.",
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
    parser.add_argument(
        "--weight",
        metavar="W",
        type=options.weight,
        action="append",
        default=[],
        help="how much a reference counts beside the others, 0 (not at all) to 2 (default 1); the first is the first "
        "reference's, and so on",
    )
    parser.add_argument(
        "--output", metavar="OUT.png|.psd|.ora", type=options.file, required=True, help="the picture to write"
    )
    options.add_colorize_options(parser)
    add_correction_options(parser)
    parser.add_argument("--regions", metavar="FILE.png", type=options.file, help="write the regions, each in a tint")
    parser.add_argument("--swatch-layers", action="store_true", help="one layer for each swatch, in a group")
    parser.add_argument(
        "--layers", metavar="DIR", type=options.file, help="write each layer as a PNG into this folder, too"
    )
    parser.add_argument(
        "--report", metavar="FILE.json", type=options.file, help="write doubtful regions, leaks and the palette as JSON"
    )
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Color one drawing; returns the exit code. Raises NurieError."""
    settings = steps.Settings.of(arguments)
    settings = replace(settings, finish=replace(settings.finish, corrections=corrections_of(arguments)))
    outputs = steps.Outputs(
        arguments.output, arguments.layers, arguments.report, arguments.regions, arguments.swatch_layers
    )
    steps.require_references(arguments.reference)
    inputs = [arguments.line, *arguments.reference]
    files.require_output(outputs.picture, inputs, formats.SUFFIXES)
    formats.require_suffix(outputs.picture)
    if outputs.regions is not None:
        if not settings.finish.flats:
            raise RequestError("There are no regions to write without flats: leave --flats on.")
        files.require_output(outputs.regions, [*inputs, outputs.picture])
    if outputs.report is not None:
        files.require_output(outputs.report, [*inputs, outputs.picture], (".json",))
    entry = steps.find_model(arguments.model)
    with ProgressBar() as bar:
        bar.show("Reading", 0.0)
        references = steps.weighed(steps.read_references(arguments.reference), arguments.weight)
        job = steps.make_job(arguments.line, references, settings)
        bar.show("Loading the model", 0.0)
        model = steps.load_model(entry, arguments.device)
        start = time.perf_counter()
        result = steps.colorize(model.colorizer, job.request, bar.follow)
        inferred = time.perf_counter()
        finished = steps.finish(model.colorizer, job, result, settings, bar.follow)
        ended = time.perf_counter()
        bar.show("Saving", 1.0)
        written = steps.write_result(outputs, job, result, finished, model)
        exported = time.perf_counter()
    from engine import inspection

    notes = [*result.notes, *inspection.notes(finished)]
    for sentence in notes:
        report.note(sentence)
    if arguments.json:
        height, width = finished.color.shape[:2]
        report.print_json(
            {
                "output": str(outputs.picture),
                "files": [str(path) for path in written],
                "width": width,
                "height": height,
                "device": result.device,
                "model": model.described(),
                "seconds": {
                    "load": round(model.seconds, 4),
                    "infer": round(inferred - start, 4),
                    "finish": round(ended - inferred, 4),
                    "export": round(exported - ended, 4),
                },
                "peak_memory_bytes": report.peak_memory_bytes(),
                "notes": notes,
            }
        )
    return 0

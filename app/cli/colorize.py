"""`nurie colorize`: one drawing, one or more references, one colored picture or file of layers."""

import argparse
import shlex
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from app.cli import options
from app.cli import output as report
from app.cli.correction_options import add_correction_options, corrections_of
from app.cli.painting_options import Previews, add_painting_options, require_figures, with_figures
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from engine import pipeline
from engine.errors import RequestError
from engine.export import formats
from engine.export import targets as files
from engine.export.targets import require_picture
from engine.options import ExportOptions, plain
from engine.request import Reference
from engine.sentences import Sentence


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Color a drawing from one or more reference pictures and save it at the drawing's size, "
        "flattened or in layers. A layered file that Nurie wrote may be the drawing, too: regions "
        "that have one color in its flats keep it, the others are colored anew; without a reference it keeps its own "
        "colors."
    )
    parser.add_argument("line", metavar="LINE", type=file, help="the drawing")
    parser.add_argument(
        "--reference",
        metavar="REF",
        type=file,
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
        "--panel",
        metavar="N=REF",
        type=options.panel_reference,
        action="append",
        default=[],
        help="a color picture for one panel of a comic page alone, which then takes no color from the others; panels "
        "are numbered from 1, row by row from the left; may be given again",
    )
    parser.add_argument(
        "--output", metavar="OUT", type=file, required=True, help=f"the picture to write: {formats.endings()}"
    )
    options.add_colorize_options(parser)
    add_painting_options(parser)
    options.add_quality_option(parser)
    add_correction_options(parser)
    parser.add_argument("--regions", metavar="FILE.png", type=file, help="write the regions, each in a tint")
    options.add_settings(parser, ExportOptions())
    parser.add_argument("--layers", metavar="DIR", type=file, help="write each layer as a PNG into this folder, too")
    parser.add_argument(
        "--report", metavar="FILE.json", type=file, help="write doubtful regions, leaks and the palette as JSON"
    )


def run(arguments: Namespace) -> int:
    """Color one drawing; returns the exit code. Raises NurieError."""
    asked = options.options_of(arguments)
    asked = replace(asked, finish=replace(asked.finish, corrections=corrections_of(arguments)))
    asked.finish.require_consistent()
    outputs = pipeline.Outputs(
        arguments.output, arguments.layers, arguments.report, arguments.regions, options.export_options_of(arguments),
        options.quality_of(arguments, formats.of(arguments.output)),
    )  # fmt: skip
    # Colors of the drawing's own file, where layers of it are named and no other file.
    sources = arguments.reference or ([arguments.line] if asked.layers.reference_layers else [])
    inputs = [arguments.line, *arguments.reference, *(path for _, path in arguments.panel)]
    require_picture(outputs.picture, inputs)
    pipeline.require_writable(outputs.picture, outputs.export)
    if outputs.regions is not None:
        if not asked.finish.flats:
            raise RequestError("There are no regions to write without flats: leave --flats on.")
        files.require_output(outputs.regions, [*inputs, outputs.picture])
    if outputs.report is not None:
        files.require_output(outputs.report, [*inputs, outputs.picture], (".json",))
    files.require_all(inputs)
    entry = pipeline.find_model(arguments.model)
    pipeline.require_heeded(asked.sampling, entry)
    require_figures(arguments, entry)
    previews = Previews(arguments.previews)
    with ProgressBar() as bar:
        bar.show("Reading", 0.0)
        said: list[str] = []
        references = _references(arguments, sources, asked.layers.reference_layers, said)
        picture, drawn = pipeline.read_drawing(
            arguments.line, asked.layers.line_layers, guess=asked.lines.lines != "extract"
        )
        pipeline.require_references([*sources, *(path for _, path in arguments.panel)], drawn)
        request = pipeline.request_of(pipeline.prepare_lines(picture, drawn, asked.lines), references, asked)
        request = with_figures(request, arguments)
        bar.show("Loading the model", 0.0)
        from engine import reopening

        is_own = reopening.can_color(request)
        model = pipeline.own_colors() if is_own else pipeline.load_model(entry, arguments.device)
        start = time.perf_counter()
        result = pipeline.run(pipeline.color(model.colorizer, request), previews.then(bar.follow))
        inferred = time.perf_counter()
        finished = pipeline.run(pipeline.finish(model.colorizer, request, result, asked), bar.follow)
        ended = time.perf_counter()
        bar.show("Saving", 1.0)
        made = model.made(result, finished, asked, picture)
        written = pipeline.write_result(outputs, made)
        exported = time.perf_counter()
    from engine import inspection
    from engine.color.colorless import swapped

    notes = [
        *pipeline.notes_of(picture),
        *said,
        *pipeline.palette_notes(asked.finish),
        *result.notes,
        *inspection.notes(finished),
    ]
    notes += [_swap(sources[number], arguments) for number in swapped(request)[:1]]
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
                "options": plain(made.options_as_made),
                "export": asdict(outputs.export),
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


def _references(
    arguments: Namespace, sources: Sequence[Path], layers: Sequence[str], said: list[str]
) -> tuple[Reference, ...]:
    """The references with their weights, those for one panel last. said: takes what is to be said of them."""
    references = pipeline.weighed(pipeline.read_references(sources, layers, said), arguments.weight)
    for number, path in arguments.panel:
        only = pipeline.read_references([path], layers, said)
        references += tuple(replace(one, panel=number) for one in only)
    return references


def _swap(line: Path, arguments: Namespace) -> str:
    """What to type where drawing and reference are mixed up."""
    words = ["nurie", "colorize", line, "--reference", arguments.line, "--output", arguments.output]
    return Sentence("To swap them: {0}", shlex.join(map(str, words)))

"""`nurie colorize`: one drawing, one or more references, one colored picture or file of layers."""

import argparse
import json
import shlex
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.batch.control import Control
from app.cli import options
from app.cli import output as report
from app.cli.correction_options import add_correction_options, corrections_of
from app.cli.painting_options import Previews, add_painting_options, require_heeded, with_figures
from app.cli.parser import file
from app.cli.progress_bar import ProgressBar
from app.cli.steering import progress_events
from engine import pipeline, sentences
from engine.errors import Cancelled, RequestError
from engine.export import formats
from engine.export import targets as files
from engine.export.targets import require_picture
from engine.options import ExportOptions, plain
from engine.request import Progress
from engine.sentences import Sentence

_LOAD, _GUESSED = 0.05, 0.6  # of the progress, where loading begins and the guess ends

if TYPE_CHECKING:
    from engine.images import Picture
    from engine.options import Options
    from engine.request import LineArt


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
    options.add_panel_option(parser)
    parser.add_argument(
        "--output", metavar="OUT", type=file, required=True, help=f"the picture to write: {formats.endings()}"
    )
    parser.add_argument(
        "--into",
        action="store_true",
        help="LINE is a PSD of another program: write a copy of it with the colors as layers of a group Nurie, its own "
        "layers untouched; done again with that copy, the group is replaced",
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
    parser.add_argument("--control", action="store_true", help=argparse.SUPPRESS)  # other programs: events and words


def run(arguments: Namespace) -> int:
    """Color one drawing; returns the exit code. Raises NurieError, and Cancelled when stdin said so."""
    control, tell = Control(), progress_events() if arguments.control else None
    if arguments.control:
        control.listen_in_background(sys.stdin)
    asked = options.options_of(arguments)
    asked = replace(asked, finish=replace(asked.finish, corrections=corrections_of(arguments)))
    asked.finish.require_consistent()
    # Colors of the drawing's own file, where layers of it are named and no other file.
    sources = arguments.reference or ([arguments.line] if asked.layers.reference_layers else [])
    inputs = [arguments.line, *arguments.reference, *(path for _, path in arguments.panel)]
    outputs = _outputs(arguments, asked, inputs)
    entry = pipeline.find_model(arguments.model)
    require_heeded(arguments, asked.sampling, entry)
    with ProgressBar() as bar:
        follow = bar.follow if tell is None else tell
        follow(Progress("Reading", 0.0))
        said: list[str] = []
        references = pipeline.weighed(
            pipeline.read_references(sources, asked.layers.reference_layers, said), arguments.weight
        )
        references += pipeline.read_panel_references(arguments.panel, asked.layers.reference_layers, said)
        picture, drawn, outputs = _read(arguments, asked, outputs)
        pipeline.require_references([*sources, *(path for _, path in arguments.panel)], drawn)
        line_art = pipeline.prepare_lines(picture, drawn, asked.lines)
        request = with_figures(pipeline.request_of(line_art, references, asked), arguments)
        follow(Progress("Loading the model", _LOAD))
        from engine import reopening

        is_own = reopening.can_color(request)
        model = pipeline.own_colors() if is_own else pipeline.load_model(entry, arguments.device)
        start = time.perf_counter()
        steps = pipeline.color(model.colorizer, request, control.should_stop)
        result = pipeline.run(pipeline.part(steps, _LOAD, _GUESSED), Previews(arguments.previews).then(follow))
        inferred = time.perf_counter()
        ending = pipeline.finish(model.colorizer, request, result, asked, control.should_stop)
        finished = pipeline.run(pipeline.part(ending, _GUESSED, 1.0), follow)
        ended = time.perf_counter()
        if control.should_stop():
            raise Cancelled
        follow(Progress("Saving", 1.0))
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
    if arguments.control:
        print(json.dumps({"event": "ended", **sentences.to_plain({"notes": notes})}), flush=True)
    elif arguments.json:
        seconds = {
            "load": model.seconds,
            "infer": inferred - start,
            "finish": ended - inferred,
            "export": exported - ended,
        }
        report.print_json(_told(made, outputs, written, seconds) | {"notes": notes})
    return 0


def _outputs(arguments: Namespace, asked: "Options", inputs: Sequence[Path]) -> pipeline.Outputs:
    """What is to be written. Raises RequestError and PictureError for what cannot."""
    outputs = pipeline.Outputs(
        arguments.output, arguments.layers, arguments.report, arguments.regions, options.export_options_of(arguments),
        options.quality_of(arguments, formats.of(arguments.output)),
    )  # fmt: skip
    require_picture(outputs.picture, inputs)
    pipeline.require_writable(outputs.picture, outputs.export)
    if arguments.into:
        _require_psd(arguments)
    if outputs.regions is not None:
        if not asked.finish.flats:
            raise RequestError("There are no regions to write without flats: leave --flats on.")
        files.require_output(outputs.regions, [*inputs, outputs.picture])
    if outputs.report is not None:
        files.require_output(outputs.report, [*inputs, outputs.picture], (".json",))
    files.require_all(inputs)
    return outputs


def _told(
    made: pipeline.Made, outputs: pipeline.Outputs, written: Sequence[Path], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """What `--json` says, but for the notes."""
    height, width = made.finished.color.shape[:2]
    return {
        "output": str(outputs.picture),
        "files": [str(path) for path in written],
        "width": width,
        "height": height,
        "device": made.result.device,
        "model": {"name": made.model, "sha256": made.sha256},
        "options": plain(made.options_as_made),
        "export": asdict(outputs.export),
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
        "peak_memory_bytes": report.peak_memory_bytes(),
    }


def _require_psd(arguments: Namespace) -> None:
    """Raise RequestError where layers cannot be added."""
    for path in (arguments.line, arguments.output):
        if path.suffix.lower() != ".psd":
            raise RequestError("With --into drawing and output are PSD files, and {0} is none.", path.name)


def _read(
    arguments: Namespace, asked: "Options", outputs: pipeline.Outputs
) -> "tuple[Picture, LineArt | None, pipeline.Outputs]":
    """The drawing, and what is to be written of it. Raises PictureError."""
    layers = asked.layers.line_layers
    if arguments.into:
        picture, into = pipeline.read_drawing_for_layers(arguments.line, layers)
        return picture, None, replace(outputs, into=into)
    return *pipeline.read_drawing(arguments.line, layers, guess=asked.lines.lines != "extract"), outputs


def _swap(line: Path, arguments: Namespace) -> str:
    """What to type where drawing and reference are mixed up."""
    words = ["nurie", "colorize", line, "--reference", arguments.line, "--output", arguments.output]
    return Sentence("To swap them: {0}", shlex.join(map(str, words)))

"""`nurie batch`: many drawings, one model loaded once; a drawing that fails is reported and the rest go on."""

import argparse
import contextlib
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.batch.plan import ON_EXISTS
from app.cli import batch_manifest, options
from app.cli.batch_output import JsonVoice, TerminalVoice, Voice
from app.cli.parser import file
from engine import pipeline
from engine.errors import Cancelled, NurieError, RequestError
from engine.export import formats
from engine.options import Sampling
from engine.sentences import on_one_line

if TYPE_CHECKING:
    from app.batch.control import Control
    from app.batch.folder_batch import RunOptions
    from app.batch.request import BatchRequest

# Options of a folder, and what they are when they are not given.
_OF_FOLDERS = {
    "reference": [], "panel": [], "output": None, "recursive": False, "pattern": "*", "format": "png",
    "on_exists": "skip", "separate_palettes": False, "retry_failed": False, "control": False,
    "request": None, "cluster": None,
}  # fmt: skip


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Color the drawings of a folder into another folder, each under its own name. A folder named "
        "'references' beside drawings, or a 'nurie.toml' (references, panel, palette, model, and settings by "
        "the names of their options), holds for them and for the folders below; what stands nearest wins. The "
        "same command goes on where a batch ended. Or color the drawings of a CSV file with the columns line, "
        "reference, output, and if wanted panel (2=coat.png): several references are separated by ';', file names are "
        "relative to the CSV file. Exit code 1 if any drawing failed."
    )
    parser.add_argument("--manifest", metavar="PAIRS.csv", type=file, help="the CSV file")
    parser.add_argument("--retry-failed", action="store_true", help="also try drawings again that failed before")
    parser.add_argument(
        "--report", metavar="FILE.csv|.html", type=file, help="write what was done, page or table, at the end"
    )
    add_folder_options(parser)
    options.add_cluster_options(parser)


def add_folder_options(parser: argparse.ArgumentParser) -> None:
    """The options of a folder of drawings, and of how they are colored."""
    parser.add_argument("folder", metavar="IN", nargs="?", type=file, help="the folder of drawings")
    _add_target_options(parser)
    parser.add_argument(
        "--jobs",
        type=options.jobs,
        metavar="N",
        help="drawings in work at a time: pictures are read, finished and written while another is in the network "
        f"(default: as many as cores and memory allow; of a CSV file {batch_manifest.JOBS_DEFAULT})",
    )
    options.add_colorize_options(parser)


def _add_target_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reference",
        metavar="REF",
        type=file,
        action="append",
        default=[],
        help="a color picture for drawings that have no reference nearer to them; may be given several times",
    )
    options.add_panel_option(parser)
    parser.add_argument(
        "--output", metavar="OUT", type=file, help="the folder to write to; it is made if there is none"
    )
    parser.add_argument("--recursive", action="store_true", help="also the drawings in folders within IN")
    parser.add_argument(
        "--pattern", metavar="GLOB", default="*", help="only drawings whose names fit, such as 'page*.png'"
    )
    parser.add_argument(
        "--format",
        choices=[one.id for one in formats.WRITTEN],
        default="png",
        help="what kind of files to write (default png)",
    )
    options.add_quality_option(parser)
    parser.add_argument(
        "--on-exists",
        choices=ON_EXISTS,
        default="skip",
        help="a picture that is there already: leave it (skip, the default), replace it, or number the new one",
    )
    parser.add_argument(
        "--separate-palettes",
        action="store_true",
        help="each set of references keeps swatches of its own (default: a color that several have is one swatch)",
    )
    # What the window asks for, in one word.
    parser.add_argument("--request", type=_request, help=argparse.SUPPRESS)
    parser.add_argument(
        "--control", action="store_true", help="take the words pause, resume and stop on stdin; its end means stop"
    )


def run(arguments: Namespace) -> int:
    """Color all drawings; returns 1 if any failed, 130 when it was stopped, else 0.

    Raises NurieError when nothing could be tried at all.
    """
    if arguments.manifest is not None:
        _require_manifest_options(arguments)
        return batch_manifest.run(arguments)
    from app.batch.control import Control
    from app.batch.folder_batch import FolderBatch

    control = Control()
    voice = JsonVoice() if arguments.json else TerminalVoice()
    with told_by(voice):
        asked = run_options(arguments)
        if asked.asked.options.sampling != Sampling():
            pipeline.require_heeded(asked.asked.options.sampling, pipeline.find_model(asked.asked.model))
        batch = FolderBatch(asked, voice.say, control)
        if arguments.control:
            control.listen_in_background(sys.stdin)
        with gentle_interrupt(control):
            return batch.run()


@contextlib.contextmanager
def told_by(voice: Voice) -> Iterator[None]:
    """What goes wrong in this block is told by `voice`, too, and raised on."""
    try:
        yield
    except NurieError as error:
        voice.fail(on_one_line(str(error)))
        raise
    except (KeyboardInterrupt, Cancelled):
        voice.interrupted()
        raise
    finally:
        voice.close()


@contextlib.contextmanager
def gentle_interrupt(control: "Control") -> Iterator[None]:
    """The first Ctrl+C lets what is in work end at its next step, so that all is noted; the second one ends at once."""

    def stop(*_: object) -> None:
        control.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run_options(arguments: Namespace) -> "RunOptions":
    """What the arguments ask for. Raises RequestError and PictureError."""
    from app.batch.folder_batch import RunOptions
    from app.batch.plan import BatchOptions

    if arguments.request is not None:
        from app.batch.request import BatchRequest

        request: BatchRequest = arguments.request
        return RunOptions(
            request.batch_options(),
            quality=request.written_quality,
            separate_palettes=not request.shared_palette,
            retry_failed=vars(arguments).get("retry_failed", False),
            report=Path(request.report) if request.report else None,
        )
    if arguments.folder is None:
        raise RequestError("There is nothing to color; name a folder of drawings, or a CSV file with --manifest.")
    if arguments.output is None:
        raise RequestError("There is no folder to write to; name one with --output.")
    asked = BatchOptions(
        folder=arguments.folder,
        output=arguments.output,
        options=options.options_of(arguments),
        references=tuple(arguments.reference),
        panels=tuple(arguments.panel),
        model=arguments.model,
        format=arguments.format,
        on_exists=arguments.on_exists,
        recursive=arguments.recursive,
        pattern=arguments.pattern,
    )
    return RunOptions(
        asked,
        jobs=arguments.jobs,
        quality=options.quality_of(arguments, formats.by_id(arguments.format)),
        separate_palettes=arguments.separate_palettes,
        retry_failed=vars(arguments).get("retry_failed", False),
        report=vars(arguments).get("report"),
        device=arguments.device,
        cluster=options.cluster_of(arguments),
    )


def _request(text: str) -> "BatchRequest":
    from app.batch.request import from_json

    request = from_json(text)
    if request is None:
        raise argparse.ArgumentTypeError("the request cannot be understood")
    return request


def _require_manifest_options(arguments: Namespace) -> None:
    """Raise RequestError for an option of folders beside --manifest."""
    if arguments.folder is not None:
        raise RequestError(f"Name either the folder {arguments.folder} or a CSV file with --manifest.")
    for name, default in _OF_FOLDERS.items():
        if getattr(arguments, name) != default:
            raise RequestError(f"--{name.replace('_', '-')} is for a folder of drawings, not for --manifest.")

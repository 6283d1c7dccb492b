"""`nurie batch`: many drawings, one model loaded once; a drawing that fails is reported and the rest go on."""

import argparse
import contextlib
import signal
import sys
from argparse import Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.batch.plan import FORMATS, ON_EXISTS
from app.cli import batch_manifest, options
from app.cli.batch_output import JsonVoice, TerminalVoice
from engine import pipeline as steps
from engine.errors import Cancelled, NurieError, RequestError

if TYPE_CHECKING:
    from app.batch.control import Control
    from app.batch.folder_batch import Options
    from engine.export.flat_formats import Quality

# Options of a folder, and what they are when they are not given.
_OF_FOLDERS = {
    "reference": [], "output": None, "recursive": False, "pattern": "*", "format": "png", "quality": 95,
    "on_exists": "skip", "separate_palettes": False, "retry_failed": False, "report": None, "control": False,
}  # fmt: skip


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "batch",
        help="color many drawings",
        description="Color the drawings of a folder into another folder, each under its own name. A folder named "
        "'references' beside drawings, or a 'nurie.toml' (references, palette, lines, sigma, soft, levels, despeckle, "
        "size, flats, shading, gap, model), holds for them and for the folders below; what stands nearest wins. The "
        "same command goes on where a batch ended. Or color the drawings of a CSV file with the columns line, "
        "reference, output: several references are separated by ';', file names are relative to the CSV file. Exit "
        "code 1 if any drawing failed.",
    )
    parser.add_argument("folder", metavar="IN", nargs="?", type=options.file, help="the folder of drawings")
    parser.add_argument("--manifest", metavar="PAIRS.csv", type=options.file, help="the CSV file")
    _add_folder_options(parser)
    parser.add_argument(
        "--jobs",
        type=options.jobs,
        metavar="N",
        help="drawings in work at a time: pictures are read, finished and written while another is in the network "
        f"(default: as many as cores and memory allow; of a CSV file {batch_manifest.JOBS_DEFAULT})",
    )
    options.add_colorize_options(parser)
    parser.set_defaults(run=run)


def _add_folder_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reference",
        metavar="REF",
        type=options.file,
        action="append",
        default=[],
        help="a color picture for drawings that have no reference nearer to them; may be given several times",
    )
    parser.add_argument(
        "--output", metavar="OUT", type=options.file, help="the folder to write to; it is made if there is none"
    )
    parser.add_argument("--recursive", action="store_true", help="also the drawings in folders within IN")
    parser.add_argument(
        "--pattern", metavar="GLOB", default="*", help="only drawings whose names fit, such as 'page*.png'"
    )
    parser.add_argument("--format", choices=FORMATS, default="png", help="what kind of files to write (default png)")
    parser.add_argument(
        "--quality",
        type=_quality,
        default=95,
        metavar="N|lossless",
        help="of jpg and webp, 1 to 100 (default 95); webp can also be lossless",
    )
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
    parser.add_argument("--retry-failed", action="store_true", help="also try drawings again that failed before")
    parser.add_argument(
        "--report", metavar="FILE.csv|.html", type=options.file, help="write what was done, page or table, at the end"
    )
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
    try:
        batch = FolderBatch(_options(arguments), voice.say, control)
        if arguments.control:
            control.listen_in_background(sys.stdin)
        with _gentle_interrupt(control):
            return batch.run()
    except NurieError as error:
        voice.fail(" ".join(str(error).split()))
        raise
    except (KeyboardInterrupt, Cancelled):
        voice.interrupted()
        raise
    finally:
        voice.close()


@contextlib.contextmanager
def _gentle_interrupt(control: "Control") -> Iterator[None]:
    """The first Ctrl+C lets what is in work end at its next step, so that all is noted; the second one ends at once."""

    def stop(*_: object) -> None:
        control.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _options(arguments: Namespace) -> "Options":
    """What the arguments ask for. Raises RequestError and PictureError."""
    from app.batch.folder_batch import Options
    from app.batch.plan import Wish

    if arguments.folder is None:
        raise RequestError("There is nothing to color; name a folder of drawings, or a CSV file with --manifest.")
    if arguments.output is None:
        raise RequestError("There is no folder to write to; name one with --output.")
    if arguments.quality == "lossless" and arguments.format != "webp":
        raise RequestError("Only webp can be lossless here: choose --format webp, or png, which always is.")
    wish = Wish(
        folder=arguments.folder,
        output=arguments.output,
        settings=steps.Settings.of(arguments),
        references=tuple(arguments.reference),
        model=arguments.model,
        format=arguments.format,
        on_exists=arguments.on_exists,
        recursive=arguments.recursive,
        pattern=arguments.pattern,
    )
    return Options(
        wish,
        jobs=arguments.jobs,
        quality=arguments.quality,
        separate_palettes=arguments.separate_palettes,
        retry_failed=arguments.retry_failed,
        report=arguments.report,
        device=arguments.device,
    )


def _require_manifest_options(arguments: Namespace) -> None:
    """Raise RequestError for an option of folders beside --manifest."""
    if arguments.folder is not None:
        raise RequestError(f"Name either the folder {arguments.folder} or a CSV file with --manifest.")
    for name, default in _OF_FOLDERS.items():
        if getattr(arguments, name) != default:
            raise RequestError(f"--{name.replace('_', '-')} is for a folder of drawings, not for --manifest.")


def _quality(text: str) -> "Quality":
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if text == "lossless":
        return "lossless"
    if not 1 <= value <= 100:
        raise argparse.ArgumentTypeError(f"choose a quality from 1 to 100, or lossless, not '{text}'")
    return value

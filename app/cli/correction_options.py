"""The options of `colorize` by which a person corrects a coloring."""

import argparse
import re
from argparse import Namespace
from pathlib import Path

from app.cli import options
from app.cli.parser import file
from engine import plain_json
from engine.corrections import Corrections, Hint, from_values
from engine.errors import PictureError, RequestError


def add_correction_options(parser: argparse.ArgumentParser) -> None:
    """--hint, --fill, --split, --merge, --close-gap and --corrections."""
    for name, meaning in (
        ("--hint", "the region at this pixel has this color, and regions in doubt that are like it follow"),
        ("--fill", "the region at this pixel alone has this color"),
    ):
        parser.add_argument(
            name, type=hint, action="append", default=[], metavar="X,Y=#RRGGBB", help=f"{meaning}; may be given again"
        )
    for name, kind, metavar, meaning in (
        ("--split", options.stroke, "X,Y:X,Y[:…]", "cut the regions along a stroke through these pixels"),
        ("--merge", options.pair, "X,Y:X,Y", "make one region of those at two pixels"),
        (
            "--close-gap",
            options.stroke,
            "X,Y:X,Y[:…]",
            "close a gap by a stroke that bounds regions but is not drawn",
        ),
    ):
        parser.add_argument(
            name,
            type=kind,
            action="append",
            default=[],
            metavar=metavar,
            help=f"{meaning}; may be given several times",
        )
    parser.add_argument(
        "--corrections",
        metavar="FILE.json",
        type=file,
        help="all of these from a file with the lists hints, splits, merges, gaps, shapes and right; those of the "
        "options come after",
    )


def corrections_of(arguments: Namespace) -> Corrections:
    """What the parsed options say. Raises PictureError for a file that cannot be read, RequestError for a bad one."""
    read = Corrections() if arguments.corrections is None else _read(arguments.corrections)
    hints = [Hint(x, y, color) for (x, y), color in arguments.hint]
    fills = [Hint(x, y, color, spread=False) for (x, y), color in arguments.fill]
    return Corrections(
        (*read.hints, *hints, *fills),
        (*read.splits, *arguments.split),
        (*read.merges, *arguments.merge),
        (*read.gaps, *arguments.close_gap),
        read.shapes,
        read.right,
    )


def hint(text: str) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """A pixel and a color from "X,Y=#rrggbb", or argparse's error."""
    found = re.fullmatch(r"(\d{1,9}),(\d{1,9})=#([0-9a-fA-F]{6})", text, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"give a pixel and a color as '320,240=#40a060', not '{text}'")
    red, green, blue = bytes.fromhex(found[3])
    return (int(found[1]), int(found[2])), (red, green, blue)


def _read(path: Path) -> Corrections:
    try:
        values = plain_json.loads(path.read_bytes())
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise RequestError(f"{path} is no JSON file: write one with hints, splits, merges and gaps.") from error
    try:
        return from_values(values)
    except RequestError as error:
        raise RequestError(f"{path}: {error}") from error

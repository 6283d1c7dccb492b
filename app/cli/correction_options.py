"""The options of `colorize` by which a person corrects a coloring."""

import argparse
import re
from argparse import Namespace

from app.cli import options
from app.cli.parser import file
from engine.corrections import Corrections, Hint, read


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
    given = Corrections() if arguments.corrections is None else read(arguments.corrections)
    hints = [Hint(x, y, color) for (x, y), color in arguments.hint]
    fills = [Hint(x, y, color, spread=False) for (x, y), color in arguments.fill]
    return Corrections(
        (*given.hints, *hints, *fills),
        (*given.splits, *arguments.split),
        (*given.merges, *arguments.merge),
        (*given.gaps, *arguments.close_gap),
        given.shapes,
        given.right,
    )


def hint(text: str) -> tuple[tuple[int, int], tuple[int, int, int]]:
    """A pixel and a color from "X,Y=#rrggbb", or argparse's error."""
    found = re.fullmatch(r"(\d{1,9}),(\d{1,9})=#([0-9a-fA-F]{6})", text, re.ASCII)
    if found is None:
        raise argparse.ArgumentTypeError(f"give a pixel and a color as '320,240=#40a060', not '{text}'")
    red, green, blue = bytes.fromhex(found[3])
    return (int(found[1]), int(found[2])), (red, green, blue)

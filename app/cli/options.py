"""Options that several commands share, and the parser that reports a mistake on one line."""

import argparse
import re
import sys
from pathlib import Path
from typing import Any, NoReturn, get_args

from engine import file_names
from engine.request import (
    DESPECKLE_MAX,
    GAP_MAX,
    SIGMA_DEFAULT,
    SIGMA_MAX,
    SIGMA_MIN,
    WEIGHT_MAX,
    WORKING_SIZE_DEFAULT,
    DeviceChoice,
    LineMode,
)

SIZE_MIN, SIZE_MAX = 64, 2048  # as `engine.colorizer` has them, which imports torch; a test holds them equal


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, `nurie: error: …`, and exit code 2."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options.setdefault("allow_abbrev", False)
        super().__init__(*arguments, **options)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the options are explained."""
        message = " ".join(message.split())
        self.exit(2, f"nurie: error: {message} (options: {self.prog} --help)\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse writes straight to the stream and would lose a closed pipe's error; `main` wants to see it.
        stream = file if file is not None else sys.stderr
        if message and stream is not None:
            stream.write(message)


def sigma(text: str) -> float:
    """XDoG thickness in pixels, or argparse's error."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not SIGMA_MIN <= value <= SIGMA_MAX:
        raise argparse.ArgumentTypeError(f"choose a thickness from {SIGMA_MIN:.2f} to {SIGMA_MAX:.2f}, not '{text}'")
    return value


def working_size(text: str) -> int:
    """Pixels of the longer side, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not SIZE_MIN <= value <= SIZE_MAX:
        raise argparse.ArgumentTypeError(f"choose a size from {SIZE_MIN} to {SIZE_MAX} pixels, not '{text}'")
    return value


def jobs(text: str) -> int:
    """Rows in work at a time, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= value <= 64:
        raise argparse.ArgumentTypeError(f"choose a number of jobs from 1 to 64, not '{text}'")
    return value


def file(text: str) -> Path:
    """A file name; a file whose name differs in composed letters alone is meant, too.

    An empty one, as an unset variable of a shell script gives, would otherwise mean the folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a file name is empty")
    return file_names.found(Path(text))


def levels(text: str) -> tuple[int, int]:
    """Black and white from "BLACK,WHITE", gray levels, or argparse's error."""
    found = re.fullmatch(r"(\d{1,3}),(\d{1,3})", text, re.ASCII)
    black, white = (int(found[1]), int(found[2])) if found else (0, 0)
    if not black < white <= 255:
        raise argparse.ArgumentTypeError(f"give black and white as 20,230, from 0 to 255, not '{text}'")
    return black, white


def despeckle(text: str) -> int:
    """Pixels, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not 0 <= value <= DESPECKLE_MAX:
        raise argparse.ArgumentTypeError(f"choose a size of specks from 0 to {DESPECKLE_MAX} pixels, not '{text}'")
    return value


def weight(text: str) -> float:
    """The weight of a reference, or argparse's error."""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value <= WEIGHT_MAX:
        raise argparse.ArgumentTypeError(f"choose a weight from 0 to {WEIGHT_MAX:g}, not '{text}'")
    return value


def add_line_options(parser: argparse.ArgumentParser) -> None:
    """--sigma and --soft: how line art is drawn from a colour picture; --levels and --despeckle: how it is cleaned."""
    parser.add_argument(
        "--sigma",
        type=sigma,
        default=SIGMA_DEFAULT,
        metavar="S",
        help=f"thickness of extracted lines in pixels, {SIGMA_MIN:.2f} to {SIGMA_MAX:.2f} (default {SIGMA_DEFAULT})",
    )
    parser.add_argument("--soft", action="store_true", help="soft extracted lines, as a pencil draws them")
    parser.add_argument(
        "--levels",
        type=levels,
        default=(0, 255),
        metavar="BLACK,WHITE",
        help="clean the lines of a scan: gray levels of black ink and of white paper (default 0,255: as it is)",
    )
    parser.add_argument(
        "--despeckle",
        type=despeckle,
        default=0,
        metavar="N",
        help=f"remove dots of up to N pixels, 0 to {DESPECKLE_MAX} (default 0: none); lines stay whole",
    )


def add_colorize_options(parser: argparse.ArgumentParser) -> None:
    """The options of `colorize` that `batch` has too."""
    parser.add_argument(
        "--lines",
        choices=get_args(LineMode),
        default="auto",
        help="line art (ink), or a color picture to extract line art from (extract); auto, the default, looks",
    )
    add_line_options(parser)
    parser.add_argument(
        "--model", metavar="NAME|FILE", help="a model of `nurie models`, or a file (default: the shipped one)"
    )
    parser.add_argument(
        "--device",
        choices=get_args(DeviceChoice),
        default="auto",
        help="where to compute (default: the fastest there is)",
    )
    parser.add_argument(
        "--size",
        type=working_size,
        default=WORKING_SIZE_DEFAULT,
        metavar="N",
        help=f"longer side at which the network looks at the drawing, {SIZE_MIN} to {SIZE_MAX} pixels "
        f"(default {WORKING_SIZE_DEFAULT}); the result always has the drawing's size",
    )
    add_finish_options(parser)
    add_json_option(parser)


def add_finish_options(parser: argparse.ArgumentParser) -> None:
    """What is made of the guess of the network: flats, palette, shading."""
    parser.add_argument(
        "--flats",
        choices=("on", "off"),
        default="on",
        help="one color for each region (default), or the guess as it is",
    )
    parser.add_argument(
        "--palette",
        type=palette,
        default="lock",
        metavar="lock|off|FILE",
        help="flats take the colors of the references (lock, the default), of a .gpl, .ase or .aco file, or any (off)",
    )
    parser.add_argument(
        "--recolor",
        type=recoloring,
        action="append",
        default=[],
        metavar="SWATCH=#RRGGBB",
        help="give a swatch, called by its name or its #rrggbb, another color wherever it is used; may be given again",
    )
    parser.add_argument(
        "--shading", choices=("off", "soft", "cel"), default="off", help="light and shade over the flats (default off)"
    )
    parser.add_argument(
        "--gap",
        type=gap,
        metavar="N",
        help=f"close gaps in the lines of up to N pixels, 0 to {GAP_MAX} (default: by the thickness of the lines)",
    )


def stroke(text: str) -> tuple[tuple[int, int], ...]:
    """Points "X,Y:X,Y[:X,Y…]" in pixels, or argparse's error."""
    try:
        points = tuple((int(x), int(y)) for x, y in (point.split(",") for point in text.split(":")))
    except ValueError:
        points = ()
    if len(points) < 2:
        raise argparse.ArgumentTypeError(f"give two points or more as X,Y:X,Y, not '{text}'")
    return points


def pair(text: str) -> tuple[tuple[int, int], ...]:
    """Two points "X,Y:X,Y" in pixels, or argparse's error."""
    points = stroke(text)
    if len(points) != 2:
        raise argparse.ArgumentTypeError(f"give two points as X,Y:X,Y, not '{text}'")
    return points


def recoloring(text: str) -> tuple[str, tuple[int, int, int]]:
    """A swatch and its new color from "SWATCH=#rrggbb", or argparse's error."""
    swatch, _, digits = text.rpartition("=")
    if not swatch or not re.fullmatch("#[0-9a-fA-F]{6}", digits):
        raise argparse.ArgumentTypeError(f"give a swatch and its new color as 'light green=#40a060', not '{text}'")
    red, green, blue = bytes.fromhex(digits[1:])
    return swatch, (red, green, blue)


def palette(text: str) -> str | Path:
    """ "lock", "off" or the name of a palette file."""
    return text if text in ("lock", "off") else file(text)


def gap(text: str) -> int:
    """Pixels, or argparse's error."""
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not 0 <= value <= GAP_MAX:
        raise argparse.ArgumentTypeError(f"choose a gap from 0 to {GAP_MAX} pixels, not '{text}'")
    return value


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """--json: one object on stdout."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout")

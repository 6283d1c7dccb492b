"""`nurie lineart`: line art of a colour picture, by XDoG."""

import time
from argparse import Namespace
from typing import Any

from app.cli import options
from app.cli import output as report
from engine import __version__
from engine.export import targets as files


def add_parser(commands: Any) -> None:
    """Add the sub-command to argparse's `commands`."""
    parser = commands.add_parser(
        "lineart",
        help="extract line art from a color picture",
        description="Extract line art from a color picture (XDoG) and save it as a PNG of the same size.",
    )
    parser.add_argument("picture", metavar="IN", type=options.file, help="the color picture")
    parser.add_argument("--output", metavar="OUT.png", type=options.file, required=True, help="the line art to write")
    options.add_line_options(parser)
    options.add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: Namespace) -> int:
    """Extract line art; returns the exit code. Raises PictureError."""
    output = arguments.output
    files.require_output(output, [arguments.picture])
    import numpy as np

    from engine import layered_drawing
    from engine.export.png import write_png
    from engine.line_art import prepare
    from engine.line_art.cleaning import Cleaning

    picture, _ = layered_drawing.read(arguments.picture)
    black, white = arguments.levels
    cleaning = Cleaning(black, white, arguments.despeckle)
    start = time.perf_counter()
    line_art = prepare.prepare(picture, "extract", arguments.sigma, not arguments.soft, cleaning)
    extracted = time.perf_counter()
    gray = np.rint(line_art.ink * 255.0).astype(np.uint8)
    text = {"Software": f"Nurie {__version__}"}
    # The lines are grey, so the picture's own profile would say nothing about them.
    write_png(output, gray, icc_profile=None, dpi=picture.dpi, text=text)
    if arguments.json:
        height, width = line_art.size
        report.print_json(
            {
                "output": str(output),
                "width": width,
                "height": height,
                "sigma": arguments.sigma,
                "soft": arguments.soft,
                "seconds": {
                    "extract": round(extracted - start, 4),
                    "export": round(time.perf_counter() - extracted, 4),
                },
                "peak_memory_bytes": report.peak_memory_bytes(),
            }
        )
    return 0

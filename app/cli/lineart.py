"""`nurie lineart`: line art of a colour picture, by XDoG."""

import argparse
import time
from argparse import Namespace
from dataclasses import replace

from app.cli import options
from app.cli import output as report
from app.cli.parser import file
from engine import __version__
from engine.export import targets as files


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = "Extract line art from a color picture (XDoG) and save it as a PNG of the same size."
    parser.add_argument("picture", metavar="IN", type=file, help="the color picture")
    parser.add_argument("--output", metavar="OUT.png", type=file, required=True, help="the line art to write")
    options.add_line_options(parser)
    options.add_layer_option(parser, "line_layers")
    options.add_json_option(parser)


def run(arguments: Namespace) -> int:
    """Extract line art; returns the exit code. Raises PictureError."""
    output = arguments.output
    files.require_output(output, [arguments.picture])
    import numpy as np

    from engine import pipeline
    from engine.export.png import write_png

    asked = replace(options.line_options_of(arguments), lines="extract")
    picture, drawn = pipeline.read_drawing(arguments.picture, arguments.line_layers)
    for sentence in pipeline.notes_of(picture):
        report.note(sentence)
    start = time.perf_counter()
    line_art = pipeline.prepare_lines(picture, drawn, asked)
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

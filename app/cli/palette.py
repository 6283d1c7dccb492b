"""`nurie palette`: the colors of reference pictures as a palette file."""

import argparse
import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import options
from app.cli import output as report
from app.cli.parser import file
from engine.errors import RequestError
from engine.export import formats
from engine.export import targets as files

if TYPE_CHECKING:
    from engine.palette import Palette

LIMIT_DEFAULT, LIMIT_MAX = 32, 256  # the default as `engine.color.swatches` has it; a test holds them equal


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe the command and add its options."""
    parser.description = (
        "Find the colors of reference pictures, the largest area first, and write them as a palette for "
        "GIMP or Krita (.gpl) or Adobe's programs (.ase, .aco), or list them. A palette file named instead of pictures "
        "(also .pal, .hex or .swatches) is converted or listed."
    )
    parser.add_argument("sources", metavar="FILE", nargs="+", type=file, help="reference pictures, or one palette file")
    parser.add_argument(
        "--output", metavar="OUT.gpl|.ase|.aco", type=file, help="the palette to write (default: list it)"
    )
    parser.add_argument(
        "--limit",
        type=_limit,
        metavar="N",
        help=f"the most colors to take from pictures, 1 to {LIMIT_MAX} (default {LIMIT_DEFAULT})",
    )
    options.add_layer_option(parser, "reference_layers")
    options.add_sheet_option(parser)
    options.add_json_option(parser)


def run(arguments: Namespace) -> int:
    """Find, convert or list colors; returns the exit code. Raises PictureError and RequestError."""
    sources, output = arguments.sources, arguments.output
    is_palette = _is_palette(sources)
    if is_palette and arguments.limit is not None:
        raise RequestError("--limit is for pictures; a palette file keeps all its colors.")
    if output is not None:
        _require_output(output, sources)
    from engine.export import palette_files

    start = time.perf_counter()
    if is_palette:
        palette, shares = palette_files.read(sources[0]), None
        for sentence in palette.notes:
            report.note(sentence)
    else:
        palette, shares = _find(sources, arguments.limit or LIMIT_DEFAULT, arguments.reference_layers, arguments.sheet)
    seconds = time.perf_counter() - start
    if output is not None:
        palette_files.write(output, palette)
    if arguments.json:
        report.print_json(
            {
                "output": str(output) if output is not None else None,
                "name": palette.name,
                "swatches": _described(palette, shares),
                "seconds": round(seconds, 4),
                "peak_memory_bytes": report.peak_memory_bytes(),
            }
        )
    elif output is None:
        _print_swatches(palette, shares)
    return 0


def _limit(text: str) -> int:
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= value <= LIMIT_MAX:
        raise argparse.ArgumentTypeError(f"choose a limit from 1 to {LIMIT_MAX}, not '{text}'")
    return value


def _is_palette(sources: Sequence[Path]) -> bool:
    palettes = [path for path in sources if path.suffix.lower() in formats.PALETTES_OPENED]
    if palettes and len(sources) > 1:
        raise RequestError(f"{palettes[0]} is a palette; name it alone, or name pictures only.")
    return bool(palettes)


def _require_output(output: Path, inputs: Sequence[Path]) -> None:
    from engine.export import palette_files

    palette_files.require_suffix(output)
    files.require_other(output, inputs)


def _find(sources: Sequence[Path], limit: int, layers: Sequence[str], mode: str) -> "tuple[Palette, list[float]]":
    from engine import pipeline
    from engine.color import sheet, swatches

    notes: list[str] = []
    references = pipeline.read_references(sources, layers, notes)
    for sentence in notes:
        report.note(sentence)
    for sentence in sheet.notes(references, mode):
        report.note(sentence)
    figures = sheet.figures_of(references, mode)
    palette = swatches.find_swatches(figures, limit)
    return palette, swatches.shares(figures, palette).tolist()


def _described(palette: "Palette", shares: list[float] | None) -> list[dict[str, Any]]:
    from engine.palette import hex_of

    listed = shares if shares is not None else [None] * len(palette.swatches)
    return [
        {"name": swatch.name, "color": hex_of(swatch.color), "share": round(share, 5) if share is not None else None}
        for swatch, share in zip(palette.swatches, listed, strict=True)
    ]


def _print_swatches(palette: "Palette", shares: list[float] | None) -> None:
    from engine.palette import hex_of

    for index, swatch in enumerate(palette.swatches):
        share = f"{shares[index]:7.2%}  " if shares is not None else ""
        print(f"{hex_of(swatch.color)}  {share}{swatch.name}".rstrip())

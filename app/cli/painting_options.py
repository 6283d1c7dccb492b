"""Options of `colorize` for models that paint in steps: where the figures are, and pictures of how it goes."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.parser import file
from engine import pipeline
from engine.errors import RequestError
from engine.options import Sampling
from engine.request import ColorizeRequest, Progress

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry


def add_painting_options(parser: argparse.ArgumentParser) -> None:
    """--figure, --reference-figure and --previews."""
    parser.add_argument(
        "--figure",
        metavar="MASK.png",
        type=file,
        help="where the drawing's figure is, white on black, for a model that paints figure and background apart; "
        "else it is looked for",
    )
    parser.add_argument(
        "--reference-figure",
        metavar="MASK.png",
        type=file,
        action="append",
        default=[],
        help="the same for a reference; the first is the first reference's, and so on",
    )
    parser.add_argument(
        "--previews",
        metavar="DIR",
        type=file,
        help="write what is painted so far into this folder after each step, for a model that paints in steps",
    )


def require_heeded(arguments: argparse.Namespace, sampling: Sampling, entry: ModelEntry) -> None:
    """Raise RequestError where the model does not heed what was asked for."""
    pipeline.require_heeded(sampling, entry)
    if (arguments.figure or arguments.reference_figure) and not entry.abilities.figures:
        raise RequestError(
            "The model {0} paints figure and background alike: leave out the masks of figures, or choose another.",
            entry.name,
        )
    if arguments.previews is not None and not entry.abilities.previews:
        raise RequestError("The model {0} has no previews: leave out --previews, or choose another.", entry.name)
    if len(arguments.reference_figure) > len(arguments.reference):
        raise RequestError(
            "There are {0} masks for {1} references: give each one at most.",
            len(arguments.reference_figure),
            len(arguments.reference),
        )


def with_figures(request: ColorizeRequest, arguments: argparse.Namespace) -> ColorizeRequest:
    """The request with the masks that were named. Raises PictureError and RequestError."""
    references = list(request.references)
    for number, path in enumerate(arguments.reference_figure):
        one = references[number]
        height, width = one.pixels.shape[:2]
        references[number] = replace(one, figure_mask=pipeline.read_figure(path, (height, width), one.name))
    figure = request.figure
    if arguments.figure is not None:
        figure = pipeline.read_figure(arguments.figure, request.line_art.size, arguments.line.name)
    return replace(request, references=tuple(references), figure=figure)


class Previews:
    """Writes the previews of a painting into a folder, one a step; into none it writes nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._count = 0

    def then(self, follow: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """What follows a progress and writes what it shows. It raises PictureError."""

        def both(step: Progress) -> None:
            follow(step)
            if self._folder is not None and step.preview is not None:
                self._write(step)

        return both

    def _write(self, step: Progress) -> None:
        from engine.errors import PictureError
        from engine.export.png import write_png

        assert self._folder is not None and step.preview is not None
        self._count += 1
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PictureError("The folder {0} cannot be made: {1}.", self._folder, error.strerror or error) from error
        write_png(self._folder / f"step_{self._count:03d}.png", step.preview)

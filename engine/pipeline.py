"""The walk of a drawing: read it, make its lines, color, finish, write. The only one.

Command line, batch, window, projects and evaluation take its steps; what a step heeds stands in `engine.options`.
Steps that take long are generators: each `yield` is a progress and a place where they can be cancelled.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.colorizer import Colorizer
from engine.errors import RequestError
from engine.made_by import picture_text
from engine.options import ExportOptions, FinishOptions, LineOptions, Options, Sampling
from engine.request import ColorizeRequest, Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.export.formats import Quality
    from engine.export.psd_into import Place
    from engine.finishing import Finished
    from engine.images import Picture
    from engine.layers import LayerStack
    from engine.model_catalog import ModelEntry
    from engine.request import ColorizeResult, LineArt, Reference

Value = TypeVar("Value")
ShouldStop = Callable[[], bool]
OnProgress = Callable[[Progress], None]

NETWORK_SHARE = 0.6  # of the time of coloring and finishing


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A colorizer, the catalogue's entry of its model, and the seconds that importing torch and loading took.

    entry: None where nothing has to be guessed.
    """

    colorizer: Colorizer
    entry: ModelEntry | None
    seconds: float

    def described(self) -> dict[str, str]:
        """Name and digest, as `--json` has them."""
        if self.entry is None:
            return {"name": "", "sha256": ""}
        return {"name": self.entry.name, "sha256": self.entry.sha256()}

    def made(self, result: ColorizeResult, finished: Finished, options: Options, picture: Picture) -> Made:
        """What came of its guess."""
        told = self.described()
        return Made(result, finished, options, told["name"], told["sha256"], picture)


@dataclass(frozen=True, eq=False)
class Made:
    """A finished coloring and where it came from. picture: for resolution and color profile, None where there is none.
    options: as they were asked for. model, sha256: who made the guess."""

    result: ColorizeResult
    finished: Finished
    options: Options
    model: str
    sha256: str
    picture: Picture | None = None

    @property
    def options_as_made(self) -> Options:
        """The options, with what was left to a painting engine as it decided."""
        sampling = self.result.sampling
        return self.options if sampling is None else replace(self.options, sampling=sampling)

    @property
    def text(self) -> dict[str, str]:
        """How it was made, for the file it is saved to."""
        return picture_text(self.options, self.result, self.finished, self.model, self.sha256)

    def chosen_layers(self, export: ExportOptions, line_art: LineArt | None = None) -> LayerStack:
        """Those of its layers that are to be written, at the drawing's own size."""
        from engine import layering

        stack = self.layers(by_swatch=export.swatch_layers, line_art=line_art)
        return layering.chosen(stack, export.content, paper=export.paper)

    def layers(self, *, by_swatch: bool = False, line_art: LineArt | None = None) -> LayerStack:
        """Its layers. by_swatch: one for each swatch. line_art: the lines of now, where newer than the colors."""
        from engine import layering

        finished, picture = self.finished, self.picture
        if line_art is not None:
            finished = replace(finished, request=replace(finished.request, line_art=line_art))
        return layering.to_stack(
            finished,
            by_swatch=by_swatch,
            resolution=picture.dpi if picture else None,
            icc_profile=picture.icc_profile if picture else None,
        )


@dataclass(frozen=True, eq=False)
class Into:
    """A foreign PSD to whose copy layers are added. base: H×W×3 uint8, what it shows without ours."""

    source: Path
    place: Place
    base: NDArray[np.uint8]


@dataclass(frozen=True)
class Outputs:
    """What is to be written: a picture; beside it, if wished, a folder of layers as PNG files, a report, and a map of
    the regions. export: what of the coloring. quality: where the kind of file has one. into: the picture is a copy of
    that PSD with layers added."""

    picture: Path
    layers: Path | None = None
    report: Path | None = None
    regions: Path | None = None
    export: ExportOptions = ExportOptions()
    quality: Quality | None = None
    into: Into | None = None


def read_drawing(path: Path, line_layers: Sequence[str] = (), *, guess: bool = False) -> tuple[Picture, LineArt | None]:
    """The picture in a file, and the lines and flats that a layered file of ours has.

    line_layers, guess: what of a layered file is the drawing, see `layered_drawing.read`. Raises PictureError.
    """
    from engine import layered_drawing

    return layered_drawing.read(path, line_layers, guess=guess)


def read_drawing_for_layers(path: Path, line_layers: Sequence[str] = ()) -> tuple[Picture, Into]:
    """The drawing in a PSD of another program to whose copy the layers are to be added. Raises PictureError."""
    from engine import layered_drawing

    picture, place, base = layered_drawing.read_for_layers(path, line_layers)
    return picture, Into(path, place, base)


def read_picture(path: Path, layers: Sequence[str] = ()) -> Picture:
    """A picture to take colors from, or these layers of a layered one. Raises PictureError."""
    from engine import layered_drawing

    return layered_drawing.read_reference(path, layers)


def read_references(
    paths: Sequence[Path], layers: Sequence[str] = (), notes: list[str] | None = None
) -> tuple[Reference, ...]:
    """Read reference pictures. layers: of layered ones. notes: takes what is said of them. Raises PictureError."""
    references = []
    for path in paths:
        picture = read_picture(path, layers)
        references.append(reference_of(picture))
        if notes is not None:
            notes += notes_of(picture)
    return tuple(references)


def read_panel_references(
    panels: Sequence[tuple[int, Path]], layers: Sequence[str] = (), notes: list[str] | None = None
) -> tuple[Reference, ...]:
    """Read pictures for single panels, numbered from 1; see `read_references`. Raises PictureError."""
    return tuple(
        replace(one, panel=number) for number, path in panels for one in read_references([path], layers, notes)
    )


def notes_of(picture: Picture) -> list[str]:
    """What was chosen, guessed or left out when a picture was read, with its name."""
    return [f"{picture.name}: {note}" for note in picture.notes]


def reference_of(picture: Picture) -> Reference:
    """A picture as a reference. Raises PictureError."""
    from engine import images

    return images.for_reference(picture)


def require_references(references: Sequence[Path], drawn: LineArt | None = None) -> None:
    """Raise RequestError when there is no reference picture. drawn: what the drawing's own file holds of colors."""
    if not references and (drawn is None or drawn.flats is None):
        raise RequestError("There is no reference picture to take colors from; name one with --reference.")


def weighed(references: Sequence[Reference], weights: Sequence[float]) -> tuple[Reference, ...]:
    """The references, the first ones with these weights. Raises RequestError for more weights than references."""
    if len(weights) > len(references):
        raise RequestError(
            "There are {0} weights for {1} references: give each one at most.", len(weights), len(references)
        )
    pairs = zip(references, weights, strict=False)
    return (*(replace(one, weight=weight) for one, weight in pairs), *references[len(weights) :])


def prepare_lines(picture: Picture, drawn: LineArt | None, options: LineOptions) -> LineArt:
    """Line art of a drawing. drawn: what a layered file of ours holds. Raises RequestError."""
    from engine.line_art import prepare
    from engine.line_art.cleaning import Cleaning, cleaned

    cleaning = Cleaning(*options.levels, options.despeckle)
    if drawn is None or options.lines == "extract":
        return prepare.prepare(picture, options.lines, options.sigma, not options.soft, cleaning)
    return cleaned(drawn, cleaning)


def request_of(line_art: LineArt, references: tuple[Reference, ...], options: Options) -> ColorizeRequest:
    """What the network is asked. Raises RequestError."""
    asked, lines = options.color, options.lines
    return ColorizeRequest(
        line_art, references, asked.size, lines.sigma, options.sampling, sheet=asked.sheet, panels=asked.panels
    )


def with_palette(options: FinishOptions, palette: str | Path) -> FinishOptions:
    """The options with colors held to the references' own ("lock"), to a palette file, or to nothing ("off").

    Raises PictureError for a file that cannot be read.
    """
    if palette in ("lock", "off"):
        return replace(options, locked=palette == "lock", palette=None)
    from engine.export import palette_files

    return replace(options, locked=True, palette=palette_files.read(Path(palette)))


def palette_notes(options: FinishOptions) -> tuple[str, ...]:
    """What was left out of the palette file in force."""
    palette = options.in_force.palette
    return palette.notes if palette is not None else ()


def find_model(name_or_file: str | None) -> ModelEntry:
    """The model of this name or file, or the default one; only its header is read. Raises CheckpointError."""
    from engine import model_catalog

    return model_catalog.find(name_or_file)


def require_heeded(sampling: Sampling, entry: ModelEntry) -> None:
    """Raise RequestError where something is asked of how a model paints that it does not heed."""
    beyond = sampling.beyond(entry.abilities.sampling)
    if not beyond:
        return
    words = " and ".join(f"--{name.replace('_', '-')}" for name in beyond)
    if not entry.abilities.sampling:
        raise RequestError(
            "The model {0} colors in one look: leave out {1}, or choose a model that paints in steps.",
            entry.name,
            words,
        )
    raise RequestError("The model {0} paints without {1}: leave it out, or choose another model.", entry.name, words)


def read_figure(path: Path, size: tuple[int, int], what: str) -> NDArray[np.float32]:
    """A mask of a figure from a picture: H×W in [0, 1], white (or, where it has transparency, opaque) is the figure.

    size: height and width of the picture it is for; what: that picture's name. Raises PictureError, and RequestError
    for a mask of another size or without anything in it.
    """
    import numpy as np

    from engine.line_art.xdog import gray_of

    picture = read_picture(path)
    mask = gray_of(picture.pixels) if picture.alpha is None else picture.alpha.astype(np.float32) / 255.0
    if mask.shape != size:
        raise RequestError(
            "The mask {0} has {1}×{2} pixels and {3} has {4}×{5}: make them the same.",
            path, mask.shape[1], mask.shape[0], what, size[1], size[0],
        )  # fmt: skip
    if float(mask.max()) < 0.5:
        raise RequestError("The mask {0} has no figure in it: paint the figure white.", path)
    return mask


def load_model(entry: ModelEntry, device: Any) -> LoadedModel:
    """Import torch and load the model. Raises CheckpointError and DeviceError."""
    start = time.perf_counter()
    from engine import model_loading

    colorizer = model_loading.load_colorizer(entry.path, device)
    return LoadedModel(colorizer, entry, time.perf_counter() - start)


def own_colors() -> LoadedModel:
    """What stands for the model where all colors are in the drawing's own file, see `engine.reopening.can_color`."""
    from engine.colorizers.own_colors import OwnColors

    return LoadedModel(OwnColors(), None, 0.0)


def color(
    colorizer: Colorizer, request: ColorizeRequest, should_stop: ShouldStop | None = None
) -> Generator[Progress, None, ColorizeResult]:
    """The guess of the network. Raises NurieError, and Cancelled when `should_stop` said so."""
    from engine import view_by_view

    return view_by_view.colorize(colorizer, request, should_stop)


def finish(
    colorizer: Colorizer,
    request: ColorizeRequest,
    result: ColorizeResult,
    options: Options,
    should_stop: ShouldStop | None = None,
    before: Finished | None = None,
) -> Generator[Progress, None, Finished]:
    """Make of the guess what was asked for. before: the same guess as it was finished last, which saves time.

    Raises NurieError, and Cancelled when `should_stop` said so.
    """
    from engine import finishing

    return finishing.finish(colorizer, request, result, options.finish, should_stop, before)


def run(steps: Generator[Progress, None, Value], on_progress: OnProgress | None = None) -> Value:
    """Take all steps of a long task to its end, handing every Progress on, and return what came of it."""
    try:
        while True:
            progress = next(steps)
            if on_progress is not None:
                on_progress(progress)
    except StopIteration as end:
        return end.value
    finally:
        steps.close()


def part(steps: Generator[Progress, None, Value], begin: float, end: float) -> Generator[Progress, None, Value]:
    """The same steps, their fractions between `begin` and `end`."""
    try:
        while True:
            progress = next(steps)
            yield replace(progress, fraction=begin + (end - begin) * progress.fraction)
    except StopIteration as stop:
        return stop.value
    finally:
        steps.close()


def write(
    path: Path,
    stack: LayerStack,
    made: Made,
    quality: Quality | None = None,
    export: ExportOptions = ExportOptions(),
) -> None:
    """Write layers, or flattened where the kind of file has none, with how they were made. Raises PictureError.

    export: its paper and size are heeded here; its layers must be chosen already, see `Made.chosen_layers`.
    """
    from engine.export import writing

    picture = made.picture
    writing.write(
        path,
        stack,
        made.text,
        quality=quality,
        icc_profile=picture.icc_profile if picture else None,
        dpi=picture.dpi if picture else None,
        clear=not export.paper,
        longer_side=export.longer_side,
    )


def write_into(path: Path, into: Into, made: Made, export: ExportOptions) -> None:
    """Write a copy of a foreign PSD with the layers of a coloring: all but lines and paper, which it has itself.

    Raises PictureError.
    """
    from engine import layering
    from engine.export import psd_into

    stack = layering.colors_of(made.layers(by_swatch=export.swatch_layers))
    psd_into.write_into(path, into.source, stack, into.place, into.base)


def require_writable(path: Path, export: ExportOptions) -> None:
    """Raise RequestError where the kind of file that a name says cannot hold what is asked for."""
    from engine.export import formats

    kind = formats.of(path)
    if kind is None or not kind.written:
        return  # `require_suffix` says so
    if not export.paper and kind.opaque:
        raise RequestError("{0} cannot be transparent: choose another kind of file, or leave the paper on.", kind.name)
    if export.swatch_layers and export.content == "lines":
        raise RequestError("Lines alone have no swatches: leave out one of the two.")


def write_result(outputs: Outputs, made: Made) -> list[Path]:
    """Write what was asked for; returns the files. Raises PictureError."""
    from engine import inspection
    from engine.export.png import write_png
    from engine.export.png_set import write_png_set
    from engine.line_art import region_edits

    stack = made.chosen_layers(outputs.export)
    if outputs.into is not None:
        write_into(outputs.picture, outputs.into, made, outputs.export)
    else:
        write(outputs.picture, stack, made, outputs.quality, outputs.export)
    written, finished = [outputs.picture], made.finished
    if outputs.layers is not None:
        written += write_png_set(outputs.layers, stack, made.text)
    if outputs.regions is not None and finished.regions is not None:
        write_png(outputs.regions, region_edits.tint(finished.regions))
        written.append(outputs.regions)
    if outputs.report is not None:
        write_report(outputs.report, {"made": made.text, **inspection.report(finished)})
        written.append(outputs.report)
    return written


def write_report(path: Path, value: dict[str, Any]) -> None:
    """Write JSON to a file. Raises PictureError when it cannot be written."""
    from engine.export.atomic import atomic_path

    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

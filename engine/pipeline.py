"""The walk of a drawing from files to a file, which `colorize` and `batch` share.

In order of what is cheap: check the output, read the pictures, and only then load a model; whoever mistypes a name
hears of it at once.
"""

import json
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import NurieError, RequestError
from engine.export.made_by import picture_text
from engine.request import ColorizeRequest, LineMode

if TYPE_CHECKING:
    from engine.colorizer import Colorizer
    from engine.export.flat_formats import Quality
    from engine.finishing import Finished, FinishOptions
    from engine.images import Picture
    from engine.model_catalog import ModelEntry
    from engine.request import ColorizeResult, Progress, Reference


@dataclass(frozen=True)
class Settings:
    """The options of `colorize` and `batch`, as the parser leaves them."""

    lines: LineMode
    sigma: float
    soft: bool
    size: int
    finish: "FinishOptions"
    recolor: tuple[tuple[str, tuple[int, int, int]], ...] = ()
    levels: tuple[int, int] = (0, 255)
    despeckle: int = 0

    @classmethod
    def of(cls, arguments: Namespace) -> "Settings":
        """Pick them out of the parsed arguments; a palette file is read. Raises PictureError and RequestError."""
        recolor = tuple(arguments.recolor)
        finish = finish_options(arguments)
        if recolor and not finish.locked:
            raise RequestError("Only swatches can be recolored: leave --flats on and --palette at lock or a file.")
        return cls(
            arguments.lines,
            arguments.sigma,
            arguments.soft,
            arguments.size,
            finish,
            recolor,
            arguments.levels,
            arguments.despeckle,
        )


def finish_options(arguments: Namespace) -> "FinishOptions":
    """What is to be made of the guess. Raises PictureError for a palette file that cannot be read, RequestError for
    options that contradict each other."""
    from engine.color import palette_files
    from engine.finishing import FinishOptions

    flats, palette = arguments.flats == "on", arguments.palette
    return FinishOptions(
        flats=flats,
        locked=flats and palette != "off",
        palette=palette_files.read(palette) if isinstance(palette, Path) else None,
        shading=arguments.shading,
        gap=arguments.gap,
    )


@dataclass(frozen=True, eq=False)
class Job:
    """One drawing to colour: the picture and the request made of it."""

    picture: "Picture"
    request: ColorizeRequest


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A colorizer, the catalogue's entry of its model, and the seconds that importing torch and loading took."""

    colorizer: "Colorizer"
    entry: "ModelEntry"
    seconds: float

    def described(self) -> dict[str, str]:
        """Name and digest, as `--json` has them."""
        return {"name": self.entry.name, "sha256": self.entry.sha256()}


def require_references(references: Sequence[Path]) -> None:
    """Raise RequestError when there is no reference picture."""
    if not references:
        raise RequestError("There is no reference picture to take colors from; name one with --reference.")


def read_job(line: Path, references: Sequence[Path], settings: Settings) -> Job:
    """Read the pictures and make the request. Raises PictureError and RequestError."""
    return make_job(line, read_references(references), settings)


def read_references(paths: Sequence[Path]) -> "tuple[Reference, ...]":
    """Read reference pictures. Raises PictureError."""
    from engine import images, layered_drawing

    return tuple(images.for_reference(layered_drawing.read_reference(path)) for path in paths)


def weighed(references: "Sequence[Reference]", weights: Sequence[float]) -> "tuple[Reference, ...]":
    """The references, the first ones with these weights. Raises RequestError for more weights than references."""
    if len(weights) > len(references):
        raise RequestError(f"There are {len(weights)} weights for {len(references)} references: give each one at most.")
    pairs = zip(references, weights, strict=False)
    return (*(replace(one, weight=weight) for one, weight in pairs), *references[len(weights) :])


def make_job(line: Path, references: "tuple[Reference, ...]", settings: Settings) -> Job:
    """Read the drawing and make the request. Raises PictureError and RequestError."""
    from engine import layered_drawing
    from engine.line_art import prepare
    from engine.line_art.cleaning import Cleaning, cleaned

    picture, line_art = layered_drawing.read(line)
    cleaning = Cleaning(*settings.levels, settings.despeckle)
    if line_art is None or settings.lines == "extract":
        line_art = prepare.prepare(picture, settings.lines, settings.sigma, not settings.soft, cleaning)
    else:
        line_art = cleaned(line_art, cleaning)
    return Job(picture, ColorizeRequest(line_art, references, working_size=settings.size, sigma=settings.sigma))


def find_model(name_or_file: str | None) -> "ModelEntry":
    """The model of `--model`, or the default one; only its header is read. Raises CheckpointError."""
    from engine import model_catalog

    return model_catalog.find(name_or_file)


def load_model(entry: "ModelEntry", device: Any) -> LoadedModel:
    """Import torch and load the model. Raises CheckpointError and DeviceError."""
    start = time.perf_counter()
    from engine.colorizer import Colorizer

    colorizer = Colorizer.load(entry.path, device)
    return LoadedModel(colorizer, entry, time.perf_counter() - start)


def colorize(
    colorizer: "Colorizer",
    request: ColorizeRequest,
    on_progress: "Callable[[Progress], None] | None" = None,
    should_stop: Callable[[], bool] | None = None,
) -> "ColorizeResult":
    """Run the colorizer to its end. Raises NurieError, and Cancelled when `should_stop` said so."""
    from engine.colorizer import run

    return run(colorizer.colorize(request, should_stop), on_progress or (lambda _: None))


def finish(
    colorizer: "Colorizer",
    job: Job,
    result: "ColorizeResult",
    settings: Settings,
    on_progress: "Callable[[Progress], None] | None" = None,
    should_stop: Callable[[], bool] | None = None,
) -> "Finished":
    """Make of the guess what was asked for. Raises NurieError, and Cancelled when `should_stop` said so."""
    from engine import finishing
    from engine.colorizer import run

    steps = finishing.finish(colorizer, job.request, result, settings.finish, should_stop)
    finished = run(steps, on_progress or (lambda _: None))
    return _recolored(finished, settings.recolor) if settings.recolor else finished


def _recolored(finished: "Finished", edits: Sequence[tuple[str, tuple[int, int, int]]]) -> "Finished":
    """Every region follows its swatch to another color. Raises RequestError for a swatch that is not there."""
    from engine import finishing
    from engine.color.palette import hex_of

    assert finished.palette is not None
    palette = finished.palette
    known = {swatch.name: number for number, swatch in enumerate(palette.swatches)}
    known |= {hex_of(swatch.color): number for number, swatch in enumerate(palette.swatches)}
    for name, color in edits:
        number = known.get(name, known.get(name.lower()))
        if number is None:
            names = ", ".join(swatch.name for swatch in palette.swatches)
            raise RequestError(f"The palette has no swatch '{name}'; it has {names}.")
        palette = palette.with_color(number, color)
    return finishing.repaint(finished, palette)


@dataclass(frozen=True)
class Outputs:
    """What is to be written: a PNG, PSD, OpenRaster, JPEG or WebP file; beside it, if wished, a folder of layers as PNG
    files and a report, a map of the regions. by_swatch: one layer a swatch. quality: of a JPEG or WebP."""

    picture: Path
    layers: Path | None = None
    report: Path | None = None
    regions: Path | None = None
    by_swatch: bool = False
    quality: "Quality" = 95


def write_result(
    outputs: Outputs, job: Job, result: "ColorizeResult", finished: "Finished", model: LoadedModel
) -> list[Path]:
    """Write what was asked for, with the drawing's ICC profile and resolution and how it was made; returns the files.

    Raises PictureError.
    """
    from engine import inspection, layering
    from engine.export import flat_formats, formats
    from engine.export.png import write_png
    from engine.export.png_set import write_png_set
    from engine.layers import flatten
    from engine.line_art import region_edits

    picture = job.picture
    text = picture_text(job.request, result, model.entry.name, model.entry.sha256(), finished)
    stack = layering.to_stack(
        finished, by_swatch=outputs.by_swatch, resolution=picture.dpi, icc_profile=picture.icc_profile
    )
    if formats.is_layered(outputs.picture):
        formats.write_layers(outputs.picture, stack, text)
    elif flat_formats.is_flat(outputs.picture):
        flat_formats.write_flat(
            outputs.picture,
            flatten(stack),
            quality=outputs.quality,
            icc_profile=picture.icc_profile,
            dpi=picture.dpi,
            text=text,
        )
    else:
        write_png(outputs.picture, flatten(stack), icc_profile=picture.icc_profile, dpi=picture.dpi, text=text)
    written = [outputs.picture]
    if outputs.layers is not None:
        written += write_png_set(outputs.layers, stack, text)
    if outputs.regions is not None and finished.regions is not None:
        write_png(outputs.regions, region_edits.tint(finished.regions))
        written.append(outputs.regions)
    if outputs.report is not None:
        write_report(outputs.report, {"made": text, **inspection.report(finished)})
        written.append(outputs.report)
    return written


def write_report(path: Path, value: dict[str, Any]) -> None:
    """Write JSON to a file. Raises PictureError when it cannot be written."""
    from engine.export.atomic import atomic_path

    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def expected(error: Exception) -> str | None:
    """One sentence for what can go wrong for reasons outside the program, None for a bug of ours."""
    if isinstance(error, NurieError):
        return " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return "There is not enough memory; try a smaller --size or a smaller picture."
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return f"The system refused: {error.strerror or error}{place}."
    return None


def message_of(error: Exception) -> str:
    """One sentence for an error of one row, a bug of ours included, so that the other rows can go on."""
    return (
        expected(error)
        or f"An unexpected error in Nurie, please report it: {type(error).__name__}: {' '.join(str(error).split())}"
    )

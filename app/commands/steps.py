"""The walk of a drawing from files to a file, which `colorize` and `batch` share.

In order of what is cheap: check the output, read the pictures, and only then load a model; whoever mistypes a name
hears of it at once.
"""

import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.provenance import picture_text
from engine.errors import NurieError, RequestError
from engine.request import ColorizeRequest, LineMode

if TYPE_CHECKING:
    from engine.colorizer import Colorizer
    from engine.images import Picture
    from engine.model_catalog import ModelEntry
    from engine.request import ColorizeResult, Progress


@dataclass(frozen=True)
class Settings:
    """The options of `colorize` and `batch`, as the parser leaves them."""

    lines: LineMode
    sigma: float
    soft: bool
    size: int

    @classmethod
    def of(cls, arguments: Namespace) -> "Settings":
        """Pick them out of the parsed arguments."""
        return cls(arguments.lines, arguments.sigma, arguments.soft, arguments.size)


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
    from engine import images
    from engine.line_art import prepare

    picture = images.read(line)
    line_art = prepare.prepare(picture, settings.lines, settings.sigma, not settings.soft)
    pictures = tuple(images.for_reference(images.read(path)) for path in references)
    request = ColorizeRequest(line_art, pictures, working_size=settings.size, sigma=settings.sigma)
    return Job(picture, request)


def find_model(name_or_file: str | None) -> "ModelEntry":
    """The model of `--model`, or the default one; only its header is read. Raises CheckpointError."""
    from app import paths
    from engine import model_catalog

    paths.announce_models()
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


def write_result(output: Path, job: Job, result: "ColorizeResult", model: LoadedModel) -> None:
    """Write the coloured picture: the drawing's ICC profile and resolution, and how it was made as PNG text."""
    from engine.export.png import write_png

    text = picture_text(job.request, result, model.entry.name, model.entry.sha256())
    write_png(output, result.image, icc_profile=job.picture.icc_profile, dpi=job.picture.dpi, text=text)


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

"""Which files a command may write: checked before any long work begins."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.errors import PictureError
from engine.export import formats

Identity = tuple[int, int] | str


def identity(path: Path) -> Identity:
    """The same for every way to name one file: device and inode of a file that exists, else the real path."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return os.path.normcase(os.path.realpath(path))
    return status.st_dev, status.st_ino


def require_output(output: Path, inputs: Iterable[Path], suffixes: Sequence[str] = (".png",)) -> None:
    """Raise PictureError, one sentence, when `output` cannot become a file of one of these kinds or would overwrite one
    of `inputs`."""
    if output.is_dir():
        raise PictureError(
            "The output {0} is a folder; name a file in it, such as {1}.", output, output / f"out{suffixes[0]}"
        )
    if output.suffix.lower() not in suffixes:
        ends = " or ".join(filter(None, (", ".join(suffixes[:-1]), suffixes[-1])))
        raise PictureError("The output {0} must end in {1}.", output, ends)
    folder = output.parent
    if not folder.exists():
        raise PictureError("There is no folder {0} for the output; create it first.", folder)
    if not folder.is_dir():
        raise PictureError("The output cannot be written: {0} is no folder.", folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PictureError("The folder {0} may not be written to; choose another folder for the output.", folder)
    require_other(output, inputs)


def require_all(paths: Sequence[Path]) -> None:
    """Raise PictureError where several files are missing, with all their names; of one its reader tells."""
    missing = [path for path in dict.fromkeys(paths) if not path.exists()]
    if len(missing) > 1:
        raise PictureError("There are no files {0}; check their names and folders.", ", ".join(map(str, missing)))


def require_picture(output: Path, inputs: Iterable[Path]) -> None:
    """Raise PictureError, one sentence, when `output` cannot become a picture or would overwrite one of `inputs`."""
    if not output.is_dir():
        formats.require_suffix(output)
    require_output(output, inputs, formats.SUFFIXES)


def require_other(output: Path, inputs: Iterable[Path]) -> None:
    """Raise PictureError, one sentence, when `output` would overwrite one of `inputs`."""
    taken = identity(output)
    for path in inputs:
        if identity(path) == taken:
            raise PictureError("The output would overwrite {0}; choose another name for the output.", path)

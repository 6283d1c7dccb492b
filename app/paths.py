"""Where the program's data files and a person's own files lie. The engine is told, it does not ask."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.errors import NurieError

APPLICATION = "Nurie"


def resources() -> Path:
    """The `resources` folder. A packaged program (PyInstaller) unpacks it beside itself."""
    unpacked = getattr(sys, "_MEIPASS", None)
    return (Path(unpacked) if unpacked else Path(__file__).resolve().parent.parent) / "resources"


def folder_of(path: Path | None) -> Path | None:
    """The folder of a person's file; None for no file and for what lies among the program's own, as the sample does."""
    return None if path is None or path.is_relative_to(resources()) else path.parent


def sample() -> tuple[Path, list[Path]] | None:
    """A sample drawing and its references, or None where the samples are not installed.

    Pairs go by name: `girl_line.png` goes with `girl_reference.png` and `girl_reference_2.png`; a drawing without
    references of its own name takes those there are.
    """
    folder = resources() / "samples"
    for drawing in sorted(folder.glob("*_line.png")):
        stem = drawing.name.removesuffix("_line.png")
        references = sorted(folder.glob(f"{stem}_reference*.png")) or sorted(folder.glob("*_reference*.png"))
        if references:
            return drawing, references
    return None


def sample_scene() -> tuple[Path, Path] | None:
    """A folder of frames and the first of them in color, or None where they are not installed."""
    frames, key = resources() / "samples" / "scene", resources() / "samples" / "scene_key.png"
    return (frames, key) if frames.is_dir() and key.is_file() else None


def user_data() -> Path:
    """The folder of this person's data, such as ~/.local/share/Nurie; not created here.

    Raises NurieError where this person has no home.
    """
    import platformdirs

    with _with_home():
        return platformdirs.user_data_path(APPLICATION, appauthor=False, roaming=False)


def user_state() -> Path:
    """The folder for what is of use until the program ends well, such as ~/.local/state/Nurie; not created here.

    Raises NurieError where this person has no home.
    """
    import platformdirs

    with _with_home():
        return platformdirs.user_state_path(APPLICATION, appauthor=False, roaming=False)


@contextlib.contextmanager
def _with_home() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise NurieError(
            "There is no home folder for your settings and models; name one in the environment as HOME."
        ) from error


def models() -> Path:
    """Where installed models lie: the environment's NURIE_MODELS, or `models` in the person's data."""
    named = os.environ.get("NURIE_MODELS")
    return Path(named) if named else user_data() / "models"


def announce_models() -> None:
    """Tell the engine's catalogue where installed models lie; the command line and the window both begin with this."""
    from engine import model_catalog

    model_catalog.set_user_folder(models())

"""Where a person's own files lie, by the customs of the operating system. The engine is told, it does not ask."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from engine.errors import NurieError

APPLICATION = "Nurie"


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

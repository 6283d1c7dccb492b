"""Where a person's own files lie, by the customs of the operating system. The engine is told, it does not ask."""

import os
from pathlib import Path

APPLICATION = "Nurie"


def user_data() -> Path:
    """The folder of this person's data, such as ~/.local/share/Nurie; not created here."""
    import platformdirs

    return platformdirs.user_data_path(APPLICATION, appauthor=False, roaming=False)


def user_state() -> Path:
    """The folder for what is of use until the program ends well, such as ~/.local/state/Nurie; not created here."""
    import platformdirs

    return platformdirs.user_state_path(APPLICATION, appauthor=False, roaming=False)


def models() -> Path:
    """Where installed models lie: the environment's NURIE_MODELS, or `models` in the person's data."""
    named = os.environ.get("NURIE_MODELS")
    return Path(named) if named else user_data() / "models"


def announce_models() -> None:
    """Tell the engine's catalogue where installed models lie; the command line and the window both begin with this."""
    from engine import model_catalog

    model_catalog.set_user_folder(models())

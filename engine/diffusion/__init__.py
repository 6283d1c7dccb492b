"""Painting in steps: the parts of a diffusion engine. The only door to diffusers, which is imported when one is built.

diffusers takes seconds to import and looks for a network of its own; here it is told before that there is none.
"""

import importlib
import importlib.util
import os
from types import ModuleType

from engine.errors import DeviceError

# Read when diffusers and huggingface_hub are imported. Nothing of ours is ever fetched.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DIFFUSERS_OFFLINE": "1",
    "DIFFUSERS_VERBOSITY": "error",
}


def imported(module: str = "diffusers") -> ModuleType:
    """diffusers, or a module of it, told to stay offline. Raises DeviceError where it is not installed."""
    os.environ.update(OFFLINE)
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise _missing(error) from error


def require_installed() -> None:
    """Raise DeviceError where diffusers is not installed; does not import it, which takes seconds."""
    try:
        found = importlib.util.find_spec("diffusers") is not None
    except (ImportError, ValueError):
        found = False
    if not found:
        raise _missing("diffusers")


def _missing(what: object) -> DeviceError:
    return DeviceError(
        "Models that paint in steps need the library diffusers, which cannot be used here ({0}): install Nurie "
        "again, or choose another model.",
        what,
    )

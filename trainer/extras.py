"""Packages that only measuring, experiments and some of training need: the extra `train` of pyproject.toml.

They are imported where they are used, after this was asked, so that all else runs without them.
"""

import importlib.util

from engine.errors import RequestError


def require(*packages: str) -> None:
    """Raise RequestError, one sentence that says what to install, where one of `packages` is not there."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        them = "it" if len(missing) == 1 else "them"
        raise RequestError(
            "This needs {0}, which Nurie itself does without: "
            "install {1} with 'uv sync --extra train' or 'pip install {2}'.",
            " and ".join(missing),
            them,
            " ".join(missing),
        )

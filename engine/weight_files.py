"""Files of published weights that a person has on the computer: telling which they are, and why they do not fit."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from engine.errors import NurieError

_named: list[Path] = []


def name(path: Path) -> None:
    """Let `find` look at this file, too, until the program ends."""
    if path not in _named:
        _named.append(path)


def find(names: Sequence[str], digest: str, what: str, refusal: type[NurieError]) -> Path:
    """The file whose SHA-256 begins with `digest`: one that was named, or one of `names` in torch hub's cache.

    Nothing is downloaded. Raises `refusal` with what to do where there is none, or where it is another file.
    """
    import torch

    cache = Path(torch.hub.get_dir()) / "checkpoints"
    for path in (*_named, *(cache / name for name in names)):
        if path.is_file() and sha256_of(path, what, refusal).startswith(digest):
            return path
    raise refusal(
        "This network looks at references with the published {0} weights, which are not on this computer: put {1} "
        "(SHA-256 {2}…) into {3}, or choose another model; training also takes --style-network own.",
        what,
        names[0],
        digest[:8],
        cache,
    )


def sha256_of(path: Path, what: str, refusal: type[NurieError]) -> str:
    """The SHA-256 of a file of `what` weights. Raises `refusal`, one sentence, when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise refusal("The {0} weights {1} cannot be read: {2}.", what, path, error.strerror or error) from error


def first_line(error: Exception) -> str:
    """The first line of what an error says, or its kind where it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0]

"""Files of published weights that a person has on the computer: telling which they are, and why they do not fit."""

import hashlib
from pathlib import Path

from engine.errors import NurieError


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

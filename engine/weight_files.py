"""Files of published weights that a person has on the computer: telling which they are, and why they do not fit."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import cancellation
from engine.errors import CheckpointError, NurieError

_HEX = 64  # digits of a SHA-256
_BLOCK = 16 * 2**20  # bytes that are read between two questions whether to stop

_named: list[Path] = []
_digests: dict[tuple[str, int, int], str] = {}


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


@dataclass(frozen=True)
class ForeignFile:
    """A file of others that a model points to and holds no copy of.

    path: absolute; sha256: in hexadecimal, and size: bytes, when it was chosen. Raises ValueError for what is neither.
    """

    path: str
    sha256: str
    size: int

    def __post_init__(self) -> None:
        # A model may be a stranger's: a path to another computer would be opened, and tell who opened it.
        if "\0" in self.path or self.path.startswith(("\\\\", "//")) or not Path(self.path).is_absolute():
            raise ValueError("a path is not one of a file on this computer")
        if len(self.sha256) != _HEX or set(self.sha256) - set("0123456789abcdef") or self.size < 0:
            raise ValueError("a file's SHA-256 or size is none")

    @classmethod
    def of(cls, path: Path) -> "ForeignFile":
        """A file as it is now. Raises CheckpointError for one that cannot be read."""
        # Not resolved: a link may be what stays when the file behind it is replaced.
        whole = Path(os.path.abspath(path))  # noqa: PTH100
        try:
            return cls(str(whole), digest_of(whole), whole.stat().st_size)
        except OSError as error:
            raise CheckpointError("The model file {0} cannot be read: {1}.", path, error.strerror or error) from error
        except ValueError as error:
            raise CheckpointError("{0} does not lie on a disk of this computer; copy it to one.", path) from error

    def require_there(self) -> None:
        """Raise CheckpointError where it is gone, or where it is plain at a glance that it is another."""
        try:
            size = Path(self.path).stat().st_size if Path(self.path).is_file() else None
        except OSError:
            size = None
        if size is None:
            raise CheckpointError(
                "This model paints with the file {0}, which is not there any more: put it back, or assemble the model "
                "anew.",
                self.path,
            )
        if size != self.size:
            raise self._changed()

    def require_unchanged(self) -> None:
        """Raise CheckpointError where it is gone or another one than it was; reads all of it."""
        self.require_there()
        try:
            digest = digest_of(Path(self.path))
        except OSError as error:
            raise CheckpointError(
                "The model file {0} cannot be read: {1}.", self.path, error.strerror or error
            ) from error
        if digest != self.sha256:
            raise self._changed()

    def _changed(self) -> CheckpointError:
        return CheckpointError(
            "This model paints with the file {0}, which is another one than when the model was assembled: put the "
            "old one back, or assemble the model anew.",
            self.path,
        )


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, remembered as long as path, size and time of the file stay the same.

    Raises OSError.
    """
    status = path.stat()
    key = (os.path.abspath(path), status.st_size, status.st_mtime_ns)  # noqa: PTH100 (resolve follows links)
    if key not in _digests:
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                cancellation.check()
                digest.update(block)
        _digests[key] = digest.hexdigest()
    return _digests[key]

"""The folder of an adaptation: locked by whoever works in it, with a note of what the run in it is of."""

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine import model_catalog, plain_text
from engine.errors import CheckpointError, PictureError, TrainingError
from engine.export.atomic import atomic_path
from engine.file_lock import FileLock
from engine.model_catalog import ModelEntry
from trainer import run_folder
from trainer.character_sheet import SheetPicture
from trainer.config import FineTuneConfig
from trainer.run_state import FOLDER

NOTE, NOTE_FORMAT = "run.json", 1


class TuningFolder:
    """Holds run.json, and checkpoints/ as any run has them."""

    def __init__(
        self, folder: Path, base: ModelEntry, pictures: Sequence[SheetPicture], config: FineTuneConfig, parts: str = ""
    ) -> None:
        """pictures: to learn from. parts: SHA-256 of the matching network, where that learns."""
        self.folder = folder
        self.checkpoints = folder / FOLDER
        self._lock: FileLock | None = None
        self._identity = {
            "base": base.sha256(),
            "sheet": sheet_digest(pictures),
            "settings": dataclasses.asdict(config),
            **({"parts": parts} if parts else {}),
        }

    def open(self) -> int | None:
        """Make the folder, or go on with the run that is in it, until `release`; its steps, None of a new one.

        Raises TrainingError where it is another run's, or where another process works in it.
        """
        self._lock = run_folder.own(self.folder)
        try:
            text = (self.folder / NOTE).read_bytes().decode("utf-8")
        except FileNotFoundError:
            if self.checkpoints.exists():
                raise TrainingError("The folder {0} holds another training; choose another one.", self.folder) from None
            return None
        except UnicodeDecodeError:
            text = ""
        except OSError as error:
            raise TrainingError(
                "The run's folder {0} cannot be used ({1}); choose another one.", self.folder, error.strerror or error
            ) from error
        try:
            note = plain_text.from_json(text, plain_text.OWN)
            steps = note.pop("steps")
            other = note != json.loads(json.dumps({"format": NOTE_FORMAT, **self._identity}))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            steps, other = None, True
        if other or type(steps) is not int or steps < 1:
            raise TrainingError(
                "The folder {0} holds a run of other pictures or settings; choose another one, or remove it.",
                self.folder,
            )
        return steps

    def write(self, steps: int) -> None:
        """Note what the run is of. Raises TrainingError."""
        self.write_json(NOTE, {"format": NOTE_FORMAT, **self._identity, "steps": steps})

    def write_json(self, name: str, values: object) -> None:
        """Write a file of the folder. Raises TrainingError."""
        try:
            with atomic_path(self.folder / name) as temporary:
                temporary.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        except PictureError as error:
            raise TrainingError("The run's folder cannot be used: {0}", error) from error

    def release(self) -> None:
        """Let another process work in the folder."""
        if self._lock is not None:
            self._lock.release(remove=True)

    def clear(self) -> None:
        """Remove what is of no use once the run is judged; what was made of it stays."""
        shutil.rmtree(self.checkpoints, ignore_errors=True)
        (self.folder / NOTE).unlink(missing_ok=True)


def require_installed(base: ModelEntry) -> None:
    """What is adapted needs its base ever after: raise CheckpointError where that may vanish."""
    if all(entry.sha256() != base.sha256() for entry in model_catalog.installed()):
        raise CheckpointError(
            "The model {0} is not installed, and what is adapted from it needs it: install it first, with "
            "nurie models --install.",
            base.path,
        )


def sheet_digest(pictures: Sequence[SheetPicture]) -> str:
    """SHA-256 of the pictures' pixels, in hexadecimal."""
    digest = hashlib.sha256()
    for picture in pictures:
        digest.update(repr(picture.pixels.shape).encode())
        digest.update(np.ascontiguousarray(picture.pixels).data)
    return digest.hexdigest()

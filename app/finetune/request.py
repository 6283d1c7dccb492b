"""What a person asks of a fine-tuning, and the note of it in the run's folder, so that it can go on another day."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QLockFile

from engine import plain_text
from engine.options import SIGMA_DEFAULT, SIGMA_MAX, SIGMA_MIN

log = logging.getLogger(__name__)

Preset = Literal["quick", "thorough"]
Teach = Literal["matching", "colors"]
PRESETS: tuple[Preset, ...] = ("quick", "thorough")
NOTE = "window.json"
NOTE_VERSION = 1
LOCK = "window.lock"
FOLDER_NAME = re.compile("[0-9a-f]{12}")
ABANDONED_SECONDS = 24 * 3600  # another window may still be choosing pictures


@dataclass(frozen=True)
class FinetuneRequest:
    """sheets: the character's pictures, files. name: of the model to be. model: the base, None for the default.

    teach: what learns, see `trainer.config.FineTuneConfig`.
    """

    sheets: tuple[Path, ...]
    name: str
    preset: Preset = "quick"
    sigma: float = SIGMA_DEFAULT
    model: str | None = None
    teach: Teach = "matching"

    def arguments(self, folder: Path, *, measure: bool = False) -> list[str]:
        """What the command line is to be told. folder: of the run, where it leaves all it needs to go on."""
        words = ["finetune", *(str(path) for path in self.sheets), "--name", self.name, "--preset", self.preset]
        words += ["--teach", self.teach, "--sigma", f"{self.sigma:g}", "--run", str(folder), "--control", "--json"]
        if self.model is not None:
            words += ["--model", self.model]
        return [*words, "--measure"] if measure else words


@dataclass(frozen=True)
class Note:
    """A run that lies in a folder. is_over: it has been judged, or a person does not want it any more."""

    folder: Path
    request: FinetuneRequest
    is_over: bool


def write_note(folder: Path, request: FinetuneRequest, *, is_over: bool) -> None:
    """Note in the folder what was asked. Raises OSError."""
    from engine.export.atomic import atomic_path

    value = {
        "version": NOTE_VERSION,
        "sheets": [str(path) for path in request.sheets],
        "name": request.name,
        "preset": request.preset,
        "sigma": request.sigma,
        "model": request.model,
        "teach": request.teach,
        "is_over": is_over,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_path(folder / NOTE) as path:
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def read_notes(runs: Path) -> list[Note]:
    """The runs that lie in this folder, the oldest first. What cannot be read is left alone."""
    found: list[tuple[float, Note]] = []
    for path in runs.glob(f"*/{NOTE}"):
        try:
            found.append((path.stat().st_mtime, _read(path)))
        except (OSError, ValueError, LookupError, TypeError, ArithmeticError) as error:
            log.warning("The note of a fine-tuning %s cannot be read: %s", path, error)
    return [note for _, note in sorted(found, key=lambda one: one[0])]


def lock_of(folder: Path) -> QLockFile:
    """Held while a window works on the run in this folder; that of a program that died does not count."""
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # however long a run takes
    return lock


def is_free(note: Note) -> bool:
    """Whether no other window works on this run."""
    lock = lock_of(note.folder)
    free = lock.tryLock(0)
    lock.unlock()
    return free


def abandoned(runs: Path) -> list[Path]:
    """Folders that a window made for a run that never began, and that a crash left."""
    found: list[Path] = []
    for folder in runs.glob("*"):
        with contextlib.suppress(OSError):
            is_ours = FOLDER_NAME.fullmatch(folder.name) is not None and not (folder / NOTE).exists()
            if is_ours and time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
                found.append(folder)
    return found


def new_name() -> str:
    """A name for a run's folder that no other has."""
    return secrets.token_hex(6)


def remove_folders(folders: Iterable[Path]) -> None:
    """Take what these runs left off the disk, as far as that is possible."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _read(path: Path) -> Note:
    value: dict[str, Any] = plain_text.from_json(path.read_bytes(), plain_text.OWN)
    if not isinstance(value, dict) or value["version"] != NOTE_VERSION:
        raise ValueError("it is of another version")
    model = value["model"]
    request = FinetuneRequest(
        tuple(Path(sheet) for sheet in value["sheets"]),
        str(value["name"]),
        "thorough" if value["preset"] == "thorough" else "quick",
        min(max(float(value["sigma"]), SIGMA_MIN), SIGMA_MAX),
        None if model is None else str(model),
        # Those of before there was a choice learned colors.
        "matching" if value.get("teach") == "matching" else "colors",
    )
    return Note(path.parent, request, bool(value["is_over"]))

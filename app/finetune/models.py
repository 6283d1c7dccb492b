"""What fine-tuning needs of the catalogue: names that are free, the base of a model, installing, deleting.

The work of jobs, off the GUI thread.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.finetune import model_card
from engine.errors import CheckpointError
from engine.request import Progress

if TYPE_CHECKING:
    from engine.model_catalog import ModelEntry


@dataclass(frozen=True)
class Catalogue:
    """names: of all models; nothing new can be called so. base: the whole model to adapt, None for the default."""

    names: tuple[str, ...]
    base: str | None

    def is_free(self, name: str) -> bool:
        """Whether a new model can be called so. Names that differ in case alone are one file on some disks."""
        return name.casefold() not in {one.casefold() for one in self.names}

    def free(self, name: str) -> str:
        """The name, or the name with the first number that makes it free."""
        number, found = 1, name
        while not self.is_free(found):
            number += 1
            found = f"{name} {number}"
        return found


@dataclass(frozen=True)
class ShownModel:
    """A model and its card."""

    entry: ModelEntry
    card: str

    @property
    def is_adapted(self) -> bool:
        """Whether it was made here of another one."""
        return self.entry.kind == "adapted" and not self.entry.bundled

    @property
    def deletable(self) -> bool:
        """Whether a person made it here, adapted or assembled, and may delete it."""
        return self.entry.deletable


def look_up(model: str | None, planned: Iterable[str]) -> Generator[Progress, None, Catalogue]:
    """What is there. model: that of the project. planned: names that runs are going to take."""
    from engine import model_catalog

    yield Progress("", 0.0)
    _announce()
    entries = model_catalog.installed()
    return Catalogue((*(entry.name for entry in entries), *planned), _base_of(model, entries))


def list_all() -> Generator[Progress, None, list[ShownModel]]:
    """Every model with its card."""
    from engine import model_catalog

    yield Progress("", 0.0)
    _announce()
    return [ShownModel(entry, model_card.markdown(entry)) for entry in model_catalog.installed()]


def install(path: Path, name: str | None) -> Generator[Progress, None, ModelEntry]:
    """Copy the file to where models lie. name: None for the file's own. Raises CheckpointError."""
    from engine import model_installing

    yield Progress("", 0.0)
    _announce()
    return model_installing.install(path, name)


def delete(name: str) -> Generator[Progress, None, str]:
    """Take an adapted or assembled model off the disk. Raises CheckpointError."""
    from engine import model_installing

    yield Progress("", 0.0)
    _announce()
    model_installing.delete(name)
    return name


def file_name(title: str) -> str:
    """The name of a model that learns what `title` says, such as a file's name; empty where that says nothing."""
    from engine import model_installing

    try:
        return model_installing.file_name(title)
    except CheckpointError:
        return ""


def _base_of(model: str | None, entries: list[ModelEntry]) -> str | None:
    """An adapted model is not adapted further: what it was made of is adapted anew."""
    from engine import model_catalog

    entry = next((one for one in entries if one.name == model), None)
    if entry is None or entry.info is None or entry.kind != "adapted":
        return model
    try:
        return model_catalog.base_of(entry.path, entry.info).name
    except CheckpointError:
        return None


def _announce() -> None:
    from app import paths

    paths.announce_models()

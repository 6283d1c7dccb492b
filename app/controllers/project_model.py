"""The model that a project brings along: found among those that are installed, or offered to be installed.

A project may come from anyone. Nothing is installed without being asked, nothing in place of another model, and nothing
but what is in the catalogue is read by a name that a project says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.controllers.coloring_service import FindModel
from engine.errors import NurieError
from engine.request import Progress

if TYPE_CHECKING:
    from app.project_file.file import ReadProject

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class ModelOffer:
    """An adapted model in a project. name: what it would be called here, which no other model is."""

    name: str
    data: bytes


@dataclass(frozen=True, eq=False)
class Opened:
    """A project that was read. notes: sentences to tell. offer: a model that a person may install."""

    project: ReadProject
    notes: tuple[str, ...] = ()
    offer: ModelOffer | None = None


def with_model(project: ReadProject, stem: str, find: FindModel) -> Opened:
    """The project with a model that is there: its own, or the default one and an offer, or a sentence why.

    stem: of the project's file, for the name of a model beside one that is called alike.
    """
    notes = (project.problem,) if project.problem else ()
    name, data = project.model, project.model_data
    if name is None:
        return Opened(project, notes)
    there = _installed(name, data, find)
    if there is not None:
        return Opened(replace(project, model=there), notes)
    default = replace(project, model=None)
    if data is None:
        missing = translate("Project", "The model {0} is not installed; the default one is used.").format(name)
        return Opened(default, (*notes, missing))
    try:
        return Opened(default, notes, ModelOffer(_free_name(name, stem), data))
    except NurieError as error:
        return Opened(default, (*notes, str(error)))


def install(offer: ModelOffer) -> Generator[Progress, None, str]:
    """Put the model among those that are installed; its name. Raises NurieError."""
    from app import paths
    from engine import model_catalog

    yield Progress("", 0.0)
    paths.announce_models()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.safetensors"
        file.write_bytes(offer.data)
        return model_catalog.install_adapted(file, offer.name).name


def _installed(name: str, data: bytes | None, find: FindModel) -> str | None:
    """The name of that model here, None where it is not. data: of an adapted one, which has to be the same."""
    import hashlib

    from app import paths
    from engine import model_catalog

    paths.announce_models()
    digest = None if data is None else hashlib.sha256(data).hexdigest()
    if model_catalog.is_name(name):
        try:
            there = find(name)
            if digest is None or digest == there.sha256():
                return name
        except NurieError:
            pass
    for entry in model_catalog.installed() if digest is not None else ():
        try:
            if entry.kind == "adapted" and entry.sha256() == digest:
                return entry.name
        except NurieError:
            continue
    return None


def _free_name(name: str, stem: str) -> str:
    """What the model is to be called here. Raises NurieError where it cannot be called anything."""
    from engine import model_catalog

    plain = model_catalog.file_name(name)
    return plain if model_catalog.is_free(plain) else model_catalog.free_name(f"{plain} ({stem})")

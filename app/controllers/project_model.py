"""The model that a project brings along: found among those that are installed, or offered to be installed.

A project may come from anyone. Nothing is installed without being asked, nothing in place of another model, and nothing
but what is in the catalogue is read by a name that a project says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
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
    """An adapted model in a project. name: what it would be called here, which no other model is. characters: ids of
    those that color with it; empty: the whole project does."""

    name: str
    data: bytes
    characters: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Opened:
    """A project that was read. notes: sentences to tell. offers: models that a person may install."""

    project: ReadProject
    notes: tuple[str, ...] = ()
    offers: tuple[ModelOffer, ...] = ()


def with_model(project: ReadProject, stem: str, find: FindModel) -> Opened:
    """The project with a model that is there: its own, or the default one and an offer, or a sentence why.

    stem: of the project's file, for the name of a model beside one that is called alike.
    """
    notes = [project.problem] if project.problem else []
    offers: list[ModelOffer] = []
    model = _there(project.model, project.model_data, stem, find, (), notes, offers)
    users: dict[str, list[int]] = {}
    for one in project.characters:
        if one.model is not None:
            users.setdefault(one.model, []).append(one.id)
    found = {
        name: _there(name, project.character_models.get(name), stem, find, tuple(ids), notes, offers)
        for name, ids in users.items()
    }
    if any(name != here for name, here in found.items()):
        project = _with_character_models(project, found)
    return Opened(replace(project, model=model), tuple(dict.fromkeys(notes)), tuple(offers))


def _there(
    name: str | None,
    data: bytes | None,
    stem: str,
    find: FindModel,
    characters: tuple[int, ...],
    notes: list[str],
    offers: list[ModelOffer],
) -> str | None:
    """The name that a model of a project has here; None for the default, with a note or an offer where it is not."""
    if name is None:
        return None
    there = _installed(name, data, find)
    if there is not None:
        return there
    if data is None:
        missing = translate("Project", "The model {0} is not installed; the default one is used.").format(name)
        notes.append(missing)
        return None
    try:
        offers.append(ModelOffer(_free_name(name, stem), data, characters))
    except NurieError as error:
        notes.append(str(error))
    return None


def _with_character_models(project: ReadProject, found: Mapping[str, str | None]) -> ReadProject:
    """The project, the models of its characters called as they are here."""
    characters = [one if one.model is None else replace(one, model=found.get(one.model)) for one in project.characters]
    known = {one.id: one for one in characters}
    pages = (page.with_cast([known[one.id] for one in page.cast]) for page in project.pages)
    return replace(project, pages=tuple(pages), characters=tuple(characters))


def install(offer: ModelOffer) -> Generator[Progress, None, str]:
    """Put the model among those that are installed; its name. Raises NurieError."""
    from app import paths
    from engine import model_installing

    yield Progress("", 0.0)
    paths.announce_models()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.safetensors"
        file.write_bytes(offer.data)
        return model_installing.install_adapted(file, offer.name).name


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
    """The name that the model gets here. Raises NurieError where none is possible."""
    from engine import model_installing

    plain = model_installing.file_name(name)
    return plain if model_installing.is_free(plain) else model_installing.free_name(f"{plain} ({stem})")

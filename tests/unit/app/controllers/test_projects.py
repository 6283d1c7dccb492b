"""The jobs of projects: which model a project is colored with, and which pages are compressed."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from app.controllers import project_work as projects
from app.document.page import Page, Snapshot
from app.project_file.file import ReadProject
from app.project_file.page_codec import PageCodec
from engine.errors import CheckpointError
from tests.projects import page

pytestmark = pytest.mark.usefixtures("qapp")

DATA = b"weights"


@dataclass(frozen=True)
class Model:
    name: str
    content: bytes = DATA
    path: Path = Path("mine.safetensors")
    kind: str = "adapted"

    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def missing(_name: str | None) -> Model:
    raise CheckpointError("There is no such model.")


def project(model: str | None, data: bytes | None) -> ReadProject:
    return ReadProject((Page(0),), 0, model, data, PageCodec())


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []

    def install(name: str, data: bytes) -> str:
        found.append((name, data))
        return name

    monkeypatch.setattr(projects, "_install", install)
    return found


def test_a_project_without_a_model(installed: list[tuple[str, bytes]]) -> None:
    opened = projects.with_model(project(None, None), "girl", missing)
    assert (opened.project.model, opened.notes, opened.installed) == (None, (), False)


@pytest.mark.parametrize("data", [None, DATA])
def test_a_model_that_is_there_already(installed: list[tuple[str, bytes]], data: bytes | None) -> None:
    opened = projects.with_model(project("mine", data), "girl", lambda name: Model(name or ""))
    assert (opened.project.model, opened.notes) == ("mine", ()) and installed == []


def test_a_model_that_travelled_is_installed(installed: list[tuple[str, bytes]]) -> None:
    opened = projects.with_model(project("mine", DATA), "girl", missing)
    assert (opened.project.model, opened.installed) == ("mine", True) and installed == [("mine", DATA)]


def test_another_model_of_that_name_stays(installed: list[tuple[str, bytes]]) -> None:
    opened = projects.with_model(project("mine", DATA), "girl", lambda name: Model(name or "", b"other"))
    assert opened.project.model == "mine (girl)" and installed == [("mine (girl)", DATA)]


def test_a_model_that_is_not_there_gives_way_to_the_default(installed: list[tuple[str, bytes]]) -> None:
    opened = projects.with_model(project("mine", None), "girl", missing)
    assert opened.project.model is None and "mine is not installed" in opened.notes[0]


def test_a_model_that_cannot_be_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: str, _data: bytes) -> str:
        raise CheckpointError("It is damaged.")

    monkeypatch.setattr(projects, "_install", refuse)
    opened = projects.with_model(project("mine", DATA), "girl", missing)
    assert opened.project.model is None and opened.notes == ("It is damaged.",)


def test_only_adapted_models_travel() -> None:
    snapshot = Snapshot((Page(0),), 0, "mine")
    assert projects._with_model_file(snapshot, lambda name: Model(name or "")).model_file == Path("mine.safetensors")
    assert projects._with_model_file(snapshot, lambda _: Model("mine", kind="whole")).model_file is None
    assert projects._with_model_file(snapshot, missing).model_file is None
    assert projects._with_model_file(replace(snapshot, model=None), lambda _: Model("x")).model_file is None


def test_the_longest_not_shown_are_compressed_first() -> None:
    pages = [page(1), page(2), page(3), Page(4)]
    chosen = projects.to_pack(pages, [2, 3, 1], 1)
    assert [one.id for one in chosen] == [2, 3]
    assert projects.to_pack(pages, [2, 3, 1], 1 << 30) == []
    assert [one.id for one in projects.to_pack(pages, [1], 1)] == [2, 3]

"""The jobs of projects: which model a project is colored with, and which pages are compressed."""

from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pytest

from app.controllers import project_work as projects
from app.controllers.project_model import ModelOffer, install, with_model
from app.document.character import Character
from app.document.page import Page, Snapshot
from app.project_file.file import ReadProject
from app.project_file.page_codec import PageCodec
from engine import file_names, model_catalog, model_installing
from engine.checkpoint import BaseModel, CheckpointInfo
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


def entry(name: str, title: str, path: Path) -> model_catalog.ModelEntry:
    return model_catalog.ModelEntry(name, path, False, CheckpointInfo("a", {}, title))


@pytest.fixture(autouse=True)
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[model_catalog.ModelEntry]:
    found = [entry("nurie-compact", "Nurie Compact", tmp_path / "nurie-compact.safetensors")]
    monkeypatch.setattr(model_catalog, "installed", lambda: found)
    monkeypatch.setattr(model_catalog.ModelEntry, "sha256", lambda _: sha256(b"installed").hexdigest())
    return found


def test_a_project_without_a_model() -> None:
    opened = with_model(project(None, None), "girl", missing)
    assert (opened.project.model, opened.notes, opened.offers) == (None, (), ())


@pytest.mark.parametrize("data", [None, DATA])
def test_a_model_that_is_there_already(data: bytes | None) -> None:
    opened = with_model(project("mine", data), "girl", lambda name: Model(name or ""))
    assert (opened.project.model, opened.notes, opened.offers) == ("mine", (), ())


def test_a_model_that_travelled_is_offered_and_not_installed() -> None:
    opened = with_model(project("mine", DATA), "girl", missing)
    assert opened.project.model is None and len(opened.offers) == 1
    assert (opened.offers[0].name, opened.offers[0].data) == ("mine", DATA)


def test_a_model_that_was_taken_over_before_is_known_by_its_bytes(catalogue: list[model_catalog.ModelEntry]) -> None:
    info = CheckpointInfo("sga", {}, "x", base=BaseModel("b", "c"))
    catalogue.append(replace(catalogue[0], name="mine (girl)", info=info))
    opened = with_model(project("mine", b"installed"), "girl", missing)
    assert (opened.project.model, opened.offers) == ("mine (girl)", ())


@pytest.mark.parametrize(
    "name",
    [
        "nurie-compact",
        "nurie-compact.",
        "-nurie-compact",
        " Nurie-Compact ",
        "NURIE COMPACT",
        "nurie-compact.safetensors",
    ],
)
def test_a_name_that_is_taken_in_any_spelling_is_never_offered(name: str) -> None:
    (offer,) = with_model(project(name, DATA), "girl", missing).offers
    assert file_names.key(offer.name) not in ("nurie-compact", "nurie compact", "nurie-compact.safetensors")
    assert model_installing.is_free(offer.name)


def test_another_model_of_that_name_stays() -> None:
    opened = with_model(project("nurie-compact", DATA), "girl", lambda name: Model(name or "", b"other"))
    assert [one.name for one in opened.offers] == ["nurie-compact (girl)"]


def test_a_model_that_is_not_there_gives_way_to_the_default() -> None:
    opened = with_model(project("mine", None), "girl", missing)
    assert opened.project.model is None and "mine is not installed" in opened.notes[0]


@pytest.mark.parametrize("name", ["/etc/passwd", "../mine", "mine.safetensors", "a\\b", "a\0b", "here"])
def test_a_name_that_is_a_path_reads_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").write_bytes(DATA)

    def find(_name: str | None) -> Model:
        raise AssertionError("a file was looked at")

    assert with_model(project(name, None), "girl", find).project.model is None


def test_only_adapted_models_are_installed_from_a_project(tmp_path: Path) -> None:
    file = next(model_catalog.bundled_folder().glob("*.safetensors"))
    with pytest.raises(CheckpointError, match="no adapted one"):
        list(install(ModelOffer("mine", file.read_bytes())))


def test_only_adapted_models_travel() -> None:
    snapshot = Snapshot((Page(0),), 0, "mine")
    travelling = projects._with_model_files(snapshot, lambda name: Model(name or "")).model_files
    assert travelling == {"mine": Path("mine.safetensors")}
    assert not projects._with_model_files(snapshot, lambda _: Model("mine", kind="whole")).model_files
    assert not projects._with_model_files(snapshot, missing).model_files
    assert not projects._with_model_files(replace(snapshot, model=None), lambda _: Model("x")).model_files
    cast = replace(snapshot, model=None, characters=(Character(0, model="hers"), Character(1)))
    assert set(projects._with_model_files(cast, lambda name: Model(name or "")).model_files) == {"hers"}


def test_the_longest_not_shown_are_compressed_first() -> None:
    pages = [page(1), page(2), page(3), Page(4)]
    chosen = projects.to_pack(pages, [2, 3, 1], 1)
    assert [one.id for one in chosen] == [2, 3]
    assert projects.to_pack(pages, [2, 3, 1], 1 << 30) == []
    assert [one.id for one in projects.to_pack(pages, [1], 1)] == [2, 3]

"""The models there are: shipped, installed, damaged, named by a file."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine import checkpoint, model_catalog
from engine.checkpoint import CheckpointInfo
from engine.errors import CheckpointError

Put = Callable[..., Path]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A shipped folder, as a packaged program has it, and a person's folder."""
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "program"), raising=False)
    monkeypatch.setattr(model_catalog, "_folders", {})
    shipped, user = tmp_path / "program" / "resources" / "models", tmp_path / "user"
    shipped.mkdir(parents=True)
    user.mkdir()
    model_catalog.set_user_folder(user)
    return shipped, user


def put(folder: Path, name: str, title: str = "", licence: str = "Apache-2.0") -> Path:
    path = folder / f"{name}.safetensors"
    info = CheckpointInfo("sga", {}, title or name, description=f"About {name}.", licence=licence)
    checkpoint.save(path, {"weight": torch.zeros(2)}, info)
    return path


def test_the_shipped_folder_of_the_sources_is_in_the_project() -> None:
    assert model_catalog.bundled_folder() == Path(__file__).resolve().parents[3] / "resources" / "models"


def test_no_folder_and_no_model(tmp_path: Path, folders: tuple[Path, Path]) -> None:
    model_catalog.set_user_folder(tmp_path / "not there")
    assert model_catalog.installed() == []
    assert model_catalog.default_name() is None
    with pytest.raises(CheckpointError, match="not there"):
        model_catalog.find()
    with pytest.raises(CheckpointError, match="none is installed"):
        model_catalog.find("flower")


def test_shipped_and_installed_models_are_listed_the_default_first(folders: tuple[Path, Path]) -> None:
    shipped, user = folders
    put(shipped, "zebra", title="The Zebra", licence="CC-BY-4.0")
    put(user, "ant")
    (user / "notes.txt").write_text("no model")
    (user / "folder.safetensors").mkdir()
    zebra, ant = model_catalog.installed()
    assert (zebra.name, zebra.title, zebra.bundled, zebra.licence) == ("zebra", "The Zebra", True, "CC-BY-4.0")
    assert (ant.name, ant.bundled, ant.description) == ("ant", False, "About ant.")
    assert model_catalog.find() == zebra


def test_default_txt_names_the_default(folders: tuple[Path, Path]) -> None:
    shipped, _ = folders
    put(shipped, "a")
    put(shipped, "b")
    assert model_catalog.default_name() is None
    with pytest.raises(CheckpointError, match="a, b"):
        model_catalog.find()
    for text in ("b", "b.safetensors\n"):
        (shipped / "default.txt").write_text(text)
        assert model_catalog.find().name == "b"
    (shipped / "default.txt").write_bytes(b"\xff\xfe")
    assert model_catalog.default_name() is None


def test_a_model_is_found_by_name_file_name_title_and_path(folders: tuple[Path, Path], tmp_path: Path) -> None:
    shipped, _ = folders
    path = put(shipped, "ant", title="The Ant")
    elsewhere = put(tmp_path, "塗り絵 1.5")
    for name in ("ant", "ant.safetensors", "The Ant"):
        assert model_catalog.find(name).path == path
    for name in (elsewhere, str(elsewhere), os.path.relpath(elsewhere)):
        found = model_catalog.find(name)
        assert (found.name, found.bundled) == ("塗り絵 1.5", False)


def test_an_installed_model_takes_the_place_of_a_shipped_one(folders: tuple[Path, Path]) -> None:
    shipped, user = folders
    put(shipped, "ant")
    (shipped / "default.txt").write_text("ant")
    newer = put(user, "ant")
    assert [entry.path for entry in model_catalog.installed()] == [newer]
    assert model_catalog.find().path == newer


def test_an_unknown_name_names_those_there_are(folders: tuple[Path, Path]) -> None:
    shipped, user = folders
    put(shipped, "ant")
    put(user, "bee")
    with pytest.raises(CheckpointError, match=r"'cat'; there are: ant, bee"):
        model_catalog.find("cat")
    with pytest.raises(CheckpointError, match=r"no model file .*cat\.safetensors"):
        model_catalog.find("cat.safetensors")


def test_a_damaged_file_is_listed_as_damaged(folders: tuple[Path, Path]) -> None:
    shipped, user = folders
    put(shipped, "ant")
    (user / "bad.safetensors").write_text("I am a text file")
    ant, bad = model_catalog.installed()
    assert not ant.damaged
    assert bad.damaged
    assert "text file" in bad.problem
    assert (bad.title, bad.description, bad.licence) == ("bad", "", "")
    assert bad.sha256() == hashlib.sha256(b"I am a text file").hexdigest()
    with pytest.raises(CheckpointError, match="text file"):
        model_catalog.find("bad")


def test_the_digest_is_remembered_until_the_file_changes(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped, _ = folders
    path = put(shipped, "ant")
    entry = model_catalog.find()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry.sha256() == digest
    with monkeypatch.context() as patched:
        patched.setattr(hashlib, "file_digest", None)
        assert entry.sha256() == digest
    put(shipped, "ant", title="Another")
    assert entry.sha256() == hashlib.sha256(path.read_bytes()).hexdigest() != digest
    path.unlink()
    with pytest.raises(CheckpointError):
        entry.sha256()


def test_the_environment_names_the_folder_when_nobody_else_does(
    folders: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_catalog, "_folders", {})
    monkeypatch.delenv("NURIE_MODELS", raising=False)
    assert model_catalog.user_folder() is None
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "elsewhere"))
    assert model_catalog.user_folder() == tmp_path / "elsewhere"

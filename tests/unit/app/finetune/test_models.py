from pathlib import Path

import pytest

from app.finetune import models
from app.finetune.models import Catalogue
from engine import checkpoint, model_catalog
from engine.checkpoint import BaseModel, CheckpointInfo
from tests.unit.app.finetune.test_pictures import run


@pytest.fixture(autouse=True)
def adapted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installed model `mio`, adapted from the shipped one."""
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path))
    shipped = model_catalog.find(model_catalog.bundled_folder() / "nurie-compact.safetensors")
    assert shipped.info is not None
    base = BaseModel(shipped.name, shipped.sha256())
    path = tmp_path / "mio.safetensors"
    checkpoint.save(path, {}, CheckpointInfo(shipped.info.architecture, shipped.info.config, "Mio", base=base))
    return path


def test_names_that_are_taken_get_a_number() -> None:
    catalogue = Catalogue(("mio", "Rin", "rin 2"), None)
    assert catalogue.free("ann") == "ann"
    assert catalogue.free("Mio") == "Mio 2"
    assert catalogue.free("rin") == "rin 3"


def test_models_and_runs_take_names() -> None:
    found = run(models.look_up(None, ["ann"]))
    assert {"mio", "nurie-compact", "ann"} <= set(found.names)
    assert found.base is None


def test_what_an_adapted_model_was_made_of_is_adapted_anew() -> None:
    assert run(models.look_up("mio", [])).base == "nurie-compact"
    assert run(models.look_up("nurie-compact", [])).base == "nurie-compact"


def test_a_base_that_is_gone_gives_way_to_the_default(adapted: Path) -> None:
    info = CheckpointInfo("sga", {}, "Mio", base=BaseModel("gone", "1" * 64))
    checkpoint.save(adapted, {}, info)
    assert run(models.look_up("mio", [])).base is None


def test_only_what_was_adapted_may_be_deleted() -> None:
    listed = {one.entry.name: one for one in run(models.list_all())}
    assert listed["mio"].is_adapted
    assert not listed["nurie-compact"].is_adapted
    assert all(one.card for one in listed.values())
    assert run(models.delete("mio")) == "mio"
    assert "mio" not in run(models.look_up(None, [])).names


def test_what_says_nothing_is_no_name() -> None:
    assert models.file_name("Mio/3") == "Mio-3"
    assert models.file_name("...") == ""

"""Adapted models: what is stored, how it is merged, and what is said where it does not fit."""

import dataclasses
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine import adaptation, checkpoint, model_catalog, model_installing, model_loading, registry
from engine.architectures.sga_generator import SGAGenerator
from engine.checkpoint import BaseModel, CheckpointInfo
from engine.colorizers.reference import ReferenceColorizer
from engine.errors import CheckpointError
from tests.unit.engine.architectures.test_sga_generator import TINY

Weights = dict[str, Tensor]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's folder with the model `whole`, the only one there is."""
    monkeypatch.setattr(model_catalog, "_folders", {})
    monkeypatch.setattr("engine.model_catalog.bundled_folder", lambda: tmp_path / "none")
    model_catalog.set_user_folder(tmp_path)
    torch.manual_seed(1)
    info = CheckpointInfo("sga", dataclasses.asdict(TINY), "Whole", licence="CC0-1.0")
    checkpoint.save(tmp_path / "whole.safetensors", SGAGenerator(TINY).state_dict(), info)
    return tmp_path


def adapt(folder: Path, name: str = "mine") -> tuple[Path, Weights]:
    """An adapted model of `whole`, and the weights it stands for."""
    whole = folder / "whole.safetensors"
    info, weights = model_loading.load(whole)
    torch.manual_seed(2)
    adapted = {key: value + 0.1 * torch.randn(value.shape) for key, value in weights.items() if value.dim() > 0}
    adapted = {**weights, **adapted}
    stored = adaptation.changes(weights, adapted)
    base = BaseModel("whole", model_catalog.find(whole).sha256())
    path = folder / f"{name}.safetensors"
    adaptation.save(path, stored, dataclasses.replace(info, name="Mine", base=base))
    return path, adapted


def test_an_adapted_model_is_merged_wherever_it_is_loaded(folder: Path) -> None:
    path, adapted = adapt(folder)
    _, loaded = model_loading.load(path)
    _, network = model_loading.build(path)
    for name, value in adapted.items():
        assert torch.allclose(loaded[name].float(), value.float(), atol=2e-3), name
        assert torch.allclose(network.state_dict()[name].float(), value.float(), atol=2e-3), name
    loaded = model_loading.load_colorizer(path, "cpu")
    assert isinstance(loaded, ReferenceColorizer) and loaded.info.name == "Mine"


def test_it_is_listed_as_a_model_of_its_own_with_its_base(folder: Path) -> None:
    adapt(folder)
    whole, mine = sorted(model_catalog.installed(), key=lambda entry: entry.name, reverse=True)
    assert (whole.kind, mine.kind) == ("whole", "adapted")
    assert mine.info is not None and mine.info.base == BaseModel("whole", whole.sha256())
    assert model_catalog.default_name() == "whole"


def test_a_model_that_is_whole_says_nothing_of_a_base(folder: Path) -> None:
    assert b'"base' not in (folder / "whole.safetensors").read_bytes()


def test_a_missing_base_is_named(folder: Path) -> None:
    path, _ = adapt(folder)
    (folder / "whole.safetensors").unlink()
    with pytest.raises(CheckpointError, match="changes the model 'whole', which is not there; install that one"):
        model_loading.build(path)


def test_another_version_of_the_base_is_not_taken_for_it(folder: Path) -> None:
    path, _ = adapt(folder)
    info = checkpoint.read_info(folder / "whole.safetensors")
    checkpoint.save(folder / "whole.safetensors", SGAGenerator(TINY).state_dict(), info)
    with pytest.raises(CheckpointError, match="another version of 'whole'"):
        model_loading.build(path)


def test_the_base_is_found_under_another_name(folder: Path) -> None:
    path, _ = adapt(folder)
    (folder / "whole.safetensors").rename(folder / "renamed.safetensors")
    model_loading.build(path)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"change:nothing": torch.zeros(1)}, "'change:nothing', which is not there"),
        ({"left:decoder.to_color.weight": torch.zeros(12, 2)}, "which is not there"),
        ({"other": torch.zeros(1)}, "'other', which is not there"),
        ({"change:decoder.to_color.bias": torch.zeros(5)}, r"has the shape \[5\] instead of \[12\]"),
        ({"change:decoder.to_color.bias": torch.full((12,), torch.nan)}, "no numbers"),
        (
            {
                "left:decoder.to_color.weight": torch.zeros(12, 2),
                "right:decoder.to_color.weight": torch.zeros(3, 36),
            },
            "do not fit each other",
        ),
    ],
)
def test_a_damaged_one_is_told_in_one_sentence(folder: Path, stored: Weights, said: str) -> None:
    path, _ = adapt(folder)
    checkpoint.save(path, stored, checkpoint.read_info(path))
    with pytest.raises(CheckpointError, match=said) as caught:
        model_loading.build(path)
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith("adapt the character anew.")


def test_one_of_another_network_is_refused(folder: Path) -> None:
    path, _ = adapt(folder)
    info = checkpoint.read_info(path)
    other = dataclasses.replace(info, config={**info.config, "residual_blocks": 2})
    checkpoint.save(path, checkpoint.load_stored(path), other)
    with pytest.raises(CheckpointError, match="another network than its base"):
        model_loading.build(path)


@pytest.mark.parametrize(
    "base", ["whole", {"name": "whole"}, {"name": 1, "sha256": "0"}, {"name": "a", "sha256": "b", "c": "d"}]
)
def test_a_description_with_a_damaged_base_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, base: object
) -> None:
    path, _ = adapt(folder)
    values = dataclasses.asdict(checkpoint.read_info(path)) | {"base": base}
    monkeypatch.setattr("engine.checkpoint.dataclasses.asdict", lambda _: values)
    checkpoint.save(path, checkpoint.load_stored(path), checkpoint.read_info(path))
    with pytest.raises(CheckpointError, match=r"damaged \(base\)"):
        checkpoint.read_info(path)


@settings(deadline=None, max_examples=30)
@given(
    shape=st.sampled_from([(5,), (7, 3), (40, 30), (16, 8, 3, 3), ()]),
    rank=st.integers(1, 3),
    seed=st.integers(0, 2**31),
)
def test_changes_of_low_rank_come_back_within_the_rounding_of_half_precision(
    shape: tuple[int, ...], rank: int, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    base = {"w": torch.randn(shape, generator=generator), "still": torch.ones(3)}
    update = torch.randn(shape, generator=generator)
    if len(shape) > 1:
        rows = update.flatten(1).shape
        update = torch.randn(rows[0], rank, generator=generator) @ torch.randn(rank, rows[1], generator=generator)
    stored = adaptation.changes(base, {"w": base["w"] + update.reshape(shape), "still": base["still"]})
    assert not any("still" in name for name in stored)
    found = adaptation.apply(base, stored)["w"] - base["w"]
    assert torch.allclose(found, update.reshape(shape), atol=2e-2)


def test_a_large_network_is_cut_to_the_limit() -> None:
    base = {f"{number}.weight": torch.zeros(256, 512) for number in range(4)}
    adapted = {name: torch.randn(256, 512) for name in base}
    stored = adaptation.changes(base, adapted, limit=600_000)
    assert sum(value.numel() * value.element_size() for value in stored.values()) <= 600_000
    assert all(value.dtype == torch.float16 for value in stored.values())


def test_installing_and_deleting(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("away")
    path, _ = adapt(folder)
    path = path.rename(away / "mine.safetensors")
    path.with_suffix(".md").write_text("# Mine")
    entry = model_installing.install(path, "Mine / 2")
    assert entry.name == "Mine - 2"
    assert entry.path.with_suffix(".md").read_text() == "# Mine"
    assert model_installing.delete(entry.name).name == entry.name
    assert [one.name for one in model_catalog.installed()] == ["whole"]
    assert not entry.path.with_suffix(".md").exists()


def test_what_cannot_be_installed_or_deleted(folder: Path) -> None:
    path, _ = adapt(folder)
    with pytest.raises(CheckpointError, match="'whole' already"):
        model_installing.install(path, "whole")
    with pytest.raises(CheckpointError, match="no adapted or assembled model, and only those"):
        model_installing.delete("whole")
    with pytest.raises(CheckpointError, match="no adapted or assembled model named 'other'; there are: mine"):
        model_installing.delete("other")
    with pytest.raises(CheckpointError, match="cannot be called '/'"):
        model_installing.install(path, "/")
    (folder / "whole.safetensors").unlink()
    with pytest.raises(CheckpointError, match="install that one first"):
        model_installing.install(path, "again")


def test_every_registered_network_can_be_adapted_in_a_small_file() -> None:
    """Those of the paper have twenty times the weights of ours; shapes suffice to tell."""
    adaptable = [one for one in registry.known() if registry.abilities(one).adapting]
    assert "sga" in adaptable
    for architecture in adaptable:
        with torch.device("meta"):
            weights = registry.find(architecture).module(registry.make_config(architecture, {})).state_dict()
        updates = {name: torch.empty(value.shape, device="meta") for name, value in weights.items()}
        assert adaptation.fitting_rank(updates, adaptation.SIZE_LIMIT) >= 2

"""How the keyframe networks learn: part by part, on real guesses, with every loss; runs that stop and go on."""

import dataclasses
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine import model_loading
from engine.device import Device
from engine.errors import TrainingError
from tests.keyframe_engines import TINY, smoke, write_scenes
from tests.unit.trainer.test_trainer import require_same
from trainer import config_file, networks, perceptual, recipes
from trainer.config import LossConfig, Stage
from trainer.distributed import Ranks
from trainer.keyframe_discriminators import ClipDiscriminator, PictureDiscriminator
from trainer.recipes.keyframes import KeyframeRecipe, TemporalStep, TransformStep, compact, divided, paper
from trainer.scene_clips import SceneSamples, open_clips
from trainer.training_loop import train

ALONE = Ranks(0, 1, torch.device("cpu"))
L1_ALONE = LossConfig(l1=10.0, perceptual=0.0, style=0.0, adversarial=0.0)


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_scenes(tmp_path_factory.mktemp("scenes"))


def batch_of(scenes: Path, count: int = 4, size: int = 32) -> dict[str, torch.Tensor]:
    samples = SceneSamples(open_clips([str(scenes)]), size, count, 1, (0.4,), always_two=True)
    rows = [samples[number] for number in range(count)]
    return {name: torch.stack([row[name] for row in rows]) for name in rows[0]}


def test_both_parts_learn_every_loss_and_the_model_colors(scenes: Path, tmp_path: Path) -> None:
    seen: list[dict[str, float]] = []
    state = train(smoke(scenes, tmp_path / "run", sample_every=3), lambda progress: seen.append(progress.losses))
    assert {"l1", "latent", "perceptual", "style", "adversarial", "discriminator"} <= set(seen[0])
    assert "steady" in seen[-1] and "latent" not in seen[-1]
    for losses in (seen[0], seen[-1]):
        parts = [value for name, value in losses.items() if name not in ("total", "discriminator")]
        assert losses["total"] == pytest.approx(sum(parts), rel=1e-4) and min(parts) > 0.0
    assert len(list((tmp_path / "run" / "samples").glob("*.png"))) == 2
    info, network = model_loading.build(tmp_path / "run" / "model.safetensors")
    assert info.architecture == "keyframe" and info.config["widths"] == [4, 6, 8]
    line, picture = torch.rand(1, 1, 16, 16), torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        assert torch.allclose(network(line, [picture], [line]), state.average.eval()(line, [picture], [line]), atol=0.1)


def test_a_stopped_run_ends_at_the_same_weights(scenes: Path, tmp_path: Path) -> None:
    losses = LossConfig(10.0, 0.0, 0.0, 1.0)  # those with something to go on with: the networks and their judges
    straight = train(smoke(scenes, tmp_path / "straight", losses=losses))
    for stop_at in (3, 2, 2):  # in the first part, at its end or so, in the second
        stops = iter([False] * stop_at + [True])
        train(smoke(scenes, tmp_path / "sliced", losses=losses), should_stop=lambda stops=stops: next(stops))
    require_same(straight, train(smoke(scenes, tmp_path / "sliced", losses=losses)))


def test_a_model_is_a_start(scenes: Path, tmp_path: Path) -> None:
    train(smoke(scenes, tmp_path / "first", losses=L1_ALONE))
    config = smoke(scenes, tmp_path / "next", losses=L1_ALONE, start=str(tmp_path / "first" / "model.safetensors"))
    begun = networks.build(config, torch.device("cpu")).model
    _, network = model_loading.build(tmp_path / "first" / "model.safetensors")
    line, picture = torch.rand(1, 1, 16, 16), torch.rand(1, 3, 16, 16)
    with torch.no_grad():
        for _ in range(50):  # until the power iterations have come to rest
            begun(line, [picture], [line])
        made = begun.eval()(line, [picture], [line])
        assert torch.allclose(made, network(line, [picture], [line]), atol=0.02)


@pytest.mark.parametrize("part", ["transform", "temporal"])
def test_only_the_part_that_is_taught_and_its_judge_change(part: str, scenes: Path) -> None:
    config = smoke(scenes, Path(), losses=LossConfig(10.0, 0.0, 0.0, 1.0))
    stage = Stage(32, 4, 1e-2, 4, parts=(part,))
    state = networks.build(config, torch.device("cpu"))
    networks.teach(state, config, stage.parts)
    assert state.discriminator is not None
    modules = (state.model, state.discriminator)
    before = [{name: value.clone() for name, value in one.state_dict().items()} for one in modules]
    step = recipes.find("keyframe").step(config, stage, state, Device("cpu", "fp32"), ALONE, None)
    losses = step(batch_of(scenes), 1e-2)
    assert all(map(math.isfinite, losses.values()))
    wanted = {"transform": ({"transform"}, {"pictures"}), "temporal": ({"temporal"}, {"clips"})}[part]
    for module, old, names in zip(modules, before, wanted, strict=True):
        changed = {name.split(".")[0] for name, value in module.state_dict().items() if not value.equal(old[name])}
        assert changed == names


def test_the_temporal_part_sees_guesses_and_never_the_true_frame(scenes: Path) -> None:
    """A rebuild feeds it true frames as if they were guessed: it learns to do nothing."""
    config = smoke(scenes, Path(), losses=L1_ALONE)
    state = networks.build(config, torch.device("cpu"))
    step = TemporalStep(config, state, Device("cpu", "fp32"), ALONE, None)
    batch = batch_of(scenes)
    keys = [torch.cat([batch["reference"], batch["reference_line"]], 1)]
    made = step.generator(batch["line"], [batch["reference"]], [batch["reference_line"]])
    guess = TransformStep(config, state, Device("cpu", "fp32"), ALONE, None).generator(
        batch["line"], [batch["reference"]], [batch["reference_line"]]
    )
    assert torch.allclose(made[:, 1], guess.picture, atol=0.05)  # born as no change of it
    assert not torch.allclose(made[:, 1], batch["target"], atol=0.3)
    assert torch.allclose(made[:, 0], keys[0][:, :3])


def test_one_clip_is_learned(scenes: Path) -> None:
    config = smoke(scenes, Path(), losses=L1_ALONE, network=dataclasses.replace(TINY, widths=(8, 12, 16), copies=False))
    state = networks.build(config, torch.device("cpu"))
    step = TransformStep(config, state, Device("cpu", "fp32"), ALONE, None)
    batch = batch_of(scenes)
    losses = [step(batch, 4e-3)["l1"] for _ in range(60)]
    assert min(losses[-5:]) < 0.5 * losses[0]


def test_weights_are_divided_by_their_largest_singular_value() -> None:
    weight = torch.randn(5, 3, 3, 3, generator=torch.Generator().manual_seed(1))
    assert torch.linalg.svdvals(divided(weight).flatten(1))[0] == pytest.approx(1.0, rel=1e-5)


def test_presets_are_the_paper_s_and_ours() -> None:
    assert set(KeyframeRecipe.presets) == {"keyframe-paper", "keyframe-compact"}
    assert (paper().losses.l1, paper().losses.style, paper().losses.perceptual) == (10.0, 1e-3, 0.03)
    assert [stage.parts for stage in paper().stages] == [("transform",), ("temporal",)]
    assert compact().network.widths == (24, 48, 96)
    values = config_file.from_values({"preset": "keyframe-compact", "network": {"blocks": 2}})
    assert values.architecture == "keyframe" and values.network.blocks == 2


def test_a_stage_teaches_one_part(scenes: Path, tmp_path: Path) -> None:
    both = smoke(scenes, tmp_path / "run", stages=(Stage(32, 4, 1e-3, 4, parts=("transform", "temporal")),))
    with pytest.raises(TrainingError, match="not both"):
        train(both)


def test_discriminators_score_any_size() -> None:
    assert PictureDiscriminator((4, 4, 4, 4))(torch.rand(2, 3, 48, 32), torch.rand(2, 1, 48, 32)).shape == (2, 1, 2, 1)
    assert ClipDiscriminator((4, 4, 4, 4, 4))(torch.rand(2, 3, 4, 32, 32)).shape == (6, 1, 1, 1)


def test_deep_features_are_five_layers_and_the_first_filters_are_the_same() -> None:
    deep, shallow = perceptual.load("seeded", deep=True), perceptual.load("seeded")
    found = deep(torch.rand(1, 3, 32, 32))
    assert [(one.shape[1], one.shape[2]) for one in found] == [(64, 32), (128, 16), (256, 8), (512, 4), (512, 2)]
    names = shallow.features.state_dict()
    assert all(value.equal(deep.features.state_dict()[name]) for name, value in names.items())


def test_samples_are_three_frames_of_one_scene_and_depend_on_their_number_alone(scenes: Path) -> None:
    store = open_clips([str(scenes)])
    assert len(store.clips) == 2 and len(store) == 8
    samples = SceneSamples(store, 32, 2, 5, (0.4,), always_two=False)
    rows = [samples[number] for number in range(40)]
    for row, again in zip(rows, (samples[number] for number in range(40)), strict=True):
        assert row.keys() == again.keys() and all(row[name].equal(again[name]) for name in row)
        assert row["line"].shape == (1, 32, 32) and row["reference"].shape == row["target"].shape == (3, 32, 32)
    alone = ["further_references" not in row for row in rows]
    assert 0 < sum(alone) < 40 and alone[::2] == alone[1::2]  # a batch has as many key frames everywhere


def test_what_is_no_scene_is_told(scenes: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no folder"):
        open_clips([str(tmp_path / "none")])
    with pytest.raises(TrainingError, match="no scene"):
        open_clips([str(tmp_path)])
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for number, side in enumerate((20, 20, 24)):
        Image.fromarray(np.full((side, side, 3), 200, np.uint8)).save(mixed / f"{number}.png")
    (mixed / "3.png").write_bytes(b"no picture")
    store = open_clips([str(tmp_path)])
    assert len(store.clips[0].colored) == 2 and {path.name for path in store.skipped} == {"2.png", "3.png"}
    assert len(open_clips([str(scenes)], held_out=0.5).clips) == 1

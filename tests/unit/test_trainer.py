"""The trainer on pictures drawn on the fly: samples, learning, stopping and going on, publishing."""

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import checkpoint
from engine.errors import TrainingError
from tests.unit.test_sga_generator import TINY
from trainer import __main__ as command
from trainer import augmentation, run_state, training_loop
from trainer.config import Stage, TrainConfig
from trainer.datasets import Samples, find_sources
from trainer.losses import weighted_l1
from trainer.training_loop import TrainProgress, learning_rate, train

SMALL = TrainConfig(
    network=TINY,
    stages=(Stage(64, 40, 3e-3, 4), Stage(128, 24, 2e-3, 4)),
    warmup=2,
    precision="fp32",
    workers=0,
)


def draw(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    picture = np.full((90, 70, 3), 255, np.uint8)
    for _ in range(3):
        color = tuple(int(c) for c in rng.integers(0, 220, 3))
        center = (int(rng.integers(20, 50)), int(rng.integers(20, 70)))
        cv2.circle(picture, center, int(rng.integers(8, 20)), color, -1)
        cv2.circle(picture, center, 20, (0, 0, 0), 2)
    return picture


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Every layout the trainer knows, and one file that is no picture."""
    folder = tmp_path / "data"
    places = ["train/a.png", "train/b.webp", "characters/one/01.png", "characters/one/02.png", "val/secret.png"]
    places += ["sequences/two/001.png", "sequences/two/002.png", "pairs/color/c.png"]
    for seed, place in enumerate(places):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / place), draw(seed))
    for place in ("pairs/line/c.png", "sequences/two/line_001.png"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / place), np.full((90, 70), 200, np.uint8))
    (folder / "train" / "broken.png").write_bytes(b"not a picture")
    return folder


def test_finds_every_layout_and_never_the_validation_set(data: Path) -> None:
    found = {source.color.relative_to(data).as_posix(): source for source in find_sources(data)}
    assert len(found) == 8  # seven pictures and the broken one
    assert not any("val" in name or "line" in name for name in found)
    assert found["pairs/color/c.png"].line is not None
    assert found["sequences/two/001.png"].line is not None
    assert found["characters/one/01.png"].character == found["characters/one/02.png"].character


def test_samples_are_tensors_of_the_right_range_and_depend_on_their_number_alone(data: Path) -> None:
    samples = Samples(find_sources(data), 64, seed=3, batch=4)
    assert [path.name for path in samples.skipped] == ["broken.png"]
    for index in range(12):
        sample, again = samples[index], samples[index]
        for key, channels in (("line", 1), ("target", 3), ("reference", 3), ("reference_line", 1)):
            assert sample[key].shape[0] == channels
            assert max(sample[key].shape[1:]) == 64
            assert -1.0 <= sample[key].min() <= sample[key].max() <= 1.0
            assert torch.equal(sample[key], again[key])
        assert sample["line"].shape[1:] == sample["target"].shape[1:] == samples[index // 4 * 4]["line"].shape[1:]
        assert sample["reference"].shape[1:] == sample["reference_line"].shape[1:]
    assert not torch.equal(samples[0]["target"], samples[1]["target"])
    assert len({samples[4 * batch]["reference"].shape for batch in range(20)}) > 1


def test_each_folder_gets_its_share_of_the_samples(data: Path) -> None:
    many, few = find_sources(data, 1.0), find_sources(data / "train", 3.0)
    samples = Samples([*many, *few], 32, seed=0)
    assert samples.picture_weights[:-2].sum() == pytest.approx(0.25)
    assert samples.picture_weights[-2:] == pytest.approx([0.375, 0.375])
    assert samples.group_weights.sum() == pytest.approx(1.0)  # the second folder has no characters


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0, 1))
def test_recoloring_keeps_paper_and_ink(seed: int, strength: float) -> None:
    table = augmentation.random_color_table(np.random.default_rng(seed), strength)
    picture = np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8)
    changed = augmentation.apply_color_table(picture, table)
    assert changed[0, 0].min() >= 245
    assert changed[0, 1].max() <= 12


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(16, 60), st.floats(0.0, 0.25))
def test_warps_keep_the_size_and_no_warp_keeps_the_picture(seed: int, side: int, strength: float) -> None:
    rng = np.random.default_rng(seed)
    noise = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    picture = np.asarray(cv2.GaussianBlur(noise, (0, 0), 3.0), np.uint8)
    warped = augmentation.warp(picture, augmentation.thin_plate_warp((side, side), rng, strength))
    assert warped.shape == picture.shape
    still = augmentation.warp(picture, augmentation.thin_plate_warp((side, side), rng, 0.0))
    assert np.abs(still.astype(int) - picture).max() <= 4  # remap knows 1/32 of a pixel


def test_foreground_weighs_more_than_paper() -> None:
    target = torch.ones(1, 3, 4, 4)
    target[..., :2] = 0.0
    miss_paper, miss_figure = target.clone(), target.clone()
    miss_paper[..., 2:] -= 0.5
    miss_figure[..., :2] -= 0.5
    assert weighted_l1(miss_figure, target, 2.0) == pytest.approx(2.0 * weighted_l1(miss_paper, target, 2.0).item())
    assert weighted_l1(target, target, 2.0) == 0.0


def test_learning_rate_rises_then_falls_through_the_stages_to_zero() -> None:
    rates = [learning_rate(SMALL, pictures) for pictures in range(0, SMALL.pictures + 4, 4)]
    assert rates[0] < rates[1] > rates[5] > rates[-1] == 0.0
    assert rates[10] == pytest.approx(2e-3)  # where the second stage begins


def test_training_lowers_the_loss(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one repeated sample the loss must fall far."""
    original = Samples.__getitem__
    monkeypatch.setattr(Samples, "__getitem__", lambda self, index: original(self, 0))
    losses: list[float] = []
    step: Callable[..., float] = training_loop.train_step
    monkeypatch.setattr(training_loop, "train_step", lambda *args: losses.append(step(*args)) or losses[-1])
    train(replace(SMALL, stages=(Stage(64, 240, 3e-3, 4),)), find_sources(data), tmp_path / "run")
    assert sum(losses[-5:]) < 0.6 * sum(losses[:5])


def test_stopping_and_going_on_ends_at_the_same_weights(data: Path, tmp_path: Path) -> None:
    sources = find_sources(data)
    straight = train(SMALL, sources, tmp_path / "straight")
    steps = iter(range(10**6))
    while True:  # three steps at a time
        state = train(SMALL, sources, tmp_path / "slices", should_stop=lambda: next(steps) % 5 == 4)
        if state.pictures == SMALL.pictures:
            break
    assert straight.pictures == SMALL.pictures == 64
    for module, other in ((straight.model, state.model), (straight.average, state.average)):
        for (name, one), two in zip(module.state_dict().items(), other.state_dict().values(), strict=True):
            assert torch.equal(one, two), name


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_state(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(replace(SMALL, stages=(Stage(64, 8, 3e-3, 4),)), find_sources(data), tmp_path)
    before = (tmp_path / "state.safetensors").read_bytes()
    monkeypatch.setattr(training_loop, "weighted_l1", lambda output, *_: output.sum() * float("nan"))
    with pytest.raises(TrainingError, match="not a number after 8 pictures"):
        train(SMALL, find_sources(data), tmp_path)
    assert (tmp_path / "state.safetensors").read_bytes() == before


def test_progress_is_told(data: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    train(SMALL, find_sources(data), tmp_path, seen.append)
    assert [p.size for p in seen] == [64, 128]
    assert seen[-1].pictures == seen[-1].total == 64


def test_another_network_does_not_go_on_in_the_same_folder(data: Path, tmp_path: Path) -> None:
    train(replace(SMALL, stages=(Stage(64, 4, 3e-3, 4),)), find_sources(data), tmp_path)
    with pytest.raises(TrainingError, match="does not belong"):
        train(replace(SMALL, network=replace(TINY, fusion_width=8)), find_sources(data), tmp_path)


def test_an_empty_a_missing_and_a_broken_folder_are_explained(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no pictures"):
        find_sources(tmp_path)
    with pytest.raises(TrainingError, match="is not there"):
        find_sources(tmp_path / "none")
    (tmp_path / "bad.png").write_bytes(b"?")
    with pytest.raises(TrainingError, match="None of the pictures"):
        Samples(find_sources(tmp_path), 32, 1)


def test_the_command_line_trains_and_publishes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "TrainConfig", lambda **given: replace(SMALL, **given))
    about = tmp_path / "about.json"
    about.write_text(json.dumps({"name": "mine", "licence": "CC0", "provenance": {"data": "circles"}}))
    model = tmp_path / "mine.safetensors"
    options = ["--data", str(data), "--output", str(tmp_path / "run"), "--stages", "64:8", "--precision", "fp32"]
    assert command.main([*options, "--publish", str(model), "--about", str(about)]) == 0
    info, network = checkpoint.build(model)
    assert (info.name, info.licence, info.provenance["pictures"]) == ("mine", "CC0", 8)
    assert network(torch.zeros(1, 1, 32, 32), [torch.zeros(1, 3, 32, 32)], [torch.zeros(1, 1, 32, 32)]).isfinite().all()
    assert command.main([*options, "--publish", str(model)]) == 2
    assert command.main(["--data", str(tmp_path / "none"), "--output", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 2


def test_a_full_disk_keeps_the_last_good_state(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = train(replace(SMALL, stages=(Stage(64, 4, 3e-3, 4),)), find_sources(data), tmp_path / "run")
    before = (tmp_path / "run" / "state.safetensors").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_state, "save_file", full)
    with pytest.raises(TrainingError, match=r"disk is full.*last good one is kept"):
        state.save(tmp_path / "run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["state.safetensors"]
    assert (tmp_path / "run" / "state.safetensors").read_bytes() == before

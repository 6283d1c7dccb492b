"""The training loop on pictures drawn on the fly: learning, stopping and going on, and all that may go wrong."""

import csv
import errno
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine import model_loading
from engine.errors import TrainingError
from tests.drawings import write_drawings
from tests.unit.engine.architectures.test_sga_generator import TINY, TINY_PAPER
from trainer import config_file, datasets, publishing, run_state, training_step
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.progress import TrainProgress
from trainer.run_state import RunState
from trainer.training_loop import learning_rate, train

VARIED = TrainConfig(
    data=DataConfig(protocol="varied", workers=0),
    network=TINY,
    stages=(Stage(64, 40, 3e-3, 4), Stage(128, 24, 2e-3, 4)),
    losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0, foreground_weight=2.0),
    optimizer=OptimizerConfig(schedule="linear", warmup=2, gradient_clip=1.0),
    precision="fp32",
    device="cpu",
)
PAPER = TrainConfig(
    data=DataConfig(workers=0),
    network=TINY_PAPER,
    stages=(Stage(32, 80, 1e-3, 4),),
    losses=LossConfig(perceptual_network="seeded"),
    precision="fp32",
    device="cpu",
    log_every=1,
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    write_drawings(folder, ["a.png", "b.png", "c.webp", "characters/one/01.png", "characters/one/02.png"])
    return folder


def of(config: TrainConfig, pictures: Path, output: Path, **changes: Any) -> TrainConfig:
    return replace(config, data=replace(config.data, folders=(str(pictures),)), output=str(output), **changes)


def require_same(one: RunState, two: RunState) -> None:
    modules = [(one.model, two.model), (one.average, two.average)]
    if one.discriminator is not None and two.discriminator is not None:
        modules.append((one.discriminator, two.discriminator))
    for module, other in modules:
        for (name, value), same in zip(module.state_dict().items(), other.state_dict().values(), strict=True):
            assert torch.equal(value, same), name


def log_of(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "log.csv").open()))


def test_training_lowers_the_loss(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one repeated sample the loss must fall far."""
    original = datasets.VariedSamples.__getitem__
    monkeypatch.setattr(datasets.VariedSamples, "__getitem__", lambda self, index: original(self, 0))
    losses: list[float] = []
    config = of(VARIED, pictures, tmp_path / "run", stages=(Stage(64, 240, 3e-3, 4),), log_every=1)
    train(config, lambda progress: losses.append(progress.losses["total"]))
    assert sum(losses[-5:]) < 0.6 * sum(losses[:5])


def test_the_losses_of_the_paper_all_take_part_and_add_up(pictures: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    state = train(of(PAPER, pictures, tmp_path), seen.append)
    assert state.discriminator is not None
    assert [progress.step for progress in seen] == list(range(1, 21))
    for progress in seen:
        parts = [progress.losses[name] for name in ("l1", "perceptual", "style", "adversarial")]
        assert progress.losses["total"] == pytest.approx(sum(parts), rel=1e-4)
        assert min(parts) > 0.0
    assert seen[-1].losses["l1"] < seen[0].losses["l1"]
    assert 0.0 <= seen[-1].waiting <= 1.0
    about = json.loads((tmp_path / "run.json").read_text())
    assert (about["pictures"], about["perceptual_network"]) == (5, "seeded-" + about["perceptual_network"][7:])
    assert config_file.read(tmp_path / "config.json").stages == PAPER.stages
    info, network = model_loading.build(tmp_path / "model.safetensors")
    assert info.provenance["perceptual_network"] == about["perceptual_network"]
    assert str(pictures) not in json.dumps(info.provenance)
    assert network(torch.zeros(1, 1, 32, 32), [torch.zeros(1, 3, 32, 32)]).isfinite().all()


def test_both_networks_learn(pictures: Path, tmp_path: Path) -> None:
    fresh = train(of(PAPER, pictures, tmp_path / "one"), should_stop=lambda: True)
    later = train(of(PAPER, pictures, tmp_path / "two"))
    for one, two in ((fresh.model, later.model), (fresh.discriminator, later.discriminator)):
        assert one is not None and two is not None
        for (name, value), other in zip(one.named_parameters(), two.parameters(), strict=True):
            assert not torch.equal(value, other), name


@pytest.mark.parametrize("config", [VARIED, PAPER], ids=["varied", "paper"])
def test_stopping_three_times_ends_at_the_same_weights(config: TrainConfig, pictures: Path, tmp_path: Path) -> None:
    straight = train(of(config, pictures, tmp_path / "straight"))
    steps = itertools.count(1)
    sliced = of(config, pictures, tmp_path / "slices", shard_size=2**16)
    for _ in range(3):
        train(sliced, should_stop=lambda: next(steps) % 5 == 0)
    state = train(sliced)
    assert straight.pictures == state.pictures == config.pictures
    require_same(straight, state)
    assert len(list((tmp_path / "slices" / "checkpoints").iterdir())) == 1


def test_a_killed_run_goes_on_bit_for_bit(pictures: Path, tmp_path: Path) -> None:
    """20 steps straight are 10 or more, SIGKILL, and the rest."""
    straight = train(of(PAPER, pictures, tmp_path / "straight"))
    killed = of(PAPER, pictures, tmp_path / "killed", save_every=0.0)
    file = tmp_path / "config.json"
    file.write_text(config_file.to_json(killed))
    process = subprocess.Popen([sys.executable, "-m", "trainer", "--config", str(file)], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not list((tmp_path / "killed").glob("checkpoints/0000000[4-9]*/index.json")) and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = max(int(path.name) for path in (tmp_path / "killed" / "checkpoints").iterdir() if path.name[0] == "0")
    assert before >= 40
    require_same(straight, train(killed))
    assert [int(line["step"]) for line in log_of(tmp_path / "killed")] == list(range(1, 21))


@pytest.mark.parametrize(("key", "precision"), [("loss", "fp32"), ("gradient", "fp32"), ("loss", "fp16")])
def test_a_loss_that_is_no_number_stops_and_keeps_the_last_state(
    key: str, precision: Any, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = replace(PAPER, precision=precision)
    train(of(paper, pictures, tmp_path, stages=(Stage(32, 8, 1e-3, 4),)))
    original: Callable[..., dict[str, torch.Tensor]] = training_step.generator_losses

    def broken(config: LossConfig, output: torch.Tensor, *rest: Any, **more: Any) -> dict[str, torch.Tensor]:
        if key == "loss":
            return {"l1": output.sum() * float("nan")}
        output.register_hook(lambda gradient: gradient * float("nan"))
        return original(config, output, *rest, **more)

    monkeypatch.setattr(training_step, "generator_losses", broken)
    with pytest.raises(TrainingError, match="is not a number at step 3"):
        train(of(paper, pictures, tmp_path))
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["000000008"]
    resumed: list[int] = []
    train(of(paper, pictures, tmp_path), lambda progress: resumed.append(progress.step))
    assert resumed[0] == 3


def test_progress_is_told_and_logged_at_the_end_of_a_slice_too(pictures: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    stops = iter([False, False, True])
    train(of(VARIED, pictures, tmp_path), seen.append, lambda: next(stops))
    train(of(VARIED, pictures, tmp_path), seen.append)
    assert [(p.step, p.pictures, p.total) for p in seen] == [(3, 12, 64), (16, 64, 64)]
    assert [line["step"] for line in log_of(tmp_path)] == ["3", "16"]


def test_sample_sheets_do_not_change_what_is_learned(pictures: Path, tmp_path: Path) -> None:
    plain = train(of(VARIED, pictures, tmp_path / "plain"))
    shown = train(of(VARIED, pictures, tmp_path / "shown", sample_every=8))
    require_same(plain, shown)
    assert [path.name for path in sorted((tmp_path / "shown" / "samples").iterdir())] == [
        "00000008.png",
        "00000016.png",
    ]


def test_another_network_does_not_go_on_in_the_same_folder(pictures: Path, tmp_path: Path) -> None:
    train(of(VARIED, pictures, tmp_path, stages=(Stage(64, 4, 3e-3, 4),)))
    with pytest.raises(TrainingError, match=r"another network: its 'fusion_width' is 12, not 8"):
        train(of(VARIED, pictures, tmp_path, network=replace(TINY, fusion_width=8)))


def test_a_run_begins_with_the_weights_of_a_model(pictures: Path, tmp_path: Path) -> None:
    first = train(of(VARIED, pictures, tmp_path / "first", stages=(Stage(64, 8, 3e-3, 4),)))
    publishing.publish(first, VARIED, tmp_path / "first.safetensors", {"name": "first"})
    start = str(tmp_path / "first.safetensors")
    still = replace(VARIED, start=start, network=replace(VARIED.network, temperature=9.0), ema_decay=0.0)
    second = train(of(still, pictures, tmp_path / "second", stages=(Stage(64, 4, 1e-12, 4),)))
    for (name, value), begun in zip(
        second.model.named_parameters(), model_loading.build(Path(start))[1].parameters(), strict=True
    ):
        torch.testing.assert_close(value, begun, atol=1e-6, rtol=1e-6, msg=name)
    with pytest.raises(TrainingError, match="is of another network"):
        train(of(PAPER, pictures, tmp_path / "third", start=start))


def test_a_damaged_checkpoint_is_explained(pictures: Path, tmp_path: Path) -> None:
    train(of(VARIED, pictures, tmp_path, stages=(Stage(64, 4, 3e-3, 4),)))
    file = next((tmp_path / "checkpoints").glob("*/state-*.safetensors"))
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(TrainingError, match="is damaged"):
        train(of(VARIED, pictures, tmp_path))


def test_one_picture_is_enough_and_none_is_not(tmp_path: Path) -> None:
    write_drawings(tmp_path / "one", ["only.png"])
    state = train(of(PAPER, tmp_path / "one", tmp_path / "run", stages=(Stage(32, epochs=8.0, batch=4),)))
    assert state.pictures == 8
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrainingError, match="no pictures"):
        train(of(PAPER, tmp_path / "empty", tmp_path / "run2"))
    (tmp_path / "empty" / "bad.png").write_bytes(b"?")
    with pytest.raises(TrainingError, match="None of the pictures"):
        train(of(PAPER, tmp_path / "empty", tmp_path / "run2"))
    assert not (tmp_path / "run2").exists()


def test_a_full_disk_keeps_the_last_good_checkpoint(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(of(VARIED, pictures, tmp_path, stages=(Stage(64, 4, 3e-3, 4),)))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(run_state, "save_file", full)
    with pytest.raises(TrainingError, match=r"No space left.*earlier ones are kept"):
        train(of(VARIED, pictures, tmp_path))
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["000000004"]


def test_learning_rate_rises_then_falls_through_the_stages_to_zero_or_stays() -> None:
    rates = [learning_rate(VARIED, pictures) for pictures in range(0, VARIED.pictures + 4, 4)]
    assert rates[0] < rates[1] > rates[5] > rates[-1] == 0.0
    assert rates[10] == pytest.approx(2e-3)  # where the second stage begins
    constant = replace(VARIED, optimizer=OptimizerConfig())
    assert [learning_rate(constant, pictures) for pictures in (0, 39, 40, 63, 64)] == [3e-3, 3e-3, 2e-3, 2e-3, 2e-3]


def test_epochs_are_counted_in_whole_batches() -> None:
    counted = TrainConfig.paper().counted(1000)
    assert counted.stages[0].pictures == 40 * 1000
    assert TrainConfig.paper().counted(3).stages[0].pictures == 128
    assert replace(PAPER, stages=(Stage(32, 41, 1e-3, 4),)).counted(5).pictures == 44


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_half_precision_learns_too(precision: Any, pictures: Path, tmp_path: Path) -> None:
    seen: list[TrainProgress] = []
    train(of(PAPER, pictures, tmp_path, precision=precision), seen.append)
    assert seen[-1].losses["l1"] < seen[0].losses["l1"]

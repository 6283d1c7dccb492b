"""`nurie train` and `python -m trainer`: one command line behind two doors, from the options to a trained model."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import torch

from app.cli import main as cli
from engine import checkpoint
from engine.architectures.sga_generator import SGAConfig
from engine.errors import TrainingError
from tests.drawings import write_drawings
from trainer import __main__ as door
from trainer import command, config_file, feasibility, recipes, training_loop
from trainer.config import Stage, TrainConfig
from trainer.progress import TrainProgress

ROOT = Path(__file__).resolve().parents[4]
SETTINGS = """
output = "run"
device = "cpu"
precision = "fp32"
log_every = 1
[data]
folders = ["pictures"]
workers = 0
[network]
widths = [2, 3, 4]
convolutions = [2, 2, 2]
reference_convolutions = [2, 2, 2]
token_level = 2
[losses]
perceptual = 0.0
style = 0.0
adversarial = 0.0
[[stages]]
size = 32
epochs = 4
batch = 4
"""


@dataclass
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line of an error, checked to be one."""
        assert (self.code, self.out, self.err.count("\n")) == (2, "", 1), self
        return self.err.removeprefix("nurie: error: ")


@pytest.fixture(params=["nurie train", "python -m trainer"])
def train(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Run the command in this process, through either door."""

    def run(*arguments: object) -> Run:
        words = [str(argument) for argument in arguments]
        try:
            code = cli.main(["train", *words]) if request.param == "nurie train" else door.main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capfd.readouterr()
        return Run(code, said.out, said.err)

    return run


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A file of settings of a tiny run of sixteen pictures, four steps, with its four drawings."""
    write_drawings(tmp_path / "pictures", ["a.png", "b.png", "c.png", "d.png"])
    (tmp_path / "pictures" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "run.toml").write_text(SETTINGS, "utf-8")
    return tmp_path / "run.toml"


def configured(*words: object) -> TrainConfig:
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    return command.configured(parser.parse_args([str(word) for word in words]))


def test_a_run_in_slices_ends_with_a_model_and_a_result(train: Callable[..., Run], settings: Path) -> None:
    folder = settings.parent / "run"
    first = train("--config", settings, "--minutes", "1e-6")
    assert (first.code, first.out) == (0, "stopped after 4 of 16 pictures; run the same command again to go on\n")
    second = train("--config", settings, "--json")
    assert second.code == 0
    lines = [line for line in second.err.splitlines() if " at 32 px" in line]
    assert [line.split()[0] for line in lines] == ["8/16", "12/16", "16/16"]
    result = json.loads(second.out)
    assert result.pop("seconds") > 0.0
    losses = result.pop("losses")
    assert losses["total"] == pytest.approx(losses["l1"])
    assert result == {
        "output": str(folder), "pictures": 16, "total": 16, "finished": True, "skipped": 1, "perceptual_network": None,
    }  # fmt: skip
    third = train("--config", settings)
    assert (third.code, third.out) == (0, f"trained on 16 of 16 pictures, in {folder}\n")
    assert checkpoint.read_info(folder / "model.safetensors").provenance["pictures"] == 16


def test_ctrl_c_saves_and_says_how_to_go_on(
    train: Callable[..., Run], settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(progress: TrainProgress) -> str:
        if progress.step == 1:
            signal.raise_signal(signal.SIGINT)
        return "line"

    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(command, "progress_line", pressed)
    about = settings.parent / "about.json"
    about.write_text('{"name": "mine"}', "utf-8")
    model = settings.parent / "mine.safetensors"
    stopped = train("--config", settings, "--json", "--publish", model, "--about", about)
    # The signal came when the first step had been told, so the second one was finished and saved.
    assert stopped.code == 130
    assert json.loads(stopped.out)["pictures"] == 8
    assert "stopped after 8 of 16 pictures" in stopped.err and "run the same command again" in stopped.err
    assert [path.name for path in (settings.parent / "run" / "checkpoints").iterdir()] == ["000000008"]
    assert not model.exists()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_a_model_is_published_with_its_description(train: Callable[..., Run], settings: Path) -> None:
    model, about = settings.parent / "mine.safetensors", settings.parent / "about.json"
    words = ("--config", settings, "--stages", "32:8", "--publish", model)
    plain = train(*words)  # without a description it is named after its file, and what it lacks is said
    assert plain.code == 0 and plain.err.count("will not say its licence") == 1
    assert (checkpoint.read_info(model).name, checkpoint.read_info(model).licence) == ("mine", "")
    about.write_text("{}", "utf-8")
    assert "needs at least a name" in train(*words, "--about", about).error
    about.write_text(json.dumps({"name": "mine", "licence": "CC0"}), "utf-8")
    assert "no folder" in train(*words[:-1], settings.parent / "none" / "m.safetensors", "--about", about).error
    done = train(*words, "--about", about)
    assert done.code == 0 and f"wrote {model} after 8 of 8 pictures" in done.err
    info = checkpoint.read_info(model)
    assert (info.name, info.licence, info.provenance["pictures"]) == ("mine", "CC0", 8)


def test_only_the_first_of_several_processes_speaks(
    train: Callable[..., Run], settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    (settings.parent / "pictures" / "broken.png").unlink()
    assert train("--config", settings, "--json") == Run(0, "", "")


def test_options_go_before_the_file_and_the_file_before_the_preset(settings: Path) -> None:
    pictures = settings.parent / "pictures"
    plain = configured("--config", settings)
    assert plain == config_file.read(settings)
    words = ("--data", f"{pictures}=2.5", "--data", settings.parent, "--output", "there", "--device", "auto")
    more = ("--precision", "bf16", "--workers", 3, "--shard-size", "15MiB", "--seed", 9, "--stages", "64:8:1e-3,32:16")
    changed = configured("--config", settings, *words, *more)
    assert changed == replace(
        plain,
        data=replace(plain.data, folders=(str(pictures), str(settings.parent)), shares=(2.5, 1.0), workers=3),
        output=str(Path("there").absolute()),
        device="auto", precision="bf16", shard_size=15 * 2**20, seed=9,
        stages=(Stage(64, 8, 1e-3, 4), Stage(32, 16, plain.stages[0].learning_rate, 4)),
    )  # fmt: skip
    assert configured("--config", settings, "--epochs", 1.5).stages == (replace(plain.stages[0], epochs=1.5),)
    compact = configured("--config", settings, "--preset", "compact")
    assert compact.optimizer == TrainConfig.compact().optimizer
    assert compact.network.widths == (2, 3, 4)


def test_without_a_file_the_preset_and_the_options_are_all(tmp_path: Path) -> None:
    words = ("--data", tmp_path, "--output", tmp_path / "run")
    for preset, start in (("paper", TrainConfig.paper()), ("compact", TrainConfig.compact())):
        expected = replace(
            start, data=replace(start.data, folders=(str(tmp_path),), shares=(1.0,)), output=str(tmp_path / "run")
        )
        assert configured(*words, "--preset", preset) == expected
    assert configured(*words) == configured(*words, "--preset", "paper")
    stages = configured(*words, "--preset", "compact", "--stages", "128:80,256:54:2e-4").stages
    assert stages == (Stage(128, 80, 4e-4), Stage(256, 54, 2e-4))
    with pytest.raises(TrainingError, match="use --stages"):
        configured(*words, "--preset", "compact", "--epochs", 3)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--data"),
        (["--data", "."], "--output"),
        (["--data", "none", "--output", "run"], "none"),
        (["--config", "none.toml"], "none.toml"),
        (["--config", ""], "empty"),
        (["--data", ".=0", "--output", "run"], "above 0"),
        (["--data", ".", "--output", "run", "--preset", "huge"], "compact"),
        (["--data", ".", "--output", "run", "--minutes", "nan"], "above 0"),
        (["--data", ".", "--output", "run", "--epochs", "0"], "above 0"),
        (["--data", ".", "--output", "run", "--seed", "-1"], "from 0 up"),
        (["--data", ".", "--output", "run", "--stages", "128"], "SIZE:PICTURES"),
        (["--data", ".", "--output", "run", "--stages", "128:x"], "SIZE:PICTURES"),
        (["--data", ".", "--output", "run", "--stages", "128:0"], "pictures"),
        (["--data", ".", "--output", "run", "--stages", "100:16"], "multiple of 16"),
        (["--data", ".", "--output", "run", "--stages", "128:8", "--epochs", "2"], "not allowed with"),
        (["--data", ".", "--output", "run", "--shard-size", "big"], "15MiB"),
        (["--data", ".", "--output", "run", "--out", "x"], "--out"),
    ],
)
def test_a_mistake_is_one_line(
    train: Callable[..., Run], words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in train(*words).error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), "smaller batch"),
        (MemoryError(), "smaller batch"),
        (RuntimeError("DataLoader worker (pid 7) is killed by signal: Killed."), "fewer --workers"),
        (
            TrainingError("Caught TrainingError in DataLoader worker process 0.\nOriginal Traceback (most recent "
                "call last):\n  File x\nengine.errors.TrainingError: None of the pictures can be read any more: see."),
            "None of the pictures can be read any more: see.\n",
        ),
        (OSError(28, "No space left on device", "log"), "No space left on device"),
    ],
)  # fmt: skip
def test_what_goes_wrong_in_training_is_one_line(
    train: Callable[..., Run], error: Exception, said: str, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr(training_loop, "train", broken)
    line = train("--config", settings).error
    assert said in line and "Traceback" not in line


def test_help_imports_nothing_heavy_and_is_the_same_behind_both_doors() -> None:
    code = (
        "import sys\nfrom app.cli import main as cli\nfrom trainer.__main__ import main\n"
        "cli.main(['train', '--help'])\n"
        "print('@')\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'numpy', 'PySide6', 'cv2', 'PIL', 'scipy'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    environment = os.environ | {"COLUMNS": "200"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )
    assert (run.returncode, run.stderr) == (0, "")
    one, other = run.stdout.split("@\n")
    assert "--shard-size" in one
    assert one.partition("options:")[2].strip() == other.partition("options:")[2].strip()


def test_choices_are_those_of_the_settings() -> None:
    assert tuple(recipes.find("sga").presets) == recipes.presets()[:2]
    assert get_args(get_type_hints(TrainConfig)["precision"]) == command.PRECISIONS


def test_a_network_that_cannot_be_is_told_before_training() -> None:
    network = SGAConfig(widths=(2, 3), convolutions=(2, 2), reference_convolutions=(2, 2), token_level=1)
    good = TrainConfig(network=network, stages=(Stage(32, 8),))
    before = torch.get_rng_state()
    feasibility.require_feasible(good)
    assert torch.equal(torch.get_rng_state(), before)
    bad: list[dict[str, Any]] = [
        {"widths": ()}, {"widths": (-1, 2)}, {"token_level": 7}, {"stem_stride": 0}, {"convolutions": (2,)},
        {"widths": (10**30, 2)}, {"fusion_width": -3},
    ]  # fmt: skip
    for changes in bad:
        try:
            changed = replace(network, **changes)
        except ValueError as error:  # out of a range that the settings know themselves
            assert str(error)
            continue
        with pytest.raises(TrainingError, match=r"\[network\] build no network"):
            feasibility.require_feasible(replace(good, network=changed))
    with pytest.raises(TrainingError, match="multiple of 2"):
        feasibility.require_feasible(replace(good, stages=(Stage(31, 8),)))


def test_a_second_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def run(options: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", run)
    assert door.main([]) == 130
    assert capfd.readouterr().err == "nurie: stopped\n"

"""The tables: which rows there are, that they are trained and measured once, and what comes out."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest

from app.cli import main as cli
from engine.architectures.sga_generator import SGAConfig
from engine.errors import TrainingError
from tests.drawings import write_drawings
from trainer import evaluation
from trainer.experiments import report, runner, scoring, settings, tables
from trainer.experiments.runner import Hooks, RowResult, run_rows
from trainer.experiments.settings import ExperimentConfig, prepare, row_key
from trainer.experiments.tables import TABLES, choose_rows, label_of, network

SGA = TABLES["table1"].rows[-1]
NAMES = [f"{number}.png" for number in range(6)]
TINY = ["--size", "32", "--levels", "2", "--pictures", "8", "--batch", "4", "--limit", "2", "--workers", "0"]
TINY += ["--device", "cpu", "--precision", "fp32", "--perceptual-network", "seeded"]


@pytest.fixture
def config(tmp_path: Path) -> ExperimentConfig:
    write_drawings(tmp_path / "data", NAMES)
    write_drawings(tmp_path / "test", ["a.png", "characters/one/1.png", "characters/one/2.png"])
    return ExperimentConfig(
        data=(tmp_path / "data",),
        output=tmp_path / "out",
        test=tmp_path / "test",
        size=32,
        batch=4,
        pictures=8,
        levels=2,
        limit=1,
        device="cpu",
        precision="fp32",
        workers=0,
        perceptual_network="seeded",
    )


def rows_of(config: ExperimentConfig, hooks: Hooks | None = None, rows: Any = (SGA,)) -> list[RowResult]:
    setup = prepare(config)
    return run_rows(rows, config, setup, scoring.make_plans(config, setup), hooks or Hooks()).results


def forbid(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError(f"{name} must not run again")

    monkeypatch.setattr(where, name, forbidden)


def stop_after(calls: int) -> Callable[[], bool]:
    asked = iter(range(1000))
    return lambda: next(asked) >= calls


def test_every_row_differs_within_its_table_and_has_a_name_of_its_own() -> None:
    for table in TABLES.values():
        networks = [network(row.changes, 5) for row in table.rows]
        assert len(set(networks)) == len({row.name for row in table.rows}) == len(table.rows)
        assert SGAConfig.paper() in networks
        assert all(label_of(network(row.changes, 3)) for row in table.rows)
    assert label_of(SGAConfig.compact()) is None


def test_fewer_levels_leave_out_the_coarsest_ones() -> None:
    small = network({}, 3)
    assert (small.widths, small.token_level, small.stride) == ((16, 32, 64), 2, 4)
    with pytest.raises(TrainingError, match="2 to 5 levels"):
        network({}, 6)


def test_a_subset_of_rows_keeps_the_order_of_the_table() -> None:
    assert [row.name for row in choose_rows(TABLES["table1"], ["sga", "spade"])] == ["spade", "sga"]
    with pytest.raises(TrainingError, match="has no row 'none'"):
        choose_rows(TABLES["table1"], ["none"])


def test_the_key_depends_on_what_determines_the_weights_alone(config: ExperimentConfig) -> None:
    training = prepare(config).training

    def key(config: ExperimentConfig, changes: Any = SGA.changes) -> str:
        return row_key(config.train_config(changes, Path("anywhere")), training)

    same = key(config)
    assert key(replace(config, workers=3, limit=9, output=Path("elsewhere"))) == same
    assert key(config, TABLES["table2"].rows[-1].changes) == key(config, TABLES["table3"].rows[-1].changes) == same
    others = [replace(config, seed=2), replace(config, pictures=12), replace(config, batch=2)]
    assert len({same, *map(key, others), key(config, {"keys": "line"})}) == 5
    assert row_key(config.train_config(SGA.changes, Path()), training[1:]) != same


def test_test_drawings_must_not_be_trained_on(config: ExperimentConfig) -> None:
    with pytest.raises(TrainingError, match="3 of the 3 test drawings are trained on as well"):
        prepare(replace(config, data=(*config.data, config.test or Path())))


def test_without_a_test_folder_drawings_are_held_out(config: ExperimentConfig) -> None:
    setup = prepare(replace(config, test=None, held_out=0.5))
    assert len(setup.training) + len(setup.test) == len(NAMES)
    assert not {source.color for source in setup.training} & {drawing.path for drawing in setup.test}


def test_a_table_is_made_once_and_shares_its_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_drawings(tmp_path / "data", NAMES)
    write_drawings(tmp_path / "test", NAMES[:3])
    out = tmp_path / "out"
    common = ["--data", str(tmp_path / "data"), "--test", str(tmp_path / "test"), "--output", str(out), *TINY]
    assert cli.main(["experiment", "table1", *common, "--rows", "sga,scft"]) == 0
    assert "SGA" in capsys.readouterr().out
    lines = list(csv.DictReader((out / "table1.csv").open(encoding="utf-8")))
    assert [(line["row"], line["pictures"], line["paper_fid_anime"]) for line in lines] == [
        ("scft", "8", "44.65"),
        ("sga", "8", "29.65"),
    ]
    for line in lines:
        assert 0.0 <= float(line["warp_accuracy"]) <= 1.0
        assert -1.0 <= float(line["warp_ssim"]) <= 1.0
    text = (out / "table1.md").read_text(encoding="utf-8")
    assert "seeded-20220713" in text and "--levels 2" in text and "27.21 %" in text
    assert "its table 2" in text and "dog 79.08 and 0.683" in text
    for name in ("table1.png", "table1_sheet.png"):
        picture = cv2.imread(str(out / name))
        assert picture is not None and picture.std() > 10.0
    forbid(monkeypatch, runner, "train")
    forbid(monkeypatch, evaluation, "evaluate")
    assert cli.main(["experiment", "table3", *common, "--rows", "full", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["finished"] and [row["row"] for row in value["rows"]] == ["full"]
    assert (out / "table3.png").is_file()


def test_a_stopped_row_goes_on(config: ExperimentConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    assert rows_of(config, Hooks(say=said.append, should_stop=stop_after(1))) == []
    assert said[0].startswith("SGA: stopped, 4 pictures")
    seen: list[int] = []
    original = runner.train

    def counting(config: Any, on_progress: Any, should_stop: Any) -> Any:
        def asked() -> bool:
            seen.append(1)
            return should_stop()

        return original(config, on_progress, asked)

    monkeypatch.setattr(runner, "train", counting)
    (result,) = rows_of(config)
    assert len(seen) == 1  # the other step was taken before
    assert result.training["pictures"] == 8
    assert set(result.protocols) == {"warp", "shuffled", "cross-pose"}


def test_a_stopped_evaluation_keeps_the_protocols_it_finished(config: ExperimentConfig) -> None:
    trained = stop_after(4)  # asked once before training, in two steps, and after one drawing by warp
    assert rows_of(config, Hooks(should_stop=trained)) == []
    (folder,) = (config.output / "runs").iterdir()
    assert set(scoring.read_result(folder)["protocols"]) == {"warp"}
    assert set(rows_of(config)[0].protocols) == {"warp", "shuffled", "cross-pose"}


def test_a_row_that_cannot_be_trained_leaves_the_others(
    config: ExperimentConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = runner.train

    def failing(training: Any, *more: Any) -> Any:
        if training.network.fusion == "scft":
            raise TrainingError("The loss is not a number: choose a lower learning rate in some/folder.")
        return original(training, *more)

    monkeypatch.setattr(runner, "train", failing)
    setup = prepare(config)
    rows = choose_rows(TABLES["table1"], ["scft", "sga"])
    outcome = run_rows(rows, config, setup, scoring.make_plans(config, setup), Hooks())
    assert [result.row.name for result in outcome.results] == ["sga"]
    assert [row.name for row, _ in outcome.failed] == ["scft"] and outcome.unfinished(rows) == []
    table = report.Report(TABLES["table1"], outcome.results, [], outcome.failed, config, setup, "")
    assert "- Cannot be trained: SCFT. The loss is not a number.\n" in report.as_markdown(table)


def test_other_settings_are_evaluated_anew_without_training(
    config: ExperimentConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows_of(config)[0].protocols["warp"]["n"] == 1
    forbid(monkeypatch, runner, "train")
    assert rows_of(replace(config, limit=2))[0].protocols["warp"]["n"] == 2


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("perceptual_network", "vgg19-imagenet", "perceptual network 'vgg19-imagenet'"),
        ("device", "cuda", "device 'cuda'"),
        ("precision", "bf16", "precision 'bf16'"),
    ],
)
def test_a_row_trained_in_another_way_is_refused(config: ExperimentConfig, key: str, value: str, named: str) -> None:
    assert rows_of(config, Hooks(should_stop=stop_after(1))) == []
    (about,) = config.output.glob("runs/*/run/run.json")
    about.write_text(json.dumps({**json.loads(about.read_text()), key: value}))
    with pytest.raises(TrainingError, match=f"was trained with the {named}"):
        rows_of(config)


def test_rows_of_two_perceptual_networks_make_no_table(config: ExperimentConfig) -> None:
    (result,) = rows_of(config)
    other = replace(result, training={**result.training, "perceptual_network": "vgg19-imagenet"})
    table = report.Report(TABLES["table1"], [result, other], [], [], config, prepare(config), "")
    with pytest.raises(TrainingError, match="different perceptual networks"):
        report.write(table)


def test_a_damaged_result_is_explained(config: ExperimentConfig) -> None:
    rows_of(config)
    (path,) = config.output.glob("runs/*/result.json")
    path.write_text("{")
    with pytest.raises(TrainingError, match="remove it, and the row is evaluated again"):
        rows_of(config)


def test_a_single_drawing_is_too_few_to_evaluate_on(config: ExperimentConfig, tmp_path: Path) -> None:
    write_drawings(tmp_path / "one", ["a.png"])
    with pytest.raises(TrainingError, match="6 drawings to train on and 1 to evaluate on"):
        prepare(replace(config, test=tmp_path / "one"))


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        (["--pictures", "4", "--levels", "7"], "2 to 5 levels"),
        (["--pictures", "4", "--size", "100"], "multiple of 16"),
        (["--pictures", "4", "--rows", "none"], "no row 'none'"),
        ([], "--epochs --pictures"),
        (["--epochs", "0"], "above 0"),
        (["--pictures", "4", "--test", "nowhere"], "is not there"),
    ],
)
def test_mistakes_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str], told: str
) -> None:
    write_drawings(tmp_path / "data", NAMES)
    given = ["experiment", "table1", "--data", str(tmp_path / "data"), "--output", str(tmp_path / "out"), *extra]
    assert cli.main(given) == 2
    error = capsys.readouterr().err
    assert told in error and error.startswith("nurie: error: ") and error.count("\n") == 1


def test_standard_error_is_that_of_the_numbers() -> None:
    assert scoring.standard_error([1.0, 3.0, float("nan")]) == pytest.approx(1.0)
    assert str(scoring.standard_error([1.0, float("nan")])) == "nan"


def test_the_smallest_working_size_is_that_of_the_colorizer() -> None:
    from engine.options import WORKING_SIZE_MIN

    assert settings.SMALLEST_WORKING_SIZE == WORKING_SIZE_MIN
    assert len(SGAConfig.paper().widths) == tables.LEVELS[1]

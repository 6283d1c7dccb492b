"""The table of targets: every protocol measured, raw and with flats, and what is missed."""

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from app.cli import main as cli
from engine import checkpoint
from engine.architectures.sga_generator import SGAGenerator
from engine.checkpoint import CheckpointInfo
from engine.typed_values import telling
from tests.drawings import write_drawings
from tests.unit.engine.architectures.test_sga_generator import TINY
from trainer import targets
from trainer.targets import TARGETS, Measured

ALWAYS = {target.name for target in TARGETS} - {"sure"}  # where nothing is nine tenths sure, nothing is said of it


@pytest.fixture
def model(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    path = tmp_path / "tiny.safetensors"
    checkpoint.save(path, SGAGenerator(TINY).state_dict(), CheckpointInfo("sga", telling(TINY), "Tiny"))
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_drawings(tmp_path / "data", [f"characters/{who}/{n}.png" for who in ("ann", "bob") for n in range(4)])
    return tmp_path / "data"


@pytest.fixture
def evaluate(data: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*more: str) -> tuple[int, str, str]:
        given = ["evaluate", "--data", str(data), "--model", str(model), "--size", "64", "--device", "cpu"]
        code = cli.main([*given, *more])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_one_command_measures_everything(evaluate: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    code, out, _ = evaluate(
        "--protocol",
        "all",
        "--limit",
        "2",
        "--json",
        "--table",
        str(tmp_path / "t.csv"),
        "--group",
        "ann=a*:0.9",
        "--group",
        "none=z*",
    )
    assert code == 0
    value = json.loads(out)
    assert value["drawings"] == {"cross-pose": 2, "shuffled": 2, "warp": 2, "three": 2}
    rows = {row["name"]: row for row in value["rows"]}
    assert list(rows) == [*(target.name for target in TARGETS), "group ann", "group none"]
    assert all(row["raw"] is not None or row["flats"] is not None for row in rows.values() if row["name"] in ALWAYS)
    assert rows["group ann"]["flats_target"] == 0.9 and rows["group ann"]["flats"] is not None
    assert rows["group none"]["raw"] is None and rows["group none"]["flats_met"] is None
    assert 0.0 < rows["seconds_match"]["flats"] < 60.0 and rows["seconds_reference"]["flats"] >= 0.0
    assert rows["megabytes"]["raw_met"] and rows["seconds_fp32"]["raw"] > 0.0
    assert rows["megabytes"]["flats"] is None and rows["accuracy"]["flats_target"] == 0.87
    both = value["three_references"]["flats"]
    assert rows["three"]["flats"] == pytest.approx(both["all"] - both["best"], abs=1e-4)
    lines = list(csv.DictReader((tmp_path / "t.csv").open(encoding="utf-8")))
    assert [line["name"] for line in lines] == list(rows)
    assert float(lines[0]["raw"]) == rows["accuracy"]["raw"]


def test_a_missed_target_is_marked() -> None:
    raw = {target.name: math.nan for target in TARGETS} | {"accuracy": 0.79, "difference": 5.0, "tinted": 0.006}
    measured = Measured(raw, {**raw, "accuracy": 0.87, "sure": 0.97}, {}, {}, {"people": (0.5, 0.98, 0.97)})
    lines = {line["name"]: line for line in targets.rows(measured)}
    assert (lines["accuracy"]["raw_met"], lines["accuracy"]["flats_met"]) == (False, True)
    assert (lines["difference"]["raw_met"], lines["difference"]["flats_met"]) == (True, None)
    assert lines["tinted"]["raw_met"] is False and lines["palette"]["raw"] is None
    assert lines["sure"]["flats_met"] is False and lines["group people"]["flats_met"] is True
    text = targets.as_text(measured)
    assert "0.790!" in text[1] and "0.870 " in text[1] and text[-1] == "! missed"
    table = targets.as_markdown(measured)
    assert any("0.790" in line and "≥ 0.8, ≥ 0.87 with flats" in line for line in table)
    assert any("0.970" in line and "≥ 0.85, ≤ 0.95" in line for line in table)


def test_three_references_are_held_against_the_best_single_one_of_the_character() -> None:
    # With all three, then with each: the second is best for one character, the third for the other.
    one = [[0.9, 0.1, 0.8, 0.2], [0.5, 0.3, 0.6, 0.4]]
    other = [[0.2, 0.0, 0.0, 0.4]]
    found = targets._best_and_all([one, other])
    assert found == pytest.approx({"all": 1.6 / 3, "best": (0.8 + 0.6 + 0.4) / 3})
    assert math.isnan(targets._best_and_all([])["all"])


def test_mistakes_are_one_sentence(evaluate: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    for more, told in (
        (("--protocol", "all", "--table", str(tmp_path / "t.txt")), "must end in .md, .csv or .json"),
        (("--table", str(tmp_path / "t.md")), "goes with --protocol all"),
    ):
        code, _, error = evaluate(*more)
        assert code == 2 and told in error and error.count("\n") == 1


def test_a_sheet_names_whom_to_thank(data: Path, model: Path, tmp_path: Path) -> None:
    (data / "MANIFEST.csv").write_text(
        "file,source_key,licence\n" + "".join(f"characters/ann/{n}.png,ann,CC BY 4.0\n" for n in range(4))
    )
    (data / "LICENSES.md").write_text("# Sources\n\n| key | attribution text |\n|---|---|\n| ann | Ann by Ä. Nyone |\n")
    given = ["experiment", "sheet", "--data", str(tmp_path / "train"), "--test", str(data), "--size", "64"]
    write_drawings(tmp_path / "train", ["a.png"])
    given += ["--model", str(model), "--output", str(tmp_path / "out"), "--device", "cpu", "--precision", "fp32"]
    assert cli.main(given) == 0
    note = (tmp_path / "out" / "contact_sheet.md").read_text(encoding="utf-8")
    assert note.startswith("# 6 colorings") and "- Ann by Ä. Nyone\n" in note
    assert note.count("| CC BY 4.0 |") == 3 and note.count("not known: ask") == 3
    picture = np.asarray(Image.open(tmp_path / "out" / "contact_sheet.webp"))
    assert picture.shape[1] > 3 * 4 * 200 and picture.std() > 10.0

"""`nurie models assemble` from the files to a colored drawing, with every way to a network shut."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.cli.main import main
from engine import assembling
from engine.assembling import Chosen
from tests import stable_toys as toys
from tests.drawings import draw
from tests.unit.engine.diffusion.test_offline import BLOCKED

COMMAND = """
from app.cli.main import main
from engine import assembling
from tests import stable_toys
assembling.SIZES = stable_toys.SIZES
code = main(sys.argv[1:])
assert "transformers" not in sys.modules and "peft" not in sys.modules
sys.exit(code)
"""


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chosen:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(assembling, "SIZES", toys.SIZES)
    return toys.files(tmp_path / "files")


def words(chosen: Chosen, name: str = "Mine") -> list[str]:
    named = [word for role, path in chosen._asdict().items() if path is not None for word in (f"--{role}", str(path))]
    return ["models", "assemble", "--name", name, *named]


def test_from_files_to_a_drawing_without_a_network(chosen: Chosen, tmp_path: Path) -> None:
    def nurie(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", BLOCKED + COMMAND, *arguments],
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "assembled 'Mine'" in nurie(*words(chosen))
    Image.fromarray(draw(1)).convert("L").save(tmp_path / "lines.png")
    Image.fromarray(draw(2)).save(tmp_path / "reference.png")
    colors = ["--reference", str(tmp_path / "reference.png"), "--model", "Mine", "--steps", "2", "--seed", "3"]
    line, outputs = str(tmp_path / "lines.png"), [str(tmp_path / f"{number}.png") for number in range(2)]
    said = json.loads(nurie("colorize", line, *colors, "--output", outputs[0], "--json"))
    assert said["model"]["name"] == "Mine" and said["options"]["seed"] == 3
    assert main(["colorize", line, *colors, "--output", outputs[1]]) == 0
    first, second = map(Image.open, outputs)
    assert first.tobytes() == second.tobytes() and first.size == (70, 90)


def test_it_is_listed_told_and_deleted(chosen: Chosen, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*words(chosen), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["assembled"] == "Mine" and told["files"] == {role: str(one) for role, one in chosen._asdict().items()}
    assert main(["models", "--json"]) == 0
    (mine,) = [one for one in json.loads(capsys.readouterr().out)["models"] if one["name"] == "Mine"]
    assert (mine["kind"], mine["architecture"], mine["damaged"]) == ("assembled", "stable", False)
    chosen.base.rename(chosen.base.with_name("elsewhere"))
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert "cannot be used: This model paints with the file" in listed and "not there any more" in listed
    pictures = [str(tmp_path / "lines.png"), "--reference", str(tmp_path / "lines.png")]
    Image.fromarray(draw(1)).save(pictures[0])
    assert main(["colorize", *pictures, "--model", "Mine", "--output", str(tmp_path / "out.png")]) == 2
    error = capsys.readouterr().err
    assert "not there any more: put it back" in error and error.count("\n") == 1
    assert not (tmp_path / "out.png").exists()
    assert main(["models", "--delete", "Mine"]) == 0
    assert chosen.lines is not None and chosen.lines.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["models", "assemble"], "give it a name and a base"),
        (["models", "assemble", "--name", "x"], "give it a name and a base"),
        (["models", "--base", "x"], "need the word assemble"),
        (["models", "--prediction", "v"], "need the word assemble"),
        (["models", "assemble", "--name", "x", "--base", "y", "--delete", "z"], "goes alone"),
        (["models", "assemble", "--name", "x", "--base", "not there"], "There is no model file"),
        (["models", "disassemble"], "invalid choice"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        assert main(arguments) == 2
    except SystemExit as end:
        assert end.code == 2
    error = capsys.readouterr().err
    assert sentence in error and error.count("\n") == 1


def test_without_some_files_it_says_what_is_missing(chosen: Chosen, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words(chosen._replace(lines=None, eyes=None, reference=None))) == 0
    said = capsys.readouterr().out
    assert "without looking at the references" in said and "Without a ControlNet it may leave the lines" in said
    assert "GB of memory" in said


@pytest.mark.parametrize("role", Chosen._fields[1:])  # a toy of the first is not whole
def test_each_file_is_told_with_the_option_that_takes_it(
    chosen: Chosen, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "--tell", str(getattr(chosen, role))]) == 0
    assert f"models assemble --{role} …" in capsys.readouterr().out

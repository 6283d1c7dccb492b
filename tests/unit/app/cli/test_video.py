"""`nurie video` on good input and bad."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from app.cli import video
from engine.export.formats import read_layers
from tests.unit.app.cli.conftest import Run
from tests.unit.engine.video.scenes import COLORS, Painter, colors_in, key, walking, write_frames

Nurie = Callable[..., Run]


@pytest.fixture
def scene(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three frames in `in`, and key.png, the first of them in color."""
    write_frames(tmp_path / "in", [walking(step) for step in (0, 2, 4)])
    Image.fromarray(key(0).reference.pixels).save(tmp_path / "key.png")
    monkeypatch.setattr("engine.model_loading.load_colorizer", lambda path, device="auto": Painter())
    return tmp_path


def test_a_scene_is_colored_and_told(nurie: Nurie, scene: Path) -> None:
    told = nurie(
        "video", scene / "in", "--reference", f"{scene / 'key.png'}@0", "--output", scene / "out", "--json",
        "--report", scene / "told.json",
    ).json  # fmt: skip
    assert (told["frames"], told["colored"], told["shots"]) == (3, 3, [0])
    assert json.loads((scene / "told.json").read_text())["palette"] == told["palette"]
    assert colors_in(scene / "out/shot_2.png", 4) == COLORS


def test_corrections_come_from_a_file_and_layers_go_out(nurie: Nurie, scene: Path) -> None:
    hint = {"x": 34, "y": 40, "color": [20, 160, 60]}
    (scene / "c.json").write_text(json.dumps({"1": {"hints": [hint]}}))
    run = nurie(
        "video", scene / "in", "--reference", scene / "key.png", "--output", scene / "out", "--format", "ora",
        "--swatch-layers", "--corrections", scene / "c.json",
    )  # fmt: skip
    assert run.code == 0, run.err
    names = [layer.name for layer in read_layers(scene / "out/shot_0.ora").layers]
    assert names[0] == "Paper" and names[-1] == "Line" and "green" in names


def test_words_of_the_command_line() -> None:
    assert video.key("a/k.png@12") == (Path("a/k.png"), 12) and video.key("me@home.png") == (Path("me@home.png"), None)
    assert video.rate("24000/1001") == Fraction(24000, 1001) and video.cuts("48,12,48") == (12, 48)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["in", "--output", "out"], "no reference picture"),
        (["in", "--reference", "key.png", "--output", "in"], "is the input"),
        (["in", "--reference", "key.png", "--output", "out.avi"], "written as .mkv, .mov"),
        (["none", "--reference", "key.png", "--output", "out"], "no folder or video"),
        (["in", "--reference", "key.png@7", "--output", "out"], "no frame 7"),
        (["in", "--reference", "key.png", "--output", "out", "--palette", "off"], "keeps its colors by a palette"),
        (["in", "--reference", "key.png", "--output", "out", "--fps", "0"], "frames a second"),
        (["in", "--reference", "key.png", "--output", "out", "--cuts", "x"], "frames that begin a shot"),
        (["in", "--reference", "key.png", "--output", "none/out"], "no folder"),
        (["in", "--reference", "key.png", "--output", "out", "--corrections", "key.png"], "no JSON file"),
    ],
)
def test_a_mistake_is_one_sentence(
    nurie: Nurie, scene: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: str
) -> None:
    monkeypatch.chdir(scene)
    assert expected in nurie("video", *words).error
    assert not (scene / "out").exists() or not list((scene / "out").glob("*.png"))

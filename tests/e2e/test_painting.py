"""Painting in steps through the command line: modes, masks of figures, previews, and what is refused."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from app.cli.main import main
from tests import toy_engines
from tests.toy_engines import DIVIDED, STEPS, STYLE

RED, BLUE = (210, 30, 40), (40, 60, 200)
SIDE = 80

Colorize = Callable[..., int]


def save(path: Path, pixels: ArrayLike) -> Path:
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)
    return path


def disc(ground: int, color: int = 255) -> NDArray[np.uint8]:
    return np.asarray(cv2.circle(np.full((SIDE, SIDE), ground, np.uint8), (40, 40), 24, color, -1), np.uint8)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "in").mkdir()
    line = cv2.circle(np.full((SIDE, SIDE), 255, np.uint8), (40, 40), 24, 0, 2)
    save(tmp_path / "line.png", line)
    save(tmp_path / "in" / "line.png", line)
    save(tmp_path / "reference.png", np.where(disc(0)[..., None] > 0, RED, BLUE))
    with toy_engines.registered():
        for architecture in (STYLE, STEPS, DIVIDED):
            toy_engines.write_model(tmp_path / f"{architecture}.safetensors", architecture)
        yield tmp_path


@pytest.fixture
def colorize(place: Path) -> Colorize:
    def run(*more: object, model: str = DIVIDED) -> int:
        words = [
            "colorize", place / "line.png", "--reference", place / "reference.png", "--output", place / "out.png",
            "--model", place / f"{model}.safetensors", "--device", "cpu", "--flats", "off", "--palette", "off", *more,
        ]  # fmt: skip
        return main([str(one) for one in words])

    return run


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_figure_and_background_are_painted_apart_and_json_and_file_say_how(
    colorize: Colorize, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert colorize("--json", "--seed", "3", "--guidance", "2") == 0
    told = json.loads(capsys.readouterr().out)
    asked = {name: told["options"][name] for name in ("mode", "steps", "seed", "guidance", "strength")}
    assert asked == {"mode": "fig2fig", "steps": 4, "seed": 3, "guidance": 2.0, "strength": 1.0}
    assert "Fig2Fig" in told["notes"][0]
    out = pixels(place / "out.png").astype(int)
    assert np.abs(out[40, 40] - RED).max() < 40 and np.abs(out[4, 4] - BLUE).max() < 40
    with Image.open(place / "out.png") as image:
        image.load()
        assert json.loads(image.info["Settings"])["mode"] == "fig2fig"


def test_same_seed_and_settings_give_the_same_bytes(colorize: Colorize, place: Path) -> None:
    made = []
    for seed in (5, 5, 6):
        assert colorize("--seed", seed, "--mode", "vanilla") == 0
        made.append((place / "out.png").read_bytes())
    assert made[0] == made[1] != made[2]


def test_masks_say_where_the_figures_are(colorize: Colorize, place: Path) -> None:
    own = save(place / "mask.png", 255 - disc(0))
    assert colorize("--mode", "fig2fig", "--figure", own, "--reference-figure", save(place / "r.png", disc(0))) == 0
    out = pixels(place / "out.png").astype(int)
    assert np.abs(out[40, 40] - BLUE).max() < 40 and np.abs(out[4, 4] - RED).max() < 40


def test_previews_are_written_step_by_step(colorize: Colorize, place: Path) -> None:
    assert colorize("--steps", "3", "--previews", place / "steps") == 0
    found = sorted(path.name for path in (place / "steps").iterdir())
    assert found == ["step_001.png", "step_002.png", "step_003.png"]
    assert pixels(place / "steps" / found[0]).shape == (20, 20, 3)


@pytest.mark.parametrize(
    ("words", "model", "sentence"),
    [
        (("--mode", "fig2fig", "--steps", "3"), STYLE, "colors in one look: leave out --steps and --mode"),
        (("--mode", "fig2fig"), STEPS, "paints without --mode"),
        (("--figure", "line.png"), STYLE, "paints figure and background alike"),
        (("--previews", "steps"), STYLE, "has no previews"),
        (("--figure", "small.png"), DIVIDED, "The mask {place}/small.png has 10×10 pixels and line.png has 80×80"),
        (("--figure", "black.png"), DIVIDED, "has no figure in it"),
        (("--reference-figure", "small.png"), DIVIDED, "reference.png has 80×80"),
        (("--reference-figure", "line.png") * 2, DIVIDED, "There are 2 masks for 1 references"),
        (("--steps", "0"), DIVIDED, "choose a steps from 1 to 100"),
        (("--guidance", "0.5"), DIVIDED, "choose a guidance from 1.00 to 15.00"),
        (("--strength", "2"), DIVIDED, "from 0.00 to 1.00"),
        (("--mode", "figure"), DIVIDED, "invalid choice: 'figure'"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    words: tuple[str, ...],
    model: str,
    sentence: str,
    colorize: Colorize,
    place: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    save(place / "small.png", np.full((10, 10), 255, np.uint8))
    save(place / "black.png", np.zeros((SIDE, SIDE), np.uint8))
    try:
        code: object = colorize(
            *(place / one if one.endswith((".png", "steps")) and "--" not in one else one for one in words), model=model
        )
    except SystemExit as end:
        code = end.code
    error = capsys.readouterr().err
    assert code == 2 and sentence.format(place=place) in error and error.count("\n") == 1
    assert not (place / "out.png").exists()


def test_a_folder_says_how_it_is_painted(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "in" / "nurie.toml").write_text('mode = "vanilla"\nsteps = 2\nguidance = 3.0\nseed = 4\n')
    words = ["batch", place / "in", "--reference", place / "reference.png", "--output", place / "out", "--flats", "off"]
    words += ["--palette", "off", "--device", "cpu", "--model"]
    assert main([*map(str, words), str(place / f"{DIVIDED}.safetensors")]) == 0
    with Image.open(place / "out" / "line.png") as image:
        image.load()
        made = json.loads(image.info["Settings"])
    assert (made["mode"], made["steps"], made["guidance"], made["seed"]) == ("vanilla", 2, 3.0, 4)
    capsys.readouterr()
    assert main([*map(str, words), str(place / f"{STYLE}.safetensors"), "--mode", "vanilla"]) == 2
    assert "colors in one look: leave out --mode" in capsys.readouterr().err

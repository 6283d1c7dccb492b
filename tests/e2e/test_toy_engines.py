"""Engines that are nothing like SGA, through the command line: their rows in the registry are all it needs to know."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.cli.main import main
from tests import toy_engines
from tests.drawings import write_drawings
from tests.fakes import color_picture, line_drawing
from tests.toy_engines import STEPS, STYLE

BOTH = pytest.mark.parametrize("architecture", [STYLE, STEPS])


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with model files of both engines, drawings/ and reference.png."""
    (tmp_path / "drawings").mkdir()
    for name in ("one", "two"):
        Image.fromarray(line_drawing()).save(tmp_path / "drawings" / f"{name}.png")
    Image.fromarray(color_picture()).save(tmp_path / "reference.png")
    with toy_engines.registered():
        for architecture in (STYLE, STEPS):
            toy_engines.write_model(tmp_path / f"{architecture}.safetensors", architecture)
        yield tmp_path


@BOTH
def test_a_drawing_is_colored(architecture: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--reference", str(place / "reference.png"), "--model", str(place / f"{architecture}.safetensors")]
    drawing, output = str(place / "drawings" / "one.png"), place / "colored.png"
    assert main(["colorize", drawing, *arguments, "--output", str(output), "--device", "cpu", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"]["name"] == architecture
    with Image.open(output) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == line_drawing().shape
    colors = {tuple(color) for color in color_picture().reshape(-1, 3).tolist()} | {(255, 255, 255)}
    assert tuple(pixels[2, 2].tolist()) in colors  # a swatch of the reference, or paper


@BOTH
def test_a_folder_is_colored(architecture: str, place: Path) -> None:
    arguments = ["--reference", str(place / "reference.png"), "--model", str(place / f"{architecture}.safetensors")]
    assert main(["batch", str(place / "drawings"), *arguments, "--output", str(place / "out"), "--device", "cpu"]) == 0
    assert {path.stem.split(".")[0] for path in (place / "out").glob("*.png")} >= {"one", "two"}


@BOTH
def test_a_model_is_trained_and_then_colors(architecture: str, place: Path) -> None:
    write_drawings(place / "pictures", ["a.png", "b.png"])
    (place / "run.toml").write_text(
        f'architecture = "{architecture}"\noutput = "run"\nprecision = "fp32"\n'
        '[data]\nfolders = ["pictures"]\nworkers = 0\n'
        "[losses]\nl1 = 1.0\nperceptual = 0.0\nstyle = 0.0\nadversarial = 0.0\n"
        "[[stages]]\nsize = 32\npictures = 40\nbatch = 4\nlearning_rate = 1e-2\n"
    )
    assert main(["train", "--config", str(place / "run.toml"), "--device", "cpu"]) == 0
    output = place / "colored.png"
    arguments = ["--reference", str(place / "reference.png"), "--model", str(place / "run" / "model.safetensors")]
    assert main(["colorize", str(place / "drawings" / "one.png"), *arguments, "--output", str(output)]) == 0
    assert output.is_file()

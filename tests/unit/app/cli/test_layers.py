"""Layers of other programs' files on the command line: one option, the same in every command that reads pictures."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.batch import coloring, folder_settings
from app.batch.references import Sources
from app.cli.main import main
from engine import pipeline
from engine.options import LayerOptions, LineOptions, Options
from tests import layered
from tests.layered import GREEN, RED, WIDTH, filled, strokes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Lines over two layers of colors."""

    def make(_document: Any, add: Any) -> None:
        add("Old", filled(GREEN))
        base = filled((255, 255, 255, 255))
        base[15:55, 20:65] = RED
        add("Base", base)
        add("Line", strokes([10, 40]))

    return layered.psd(tmp_path / "a.psd", make)


def colors(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["palette", "--json", *arguments]) == 0
    return [swatch["color"] for swatch in json.loads(capsys.readouterr().out)["swatches"]]


def test_palette_reads_layered_files_and_their_layers(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert colors(capsys, str(file)) == ["#c8281e"]
    assert colors(capsys, str(file), "--reference-layer", "old") == ["#1e8c3c"]
    assert main(["palette", str(file), "--reference-layer", "Flats"]) == 2
    assert 'a.psd has no layer "Flats"; it has Line, Base, Old.' in capsys.readouterr().err


def test_lineart_draws_the_layers_that_are_named(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    assert main(["lineart", str(file), "--line-layer", "Line", "--output", str(out)]) == 0
    assert np.asarray(Image.open(out).convert("L"))[20:35, WIDTH // 2].min() > 250  # nothing of the red shape


def test_an_empty_name_is_a_mistake(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["palette", str(file), "--reference-layer", " "]) == 2
    assert "the name of a layer is empty" in capsys.readouterr().err


def test_a_folder_of_a_batch_may_name_them(tmp_path: Path) -> None:
    (tmp_path / "nurie.toml").write_text('line_layers = ["Line", "Body/inks"]\nreference_layers = ["Base"]\n')
    said = folder_settings.read(tmp_path / "nurie.toml", Options())
    assert said.values == {"line_layers": ("Line", "Body/inks"), "reference_layers": ("Base",)}


def test_a_batch_takes_references_by_their_layers(file: Path) -> None:
    cache = coloring.ReferenceCache()
    (whole,), (old,) = cache.take(Sources((file,))), cache.take(Sources((file,)), ("Old",))
    assert tuple(whole.pixels[30, 40]) == RED[:3] and tuple(old.pixels[30, 40]) == GREEN[:3]


def test_chosen_layers_go_the_way_of_every_setting(file: Path) -> None:
    options = Options(LineOptions(), layers=LayerOptions(line_layers=("Line",)))
    picture, drawn = pipeline.read_drawing(file, options.layers.line_layers)
    ink = pipeline.prepare_lines(picture, drawn, options.lines).ink
    assert not ink[11, 40] and ink[30, 40] == 1.0

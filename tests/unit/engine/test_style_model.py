"""The style model that ships as an experiment: small, on no list, and it heeds its references."""

from pathlib import Path

import numpy as np
import pytest

from engine import images, model_catalog, model_loading
from engine.errors import CheckpointError
from engine.line_art import prepare
from engine.pipeline import run
from engine.request import ColorizeRequest, Reference

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"
MODEL = Path(__file__).parents[3] / "resources" / "experiments" / "nurie-style.safetensors"
COLORS = ((214, 60, 50), (50, 90, 210), (60, 170, 90))


def test_it_is_small_has_a_card_and_is_found_by_name_but_on_no_list() -> None:
    entry = model_catalog.find("nurie-style")
    assert entry.path == MODEL and entry.bundled and entry.path.stat().st_size <= 20_000_000 and entry.licence
    assert entry.info is not None and entry.info.description.startswith("An experiment")
    assert entry.info.config["style"] == "own" and "own style encoder" in str(entry.info.provenance)
    assert entry.path.with_suffix(".md").is_file() and len(entry.info.attributions) > 10
    assert "nurie-style" not in [one.name for one in model_catalog.installed()]
    assert model_catalog.default_name() == model_catalog.find(None).name == "nurie-compact"
    for name in ("nurie-style.safetensors", "../experiments/nurie-style", "nurie-styl", "nurie\0style"):
        with pytest.raises(CheckpointError):
            model_catalog.find(name)


@pytest.mark.parametrize("size", [256, 512])
def test_a_drawing_takes_the_colors_of_any_picture(size: int) -> None:
    """A picture of one color gives the drawing that color, and the paper stays paper."""
    colorizer = model_loading.load_colorizer(MODEL, "cpu")
    art = prepare.prepare(images.read(SAMPLES / "waving_line.png"), "auto", 0.4)
    means = []
    for color in COLORS:
        result = run(
            colorizer.colorize(ColorizeRequest(art, (Reference(np.full((90, 90, 3), color, np.uint8)),), size))
        )
        colored = result.color.reshape(-1, 3)
        colored = colored[colored.min(axis=1) < 200]
        assert len(colored) > 0.05 * art.ink.size
        means.append(colored.mean(axis=0))
        corners = result.color[:8, :8].reshape(-1, 3)
        assert corners.min() > 240
    assert all(np.abs(mean - color).max() < 70 for mean, color in zip(means, COLORS, strict=True))

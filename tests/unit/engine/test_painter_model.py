"""The painting model that ships as an experiment: small, on no list, and it paints from its references."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import images, model_catalog, model_loading
from engine.colorizer import Colorizer
from engine.line_art import prepare
from engine.options import PaintingMode, Sampling
from engine.pipeline import run
from engine.request import ColorizeRequest, Progress, Reference

RESOURCES = Path(__file__).parents[3] / "resources"
MODEL = RESOURCES / "experiments" / "nurie-painter.safetensors"


def painted(
    one: Colorizer, color: tuple[int, int, int], mode: PaintingMode = "vanilla", seed: int = 0
) -> NDArray[np.uint8]:
    """A figure that is colored as a reference of one color on white."""
    art = prepare.prepare(images.read(RESOURCES / "samples" / "waving_line.png"), "auto", 0.4)
    pixels = images.read(RESOURCES / "samples" / "waving_reference.png").pixels.copy()
    pixels[pixels.min(axis=-1) < 240] = color
    sampling = Sampling(seed=seed, steps=4, mode=mode)
    request = ColorizeRequest(art, (Reference(pixels),), 256, sampling=sampling)
    previews: list[Progress] = []
    result = run(one.colorize(request), previews.append)
    assert sum(step.preview is not None for step in previews) == 4
    return result.color


def test_it_is_small_has_a_card_and_is_found_by_name_but_on_no_list() -> None:
    entry = model_catalog.find("nurie-painter")
    assert entry.path == MODEL and entry.bundled and entry.path.stat().st_size <= 30_000_000 and entry.licence
    assert entry.info is not None and entry.info.description.startswith("An experiment")
    assert entry.path.with_suffix(".md").is_file() and len(entry.info.attributions) > 10
    assert "nurie-painter" not in [one.name for one in model_catalog.installed()]
    assert {"mode", "seed", "steps", "guidance"} <= set(entry.abilities.sampling) and entry.abilities.previews


def test_it_paints_in_the_color_of_its_reference_and_leaves_paper() -> None:
    one = model_loading.load_colorizer(MODEL, "cpu")
    red, blue = painted(one, (205, 60, 50)), painted(one, (60, 90, 205))
    body = (slice(red.shape[0] * 2 // 5, red.shape[0] * 3 // 5), slice(red.shape[1] * 2 // 5, red.shape[1] * 3 // 5))
    of_red, of_blue = red[body].reshape(-1, 3).mean(axis=0), blue[body].reshape(-1, 3).mean(axis=0)
    assert of_red[0] > of_red[2] + 25 and of_blue[2] > of_blue[0] + 25
    for picture in (red, blue):
        assert picture[:8, :8].min() > 225
    np.testing.assert_array_equal(painted(one, (205, 60, 50)), red)
    assert not np.array_equal(painted(one, (205, 60, 50), seed=1), red)
    assert not np.array_equal(painted(one, (205, 60, 50), mode="fig2fig"), red)

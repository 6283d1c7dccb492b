"""The keyframe model that ships as an experiment: small, on no list, and it takes the colors of its key frame."""

from pathlib import Path

import numpy as np

from engine import images, model_catalog, model_loading, pipeline
from engine.options import ColorOptions, Options
from engine.pipeline import run
from engine.request import Reference

SAMPLES = Path(__file__).parents[3] / "resources" / "samples"


def test_it_has_a_card_and_is_found_by_name_but_on_no_list() -> None:
    entry = model_catalog.find("nurie-keyframe")
    assert entry.bundled and entry.path.stat().st_size <= 4_000_000 and entry.licence == "CC BY 4.0"
    assert entry.info is not None and entry.info.description.startswith("An experiment")
    assert entry.path.with_suffix(".md").is_file() and len(entry.info.attributions) > 3
    assert "nurie-keyframe" not in [one.name for one in model_catalog.installed()]


def test_the_sample_s_key_frame_gives_its_colors_to_another_frame() -> None:
    colorizer = model_loading.load_colorizer(model_catalog.find("nurie-keyframe").path, "cpu")
    options = Options(color=ColorOptions(size=256, panels="off"))
    picture, drawn = pipeline.read_drawing(SAMPLES / "scene" / "frame_02.png")
    line_art = pipeline.prepare_lines(picture, drawn, options.lines)
    key = Reference(images.read(SAMPLES / "scene_key.png").pixels, name="key")
    made = run(colorizer.colorize(pipeline.request_of(line_art, (key,), options))).color
    difference = np.abs(made.astype(int) - key.pixels).mean(axis=2)
    assert np.median(difference) < 20 and (difference < 40).mean() > 0.8  # little has moved by then

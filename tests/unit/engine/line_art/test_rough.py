"""A pale rough under the inks goes into a layer of its own, and what is no rough stays."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.export import formats
from engine.images import Picture
from engine.layering import reopen, to_stack
from engine.layers import flatten, on_canvas, on_white
from engine.line_art.prepare import ROUGH_ASIDE, prepare
from engine.line_art.rough import split_rough
from tests import figures
from tests.figures import BLACK, Color, Pixels
from tests.finishing import finished

PALE = [(150, 195, 240), (164, 221, 237), (250, 170, 165), (200, 180, 240), (120, 170, 235)]


def over_rough(rough: Color, ink: Color = BLACK, seed: int = 0, width: float = 4.0) -> Pixels:
    page = figures.canvas()
    figures.sketch(page, rough, seed, width)
    figures.draw(page, ink)
    return figures.averaged(page)


def picture(pixels: Pixels) -> Picture:
    return Picture(np.ascontiguousarray(pixels), None, None, None, "drawing")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(PALE), st.integers(0, 1000), st.floats(2.0, 6.0))
@example((120, 170, 235), 309, 2.0)  # the end of a stroke looks out of an ink, and no pixel of it is the rough's alone
def test_the_inks_are_the_drawing(rough: Color, seed: int, width: float) -> None:
    line_art = prepare(picture(over_rough(rough, seed=seed, width=width)))
    assert not line_art.extracted
    assert line_art.notes == (ROUGH_ASIDE,)
    inks = figures.figure()[..., 0] / 255.0
    for found in (line_art.layer, line_art.ink):
        assert np.abs(found - inks).max() < 0.3
        assert np.abs(found - inks).mean() < 0.003
    assert line_art.rough is not None
    away = inks == 1.0
    assert np.abs(on_white(line_art.rough).astype(int) - over_rough(rough, seed=seed, width=width))[away].mean() < 0.5


@pytest.mark.parametrize("rough", PALE)
def test_on_scans_and_in_jpegs(rough: Color) -> None:
    inks = figures.figure()[..., 0] / 255.0
    for page in (figures.scanned(over_rough(rough)), figures.compressed(over_rough(rough))):
        line_art = prepare(picture(page))
        assert not line_art.extracted
        assert ROUGH_ASIDE in line_art.notes
        assert np.abs(line_art.layer - inks).mean() < 0.02
        assert line_art.layer[inks == 1.0].min() > 0.55


@pytest.mark.parametrize("ink", [(20, 30, 90), (80, 50, 30)])
def test_inks_in_color(ink: Color) -> None:
    line_art = prepare(picture(over_rough((150, 195, 240), ink)))
    assert line_art.notes == (ROUGH_ASIDE,)
    assert line_art.own is not None
    x, y = figures.on_line("face")
    assert np.abs(line_art.own[y, x, :3].astype(int) - ink).max() <= 2


def test_away_from_the_rough_nothing_changes() -> None:
    drawn = over_rough((150, 195, 240))
    drawn[380:, 250:] = np.random.default_rng(0).integers(0, 256, (20, 70, 1))
    parted = split_rough(drawn)
    assert parted is not None
    far = parted.layer[..., 3] == 0
    gray = drawn.min(axis=2) == drawn.max(axis=2)
    np.testing.assert_array_equal(parted.pixels[far & gray], drawn[far & gray])


@pytest.mark.parametrize("lines", [BLACK, (150, 185, 235), (230, 30, 30)])
def test_a_drawing_alone_is_no_rough(lines: Color) -> None:
    assert split_rough(figures.figure(lines)) is None


@pytest.mark.parametrize("parts", [("shirt", "hat"), ("boots",), tuple(figures.PARTS)])
def test_pale_colors_that_fill_parts_are_no_rough(parts: tuple[str, ...]) -> None:
    assert split_rough(figures.figure(fills=dict.fromkeys(parts, (150, 195, 240)))) is None


@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_it_is_a_hidden_layer_and_comes_back(suffix: str, tmp_path: Path) -> None:
    line_art = prepare(picture(over_rough((150, 195, 240))))
    stack = to_stack(finished(line_art, np.full((*line_art.size, 3), (240, 200, 180), np.uint8), flats=False))
    assert [(layer.name, layer.visible) for layer in stack.layers[1:]] == [
        ("Colors", True),
        ("Rough", False),
        ("Line", True),
    ]
    assert (flatten(stack)[5:12, 158:163] == (240, 200, 180)).all()  # the middle line of the rough, above the hat
    path = tmp_path / f"drawing{suffix}"
    formats.write_layers(path, stack, {})
    again = reopen(formats.read_layers(path), path.name)
    assert again.rough is not None
    np.testing.assert_array_equal(again.rough, on_canvas(stack.layers[2], stack.size))

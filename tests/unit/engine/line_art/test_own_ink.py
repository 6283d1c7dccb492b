"""Ink comes back in the color it was drawn in: in the flat picture, in the line layer, and out of a layered file."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.export import formats
from engine.images import Picture
from engine.layering import reopen, to_stack
from engine.layers import LayerStack, flatten, on_canvas, on_white
from engine.line_art.cleaning import Cleaning
from engine.line_art.prepare import INVERTED, SCANNED, TRACED, WHITENED, prepare
from engine.options import LineMode
from engine.request import LineArt
from tests import figures
from tests.figures import BLACK, PARTS, Color, Pixels
from tests.finishing import finished

NAVY, SEPIA, DARK_RED, GRAY = (20, 30, 110), (94, 60, 35), (120, 20, 20), (110, 110, 110)
channels = st.integers(0, 255)
colors = st.tuples(channels, channels, channels)


def read(pixels: Pixels, mode: LineMode = "auto", alpha: Pixels | None = None) -> LineArt:
    return prepare(Picture(np.ascontiguousarray(pixels), alpha, None, None, "drawing"), mode)


def colored(line_art: LineArt, color: Color) -> LayerStack:
    """The drawing with one color everywhere."""
    return to_stack(finished(line_art, np.full((*line_art.size, 3), color, np.uint8), flats=False))


def at(picture: Pixels, place: tuple[int, int]) -> list[int]:
    return picture[place[1], place[0]].astype(int).tolist()


def is_near(one: list[int], other: Color, within: int = 2) -> bool:
    return bool(np.abs(np.array(one) - np.array(other)).max() <= within)


@settings(max_examples=40, deadline=None)
@given(colors, colors, st.booleans())
def test_any_color_of_ink_comes_out_as_it_went_in(ink: Color, below: Color, beside_black: bool) -> None:
    # Black and what cannot be told from it is black; and some contrast makes it ink.
    assume(min(ink) <= 190 and (max(ink) - min(ink) > 16 or max(ink) > 16))
    lines: Mapping[str, Color] = (
        dict.fromkeys(PARTS, BLACK) | {"hat": ink} if beside_black else dict.fromkeys(PARTS, ink)
    )
    drawn = figures.figure(lines)
    line_art = read(drawn)
    assert not line_art.extracted
    stack = colored(line_art, below)
    assert is_near(at(flatten(stack), figures.on_line("hat")), ink)
    line = on_canvas(stack.layers[-1], line_art.size)
    assert is_near(at(line, figures.on_line("hat"))[:3], ink)
    assert at(line, figures.on_line("hat"))[3] == 255
    assert is_near(at(flatten(stack), figures.inside("hat")), below, 0)
    assert np.abs(on_white(line).astype(int) - drawn).max() <= 1
    if beside_black:
        assert is_near(at(line, figures.on_line("boots"))[:3], BLACK)


def test_black_ink_is_a_black_layer_that_is_multiplied() -> None:
    line_art = read(figures.figure())
    assert (line_art.own, line_art.outline, line_art.rough, line_art.notes) == (None, None, None, ())
    layer = colored(line_art, (9, 90, 190)).layers[-1]
    assert layer.blend == "multiply"
    assert not layer.pixels[..., :3].any()


@pytest.mark.parametrize("color", [NAVY, SEPIA, DARK_RED, (255, 140, 40), (90, 30, 120)])
def test_edges_of_a_stroke_have_its_color_and_no_fringe_of_paper(color: Color) -> None:
    own = read(figures.figure(color)).own
    assert own is not None
    seen = own[..., 3] > 40
    assert np.abs(own[seen][:, :3].astype(int) - color).max() <= 6
    assert (own[seen][:, 3] < 255).any()


@pytest.mark.parametrize("color", [NAVY, SEPIA, DARK_RED, (255, 120, 20)])
def test_strokes_too_thin_to_be_solid_are_no_pale_lines_on_dark_colors(color: Color) -> None:
    line_art = read(figures.figure(color, width=1.25))
    picture = flatten(colored(line_art, (30, 30, 30)))
    assert picture.reshape(-1, 3).astype(int).max(axis=0).tolist() <= [max(value, 30) + 8 for value in color]
    assert (
        np.abs(flatten(colored(line_art, (255, 255, 255))).astype(int) - figures.figure(color, width=1.25)).max() <= 1
    )


@pytest.mark.parametrize("color", [NAVY, SEPIA, DARK_RED, (60, 110, 220), (190, 40, 50)])
@pytest.mark.parametrize("through_jpeg", [False, True])
def test_a_scan_in_colored_ink_keeps_it(color: Color, through_jpeg: bool) -> None:
    page = figures.scanned(figures.figure(color))
    line_art = read(figures.compressed(page) if through_jpeg else page)
    assert line_art.notes == (WHITENED,)
    assert line_art.own is not None
    for part in PARTS:
        assert is_near(at(flatten(colored(line_art, (240, 200, 180))), figures.on_line(part)), color, 30)
    assert at(line_art.own, figures.inside("shirt"))[3] == 0


@pytest.mark.parametrize("paper", [(246, 242, 228), (235, 235, 235)])
def test_a_scan_in_black_ink_is_black(paper: Color) -> None:
    line_art = read(figures.scanned(figures.figure(), paper=paper))
    assert line_art.own is None
    assert line_art.notes == (SCANNED,)


def with_face(color: Color, width: float) -> tuple[Pixels, list[tuple[int, int]]]:
    """The figure with eyes, nose and mouth of a few strokes, and a place on each."""
    import cv2

    page, fine = figures.canvas(), figures.FINE
    figures.draw(page, color, width=width)
    pen = round(width * fine)
    for x in (145, 175):
        cv2.ellipse(page, (x * fine, 88 * fine), (6 * fine, 4 * fine), 0, 0, 360, color, pen)
    cv2.line(page, (160 * fine, 95 * fine), (157 * fine, 105 * fine), color, pen)
    cv2.line(page, (150 * fine, 116 * fine), (170 * fine, 116 * fine), color, pen)
    return figures.averaged(page), [(139, 88), (181, 88), (158, 100), (160, 116)]


@pytest.mark.parametrize("color", [(150, 185, 235), (120, 160, 240), (170, 200, 240), (90, 140, 220)])
@pytest.mark.parametrize("through_jpeg", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_scan_in_blue_pencil_keeps_its_face(color: Color, through_jpeg: bool, seed: int) -> None:
    drawn, places = with_face(color, 2.0)
    page = figures.scanned(drawn, seed=seed)
    line_art = read(figures.compressed(page) if through_jpeg else page)
    for x, y in places:
        assert line_art.layer[y - 2 : y + 3, x - 2 : x + 3].min() < 0.5
    assert line_art.notes == (WHITENED,)


def test_what_was_left_out_is_said_and_can_be_kept() -> None:
    import cv2

    page = figures.canvas()
    figures.draw(page)
    cv2.line(page, (120 * 4, 215 * 4), (200 * 4, 215 * 4), (255, 0, 0), 8)  # the border of a shadow on the shirt
    drawn = figures.averaged(page)
    line_art = read(drawn)
    assert line_art.notes == (TRACED,)
    assert line_art.layer[215, 160] > 0.9
    kept = read(drawn, "untouched")
    assert kept.notes == ()
    assert is_near(at(flatten(colored(kept, (240, 200, 180))), (160, 215)), (255, 0, 0))


@pytest.mark.parametrize("part", ["hat", "boots", "shirt"])
def test_an_outline_in_red_is_no_trace_line(part: str) -> None:
    lines = dict.fromkeys(PARTS, BLACK) | {part: (230, 30, 30)}
    line_art = read(figures.figure(lines))
    assert line_art.notes == ()
    assert is_near(at(flatten(colored(line_art, (60, 90, 200))), figures.on_line(part)), (230, 30, 30))


def test_light_lines_on_transparency_are_seen() -> None:
    alpha = 255 - figures.figure()[..., 0]
    white = np.full((*alpha.shape, 3), 255, np.uint8)
    line_art = read(white, alpha=alpha)
    np.testing.assert_array_equal(np.rint(line_art.ink * 255.0), 255 - alpha)
    picture = flatten(colored(line_art, (60, 90, 200)))
    assert at(picture, figures.on_line("hat")) == [255, 255, 255]
    assert at(picture, figures.inside("hat")) == [60, 90, 200]


def test_white_on_black_is_said() -> None:
    assert read(255 - figures.figure()).notes == (INVERTED,)
    fills = dict.fromkeys(PARTS, (255, 255, 255))
    page = figures.canvas(BLACK)
    figures.draw(page, BLACK, fills, 3.0)
    drawn = figures.averaged(page)
    line_art = read(drawn)
    np.testing.assert_array_equal(np.rint(line_art.ink * 255.0), drawn[..., 0])


@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_a_layered_file_holds_the_ink_as_it_is(suffix: str, tmp_path: Path) -> None:
    lines = dict(zip(PARTS, [DARK_RED, (150, 90, 60), NAVY, SEPIA, (10, 80, 50)], strict=True))
    line_art = read(figures.figure(lines))
    path = tmp_path / f"drawing{suffix}"
    formats.write_layers(path, colored(line_art, (240, 200, 180)), {})
    again = reopen(formats.read_layers(path), path.name).line_art
    assert again.own is not None and line_art.own is not None
    np.testing.assert_array_equal(again.own, line_art.own)
    assert np.abs(again.ink - line_art.layer).max() < 0.02


def test_cleaning_fades_colored_ink_too() -> None:
    drawn = figures.figure(NAVY)
    drawn[10:13, 10:13] = NAVY  # a speck
    drawn[10:14, 300:320] = (235, 235, 245)  # a smudge
    line_art = prepare(Picture(drawn, None, None, None, "x"), "ink", cleaning=Cleaning(0, 200, 4))
    assert line_art.own is not None
    assert not line_art.own[8:15, 8:15, 3].any()
    assert not line_art.own[10:14, 302:318, 3].any()
    assert is_near(at(flatten(colored(line_art, (240, 200, 180))), figures.on_line("hat")), NAVY, 12)

"""Finding swatches: the flat colors of a drawing, and neither its lines, its edges, its gradients nor its paper."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.color.locking import lock
from engine.color.swatches import PAPER, find_swatches, shares, with_paper
from engine.errors import RequestError
from engine.palette import Color, Palette, Swatch
from engine.request import Reference

Pixels = NDArray[np.uint8]
SKIN, SHADOW, SHIRT, TROUSERS, EYE = (250, 215, 190), (226, 170, 150), (200, 40, 60), (40, 60, 120), (40, 140, 210)
FLATS = [SKIN, SHADOW, SHIRT, TROUSERS, EYE]


def ellipse(canvas: Pixels, center: tuple[int, int], axes: tuple[int, int], color: Color, line: int = 0) -> None:
    cv2.ellipse(canvas, center, axes, 0, 0, 360, color, -1, cv2.LINE_AA)
    if line:
        cv2.ellipse(canvas, center, axes, 0, 0, 360, (0, 0, 0), line, cv2.LINE_AA)


def person(line: int = 3) -> Pixels:
    """A figure with outlines on white paper, 600×400, white of the eyes included."""
    canvas = np.full((600, 400, 3), 255, np.uint8)
    ellipse(canvas, (200, 480), (90, 90), TROUSERS, line)
    ellipse(canvas, (200, 320), (110, 120), SHIRT, line)
    ellipse(canvas, (200, 150), (80, 90), SKIN, line)
    ellipse(canvas, (200, 200), (50, 25), SHADOW)
    for x in (170, 230):
        ellipse(canvas, (x, 140), (20, 14), (255, 255, 255), 1)
        ellipse(canvas, (x, 140), (7, 9), EYE)
    return canvas


def reference(pixels: Pixels, name: str = "person.png", mask: NDArray[np.bool_] | None = None) -> Reference:
    return Reference(pixels, mask, name)


def found(palette: Palette) -> set[Color]:
    return {swatch.color for swatch in palette.swatches}


def compressed(pixels: Pixels, suffix: str, quality: int) -> Pixels:
    flag = {".jpg": cv2.IMWRITE_JPEG_QUALITY, ".webp": cv2.IMWRITE_WEBP_QUALITY}[suffix]
    data = cv2.imencode(suffix, pixels, [flag, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


@pytest.mark.parametrize("line", [2, 4, 14])
def test_flat_colors_exactly_and_nothing_else(line: int) -> None:
    palette = find_swatches([reference(person(line))])
    assert found(palette) == {*FLATS, (255, 255, 255)}
    assert palette.name == "person.png"
    areas = shares([reference(person(line))], palette)
    assert areas.sum() == pytest.approx(1.0)
    assert (np.diff(areas) <= 0.0).all()
    assert palette.swatches[0].color == SHIRT
    assert [swatch.name for swatch in palette.swatches if swatch.color == (255, 255, 255)] == [PAPER]
    assert len({swatch.name for swatch in palette.swatches}) == len(palette.swatches)


@pytest.mark.parametrize(("suffix", "quality"), [(".jpg", 85), (".webp", 80)])
def test_lossy_files_add_no_doubles(suffix: str, quality: int) -> None:
    palette = find_swatches([reference(compressed(person(), suffix, quality))])
    locked = lock(np.asarray([*FLATS, (255, 255, 255)], np.uint8), palette)
    assert locked.moved[:4].max() < 3.0
    assert len(set(locked.swatch.tolist())) == 6
    assert len(palette.swatches) <= 7


def test_black_that_fills_is_a_color() -> None:
    pixels = person()
    ellipse(pixels, (200, 480), (90, 90), (0, 0, 0))
    assert found(find_swatches([reference(pixels)])) == {SKIN, SHADOW, SHIRT, EYE, (0, 0, 0), (255, 255, 255)}


def test_a_gradient_gives_few_swatches() -> None:
    pixels = person()
    ramp = np.linspace(0.0, 1.0, 200)[:, None, None] * [160, -60, 60] + [40, 150, 160]
    pixels[380:580, 130:270] = ramp.astype(np.uint8)
    palette = find_swatches([reference(pixels)])
    assert {SKIN, SHIRT, EYE} <= found(palette)
    ends = np.asarray([[50, 148, 162], [190, 95, 215]], np.uint8)
    assert lock(ends, palette).moved.max() < 12.0
    assert len(palette.swatches) <= 14


def test_the_limit_keeps_the_largest() -> None:
    everything = find_swatches([reference(person())])
    assert find_swatches([reference(person())], 3).swatches == everything.swatches[:3]


def test_a_large_picture_gives_the_colors_of_a_small_one() -> None:
    large = np.asarray(cv2.resize(person(), (1600, 2400), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert found(find_swatches([reference(large)])) == {*FLATS, (255, 255, 255)}


def test_pictures_weigh_alike_and_have_no_common_name() -> None:
    small = np.full((40, 40, 3), (10, 120, 60), np.uint8)
    palette = find_swatches([reference(person()), reference(small)])
    assert palette.name == ""
    assert palette.swatches[0].color == (10, 120, 60)
    assert shares([reference(person()), reference(small)], palette)[0] == pytest.approx(0.5, abs=0.01)


def test_only_what_the_mask_shows_counts() -> None:
    mask = np.zeros((600, 400), np.bool_)
    mask[260:380] = True
    assert found(find_swatches([reference(person(), mask=mask)])) == {SHIRT}
    nothing = np.zeros((600, 400), np.bool_)
    assert found(find_swatches([reference(person(), mask=nothing)])) == {*FLATS, (255, 255, 255)}


def test_paper_alone_and_lines_alone() -> None:
    paper = np.full((50, 70, 3), 255, np.uint8)
    lines = paper.copy()
    cv2.circle(lines, (35, 25), 15, (0, 0, 0), 1)
    for pixels in (paper, lines):
        assert find_swatches([reference(pixels)]).swatches == (Swatch(PAPER, (255, 255, 255)),)
    lines[:] = 255
    lines[10:13] = 0
    assert find_swatches([reference(lines)]).swatches[0].color == (0, 0, 0)


def test_without_pictures_or_swatches() -> None:
    for asked in (lambda: find_swatches([]), lambda: shares([], Palette(()))):
        with pytest.raises(RequestError, match="no reference"):
            asked()
    with pytest.raises(ValueError, match="at least one"):
        find_swatches([reference(person())], 0)
    assert shares([reference(person())], Palette(())).shape == (0,)


def test_paper_is_added_once() -> None:
    red = Palette((Swatch("red", (200, 30, 30)),), "mine")
    paper = Swatch(PAPER, (255, 255, 255))
    assert with_paper(red) == Palette((*red.swatches, paper), "mine")
    for complete in (with_paper(red), Palette(())):
        assert with_paper(complete) is complete


def test_paper_is_pure_white_and_other_whites_stay() -> None:
    shirt, cream = Swatch("shirt", (252, 252, 254)), Swatch(PAPER, (252, 252, 250))
    assert with_paper(Palette((shirt,))).swatches == (shirt, Swatch(PAPER, (255, 255, 255)))
    assert with_paper(Palette((cream, shirt))).swatches == (Swatch(PAPER, (255, 255, 255)), shirt)


shapes = st.tuples(st.integers(1, 24), st.integers(1, 24), st.just(3))


@settings(max_examples=20, deadline=None)
@given(arrays.arrays(np.uint8, shapes), st.integers(1, 8))
def test_whatever_the_picture_there_are_swatches(pixels: Pixels, limit: int) -> None:
    palette = find_swatches([reference(pixels)], limit)
    assert 1 <= len(palette.swatches) <= limit
    assert len(found(palette)) == len(palette.swatches)
    assert shares([reference(pixels)], palette).sum() == pytest.approx(1.0)

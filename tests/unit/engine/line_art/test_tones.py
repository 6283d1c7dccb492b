"""Gray shadows and screentone bound no regions, and stay in the lines as they were drawn."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.images import Picture
from engine.line_art.prepare import detect, prepare
from engine.line_art.regions import find_regions
from engine.line_art.tones import without_tones
from tests import figures
from tests.figures import PARTS, Pixels

LARGE = 3  # times the figure, as a page for the web


def gray(level: int) -> tuple[int, int, int]:
    return level, level, level


def ink_of(level: Pixels) -> NDArray[np.float32]:
    return level.astype(np.float32) / np.float32(255.0)


def picture(pixels: Pixels) -> Picture:
    return Picture(np.ascontiguousarray(pixels), None, None, None, "drawing")


def large(pixels: Pixels) -> Pixels:
    size = figures.WIDTH * LARGE, figures.HEIGHT * LARGE
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)[..., 0]


def toned(pattern: Pixels, parts: tuple[str, ...]) -> Pixels:
    """One-bit lines with a pattern (a tile of 0 and 255) in some parts, H×W."""
    line = np.where(large(figures.figure()) < 128, 0, 255).astype(np.uint8)
    fill = figures.figure(None, dict.fromkeys(parts, gray(0)))
    tiles = np.tile(pattern, [side // tile + 1 for side, tile in zip(line.shape, pattern.shape, strict=True)])
    tiles = tiles[: line.shape[0], : line.shape[1]]
    return np.where(large(fill) < 128, np.minimum(line, tiles), line)


def dots(pitch: int, share: float) -> Pixels:
    """A tile of a round-dotted tone, turned by 45 degrees."""
    y, x = np.mgrid[:pitch, :pitch] * (2.0 * np.pi / pitch)
    wave = np.cos(x) + np.cos(y) if pitch % 2 else np.cos(x) * np.cos(y)
    return np.where(wave >= np.quantile(wave, 1.0 - share), 0, 255).astype(np.uint8)


def checks(pitch: int) -> Pixels:
    y, x = np.mgrid[:pitch, :pitch]
    return np.where((2 * y // pitch + 2 * x // pitch) % 2 == 0, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "pattern", [checks(6), checks(8), checks(10), dots(7, 0.2), dots(9, 0.3), dots(9, 0.7), dots(12, 0.25)]
)
def test_a_toned_part_is_one_region(pattern: Pixels) -> None:
    page = toned(pattern, ("hat", "shirt", "trousers"))
    line_art = prepare(picture(np.repeat(page[..., None], 3, axis=2)))
    assert not line_art.extracted
    np.testing.assert_array_equal(np.rint(line_art.layer * 255.0), page)
    found = find_regions(line_art.ink)
    plain = find_regions(np.where(large(figures.figure()) < 128, 0, 1).astype(np.float32))
    assert found.count == plain.count
    labels = [found.labels[y * LARGE, x * LARGE] for x, y in map(figures.inside, PARTS)]
    assert len(set(labels)) == len(PARTS)
    same = sum(int((found.labels == label).sum()) for label in labels)
    assert abs(same - sum(int((plain.labels == number).sum()) for number in set(_plain_labels(plain.labels)))) < 6000


@pytest.mark.parametrize("pattern", [checks(6), dots(7, 0.3), dots(9, 0.7), dots(12, 0.5)])
@pytest.mark.parametrize("scale", [1.0, 0.6])
def test_a_figure_in_screentone_is_no_color_picture(pattern: Pixels, scale: float) -> None:
    page = toned(pattern, tuple(PARTS))
    page = np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    assert detect(picture(np.repeat(page[..., None], 3, axis=2))) == "line_art"


def _plain_labels(labels: np.ndarray) -> list[int]:
    return [int(labels[y * LARGE, x * LARGE]) for x, y in map(figures.inside, PARTS)]


@settings(max_examples=15, deadline=None)
@given(st.integers(40, 215), st.sets(st.sampled_from(sorted(PARTS)), min_size=1))
def test_a_flat_gray_shadow_is_a_part_of_a_drawing(level: int, parts: set[str]) -> None:
    drawn = figures.figure(fills=dict.fromkeys(parts, gray(level)))
    assert detect(picture(drawn)) == "line_art"
    line_art = prepare(picture(drawn))
    np.testing.assert_array_equal(np.rint(line_art.layer * 255.0), drawn[..., 0])
    assert line_art.own is None
    assert line_art.notes == ()
    for x, y in map(figures.inside, PARTS):
        assert line_art.ink[y, x] == 1.0
    assert find_regions(line_art.ink).count == find_regions(ink_of(figures.figure()[..., 0])).count


def test_gray_with_a_level_for_every_part_is_a_picture() -> None:
    levels = dict(zip(PARTS, map(gray, (60, 220, 100, 140, 180)), strict=True))
    assert detect(picture(figures.figure(fills=levels))) == "color"


@pytest.mark.parametrize("width", [1.5, 3.0, 5.0])
@pytest.mark.parametrize("level", [0, 60, 120])
def test_lines_alone_are_no_tone(width: float, level: int) -> None:
    assert without_tones(ink_of(figures.figure(gray(level), width=width)[..., 0])) is None


def test_a_dashed_line_and_freckles_are_no_screentone() -> None:
    page = np.ascontiguousarray(large(figures.figure()))
    for x in range(100, 800, 9):
        cv2.circle(page, (x, 1150), 2, 0, -1)
    for x, y in np.random.default_rng(0).integers((400, 250), (560, 370), (60, 2)).tolist():
        cv2.circle(page, (x, y), 2, 0, -1)
    lines = without_tones(ink_of(page))
    assert lines is None or lines[1150, 100:800].min() == 0.0

"""The inspector on drawings whose gaps are known."""

import re

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.leaks import MOST_LEAKS, Leak, describe, find_leaks
from engine.line_art.regions import RegionMap, find_regions

SIDE, CENTER, RADIUS = 240, 120, 70
WHITE, RED, BLUE = (255, 255, 255), (200, 60, 60), (60, 80, 190)


def ring(gap: int, degrees: float) -> NDArray[np.float32]:
    """A circle, cut by a bar `gap` pixels wide at an angle."""
    ink = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.circle(ink, (CENTER, CENTER), RADIUS, 0, 3)
    y, x = np.mgrid[:SIDE, :SIDE] - CENTER
    along = x * np.cos(np.radians(degrees)) + y * np.sin(np.radians(degrees))
    across = y * np.cos(np.radians(degrees)) - x * np.sin(np.radians(degrees))
    ink[(along > 0) & (np.abs(across) < gap / 2.0)] = 255
    return (ink / 255.0).astype(np.float32)


def rooms(gap: int, wall: int = 119) -> NDArray[np.float32]:
    """Two rooms beside each other with an open door of `gap` pixels in the middle of the wall."""
    ink = np.ones((SIDE, SIDE), np.float32)
    cv2.rectangle(ink, (20, 20), (219, 219), 0.0, 3)
    ink[20:220, wall - 1 : wall + 2] = 0.0
    ink[CENTER - gap // 2 : CENTER - gap // 2 + gap, wall - 1 : wall + 2] = 1.0
    return ink


def painted(regions: RegionMap, *places: tuple[tuple[int, int], tuple[int, int, int]]) -> NDArray[np.uint8]:
    """The regions' colors: white but for those at the places (x, y)."""
    colors = np.full((regions.count, 3), 255, np.uint8)
    for (x, y), color in places:
        colors[regions.labels[y, x] - 1] = color
    return colors


def guess_of(regions: RegionMap, colors: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return colors[regions.labels - 1]


def two_rooms(left: tuple[int, int, int], right: tuple[int, int, int], wall: int = 119) -> NDArray[np.uint8]:
    """A guess that knows the rooms."""
    guess = np.full((SIDE, SIDE, 3), 255, np.uint8)
    guess[20:220, 20:wall], guess[20:220, wall:220] = left, right
    return guess


@pytest.mark.parametrize("gap", [3, 6, 9])
@pytest.mark.parametrize("degrees", [0, 37, 90, 225])
def test_an_opening_towards_the_paper(gap: int, degrees: int) -> None:
    ink = ring(gap, degrees)
    regions = find_regions(ink, 14)
    colors = painted(regions, ((CENTER, CENTER), RED))
    (leak,) = find_leaks(regions, colors, ink, guess_of(regions, colors))
    truth = CENTER + RADIUS * np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    assert leak.kind == "paper"
    assert leak.regions == (regions.labels[CENTER, CENTER], regions.labels[0, 0])
    assert np.hypot(leak.x - truth[0], leak.y - truth[1]) <= 3.0
    assert abs(leak.length - gap) <= 2


@pytest.mark.parametrize("gap", [1, 4, 8])
def test_an_opening_between_two_colors(gap: int) -> None:
    ink = rooms(gap)
    regions = find_regions(ink, 12)
    colors = painted(regions, ((60, 60), RED), ((180, 60), BLUE))
    (leak,) = find_leaks(regions, colors, ink, guess_of(regions, colors))
    assert leak.kind == "opening"
    assert np.hypot(leak.x - 119, leak.y - CENTER) <= 3.0
    assert abs(leak.length - gap) <= 2


def test_two_openings_are_two_leaks_and_the_longer_comes_first() -> None:
    ink = rooms(4)
    ink[180:189, 118:121] = 1.0
    regions = find_regions(ink, 12)
    colors = painted(regions, ((60, 60), RED), ((180, 60), BLUE))
    first, second = find_leaks(regions, colors, ink, guess_of(regions, colors))
    assert abs(first.y - 184) <= 3 and abs(second.y - CENTER) <= 3
    assert first.length > second.length


def test_an_opening_between_regions_of_one_color_is_none() -> None:
    ink = rooms(6)
    regions = find_regions(ink, 12)
    assert regions.count == 3
    colors = painted(regions, ((60, 60), RED), ((180, 60), (202, 61, 60)))
    assert find_leaks(regions, colors, ink, guess_of(regions, colors)) == []


@pytest.mark.parametrize("gap", [20, 34])
def test_a_color_that_escaped_through_a_wide_gap(gap: int) -> None:
    ink = rooms(gap)
    regions = find_regions(ink, 6)
    assert regions.count == 2
    colors = painted(regions, ((60, 60), RED))
    (leak,) = find_leaks(regions, colors, ink, two_rooms(RED, BLUE))
    assert (leak.kind, leak.regions) == ("escape", (regions.labels[60, 60],))
    assert np.hypot(leak.x - 119, leak.y - CENTER) <= 3.0
    assert abs(leak.length - gap) <= 3


def test_an_escape_is_found_at_the_gap_and_not_at_a_narrower_place_far_away() -> None:
    ink = rooms(24)
    ink[20:100, 58:61] = ink[115:220, 58:61] = 0.0  # a passage of 15 pixels inside the left room
    regions = find_regions(ink, 4)
    (leak,) = [
        leak
        for leak in find_leaks(regions, painted(regions, ((100, 60), RED)), ink, two_rooms(RED, BLUE))
        if leak.kind == "escape"
    ]
    assert np.hypot(leak.x - 119, leak.y - CENTER) <= 3.0


def test_a_figure_that_ran_into_a_wide_background_is_found() -> None:
    """It covers 5 % of the picture, and the background won the vote."""
    ink = np.pad(ring(30, 0), 160, constant_values=1.0)
    regions = find_regions(ink, 6)
    guess = np.full((*ink.shape, 3), 255, np.uint8)
    cv2.circle(guess, (CENTER + 160, CENTER + 160), RADIUS, RED, -1)
    (leak,) = find_leaks(regions, painted(regions), ink, guess)
    assert leak.kind == "escape"
    chord = 160 + CENTER + np.sqrt(RADIUS**2 - 15**2)
    assert np.hypot(leak.x - chord, leak.y - 160 - CENTER) <= 3.0


def test_two_colors_without_any_line_between_meet_at_the_change_of_color() -> None:
    ink = np.ones((SIDE, SIDE), np.float32)
    guess = np.full((SIDE, SIDE, 3), RED, np.uint8)
    guess[:, :100] = BLUE
    (leak,) = find_leaks(find_regions(ink, 6), np.array([RED], np.uint8), ink, guess)
    assert leak.kind == "escape"
    assert abs(leak.x - 100) <= 8
    assert leak.length <= SIDE


def test_shading_and_small_spots_are_no_escapes() -> None:
    ink = rooms(0)
    regions = find_regions(ink, 6)
    guess = two_rooms(RED, BLUE)
    ramp = np.linspace(0.25, 1.0, 180)[:, None, None]
    guess[30:210, 23:116] = (guess[30:210, 23:116] * ramp).astype(np.uint8)
    cv2.circle(guess, (170, 100), 15, WHITE, -1)
    colors = painted(regions, ((60, 60), RED), ((180, 60), BLUE))
    assert find_leaks(regions, colors, ink, guess) == []


def test_color_that_reaches_the_edge_over_paper() -> None:
    ink = ring(0, 0)
    regions = find_regions(ink, 6)
    colors = painted(regions, ((2, 2), RED), ((CENTER, CENTER), RED))
    guess = np.full((SIDE, SIDE, 3), 255, np.uint8)
    (leak,) = find_leaks(regions, colors, ink, guess)
    assert (leak.kind, leak.length, leak.regions) == ("paper", 4 * (SIDE - 1), (regions.labels[2, 2],))
    assert leak.x in (0, SIDE - 1) or leak.y in (0, SIDE - 1)


def test_a_painted_background_may_reach_the_edge() -> None:
    ink = ring(0, 0)
    regions = find_regions(ink, 6)
    colors = painted(regions, ((2, 2), BLUE), ((CENTER, CENTER), RED))
    assert find_leaks(regions, colors, ink, guess_of(regions, colors)) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 10))
def test_closed_drawings_have_no_leaks(seed: int, gap: int) -> None:
    """Six outlines that do not touch, some with another inside."""
    rng = np.random.default_rng(seed)
    drawn = np.full((200, 300), 255, np.uint8)
    for number in range(6):
        x, y = 50 + 100 * (number % 3), 50 + 100 * (number // 3)
        for least, most in ((28, 44), (10, 17))[: int(rng.integers(1, 3))]:
            size = (int(rng.integers(least, most)), int(rng.integers(least, most)))
            width = int(rng.integers(1, 5))
            if rng.random() < 0.5:
                cv2.ellipse(drawn, (x, y), size, int(rng.integers(0, 180)), 0, 360, 0, width, cv2.LINE_AA)
            else:
                cv2.rectangle(drawn, (x - size[0], y - size[1]), (x + size[0], y + size[1]), 0, width)
    ink = (drawn / 255.0).astype(np.float32)
    regions = find_regions(ink, gap)
    # A shape inside may come near its outline: the regions are divided there, but their color is one.
    parts = np.asarray(cv2.connectedComponents((ink > 0.65).astype(np.uint8), connectivity=4)[1], np.int32)
    palette = rng.integers(0, 240, (int(parts.max()) + 1, 3), np.uint8)
    palette[parts[0, 0]] = 255
    colors = np.zeros((regions.count, 3), np.uint8)
    paper = parts > 0
    colors[regions.labels[paper] - 1] = palette[parts[paper]]
    assert find_leaks(regions, colors, ink, guess_of(regions, colors)) == []


@given(st.integers(1, 6), st.integers(1, 6), st.booleans())
@settings(max_examples=20, deadline=None)
def test_tiny_pictures(height: int, width: int, white: bool) -> None:
    ink = np.ones((height, width), np.float32)
    regions = find_regions(ink, 0)
    colors = np.full((1, 3), 255 if white else 0, np.uint8)
    leaks = find_leaks(regions, colors, ink, np.full((height, width, 3), 255, np.uint8))
    assert all(leak.kind == "paper" and 0 <= leak.x < width and 0 <= leak.y < height for leak in leaks)
    assert not (white and leaks)


def test_no_more_than_can_be_looked_at() -> None:
    """A grid of 20 × 20 rooms with an open door in each wall."""
    ink = np.ones((401, 401), np.float32)
    ink[::20], ink[:, ::20] = 0.0, 0.0
    ink[8::20, 20:400], ink[20:400, 8::20] = 1.0, 1.0
    ink[:, 9::20] = np.where(ink[:, 9::20] == 0.0, 0.0, 1.0)
    regions = find_regions(ink, 8)
    colors = np.random.default_rng(0).integers(0, 240, (regions.count, 3), np.uint8)
    assert regions.count > 300
    assert len(find_leaks(regions, colors, ink, guess_of(regions, colors))) == MOST_LEAKS


@pytest.mark.parametrize(
    "leak",
    [
        Leak("opening", 812, 340, 9, (3, 7)),
        Leak("escape", 812, 340, 9, (3,)),
        Leak("paper", 812, 340, 9, (3, 1)),
        Leak("paper", 812, 340, 1, (3,)),
    ],
)
def test_a_sentence_tells_place_length_and_region(leak: Leak) -> None:
    sentence = describe(leak)
    assert "812, 340" in sentence and sentence.endswith(".")
    assert re.search(r"\b9 pixels\b" if leak.length == 9 else r"\b1 pixel\b", sentence)
    assert re.search(r"\b3\b", sentence)

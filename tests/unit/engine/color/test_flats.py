"""One color for each region: the vote, painting, and colors of before."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import cancellation
from engine.color.flats import Flats, colors_of, divided_by_paint, paint, sampled, vote
from engine.errors import Cancelled
from engine.line_art.regions import RegionMap, find_regions
from tests.finishing import BLUE, RED, SKIN, WHITE, blotches, ellipses, in_rooms, label_in, rooms


def of_labels(labels: NDArray[np.int32]) -> RegionMap:
    count = int(labels.max())
    return RegionMap(labels, count, 0, False, np.bincount(labels.reshape(-1), minlength=count + 1)[1:])


def opaque(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([color, np.full(color.shape[:2], 255, np.uint8)])


def test_every_region_takes_its_color() -> None:
    ink = rooms(3)
    regions = find_regions(ink)
    flats = vote(in_rooms(ink, [RED, BLUE, SKIN]), regions, ink)
    for room, color in enumerate((RED, BLUE, SKIN)):
        np.testing.assert_array_equal(flats.colors[label_in(regions, room) - 1], color)
    np.testing.assert_array_equal(flats.colors[regions.labels[0, 0] - 1], WHITE)
    np.testing.assert_allclose(flats.confidence, 1.0, atol=1e-6)


@pytest.mark.parametrize("haze", [(160, 110, 110), (215, 85, 85), (255, 255, 255), (60, 80, 190)])
@pytest.mark.parametrize("share", [0.2, 0.4])
def test_haze_over_a_part_does_not_tint(haze: tuple[int, int, int], share: float) -> None:
    ink = rooms(1, 100)
    regions = find_regions(ink)
    guess = in_rooms(ink, [RED], 100)
    guess[10 : 10 + round(100 * share), 10:110] = haze
    flats = vote(guess, regions, ink)
    label = label_in(regions, 0, 100)
    assert np.abs(flats.colors[label - 1].astype(int) - RED).max() <= 6  # a mean would be up to 78 off
    assert flats.confidence[label - 1] <= 1.0 - share / 2 or haze == (215, 85, 85)


def test_noise_is_averaged_and_doubt_is_told() -> None:
    ink = rooms(2, 80)
    regions = find_regions(ink)
    random = np.random.default_rng(0)
    guess = in_rooms(ink, [SKIN, SKIN], 80).astype(float)
    guess[:, 90:] = random.integers(0, 256, guess[:, 90:].shape)
    guess[:, :90] += random.normal(0.0, 5.0, guess[:, :90].shape)
    flats = vote(np.clip(guess, 0, 255).astype(np.uint8), regions, ink)
    sure, unsure = (label_in(regions, room, 80) - 1 for room in (0, 1))
    assert np.abs(flats.colors[sure].astype(int) - SKIN).max() <= 2
    assert flats.confidence[sure] > 0.9
    assert flats.confidence[unsure] < 0.3


def test_what_runs_over_the_lines_does_not_count() -> None:
    """Half of a narrow region is beside lines, and there the guess is its neighbor's."""
    ink = rooms(1, 12, 1)
    regions = find_regions(ink, 0)
    guess = np.full((*ink.shape, 3), BLUE, np.uint8)
    guess[12:21, 12:21] = RED
    np.testing.assert_array_equal(vote(guess, regions, ink).colors[label_in(regions, 0, 12) - 1], RED)


def test_nearly_white_is_white() -> None:
    ink = rooms(2)
    regions = find_regions(ink)
    flats = vote(in_rooms(ink, [(248, 246, 243), (225, 225, 225)]), regions, ink)
    np.testing.assert_array_equal(flats.colors[label_in(regions, 0) - 1], WHITE)
    np.testing.assert_array_equal(flats.colors[label_in(regions, 1) - 1], (225, 225, 225))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_tiny_pictures_and_regions(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    _, numbers = np.unique(random.integers(1, 6, (height, width)), return_inverse=True)
    regions = of_labels(numbers.reshape(height, width).astype(np.int32) + 1)
    guess = random.integers(0, 256, (height, width, 3), np.uint8)
    ink = random.random((height, width), np.float32)
    flats = vote(guess, regions, ink)
    assert flats.colors.shape == (regions.count, 3)
    assert flats.colors.dtype == np.uint8
    assert ((flats.confidence >= 0.0) & (flats.confidence <= 1.0)).all()
    for label in range(1, regions.count + 1):
        own = guess[regions.labels == label]
        assert (flats.colors[label - 1] == 255).all() or (
            (flats.colors[label - 1] >= own.min(axis=0)) & (flats.colors[label - 1] <= own.max(axis=0))
        ).all()


def test_small_regions_of_a_large_picture_have_a_vote() -> None:
    labels = np.ones((2600, 2600), np.int32)
    labels[1000:1007, 1000:1007] = 2
    labels[2001, 2003] = 3
    labels[:, 5] = 4
    regions = of_labels(labels)
    colors = np.array([(90, 90, 90), RED, BLUE, SKIN], np.uint8)
    flats = vote(colors[labels - 1], regions, np.ones(labels.shape, np.float32))
    np.testing.assert_array_equal(flats.colors, colors)
    np.testing.assert_array_equal(paint(flats, regions), colors[labels - 1])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_few_pixels_stand_for_all_regions(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels = np.repeat(np.repeat(random.integers(1, 3000, (50, 60)), 40, axis=0), 40, axis=1).astype(np.int32)
    labels[random.integers(0, 2000, 500), random.integers(0, 2400, 500)] = 3000
    regions = of_labels(labels)
    places = sampled(regions)
    assert len(np.unique(places)) == len(places) < labels.size / 4
    np.testing.assert_array_equal(np.unique(labels.reshape(-1)[places]), np.unique(labels))


def test_the_same_twice() -> None:
    ink, guess = ellipses(0), blotches(0)
    regions = find_regions(ink)
    first, second = (vote(guess, regions, ink) for _ in range(2))
    np.testing.assert_array_equal(first.colors, second.colors)
    np.testing.assert_array_equal(first.confidence, second.confidence)


def test_regions_of_one_color_keep_it_bit_for_bit() -> None:
    ink = rooms(5)
    regions = find_regions(ink)
    before = opaque(in_rooms(ink, [(1, 2, 3), RED, BLUE, SKIN, WHITE]))
    before[20, 92] = (9, 9, 9, 255)  # one stray pixel of BLUE changes nothing
    before[30:, 150:152, 3] = 0  # some of SKIN is erased, and half of RED painted over
    before[10:50, 50:70, :3] = BLUE
    before[:10] = 0  # of the paper too
    colors, known = colors_of(before, regions, ink)
    rows = [label_in(regions, room) - 1 for room in range(5)]
    assert known[rows].tolist() == [True, False, True, False, True]
    assert not known[regions.labels[0, 0] - 1]
    for room, color in ((0, (1, 2, 3)), (2, BLUE), (4, WHITE)):
        np.testing.assert_array_equal(colors[rows[room]], color)


def test_a_region_that_is_half_transparent_has_no_color() -> None:
    ink = rooms(1)
    regions = find_regions(ink)
    before = opaque(in_rooms(ink, [RED]))
    before[..., 3] = 128
    assert not colors_of(before, regions, ink)[1].any()


def test_lines_do_not_count_unless_there_is_nothing_else() -> None:
    labels = np.repeat([1, 2], 20)[None].repeat(20, axis=0).astype(np.int32)
    ink = np.ones((20, 40), np.float32)
    ink[:, 15:] = 0.0
    before = opaque(np.where((labels == 1)[..., None], RED, BLUE).astype(np.uint8))
    before[:, 15:20] = (0, 0, 0, 255)  # another program filled only up to the line
    colors, known = colors_of(before, of_labels(labels), ink)
    assert known.all()
    np.testing.assert_array_equal(colors, [RED, BLUE])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_painted_colors_come_back(seed: int) -> None:
    ink = ellipses(seed)
    regions = find_regions(ink)
    colors = np.random.default_rng(seed).integers(0, 256, (regions.count, 3), np.uint8)
    flats = Flats(colors, np.ones(regions.count, np.float32))
    again, known = colors_of(opaque(paint(flats, regions)), regions, ink)
    assert known.all()
    np.testing.assert_array_equal(again, colors)


def test_open_regions_are_divided_along_their_paint() -> None:
    """A figure that ends at the edge of the picture, with a closed square that is painted in two colors."""
    ink = np.ones((120, 120), np.float32)
    ink[30:, 30:32] = ink[30:, 88:90] = ink[30:32, 30:90] = 0.0
    ink[112:, 28:92] = 1.0  # open at the bottom, wider than any gap
    ink[50:80, [45, 46, 74, 75]] = ink[[50, 51, 78, 79], 45:76] = 0.0
    before = np.zeros((120, 120, 4), np.uint8)
    before[31:, 31:89] = (*RED, 255)
    before[52:78, 47:60] = (*BLUE, 255)
    before[33, 33:60] = (*SKIN, 255)  # a stroke is no part
    whole = find_regions(ink, 0)
    assert whole.count == 2
    divided = divided_by_paint(whole, before, ink)
    colors, known = colors_of(before, divided, ink)
    figure = divided.labels[90, 60]
    assert figure != divided.labels[5, 5]
    assert known[figure - 1]
    np.testing.assert_array_equal(colors[figure - 1], RED)
    np.testing.assert_array_equal(np.unique(divided.labels), np.arange(1, divided.count + 1))
    assert not known[divided.labels[65, 50] - 1]
    assert int(divided.areas.sum()) == int(whole.areas.sum())
    assert divided_by_paint(whole, opaque(np.full((120, 120, 3), RED, np.uint8)), ink) is whole


def test_paint_does_not_divide_a_picture_without_open_regions() -> None:
    ink = rooms(1, 100)[8:113, 8:113]
    regions = find_regions(ink)
    before = opaque(blotches(0, *ink.shape) // 255)
    assert divided_by_paint(regions, before, ink) is regions


def test_cancelling() -> None:
    ink, guess = ellipses(0), blotches(0)
    regions = find_regions(ink)
    for task in (lambda: vote(guess, regions, ink), lambda: colors_of(opaque(guess), regions, ink)):
        answers = iter([False])
        with pytest.raises(Cancelled), cancellation.cancellable(partial(next, answers, True)):
            task()

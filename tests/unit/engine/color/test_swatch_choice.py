"""Which swatch a region takes, from its vote and from where the network looks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import cancellation
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.flats import Flats
from engine.color.swatch_choice import MatchedShares, calibrated, choose, choose_matched, held_swatches
from engine.errors import Cancelled, RequestError
from engine.palette import Palette, Swatch

PALETTE = Palette((Swatch("red", (200, 60, 60)), Swatch("blue", (60, 80, 190)), Swatch("rose", (215, 95, 95))))


def voted(*colors: tuple[int, int, int]) -> Flats:
    return Flats(np.array(colors, np.uint8), np.ones(len(colors), np.float32))


def masses(*rows: list[float]) -> NDArray[np.float32]:
    return np.array(rows, np.float32)


def test_without_attention_the_nearest_swatch_is_taken() -> None:
    choice = choose(voted((190, 50, 50), (70, 70, 200), (60, 80, 190)), None, PALETTE)
    assert choice.swatch.tolist() == [0, 1, 1]
    assert choice.certainty[2] == 1.0
    assert choice.certainty[0] < 1.0


def test_where_the_network_looks_decides_between_similar_colors() -> None:
    between = (207, 78, 78)
    looks_at_red, looks_at_rose = masses([0.9, 0.0, 0.1]), masses([0.1, 0.0, 0.9])
    assert choose(voted(between), looks_at_red, PALETTE).swatch.tolist() == [0]
    assert choose(voted(between), looks_at_rose, PALETTE).swatch.tolist() == [2]


def test_the_guess_decides_where_the_network_looks_everywhere() -> None:
    choice = choose(voted((60, 80, 190), (200, 60, 60)), masses([1 / 3] * 3, [0.0] * 3), PALETTE)
    assert choice.swatch.tolist() == [1, 0]


def test_agreement_of_both_is_certain() -> None:
    both = choose(voted((60, 80, 190)), masses([0.02, 0.96, 0.02]), PALETTE).certainty[0]
    apart = choose(voted((60, 80, 190)), masses([0.5, 0.1, 0.4]), PALETTE).certainty[0]
    assert both > 0.95
    assert apart < both


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(0, 40), st.booleans())
def test_every_color_is_a_swatch_and_moved_is_the_difference(seed: int, swatches: int, count: int, blind: bool) -> None:
    random = np.random.default_rng(seed)
    colors = random.integers(0, 256, (swatches, 3)).tolist()
    palette = Palette(tuple(Swatch(str(number), tuple(color)) for number, color in enumerate(colors)))
    flats = Flats(random.integers(0, 256, (count, 3), np.uint8), np.ones(count, np.float32))
    choice = choose(flats, None if blind else random.random((count, swatches), np.float32), palette)
    np.testing.assert_array_equal(choice.colors, palette.colors()[choice.swatch])
    wanted = ciede2000(to_lab(flats.colors), to_lab(choice.colors))
    np.testing.assert_allclose(choice.moved, wanted, rtol=1e-5, atol=1e-4)
    assert ((choice.certainty >= 0.0) & (choice.certainty <= 1.0)).all()


def test_many_regions_and_swatches_choose_as_few_do() -> None:
    """More pairs than are compared at once."""
    random = np.random.default_rng(0)
    colors = random.integers(0, 256, (400, 3)).tolist()
    palette = Palette(tuple(Swatch(str(number), tuple(color)) for number, color in enumerate(colors)))
    flats = Flats(random.integers(0, 256, (1500, 3), np.uint8), np.ones(1500, np.float32))
    attention = random.random((1500, 400), np.float32)
    whole, last = (
        choose(flats, attention, palette),
        choose(Flats(flats.colors[-3:], flats.confidence[-3:]), attention[-3:], palette),
    )
    np.testing.assert_array_equal(whole.swatch[-3:], last.swatch)
    np.testing.assert_array_equal(whole.certainty[-3:], last.certainty)


def test_an_empty_palette_is_refused() -> None:
    with pytest.raises(RequestError, match="no colors"):
        choose(voted((1, 2, 3)), None, Palette(()))


def test_cancelling() -> None:
    with pytest.raises(Cancelled), cancellation.cancellable(iter([False, True]).__next__):
        choose(voted((1, 2, 3)), masses([1.0, 0.0, 0.0]), PALETTE)


def test_held_swatches_are_exact() -> None:
    colors = np.array([(60, 80, 190), (60, 80, 191), (200, 60, 60)], np.uint8)
    twice = Palette((*PALETTE.swatches, Swatch("blue again", (60, 80, 190))))
    assert held_swatches(colors, twice).tolist() == [1, -1, 0]
    assert held_swatches(np.zeros((0, 3), np.uint8), PALETTE).shape == (0,)


def test_of_parts_not_the_likeliest_swatch_but_the_likeliest_neighborhood_is_taken() -> None:
    shades = Palette((Swatch("skin", (240, 200, 180)), Swatch("shade", (228, 188, 168)), Swatch("hair", (40, 30, 90))))
    shares = np.array([[0.35, 0.25, 0.4], [0.0, 0.1, 0.9], [0.0, 0.0, 0.0]], np.float32)
    guessed = Flats(np.array([(140, 120, 130), (140, 120, 130), (41, 30, 92)], np.uint8), np.ones(3, np.float32))
    choice = choose_matched(guessed, MatchedShares(shares, np.array([0.0, 0.0, 0.5], np.float32)), shades)
    assert choice.swatch.tolist() == [0, 2, 2]  # where nothing is known, what is nearest to the vote
    assert choice.probable
    assert choice.certainty[1] > choice.certainty[0]
    doubted = choose_matched(guessed, MatchedShares(shares, np.full(3, 0.6, np.float32)), shades)
    assert (doubted.certainty < choice.certainty)[:2].all()


def test_calibration_scales_and_shifts_the_logit() -> None:
    given = np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(calibrated(given, (1.0, 0.0)), given, rtol=1e-5)
    assert calibrated(given, (1.0, -1.0))[1] == pytest.approx(1.0 / (1.0 + np.e), rel=1e-5)

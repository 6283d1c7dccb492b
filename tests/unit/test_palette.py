"""Palettes: every color becomes the nearest swatch, and it is told how far it moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.locking import lock
from engine.errors import RequestError
from engine.palette import Palette, Swatch

channels = st.integers(0, 255)
swatches = st.builds(Swatch, st.just("s"), st.tuples(channels, channels, channels))
palettes = st.builds(Palette, st.lists(swatches, min_size=1, max_size=12).map(tuple))
color_lists = arrays.arrays(np.uint8, st.tuples(st.integers(0, 30), st.just(3)))

RED, GREEN = Swatch("red", (200, 30, 30)), Swatch("green", (30, 160, 60))
TWO = Palette((RED, GREEN), "two")


@settings(max_examples=60, deadline=None)
@given(color_lists, palettes)
def test_every_color_becomes_the_nearest_swatch(colors: NDArray[np.uint8], palette: Palette) -> None:
    locked = lock(colors, palette)
    wanted = palette.colors()
    difference = ciede2000(to_lab(colors)[:, None], to_lab(wanted)[None])
    assert np.array_equal(locked.colors, wanted[locked.swatch])
    assert locked.swatch.shape == locked.moved.shape == (len(colors),)
    np.testing.assert_allclose(locked.moved, difference.min(axis=1), rtol=1e-5)
    np.testing.assert_allclose(difference[np.arange(len(colors)), locked.swatch], locked.moved, rtol=1e-5)


@settings(max_examples=60, deadline=None)
@given(color_lists, palettes)
def test_a_locked_color_stays(colors: NDArray[np.uint8], palette: Palette) -> None:
    once = lock(colors, palette)
    twice = lock(once.colors, palette)
    assert np.array_equal(twice.colors, once.colors)
    assert not twice.moved.any()


def test_more_colors_than_are_looked_at_at_once() -> None:
    colors = np.random.default_rng(0).integers(0, 256, (200_000, 3)).astype(np.uint8)
    locked = lock(colors, TWO)
    assert np.array_equal(locked.swatch[-5:], lock(colors[-5:], TWO).swatch)
    assert np.array_equal(locked.swatch[131_060:131_080], lock(colors[131_060:131_080], TWO).swatch)


def test_of_equal_swatches_the_first_is_taken() -> None:
    palette = Palette((GREEN, Swatch("first", (9, 9, 9)), Swatch("second", (9, 9, 9))))
    assert lock(np.asarray([[9, 9, 9], [12, 9, 9]], np.uint8), palette).swatch.tolist() == [1, 1]


def test_an_empty_palette_is_refused() -> None:
    with pytest.raises(RequestError, match="no colors"):
        lock(np.zeros((2, 3), np.uint8), Palette(()))
    assert Palette(()).colors().shape == (0, 3)


def test_a_palette_is_changed_by_making_another() -> None:
    changed = TWO.with_color(1, (1, 2, 3)).renamed(0, "blood")
    assert changed == Palette((Swatch("blood", (200, 30, 30)), Swatch("green", (1, 2, 3))), "two")
    assert TWO.colors().tolist() == [[200, 30, 30], [30, 160, 60]]
    for wrong in (lambda: TWO.with_color(2, (0, 0, 0)), lambda: TWO.renamed(2, "x")):
        with pytest.raises(IndexError):
            wrong()


@pytest.mark.parametrize("color", [(256, 0, 0), (0, -1, 0), (1, 2)])
def test_no_color(color: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="three numbers"):
        Swatch("wrong", color)  # pyright: ignore[reportArgumentType]

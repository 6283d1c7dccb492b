"""CIEDE2000 against the published test data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color.difference import ciede2000

# Sharma et al. 2005, Table 1: pairs that catch the usual mistakes (hue across 0°, grey, the blue rotation term).
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "expected"), PUBLISHED)
def test_published_pairs(first: tuple[float, ...], second: tuple[float, ...], expected: float) -> None:
    assert float(ciede2000(first, second)) == pytest.approx(expected, abs=5e-5)


LAB = st.tuples(st.floats(0, 100), st.floats(-100, 100), st.floats(-100, 100))


@given(LAB, LAB)
def test_is_a_symmetric_finite_difference(first: tuple[float, ...], second: tuple[float, ...]) -> None:
    there, back = float(ciede2000(first, second)), float(ciede2000(second, first))
    assert np.isfinite(there)
    assert there == pytest.approx(back, abs=1e-6)
    assert float(ciede2000(first, first)) == pytest.approx(0.0, abs=1e-9)


def test_broadcasts_a_picture_against_a_palette() -> None:
    assert ciede2000(np.zeros((4, 5, 1, 3)), np.ones((7, 3))).shape == (4, 5, 7)


@pytest.mark.parametrize(
    ("first", "second"), [((9000, 1), (1, 3)), ((9000,), (9000,)), ((3, 5000), (5000,)), ((2,), (7000, 2))]
)
def test_many_are_as_each_by_itself(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    random = np.random.default_rng(3)
    one, two = (random.uniform(-80.0, 80.0, (*shape, 3)) for shape in (first, second))
    whole = ciede2000(one, two)
    shape = np.broadcast_shapes(first, second)
    spread = [np.broadcast_to(colors, (*shape, 3)).reshape(-1, 3) for colors in (one, two)]
    few = [ciede2000(spread[0][some], spread[1][some]) for some in np.array_split(np.arange(len(spread[0])), 20)]
    np.testing.assert_allclose(whole.reshape(-1), np.concatenate(few), rtol=1e-12)

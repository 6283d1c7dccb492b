"""A last axis of few entries: what NumPy says, bit by bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine import narrow

SHAPES = arrays.array_shapes(min_dims=2, max_dims=4, max_side=7)
FLOATS = st.sampled_from((np.float32, np.float64)).flatmap(
    lambda kind: arrays.arrays(
        kind, SHAPES, elements={"allow_nan": False, "min_value": -(2.0**20), "max_value": 2.0**20}
    )
)


@given(FLOATS)
def test_every_function_is_numpys(values: NDArray) -> None:
    for own, numpys in (
        (narrow.total(values), values.sum(axis=-1)),
        (narrow.mean(values), values.mean(axis=-1)),
        (narrow.smallest(values), values.min(axis=-1)),
        (narrow.largest(values), values.max(axis=-1)),
        (narrow.length(values), np.linalg.norm(values, axis=-1)),
    ):
        assert own.dtype == numpys.dtype
        np.testing.assert_array_equal(own, numpys)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_colors_of_a_picture_and_parts_of_it(kind: type[np.floating]) -> None:
    values = (np.random.default_rng(1).standard_normal((200, 300, 4)) * 100.0).astype(kind)
    for some in (values, values[..., :3], values[::3, 1:], np.asfortranarray(values[..., :3])):
        np.testing.assert_array_equal(narrow.total(some), some.sum(axis=-1))
        np.testing.assert_array_equal(narrow.length(some), np.linalg.norm(some, axis=-1))

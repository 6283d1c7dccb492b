"""What NumPy computes along a last axis of few entries, as channels are: the same bits in a part of the time.

NumPy goes along such an axis for each element anew; here whole channels meet each other. Equal for up to seven entries,
which NumPy adds one after another.
"""

from functools import reduce
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def total(values: NDArray[Number]) -> NDArray[Number]:
    """`values.sum(axis=-1)`, of floating point numbers."""
    return _met(np.add, values)


def mean(values: NDArray[Number]) -> NDArray[Number]:
    """`values.mean(axis=-1)`, of floating point numbers."""
    sums: Any = total(values)
    return sums / values.shape[-1]


def smallest(values: NDArray[Number]) -> NDArray[Number]:
    """`values.min(axis=-1)`."""
    return _met(np.minimum, values)


def largest(values: NDArray[Number]) -> NDArray[Number]:
    """`values.max(axis=-1)`."""
    return _met(np.maximum, values)


def length(vectors: NDArray[Number]) -> NDArray[Number]:
    """`np.linalg.norm(vectors, axis=-1)`, of floating point numbers."""
    squares: Any = np.multiply(vectors, vectors)
    return np.sqrt(total(squares))


def _met(operation: np.ufunc, values: NDArray[Number]) -> NDArray[Number]:
    first, *others = np.moveaxis(values, -1, 0)
    return reduce(operation, others, first)

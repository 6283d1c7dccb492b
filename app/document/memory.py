"""How much memory the parts of a document take, each array and image counted once however often it is used."""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtGui import QImage

from app.images.pyramid import Pyramid

Sizes = dict[int, int]  # of an array or image by its identity, in bytes

# Of frozen dataclasses that are compared by identity; looking through all leaks of all drawings anew would take long.
_known: weakref.WeakKeyDictionary[Any, Sizes] = weakref.WeakKeyDictionary()


def sizes_of(values: Iterable[object]) -> Sizes:
    """The arrays and images in dataclasses such as drawings and pages, or in tuples and tables of these."""
    found: Sizes = {}
    for value in values:
        found.update(_sizes(value))
    return found


def _sizes(value: Any) -> Sizes:
    if isinstance(value, QImage):
        return {id(value): value.sizeInBytes()}
    if hasattr(value, "nbytes") and hasattr(value, "dtype"):
        return {id(value): int(value.nbytes)}
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return sizes_of(_inside(value))
    parts = (getattr(value, name) for name in value.__dataclass_fields__)
    if type(value).__eq__ is not object.__eq__:
        return sizes_of(parts)
    if value not in _known:
        _known[value] = sizes_of(parts)
    return _known[value]


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Pyramid):
        return value.levels
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple) else ()

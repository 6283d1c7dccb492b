"""How much memory the parts of a document take, each array and image counted once however often it is used."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtGui import QImage

from app.canvas.pyramid import Pyramid

Sizes = dict[int, int]  # of an array or image by its identity, in bytes


def sizes_of(values: Iterable[object]) -> Sizes:
    """The arrays and images in dataclasses such as drawings and pages, or in tuples and tables of these."""
    found: Sizes = {}
    for value in values:
        for part in _parts(value):
            found[id(part)] = part.sizeInBytes() if isinstance(part, QImage) else int(part.nbytes)
    return found


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, QImage) or (hasattr(value, "nbytes") and hasattr(value, "dtype")):
        yield value
    elif isinstance(value, Pyramid):
        yield from value.levels
    elif isinstance(value, Mapping):
        yield from _parts(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _parts(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from _parts(getattr(value, name))

"""Fields of dataclasses that a person sets: what is known of each, and going over them."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass, field
from typing import Any

from engine.errors import RequestError

_KEY = "setting"


@dataclass(frozen=True)
class Setting:
    """What is known of a field that a person sets.

    meaning: one line, for help. low, high: the range of a number, in `unit`.
    """

    meaning: str
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def range(self) -> str:
        """The range in words: "0 to 64 pixels"."""
        low, high = (f"{one:.2f}" if isinstance(one, float) else str(one) for one in (self.low, self.high))
        return f"{low} to {high} {self.unit}".rstrip()


def setting(default: Any, meaning: str, low: float | None = None, high: float | None = None, unit: str = "") -> Any:
    """A field of a dataclass of settings."""
    return field(default=default, metadata={_KEY: Setting(meaning, low, high, unit)})


def settings_of(group: Any) -> dict[str, Setting]:
    """The settings of a group of options (an instance or its class) by name, in their order."""
    return {one.name: one.metadata[_KEY] for one in dataclasses.fields(group) if _KEY in one.metadata}


def hints_of(group: Any) -> dict[str, Any]:
    """The types of a group's settings by name."""
    kind = group if isinstance(group, type) else type(group)
    hints = typing.get_type_hints(kind)
    return {name: hints[name] for name in settings_of(kind)}


def check_ranges(group: Any) -> None:
    """Raise RequestError for a setting that is out of its range."""
    for name, known in settings_of(group).items():
        value = getattr(group, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None and known.low is not None and not known.low <= one <= (known.high or 0.0):
                raise RequestError("{0} is from {1:g} to {2:g}, not {3:g}", name, known.low, known.high, one)

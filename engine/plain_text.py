"""JSON and TOML of strangers as plain values, with limits on depth, digits, lengths and the number of values."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from typing import Any

MOST_BYTES = 16 * 2**20
MOST_VALUES = 200_000
MOST_DEPTH = 32
_LARGEST = 2**63  # of a whole number
_MOST_DIGITS = 400  # of a number as it is written; a float has 17 that count and an exponent


class Unreadable(ValueError):
    """Text that is not JSON or TOML, or more of it than anything of ours holds; the message says where or what."""


def from_json(data: bytes | str, most_bytes: int = MOST_BYTES) -> Any:
    """The values in a JSON text. Raises Unreadable."""
    return _checked(_parsed(data, most_bytes, _loads))


def from_toml(data: bytes | str, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """The values in a TOML text. Raises Unreadable, whose message for a mistake in the text says its line."""
    return _checked(_parsed(data, most_bytes, tomllib.loads))


def _parsed(data: bytes | str, most_bytes: int, parse: Callable[[str], Any]) -> Any:
    if len(data) > most_bytes:
        raise Unreadable("it is too long")
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        return parse(text)
    except UnicodeDecodeError:
        raise Unreadable("it is not in UTF-8") from None
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    except ValueError as error:  # also of numbers with thousands of digits
        raise Unreadable(str(error)) from None


def _loads(text: str) -> Any:
    return json.loads(text, parse_int=_whole_number)


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("it has a number with too many digits")
    return int(digits)


def _checked(values: Any) -> Any:
    """`values` where they are within the limits. Walks without recursion."""
    level, count = [values], 0
    for _ in range(MOST_DEPTH + 1):
        count += len(level)
        if count > MOST_VALUES:
            raise Unreadable("it has too many values")
        for value in level:
            _check(value)
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return values
    raise Unreadable("it is nested too deep")


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        for key in value:
            _check(key)
        return list(value.values())
    return value if isinstance(value, list) else []


def _check(value: Any) -> None:
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        raise Unreadable("it has a number that is too large")
    if isinstance(value, str):
        if "\0" in value:
            raise Unreadable("it has a text with the character NUL")
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise Unreadable("it has a text with half a character")

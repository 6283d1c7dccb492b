"""JSON and TOML read into plain values, within limits: the text may come from a stranger.

Limits hold for how much it is, how deep, how many values it has, how many digits a number, and which letters.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.sentences import Sentence

_LARGEST = 2**63  # of a whole number
_MOST_DIGITS = 400  # of a number as it is written; a float has 17 that count and an exponent
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Limits:
    """bytes: of the whole text. values: lists, tables and values in them; one costs Python some 60 bytes, however short
    it is in the text. depth: lists in lists. lone_surrogates: half characters and NUL may stand in texts, as names
    of files have them where a disk does not speak UTF-8; see `without_lone_surrogates`."""

    bytes: int = 16 * 2**20
    values: int = 200_000
    depth: int = 32
    lone_surrogates: bool = False


OWN = Limits(2**30, 5_000_000, 64, lone_surrogates=True)  # of what this program wrote: projects, journals, runs


class Unreadable(ValueError):
    """Text that is not JSON or TOML, or more of it than anything of ours holds; the message says where or what."""


def from_json(
    data: bytes | str, limits: Limits = Limits(), pairs: Callable[[list[tuple[str, Any]]], Any] | None = None
) -> Any:
    """The values in a JSON text. pairs: makes a table of its names and values. Raises Unreadable, and what `pairs` does
    in its place."""
    return _read(data, limits, lambda text: json.loads(text, parse_int=_whole_number, object_pairs_hook=pairs), ",[{")


def from_toml(data: bytes | str, limits: Limits = Limits()) -> dict[str, Any]:
    """The values in a TOML text. Raises Unreadable, whose message for a mistake in the text says its line."""
    return _read(data, limits, tomllib.loads, ",[{=")


def without_lone_surrogates(text: str) -> str:
    """The text with a replacement character for each code that is no character: such a text cannot be written."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def _read(data: bytes | str, limits: Limits, parse: Callable[[str], Any], marks: str) -> Any:
    """marks: the letters one of which stands before every value but the first."""
    if len(data) > limits.bytes:
        raise Unreadable(Sentence("it is too long"))
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        # Before there are values: texts of a few letters each would fill the memory.
        if sum(map(text.count, marks)) > limits.values:
            raise Unreadable(Sentence("it has too many values"))
        values = parse(text)
    except UnicodeDecodeError:
        raise Unreadable(Sentence("it is not UTF-8 text; save it as UTF-8")) from None
    except RecursionError:
        raise Unreadable(Sentence("it is nested too deep")) from None
    except ValueError as error:  # also of numbers with thousands of digits
        raise error if isinstance(error, Unreadable) else Unreadable(str(error)) from None
    _check_all(values, limits)
    return values


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise Unreadable(Sentence("it has a number with too many digits"))
    return int(digits)


def _check_all(values: Any, limits: Limits) -> None:
    """Raise Unreadable for what is beyond the limits. Walks without recursion."""
    level = [values]
    for _ in range(limits.depth + 1):
        for value in level:
            _check(value, limits)
        level = [inner for value in level for inner in _inside(value, limits)]
        if not level:
            return
    raise Unreadable(Sentence("it is nested too deep"))


def _inside(value: Any, limits: Limits) -> list[Any]:
    if isinstance(value, dict):
        for key in value:
            _check(key, limits)
        return list(value.values())
    return value if isinstance(value, list) else []


def _check(value: Any, limits: Limits) -> None:
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        raise Unreadable(Sentence("it has a number that is too large"))
    if isinstance(value, str) and not limits.lone_surrogates:
        if "\0" in value:
            raise Unreadable(Sentence("it has a text with the character NUL"))
        if not value.isascii() and _LONE_SURROGATE.search(value):
            raise Unreadable(Sentence("it has a text with half a character"))

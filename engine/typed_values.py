"""Plain values, as JSON and TOML hold them, into frozen dataclasses: strictly, by their type hints."""

import contextlib
import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Union

from engine.errors import NurieError

_LATER = "later"


def later(default: Any) -> Any:
    """The default of a dataclass's field that came after the first files were written, where it changes nothing.

    `telling` leaves it out then, so that files and hashes of before still mean the same.
    """
    return dataclasses.field(default=default, metadata={_LATER: True})


def telling(settings: Any) -> dict[str, Any]:
    """A dataclass as values that tell it from others, the same ones as when it had fewer fields (see `later`)."""
    new = {one.name for one in dataclasses.fields(settings) if one.metadata.get(_LATER)}
    defaults = {one.name: one.default for one in dataclasses.fields(settings)}
    values = dataclasses.asdict(settings)
    return {name: value for name, value in values.items() if name not in new or value != defaults[name]}


_MOST_KEYS, _MOST_KEY, _MOST_PATH = 5, 40, 80  # letters of names that a message repeats


class Misfit(Exception):
    """Values that are not such a dataclass. path: where, as in "stages[1].size"; "" for the whole."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = _shortened(path, _MOST_PATH)


class UnknownKeys(Misfit):
    """Keys, in the order of the file, that the dataclass at `path` does not have; known: those it has."""

    def __init__(self, path: str, keys: tuple[str, ...], known: tuple[str, ...]) -> None:
        self.keys, self.known = _short(keys), known
        super().__init__(path, f"unknown: {', '.join(self.keys)}")


class MissingKeys(Misfit):
    """Keys without a default that are not there."""

    def __init__(self, path: str, keys: tuple[str, ...]) -> None:
        super().__init__(path, f"missing: {', '.join(keys)}")
        self.keys = keys


class WrongType(Misfit):
    """A value of a type its hint does not allow; allowed: in words, as in "a list of 2 numbers"."""

    def __init__(self, path: str, value: Any, hint: Any) -> None:
        self.value, self.allowed = value, describe(hint)
        super().__init__(path, f"must be {self.allowed}, not {shown(value)}")


class Refused(Misfit):
    """What the dataclass's own check said; the message is that error's."""


def to_dataclass(cls: type, values: Any, path: str = "") -> Any:
    """An instance of the dataclass `cls` from a mapping of plain values.

    Lists become tuples and mappings nested dataclasses where the hints say so, and an int will do where a float is
    asked for; a float is finite, a bool is no int. A key that is missing takes its default if it has one. Raises
    Misfit, with a path that begins with `path`.
    """
    if not isinstance(values, Mapping):
        raise WrongType(path, values, cls)
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}
    unknown = tuple(key for key in values if key not in fields)
    if unknown:
        raise UnknownKeys(path, unknown, tuple(fields))
    missing = tuple(name for name, field in fields.items() if name not in values and not _has_default(field))
    if missing:
        raise MissingKeys(path, missing)
    hints = typing.get_type_hints(cls)
    taken = {name: _value(hints[name], value, joined(path, name)) for name, value in values.items()}
    try:
        return cls(**taken)
    except (TypeError, ValueError, NurieError) as error:
        raise Refused(path, str(error)) from error


def _short(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys of a stranger as a message shows them."""
    more = ("...",) if len(keys) > _MOST_KEYS else ()
    return (*(_shortened(str(key), _MOST_KEY) for key in keys[:_MOST_KEYS]), *more)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."


def joined(path: str, key: str) -> str:
    """The path of a key in the table at `path`."""
    return f"{path}.{key}" if path else key


def shown(value: Any) -> str:
    """A value as a message shows it, at most 40 characters."""
    if isinstance(value, str | bytes):
        value = value[:41]
    try:
        return _shortened(repr(value), 40)
    except (ValueError, RecursionError):  # a number of thousands of digits; lists in lists in lists
        return f"a very long {type(value).__name__}"


def describe(hint: Any) -> str:
    """What a type hint allows, in words: "a whole number", "'a' or 'b'", "a list of 2 numbers"."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        return _listed([describe(choice) for choice in arguments])
    if origin is Literal:
        return _listed([repr(choice) for choice in arguments])
    if origin in (tuple, list):
        one = arguments[0]
        count = "" if origin is list or arguments[-1] is Ellipsis else f"{len(arguments)} "
        return f"a list of {count}{_PLURALS.get(one, 'tables' if dataclasses.is_dataclass(one) else 'values')}"
    if origin is dict or dataclasses.is_dataclass(hint):
        return "a table of settings"
    return _WORDS.get(hint, "another value")


_WORDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false", type(None): "nothing"}
_PLURALS = {int: "whole numbers", float: "numbers", str: "texts", bool: "truth values"}


def _listed(choices: list[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _has_default(field: "dataclasses.Field[Any]") -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _value(hint: Any, value: Any, path: str) -> Any:
    """A plain value as the type `hint`, or Misfit."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        for choice in arguments:
            with contextlib.suppress(Misfit):
                return _value(choice, value, path)
    elif origin in (tuple, list) and isinstance(value, list | tuple):
        return _sequence(hint, value, path)
    elif origin is dict and isinstance(value, dict):
        return {key: _value(arguments[1], item, joined(path, key)) for key, item in value.items()}
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return to_dataclass(hint, value, path)
    elif hint is float:
        if _is_number(value):
            return float(value)
    elif _is_scalar(hint, value):
        return value
    raise WrongType(path, value, hint)


def _is_number(value: Any) -> bool:
    """JSON knows neither NaN nor infinity, though Python reads them; and an int may be beyond every float."""
    try:
        return type(value) in (int, float) and math.isfinite(value)
    except OverflowError:
        return False


def _is_scalar(hint: Any, value: Any) -> bool:
    """Bool is no int here, though Python thinks so."""
    if typing.get_origin(hint) is Literal:
        return any(value == choice and type(value) is type(choice) for choice in typing.get_args(hint))
    return hint is Any or type(value) is hint or (hint is str and isinstance(value, str))  # a Sentence is a text


def _sequence(hint: Any, value: Any, path: str) -> Any:
    kind, arguments = typing.get_origin(hint), typing.get_args(hint)
    repeated = kind is list or (len(arguments) == 2 and arguments[1] is Ellipsis)
    hints = (arguments[0],) * len(value) if repeated else arguments
    if len(hints) != len(value):
        raise WrongType(path, value, hint)
    return kind(_value(one, item, f"{path}[{i}]") for i, (one, item) in enumerate(zip(hints, value, strict=True)))

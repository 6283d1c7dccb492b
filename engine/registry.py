"""Architecture id -> (Config dataclass, Module class).

An entry may be a dotted path ("package.module:Name") that is resolved when it is used, so that importing the registry,
or reading what a checkpoint says about itself, does not import torch.
"""

import contextlib
import dataclasses
import importlib
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union

from engine.errors import CheckpointError


@dataclass(frozen=True)
class Architecture:
    """One network: its id, its frozen Config dataclass, and the Module class that is called with a config."""

    id: str
    config: type
    module: type


_entries: dict[str, tuple[str | type, str | type]] = {}


def register(architecture: str, config: str | type, module: str | type) -> None:
    """Make an architecture known. `config` and `module` are classes or dotted paths "package.module:Name".

    Raises ValueError when the id is taken: two networks under one id would silently load each other's weights.
    """
    if architecture in _entries:
        raise ValueError(f"the architecture '{architecture}' is registered already")
    _entries[architecture] = (config, module)


def known() -> tuple[str, ...]:
    """The ids of all architectures, sorted. Imports nothing."""
    return tuple(sorted(_entries))


def require(architecture: str) -> None:
    """Raise CheckpointError, naming the known ones, when the architecture is unknown. Imports nothing."""
    if architecture not in _entries:
        raise CheckpointError(
            f"The model needs the architecture '{architecture}', which this version of Nurie does not have "
            f"(it has: {', '.join(known())}); update Nurie or choose another model."
        )


def find(architecture: str) -> Architecture:
    """The Config and Module classes of an id, imported now if they were not yet. Raises CheckpointError if unknown."""
    require(architecture)
    config, module = _entries[architecture]
    return Architecture(architecture, _resolve(config), _resolve(module))


def make_config(architecture: str, values: Mapping[str, Any]) -> Any:
    """The Config of an architecture from the plain values that a checkpoint's JSON holds.

    Lists become tuples where the field says so. A field that is missing takes the dataclass's default if it has one, so
    that a config may grow; unknown keys, missing ones without a default and values of a wrong type raise
    CheckpointError, and so does whatever the Config itself refuses (ValueError).
    """
    return _dataclass_from(find(architecture).config, values, f"architecture '{architecture}'")


def _resolve(entry: str | type) -> type:
    if isinstance(entry, type):
        return entry
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def _dataclass_from(cls: type, values: Any, where: str) -> Any:
    if not isinstance(values, Mapping):
        raise CheckpointError(f"The model's config is damaged: {where} needs an object of settings.")
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}
    unknown = sorted(set(values) - set(fields))
    if unknown:
        raise CheckpointError(
            f"The model's config has settings that {where} does not know ({', '.join(unknown)}); "
            "update Nurie or choose another model."
        )
    missing = [
        name
        for name, field in fields.items()
        if name not in values and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise CheckpointError(f"The model's config is damaged: {where} misses {', '.join(missing)}.")
    hints = typing.get_type_hints(cls)
    taken = {name: _value_from(hints[name], value, name) for name, value in values.items()}
    try:
        return cls(**taken)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"The model's config does not fit {where}: {error}.") from error


def _value_from(hint: Any, value: Any, where: str) -> Any:
    """A JSON value as the type `hint`, or CheckpointError."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        for choice in arguments:
            with contextlib.suppress(CheckpointError):
                return _value_from(choice, value, where)
    elif origin in (tuple, list) and isinstance(value, list | tuple):
        return _sequence_from(origin, arguments, value, where)
    elif origin is dict and isinstance(value, dict):
        return {key: _value_from(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    elif dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_from(hint, value, where)
    elif _is_scalar(hint, value):
        return float(value) if hint is float else value
    raise CheckpointError(f"The model's config is damaged: '{where}' cannot be {_shown(value)}.")


def _is_scalar(hint: Any, value: Any) -> bool:
    """Bool is no int here, though Python thinks so; an int will do where a float is asked for."""
    if typing.get_origin(hint) is Literal:
        return any(value == choice and type(value) is type(choice) for choice in typing.get_args(hint))
    if hint is float:
        return type(value) in (int, float)
    return hint is Any or (value is None if hint is None else type(value) is hint)


def _sequence_from(kind: type, arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    if kind is list or (len(arguments) == 2 and arguments[1] is Ellipsis):
        hints = (arguments[0],) * len(value)
    else:
        hints = arguments
    if len(hints) != len(value):
        raise CheckpointError(f"The model's config is damaged: '{where}' needs {len(hints)} values, not {len(value)}.")
    return kind(
        _value_from(hint, item, f"{where}[{i}]") for i, (hint, item) in enumerate(zip(hints, value, strict=True))
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."


register("sga", "engine.architectures.sga_generator:SGAConfig", "engine.architectures.sga_generator:SGAGenerator")

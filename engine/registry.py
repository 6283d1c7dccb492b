"""Architecture id -> (Config dataclass, Module class).

An entry may be a dotted path ("package.module:Name") that is resolved when it is used, so that importing the registry,
or reading what a checkpoint says about itself, does not import torch.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import typed_values
from engine.errors import CheckpointError
from engine.typed_values import Misfit, shown


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
    try:
        return typed_values.to_dataclass(find(architecture).config, values)
    except Misfit as error:
        raise CheckpointError(_explained(error, f"architecture '{architecture}'")) from error


def _resolve(entry: str | type) -> type:
    if isinstance(entry, type):
        return entry
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def _explained(error: Misfit, whole: str) -> str:
    """The sentence for a config that does not fit; whole: what its outermost settings are of."""
    where = f"'{error.path}'" if error.path else whole
    match error:
        case typed_values.UnknownKeys():
            return (
                f"The model's config has settings that {where} does not know ({', '.join(error.keys)}); "
                "update Nurie or choose another model."
            )
        case typed_values.MissingKeys():
            return f"The model's config is damaged: {where} misses {', '.join(error.keys)}."
        case typed_values.WrongType(path=""):
            return f"The model's config is damaged: {where} needs an object of settings."
        case typed_values.WrongType():
            return f"The model's config is damaged: {where} must be {error.allowed}, not {shown(error.value)}."
        case _:
            return f"The model's config does not fit {where}: {error}."


register("sga", "engine.architectures.sga_generator:SGAConfig", "engine.architectures.sga_generator:SGAGenerator")
register("parts", "engine.architectures.parts:PartsConfig", "engine.architectures.parts:PartsMatcher")

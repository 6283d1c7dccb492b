"""Architecture id -> (Config dataclass, Module class, Colorizer class, abilities): one row an engine.

A class may be a dotted path ("package.module:Name") that is resolved when it is used, so that importing the registry,
reading what a checkpoint says about itself, or asking what an engine can do, does not import torch.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine import typed_values
from engine.colorizer import Abilities, Colorizer
from engine.errors import CheckpointError
from engine.sentences import Sentence
from engine.typed_values import Misfit, shown

if TYPE_CHECKING:
    from engine.device import Device


@dataclass(frozen=True)
class Architecture:
    """One network: its id, its frozen Config dataclass, and the Module class that is called with a config."""

    id: str
    config: type
    module: type


class MakeColorizer(Protocol):
    """What runs a network: a class of `engine.colorizers`, called with the built network and where it is to run.

    The second argument is the `CheckpointInfo` that the network was built from.
    """

    def __call__(self, network: Any, info: Any, where: "Device", /) -> Colorizer:
        """A model ready to color; it may keep and change the network."""
        ...


@dataclass(frozen=True)
class _Row:
    config: str | type
    module: str | type
    colorizer: str | MakeColorizer | None
    abilities: Abilities
    points_to_files: bool = False


_rows: dict[str, _Row] = {}


def register(
    architecture: str,
    config: str | type,
    module: str | type,
    colorizer: str | MakeColorizer | None = None,
    abilities: Abilities | None = None,
    points_to_files: bool = False,
) -> None:
    """Make an architecture known. Classes may be dotted paths "package.module:Name".

    colorizer: what runs it, None for a network that colors no drawings. points_to_files: its weights lie in files of
    others, `files` of its config, and a checkpoint holds none; its module is a `PointingNetwork`. Raises ValueError
    when the id is taken: two networks under one id would silently load each other's weights.
    """
    if architecture in _rows:
        raise ValueError(f"the architecture '{architecture}' is registered already")
    _rows[architecture] = _Row(config, module, colorizer, abilities or Abilities(), points_to_files)


def known() -> tuple[str, ...]:
    """The ids of all architectures, sorted. Imports nothing."""
    return tuple(sorted(_rows))


def require(architecture: str) -> None:
    """Raise CheckpointError, naming the known ones, when the architecture is unknown. Imports nothing."""
    if architecture not in _rows:
        raise CheckpointError(
            "The model needs the architecture '{0}', which this version of Nurie does not have "
            "(it has: {1}); update Nurie or choose another model.",
            architecture,
            ", ".join(known()),
        )


def find(architecture: str) -> Architecture:
    """The Config and Module classes of an id, imported now if they were not yet. Raises CheckpointError if unknown."""
    require(architecture)
    row = _rows[architecture]
    return Architecture(architecture, _resolve(row.config), _resolve(row.module))


def abilities(architecture: str) -> Abilities:
    """What the engine of an id can do. Imports nothing. Raises CheckpointError if unknown."""
    require(architecture)
    return _rows[architecture].abilities


def points_to_files(architecture: str) -> bool:
    """Whether models of an id hold no weights, and point to files of others. Raises CheckpointError if unknown."""
    require(architecture)
    return _rows[architecture].points_to_files


def colorizer(architecture: str) -> MakeColorizer | None:
    """What runs an architecture, imported now if it was not yet; None for a network that colors no drawings.

    Raises CheckpointError if the architecture is unknown.
    """
    require(architecture)
    entry = _rows[architecture].colorizer
    return None if entry is None else _resolve(entry)


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


def _resolve(entry: Any) -> Any:
    if not isinstance(entry, str):
        return entry
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def _explained(error: Misfit, whole: str) -> str:
    """The sentence for a config that does not fit; whole: what its outermost settings are of."""
    where = f"'{error.path}'" if error.path else whole
    match error:
        case typed_values.UnknownKeys():
            return Sentence(
                "The model's config has settings that {0} does not know ({1}); update Nurie or choose another model.",
                where,
                ", ".join(error.keys),
            )
        case typed_values.MissingKeys():
            return Sentence("The model's config is damaged: {0} misses {1}.", where, ", ".join(error.keys))
        case typed_values.WrongType(path=""):
            return Sentence("The model's config is damaged: {0} needs an object of settings.", where)
        case typed_values.WrongType():
            return Sentence(
                "The model's config is damaged: {0} must be {1}, not {2}.", where, error.allowed, shown(error.value)
            )
        case _:
            return Sentence("The model's config does not fit {0}: {1}.", where, error)


register(
    "sga",
    config="engine.architectures.sga_generator:SGAConfig",
    module="engine.architectures.sga_generator:SGAGenerator",
    colorizer="engine.colorizers.reference:ReferenceColorizer",
    abilities=Abilities(masks=True, weights=True, adapting=True, parts=True),
)
register(
    "style",
    config="engine.architectures.style_unet:StyleConfig",
    module="engine.architectures.style_unet:StyleUNet",
    colorizer="engine.colorizers.reference:ReferenceColorizer",
    abilities=Abilities(masks=True, weights=True),
)
register(
    "keyframe",
    config="engine.architectures.keyframe:KeyframeConfig",
    module="engine.architectures.keyframe:KeyframeNetwork",
    colorizer="engine.colorizers.reference:ReferenceColorizer",
)
register(
    "split",
    config="engine.architectures.split_config:SplitConfig",
    module="engine.architectures.split_diffusion:SplitColorizer",
    colorizer="engine.colorizers.dividing:DividingColorizer",
    abilities=Abilities(
        masks=True,
        weights=True,
        sampling=("seed", "steps", "guidance", "mode", "sketch_guidance", "strength"),
        previews=True,
    ),
)
register(
    "stable",
    config="engine.architectures.stable_config:StableConfig",
    module="engine.architectures.stable_diffusion:StableDiffusion",
    colorizer="engine.colorizers.assembled:AssembledColorizer",
    abilities=Abilities(
        masks=True,
        weights=True,
        sampling=("seed", "steps", "guidance", "mode", "sketch_guidance", "strength"),
        previews=True,
    ),
    points_to_files=True,
)
register("parts", "engine.architectures.parts:PartsConfig", "engine.architectures.parts:PartsMatcher")

"""The settings of a run as a TOML or JSON file.

A file says only what differs from a preset, which `preset = "paper"` (the default) or `preset = "compact"` names at its
top; `preset` in [network] does the same for the network alone. [[stages]] replaces all stages of the preset. Folders
and files (output, start, data.folders, losses.perceptual_network) are relative to the folder of the file.
"""

import dataclasses
import difflib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import plain_text, typed_values
from engine.errors import TrainingError
from engine.typed_values import Misfit, joined, shown
from trainer import recipes
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.recipes.base import Recipe

NETWORK_WORDS = ("auto", "download", "seeded")  # values of losses.perceptual_network that are no files
_TOP, _PRESET = "the top of the file", "preset"
_TABLES: dict[str, type] = {
    _TOP: TrainConfig,
    "[data]": DataConfig,
    "[[stages]]": Stage,
    "[losses]": LossConfig,
    "[optimizer]": OptimizerConfig,
}
_UNITS = {"": 1, "b": 1} | {
    unit: base**power
    for power, letter in enumerate("kmgt", 1)
    for unit, base in ((f"{letter}b", 1000), (f"{letter}ib", 1024))
}
_OF_A_RUN = plain_text.Limits(lone_surrogates=True)  # which keeps its settings as JSON, with the names of its folders


def read(path: Path, preset: str | None = None) -> TrainConfig:
    """The settings in a file that ends in .toml or .json; `preset` takes the place of the one the file names.

    Raises TrainingError, one sentence with the file's name, for a file that cannot be read or understood.
    """
    try:
        values = _parsed(path)
        if preset is not None and isinstance(values, dict):
            values[_PRESET] = preset
        return _placed(from_values(values), path.parent)
    except TrainingError as error:
        raise TrainingError("{0}: {1}", path, error) from error


def from_values(values: Mapping[str, Any], base: TrainConfig | None = None) -> TrainConfig:
    """The settings in plain values, as a file holds them; what they do not name is as in `base`, or as in their preset.

    Raises TrainingError for an unknown key, naming its likely place or spelling, and for a value that is not allowed.
    """
    recipe = None
    try:
        if not isinstance(values, Mapping):
            raise typed_values.WrongType("", values, TrainConfig)
        named = dict(values)
        recipe = recipes.find(_architecture(named, base))
        preset = _preset(recipe, named.pop(_PRESET, None), _PRESET)
        start = to_values(preset or base or TrainConfig.paper())
        if start["architecture"] != recipe.architecture:
            start |= {"architecture": recipe.architecture, "network": {}}
        if isinstance(network := named.get("network"), Mapping):
            network = dict(network)
            if chosen := _preset(recipe, network.pop(_PRESET, None), f"network.{_PRESET}"):
                start["network"] = to_values(chosen)["network"]
            named["network"] = network
        if isinstance(named.get("shard_size"), str):
            named["shard_size"] = parse_size(named["shard_size"])
        merged = _merged(start, named)
        # Which settings a network has is known by its architecture only.
        merged["network"] = typed_values.to_dataclass(recipe.settings, merged["network"], "network")
        return typed_values.to_dataclass(TrainConfig, merged)
    except Misfit as error:
        raise TrainingError(_explained(error, recipe)) from error


def to_values(config: TrainConfig) -> dict[str, Any]:
    """The settings as JSON's values: `from_values` makes an equal config of them."""
    return json.loads(json.dumps(dataclasses.asdict(config)))


def to_json(config: TrainConfig) -> str:
    """The settings as the text of a JSON file. ASCII only, so that any folder, even one with a broken name, works."""
    return json.dumps(to_values(config), indent=2) + "\n"


def parse_size(text: str) -> int:
    """Bytes from "15MiB", "10 MB", "1.5GiB" or "65536". Raises TrainingError."""
    found = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([a-z]{0,3})", text.strip().lower(), re.ASCII)
    if found is None or found[2] not in _UNITS:
        raise TrainingError("{0} is no size of a file: write it like 15MiB, 10MB or 65536.", shown(text))
    return round(float(found[1]) * _UNITS[found[2]])


def _parsed(path: Path) -> Any:
    suffix = path.suffix.lower()
    if suffix not in (".toml", ".json"):
        raise TrainingError("A file of settings must end in .toml or .json.")
    try:
        data = path.read_bytes()
        return plain_text.from_toml(data) if suffix == ".toml" else plain_text.from_json(data, _OF_A_RUN)
    except OSError as error:
        raise TrainingError("The file of settings cannot be read ({0}).", error.strerror or error) from error
    except plain_text.Unreadable as error:
        raise TrainingError("This is not valid {0}: {1}.", suffix[1:].upper(), error) from error


def _architecture(values: Mapping[str, Any], base: TrainConfig | None) -> str:
    default = base.architecture if base is not None else TrainConfig.architecture
    preset = values.get(_PRESET)
    named = values.get("architecture", (isinstance(preset, str) and recipes.of_preset(preset)) or default)
    if not isinstance(named, str):
        raise typed_values.WrongType("architecture", named, str)
    return named


def _preset(recipe: Recipe, name: Any, path: str) -> TrainConfig | None:
    if name is None:
        return None
    if not isinstance(name, str) or name not in recipe.presets:
        there = f"choose {' or '.join(recipe.presets)}" if recipe.presets else f"'{recipe.architecture}' has none"
        raise TrainingError("There is no preset {0} for '{1}': {2}.", shown(name), path, there)
    return recipe.presets[name]()


def _merged(base: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` over `base`, table by table; lists, such as the stages, are replaced as a whole."""
    merged = dict(base)
    for key, value in values.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _placed(config: TrainConfig, folder: Path) -> TrainConfig:
    """Absolute paths, so that the copy of the settings in the run's folder means the same places."""

    def place(name: str) -> str:
        if "\0" in name:
            raise TrainingError("{0} is no name of a file or folder: it has a NUL character in it.", shown(name))
        return str((folder / name).absolute())

    losses, data = config.losses, config.data
    if losses.perceptual_network not in NETWORK_WORDS:
        losses = dataclasses.replace(losses, perceptual_network=place(losses.perceptual_network))
    data = dataclasses.replace(data, folders=tuple(place(name) for name in data.folders))
    paths = {"output": config.output and place(config.output), "start": config.start and place(config.start)}
    return dataclasses.replace(config, **paths, data=data, losses=losses)


def _explained(error: Misfit, recipe: Recipe | None) -> str:
    """The sentence for settings that do not fit."""
    match error:
        case typed_values.UnknownKeys():
            return _unknown(error, recipe)
        case typed_values.MissingKeys():
            return f"The setting '{joined(error.path, error.keys[0])}' is missing."
        case typed_values.WrongType(path=""):
            return "The settings must be a table."
        case typed_values.WrongType():
            return f"The setting '{error.path}' {error}."
        case _:  # its own check says which setting, but not in which table
            return f"In {error.path}: {error}" if error.path else str(error)


def _unknown(error: typed_values.UnknownKeys, recipe: Recipe | None) -> str:
    tables = _TABLES | ({} if recipe is None else {"[network]": recipe.settings})
    key = error.keys[0]
    known = [*error.known, *([_PRESET] if error.path in ("", "network") else [])]
    elsewhere = [table for table, cls in tables.items() if key in {field.name for field in dataclasses.fields(cls)}]
    near = difflib.get_close_matches(key, known, n=1)
    if elsewhere:
        hint = f"'{key}' belongs into {' or '.join(elsewhere)}"
    elif near:
        hint = f"did you mean '{near[0]}'?"
    else:
        hint = f"there are {', '.join(known)}"
    return f"There is no setting '{joined(error.path, key)[:80]}'; {hint}{'' if hint.endswith('?') else '.'}"

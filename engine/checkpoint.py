"""Checkpoints: a safetensors file whose header also says, as JSON, what the weights are and where they come from.

The header's `__metadata__` has one entry, "nurie", a JSON object: format_version, architecture, config, name,
description, provenance, licence, attributions, and base where the file holds only what changes another model (see
`engine.adaptation`). One entry only, because safetensors writes its metadata in no fixed order, and the same weights
should give the same file. Nothing is ever unpickled: a pickle can run code.
"""

import dataclasses
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import plain_text, registry
from engine.checkpoint_header import Header, read_header
from engine.errors import CheckpointError, PictureError

if TYPE_CHECKING:
    from torch import Tensor

FORMAT_VERSION = 1
METADATA_KEY = "nurie"

# format_version -> what lifts the metadata of that version to the next one.
MIGRATIONS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True)
class BaseModel:
    """The model that an adapted one changes: the name it was known by, and the SHA-256 of its file in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True)
class CheckpointInfo:
    """What a checkpoint says about itself.

    architecture: an id of `engine.registry`; config: its Config as plain JSON values.
    provenance: how it was trained (data, pictures, hours, seed, command, commit), as far as known.
    licence: of the weights. attributions: one sentence for each source that asks to be named.
    parts: of an adapted model, the file of the matching network that it changes too; None where it leaves that alone.
    """

    architecture: str
    config: dict[str, Any]
    name: str
    description: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)
    licence: str = ""
    attributions: tuple[str, ...] = ()
    format_version: int = FORMAT_VERSION
    base: BaseModel | None = None
    parts: BaseModel | None = None


_OPTIONAL = ("base", "parts")


def save(path: Path, state_dict: "Mapping[str, Tensor]", info: CheckpointInfo) -> None:
    """Write a checkpoint; tensors keep the type they have (bf16, fp16 or fp32). An older file stays if this fails.

    Raises CheckpointError when the file cannot be written, when the architecture is unknown, and when the config or the
    provenance is not plain JSON (such a file could not be read back).
    """
    import safetensors.torch

    from engine.export.atomic import atomic_path

    registry.require(info.architecture)
    try:
        values = {
            key: value for key, value in dataclasses.asdict(info).items() if key not in _OPTIONAL or value is not None
        }
        metadata = json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CheckpointError("The checkpoint's description is not plain JSON: {0}.", error) from error
    # Copies, because safetensors refuses tensors that share memory, as views of one storage do.
    tensors = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in state_dict.items()}
    try:
        with atomic_path(path) as temporary:
            temporary.write_bytes(safetensors.torch.save(tensors, metadata={METADATA_KEY: metadata}))
    except PictureError as error:
        # `atomic_path` serves pictures first, so that is what its errors are called.
        raise CheckpointError("The model was not saved, an older file stays as it was: {0}", error) from error


def read_info(path: Path) -> CheckpointInfo:
    """What the checkpoint says about itself, without reading a weight and without importing torch.

    Checks the whole header, the file's length and that the architecture is known. Raises CheckpointError.
    """
    return info_of(path, read_header(path))


def load_stored(path: Path, device: str = "cpu") -> "dict[str, Tensor]":
    """The tensors of a model file as they stand in it. Raises CheckpointError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path, device=device)
    except (OSError, SafetensorError, ValueError) as error:
        raise CheckpointError("The model file {0} cannot be read: {1}.", path, error) from error


def info_of(path: Path, header: Header) -> CheckpointInfo:
    """The same, of a header that was read. path: for the message. Raises CheckpointError."""
    text = header.metadata.get(METADATA_KEY)
    if text is None:
        raise CheckpointError(
            "{0} holds weights of another program: it has no Nurie description; choose a model made for Nurie.", path
        )
    try:
        values = plain_text.from_json(text)
    except plain_text.Unreadable as error:
        raise CheckpointError("The description in the model file {0} is damaged; get the file again.", path) from error
    if not isinstance(values, dict):
        raise CheckpointError("The description in the model file {0} is damaged; get the file again.", path)
    values = _migrated(path, values)
    _require_types(path, values)
    named = {key: BaseModel(**values[key]) for key in _OPTIONAL if key in values}
    info = CheckpointInfo(**{**values, "attributions": tuple(values.get("attributions", ())), **named})
    registry.require(info.architecture)
    return info


def _migrated(path: Path, values: dict[str, Any]) -> dict[str, Any]:
    version = values.get("format_version")
    if type(version) is not int or version < 1:
        raise CheckpointError("The model file {0} does not say which format it has; get the file again.", path)
    if version > FORMAT_VERSION:
        raise CheckpointError(
            "The model file {0} was made by a newer Nurie (format {1}, this one reads up to {2}); update Nurie.",
            path,
            version,
            FORMAT_VERSION,
        )
    while version < FORMAT_VERSION:
        values = MIGRATIONS[version](values)
        version += 1
        values["format_version"] = version
    return values


def _require_types(path: Path, values: dict[str, Any]) -> None:
    """Check the description field by field, so that what it says can be trusted from here on."""
    types: dict[str, type] = {
        "architecture": str, "config": dict, "name": str, "description": str,
        "provenance": dict, "licence": str, "attributions": list, "format_version": int,
        "base": dict, "parts": dict,
    }  # fmt: skip
    wrong = [key for key, value in values.items() if key not in types or not isinstance(value, types[key])]
    wrong += [key for key in ("architecture", "config", "name") if key not in values]
    lines = values.get("attributions", [])
    if isinstance(lines, list) and not all(isinstance(line, str) for line in lines):
        wrong.append("attributions")
    for key in _OPTIONAL:
        named = values.get(key)
        if isinstance(named, dict) and not (
            set(named) == {"name", "sha256"} and all(isinstance(text, str) for text in named.values())
        ):
            wrong.append(key)
    if "parts" in values and "base" not in values:
        wrong.append("parts")
    if wrong:
        raise CheckpointError(
            "The description in the model file {0} is damaged ({1}); get the file again.",
            path,
            ", ".join(sorted(set(wrong))),
        )

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

from engine import plain_json, registry
from engine.checkpoint_header import Header, read_header
from engine.errors import CheckpointError, PictureError

if TYPE_CHECKING:
    from torch import Tensor, nn

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


def save(path: Path, state_dict: "Mapping[str, Tensor]", info: CheckpointInfo) -> None:
    """Write a checkpoint; tensors keep the type they have (bf16, fp16 or fp32). An older file stays if this fails.

    Raises CheckpointError when the file cannot be written, when the architecture is unknown, and when the config or the
    provenance is not plain JSON (such a file could not be read back).
    """
    import safetensors.torch

    from engine.export.atomic import atomic_path

    registry.require(info.architecture)
    try:
        values = {key: value for key, value in dataclasses.asdict(info).items() if key != "base" or value is not None}
        metadata = json.dumps(values, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CheckpointError(f"The checkpoint's description is not plain JSON: {error}.") from error
    # Copies, because safetensors refuses tensors that share memory, as views of one storage do.
    tensors = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in state_dict.items()}
    try:
        with atomic_path(path) as temporary:
            temporary.write_bytes(safetensors.torch.save(tensors, metadata={METADATA_KEY: metadata}))
    except PictureError as error:
        # `atomic_path` serves pictures first, so that is what its errors are called.
        raise CheckpointError(f"The model was not saved, an older file stays as it was: {error}") from error


def read_info(path: Path) -> CheckpointInfo:
    """What the checkpoint says about itself, without reading a weight and without importing torch.

    Checks the whole header, the file's length and that the architecture is known. Raises CheckpointError.
    """
    return _info_of(path, read_header(path))


def load(path: Path, device: str = "cpu") -> "tuple[CheckpointInfo, dict[str, Tensor]]":
    """The checkpoint's description and its tensors, in the types they were stored in.

    An adapted model comes merged with its base, in fp32 what it changes. Raises CheckpointError, also where the base is
    missing.
    """
    info = read_info(path)
    tensors = load_stored(path, device)
    if info.base is None:
        return info, tensors
    from engine import adaptation

    return info, adaptation.merged(path, info, tensors, device)


def load_stored(path: Path, device: str = "cpu") -> "dict[str, Tensor]":
    """The tensors of a model file as they stand in it. Raises CheckpointError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path, device=device)
    except (OSError, SafetensorError, ValueError) as error:
        raise CheckpointError(f"The model file {path} cannot be read: {error}.") from error


def build(path: Path) -> "tuple[CheckpointInfo, nn.Module]":
    """The module a checkpoint describes, with its weights, in fp32 on the CPU and in evaluation mode.

    Raises CheckpointError for everything `load` does, and when the weights and the architecture do not match exactly.
    """
    info, state = load(path)
    config = registry.make_config(info.architecture, info.config)
    try:
        module: nn.Module = registry.find(info.architecture).module(config)
    except (RuntimeError, TypeError, ValueError, ArithmeticError, MemoryError) as error:
        first_line = str(error).split("\n", maxsplit=1)[0]
        raise CheckpointError(f"The model file {path} has a config that builds no network: {first_line}.") from error
    _require_match(path, {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}, state)
    module.load_state_dict(state)
    return info, module.eval()


def _require_match(path: Path, expected: dict[str, tuple[int, ...]], state: "Mapping[str, Tensor]") -> None:
    missing, extra = sorted(set(expected) - set(state)), sorted(set(state) - set(expected))
    reshaped = [name for name in expected if name in state and tuple(state[name].shape) != expected[name]]
    if missing:
        problem = f"lacks {_listed(missing)}"
    elif extra:
        problem = f"has {_listed(extra)} too many"
    elif reshaped:
        name = reshaped[0]
        problem = f"has '{name}' in the shape {list(state[name].shape)} instead of {list(expected[name])}"
    else:
        return
    raise CheckpointError(f"The weights in {path} do not fit its architecture: it {problem}; get the file again.")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"'{names[0]}'{more}"


def _info_of(path: Path, header: Header) -> CheckpointInfo:
    text = header.metadata.get(METADATA_KEY)
    if text is None:
        raise CheckpointError(
            f"{path} holds weights of another program: it has no Nurie description; choose a model made for Nurie."
        )
    try:
        values = plain_json.loads(text)
    except ValueError as error:
        raise CheckpointError(f"The description in the model file {path} is damaged; get the file again.") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"The description in the model file {path} is damaged; get the file again.")
    values = _migrated(path, values)
    _require_types(path, values)
    base = BaseModel(**values["base"]) if "base" in values else None
    info = CheckpointInfo(**{**values, "attributions": tuple(values.get("attributions", ())), "base": base})
    registry.require(info.architecture)
    return info


def _migrated(path: Path, values: dict[str, Any]) -> dict[str, Any]:
    version = values.get("format_version")
    if type(version) is not int or version < 1:
        raise CheckpointError(f"The model file {path} does not say which format it has; get the file again.")
    if version > FORMAT_VERSION:
        raise CheckpointError(
            f"The model file {path} was made by a newer Nurie (format {version}, this one reads up to "
            f"{FORMAT_VERSION}); update Nurie."
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
        "base": dict,
    }  # fmt: skip
    wrong = [key for key, value in values.items() if key not in types or not isinstance(value, types[key])]
    wrong += [key for key in ("architecture", "config", "name") if key not in values]
    lines = values.get("attributions", [])
    if isinstance(lines, list) and not all(isinstance(line, str) for line in lines):
        wrong.append("attributions")
    base = values.get("base")
    if isinstance(base, dict) and not (
        set(base) == {"name", "sha256"} and all(isinstance(text, str) for text in base.values())
    ):
        wrong.append("base")
    if wrong:
        raise CheckpointError(
            f"The description in the model file {path} is damaged ({', '.join(sorted(set(wrong)))}); "
            "get the file again."
        )

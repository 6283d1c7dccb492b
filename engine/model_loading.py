"""Models loaded from their files: weights, networks, and what colors with them. Imports torch only then."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import checkpoint, late_imports, model_catalog, registry
from engine.checkpoint import CheckpointInfo
from engine.checkpoint_header import TensorEntry, read_header
from engine.colorizer import Colorizer
from engine.errors import CheckpointError
from engine.request import DeviceChoice

if TYPE_CHECKING:
    from torch import Tensor, nn

    from engine.device import Device
    from engine.matching.matcher import Matcher


def load(path: Path, device: str = "cpu") -> "tuple[CheckpointInfo, dict[str, Tensor]]":
    """The description of a model file and its tensors, in the types they were stored in.

    An adapted model comes merged with its base, in fp32 what it changes. Raises CheckpointError, also where the base is
    missing or another, and where the two do not fit each other.
    """
    return _load(path, checkpoint.read_info(path), device)


def _load(path: Path, info: CheckpointInfo, device: str = "cpu") -> "tuple[CheckpointInfo, dict[str, Tensor]]":
    stored = checkpoint.load_stored(path, device)
    if info.base is None:
        return info, stored
    from engine import adaptation

    base_info, weights = load(model_catalog.base_of(path, info).path, device)
    if (base_info.architecture, base_info.config) != (info.architecture, info.config):
        raise CheckpointError("The adapted model {0} is of another network than its base; adapt it anew.", path)
    changed, parts = adaptation.parted(stored)
    if bool(parts) != (info.parts is not None):
        raise CheckpointError(
            "The adapted model {0} is damaged ({1}); adapt the character anew.", path, "what it changes is not named"
        )
    return info, _applied(path, weights, changed)


def _applied(path: Path, weights: "Mapping[str, Tensor]", changed: "Mapping[str, Tensor]") -> "dict[str, Tensor]":
    from engine import adaptation

    try:
        return adaptation.apply(weights, changed)
    except ValueError as error:
        raise CheckpointError(
            "The adapted model {0} is damaged ({1}); adapt the character anew.", path, error
        ) from error


def build(path: Path) -> "tuple[CheckpointInfo, nn.Module]":
    """The module a checkpoint describes, with its weights, in fp32 on the CPU and in evaluation mode.

    Raises CheckpointError for everything `load` does, and when the weights and the architecture do not match exactly.
    """
    header = read_header(path)
    info = checkpoint.info_of(path, header)
    config = registry.make_config(info.architecture, info.config)
    # Without memory for weights: the config might ask for more than there is, and random ones would be thrown away.
    module = _without_memory(path, info.architecture, config)
    expected = module.state_dict()
    if info.base is None:
        _require_match(path, expected, header.tensors)
    info, state = _load(path, info)
    _require_match(path, expected, state)
    distinct = {id(tensor) for tensor in (*module.parameters(), *module.buffers())}
    if registry.points_to_files(info.architecture) or len(distinct) != len(expected):
        # It has more than its state, or the same in two places: made as its class makes it.
        module = _network(path, info.architecture, config)
        module.load_state_dict(state)
    else:
        # Copies, because the tensors of a file can change with it.
        own = {name: tensor.to(expected[name].dtype, copy=True) for name, tensor in state.items()}
        module.load_state_dict(own, assign=True)
    return info, module.eval()


def _network(path: Path, architecture: str, config: Any) -> "nn.Module":
    make = registry.find(architecture).module
    try:
        try:
            return make(config)
        except NotImplementedError:
            # What torch knows of shapes alone may be among what waits.
            if not late_imports.catch_up():
                raise
            return make(config)
    except (RuntimeError, TypeError, ValueError, IndexError, ArithmeticError, MemoryError) as error:
        first_line = str(error).split("\n", maxsplit=1)[0]
        raise CheckpointError(
            "The model file {0} has a config that builds no network: {1}.", path, first_line
        ) from error


def _without_memory(path: Path, architecture: str, config: Any) -> "nn.Module":
    """The network with parameters that have shapes and types alone."""
    import torch

    with torch.device("meta"):
        return _network(path, architecture, config)


def load_colorizer(path: Path, device_choice: DeviceChoice = "auto") -> Colorizer:
    """A model ready to color. Raises CheckpointError, also for a model that colors no drawings, and DeviceError."""
    require_colorizer(path.name, checkpoint.read_info(path))
    from engine import device

    where = device.choose(device_choice)
    info, network = build(path)
    return colorizer_of(network, info, where, None if info.parts is None else load_adapted_matcher(path, info))


def colorizer_of(
    network: "nn.Module", info: CheckpointInfo, where: "Device", beside: "Matcher | None" = None
) -> Colorizer:
    """A network ready to color, with the matcher of parts where there is one and it helps.

    beside: the matcher; None: the one that is installed or ships.
    The network is not fit for training afterwards. Raises CheckpointError as above.
    """
    make: Any = registry.colorizer(info.architecture)
    require_colorizer(info.name, info)
    assert make is not None
    if not registry.abilities(info.architecture).parts:
        return make(network, info, where)
    if beside is None and (plain := model_catalog.matcher()) is not None:
        beside = load_matcher(plain)
    return make(network, info, where) if beside is None else make(network, info, where, beside)


def load_adapted_matcher(path: Path, info: CheckpointInfo) -> "Matcher":
    """The matching network as an adapted model changes it. path, info: of the adapted model. Raises CheckpointError."""
    return _matcher_of(matching_network(path, info)[0], path, model_catalog.MATCHER)


def matching_network(path: Path, info: CheckpointInfo) -> "tuple[nn.Module, Path]":
    """The network that matches parts beside a model, changed where that is an adapted one that changes it, fit for
    training; and the whole file that it is of. path, info: of the model. Raises CheckpointError, also where no file of
    it is there."""
    from engine import adaptation

    whole = model_catalog.matcher() if info.parts is None else model_catalog.matcher_of(path, info)
    if whole is None:
        raise CheckpointError("There is no file of {0}: get it again.", model_catalog.MATCHER)
    network = build(whole)[1]
    if info.parts is not None:
        changed = adaptation.parted(checkpoint.load_stored(path))[1]
        network.load_state_dict(_applied(path, network.state_dict(), changed))
    return network, whole


def load_matcher(path: Path) -> "Matcher":
    """The network that matches regions with parts. Raises CheckpointError."""
    return _matcher_of(build(path)[1], path, path.name)


def _matcher_of(network: "nn.Module", path: Path, name: str) -> "Matcher":
    """path: of the file that makes it what it is; name: of the model that is wrong where it is another network."""
    from engine.matching import matcher

    found = matcher.of(network, model_catalog.sha256_of(path))
    if found is None:
        raise CheckpointError("{0} is not a model that matches parts: get the file again.", name)
    return found


def require_colorizer(name: str, info: CheckpointInfo) -> None:
    """Raise CheckpointError for a model that colors no drawings; name: of the model, for the message."""
    if registry.colorizer(info.architecture) is None:
        raise CheckpointError("{0} is not a model that colors drawings: choose another one.", name)


def _require_match(
    path: Path, expected: "Mapping[str, Tensor]", state: "Mapping[str, Tensor] | Mapping[str, TensorEntry]"
) -> None:
    missing, extra = sorted(set(expected) - set(state)), sorted(set(state) - set(expected))
    reshaped = [name for name in expected if name in state and tuple(state[name].shape) != tuple(expected[name].shape)]
    if missing:
        problem = f"lacks {_listed(missing)}"
    elif extra:
        problem = f"has {_listed(extra)} too many"
    elif reshaped:
        name = reshaped[0]
        problem = f"has '{name}' in the shape {list(state[name].shape)} instead of {list(expected[name].shape)}"
    else:
        return
    raise CheckpointError("The weights in {0} do not fit its architecture: it {1}; get the file again.", path, problem)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"'{names[0]}'{more}"

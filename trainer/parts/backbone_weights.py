"""Published weights of EfficientNet-Lite0 → the state of `engine.architectures.lite_backbone.LiteBackbone`."""

from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from engine.architectures.lite_backbone import LiteBackbone
from engine.errors import TrainingError


def load(path: Path) -> dict[str, Tensor]:
    """The weights of a .safetensors file with the names of the package efficientnet-lite-pytorch, head or none.

    The convolutions and normalizations of that network stand in the same order as in ours, so they are taken one after
    another. Raises TrainingError where they do not fit.
    """
    try:
        given = load_file(path)
    except (OSError, SafetensorError, ValueError) as error:
        raise TrainingError("The backbone's weights {0} cannot be read: {1}.", path, error) from error
    ours = LiteBackbone().state_dict()
    names = [name for name in sorted(given, key=_order) if not name.startswith(("_conv_head", "_bn1", "_fc"))]
    names = [name for name in names if not name.endswith("num_batches_tracked")]
    wanted = [name for name in ours if not name.endswith("num_batches_tracked")]
    if len(names) != len(wanted):
        raise TrainingError(
            "{0} does not hold the weights of EfficientNet-Lite0: {1} instead of {2}.", path, len(names), len(wanted)
        )
    for ours_name, name in zip(wanted, names, strict=True):
        if ours[ours_name].shape != given[name].shape:
            raise TrainingError(
                "{0} does not hold the weights of EfficientNet-Lite0: '{1}' has another shape.", path, name
            )
        ours[ours_name] = given[name].float()
    return ours


_LAYERS = ("_expand_conv", "_bn0", "_depthwise_conv", "_bn1", "_project_conv", "_bn2")
_VALUES = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def _order(name: str) -> tuple[int, int, int]:
    """Where a weight of the published network comes: block, layer, value."""
    parts = name.split(".")
    if parts[0] == "_blocks":
        return int(parts[1]), _LAYERS.index(parts[2]), _VALUES.index(parts[-1])
    return -1, int(parts[0] != "_conv_stem"), _VALUES.index(parts[-1])

"""Settings that are allowed one by one and yet cannot be trained together, told before any picture is read."""

import warnings

import torch

from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.errors import TrainingError
from trainer.config import TrainConfig

_KNOWN = (SGAConfig.paper(), SGAConfig.compact())
_REFUSALS = (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError, MemoryError, AssertionError)


def require_feasible(config: TrainConfig) -> None:
    """Raise TrainingError where [network] builds no network, or where it cannot look at pictures of a stage's size."""
    if config.network not in _KNOWN:
        _require_network(config.network)
    # Some canvases of the varied protocol are half as high or wide, or three quarters.
    multiple = config.network.stride * (4 if config.data.protocol == "varied" else 1)
    for stage in config.stages:
        if stage.size % multiple:
            raise TrainingError(
                f"The size {stage.size} in [[stages]] does not suit the network: choose a multiple of {multiple}."
            )


def _require_network(config: SGAConfig) -> None:
    try:
        with warnings.catch_warnings(action="ignore"), torch.device("meta"):
            SGAGenerator(config)  # takes no memory, so that a slip in a number does not take all of it
        with warnings.catch_warnings(action="ignore"), torch.random.fork_rng(devices=[]), torch.no_grad():
            side = config.stride
            line, picture = torch.zeros(1, 1, side, side), torch.zeros(1, 3, side, side)
            SGAGenerator(config).eval()(line, [picture], [line])
    except _REFUSALS as error:
        first_line = str(error).split("\n", maxsplit=1)[0].rstrip(".") or type(error).__name__
        raise TrainingError(f"The settings in [network] build no network: {first_line}.") from error

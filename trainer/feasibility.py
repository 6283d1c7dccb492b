"""Settings that are allowed one by one and yet cannot be trained together, told before any picture is read."""

import warnings

import torch

from engine.errors import TrainingError
from trainer import recipes
from trainer.config import TrainConfig
from trainer.recipes.base import Recipe

_REFUSALS = (RuntimeError, TypeError, ValueError, LookupError, ArithmeticError, MemoryError, AssertionError)


def require_feasible(config: TrainConfig) -> None:
    """Raise TrainingError where [network] builds no network, where that has no such parts as the stages name, or where
    it cannot look at pictures of a stage's size.
    """
    recipe = recipes.find(config.architecture)
    if all(config.network != make().network for make in recipe.presets.values()):
        _require_network(recipe, config)
    _require_parts(recipe, config)
    multiple = recipe.size_multiple(config)
    for stage in config.stages:
        if stage.size % multiple:
            raise TrainingError(
                "The size {0} in [[stages]] does not suit the network: choose a multiple of {1}.", stage.size, multiple
            )


def _require_network(recipe: Recipe, config: TrainConfig) -> None:
    try:
        with warnings.catch_warnings(action="ignore"), torch.device("meta"):
            recipe.build(config.network)  # takes no memory, so that a slip in a number does not take all of it
        with warnings.catch_warnings(action="ignore"), torch.random.fork_rng(devices=[]), torch.no_grad():
            recipe.try_out(config.network)
    except _REFUSALS as error:
        first_line = str(error).split("\n", maxsplit=1)[0].rstrip(".") or type(error).__name__
        raise TrainingError("The settings in [network] build no network: {0}.", first_line) from error


def _require_parts(recipe: Recipe, config: TrainConfig) -> None:
    named = [part for stage in config.stages for part in stage.parts]
    if not named:
        return
    with torch.device("meta"):
        model = recipe.build(config.network)
    there = [name for name, child in model.named_children() if any(True for _ in child.parameters())]
    unknown = [part for part in named if part not in there]
    if unknown:
        raise TrainingError(
            "The network has no part '{0}' for a stage to teach; it has {1}.", unknown[0], ", ".join(there)
        )

"""How each architecture is trained: its id -> its recipe, one file each. Imports nothing but the recipe asked for."""

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import TrainingError

if TYPE_CHECKING:
    from trainer.recipes.base import Recipe

_rows: "dict[str, str | type[Recipe]]" = {}
_presets: dict[str, str] = {}


def register(architecture: str, recipe: "str | type[Recipe]", presets: Sequence[str] = ()) -> None:
    """Make an architecture of `engine.registry` one that can be trained.

    recipe: a class, or where it is ("package.module:Name"). presets: the names of its presets that the command line
    offers. Raises ValueError when the id has a recipe.
    """
    if architecture in _rows:
        raise ValueError(f"the architecture '{architecture}' has a recipe already")
    _rows[architecture] = recipe
    _presets.update(dict.fromkeys(presets, architecture))


def known() -> tuple[str, ...]:
    """The ids that can be trained, sorted."""
    return tuple(sorted(_rows))


def presets() -> tuple[str, ...]:
    """The names of all presets, in the order of the rows. Imports nothing."""
    return tuple(_presets)


def of_preset(name: str) -> str | None:
    """The id that a preset is of, or None. Imports nothing."""
    return _presets.get(name)


def find(architecture: str) -> "Recipe":
    """The recipe of an id. Raises TrainingError, naming the known ones, where there is none."""
    if architecture not in _rows:
        raise TrainingError("There is no recipe to train '{0}': choose {1}.", architecture, " or ".join(known()))
    recipe = _rows[architecture]
    if isinstance(recipe, str):
        module, _, name = recipe.partition(":")
        recipe = getattr(importlib.import_module(module), name)
    return recipe(architecture)


register("sga", "trainer.recipes.sga:SGARecipe", presets=("paper", "compact"))
register("style", "trainer.recipes.style:StyleRecipe", presets=("style-own", "style-m1", "style-m2", "style-m3"))
register("parts", "trainer.recipes.parts:PartsRecipe", presets=("parts",))
register("keyframe", "trainer.recipes.keyframes:KeyframeRecipe", presets=("keyframe-paper", "keyframe-compact"))
register("split", "trainer.recipes.diffusion:DiffusionRecipe", presets=("split-tiny", "split-smoke", "split-paper"))

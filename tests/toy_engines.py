"""Three engines that are nothing like the ones that ship, small enough to paint and to learn in a blink.

`toy_style` looks at references without attention and tokens: a reference is one vector. `toy_steps` paints in steps
from random numbers, with previews, and `toy_divided` besides paints figure and background apart. Each is a config, a
module, a row of the registry and, but the last, a recipe, as any engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import torch
from torch import Tensor, nn

from engine import checkpoint, registry
from engine.architectures.interface import DividingNetwork, ReferenceNetwork, SteppedNetwork
from engine.checkpoint import CheckpointInfo
from engine.colorizer import Abilities
from engine.diffusion.modes import Active
from engine.options import Sampling
from trainer import recipes
from trainer.recipes.base import Recipe

STYLE, STEPS, DIVIDED = "toy_style", "toy_steps", "toy_divided"


@dataclass(frozen=True)
class StyleConfig:
    """width: channels."""

    width: int = 8


class StyleNetwork(ReferenceNetwork[Tensor]):
    """A drawing in the mean colors of its references, which a vector carries."""

    def __init__(self, config: StyleConfig) -> None:
        super().__init__()
        self.style = nn.Linear(3, config.width)
        self.lines = nn.Sequential(nn.Conv2d(1, config.width, 3, 2, 1), nn.BatchNorm2d(config.width), nn.LeakyReLU())
        self.painter = nn.Conv2d(config.width, 3, 3, padding=1)

    @property
    def stride(self) -> int:
        return 4

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Tensor:
        return self.style(picture.mean((2, 3)))

    def decode(self, sketch: Tensor, references: Sequence[Tensor]) -> Tensor:
        style = torch.stack(list(references)).mean(0)[..., None, None]
        small = self.painter(self.lines(sketch) + style)
        return torch.tanh(nn.functional.interpolate(small, size=sketch.shape[2:]))


@dataclass(frozen=True)
class StepsConfig:
    """steps: how many it takes when nobody asks for another number."""

    steps: int = 4


class Canvas(NamedTuple):
    """now: the picture; wanted: what it becomes; steps: until then."""

    now: Tensor
    wanted: Tensor
    steps: int


class StepsNetwork(SteppedNetwork[Tensor, Canvas]):
    """From noise to the drawing in the mean color of its references, a bit a step; the seed shows to the end."""

    def __init__(self, config: StepsConfig) -> None:
        super().__init__()
        self.config = config
        self.lines = nn.Conv2d(1, 3, 3, padding=1)
        self.tint = nn.Linear(3, 3)

    @property
    def stride(self) -> int:
        return 8

    @property
    def steps(self) -> int:
        return self.config.steps

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Tensor:
        return picture.mean((2, 3))

    def begin(self, sketch: Tensor, references: Sequence[Tensor], sampling: Sampling) -> Canvas:
        generator = torch.Generator().manual_seed(sampling.seed)
        shape = (sketch.shape[0], 3, *sketch.shape[2:])
        noise = torch.randn(shape, generator=generator).to(sketch.device)
        guidance = 1.0 if sampling.guidance is None else sampling.guidance
        tint = self.tint(torch.stack(list(references)).mean(0))[..., None, None]
        return Canvas(noise, self.lines(sketch) + guidance * tint, sampling.steps or self.steps)

    def advance(self, state: Canvas, number: int) -> Canvas:
        share = 1.0 / (state.steps - number + 0.5)
        return state._replace(now=state.now + share * (state.wanted - state.now))

    def preview(self, state: Canvas) -> Tensor:
        return nn.functional.avg_pool2d(state.now, 4)

    def finish(self, state: Canvas) -> Tensor:
        return torch.tanh(state.now)


class Halves(NamedTuple):
    """The mean colors of a reference: of all of it, of its figure and of what is behind; 1×3 each."""

    whole: Tensor
    figure: Tensor
    behind: Tensor


class DividedNetwork(DividingNetwork[Halves, Canvas]):
    """From noise to the mean color of the references, in a divided mode of figure and background apart.

    The first step overflows in half precision where it is asked for a guidance of 15.
    """

    def __init__(self, config: StepsConfig) -> None:
        super().__init__()
        self.config = config
        self.scale = nn.Parameter(torch.ones(1))

    @property
    def stride(self) -> int:
        return 8

    @property
    def steps(self) -> int:
        return self.config.steps

    def encode_reference(self, picture: Tensor, line: Tensor | None, mask: Tensor | None = None) -> Halves:
        mean = picture.mean((2, 3))
        self._picture = picture
        return Halves(mean, mean, mean)

    def divided(self, encoded: Halves, figure: Tensor, threshold: float | None = None) -> Halves:
        inside = (figure > (threshold or 0.5)).float()
        halves = [(self._picture * one).sum((2, 3)) / one.sum().clamp_min(1.0) for one in (inside, 1.0 - inside)]
        return Halves(encoded.whole, *halves)

    def begin(
        self,
        sketch: Tensor,
        references: Sequence[Halves],
        sampling: Sampling,
        figure: Tensor | None = None,
        active: Active = Active(),
    ) -> Canvas:
        generator = torch.Generator().manual_seed(sampling.seed)
        noise = 0.1 * torch.randn((1, 3, *sketch.shape[2:]), generator=generator)
        whole, inner, outer = (torch.stack(one).mean(0)[..., None, None] for one in zip(*references, strict=True))
        wanted = whole.expand_as(noise)
        if figure is not None and active.split:
            wanted = torch.where(figure > 0.5, inner, outer).expand_as(noise)
        if sampling.guidance == 15.0 and torch.is_autocast_enabled("cpu"):
            noise = noise * torch.inf
        return Canvas(noise, wanted * sampling.strength, sampling.steps or self.steps)

    def advance(self, state: Canvas, number: int) -> Canvas:
        share = 1.0 / (state.steps - number)
        return state._replace(now=state.now + share * (state.wanted - state.now))

    def preview(self, state: Canvas) -> Tensor:
        return nn.functional.avg_pool2d(state.now, 4)

    def finish(self, state: Canvas) -> Tensor:
        return state.now * self.scale


@contextmanager
def registered() -> Iterator[None]:
    """Both engines are there within this context."""
    with (
        mock.patch.dict(registry._rows),
        mock.patch.dict(recipes._rows),
    ):
        here = __name__
        registry.register(
            STYLE,
            config=f"{here}:StyleConfig",
            module=f"{here}:StyleNetwork",
            colorizer="engine.colorizers.reference:ReferenceColorizer",
            abilities=Abilities(references=2),
        )
        registry.register(
            STEPS,
            config=f"{here}:StepsConfig",
            module=f"{here}:StepsNetwork",
            colorizer="engine.colorizers.steps:SteppedColorizer",
            abilities=Abilities(references=1, sampling=("seed", "steps", "guidance"), previews=True),
        )
        registry.register(
            DIVIDED,
            config=f"{here}:StepsConfig",
            module=f"{here}:DividedNetwork",
            colorizer="engine.colorizers.dividing:DividingColorizer",
            abilities=Abilities(sampling=("seed", "steps", "guidance", "mode", "strength"), previews=True),
        )
        recipes.register(STYLE, Recipe)
        recipes.register(STEPS, Recipe)
        yield


def write_model(path: Path, architecture: str) -> Path:
    """A model file of a toy engine, while it is registered; always the same weights."""
    torch.manual_seed(0)
    found = registry.find(architecture)
    network = found.module(found.config())
    checkpoint.save(path, network.state_dict(), CheckpointInfo(architecture, {}, architecture.replace("_", " ")))
    return path

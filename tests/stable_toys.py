"""Toy files of Stable Diffusion 1.x: the published names, tiny widths, random weights."""

from math import prod
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from engine.assembling import Chosen
from engine.diffusion.stable_layouts import (
    EyesSizes,
    Shape,
    Shapes,
    Sizes,
    eyes_layout,
    layout,
    lines_layout,
    reference_layout,
)

SIZES = Sizes(
    base=32, mults=(1, 2), attending=1, blocks=1, context=24, vae=32, vae_mults=(1, 1, 1, 1), text=(24, 99, 7, 2)
)
EYES = EyesSizes(width=32, inner=48, layers=2, patch=8, side=32, projected=20)
MANY = 4  # tokens of a reference


def weights(shapes: Shapes, seed: int = 0) -> dict[str, Tensor]:
    """Random weights that keep numbers about as large as they are."""
    generator = torch.Generator().manual_seed(seed)
    return {name: _one(name, shape, generator) for name, shape in shapes.items()}


def _one(name: str, shape: Shape, generator: torch.Generator) -> Tensor:
    if len(shape) < 2:
        return torch.randn(shape, generator=generator) * 0.1 + name.endswith("weight")
    return torch.randn(shape, generator=generator) / prod(shape[1:]) ** 0.5


def write(path: Path, tensors: dict[str, Tensor]) -> Path:
    save_file({name: one.contiguous() for name, one in tensors.items()}, path)
    return path


def files(folder: Path, layers: int = 0, control: str = "control_model.") -> Chosen:
    """All four. layers: of a "plus" adapter, 0 for a plain one; control: before the names of the ControlNet."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = {control + name: one for name, one in weights(lines_layout(SIZES), 1).items()}
    return Chosen(
        write(folder / "sd15.safetensors", weights(layout(SIZES))),
        write(folder / "lineart.safetensors", lines),
        write(folder / "clip.safetensors", weights(eyes_layout(EYES), 2)),
        write(folder / "ip-adapter.safetensors", weights(reference_layout(SIZES, EYES, MANY, layers), 3)),
    )

"""The style engine at a tiny size, as files, for tests."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import torch

from engine import checkpoint
from engine.architectures.style_unet import StyleConfig, StyleUNet
from engine.checkpoint import CheckpointInfo

TINY = StyleConfig(width=2, bottom=8, middle=8, style_width=8, own_widths=(4, 4, 4, 4, 4), own_side=64)
_SMALL = {"width": 2, "middle": 16, "own_widths": (4, 4, 4, 4, 4), "own_side": 64}


def small(variant: str) -> StyleConfig:
    """A variant's structure with few channels and our own style; a map keeps its 2048."""
    config = getattr(StyleConfig, variant)().with_own_style()
    if variant == "own":
        return TINY
    return replace(config, **_SMALL, **({} if config.has_map else {"bottom": 16, "style_width": 12}))


def make(config: StyleConfig = TINY, *, training: bool = False) -> StyleUNet:
    """A network of always the same weights, in evaluation mode."""
    torch.manual_seed(0)
    return StyleUNet(config, training_parts=training).eval()


def write_model(path: Path, config: StyleConfig = TINY) -> Path:
    """A model file of it."""
    info = CheckpointInfo("style", dataclasses.asdict(config), "Tiny style", "For tests.", licence="CC0")
    checkpoint.save(path, make(config).state_dict(), info)
    return path

"""The keyframe engine at a tiny size, as files and settings of runs, and scenes to learn from, for tests."""

import dataclasses
from pathlib import Path
from typing import Any

import torch

from engine import checkpoint
from engine.architectures.keyframe import KeyframeConfig, KeyframeNetwork
from engine.checkpoint import CheckpointInfo
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.drawn_characters.generation import generate_scenes

TINY = KeyframeConfig(
    widths=(4, 6, 8),
    style_widths=(4, 8),
    blocks=2,
    key_width=4,
    keys="both",
    similarity="cosine",
    copies=True,
    temporal_width=4,
    temporal_changes=True,
)


def make(config: KeyframeConfig = TINY, *, training: bool = False) -> KeyframeNetwork:
    """Networks of always the same weights, in evaluation mode."""
    torch.manual_seed(0)
    return KeyframeNetwork(config, training_parts=training).eval()


def write_model(path: Path, config: KeyframeConfig = TINY) -> Path:
    """A model file of them."""
    info = CheckpointInfo("keyframe", dataclasses.asdict(config), "Tiny keyframe", "For tests.", licence="CC0")
    checkpoint.save(path, make(config).state_dict(), info)
    return path


def write_scenes(folder: Path, scenes: int = 2, frames: int = 4) -> Path:
    """Drawn scenes to learn from."""
    generate_scenes(folder, scenes, frames, 64, 1)
    return folder


def smoke(scenes: Path, output: Path, **changes: Any) -> TrainConfig:
    """A run of seconds that teaches both parts with every loss there is."""
    config = TrainConfig(
        data=DataConfig((str(scenes),), workers=0, protocol="varied"),
        output=str(output),
        architecture="keyframe",
        network=TINY,
        stages=(Stage(32, 16, 1e-3, 4, parts=("transform",)), Stage(32, 16, 1e-3, 4, parts=("temporal",))),
        losses=LossConfig(10.0, 0.03, 1e-3, 1.0, perceptual_network="seeded"),
        optimizer=OptimizerConfig(discriminator_rate=0.1),
        precision="fp32",
        device="cpu",
        log_every=1,
    )
    return dataclasses.replace(config, **changes)

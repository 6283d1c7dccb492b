"""A small character in a few poses, and a tiny base model, for tests of adapting a model."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from engine import checkpoint, model_catalog
from engine.architectures.parts import PartsConfig, PartsMatcher
from engine.architectures.sga_generator import SGAGenerator
from engine.checkpoint import CheckpointInfo
from engine.model_catalog import ModelEntry
from tests.unit.engine.architectures.test_sga_generator import TINY
from trainer import drawn_characters
from trainer.character_sheet import CharacterSheet, assemble
from trainer.config import FineTuneConfig
from trainer.fine_tuning_events import Wish

SIDE = 128
QUICK = FineTuneConfig(teach="colors", steps=6, size=64, sigma=0.4)
TAUGHT = FineTuneConfig(steps=3, sigma=0.4)


def pictures(count: int, character: int = 3) -> list[NDArray[np.uint8]]:
    """Drawings of one character in different poses, 128×128."""
    return [drawn_characters.draw(character, pose, SIDE).color for pose in range(count)]


def sheet_of(count: int) -> CharacterSheet:
    """A sheet of these drawings."""
    return assemble((Path(f"{number}.png"), one) for number, one in enumerate(pictures(count)))


def wishing(*wishes: Wish) -> Callable[[], Wish]:
    """These one after another, the last one for ever."""
    left: Iterator[Wish] = iter(wishes[:-1])
    return lambda: next(left, wishes[-1])


def write_pictures(folder: Path, count: int, character: int = 3) -> list[Path]:
    """The same as PNG files 0.png, 1.png, …"""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}.png" for number in range(count)]
    for path, pixels in zip(paths, pictures(count, character), strict=True):
        Image.fromarray(pixels).save(path)
    return paths


def write_base(folder: Path, name: str = "tiny") -> ModelEntry:
    """A tiny untrained model in a file."""
    torch.manual_seed(1)
    path = folder / f"{name}.safetensors"
    info = CheckpointInfo("sga", dataclasses.asdict(TINY), "Tiny", licence="CC0-1.0", attributions=("Drawn by us.",))
    checkpoint.save(path, SGAGenerator(TINY).state_dict(), info)
    return model_catalog.find(path)


def write_matcher(folder: Path) -> Path:
    """A tiny untrained network that matches parts, where the catalogue looks for it in a person's folder."""
    torch.manual_seed(2)
    path = folder / f"{model_catalog.MATCHER}{model_catalog.SUFFIX}"
    config = PartsConfig(side=64, width=8, heads=1, layers=1)
    info = CheckpointInfo("parts", dataclasses.asdict(config), "tiny")
    checkpoint.save(path, PartsMatcher(config).state_dict(), info)
    return path

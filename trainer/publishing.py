"""From the state of a run to a model file."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from engine import checkpoint
from engine.checkpoint import CheckpointInfo
from trainer import config_file, recipes
from trainer.config import TrainConfig
from trainer.run_state import RunState


def publish(state: RunState, config: TrainConfig, path: Path, about: Mapping[str, Any]) -> CheckpointInfo:
    """Write the averaged weights of a run as a checkpoint.

    about: name, description, licence, attributions and further provenance of `CheckpointInfo`. Matrices and kernels are
    stored in fp16, which rounds them by less than training shakes them; vectors and statistics stay fp32.
    """
    # Folders are of this computer, and nobody else's business.
    training = {key: value for key, value in config_file.to_values(config).items() if key not in ("output", "network")}
    training["data"] = {key: value for key, value in training["data"].items() if key != "folders"}
    training["losses"] = {key: value for key, value in training["losses"].items() if key != "perceptual_network"}
    info = CheckpointInfo(
        architecture=config.architecture,
        config=dataclasses.asdict(config.network),
        name=about["name"],
        description=about.get("description", ""),
        provenance={
            "pictures": state.pictures,
            "hours": round(state.seconds / 3600.0, 4),
            "seed": config.seed,
            "training": training,
            **about.get("provenance", {}),
        },
        licence=about.get("licence", ""),
        attributions=tuple(about.get("attributions", ())),
    )
    weights = {
        name: value.to(torch.float16) if value.dim() > 1 else value
        for name, value in recipes.find(config.architecture).published(state.average).items()
    }
    checkpoint.save(path, weights, info)
    return info

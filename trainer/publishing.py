"""From the state of a run to a model file."""

import dataclasses
from pathlib import Path
from typing import Any

import torch

from engine import checkpoint
from engine.checkpoint import CheckpointInfo
from trainer.config import TrainConfig
from trainer.run_state import RunState


def publish(state: RunState, config: TrainConfig, path: Path, about: dict[str, Any]) -> CheckpointInfo:
    """Write the averaged weights of a run as a checkpoint.

    about: name, description, licence, attributions and further provenance of `CheckpointInfo`. Matrices and kernels are
    stored in fp16, which rounds them by less than training shakes them; vectors and statistics stay fp32.
    """
    provenance = {
        "pictures": state.pictures,
        "hours": round(state.seconds / 3600.0, 2),
        "seed": config.seed,
        "training": dataclasses.asdict(config),
        **about.get("provenance", {}),
    }
    info = CheckpointInfo(
        architecture=config.architecture,
        config=dataclasses.asdict(config.network),
        name=about["name"],
        description=about.get("description", ""),
        provenance=provenance,
        licence=about.get("licence", ""),
        attributions=tuple(about.get("attributions", ())),
    )
    weights = {
        name: value.to(torch.float16) if value.dim() > 1 else value
        for name, value in state.average.state_dict().items()
    }
    checkpoint.save(path, weights, info)
    return info

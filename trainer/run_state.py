"""The state of a run on disk: weights, averaged weights, optimizer and position, as one safetensors file.

No pickle: the optimizer's moments are plain tensors named after their parameters.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path

STATE_FILE = "state.safetensors"


@dataclass
class RunState:
    """Everything that changes while a run goes on. pictures: samples seen; seconds: time spent, over all slices."""

    model: nn.Module
    average: nn.Module
    optimizer: torch.optim.Adam
    pictures: int = 0
    seconds: float = 0.0

    def save(self, folder: Path) -> None:
        """Write `state.safetensors` into the run's folder, atomically."""
        tensors: dict[str, Tensor] = {}
        for prefix, module in (("model.", self.model), ("average.", self.average)):
            tensors |= {prefix + name: value.contiguous() for name, value in module.state_dict().items()}
        for name, parameter in self.model.named_parameters():
            for key, value in self.optimizer.state.get(parameter, {}).items():
                tensors[f"optimizer.{key}.{name}"] = value.contiguous()
        position = json.dumps({"pictures": self.pictures, "seconds": self.seconds})
        try:
            with atomic_path(folder / STATE_FILE) as temporary:
                save_file(tensors, temporary, metadata={"position": position})
        except (PictureError, SafetensorError) as error:
            raise TrainingError(
                f"The training state cannot be saved in {folder} ({error}); the last good one is kept."
            ) from error

    def load(self, folder: Path) -> bool:
        """Take the state of an earlier slice; False where there is none."""
        path = folder / STATE_FILE
        if not path.exists():
            return False
        try:
            with safe_open(path, framework="pt") as file:
                metadata, names = file.metadata(), file.keys()
                tensors = {name: file.get_tensor(name) for name in names}
            for prefix, module in (("model.", self.model), ("average.", self.average)):
                own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
                module.load_state_dict(own)
        except (OSError, SafetensorError, RuntimeError, TypeError) as error:
            raise TrainingError(
                f"{path} does not belong to this network or is damaged: choose another output folder."
            ) from error
        for name, parameter in self.model.named_parameters():
            moments = {
                key: tensors[f"optimizer.{key}.{name}"]
                for key in ("step", "exp_avg", "exp_avg_sq")
                if f"optimizer.{key}.{name}" in tensors
            }
            if moments:
                self.optimizer.state[parameter] = moments
        position = json.loads(metadata["position"])
        self.pictures, self.seconds = position["pictures"], position["seconds"]
        return True

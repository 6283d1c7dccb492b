"""The folder of a run: config.json, run.json, log.csv, samples/, checkpoints/ and, in the end, model.safetensors."""

import json
import platform
from pathlib import Path
from typing import Any

import torch

from engine import __version__, plain_text
from engine.device import Device
from engine.errors import PictureError, TrainingError
from engine.export.atomic import atomic_path, remove_leftovers
from engine.file_lock import FileLock
from trainer import config_file, publishing, run_state
from trainer.config import TrainConfig
from trainer.perceptual import PerceptualNetwork
from trainer.recipes.base import Data
from trainer.run_state import RunState

CONFIG, ABOUT, MODEL = "config.json", "run.json", "model.safetensors"
LOCK = ".training.lock"


def prepare(
    folder: Path,
    config: TrainConfig,
    where: Device,
    processes: int,
    data: Data,
    features: PerceptualNetwork | None,
) -> None:
    """Make the folder and write down what the run is made of. Raises TrainingError where that cannot be done.

    A run that goes on with another perceptual network would mix two losses: TrainingError.
    """
    name = features.name if features is not None else None
    before = read_about(folder)
    if before and before.get("perceptual_network") != name:
        raise TrainingError(
            "The run in {0} was begun with the perceptual network '{1}', and now "
            "it would be '{2}': set losses.perceptual_network, or choose another output folder.",
            folder,
            before.get("perceptual_network"),
            name,
        )
    about = {
        "nurie": __version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "device": where.kind,
        "device_name": torch.cuda.get_device_name() if where.kind == "cuda" else platform.processor(),
        "precision": where.precision,
        "processes": processes,
        "perceptual_network": name,
        "pictures": len(data),
        "skipped": [str(path) for path in data.skipped],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            "The folder {0} cannot be made ({1}): choose another one.", folder, error.strerror
        ) from error
    _write(folder / CONFIG, config_file.to_json(config))
    _write(folder / ABOUT, json.dumps(about, indent=2) + "\n")


def read_about(folder: Path) -> dict[str, Any]:
    """What run.json says, nothing where there is none."""
    try:
        about = plain_text.from_json((folder / ABOUT).read_bytes(), plain_text.OWN)
        if not isinstance(about, dict):
            raise ValueError("no object")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise TrainingError(
            "{0} cannot be read: remove it, or choose another output folder.", folder / ABOUT
        ) from error
    return about


def own(folder: Path) -> FileLock:
    """Hold the folder of a run, which is made, until the lock is released or the process ends; tidy it.

    Raises TrainingError where another run works in it, or where it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
    except BlockingIOError:
        raise TrainingError(
            "Another training works in {0}: wait for it, stop it, or choose another folder.", folder
        ) from None
    except OSError as error:
        raise TrainingError(
            "The folder {0} cannot be used ({1}): choose another one.", folder, error.strerror
        ) from error
    run_state.tidy(folder)
    remove_leftovers(folder)
    return lock


def publish_result(folder: Path, state: RunState, config: TrainConfig) -> None:
    """Write the averaged weights of a finished run as a model file, named after its folder."""
    provenance = {"perceptual_network": read_about(folder).get("perceptual_network")}
    publishing.publish(state, config, folder / MODEL, {"name": folder.resolve().name, "provenance": provenance})


def _write(path: Path, text: str) -> None:
    try:
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except PictureError as error:
        raise TrainingError("The run's folder cannot be used: {0}", error) from error

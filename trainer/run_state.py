"""What changes while a run goes on, and its checkpoints: weights, averaged weights, both optimizers, position.

A checkpoint is a folder `checkpoints/NNNNNNNNN` (pictures seen) with safetensors files and `index.json`. It is written
beside its place (`.NNNNNNNNN.part`), its index last, and then renamed; one that lies there already is put aside
(`.NNNNNNNNN.old`) meanwhile. Of a kill at any moment a whole one is left under one of these names, and is found there.
No pickle: the optimizers' moments are plain tensors named after their parameters. Tensors larger than a shard are cut
into pieces.
"""

import contextlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from engine import plain_text, typed_values
from engine.errors import TrainingError

FOLDER = "checkpoints"
INDEX = "index.json"
PART, OLD = ".part", ".old"
FORMAT_VERSION = 1
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


@dataclass
class RunState:
    """Everything that changes while a run goes on.

    average: moving average of the model's weights; discriminator and its optimizer: None where no loss needs them.
    step, pictures: optimizer steps taken, samples seen; seconds: time spent, over all slices.
    """

    model: nn.Module
    average: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    discriminator: nn.Module | None = None
    discriminator_optimizer: torch.optim.Optimizer | None = None
    step: int = 0
    pictures: int = 0
    seconds: float = 0.0

    def save(self, folder: Path, network: Mapping[str, Any], kept: int = 1, shard_size: int = 0) -> Path:
        """Write a checkpoint into the run's folder; returns its folder. Older ones than the last `kept` are removed.

        network: plain values that describe the network, compared on loading. shard_size: bytes of the largest file, 0
        for any. Raises TrainingError when it cannot be written; the older checkpoints stay.
        """
        position = {
            "step": self.step,
            "pictures": self.pictures,
            "seconds": self.seconds,
            "scaler": self.scaler.state_dict(),
        }
        target = folder / FOLDER / f"{self.pictures:09d}"
        temporary, old = (target.with_name(f".{target.name}{suffix}") for suffix in (PART, OLD))
        try:
            tidy(folder)
            temporary.mkdir(parents=True)
            _write(temporary, self._tensors(), {"position": position, "network": dict(network)}, shard_size)
            if target.exists():
                target.replace(old)
            temporary.replace(target)
            shutil.rmtree(old, ignore_errors=True)
        except (OSError, SafetensorError) as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise TrainingError(
                "The checkpoint cannot be saved in {0} ({1}); earlier ones are kept. "
                "Free some space there, or copy the folder to another disk, and run the same command again.",
                folder,
                _reason(error),
            ) from error
        for old in _checkpoints(folder)[:-kept]:
            shutil.rmtree(old, ignore_errors=True)
        return target

    def load(self, folder: Path, network: Mapping[str, Any]) -> bool:
        """Take the last checkpoint of the run's folder; False where there is none.

        Raises TrainingError for a damaged checkpoint and for one of another network, naming the first difference.
        """
        found = _checkpoints(folder)
        if not found:
            return False
        try:
            index = plain_text.from_json((found[-1] / INDEX).read_bytes(), plain_text.OWN)
            position = index["position"]
            place = typed_values.to_dataclass(_Position, {k: v for k, v in position.items() if k != "scaler"})
            _require_same(index["network"], network, found[-1])
            self._take(_read(found[-1], index))
            self.scaler.load_state_dict(position["scaler"])
            self.step, self.pictures, self.seconds = place.step, place.pictures, place.seconds
        except (
            OSError, SafetensorError, RuntimeError, TypeError, ValueError, LookupError, AttributeError,
            OverflowError, typed_values.Misfit,
        ) as error:  # fmt: skip
            raise TrainingError(
                "The checkpoint {0} is damaged or of another network ({1}): remove it to go on "
                "from an older one, or choose another output folder.",
                found[-1],
                _reason(error),
            ) from error
        return True

    def _modules(self) -> Iterator[tuple[str, nn.Module]]:
        yield "model.", self.model
        yield "average.", self.average
        if self.discriminator is not None:
            yield "discriminator.", self.discriminator

    def _optimizers(self) -> Iterator[tuple[str, nn.Module, torch.optim.Optimizer]]:
        yield "optimizer.", self.model, self.optimizer
        if self.discriminator is not None and self.discriminator_optimizer is not None:
            yield "discriminator_optimizer.", self.discriminator, self.discriminator_optimizer

    def _tensors(self) -> dict[str, Tensor]:
        tensors = {
            prefix + name: value for prefix, module in self._modules() for name, value in module.state_dict().items()
        }
        for prefix, module, optimizer in self._optimizers():
            for name, parameter in module.named_parameters():
                moments = optimizer.state.get(parameter, {})
                tensors |= {f"{prefix}{key}.{name}": value for key, value in moments.items()}
        return tensors

    def _take(self, tensors: Mapping[str, Tensor]) -> None:
        for prefix, module in self._modules():
            module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
        for prefix, module, optimizer in self._optimizers():
            for name, parameter in module.named_parameters():
                moments = {key: tensors.get(f"{prefix}{key}.{name}") for key in _MOMENTS}
                known = {key: _like(parameter, value) for key, value in moments.items() if value is not None}
                if known:
                    optimizer.state[parameter] = known


def _like(parameter: Tensor, value: Tensor) -> Tensor:
    """A moment as its parameter lies in memory: fused optimizers take both element by element, without strides."""
    if value.shape != parameter.shape:
        return value.to(parameter.device)
    return torch.empty_like(parameter, dtype=value.dtype, requires_grad=False).copy_(value)


@dataclass(frozen=True)
class _Position:
    """Where a run stands."""

    step: int
    pictures: int
    seconds: float

    def __post_init__(self) -> None:
        if min(self.step, self.pictures, self.seconds) < 0:
            raise ValueError("below 0")


def _checkpoints(folder: Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first."""
    found: dict[str, Path] = {}
    # A later kind goes before: old ones are put aside only when a new one is whole, and gone when it has its place.
    for pattern in (f".[0-9]*{OLD}", f".[0-9]*{PART}", "[0-9]*"):
        for path in (folder / FOLDER).glob(f"{pattern}/{INDEX}"):
            found[_number(path.parent)] = path.parent
    return [found[number] for number in sorted(found)]


def tidy(folder: Path) -> None:
    """Give whole checkpoints that a kill left beside their place that place, and remove what it left half-written.

    Whoever calls this owns the run's folder.
    """
    whole = _checkpoints(folder)
    for path in whole:
        if path.name.startswith("."):
            with contextlib.suppress(OSError):
                path.replace(path.with_name(_number(path)))
    for suffix in (PART, OLD):
        for path in (folder / FOLDER).glob(f".[0-9]*{suffix}"):
            shutil.rmtree(path, ignore_errors=True)


def _number(folder: Path) -> str:
    return folder.name.removeprefix(".").partition(".")[0]


def _write(folder: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any], shard_size: int) -> None:
    files = []
    for number, shard in enumerate(_shards(tensors, shard_size), 1):
        files.append(f"state-{number:05d}.safetensors")
        save_file(shard, folder / files[-1])
    shapes = {name: list(tensor.shape) for name, tensor in tensors.items()}
    index = {"format_version": FORMAT_VERSION, "files": files, "shapes": shapes, **about}
    # Last and in one piece: where it stands, all is there.
    unnamed = folder / f".{INDEX}"
    unnamed.write_text(json.dumps(index), encoding="utf-8")
    unnamed.replace(folder / INDEX)


def _shards(tensors: Mapping[str, Tensor], shard_size: int) -> Iterator[dict[str, Tensor]]:
    """Dictionaries of pieces "name@first element" of at most `shard_size` bytes together."""
    room = shard_size - 2**15 if shard_size else 2**62  # a file also has a header
    shard: dict[str, Tensor] = {}
    used = 0
    for name, tensor in tensors.items():
        flat = tensor.detach().to("cpu").contiguous().flatten()
        start = 0
        while start < flat.numel() or (start == 0 and not flat.numel()):
            count = min(flat.numel() - start, max(0, room - used) // flat.element_size())
            # A header has an entry of some 150 bytes for each piece: many tiny tensors must not outgrow the file.
            if shard and (count == 0 or (shard_size and len(shard) >= 150)):
                yield shard
                shard, used = {}, 0
                continue
            piece = flat[start : start + count]
            shard[f"{name}@{start}"] = piece if count == flat.numel() else piece.clone()
            used += count * flat.element_size()
            start += max(1, count)
    if shard:
        yield shard


def _read(folder: Path, index: Mapping[str, Any]) -> dict[str, Tensor]:
    pieces: dict[str, list[tuple[int, Tensor]]] = {name: [] for name in index["shapes"]}
    for file in index["files"]:
        for key, piece in load_file(folder / file).items():
            name, _, start = key.rpartition("@")
            pieces[name].append((int(start), piece))
    return {
        name: torch.cat([piece for _, piece in sorted(found, key=lambda item: item[0])]).reshape(index["shapes"][name])
        for name, found in pieces.items()
    }


def _require_same(theirs: Any, ours: Mapping[str, Any], folder: Path) -> None:
    if not isinstance(theirs, dict):
        raise ValueError("no description of its network")
    # Compared as JSON has it: a tuple comes back as a list.
    ours = json.loads(json.dumps(dict(ours)))
    for key in sorted({*theirs, *ours}):
        if theirs.get(key) != ours.get(key):
            raise TrainingError(
                "The checkpoint {0} is of another network: its '{1}' is {2}, not "
                "{3}. Choose another output folder, or the settings it was made with.",
                folder,
                key,
                json.dumps(theirs.get(key)),
                json.dumps(ours.get(key)),
            )


def _reason(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return " ".join(text.split())[:200] or type(error).__name__

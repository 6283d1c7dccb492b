"""The recipe of the network that matches parts: its head learns from cached samples, in minutes on a CPU."""

import copy
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine import checkpoint, model_loading
from engine.architectures.parts import PartsConfig, PartsHead, PartsMatcher, Tokens
from engine.checkpoint import CheckpointInfo
from engine.errors import TrainingError
from trainer.parts import backbone_weights
from trainer.parts import samples as parts_samples
from trainer.parts import scores as parts_scores
from trainer.parts.batches import NAMES, Batch, Draws, Match, matches_of

# Characters that are never learned from: by them settings are chosen.
HELD_OUT = {
    "3d": ("q_modular_",),
    "drawn": tuple(f"drawn_{number:05d}" for number in range(860, 900)),
    "washed": tuple(f"washed_{number:05d}" for number in range(275, 300)),
    "characters": ("bmr_skoro", "sylvie", "carrot_barrel", "adventurer_03", "lorelei_02", "micah_02", "openpeeps_02"),
    "painted": ("bmr_drago", "bmr_scarrion", "bmr_swamp", "gopherpencil_standing", "gopherpencil_lifting"),
    "self": ("noto_1F46", "robohash_robots_00"),
}
SHARES = {"drawn": 3.0, "3d": 2.0, "washed": 2.5, "characters": 2.0, "painted": 2.0, "self": 1.0, "sequences": 0.3}
_CLAMP = 8.0  # of a region's loss, which hopeless ones do not exceed


@dataclass(frozen=True)
class PartsTraining:
    """Settings of a run. shares: how often each group of samples is drawn. average: of the weights, per step. naming:
    weight of learning what the parts of drawn characters are called, which no model needs afterwards. start: a model
    file of the same network whose head the run begins with; empty for random weights. warm_up: steps of rising rate."""

    network: PartsConfig = field(default_factory=PartsConfig)
    shares: Mapping[str, float] = field(default_factory=lambda: dict(SHARES))
    steps: int = 2400
    batch: int = 12
    rate: float = 1.5e-3
    decay: float = 0.05
    average: float = 0.998
    naming: float = 0.15
    start: str = ""
    warm_up: int = 60
    seed: int = 1


def load_matches(cache: Path, without: tuple[str, ...] = ()) -> tuple[list[Match], list[Match]]:
    """All matches of a folder of samples: to learn from, and held out. without: see `Match`. Raises TrainingError
    without any."""
    learned, held = [], []
    for path in sorted(cache.glob("*/*.npz")):
        group, name = path.parent.name, path.name.split(".")[0]
        of = [replace(one, without=without) for one in matches_of(parts_samples.load(path), group, name)]
        if name.startswith(HELD_OUT.get(group, ())):
            held += of
        else:
            learned += of
    if not learned:
        raise TrainingError("There are no samples in {0}: prepare some first.", cache)
    return learned, held


class Run:
    """One training, resumable: `advance` goes on from the step in `folder`."""

    def __init__(
        self,
        settings: PartsTraining,
        matches: Sequence[Match] | Callable[[int], Batch],
        folder: Path | None = None,
        head: PartsHead | None = None,
    ) -> None:
        """matches: to learn from, or what gives batch number i. folder: where its state lies and is written; None:
        nowhere. head: to begin with, which learns. Raises TrainingError for another run's state."""
        torch.manual_seed(settings.seed)
        self.settings, self.folder, self.step = settings, folder, 0
        self.draws: Callable[[int], Batch] = (
            matches if callable(matches) else Draws(matches, dict(settings.shares), settings.batch, settings.seed)
        )
        self.head = head or PartsHead(settings.network)
        if settings.start:
            self.head.load_state_dict(_below(checkpoint.load_stored(Path(settings.start)), "head."))
        self.naming = torch.nn.Linear(settings.network.width, NAMES)
        self.average = {name: value.detach().clone() for name, value in self.head.state_dict().items()}
        self.optimizer = torch.optim.AdamW(
            [*self.head.parameters(), *self.naming.parameters()],
            lr=settings.rate,
            weight_decay=settings.decay,
            betas=(0.9, 0.98),
        )
        self.losses: list[float] = []
        if folder is not None and (folder / "state.safetensors").exists():
            self._load(folder / "state.safetensors")

    def advance(
        self, minutes: float | None = None, on_step: Callable[[int, float], None] = lambda _step, _loss: None
    ) -> bool:
        """Train until the last step, or for `minutes`; True at the end. The state is written either way."""
        began = time.monotonic()
        while self.step < self.settings.steps:
            if minutes is not None and time.monotonic() - began > minutes * 60.0:
                break
            loss = self.take_step()
            on_step(self.step, loss)
        self.save()
        return self.step >= self.settings.steps

    def take_step(self) -> float:
        """The next step; returns its loss."""
        torch.manual_seed(self.settings.seed * 1_000_003 + self.step)  # of the dropout, so that a run can be resumed
        loss = self._step(self.draws(self.step))
        self.step += 1
        return loss

    def save(self) -> None:
        """Write the state into the folder, where there is one."""
        if self.folder is not None:
            self._save(self.folder)

    def averaged(self) -> PartsHead:
        """The head with the average of its weights."""
        head = copy.deepcopy(self.head)
        head.load_state_dict(self.average)
        return head.eval()

    def _step(self, batch: Batch) -> float:
        settings = self.settings
        share = self.step / settings.steps
        rate = settings.rate * min(1.0, (self.step + 1) / settings.warm_up) * (0.5 + 0.5 * math.cos(math.pi * share))
        for group in self.optimizer.param_groups:
            group["lr"] = rate + settings.rate * 1e-3
        self.head.train()
        sides = self.head.understood(batch.drawing, batch.parts, batch.pairs)
        loss = loss_of(self.head.compared(*sides, batch.parts, batch.pairs), batch)
        total = loss
        if settings.naming > 0.0:
            called = [naming_loss(self.naming(side), names) for side, names in zip(sides, batch.names, strict=True)]
            total = loss + settings.naming * (called[0] + called[1]) / 2.0
        self.optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.head.parameters(), 1.0)
        self.optimizer.step()
        kept = min(settings.average, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            for name, value in self.head.state_dict().items():
                self.average[name].lerp_(value, 1.0 - kept)
        return float(loss.detach())

    def _save(self, folder: Path) -> None:
        tensors = {f"head.{name}": value for name, value in self.head.state_dict().items()}
        tensors |= {f"naming.{name}": value for name, value in self.naming.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.average.items()}
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"moments.{number}.{name}": value for name, value in state.items()}
        folder.mkdir(parents=True, exist_ok=True)
        about = {"settings": json.dumps(_plain(self.settings), sort_keys=True), "step": str(self.step)}
        temporary = folder / "state.part"
        save_file({name: value.contiguous().clone() for name, value in tensors.items()}, temporary, about)
        temporary.replace(folder / "state.safetensors")

    def _load(self, path: Path) -> None:
        with safe_open(path, "pt") as file:
            about, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if about["settings"] != json.dumps(_plain(self.settings), sort_keys=True):
            raise TrainingError("{0} holds a run with other settings: choose another folder.", path.parent)
        self.step = int(about["step"])
        self.head.load_state_dict(_below(tensors, "head."))
        self.naming.load_state_dict(_below(tensors, "naming."))
        self.average = _below(tensors, "average.")
        state = self.optimizer.state_dict()
        state["state"] = {}
        for name, value in _below(tensors, "moments.").items():
            number, key = name.split(".")
            state["state"].setdefault(int(number), {})[key] = value
        self.optimizer.load_state_dict(state)


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _plain(settings: PartsTraining) -> dict:
    return asdict(replace(settings, shares=dict(settings.shares)))


def publish(
    run: Run, backbone: Path, path: Path, about: Mapping[str, Any], calibration: tuple[float, float]
) -> CheckpointInfo:
    """Write the averaged head with its backbone as a model file, matrices and kernels in fp16. Raises NurieError.

    about: name, description, licence, attributions and further provenance of `CheckpointInfo`.
    """
    config = replace(run.settings.network, calibration=calibration)
    network = PartsMatcher(config)
    network.backbone.load_state_dict(backbone_weights.load(backbone))
    network.head.load_state_dict(run.average)
    weights = {name: value.half() if value.dim() > 1 else value for name, value in network.state_dict().items()}
    training = {key: value for key, value in _plain(run.settings).items() if key != "network"}
    info = CheckpointInfo(
        "parts",
        asdict(config),
        about.get("name", path.stem),
        about.get("description", ""),
        {"training": training, **about.get("provenance", {})},
        about.get("licence", ""),
        tuple(about.get("attributions", ())),
    )
    checkpoint.save(path, weights, info)
    return info


def on(batch: Batch, device: torch.device) -> Batch:
    """The batch on a device."""

    def moved(tokens: Tokens) -> Tokens:
        there = {name: one.to(device) for name, one in tokens._asdict().items() if one is not None}
        return tokens._replace(**there)

    return Batch(
        moved(batch.drawing),
        moved(batch.parts),
        batch.pairs.to(device),
        batch.right.to(device),
        batch.weight.to(device),
        (batch.names[0].to(device), batch.names[1].to(device)),
    )


def loss_of(logits: Tensor, batch: Batch) -> Tensor:
    """Mean over regions of -log of the probability that is on right parts."""
    log = logits.log_softmax(-1)
    right = torch.logsumexp(log.masked_fill(batch.right < 0.5, -1e4), -1).clamp(min=-_CLAMP)
    return -(right * batch.weight).sum() / batch.weight.sum()


def naming_loss(logits: Tensor, names: Tensor) -> Tensor:
    """Mean over the tokens that may have a name of -log of the probability that is on such names; 0 without any."""
    known = names.any(-1)
    if not known.any():
        return logits.sum() * 0.0
    log = logits[known].log_softmax(-1)
    return -torch.logsumexp(log.masked_fill(names[known] < 0.5, -1e4), -1).mean()


def judged(head: PartsHead, held: Sequence[Match], calibration: tuple[float, float] = (1.0, 0.0)) -> list:
    """Held-out matches (those with a guess, as the program has one) judged by `trainer.parts.scores`."""
    asked = [match for match in held if np.isfinite(match.couples[0].guess.astype(np.float32)).all()]
    found = zip(asked, parts_scores.probabilities(head, asked), strict=True)
    return [one for match, share in found if (one := parts_scores.judge(match, share, calibration)) is not None]


def calibrated(path: Path, held: Sequence[Match]) -> list[parts_scores.Judged]:
    """Write a model file anew with the calibration that fits held-out matches; returns them as judged with it.

    Raises NurieError, also where nothing is held out.
    """
    if not held:
        raise TrainingError("Nothing is held out in the samples: the certainty cannot be compared with anything.")
    info, network = model_loading.build(path)
    if not isinstance(network, PartsMatcher):
        raise TrainingError("{0} is not a model that matches parts: choose another file.", path)
    head = network.head.eval()
    values = parts_scores.calibration_of(judged(head, held))
    config = {**info.config, "calibration": list(values)}
    checkpoint.save(path, checkpoint.load_stored(path), replace(info, config=config))
    return judged(head, held, values)

"""Training of the engine that paints in steps, in three parts, each a stage that names what learns in it.

`latent`: the decoder that sees the lines. `unet`, `sketch`, `guess`, `tokens`: the denoiser and what it is told.
`lora`, `recovery`, `thresholds`: the split by region, with all else as it is. The first look is the one-pass colorizer
that ships, and stays as it is. All that is drawn hangs on the number of a sample and the seed alone.
"""

import math
from typing import Any, ClassVar, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import Dataset

from engine import model_catalog, model_loading
from engine.architectures.sga_generator import SGAGenerator
from engine.architectures.split_config import SplitConfig
from engine.architectures.split_diffusion import Encoded, SplitColorizer
from engine.device import Device
from engine.diffusion import sampler
from engine.diffusion.modes import which
from engine.diffusion.sizes import latent_of, shrunk
from engine.diffusion.split_attention import Split
from engine.errors import TrainingError
from trainer.config import DataConfig, LossConfig, OptimizerConfig, Stage, TrainConfig
from trainer.distributed import Ranks
from trainer.painting_samples import PaintingSamples
from trainer.perceptual import PerceptualNetwork
from trainer.recipes.base import Batch, Recipe
from trainer.run_state import RunState

LATENT, BASE, SPLIT = ("latent",), ("unet", "sketch", "guess", "tokens"), ("lora", "recovery", "thresholds")

NO_REFERENCE, NO_SKETCH = 0.1, 0.05  # shares of samples that go without, so that guidance can be
FIGURE = 2.0  # how much more a figure counts than paper and background
_GRADIENT, _DIVERGENCE = 0.1, 1e-6  # weights of the latent's losses beside the L1
_SOFT = 0.1  # error, in deviations, below which it counts by its square
_SOFTER, _SHAKEN = 0.5, 0.06  # share of latents that are softer than they should be, and noise in all
_THRESHOLDS = (0.05, 0.95)
_CHARACTERS = {"tiny": 200, "smoke": 6}
_SCENES = 7  # of ten batches


def _run(network: SplitConfig, stages: tuple[Stage, ...], **settings: Any) -> TrainConfig:
    return TrainConfig(
        architecture="split",
        network=network,
        data=DataConfig(protocol="varied", workers=0),
        stages=stages,
        losses=LossConfig(l1=1.0, perceptual=0.0, style=0.0, adversarial=0.0),
        optimizer=OptimizerConfig(betas=(0.9, 0.99), schedule="linear", warmup=100, gradient_clip=1.0),
        **settings,
    )


def tiny() -> TrainConfig:
    """Ours: an hour and a half on a core or two."""
    return _run(
        SplitConfig.tiny(),
        (
            Stage(128, 4_800, learning_rate=1.5e-3, batch=16, parts=LATENT),
            Stage(256, 20_000, learning_rate=8e-4, batch=8, parts=BASE),
            Stage(256, 2_400, learning_rate=8e-4, batch=8, parts=SPLIT),
        ),
    )


def smoke() -> TrainConfig:
    """For tests: seconds."""
    base = tuple(part for part in BASE if part != "guess")
    return _run(
        SplitConfig.smoke(),
        (Stage(64, 64, learning_rate=3e-3, batch=4, parts=base), Stage(64, 16, 1e-3, batch=4, parts=SPLIT)),
    )


def paper() -> TrainConfig:
    """The published experiment, as far as it is told: its sizes, rates and two stages. For many graphics cards."""
    base = tuple(part for part in BASE if part != "guess")
    return _run(
        SplitConfig.paper(),
        (
            Stage(512, 400_000, learning_rate=1e-4, batch=16, parts=LATENT),
            Stage(512, epochs=6.0, learning_rate=1e-4, batch=64, parts=base),
            Stage(512, epochs=3.0, learning_rate=1e-4, batch=64, parts=SPLIT),
        ),
    )


class DiffusionRecipe(Recipe):
    """See the module."""

    presets: ClassVar = {"split-tiny": tiny, "split-smoke": smoke, "split-paper": paper}
    losses: ClassVar = ("total", "velocity", "l1", "gradient", "divergence")

    def build(self, network: SplitConfig) -> SplitColorizer:
        """With the weights of the one-pass colorizer that ships as first look, where it is of that form.

        Raises TrainingError where it is of another.
        """
        model = SplitColorizer(network)
        if model.first is None or next(model.parameters()).is_meta:
            return model
        entry = model_catalog.find()
        shipped = model_loading.build(entry.path)[1]
        if not isinstance(shipped, SGAGenerator) or shipped.config != network.first_look:
            raise TrainingError("The model {0} is no first look for this network: set first_look as it is.", entry.name)
        model.first.load_state_dict(shipped.state_dict())
        model.first.requires_grad_(False).eval()
        return model

    def samples(self, config: TrainConfig, data: Any, stage: Stage) -> Dataset[Batch]:
        """See `PaintingSamples`."""
        characters = _CHARACTERS["tiny" if config.network.first_look else "smoke"]
        return PaintingSamples(
            data, config.data, stage.size, stage.batch, config.seed, scenes=_SCENES, characters=characters
        )

    def step(
        self,
        config: TrainConfig,
        stage: Stage,
        state: RunState,
        where: Device,
        ranks: Ranks,
        features: PerceptualNetwork | None,
    ) -> "DiffusionStep":
        """See `DiffusionStep`."""
        return DiffusionStep(config, stage, state, where, ranks)


class DiffusionStep:
    """Takes steps on a `RunState`, on the part that its stage teaches."""

    def __init__(self, config: TrainConfig, stage: Stage, state: RunState, where: Device, ranks: Ranks) -> None:
        self.config, self.state, self.where, self.ranks = config, state, where, ranks
        self.network = cast(SplitColorizer, state.model)
        self.parts = stage.parts
        self.learning = [one for one in self.network.parameters() if one.requires_grad]

    def __call__(self, batch: Batch, learning_rate: float) -> dict[str, float]:
        """See `trainer.recipes.base.Step`."""
        generator = torch.Generator().manual_seed(self.config.seed * 1_000_003 + int(batch["number"][0]))
        moved = {name: one.to(self.ranks.device) for name, one in batch.items() if name != "number"}
        with self.where.autocast():
            parts = self._latent(moved, generator) if self.parts == LATENT else self._velocity(moved, generator)
        total = torch.stack([part.float() for part in parts.values()]).sum()
        losses = {"total": total.item(), **{name: part.item() for name, part in parts.items()}}
        if all(map(math.isfinite, losses.values())) and not self._descend(total, learning_rate):
            losses["total"] = math.nan
        return losses

    def _latent(self, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        """How far a picture comes back from its latent, which need not be quite right: a painting's never is."""
        latent, target = self.network.latent, batch["target"]
        losses: dict[str, Tensor] = {}
        if latent.encoder is None:
            small = latent.encode(target)
        else:
            mean, deviation = latent.moments(target)
            small = mean + deviation * _normal(mean.shape, generator, mean.device)
            divergence = 0.5 * (mean**2 + deviation**2 - 1.0 - 2.0 * deviation.log()).float().mean()
            losses["divergence"] = _DIVERGENCE * divergence
        softer = F.interpolate(F.avg_pool2d(small, 2), small.shape[2:], mode="bilinear", align_corners=False)
        chosen = (_uniform(len(small), generator, small.device) < _SOFTER)[:, None, None, None]
        shaken = _SHAKEN * _normal(small.shape, generator, small.device)
        painted = latent.decode(torch.where(chosen, softer, small) + shaken, batch["line"]).float()
        losses["l1"] = (painted - target).abs().mean()
        slopes = [(painted.diff(dim=d) - target.diff(dim=d)).abs().mean() for d in (2, 3)]
        return {**losses, "gradient": _GRADIENT * (slopes[0] + slopes[1])}

    def _velocity(self, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        """The squared error of what the network predicts, v or the noise, over what is not known beforehand.

        Beside a guess its root, the pseudo-Huber loss of Song and Dhariwal, "Improved Techniques for Training
        Consistency Models", 2024: where the guess is right already, it should stay, and the mean of all that may be
        right is a gray. A figure counts more than what is around it.
        """
        config, network, count = self.config.network, self.network, len(batch["line"])
        time = torch.randint(0, sampler.TIMES, (count,), generator=generator).to(batch["line"].device)
        drawn = _uniform((4, count), generator, time.device)
        small, _ = shrunk(batch["line"], config.side, network.stride)
        size = latent_of(small.shape[2:])
        split, guess = self._condition(batch, drawn, size)
        with torch.no_grad():
            whole = network.latent.encode(batch["target"]).float()
            picture = _averaged(whole if guess is None else whole - guess, size)
            seen = None if guess is None else _averaged(guess, size)
        noise = _normal(picture.shape, generator, picture.device)
        noisy = sampler.noised(picture, noise, time, config.zero_snr)
        wanted = sampler.target(picture, noise, time, config.prediction, config.zero_snr)
        sketch = torch.where((drawn[1] >= NO_SKETCH)[:, None, None, None], small, 1.0)
        predicted = network.predict(noisy, time, network.maps(sketch, seen), split)
        _, left = sampler.skipped(time, noisy, config.spread, config.zero_snr)
        error = ((predicted - wanted) / left) ** 2
        if guess is not None:
            error = torch.sqrt(error + _SOFT**2) - _SOFT
        weight = (1.0 + (FIGURE - 1.0) * _averaged(batch["figure"], size)).expand_as(wanted)
        return {"velocity": (weight * error).sum() / weight.sum()}

    def _condition(self, batch: Batch, drawn: Tensor, size: tuple[int, int]) -> tuple[Split, Tensor | None]:
        """What is asked at latents of a size, and the guess as a latent of the drawing's size.

        drawn: 4×N random numbers in [0, 1).
        """
        network, line = self.network, batch["line"]
        low, high = _THRESHOLDS
        of_sketch, of_reference = low + (high - low) * drawn[2], low + (high - low) * drawn[3]
        encoded = network.encode_reference(batch["reference"], batch["reference_line"])
        figure = None
        if "lora" in self.parts:
            encoded = network.divided(encoded, batch["reference_figure"], of_reference.view(-1, 1, 1, 1))
            figure = _averaged(batch["figure"], size)
        with torch.no_grad():
            large = None if figure is None else batch["figure"]
            guess = network.guessed(network.look(line, [encoded], large, of_sketch), line)
        encoded = _thinned(encoded, (drawn[0] >= NO_REFERENCE)[:, None, None].to(line))
        return network.condition([encoded], which("fig2fig"), figure, (of_sketch, of_reference)), guess

    def _descend(self, total: Tensor, learning_rate: float) -> bool:
        """Whether the gradient was one of numbers; else the weights stay."""
        optimizer = self.state.optimizer
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        optimizer.zero_grad()
        total.backward()
        learning = [one for one in self.learning if one.grad is not None]
        for one in learning:
            one.grad = self.ranks.mean(cast(Tensor, one.grad))
        norm = nn.utils.clip_grad_norm_(learning, self.config.optimizer.gradient_clip or math.inf)
        if not bool(norm.isfinite()):
            return False
        optimizer.step()
        return True


def _averaged(picture: Tensor, size: tuple[int, int]) -> Tensor:
    return F.adaptive_avg_pool2d(picture, size)


def _thinned(encoded: Encoded, kept: Tensor) -> Encoded:
    """The references without the tokens of those samples that go without one. kept: N×1×1."""
    whole = encoded.whole._replace(tokens=encoded.whole.tokens * kept)
    background = encoded.background
    if background is not None:
        background = background._replace(tokens=background.tokens * kept)
    return encoded._replace(whole=whole, background=background)


def _normal(shape: tuple[int, ...], generator: torch.Generator, device: torch.device) -> Tensor:
    return torch.randn(shape, generator=generator).to(device)


def _uniform(shape: int | tuple[int, ...], generator: torch.Generator, device: torch.device) -> Tensor:
    return torch.rand(shape, generator=generator).to(device)

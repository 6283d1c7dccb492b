"""One step of training: the discriminator learns from what the generator draws, then the generator from its losses."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from engine.device import Device
from trainer.config import TrainConfig
from trainer.distributed import Ranks
from trainer.losses import adversarial_discriminator, generator_losses
from trainer.perceptual import PerceptualNetwork
from trainer.run_state import RunState


class TrainingStep:
    """Takes steps on a RunState: Li et al., ECCV 2022, Eq. 1–5, in the order of its published code.

    That code runs the generator anew for its own step; its weights have not changed since, so once is enough.
    """

    def __init__(
        self, config: TrainConfig, state: RunState, where: Device, ranks: Ranks, features: PerceptualNetwork | None
    ) -> None:
        """features: the network of the perceptual and style losses, None where neither takes part."""
        self.config, self.state, self.where, self.ranks = config, state, where, ranks
        self.features = features
        synchronize = not config.freeze_batch_statistics
        self.generator: nn.Module = ranks.wrap(state.model, synchronize_batches=synchronize)
        if config.compile:
            self.generator = torch.compile(self.generator)  # type: ignore[assignment]
        self.discriminator: nn.Module | None = None
        if state.discriminator is not None:
            self.discriminator = ranks.wrap(state.discriminator, synchronize_batches=False)

    def __call__(self, batch: Mapping[str, Tensor], learning_rate: float) -> dict[str, float]:
        """Learn from a batch of samples (see `trainer.datasets`); returns the weighted losses, their "total", and the
        discriminator's as "discriminator". Where one of them is not a number, the weights stay as they are."""
        line, target = self._moved(batch["line"]), self._moved(batch["target"])
        references, lines = self._of_each(batch, "reference"), self._of_each(batch, "reference_line")
        with self.where.autocast():
            output = self.generator(line, references, lines or None)
        losses: dict[str, float] = {}
        if self.discriminator is not None:
            losses["discriminator"] = self._teach_discriminator(line, target, output.detach(), learning_rate)
        parts = self._generator_losses(line, target, output)
        total = torch.stack([part.float() for part in parts.values()]).sum()
        losses |= {"total": total.item(), **{name: part.item() for name, part in parts.items()}}
        known = all(map(math.isfinite, losses.values()))
        if known and not self._descend(self.state.optimizer, self.state.model, total, learning_rate):
            losses["total"] = math.nan  # the loss is a number, its gradient is none
        if known:
            self.state.scaler.update()
        return losses

    def _of_each(self, batch: Mapping[str, Tensor], key: str) -> list[Tensor]:
        """The first reference's, and those of the further ones (N×M×C×h×w); nothing where samples have none."""
        if key not in batch:
            return []
        further = batch.get(f"further_{key}s")
        return [self._moved(one) for one in (batch[key], *(further.unbind(1) if further is not None else ()))]

    def _moved(self, tensor: Tensor) -> Tensor:
        layout = torch.channels_last if self.config.channels_last else torch.contiguous_format
        return tensor.to(self.ranks.device, non_blocking=True).contiguous(memory_format=layout)

    def _generator_losses(self, line: Tensor, target: Tensor, output: Tensor) -> dict[str, Tensor]:
        scores = None
        judge = self.state.discriminator
        with self.where.autocast():
            if judge is not None:
                # Here only the generator learns; not wrapped, because nothing of it is to be averaged over processes.
                judge.requires_grad_(False)
                scores = judge(output, line)
                judge.requires_grad_(True)
            return generator_losses(self.config.losses, output, target, features=self.features, fake_scores=scores)

    def _teach_discriminator(self, line: Tensor, target: Tensor, drawn: Tensor, learning_rate: float) -> float:
        optimizer = self.state.discriminator_optimizer
        assert self.discriminator is not None and self.state.discriminator is not None and optimizer is not None
        with self.where.autocast():
            # Both in one pass: DistributedDataParallel wants one for each backward.
            scores = self.discriminator(torch.cat([target, drawn.to(target.dtype)]), torch.cat([line, line]))
        real, fake = scores.chunk(2)
        loss = adversarial_discriminator(real, fake)
        value = loss.item()
        if math.isfinite(value):
            rate = learning_rate * self.config.optimizer.discriminator_rate
            if not self._descend(optimizer, self.state.discriminator, loss, rate):
                return math.nan
        return value

    def _descend(self, optimizer: torch.optim.Optimizer, module: nn.Module, loss: Tensor, learning_rate: float) -> bool:
        """Take a step down the gradient. Where that is not a number, the weights stay and the answer is False."""
        scaler = self.state.scaler
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        limit = self.config.optimizer.gradient_clip or math.inf
        norm = torch.nn.utils.clip_grad_norm_(module.parameters(), limit).item()
        # A scaler leaves out steps whose gradient is not a number by itself, and scales less from then on; where it has
        # nothing left to take away, the scale was not the reason.
        if not math.isfinite(norm) and not (scaler.is_enabled() and scaler.get_scale() > 1.0):
            return False
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        scaler.step(optimizer)
        return True

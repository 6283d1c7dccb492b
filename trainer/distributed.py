"""Training on several devices: one process each, started by `torchrun`, each with its part of every batch.

Every process draws its own samples, DistributedDataParallel averages their gradients, and the first one (rank 0) alone
writes files. Without torchrun there is one process and nothing here does anything.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from engine.errors import TrainingError


@dataclass(frozen=True)
class Ranks:
    """This process among all of a run. device: where its tensors live."""

    rank: int
    count: int
    device: torch.device

    @property
    def is_first(self) -> bool:
        """True for the process that writes files and speaks."""
        return self.rank == 0

    def part_of(self, batch: int) -> slice:
        """Which samples of a batch are this process's. Raises TrainingError where they cannot be shared evenly."""
        if batch % self.count:
            raise TrainingError(
                "A batch of {0} cannot be shared by {1} processes: choose a multiple of {1}.", batch, self.count
            )
        share = batch // self.count
        return slice(self.rank * share, (self.rank + 1) * share)

    def mean(self, values: Tensor) -> Tensor:
        """The mean over all processes, for each of them."""
        if self.count == 1:
            return values
        values = values.to(self.device, copy=True)
        dist.all_reduce(values)
        return values / self.count

    def any(self, flag: bool) -> bool:
        """True everywhere where it is true anywhere: all processes have to stop at the same step."""
        if self.count == 1:
            return flag
        return bool(self.mean(torch.tensor([float(flag)])).item() > 0.0)

    def wrap(self, module: nn.Module, *, synchronize_batches: bool) -> nn.Module:
        """The module to call in training: gradients, and on CUDA the batch statistics, are those of the whole batch."""
        if self.count == 1:
            return module
        on_cuda = self.device.type == "cuda"
        if synchronize_batches and on_cuda:
            module = nn.SyncBatchNorm.convert_sync_batchnorm(module)
        # Statistics of batches are local on the CPU, and equal already where they are synchronized.
        return DistributedDataParallel(module, device_ids=[self.device] if on_cuda else None, broadcast_buffers=False)


@contextmanager
def join(kind: str) -> Iterator[Ranks]:
    """Join the processes that `torchrun` started (WORLD_SIZE, RANK, LOCAL_RANK in the environment), then leave them.

    kind: "cpu", "cuda" or "mps". Yields the only Ranks there is without torchrun.
    """
    count, local = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    if count == 1:
        yield Ranks(0, 1, torch.device(kind))
        return
    device = torch.device(kind, local) if kind == "cuda" else torch.device(kind)
    if kind == "cuda":
        if local >= torch.cuda.device_count():
            raise TrainingError(
                "This computer has {0} graphics cards: start as many processes at most.", torch.cuda.device_count()
            )
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if kind == "cuda" else "gloo")
    try:
        yield Ranks(dist.get_rank(), dist.get_world_size(), device)
    finally:
        dist.destroy_process_group()

"""Adapted models: what changes a model for one character, stored without the model.

Such a file is a checkpoint whose description names its base (`checkpoint.BaseModel`). A tensor W of the base is stored
as `change:NAME`, what to add to it, or as `left:NAME` and `right:NAME`, two thin matrices L (o×r) and R (r×i) whose
product is added to W seen as a matrix of o outputs (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models",
ICLR 2022, store updates so; here they are found from the finished update by its singular values). What is not named
stays as it is in the base. What it changes of the network that matches parts (`CheckpointInfo.parts`) stands beside
it, each of these names after `parts:`.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from engine import checkpoint
from engine.checkpoint import CheckpointInfo

SIZE_LIMIT = 10_000_000  # bytes of an adapted model
CHANGE, LEFT, RIGHT = "change:", "left:", "right:"
PARTS = "parts:"
_RANKS = (64, 48, 32, 24, 16, 8, 4, 2, 1)
_HEADER = 200_000  # bytes kept free for the description


def save(path: Path, stored: Mapping[str, Tensor], info: CheckpointInfo) -> None:
    """Write an adapted model. stored: of `changes`; info: its `base` must be named. An older file stays if this fails.

    Raises CheckpointError when the file cannot be written, and ValueError for an info without a base.
    """
    if info.base is None:
        raise ValueError("an adapted model names its base")
    checkpoint.save(path, stored, info)


def of_parts(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Changes of the network that matches parts, called as an adapted model calls them."""
    return {PARTS + name: value for name, value in stored.items()}


def parted(stored: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The tensors of an adapted model: what changes its base, and what changes the network that matches parts."""
    base = {name: value for name, value in stored.items() if not name.startswith(PARTS)}
    parts = {name.removeprefix(PARTS): value for name, value in stored.items() if name.startswith(PARTS)}
    return base, parts


def changes(base: Mapping[str, Tensor], adapted: Mapping[str, Tensor], limit: int = SIZE_LIMIT) -> dict[str, Tensor]:
    """What turns `base` into `adapted`, as tensors of an adapted model in fp16, of at most `limit` bytes together.

    Matrices and kernels get the largest rank that the limit allows, which keeps their largest singular values; vectors
    are stored whole. Tensors that did not change are left out.
    """
    updates = {
        name: value.detach().cpu().float() - base[name].detach().cpu().float()
        for name, value in adapted.items()
        if value.dtype.is_floating_point and not torch.equal(value.detach().cpu(), base[name].detach().cpu())
    }
    rank = fitting_rank(updates, limit)
    stored: dict[str, Tensor] = {}
    for name, update in updates.items():
        matrix = _as_matrix(update)
        if not _is_thin(matrix, rank):
            stored[CHANGE + name] = update.half()
            continue
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        root = values[:rank].sqrt()
        stored[LEFT + name], stored[RIGHT + name] = (
            (left[:, :rank] * root).half(),
            (root[:, None] * right[:rank]).half(),
        )
    return stored


def fitting_rank(updates: Mapping[str, Tensor], limit: int) -> int:
    """The largest rank of matrices and kernels with which all updates fit into `limit` bytes, 1 where none does."""
    return next((rank for rank in _RANKS if _size(updates, rank) <= limit - _HEADER), _RANKS[-1])


def apply(weights: Mapping[str, Tensor], stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """`weights` with what `changes` gave added, in fp32 where it is. Raises ValueError where they do not fit."""
    result = dict(weights)
    for key, value in stored.items():
        kind, name = key[: key.find(":") + 1], key[key.find(":") + 1 :]
        if kind == RIGHT and LEFT + name in stored:
            continue
        if kind not in (CHANGE, LEFT) or name not in weights or (kind == LEFT and RIGHT + name not in stored):
            raise ValueError(f"it changes '{key}', which is not there")
        whole = weights[name]
        try:
            update = value.float() if kind == CHANGE else value.float() @ stored[RIGHT + name].float()
        except RuntimeError:
            raise ValueError(f"the parts of '{name}' do not fit each other") from None
        wanted = whole.shape if kind == CHANGE else _as_matrix(whole).shape
        if update.shape != wanted:
            raise ValueError(f"'{name}' has the shape {list(update.shape)} instead of {list(wanted)}")
        if not bool(update.isfinite().all()):
            raise ValueError(f"'{name}' holds values that are no numbers")
        result[name] = whole.float() + update.reshape(whole.shape)
    return result


def _as_matrix(tensor: Tensor) -> Tensor:
    """o×… as a matrix of o rows; what has one dimension or none stays as it is."""
    return tensor.flatten(1) if tensor.dim() > 1 else tensor


def _is_thin(matrix: Tensor, rank: int) -> bool:
    """Whether two matrices of this rank are smaller than the matrix."""
    return matrix.dim() == 2 and rank * sum(matrix.shape) < matrix.numel()


def _size(updates: Mapping[str, Tensor], rank: int) -> int:
    """Bytes of all updates in fp16."""
    matrices = [_as_matrix(update) for update in updates.values()]
    return 2 * sum(rank * sum(one.shape) if _is_thin(one, rank) else one.numel() for one in matrices)

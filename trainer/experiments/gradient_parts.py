"""The gradient that reaches a fusion's inputs, taken apart by the ways it takes (Li et al., ECCV 2022, section 3.2).

The sketch's tokens X reach the output as queries of the attention map and beside it (in SCFT by the residual path), the
reference's tokens Y as keys of the map and as values. By the chain rule the gradient at X is g_skip + g_Q and the one
at Y is g_V + g_K. A part whose cosine with its sum is negative works against what is learned as a whole.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from engine.architectures.sga_generator import SGAGenerator

SKETCH, REFERENCE = ("skip", "query"), ("value", "key")
PARTS = (*SKETCH, *REFERENCE)
Parts = dict[str, Tensor]


@contextmanager
def separate_paths(generator: SGAGenerator) -> Iterator[Parts]:
    """While it is open, every pass gives the cross attention a tensor of its own for each path; yields them by part.

    The values are those the attention would have had, so the output stays the same. Each is N×tokens×C.
    """
    paths: Parts = {}

    def split(_: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        x, y, *more = given
        keys = more[0] if more and more[0] is not None else y
        skip = named.get("skip")
        paths["query"], paths["value"], paths["key"] = x.clone(), y.clone(), keys.clone()
        paths["skip"] = (x if skip is None else skip).clone()
        return (paths["query"], paths["value"], paths["key"], *more[1:]), {**named, "skip": paths["skip"]}

    handle = generator.cross_attention.register_forward_pre_hook(split, with_kwargs=True)
    try:
        yield paths
    finally:
        handle.remove()


def gradients(
    generator: SGAGenerator,
    line: Tensor,
    reference: Tensor,
    losses_of: Callable[[Tensor], Mapping[str, Tensor]],
) -> dict[str, Parts]:
    """The gradients of each loss, and of their sum "total", by part: N×tokens×C each; zero where no gradient flows.

    line: N×1×H×W, reference: N×3×h×w; losses_of: the losses of an output N×3×H×W.
    """
    with separate_paths(generator) as paths:
        output = generator(line, [reference], None)
    losses = dict(losses_of(output))
    losses = {"total": torch.stack(list(losses.values())).sum(), **losses}
    found = {}
    for name, loss in losses.items():
        grads = torch.autograd.grad(loss, [paths[part] for part in PARTS], retain_graph=True, allow_unused=True)
        found[name] = {
            part: torch.zeros_like(paths[part]) if grad is None else grad
            for part, grad in zip(PARTS, grads, strict=True)
        }
    return found


def cosines(parts: Parts) -> Parts:
    """The cosine of each part with the sum of its side, over channels, for every token: N·tokens float64 on the CPU.

    NaN where the part or the sum is zero, as g_Q and g_K are behind a stop-gradient.
    """
    result = {}
    for side in (SKETCH, REFERENCE):
        # In double precision, as the gradients of single tokens are tiny; on the CPU, as MPS does not have it.
        of_side = {part: parts[part].cpu().double() for part in side}
        total = torch.stack(list(of_side.values())).sum(dim=0)
        for part, own in of_side.items():
            lengths = own.norm(dim=-1) * total.norm(dim=-1)
            cosine = (own * total).sum(dim=-1) / lengths
            result[part] = torch.where(lengths > 0.0, cosine, torch.nan).flatten()
    return result

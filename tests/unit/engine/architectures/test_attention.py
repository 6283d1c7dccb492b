"""The attention in row blocks is the naive map, forward and backward, and the double-normalised map keeps its mass."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine import cancellation
from engine.architectures.fusion import attention
from engine.architectures.fusion.attention import attend
from engine.errors import Cancelled


def naive(q: Tensor, k: Tensor, v: Tensor, scale: float, double: bool, stop: bool) -> Tensor:
    """Written straight from the paper's Eq. 8-9, with the whole map."""
    if stop:
        q, k = q.detach(), k.detach()
    weights = F.softmax(scale * q @ k.transpose(1, 2), dim=2)
    if double:
        weights = weights / weights.sum(dim=1, keepdim=True) * (q.shape[1] / k.shape[1])
    return weights @ v


def inputs(queries: int, keys: int, width: int = 12, seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    shapes = (queries, width), (keys, width), (keys, width + 3)
    return [torch.randn(2, *shape, generator=generator, requires_grad=True) for shape in shapes]


@pytest.mark.parametrize("double", [True, False])
@pytest.mark.parametrize("stop", [True, False])
@pytest.mark.parametrize("limit", [0, 10**9])
def test_equals_the_naive_map_with_gradients(
    monkeypatch: pytest.MonkeyPatch, double: bool, stop: bool, limit: int
) -> None:
    monkeypatch.setattr(attention, "BLOCK_ENTRIES", 300)  # several uneven blocks
    q, k, v = inputs(70, 41)
    expected = naive(q, k, v, 0.7, double, stop)
    got = attend(q, k, v, scale=0.7, double_normalization=double, stop_gradient=stop, whole_map_limit=limit)
    torch.testing.assert_close(got, expected, rtol=1e-5, atol=1e-5)

    direction = torch.randn_like(expected)
    wanted = torch.autograd.grad((expected * direction).sum(), (q, k, v), allow_unused=True, retain_graph=True)
    found = torch.autograd.grad((got * direction).sum(), (q, k, v), allow_unused=True)
    for one, other in zip(found, wanted, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)
    assert (wanted[0] is None) == stop


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1000))
def test_row_mass_is_one_on_average_and_columns_share_equally(queries: int, keys: int, seed: int) -> None:
    q, k, _ = inputs(queries, keys, seed=seed)
    weights = attend(q, k, torch.eye(keys).expand(2, keys, keys))  # the map itself
    assert weights.sum(dim=2).mean().item() == pytest.approx(1.0, abs=1e-4)
    torch.testing.assert_close(weights.sum(dim=1), torch.full((2, keys), queries / keys), rtol=1e-4, atol=1e-4)


def test_constant_values_keep_their_size_whatever_the_token_counts() -> None:
    q, k, _ = inputs(30, 90)
    assert attend(q, k, torch.ones(2, 90, 1)).mean().item() == pytest.approx(1.0, abs=1e-4)


def test_a_key_that_nobody_looks_at_gives_no_infinity() -> None:
    q = torch.ones(1, 8, 4) * 50
    k = torch.cat([torch.ones(1, 1, 4) * 50, torch.ones(1, 1, 4) * -50], dim=1)
    assert torch.isfinite(attend(q, k, torch.ones(1, 2, 3))).all()


@pytest.mark.parametrize("limit", [0, 10**9])
def test_gradients_stay_finite_where_hardly_anybody_looks(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """Dot products of 224 unit-variance channels, as the paper's network has them, make column sums of 1e-40."""
    monkeypatch.setattr(attention, "BLOCK_ENTRIES", 2000)
    generator = torch.Generator().manual_seed(0)
    q, k, v = (torch.mul(torch.randn(1, 256, 224, generator=generator), 3.0).requires_grad_() for _ in range(3))
    attend(q, k, v, stop_gradient=False, whole_map_limit=limit).square().mean().backward()
    for tensor in (q, k, v):
        assert tensor.grad is not None and tensor.grad.isfinite().all()


@pytest.mark.parametrize("limit", [0, 10**9])
def test_fp16_autocast_does_not_overflow(limit: int) -> None:
    """The paper's 512 unnormalised channels have dot products beyond 65504."""
    q, k, v = (tensor.detach() * 80.0 for tensor in inputs(40, 60, width=512))
    expected = attend(q.half().float(), k.half().float(), v, whole_map_limit=limit)
    with torch.autocast("cpu", torch.float16):
        found = attend(q.half(), k.half(), v, whole_map_limit=limit)
    torch.testing.assert_close(found, expected)


def test_blocks_can_be_cancelled() -> None:
    q, k, v = inputs(64, 64)
    asked = iter([False, False, True, True, True])
    with pytest.raises(Cancelled), cancellation.cancellable(lambda: next(asked)), torch.no_grad():
        attend(q, k, v, whole_map_limit=0)

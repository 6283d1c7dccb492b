"""Attention that is split by region, its low-rank changes, and what the background asks."""

from typing import Any, cast

import pytest
import torch
from torch import Tensor, nn

from engine.diffusion import imported
from engine.diffusion.low_rank import AttentionLoRA, LowRank, RegionLoRA, merge, rank_of
from engine.diffusion.recovery import RecoveryTransformer, ThresholdEmbedding
from engine.diffusion.split_attention import Split, SplitProcessor, Tokens
from engine.diffusion.unet import build_unet, denoise, map_shapes

WIDTH, TOKENS, SIDE = 16, 12, 4


def attention() -> Any:
    torch.manual_seed(0)
    made = imported("diffusers.models.attention_processor").Attention(
        query_dim=WIDTH, cross_attention_dim=TOKENS, heads=2, dim_head=8
    )
    return made.eval()


def noise(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def plain(attn: Any, asking: Tensor, tokens: Tensor) -> Tensor:
    """What diffusers itself computes."""
    return imported("diffusers.models.attention_processor").AttnProcessor2_0()(attn, asking, tokens)


def changes(seed: int = 5) -> RegionLoRA:
    """As after some training."""
    torch.manual_seed(seed)
    lora = RegionLoRA(WIDTH, TOKENS, WIDTH, 4, 0.5)
    for parameter in lora.parameters():
        nn.init.normal_(parameter, std=0.3)
    return lora


def left_half() -> Tensor:
    mask = torch.zeros(2, 1, SIDE, SIDE)
    mask[..., : SIDE // 2] = 1.0
    return mask


ASKING, WHOLE, BEHIND = noise(2, SIDE * SIDE, WIDTH), noise(2, 9, TOKENS, seed=2), noise(2, 5, TOKENS, seed=3)


@torch.no_grad()
def test_a_mask_that_is_all_figure_is_the_plain_attention() -> None:
    attn = attention()
    split = Split(Tokens(WHOLE), Tokens(BEHIND), torch.ones(2, 1, SIDE, SIDE), 0.5, True, True)
    untaught = RegionLoRA(WIDTH, TOKENS, WIDTH, 4, 0.5)
    seen = SplitProcessor(untaught)(attn, ASKING, WHOLE, split=split)
    torch.testing.assert_close(seen, plain(attn, ASKING, WHOLE), atol=1e-5, rtol=1e-5)
    # Without any reference to split, it is as diffusers has it, too.
    itself = attention()
    itself.to_k, itself.to_v = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
    torch.testing.assert_close(SplitProcessor()(itself, ASKING), plain(itself, ASKING, ASKING), atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_each_half_is_asked_by_its_own_branch() -> None:
    attn, lora = attention(), changes()

    def seen(figure: Tensor) -> Tensor:
        split = Split(Tokens(WHOLE), Tokens(BEHIND), figure, 0.5, True, True)
        return SplitProcessor(lora)(attn, ASKING, WHOLE, split=split).view(2, SIDE, SIDE, WIDTH)

    half = seen(left_half())
    all_figure, all_behind = seen(torch.ones(2, 1, SIDE, SIDE)), seen(torch.zeros(2, 1, SIDE, SIDE))
    torch.testing.assert_close(half[:, :, : SIDE // 2], all_figure[:, :, : SIDE // 2])
    torch.testing.assert_close(half[:, :, SIDE // 2 :], all_behind[:, :, SIDE // 2 :])
    assert not torch.allclose(all_figure, all_behind)


@torch.no_grad()
def test_only_the_changes_that_are_switched_on_act() -> None:
    attn, lora = attention(), changes()

    def seen(figure_lora: bool, background_lora: bool) -> Tensor:
        split = Split(Tokens(WHOLE), Tokens(BEHIND), left_half(), 0.5, figure_lora, background_lora)
        return SplitProcessor(lora)(attn, ASKING, WHOLE, split=split).view(2, SIDE, SIDE, WIDTH)

    none, figure, background = seen(False, False), seen(True, False), seen(False, True)
    left, right = slice(0, SIDE // 2), slice(SIDE // 2, SIDE)
    assert torch.equal(figure[:, :, right], none[:, :, right])
    assert not torch.allclose(figure[:, :, left], none[:, :, left])
    assert torch.equal(background[:, :, left], none[:, :, left])
    assert not torch.allclose(background[:, :, right], none[:, :, right])


def test_a_place_at_the_threshold_is_background() -> None:
    mask = torch.tensor([[[[0.5, 0.5001], [0.0, 1.0]]]])
    split = Split(Tokens(WHOLE), None, mask, 0.5)
    assert split.mask((2, 2)).flatten().tolist() == [False, True, False, True]
    # A coarser level takes the mean; every picture of a batch may have a threshold of its own.
    assert split.mask((1, 1)).flatten().tolist() == [True]
    both = Split(Tokens(WHOLE), None, mask.expand(2, 1, 2, 2), torch.tensor([0.6, 0.4]))
    assert both.mask((1, 1)).flatten().tolist() == [False, True]


def test_queries_that_are_no_level_of_the_mask_are_refused() -> None:
    split = Split(Tokens(WHOLE), None, torch.zeros(2, 1, 4, 4))
    with pytest.raises(ValueError, match="no level"):
        SplitProcessor()(attention(), noise(2, 5, WIDTH), WHOLE, split=split)


@torch.no_grad()
def test_tokens_out_of_sight_are_as_if_they_were_not_there() -> None:
    attn = attention()
    bias = torch.zeros(2, 9)
    bias[:, 4:] = -1e4
    few = SplitProcessor()(attn, ASKING, WHOLE, split=Split(Tokens(WHOLE, bias)))
    torch.testing.assert_close(few, plain(attn, ASKING, WHOLE[:, :4]), atol=1e-5, rtol=1e-5)
    # A weight of 2 is the same as being there twice.
    bias = torch.zeros(2, 9)
    bias[:, :3] = torch.log(torch.tensor(2.0))
    heavy = SplitProcessor()(attn, ASKING, WHOLE, split=Split(Tokens(WHOLE, bias)))
    twice = plain(attn, ASKING, torch.cat([WHOLE, WHOLE[:, :3]], dim=1))
    torch.testing.assert_close(heavy, twice, atol=1e-5, rtol=1e-5)


def test_bf16_is_near() -> None:
    attn, lora = attention(), changes()
    split = Split(Tokens(WHOLE, torch.zeros(2, 9)), Tokens(BEHIND), left_half(), 0.5, True, True)
    with torch.no_grad():
        exact = SplitProcessor(lora)(attn, ASKING, WHOLE, split=split)
        with torch.autocast("cpu", torch.bfloat16):
            rounded = SplitProcessor(lora)(attn, ASKING, WHOLE, split=split)
    torch.testing.assert_close(rounded.float(), exact, atol=0.05, rtol=0.05)


def test_ranks_are_numbers_or_shares() -> None:
    assert rank_of(16, 64, 32) == 16 and rank_of(64, 64, 32) == 32
    assert rank_of(0.5, 64, 32) == 16 and rank_of(0.001, 64, 32) == 1
    lora = RegionLoRA(64, 32, 64, 4, 0.5)
    assert lora.figure.query.down.out_features == 4 and lora.background.key.down.out_features == 16


def test_a_change_is_nothing_at_birth_and_still_learns() -> None:
    lora = LowRank(8, 6, 2)
    x = noise(3, 8)
    assert not lora(x).any()
    (lora(x) - 1.0).square().sum().backward()
    assert lora.up.weight.grad is not None and lora.up.weight.grad.any()


@torch.no_grad()
def test_merging_a_change_is_the_same_as_adding_it() -> None:
    attn, lora = attention(), changes().figure
    split = Split(Tokens(WHOLE), None, torch.ones(2, 1, SIDE, SIDE), 0.5, True, False)
    both = RegionLoRA(WIDTH, TOKENS, WIDTH, 4, 0.5)
    both.figure = cast(AttentionLoRA, lora)
    added = SplitProcessor(both)(attn, ASKING, WHOLE, split=split)
    merge((attn.to_q, attn.to_k, attn.to_v), lora)
    torch.testing.assert_close(plain(attn, ASKING, WHOLE), added, atol=1e-5, rtol=1e-5)


def test_what_is_behind_the_figure_has_as_many_tokens_as_it_asks() -> None:
    torch.manual_seed(0)
    behind = RecoveryTransformer(queries=6, width=16, layers=2, heads=2)
    bias = torch.zeros(2, 5)
    bias[:, 3:] = -1e4
    tokens = noise(2, 5, 16)
    found = behind(tokens, bias)
    assert found.shape == (2, 6, 16)
    torch.testing.assert_close(found, behind(tokens[:, :3]), atol=1e-5, rtol=1e-5)
    embedding = ThresholdEmbedding(16)
    assert not embedding(torch.tensor([0.2])).any()
    nn.init.normal_(embedding.out.weight)
    low, high = embedding(torch.tensor([0.2, 0.8]))
    assert low.shape == (1, 16) and not torch.allclose(low, high)


@torch.no_grad()
def test_the_denoiser_takes_its_maps_where_they_belong() -> None:
    torch.manual_seed(0)
    blocks, looks = (16, 32), (False, True)
    unet = build_unet(3, blocks, looks, 1, 16, TOKENS).eval()
    latent, time, split = noise(2, 3, 8, 12), torch.tensor([10, 900]), Split(Tokens(WHOLE))
    shapes = map_shapes(blocks, looks)
    assert shapes == ((16, 1), (16, 2), (32, 2))
    zero = [torch.zeros(2, width, 8 // scale, 12 // scale) for width, scale in shapes]
    before = denoise(unet, latent, time, zero, split)
    assert before.shape == latent.shape
    for number, (width, scale) in enumerate(shapes):
        maps = [one.clone() for one in zero]
        maps[number] = noise(2, width, 8 // scale, 12 // scale, seed=number)
        assert not torch.allclose(denoise(unet, latent, time, maps, split), before), f"map {number} is not heeded"

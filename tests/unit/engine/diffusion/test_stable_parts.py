"""Networks from a person's files: they are those that diffusers makes of the same weights."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine import cancellation
from engine.diffusion import imported, stable_parts
from engine.diffusion.clip import Eyes, Seen, Text, eyes_weights, text_weights
from engine.diffusion.image_prompt import (
    Projection,
    Prompt,
    Resampler,
    of_asking,
    of_pictures,
    prompt_attention,
)
from engine.diffusion.split_attention import Tokens
from engine.diffusion.stable_layouts import UNET, eyes_layout, layout, lines_layout, reference_layout
from engine.diffusion.stable_parts import StableFiles, StableParts
from engine.errors import Cancelled, CheckpointError
from tests import stable_toys as toys

CPU, WIDE = torch.device("cpu"), replace(toys.SIZES, context=128, text=(128, 99, 7, 2))


def parts_of(chosen: Any) -> StableParts:
    return StableParts(StableFiles(*chosen), toys.SIZES)


def unet_of(weights: dict[str, Tensor], sizes: Any = toys.SIZES) -> Any:
    config = stable_parts.unet_config(sizes)
    renamed = stable_parts._converted("convert_ldm_unet_checkpoint", weights, config)
    unet = imported().UNet2DConditionModel(**config)
    unet.load_state_dict(renamed)
    return unet.eval()


@torch.no_grad()
def test_all_of_the_file_is_in_the_networks(tmp_path: Path) -> None:
    chosen = toys.files(tmp_path)
    painting = parts_of(chosen).painting(CPU, torch.float32)
    latent, text, time = torch.randn(1, 4, 8, 8), torch.randn(1, 7, 24), torch.tensor([500])
    plain = unet_of({name: one for name, one in toys.weights(layout(toys.SIZES)).items() if name.startswith(UNET)})
    ours: Any = painting.unet
    expected = plain(latent, time, encoder_hidden_states=text, return_dict=False)[0]
    torch.testing.assert_close(ours(latent, time, encoder_hidden_states=text, return_dict=False)[0], expected)
    assert not any(one.is_meta for network in (painting.unet, painting.vae) for one in network.state_dict().values())
    assert painting.text.shape == (1, 7, 24) and painting.colors.shape == (5, 3)
    picture = torch.rand(1, 3, 64, 64) * 2 - 1
    assert painting.encode(picture).shape == (1, 4, 8, 8) and painting.decode(latent).shape == (1, 3, 64, 64)


@torch.no_grad()
@pytest.mark.parametrize("control", ["control_model.", "", "of diffusers"])
def test_a_controlnet_is_the_same_in_all_its_names(tmp_path: Path, control: str) -> None:
    chosen = toys.files(tmp_path / "a")
    latent, text, time, hint = (
        torch.randn(1, 4, 8, 8),
        torch.randn(1, 7, 24),
        torch.tensor([500]),
        torch.rand(1, 3, 64, 64),
    )
    first: Any = parts_of(chosen).painting(CPU, torch.float32).control
    if control == "of diffusers":
        assert {name: tuple(one.shape) for name, one in first.state_dict().items()} == stable_parts.control_shapes(
            toys.SIZES
        )
        toys.write(tmp_path / "other.safetensors", dict(first.state_dict()))
    else:
        plain = toys.weights(lines_layout(toys.SIZES), 1)
        toys.write(tmp_path / "other.safetensors", {control + name: one for name, one in plain.items()})
    other: Any = parts_of(chosen._replace(lines=tmp_path / "other.safetensors")).painting(CPU, torch.float32).control
    said = [
        one(latent, time, encoder_hidden_states=text, controlnet_cond=hint, return_dict=False)[1]
        for one in (first, other)
    ]
    torch.testing.assert_close(*said)


@torch.no_grad()
@pytest.mark.parametrize("layers", [0, 4], ids=["plain", "plus"])
def test_pictures_are_asked_as_diffusers_asks_them(layers: int) -> None:
    stored = toys.weights(reference_layout(WIDE, toys.EYES, toys.MANY, layers), 3)
    base = toys.weights(layout(WIDE))
    theirs, ours = unet_of(base, WIDE), unet_of(base, WIDE)
    cut: dict[str, dict[str, Tensor]] = {"image_proj": {}, "ip_adapter": {}}
    for name, one in stored.items():
        part, _, rest = name.partition(".")
        cut[part][rest] = one
    theirs._load_ip_adapter_weights([cut])
    asking = prompt_attention(ours, WIDE)
    asking.load_state_dict(of_asking(stored))
    prompt = Resampler(32, 128, toys.MANY, layers) if layers else Projection(20, 128, toys.MANY)
    prompt.load_state_dict(of_pictures(stored))
    latent, text, time = torch.randn(1, 4, 8, 8), torch.randn(1, 7, 128), torch.tensor([500])
    seen = Seen(torch.randn(1, 20), torch.randn(1, 17, 32))
    given = {"image_embeds": [(seen.parts if layers else seen.whole)[:, None]]}
    expected = theirs(latent, time, encoder_hidden_states=text, added_cond_kwargs=given, return_dict=False)[0]
    split = Prompt(Tokens(prompt(seen)))

    def said(split: Prompt | None) -> Tensor:
        return ours(
            latent, time, encoder_hidden_states=text, cross_attention_kwargs={"split": split}, return_dict=False
        )[0]

    torch.testing.assert_close(said(split), expected)
    assert (said(None) - expected).abs().max() > 0.1
    torch.testing.assert_close(said(replace(split, scale=0.0)), said(None))


@torch.no_grad()
def test_figure_and_background_ask_tokens_of_their_own() -> None:
    stored = toys.weights(reference_layout(toys.SIZES, toys.EYES, toys.MANY, 0), 3)
    unet = unet_of(toys.weights(layout(toys.SIZES)))
    prompt_attention(unet, toys.SIZES).load_state_dict(of_asking(stored))
    attention = unet.down_blocks[0].attentions[0].transformer_blocks[0].attn2
    asking, text = torch.randn(1, 64, 32), torch.randn(1, 7, 24)
    first, second = (Tokens(torch.randn(1, toys.MANY, 24)) for _ in range(2))
    figure = torch.zeros(1, 1, 8, 8)
    figure[..., :4] = 1.0

    def said(prompt: Prompt) -> Tensor:
        return attention(asking, encoder_hidden_states=text, split=prompt).unflatten(1, (8, 8))

    both = said(Prompt(first, second, figure))
    torch.testing.assert_close(both[:, :, :4], said(Prompt(first))[:, :, :4])
    torch.testing.assert_close(both[:, :, 4:], said(Prompt(second))[:, :, 4:])
    assert (said(Prompt(first)) - said(Prompt(second))).abs().max() > 0.01
    hidden = Tokens(torch.cat([first.tokens, second.tokens], dim=1), torch.tensor([[0.0] * 4 + [-1e4] * 4]))
    torch.testing.assert_close(said(Prompt(hidden)), said(Prompt(first)))


@torch.no_grad()
def test_an_empty_text_reads_its_beginning_first_and_looks_only_back() -> None:
    weights = text_weights(toys.weights(layout(toys.SIZES)))
    text = Text(toys.SIZES)
    text.load_state_dict(weights)
    said = text.eval()()
    weights["token"][98] += 1.0  # the end of a text
    text.load_state_dict(weights)
    again = text()
    torch.testing.assert_close(again[:, 0], said[:, 0])
    assert (again[:, 1:] - said[:, 1:]).abs().amax(dim=2).min() > 0.0


@torch.no_grad()
def test_eyes_see_all_of_a_long_picture_on_paper() -> None:
    eyes = Eyes(toys.EYES)
    eyes.load_state_dict(eyes_weights(toys.weights(eyes_layout(toys.EYES), 2)))
    tall = torch.full((1, 3, 60, 20), -1.0)
    seen = eyes.prepared(tall)
    paper = eyes.prepared(torch.ones(1, 3, 20, 20))
    assert seen.shape == (1, 3, 32, 32)
    torch.testing.assert_close(seen[..., :8], paper[..., :8])
    assert bool((seen[..., 14:18] < 0).all())  # from the first row to the last


def test_only_one_kind_of_parts_is_kept_and_copies_share_nothing(tmp_path: Path) -> None:
    parts = parts_of(toys.files(tmp_path))
    looking = parts.looking(CPU, torch.float32)
    assert parts.looking(CPU, torch.float32) is looking
    painting = parts.painting(CPU, torch.bfloat16)
    assert next(painting.unet.parameters()).dtype == torch.bfloat16
    assert parts.looking(CPU, torch.float32) is not looking
    assert copy.deepcopy(parts)._kept is None


def test_a_file_that_lost_a_tensor_since_is_refused_and_not_filled_at_random(tmp_path: Path) -> None:
    chosen = toys.files(tmp_path)
    weights = toys.weights(layout(toys.SIZES))
    toys.write(
        chosen.base, {name: one for name, one in weights.items() if name != UNET + "middle_block.0.emb_layers.1.bias"}
    )
    with pytest.raises(CheckpointError, match="does not hold the network that it was taken for"):
        parts_of(chosen).painting(CPU, torch.float32)


def test_loading_can_be_stopped(tmp_path: Path) -> None:
    parts = parts_of(toys.files(tmp_path))
    with pytest.raises(Cancelled), cancellation.cancellable(lambda: True):
        parts.painting(CPU, torch.float32)

"""The network that paints in steps, untaught: what it heeds, what it leaves, and its sizes."""

import dataclasses
from functools import lru_cache

import pytest
import torch
from torch import Tensor, nn

from engine import registry
from engine.architectures.sga_generator import SGAConfig
from engine.architectures.split_config import SplitConfig
from engine.architectures.split_diffusion import Encoded, Painting, SplitColorizer
from engine.diffusion.modes import Active, which
from engine.errors import CheckpointError, RequestError
from engine.options import Sampling

SIDE = 64
LOOKS = dataclasses.replace(
    SplitConfig.smoke(),
    first_look=SGAConfig(
        widths=(8, 8, 16, 16, 32), convolutions=(1, 1, 1, 1, 1), reference_convolutions=(1, 1, 1), stem_stride=2,
        token_level=2, fusion_width=16, context_ratio=2, residual_blocks=1, decoder="adding", keys="line",
        similarity="cosine", temperature=50.0,
    ),
)  # fmt: skip


SMOKE = SplitConfig.smoke()


@lru_cache
def network(config: SplitConfig = SMOKE) -> SplitColorizer:
    """As after some training: nothing is zero."""
    torch.manual_seed(0)
    made = SplitColorizer(config).eval().requires_grad_(False)
    for name, parameter in made.named_parameters():
        if name.startswith(("lora", "thresholds", "sketch")) and parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.2)
    return made


def drawing(side: int = SIDE) -> Tensor:
    sketch = torch.ones(1, 1, side, side)
    sketch[:, :, side // 2] = sketch[:, :, :, side // 3] = -1.0
    return sketch


def reference(red: float = 1.0, made: SplitColorizer | None = None) -> Encoded:
    picture = torch.ones(1, 3, SIDE, SIDE)
    picture[:, 0, :, : SIDE // 2], picture[:, 1:, :, : SIDE // 2] = red, -red
    return (made or network()).encode_reference(picture, drawing())


def left() -> Tensor:
    mask = torch.zeros(1, 1, SIDE, SIDE)
    mask[..., : SIDE // 2] = 1.0
    return mask


def paint(
    references: list[Encoded], active: Active = Active(), figure: Tensor | None = None,
    made: SplitColorizer | None = None, sketch: Tensor | None = None, **sampling: float,
) -> Tensor:  # fmt: skip
    made = made or network()
    sketch = drawing() if sketch is None else sketch
    state = made.begin(sketch, references, Sampling(steps=2, **sampling), figure, active)  # type: ignore[arg-type]
    for number in range(2):
        state = made.advance(state, number)
    return made.finish(state)


@pytest.mark.parametrize("config", [SplitConfig.smoke(), LOOKS])
def test_any_size_is_painted_at_its_own(config: SplitConfig) -> None:
    made = network(config)
    assert made.stride == (8 if config.first_look is None else 32)
    for height, width in ((32, 64), (160, 96)):
        sketch = torch.ones(1, 1, height, width)
        picture = paint([reference(made=made)], made=made, sketch=sketch)
        assert picture.shape == (1, 3, height, width) and picture.abs().max() <= 1.0 and picture.isfinite().all()


def test_the_same_seed_paints_the_same_bytes() -> None:
    once, again, other = paint([reference()], seed=1), paint([reference()], seed=1), paint([reference()], seed=2)
    assert torch.equal(once, again) and not torch.equal(once, other)


def test_a_lower_temperature_brings_seeds_together() -> None:
    def apart(temperature: float) -> float:
        made = network(dataclasses.replace(SMOKE, temperature=temperature))
        known = reference(made=made)
        return float((paint([known], made=made, seed=1) - paint([known], made=made, seed=2)).abs().mean())

    assert apart(0.0) == 0.0 < apart(0.3) < apart(1.0)


@pytest.mark.parametrize("config", [SplitConfig.smoke(), LOOKS])
def test_each_mode_paints_otherwise(config: SplitConfig) -> None:
    made = network(config)
    known = made.divided(reference(made=made), left())
    modes = ("vanilla", "bg2fig", "fig2fig")
    pictures = [paint([known], which(mode), left(), made=made) for mode in modes]  # type: ignore[arg-type]
    assert all(not torch.equal(a, b) for a, b in ((0, 1), (1, 2), (0, 2)) for a, b in [(pictures[a], pictures[b])])
    # Vanilla heeds no mask of the drawing, nor of the reference.
    torch.testing.assert_close(pictures[0], paint([reference(made=made)], made=made))


def test_a_mode_switches_exactly_its_parts() -> None:
    assert which("vanilla") == Active()
    assert which("bg2fig") == Active(split=True, figure_lora=True)
    assert which("fig2fig") == Active(split=True, figure_lora=True, background_lora=True, recovery=True)
    with pytest.raises(RequestError, match="is no mode"):
        which("auto")
    made, thresholds = network(), (0.5, 0.5)
    known = made.divided(reference(), left())
    small = torch.nn.functional.avg_pool2d(left(), 4)
    split = made.condition([known], which("fig2fig"), small, thresholds)
    assert split.background is not None and split.background.tokens.shape[1] == made.config.recovery_queries
    plain = made.condition([known], which("bg2fig"), small, thresholds)
    assert plain.background is not None and plain.background.tokens.shape == plain.whole.tokens.shape
    assert plain.figure_lora and not plain.background_lora
    assert made.condition([known], which("fig2fig"), None, thresholds).figure is None


def test_the_background_never_sees_the_figure_of_the_reference() -> None:
    """Two references that differ in their figure only are the same to a background."""
    made = network()
    red, blue = (made.divided(reference(red), left()) for red in (1.0, -1.0))
    assert red.background is not None and blue.background is not None
    torch.testing.assert_close(red.background.tokens, blue.background.tokens)
    assert not torch.allclose(red.whole.tokens, blue.whole.tokens)
    assert (red.background.bias < -1.0).any()
    nowhere = torch.zeros(1, 1, SIDE, SIDE)
    one, other = (paint([known], which("fig2fig"), nowhere, guidance=1.0) for known in (red, blue))
    torch.testing.assert_close(one, other)


def test_masks_and_weights_of_references_count() -> None:
    made = network()
    picture = torch.ones(1, 3, SIDE, SIDE)
    picture[:, :, :, SIDE // 2 :] = -1.0
    masked = made.encode_reference(picture, drawing(), left())
    assert (masked.whole.bias < -1.0).sum() == masked.whole.bias.numel() // 2
    both = [reference(1.0), reference(-1.0)]
    even, uneven = paint(both), paint([both[0], made.weighted(both[1], 0.2)])
    assert not torch.equal(even, uneven)
    assert made.weighted(both[0], 1.0) is both[0]
    nothing = made.encode_reference(picture, drawing(), torch.zeros(1, 1, SIDE, SIDE))
    assert (nothing.whole.bias == 0.0).all(), "where nothing would be left, all of it counts"


def test_a_first_look_is_masked_as_the_tokens_are() -> None:
    made = network(LOOKS)
    known = made.divided(reference(made=made), left())
    assert known.background is not None
    assert known.background.first[0].keys.shape[1] < known.whole.first[0].keys.shape[1]
    sketch = drawing()
    guess = made.look(sketch, [known], None, 0.5)
    split = made.look(sketch, [known], left(), 0.5)
    assert guess is not None and split is not None
    torch.testing.assert_close(split[..., : SIDE // 2], guess[..., : SIDE // 2])
    assert not torch.allclose(split[..., SIDE // 2 :], guess[..., SIDE // 2 :])
    assert made.describe(sketch) is not None and network().describe(sketch) is None


@torch.no_grad()
def test_guidance_asks_as_often_as_it_must_and_all_shares_make_one() -> None:
    made = network()

    def begun(**sampling: float) -> Painting:
        return made.begin(drawing(), [reference()], Sampling(steps=2, **sampling))  # type: ignore[arg-type]

    counts = [(1.0, None, 1), (3.0, None, 2), (1.0, 2.0, 2), (3.0, 2.0, 3)]
    for guidance, by_lines, count in counts:
        state = begun(guidance=guidance, sketch_guidance=by_lines)  # type: ignore[arg-type]
        assert len(state.asked) == count
        assert sum(share for share, *_ in state.asked) == pytest.approx(1.0)
    with_lines = begun(guidance=3.0, sketch_guidance=2.0)
    assert [share for share, *_ in with_lines.asked] == [6.0, -4.0, -1.0]
    assert not torch.equal(paint([reference()]), paint([reference()], sketch_guidance=3.0))


@pytest.mark.parametrize("config", [SMOKE, LOOKS])
def test_the_less_references_are_heeded_the_less_they_matter(config: SplitConfig) -> None:
    made = network(config)
    one, other = reference(1.0, made), reference(-1.0, made)

    def apart(strength: float) -> float:
        pictures = [paint([known], made=made, guidance=1.0, strength=strength) for known in (one, other)]
        return float((pictures[0] - pictures[1]).abs().mean())

    assert apart(0.0) == 0.0 < apart(0.3) < apart(1.0)


def test_previews_are_small_pictures_of_the_drawing() -> None:
    made = network()
    state: Painting = made.begin(torch.ones(1, 1, 96, 160), [reference()], Sampling(steps=2))
    for number in range(2):
        state = made.advance(state, number)
        shown = made.preview(state)
        assert shown.shape == (1, 3, 24, 40) and shown.abs().max() <= 1.0


@torch.no_grad()
def test_an_untaught_network_with_a_first_look_paints_its_guess() -> None:
    """What it learns begins at the guess, and not at noise."""
    config = dataclasses.replace(LOOKS, spread=0.05)
    torch.manual_seed(0)
    made = SplitColorizer(config).eval()
    nn.init.zeros_(made.unet.get_parameter("conv_out.weight"))
    sketch, known = drawing(), reference(made=made)
    picture = paint([known], made=made, sketch=sketch)
    guess = made.guessed(made.look(sketch, [known], None, 0.5), sketch)
    assert guess is not None
    assert (picture - made.latent.decode(guess, sketch)).abs().mean() < 0.05


def count(module: nn.Module) -> float:
    return sum(parameter.numel() for parameter in module.parameters()) / 1e6


def test_the_published_sizes_build() -> None:
    with torch.device("meta"):
        made = SplitColorizer(SplitConfig.paper())
    assert len(made.lora) == 16  # cross-attentions
    # Published: U-Net of Stable Diffusion 2's form, 866 M with a context of 1024.
    assert count(made.unet) == pytest.approx(866, rel=0.01)
    ranks = {name: value.shape for name, value in made.lora.named_parameters() if name.endswith("down.weight")}
    assert {shape[0] for name, shape in ranks.items() if ".figure." in name} == {16}
    assert {shape[0] for name, shape in ranks.items() if ".background.query" in name} == {160, 320, 640}
    assert made.recovery.queries.shape == (256, 1024) and len(made.recovery.layers) == 6


def test_the_network_that_ships_is_small() -> None:
    with torch.device("meta"):
        made = SplitColorizer(SplitConfig.tiny())
    assert count(made) * 2 < 30  # MB in fp16


@pytest.mark.parametrize(
    "values",
    [
        {"blocks": [16, 20]}, {"looks": [True]}, {"head": 3}, {"steps": 0}, {"guidance": 0.5}, {"latent_channels": 4},
        {"latent": "sky"}, {"recovery_queries": 10**6}, {"background_rank": 2.0}, {"side": 8}, {"blocks": [8] * 9},
        {"spread": 0.0}, {"spread": 0.5, "prediction": "epsilon"},
    ],
)  # fmt: skip
def test_a_strangers_config_that_is_no_network_is_refused(values: dict[str, object]) -> None:
    smoke = {**dataclasses.asdict(SplitConfig.smoke()), **values}
    with pytest.raises(CheckpointError):
        registry.make_config("split", smoke)


def test_a_config_comes_back_from_a_file() -> None:
    for config in (SplitConfig.smoke(), SplitConfig.tiny(), SplitConfig.paper(), LOOKS):
        assert registry.make_config("split", dataclasses.asdict(config)) == config

"""The style U-Net: to the letter of its sources, and a form in which the style cannot be ignored."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine import checkpoint, model_loading, registry
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.style_unet import EncodedStyle, StyleConfig, StyleUNet
from engine.architectures.style_unet_parts import Convolution
from engine.architectures.style_vectors import OwnStyle, color_histogram, counted, swatches_of, to_lab
from engine.checkpoint import CheckpointInfo
from engine.errors import CheckpointError
from tests.style_engines import TINY, make, small, write_model

VARIANTS = ("m1", "m2", "m3", "own")


def on_meta(variant: str) -> StyleUNet:
    with torch.device("meta"):
        return StyleUNet(getattr(StyleConfig, variant)(), training_parts=True)


def weights_of(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def convolution(inputs: int, outputs: int, side: int = 3) -> int:
    return inputs * outputs * side**2 + outputs


def picture(height: int = 64, width: int = 64, seed: int = 0, batch: int = 1) -> Tensor:
    """Soft patches of color."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(batch, 3, 4, 4, generator=generator) * 1.6 - 1.0
    return nn.functional.interpolate(coarse, size=(height, width), mode="nearest")


def line(height: int = 64, width: int = 64) -> Tensor:
    drawn = torch.ones(1, 1, height, width)
    drawn[:, :, height // 3] = -1.0
    drawn[..., width // 2] = -1.0
    return drawn


def test_m1_is_its_source_layer_by_layer() -> None:
    network = on_meta("m1")
    widths = ((3, 16), (16, 32), (32, 64), (64, 128), (128, 256))
    for step, (inputs, outputs) in zip(network.down, widths, strict=True):
        assert weights_of(step) == convolution(inputs, outputs) + convolution(outputs, outputs)
        assert [type(layer) for layer in step] == [Convolution, nn.ReLU, Convolution]  # type: ignore[union-attr]
    assert weights_of(network.bottom) == convolution(256, 2048)
    assert network.spread is not None and weights_of(network.spread) == 4096 * 2048 + 2048
    ups = ((2048, 512), (512 + 256, 128), (128 + 128, 64), (64 + 64, 32))
    for step, (inputs, outputs) in zip(network.up, ups, strict=True):
        assert weights_of(step) == convolution(inputs, outputs, 2) + convolution(outputs, outputs)
    assert weights_of(network.out) == convolution(64, 64, 2) + convolution(64, 64) + convolution(64, 3, 1)
    guide = sum(convolution(one, other, 2) for one, other in ((512, 256), (256, 128), (128, 64), (64, 32)))
    guide += convolution(32, 3, 1)
    assert weights_of(network.gray_guide) == convolution(256, 512) + guide
    assert weights_of(network.color_guide) == convolution(512, 512) + guide
    assert not any(isinstance(layer, nn.ReLU) for layer in network.gray_guide.modules())
    assert all(one.padding_mode == "reflect" for one in network.modules() if isinstance(one, Convolution))
    assert weights_of(network) == 26_501_145


def test_m2_and_m3_have_batch_normalization_and_no_guides() -> None:
    for variant in ("m2", "m3"):
        network = on_meta(variant)
        assert not hasattr(network, "gray_guide") and not hasattr(network, "color_guide")
        for step in network.down:
            kinds = [type(layer) for layer in step]  # type: ignore[union-attr]
            assert kinds == [Convolution, nn.BatchNorm2d, nn.ReLU, Convolution]
        assert sum(isinstance(one, nn.BatchNorm2d) for one in network.modules()) == 5 + 4 + 1
    assert on_meta("m3").spread is None and on_meta("m3").config.style_shape == (2048, 8, 8)
    assert on_meta("m2").config.style_shape == (4096,)


def test_a_picture_of_256_pixels_costs_what_the_source_costs() -> None:
    network = make(replace(StyleConfig.m1().with_own_style(), own_widths=(2, 2, 2, 2, 2)))
    sketch, style = torch.zeros(1, 1, 256, 256), EncodedStyle(torch.zeros(1, 4096), torch.zeros(1, 0, 4), 1.0)
    with torch.no_grad(), FlopCounterMode(display=False) as count:
        painted = network.paint(sketch, [style])
    assert painted.picture.shape == (1, 3, 256, 256)
    assert count.get_total_flops() / 1e9 == pytest.approx(11.3, abs=0.05)


@pytest.mark.parametrize("variant", VARIANTS)
@settings(max_examples=6, deadline=None)
@given(
    size=st.tuples(st.integers(1, 5), st.integers(1, 5)), reference=st.tuples(st.integers(1, 70), st.integers(1, 70))
)
def test_every_size(variant: str, size: tuple[int, int], reference: tuple[int, int]) -> None:
    if variant == "m3" and max(size) > 2:
        size = (1, 2)  # its bottom has 2048 channels
    network = make(small(variant))
    height, width = (side * network.stride for side in size)
    with torch.no_grad():
        output = network(line(height, width), [picture(*reference), picture(9, 33)])
    assert output.shape == (1, 3, height, width) and output.isfinite().all()


@pytest.mark.parametrize("variant", ["m1", "own"])
def test_gray_comes_before_the_style_and_color_after(variant: str) -> None:
    network = make(small(variant), training=True)
    one, other = (network.encode_reference(picture(seed=seed), None) for seed in (1, 2))
    first, second = network.paint(line(), [one]), network.paint(line(), [other])
    assert first.gray is not None and first.color is not None and second.color is not None
    assert first.gray.shape == (1, 1, 64, 64) and first.color.shape == (1, 3, 64, 64)
    assert torch.equal(first.gray, second.gray)  # type: ignore[arg-type]
    assert not torch.equal(first.color, second.color)
    assert not torch.equal(first.picture, second.picture)


def test_the_gray_guide_teaches_nothing_behind_the_style() -> None:
    network = make(training=True)
    gray = network.paint(line(), [network.encode_reference(picture(), None)]).gray
    assert gray is not None
    gray.mean().backward()
    taught = {name.partition(".")[0] for name, one in network.named_parameters() if one.grad is not None}
    assert taught == {"down", "gray_guide"}


def test_the_style_moves_every_step_up_of_ours() -> None:
    network = make()
    seen: list[Tensor] = []
    for step in network.up:
        step.register_forward_hook(lambda *call: seen.append(call[2]))
    with torch.no_grad():
        for seed in (1, 2):
            network(line(), [picture(seed=seed)])
    assert all(not torch.equal(one, other) for one, other in zip(seen[:4], seen[4:], strict=True))


def test_a_large_drawing_is_seen_at_the_size_it_learned_from() -> None:
    network = make(replace(TINY, sight=64))
    small, seen = line(64, 64), []
    large = nn.functional.interpolate(small, scale_factor=4, mode="nearest")
    network.down[0].register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].shape))
    with torch.no_grad():
        wanted = nn.functional.interpolate(network(small, [picture()]), size=(256, 256), mode="bilinear")
        assert torch.allclose(network(large, [picture()]), wanted, atol=1e-5)
        assert network(line(32, 320), [picture()]).shape == (1, 3, 32, 320)
        assert make(replace(TINY, sight=0))(large, [picture()]).shape == (1, 3, 256, 256)
    assert seen == [(1, 4, 32, 32), (1, 4, 32, 32), (1, 4, 16, 32)]


def test_references_are_averaged_by_their_weights() -> None:
    network = make()
    one, other = (network.encode_reference(picture(seed=seed), None) for seed in (1, 2))
    with torch.no_grad():
        assert torch.allclose(network.decode(line(), [one, one]), network.decode(line(), [one]), atol=1e-6)
        mixed = network.decode(line(), [network.weighted(one, 3.0), other])
        assert torch.allclose(mixed, network.decode(line(), [one, other, one, one]), atol=1e-5)
        assert not torch.allclose(mixed, network.decode(line(), [one, other]), atol=1e-4)
        nearly = network.decode(line(), [network.weighted(one, 1e5), other])
        assert torch.allclose(nearly, network.decode(line(), [one]), atol=1e-3)


def test_own_style_does_not_see_what_is_masked_out_nor_mirroring() -> None:
    style = OwnStyle((12,), (4, 4, 4, 4, 4), 64).eval()
    mask = torch.zeros(1, 1, 64, 64)
    mask[:, :, :32] = 1.0
    other = torch.cat([picture()[:, :, :32], picture(seed=5)[:, :, 32:]], 2)
    with torch.no_grad():
        assert torch.allclose(style(picture(), mask), style(other, mask), atol=1e-5)
        assert not torch.allclose(style(picture(), None), style(other, None), atol=1e-3)
        assert torch.allclose(style(picture(), None), style(picture().flip(3), None), atol=1e-5)


def test_own_style_counts_no_paper_but_tells_how_much_there_is() -> None:
    drawn = picture(32, 32)
    padded = nn.functional.pad(drawn, (0, 32, 0, 32), value=1.0)
    (weight, paper), (padded_weight, padded_paper) = counted(drawn, None), counted(padded, None)
    assert weight.sum() == pytest.approx(float(padded_weight.sum()), rel=1e-5)
    assert float(padded_paper) == pytest.approx(0.75 + float(paper) / 4, abs=1e-5)
    assert torch.allclose(color_histogram(drawn, weight), color_histogram(padded, padded_weight), atol=1e-5)
    alone = torch.ones(1, 3, 16, 16)
    weight, paper = counted(alone, None)
    assert weight.min() > 0.9 and paper.item() == pytest.approx(1.0)
    style = OwnStyle((12,), (4, 4, 4, 4, 4), 64).eval()
    for odd in (alone, picture(1, 1), -alone):
        assert style(odd, None).isfinite().all()
        assert style(odd, torch.zeros(1, 1, *odd.shape[2:])).isfinite().all()


def test_palettes_whose_colors_are_exchanged_are_far_apart() -> None:
    style = OwnStyle((12,), (4, 4, 4, 4, 4), 64).eval()
    one = picture(seed=3)
    other = one[:, [1, 2, 0]]
    again = nn.functional.interpolate(one, size=(60, 60), mode="nearest")
    with torch.no_grad():
        first, second, third = (style(each, None) for each in (one, other, again))
    assert (first - second).norm() > 4 * (first - third).norm()


def test_lab_and_histogram_by_hand() -> None:
    colors = torch.tensor([[1.0, 1.0, 1.0], [-1.0, -1.0, -1.0], [1.0, -1.0, -1.0]]).view(3, 3, 1, 1)
    wanted = torch.tensor([[100.0, 0.0, 0.0], [0.0, 0.0, 0.0], [53.24, 80.09, 67.20]])
    assert torch.allclose(to_lab(colors).view(3, 3), wanted, atol=0.05)
    shares = color_histogram(colors, torch.ones(3, 1, 1, 1))
    assert torch.allclose(shares.sum(1), torch.ones(3))
    assert int(shares[1].argmax()) in {3 * 8 + 3, 3 * 8 + 4, 4 * 8 + 3, 4 * 8 + 4}


def test_swatches_are_the_colors_of_a_picture_by_their_share() -> None:
    red, blue, green = (0.8, -0.9, -0.9), (-0.8, -0.6, 0.9), (-0.9, 0.7, -0.9)
    one = torch.ones(1, 3, 20, 20)
    for (first, last), color in (((0, 10), red), ((10, 16), blue), ((16, 20), green)):
        one[0, :, first:last] = torch.tensor(color)[:, None, None]
    found = swatches_of(one, torch.ones(1, 1, 20, 20), 5)[0]
    assert torch.allclose(found[:3, :3], torch.tensor([red, blue, green]), atol=1e-5)
    assert torch.allclose(found[:, 3], torch.tensor([0.5, 0.3, 0.2, 0.0, 0.0]), atol=1e-5)
    mask = torch.ones(1, 1, 20, 20)
    mask[:, :, :10] = 0.0
    assert torch.allclose(swatches_of(one, mask, 2)[0, :, :3], torch.tensor([blue, green]), atol=1e-5)


def test_a_new_network_of_ours_paints_in_the_colors_of_its_reference_paper_and_ink() -> None:
    network = make()
    red = torch.tensor([0.8, -0.9, -0.9])[None, :, None, None].expand(1, 3, 64, 64)
    with torch.no_grad():
        first, second = (network(line(), [color])[0] for color in (red, red.flip(1)))
    assert torch.allclose(first[1], first[2], atol=1e-5) and (first[0] > first[1] + 0.1).all()
    assert torch.allclose(second[0], second[1], atol=1e-5) and (second[2] > second[1] + 0.1).all()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_published_model_has_no_guides_and_folds(variant: str, tmp_path: Path) -> None:
    config = small(variant)
    _, network = model_loading.build(write_model(tmp_path / "style.safetensors", config))
    assert isinstance(network, StyleUNet) and network.config == config
    assert not [name for name, _ in network.named_modules() if "guide" in name]
    references = [picture()]
    with torch.no_grad():
        before = network(line(), references)
        fold_batch_normalization(network)
        assert torch.allclose(network(line(), references), before, atol=1e-4)


def test_a_model_with_guides_left_in_is_refused(tmp_path: Path) -> None:
    info = CheckpointInfo("style", dataclasses.asdict(TINY), "guided")
    checkpoint.save(tmp_path / "guided.safetensors", make(training=True).state_dict(), info)
    with pytest.raises(CheckpointError, match="guide"):
        model_loading.build(tmp_path / "guided.safetensors")


def test_configs_of_strangers_and_of_older_files() -> None:
    assert registry.make_config("style", {}) == StyleConfig.own()
    assert registry.make_config("style", {"width": 10}) == StyleConfig(width=10)
    for values in (
        {"width": 10**9}, {"own_widths": [4, 4]}, {"own_side": 0}, {"style": "clip"}, {"up": "cubic"},
        {"style": "inception-v3"}, {"style": "inception-v3", "injection": "add", "bottom": 512},
        {"auxiliary_weight": -1.0}, {"swatches": -1}, {"finest": 1}, {"finest": 4}, {"middle": 0}, {"sight": 5},
        {"style_width": True},
    ):  # fmt: skip
        with pytest.raises(CheckpointError):
            registry.make_config("style", values)

"""The keyframe networks: the similarity layer by hand, shifts in time, any sizes, what a file may say."""

import dataclasses
from pathlib import Path

import pytest
import torch
from torch.nn.utils import parametrize

from engine import model_loading
from engine.architectures.fusion import attention
from engine.architectures.keyframe import KeyframeConfig, KeyframeNetwork
from engine.architectures.keyframe_parts import Key, SimilarityTransfer, adain, distance_planes
from engine.architectures.temporal_shift import GatedShiftConv, LearnedShift, TemporalNetwork
from engine.colorizers.reference import ReferenceColorizer
from engine.pipeline import run
from engine.request import ColorizeRequest
from tests.keyframe_engines import TINY, make, write_model
from tests.unit.engine.test_colorizer import drawing, ignore, picture


def layer(cosine: bool = True, temperature: float = 400.0) -> SimilarityTransfer:
    torch.manual_seed(1)
    return SimilarityTransfer(6, 6, 6, cosine=cosine, temperature=temperature).eval()


def key_of(transfer: SimilarityTransfer, drawn: torch.Tensor) -> Key:
    return Key(transfer.keys_of(drawn), drawn, torch.randn(1, 6, 4, 4), torch.randn(1, 3, 4, 4))


def apart(count: int = 16) -> torch.Tensor:
    """A map 1×6×4×4 whose places all differ."""
    return torch.randn(1, 6, 4, count // 4, generator=torch.Generator().manual_seed(2)) * 3.0


def test_a_key_frame_that_is_the_drawing_gives_each_place_its_own_colors() -> None:
    transfer, seen = layer(), apart()
    colors = torch.randn(1, 6, 4, 4)
    keys, values = transfer.keys_of(seen), transfer.value(colors)
    found = transfer.matched(keys, [keys], [values])
    assert torch.allclose(found, values, atol=1e-3)


def test_pictures_are_taken_from_where_key_frames_are_drawn_alike() -> None:
    transfer, seen = layer(), apart()
    with torch.no_grad():
        transfer.mix.weight.zero_()
        assert transfer.mix.bias is not None
        transfer.mix.bias.fill_(-30.0)  # all by likeness, nothing by place
    key = key_of(transfer, seen.flip(3))
    _, picture = transfer(transfer.keys_of(seen), seen, [key])
    assert torch.allclose(picture, key.picture.flip(3), atol=1e-2)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_shares_of_all_places_of_all_key_frames_sum_to_one(count: int) -> None:
    transfer, seen = layer(cosine=False, temperature=0.3), apart()
    keys = [torch.randn(1, 6, 4, 3 + number) for number in range(count)]
    ones = [torch.full_like(one, 0.7) for one in keys]
    assert torch.allclose(transfer.matched(seen, keys, ones), torch.tensor(0.7), atol=1e-5)


def test_in_blocks_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    transfer, seen = layer(temperature=5.0), apart()
    keys = [key_of(transfer, torch.randn(1, 6, 4, 4))] * 2
    with torch.no_grad():
        whole = transfer(transfer.keys_of(seen), seen, keys)
        monkeypatch.setattr(attention, "BLOCK_ENTRIES", 40)
        defaults = dict(attention.attend.__kwdefaults__ or {})
        monkeypatch.setattr(attention.attend, "__kwdefaults__", defaults | {"whole_map_limit": 8})
        for one, other in zip(transfer(transfer.keys_of(seen), seen, keys), whole, strict=True):
            assert torch.allclose(one, other, atol=1e-5)


def test_both_gates_learn_and_the_matching_does() -> None:
    transfer, seen = layer(temperature=5.0), apart()
    other = torch.randn(1, 6, 4, 4)
    made, _ = transfer(transfer.keys_of(seen), seen, [key_of(transfer, other)])
    made.square().mean().backward()
    for one in (transfer.choose, transfer.mix, transfer.key, transfer.value, transfer.back):
        assert one.weight.grad is not None and one.weight.grad.abs().sum() > 0


def test_adain_has_the_statistics_it_is_given_and_bears_a_flat_map() -> None:
    x, mean, deviation = torch.randn(2, 3, 8, 8), torch.randn(2, 3), torch.rand(2, 3) + 0.5
    made = adain(x, mean, deviation)
    assert torch.allclose(made.mean((2, 3)), mean, atol=1e-4)
    assert torch.allclose(made.std((2, 3), correction=0), deviation, atol=1e-3)
    flat = adain(torch.full((1, 3, 1, 1), 4.0), mean[:1], deviation[:1])
    assert torch.allclose(flat[..., 0, 0], mean[:1], atol=1e-4)


def test_a_shift_is_born_as_the_plain_one_and_learns() -> None:
    shift = LearnedShift(8)
    x = torch.arange(3.0).view(1, 3, 1, 1, 1).expand(1, 3, 8, 2, 2) + 1.0  # frames 1, 2, 3
    made = shift(x)[0, :, :, 0, 0]
    assert made[:, 0].tolist() == [2.0, 3.0, 0.0]  # looks ahead; nothing comes after the last
    assert made[:, 2].tolist() == [0.0, 1.0, 2.0]
    assert made[:, 4:].eq(x[0, :, 4:, 0, 0]).all()
    made.square().sum().backward()
    assert shift.kernels.grad is not None and shift.kernels.grad.abs().sum() > 0
    assert LearnedShift(3)(x[:, :, :3]).equal(x[:, :, :3])  # too few channels to share out


def test_a_gate_lets_between_nothing_and_all_through() -> None:
    torch.manual_seed(0)
    gated = GatedShiftConv(4, 6, spectral=False)
    assert gated.gate.bias is not None
    with torch.no_grad():
        gated.gate.weight.zero_()
        gated.gate.bias.fill_(-40.0)
        assert gated(torch.randn(1, 3, 4, 8, 8)).abs().max() < 1e-6
        gated.gate.bias.fill_(40.0)
        assert gated(torch.randn(1, 3, 4, 8, 8)).abs().max() > 0.1


@pytest.mark.parametrize("frames", [1, 3, 5])
def test_the_temporal_network_looks_at_other_frames_and_has_skips(frames: int) -> None:
    torch.manual_seed(0)
    network = TemporalNetwork(4, changes=False, spectral=False).eval()
    clip = torch.randn(1, frames, 4, 16, 12)
    with torch.no_grad():
        made = network(clip)
        assert made.shape == (1, frames, 3, 16, 12)
        if frames > 1:
            other = clip.clone()
            other[:, -1] += 1.0
            assert not network(other)[:, 0].equal(made[:, 0])
        for layer in (network.up2, network.up1, network.out):  # from all but the skips nothing comes
            weight = layer.feature.weight if isinstance(layer, GatedShiftConv) else layer.weight
            weight[:, : weight.shape[1] // 2] = 0.0
        assert network(clip).std() > 0


def test_changes_begin_at_none() -> None:
    network = TemporalNetwork(4, changes=True, spectral=True)
    clip = torch.randn(1, 3, 4, 8, 8)
    assert network(clip).equal(clip[:, :, :3])


def test_distances_of_a_point() -> None:
    line = torch.ones(1, 1, 64, 64)
    line[:, :, 32, 32] = -1.0
    plane = distance_planes(line)[0, 0]
    assert plane[32, 32] == pytest.approx(-1.0) and plane[0, 0] == pytest.approx(1.0)
    assert plane[32, 33] < plane[32, 36] < plane[32, 39]
    assert distance_planes(torch.ones(1, 1, 4, 4)).eq(1.0).all()


@pytest.mark.parametrize(
    "config",
    [
        TINY,
        KeyframeConfig.paper(),
        dataclasses.replace(TINY, transfer=False),
        dataclasses.replace(TINY, copies=False),
        dataclasses.replace(TINY, adain=False),
        dataclasses.replace(TINY, distance=False),
        dataclasses.replace(TINY, temporal=False, side_outputs=False),
        dataclasses.replace(TINY, keys="distance", similarity="dot"),
    ],
)
def test_any_size_with_any_number_of_key_frames(config: KeyframeConfig) -> None:
    network = make(config)
    sizes = [(16, 12), (8, 20)] if config.widths[0] > 8 else [(4, 4), (16, 12), (8, 20)]
    with torch.no_grad():
        for height, width in sizes:
            keys = [(torch.rand(1, 3, *size), torch.rand(1, 1, *size)) for size in ((height, width), (12, 8), (4, 4))]
            for count in (1, 2, 3):
                made = network(torch.rand(1, 1, height, width), *zip(*keys[:count], strict=True))
                assert made.shape == (1, 3, height, width) and made.isfinite().all()
    seen = network.describe(torch.rand(1, 1, 20, 12))
    assert (seen is not None) == (config.similarity == "cosine" and config.transfer)
    if seen is not None:
        assert torch.allclose(seen.tokens.norm(dim=1), torch.tensor(1.0), atol=1e-4)


def test_the_same_key_frame_twice_changes_nothing() -> None:
    network = make()
    line, key, its_line = torch.rand(1, 1, 16, 16), torch.rand(1, 3, 16, 12), torch.rand(1, 1, 16, 12)
    with torch.no_grad():
        once, twice = network(line, [key], [its_line]), network(line, [key] * 2, [its_line] * 2)
    assert torch.allclose(once, twice, atol=1e-5)


def test_what_only_the_training_needs_is_in_no_model() -> None:
    plain, learning = make(), make(training=True)
    names = set(plain.state_dict())
    assert not [name for name in names if "similar" in name or "middle." in name or "parametrizations" in name]
    assert [name for name in learning.state_dict() if name.startswith("transform.similar")]
    normalized = [one for one in learning.modules() if parametrize.is_parametrized(one, "weight")]
    assert len(normalized) > 20
    assert isinstance(normalized[0], torch.nn.Conv2d)
    weight = normalized[0].weight
    assert torch.linalg.matrix_norm(weight.detach().flatten(1), 2).item() == pytest.approx(1.0, rel=0.2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"widths": (4, 4)},
        {"widths": (4, 4, 9999)},
        {"style_widths": ()},
        {"blocks": 0},
        {"key_width": 0},
        {"temperature": 0.0},
        {"temporal_width": -1},
    ],
)
def test_a_stranger_s_settings_are_believed_in_nothing(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"(is|are) "):
        dataclasses.replace(TINY, **wrong)  # type: ignore[arg-type]


def test_a_model_file_colors_and_compares(tmp_path: Path) -> None:
    colorizer = model_loading.load_colorizer(write_model(tmp_path / "tiny.safetensors"), "cpu")
    assert isinstance(colorizer, ReferenceColorizer)
    request = ColorizeRequest(drawing(40, 30), (picture(20, 20), picture(40, 30)), 64)
    one, other = (run(colorizer.colorize(request), ignore) for _ in range(2))
    assert one.color.shape == (40, 30, 3) and (one.color == other.color).all()
    assert isinstance(model_loading.build(tmp_path / "tiny.safetensors")[1], KeyframeNetwork)

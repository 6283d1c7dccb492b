"""Six fusions behind one signature: each is what its paper says, and all of them fit the same network."""

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine import cancellation, checkpoint, model_loading
from engine.architectures.fusion import FUSIONS, attention
from engine.architectures.fusion.base import Fusion, Grid, Layout
from engine.architectures.fusion.cocosnet import CoCosNetBlock
from engine.architectures.fusion.correlation import centered_unit
from engine.architectures.fusion.scft import SCFTBlock
from engine.architectures.fusion.sga import SGABlock
from engine.architectures.fusion.unite import column_potential
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo
from engine.errors import Cancelled
from tests.unit.engine.architectures.test_sga_generator import TINY, TINY_PAPER

WIDTH = 12
SKETCH = (5, 7)
GRIDS = (Grid((3, 9)), Grid((6, 2)))
LAYOUT = Layout(SKETCH, GRIDS)
EVERY = pytest.mark.parametrize("name", sorted(FUSIONS))
EVERY_CONFIG = pytest.mark.parametrize("config", [TINY, TINY_PAPER], ids=["compact", "paper"])


def make(name: str, seed: int = 0) -> Fusion:
    torch.manual_seed(seed)
    return FUSIONS[name](WIDTH).eval()


def tokens(count: int, seed: int, batch: int = 2) -> Tensor:
    return torch.randn(batch, count, WIDTH, generator=torch.Generator().manual_seed(seed))


def x_y_keys() -> tuple[Tensor, Tensor, Tensor]:
    return tokens(35, 1), tokens(39, 2), tokens(39, 3)


def pictures(*sizes: tuple[int, int], channels: int = 3) -> list[Tensor]:
    return [torch.rand(2, channels, *size) * 2 - 1 for size in sizes]


@EVERY
@EVERY_CONFIG
@pytest.mark.parametrize("size", [(16, 112), (80, 48)])
def test_any_shape_and_references_of_other_sizes(name: str, config: SGAConfig, size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    network = SGAGenerator(replace(config, fusion=name)).eval()
    references = (48, 16), (32, 80)
    with torch.no_grad():
        output = network(*pictures(size, channels=1), pictures(*references), pictures(*references, channels=1))
    assert output.shape == (2, 3, *size)
    assert torch.isfinite(output).all()


@EVERY
@EVERY_CONFIG
def test_every_weight_learns(name: str, config: SGAConfig) -> None:
    """DistributedDataParallel asks for it, and both encoders must hear what the picture lacks (in bf16, as trained)."""
    torch.manual_seed(0)
    network = SGAGenerator(replace(config, fusion=name)).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    sketch, color, line = torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64), torch.rand(2, 1, 64, 64)
    with torch.autocast("cpu", torch.bfloat16):
        output = network(sketch, [color], [line])
    output.float().square().sum().backward()
    for parameter in network.parameters():
        assert not parameter.requires_grad or parameter.grad is not None
        assert parameter.grad is None or torch.isfinite(parameter.grad).all()
    for encoder in (network.sketch_encoder, network.reference_encoder):
        weight = encoder.get_parameter("levels.0.0.0.weight")
        assert weight.grad is not None
        assert weight.grad.abs().max() > 1e-4


@EVERY
def test_is_saved_and_built_again(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = replace(TINY, fusion=name, project_keys=True)
    network = SGAGenerator(config).eval()
    info = CheckpointInfo(architecture="sga", config=dataclasses.asdict(config), name=name)
    checkpoint.save(tmp_path / "model.safetensors", network.state_dict(), info)
    _, built = model_loading.build(tmp_path / "model.safetensors")
    line, color = torch.rand(1, 1, 32, 32), torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(built(line, [color], [line]), network(line, [color], [line]), rtol=0, atol=0)


@EVERY
def test_only_sga_has_a_second_attention(name: str) -> None:
    assert (SGAGenerator(replace(TINY, fusion=name)).self_attention is not None) == (name == "sga")


@EVERY
def test_defaults_are_x_for_skip_and_y_for_keys(name: str) -> None:
    fusion = make(name)
    x, y, _ = x_y_keys()
    with torch.no_grad():
        short = fusion(x, y, layout=LAYOUT)
        torch.testing.assert_close(fusion(x, y, y, LAYOUT, skip=x), short, rtol=0, atol=0)
    assert short.shape == x.shape


@pytest.mark.parametrize("name", ["cmft", "cocosnet", "scft", "unite"])
def test_skip_leaves_the_comparison_alone(name: str) -> None:
    """Without values there is nothing to bring: what remains comes from skip, whatever is compared."""
    fusion = make(name)
    x, y, keys = x_y_keys()
    nothing, skip = torch.zeros_like(y), tokens(35, 4)
    with torch.no_grad():
        one = fusion(x, nothing, keys, LAYOUT, skip=skip)
        torch.testing.assert_close(fusion(-x, nothing, keys, LAYOUT, skip=skip), one)
        assert (fusion(x, y, keys, LAYOUT, skip=skip) - fusion(-x, y, keys, LAYOUT, skip=skip)).abs().max() > 1e-2


@pytest.mark.parametrize("name", ["cocosnet", "scft", "sga", "unite"])
def test_attention_asks_for_no_order_among_the_tokens_of_a_reference(name: str) -> None:
    fusion = make(name)
    x, y, keys = x_y_keys()
    generator = torch.Generator().manual_seed(5)
    order = torch.cat([torch.randperm(27, generator=generator), 27 + torch.randperm(12, generator=generator)])
    with torch.no_grad():
        torch.testing.assert_close(
            fusion(x, y[:, order], keys[:, order], LAYOUT), fusion(x, y, keys, LAYOUT), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("name", ["cmft", "spade"])
def test_the_others_look_at_neighbors(name: str) -> None:
    fusion = make(name)
    x, y, _ = x_y_keys()
    with torch.no_grad():
        assert (fusion(x, y.flip(1), layout=LAYOUT) - fusion(x, y, layout=LAYOUT)).abs().max() > 1e-3
    for wrong in (None, Layout(SKETCH, GRIDS[:1])):
        with pytest.raises(ValueError, match="layout"):
            fusion(x, y, None, wrong)


@EVERY
def test_the_same_reference_twice_changes_nothing(name: str) -> None:
    fusion = make(name)
    x, y = tokens(35, 1), tokens(27, 2)
    with torch.no_grad():
        once = fusion(x, y, None, Layout(SKETCH, GRIDS[:1]))
        twice = fusion(x, torch.cat([y, y], dim=1), None, Layout(SKETCH, (GRIDS[0], GRIDS[0])))
    torch.testing.assert_close(twice, once, rtol=1e-4, atol=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 44), min_size=1), st.sampled_from(sorted(set(FUSIONS) - {"sga", "spade"})))
def test_tokens_left_out_have_no_share(places: set[int], name: str) -> None:
    """Where all tokens that are left are alike, every place gets just that color; no zero is mixed in."""
    fusion = make(name)
    x = tokens(35, 1)
    one_color = tokens(1, 2).expand(2, len(places), WIDTH)
    few = Layout(SKETCH, (Grid((5, 9), torch.tensor(sorted(places))),))
    whole = Layout(SKETCH, (Grid((5, 9)),))
    with torch.no_grad():
        expected = fusion(x, one_color[:, :1].expand(2, 45, WIDTH), tokens(45, 3), whole)
        torch.testing.assert_close(
            fusion(x, one_color, tokens(45, 3)[:, sorted(places)], few), expected, rtol=1e-4, atol=1e-4
        )


def test_scft_is_its_formula() -> None:
    fusion = make("scft")
    assert isinstance(fusion, SCFTBlock)
    x, y, keys = x_y_keys()
    scores = (x @ fusion.query.weight.T) @ (keys @ fusion.key.weight.T).transpose(1, 2) / WIDTH**0.5
    expected = F.softmax(scores, dim=2) @ (y @ fusion.value.weight.T) + x
    torch.testing.assert_close(fusion(x, y, keys), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", ["cocosnet", "unite"])
def test_rows_of_the_map_sum_to_one(name: str) -> None:
    fusion = make(name)
    assert isinstance(fusion, CoCosNetBlock)
    x, _, keys = x_y_keys()
    weights = fusion.warped(x, torch.eye(39).expand(2, 39, 39), keys)
    assert weights.min() >= 0.0
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(2, 35))
    if name == "cocosnet":
        cosine = centered_unit(fusion.query(x)) @ centered_unit(fusion.key(keys)).transpose(1, 2)
        torch.testing.assert_close(weights, F.softmax(cosine / 0.01, dim=2), rtol=1e-4, atol=1e-5)


def test_cocosnet_normalizes_each_token_before_it_modulates() -> None:
    """So the scale and the mean of a sketch token are lost, and its modulation is the reference's alone."""
    fusion = make("cocosnet")
    x, y, keys = x_y_keys()
    with torch.no_grad():
        scaled = fusion(x, y, keys, LAYOUT, skip=x * 7.0 + 3.0)
        torch.testing.assert_close(scaled, fusion(x, y, keys, LAYOUT), rtol=1e-3, atol=1e-3)


def plan(queries: Tensor, keys: Tensor, relaxation: float, iterations: int) -> Tensor:
    """The whole plan exp(S + u + v), with u from v."""
    v = column_potential(queries, keys, relaxation, iterations)
    scores = queries @ keys.transpose(1, 2) + v.unsqueeze(1)
    rho = relaxation / (relaxation + 1.0)
    u = rho * (-torch.tensor(float(queries.shape[1])).log() - torch.logsumexp(scores, dim=2))
    return (scores + u.unsqueeze(2)).exp()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 1000))
def test_a_huge_penalty_makes_the_transport_balanced(queries: int, keys: int, seed: int) -> None:
    moved = plan(tokens(queries, seed), tokens(keys, seed + 1), 1e6, 300)
    torch.testing.assert_close(moved.sum(dim=2), torch.full((2, queries), 1 / queries), rtol=1e-2, atol=1e-6)
    torch.testing.assert_close(moved.sum(dim=1), torch.full((2, keys), 1 / keys), rtol=1e-2, atol=1e-6)


def test_the_penalty_decides_how_evenly_the_reference_is_used() -> None:
    """Without it UNITE's map is CoCosNet's softmax; the larger it is, the nearer are the columns to one mass."""
    q, k = centered_unit(tokens(30, 1)) / 0.01, centered_unit(tokens(40, 2))
    spreads = []
    for relaxation in (0.0, 1.0, 10.0, 1000.0):
        moved = plan(q, k, relaxation, 300)
        spreads.append((moved / moved.sum(dim=2, keepdim=True)).sum(dim=1).std().item())
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] > 2 * spreads[-1]
    assert (column_potential(q, k, 0.0, 5) == 0.0).all()  # so nothing is left but the softmax


def test_transport_in_row_blocks_is_the_same_with_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    fusion = make("unite")
    inputs = [tensor.requires_grad_() for tensor in x_y_keys()]
    results = []
    for limit in (10**9, 0):
        monkeypatch.setattr(attention, "WHOLE_MAP_LIMIT", limit)
        monkeypatch.setattr(attention, "BLOCK_ENTRIES", 300)
        output = fusion(*inputs, LAYOUT)
        results.append([output, *torch.autograd.grad(output.square().sum(), inputs)])
    for whole, blocked in zip(*results, strict=True):
        torch.testing.assert_close(blocked, whole, rtol=1e-3, atol=1e-3 * whole.abs().max().item())


def test_transport_can_be_cancelled() -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled), cancellation.cancellable(lambda: next(asked)):
        make("unite")(*x_y_keys(), LAYOUT)


def test_spade_compares_nothing_and_looks_at_the_same_place() -> None:
    fusion = make("spade")
    x, y = tokens(64, 1), tokens(64, 2)
    layout = Layout((8, 8), (Grid((8, 8)),))
    changed = y.clone()
    changed[:, 63] += 5.0  # the last place; two 3×3 convolutions carry it two places far
    with torch.no_grad():
        before, after = fusion(x, y, None, layout), fusion(x, changed, None, layout)
        torch.testing.assert_close(fusion(-x, y, -y, layout, skip=x), before, rtol=0, atol=0)
    moved = (after - before).abs().amax(dim=(0, 2)).view(8, 8) > 1e-6
    assert moved[5:, 5:].all()
    assert not moved[:5].any()
    assert not moved[:, :5].any()


def test_cmft_matches_the_same_token_by_its_neighborhood() -> None:
    fusion, local = make("cmft"), make("cocosnet")
    assert isinstance(local, CoCosNetBlock)
    x, y, keys = x_y_keys()
    x[:, 34] = x[:, 0]
    with torch.no_grad():
        brought, warped = fusion(x, y, keys, LAYOUT) - x, local.warped(x, y, keys)
    assert (brought[:, 34] - brought[:, 0]).abs().max() > 1e-3
    torch.testing.assert_close(warped[:, 34], warped[:, 0])


def test_cmft_takes_a_lone_token_for_its_whole_square() -> None:
    """Tokens left out have no share in the coarse stages either."""
    fusion = make("cmft")
    x, y, keys = tokens(35, 1), tokens(16, 2), tokens(16, 3)
    lone = torch.arange(64).view(8, 8)[::2, ::2].flatten()
    square = torch.arange(16).view(4, 4).repeat_interleave(2, 0).repeat_interleave(2, 1).flatten()
    with torch.no_grad():
        few = fusion(x, y, keys, Layout(SKETCH, (Grid((8, 8), lone),)))
        filled = fusion(x, y[:, square], keys[:, square], Layout(SKETCH, (Grid((8, 8)),)))
    torch.testing.assert_close(few, filled, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("stop", [True, False])
def test_projected_keys_learn_only_where_the_gradient_flows(stop: bool) -> None:
    torch.manual_seed(0)
    block, plain = SGABlock(WIDTH, project_keys=True, stop_gradient=stop), SGABlock(WIDTH, stop_gradient=stop)
    plain.load_state_dict(block.state_dict(), strict=False)
    x, y, keys = x_y_keys()
    output = block(x, y, keys)
    torch.testing.assert_close(output, plain(block.map_query(x), y, block.map_key(keys), skip=x))
    output.square().sum().backward()
    for name in ("map_query.weight", "map_key.weight"):
        weight = block.get_parameter(name)
        assert weight.requires_grad != stop
        assert (weight.grad is None) == stop


def test_sga_takes_skip_for_everything_but_the_map() -> None:
    block = SGABlock(WIDTH).eval()
    x, y, skip = (tensor.requires_grad_() for tensor in (tokens(35, 1), tokens(39, 2), tokens(35, 4)))
    output = block(x, y, skip=skip)
    output.sum().backward()
    assert x.grad is None  # it only enters the map, and that carries no gradient
    assert skip.grad is not None
    mixed = F.leaky_relu(block.query(skip), 0.2) + attention.attend(x, y, F.leaky_relu(block.value(y), 0.2))
    torch.testing.assert_close(output, block.normalize(mixed.transpose(1, 2)).transpose(1, 2) + skip)

"""What may be switched on in the compact network: a learned temperature, distance to the lines, coarse to fine."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.architectures.fusion import attention
from engine.architectures.fusion.attention import TRUST, attend, attend_each
from engine.architectures.fusion.base import Grid, Layout
from engine.architectures.fusion.coarse_to_fine import BLOCKS_KEPT, CoarseToFineBlock
from engine.architectures.line_distance import REACH, line_distance
from engine.architectures.sga_generator import SGAConfig, SGAGenerator
from engine.checkpoint import CheckpointInfo
from engine.colorizers.reference import ReferenceColorizer
from engine.device import Device
from engine.line_art.regions import find_regions
from engine.palette import Palette, Swatch
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Reference
from engine.typed_values import telling
from tests.drawings import draw
from tests.unit.engine.architectures.test_sga_generator import TINY
from trainer.config import DataConfig

COARSE = replace(TINY, token_level=1, context_ratio=4, coarse_ratio=4)
OPTIONS = [replace(TINY, learn_temperature=True), replace(TINY, line_distance=True), COARSE]


def network(config: SGAConfig, seed: int = 0) -> SGAGenerator:
    torch.manual_seed(seed)
    return SGAGenerator(config).eval()


def line(*size: int, seed: int = 0) -> torch.Tensor:
    return torch.rand(size, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.mark.parametrize("config", OPTIONS)
def test_the_program_colors_and_matches_with_each(config: SGAConfig) -> None:
    """A setting that only training knows would be a lie."""
    colorizer = ReferenceColorizer(network(config), CheckpointInfo("sga", {}, "tiny"), Device("cpu", "fp32"))
    ink = np.ones((70, 90), np.float32)
    ink[20, 10:80] = ink[50, 10:80] = ink[20:51, 10] = ink[20:51, 79] = 0.0
    mask = np.ones((90, 70), np.bool_)
    mask[:40] = False
    request = ColorizeRequest(LineArt(ink), (Reference(draw(1)), Reference(draw(2), mask)), working_size=96)
    assert run(colorizer.colorize(request), lambda _: None).color.shape == (70, 90, 3)
    palette = Palette((Swatch("paper", (255, 255, 255)), Swatch("red", (200, 0, 0))))
    regions = find_regions(ink)
    masses = colorizer.match(request, regions, palette)
    assert masses is not None and masses.shape == (regions.count, 2)


@pytest.mark.parametrize("config", OPTIONS)
def test_every_weight_learns(config: SGAConfig) -> None:
    learning = network(config).train()
    drawn, picture = line(2, 1, 32, 32), line(2, 3, 32, 32, seed=1)
    learning(drawn, [picture, picture], [drawn, drawn]).square().mean().backward()
    assert all(parameter.grad is not None for parameter in learning.parameters())


def test_a_temperature_is_learned_from_where_it_begins() -> None:
    fixed, learned = network(TINY), network(replace(TINY, learn_temperature=True))
    learned.load_state_dict(fixed.state_dict(), strict=False)
    drawn, picture = line(1, 1, 32, 32), line(1, 3, 32, 32, seed=1)
    with torch.no_grad():
        assert torch.equal(fixed(drawn, [picture], [drawn]), learned(drawn, [picture], [drawn]))
        learned.cross_attention.log_temperature += 0.1  # type: ignore[operator]
        assert not torch.equal(fixed(drawn, [picture], [drawn]), learned(drawn, [picture], [drawn]))
        features = learned.describe(drawn)
    assert features is not None and features.scale == pytest.approx(TINY.temperature * np.e)


def test_stop_gradient_leaves_a_learned_temperature_alone() -> None:
    stopped = network(replace(TINY, learn_temperature=True, stop_gradient=True)).train()
    stopped(line(2, 1, 32, 32), [line(2, 3, 32, 32)], [line(2, 1, 32, 32)]).square().mean().backward()
    assert all(p.grad is not None for p in stopped.parameters() if p.requires_grad)
    assert stopped.cross_attention.log_temperature.grad is None  # type: ignore[union-attr]


@given(st.integers(0, 39), st.integers(0, 39))
@settings(max_examples=20, deadline=None)
def test_distances_are_those_to_the_line(y: int, x: int) -> None:
    drawn = torch.ones(1, 1, 40, 40)
    drawn[0, 0, y, x] = -1.0
    rows, columns = torch.arange(40)[:, None], torch.arange(40)[None]
    wanted = torch.maximum((rows - y).abs(), (columns - x).abs()).clamp_max(REACH) * (2.0 / REACH) - 1.0
    assert torch.allclose(line_distance(drawn)[0, 0], wanted, atol=1e-6)


def test_paper_without_a_line_is_far_from_all() -> None:
    assert torch.equal(line_distance(torch.ones(2, 1, 8, 8)), torch.ones(2, 1, 8, 8))


def tokens(count: int, seed: int, width: int = 6) -> torch.Tensor:
    made = torch.randn(2, count, width, generator=torch.Generator().manual_seed(seed))
    return F.normalize(made, dim=-1)


def test_coarse_to_fine_is_the_guided_softmax() -> None:
    """With few blocks none is left out, so it is what the docstring says, computed plainly."""
    block = CoarseToFineBlock(6, 2, similarity="cosine", temperature=5.0, double_normalization=False)
    queries, keys, values = tokens(16, 0), tokens(16, 1), tokens(16, 2)
    assert BLOCKS_KEPT >= 4
    made = block.gather(queries, keys, values, Layout((4, 4), (Grid((4, 4)),)))
    of = torch.tensor([row // 2 * 2 + column // 2 for row in range(4) for column in range(4)])
    means = [torch.stack([t[:, of == b].mean(1) for b in range(4)], 1) for t in (queries, keys)]
    coarse = F.log_softmax(5.0 * F.normalize(means[0], dim=-1) @ F.normalize(means[1], dim=-1).transpose(1, 2), -1)
    wanted = F.softmax(5.0 * queries @ keys.transpose(1, 2) + coarse[:, of][:, :, of], -1) @ values
    assert torch.allclose(made, wanted, atol=1e-5)


def test_coarse_to_fine_looks_at_no_place_without_a_token() -> None:
    block = CoarseToFineBlock(6, 2, similarity="cosine", temperature=5.0)
    queries, keys, values = tokens(16, 0), tokens(64, 1), tokens(64, 2)
    grid = torch.arange(64).view(8, 8)
    places = grid[:5, :7].flatten()  # cuts blocks in half and leaves others out
    layout = Layout((4, 4), (Grid((8, 8), places),))
    made = block.gather(queries, keys[:, places], values[:, places], layout)
    assert torch.isfinite(made).all()
    same = block.gather(queries, keys[:, places], torch.ones_like(values[:, places]), layout)
    assert torch.allclose(same, torch.ones_like(same), atol=1e-5)


def test_each_reference_is_attended_to_by_itself() -> None:
    """As the docstring has it, computed plainly; what shows something else gets next to nothing."""
    queries, values = tokens(9, 0), [tokens(count, count) for count in (4, 7)]
    keys = [tokens(4, 5), tokens(7, 6)]
    weights = (1.0, 0.25)
    masses = [
        TRUST * torch.logsumexp(3.0 * queries @ k.transpose(1, 2), 2) + np.log(w)
        for k, w in zip(keys, weights, strict=True)
    ]
    shares = F.softmax(torch.stack(masses), 0).unsqueeze(3)
    alone = torch.stack([attend(queries, k, v, scale=3.0) for k, v in zip(keys, values, strict=True)])
    made = attend_each(queries, keys, values, weights, scale=3.0)
    torch.testing.assert_close(made, (shares * alone).sum(0))
    twice = attend_each(queries, keys[:1] * 2, values[:1] * 2, (0.3, 0.3), scale=3.0)
    torch.testing.assert_close(twice, alone[0])
    like, unlike = queries.clone(), -queries
    good, bad = torch.ones(2, 9, 1), torch.zeros(2, 9, 1)
    assert (attend_each(queries, [like, unlike], [good, bad], (1.0, 1.0), scale=20.0) > 0.9).all()


@pytest.mark.parametrize("stopped", [True, False])
def test_gradients_of_several_references(stopped: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    queries, key, value = (tokens(count, seed).requires_grad_() for seed, count in enumerate((9, 4, 4)))
    found = []
    for entries in (10**6, 12):  # whole, and in blocks of a few rows
        monkeypatch.setattr(attention, "BLOCK_ENTRIES", entries)
        keys, values = [key, tokens(7, 5)], [value, tokens(7, 6)]
        made = attend_each(queries, keys, values, (1.0, 2.0), scale=3.0, stop_gradient=stopped)
        found.append(torch.autograd.grad(made.square().sum(), [value, queries, key], allow_unused=True))
    for one, other in zip(*found, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
    assert [gradient is None for gradient in found[0]] == [False, stopped, stopped]


def test_settings_that_change_nothing_do_not_tell_runs_apart() -> None:
    """Older checkpoints and rows go on: they do not know these settings."""
    later = {"learn_temperature", "coarse_ratio", "line_distance", "references"}
    plain, data = telling(SGAConfig.compact()), telling(DataConfig())
    assert not later & {*plain, *data}
    assert telling(COARSE)["coarse_ratio"] == 4
    assert telling(DataConfig(protocol="varied", references=3))["references"] == 3

"""Weights of references: in the attention, in the swatches, and in what is encoded; what regions are described by."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.architectures.fusion.attention import attend, weighed
from engine.color.swatches import find_swatches, shares
from engine.colorizers import reference, runner
from engine.errors import RequestError
from engine.line_art.regions import find_regions
from engine.matching import swatch_masses
from engine.pipeline import run
from engine.request import ColorizeRequest, LineArt, Reference
from tests.finishing import BLUE, RED, in_rooms, label_in, patches, rooms
from tests.unit.engine.architectures.test_sga_generator import TINY
from tests.unit.engine.matching.test_matching import PALETTE, by_place
from tests.unit.engine.test_colorizer import drawing, ignore, make, picture


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.integers(2, 20), st.integers(0, 1000), st.booleans())
def test_weighed_attention_is_the_formula(queries: int, keys: int, seed: int, whole: bool) -> None:
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(1, rows, 8, generator=generator) for rows in (queries, keys, keys))
    weights = (0.05 + 2.0 * torch.rand(keys, generator=generator)).tolist()
    given_weights = torch.tensor(weights)
    map_ = F.softmax(3.0 * q @ k.transpose(1, 2) + given_weights.log(), dim=2)
    factor = given_weights / given_weights.mean() / map_.sum(dim=1) * (queries / keys)
    wanted = (map_ * factor.unsqueeze(1)) @ v
    got = attend(*weighed(q, k, v, weights, 3.0), scale=3.0, whole_map_limit=10**9 if whole else 0)
    torch.testing.assert_close(got, wanted, rtol=1e-4, atol=1e-4)
    used = attend(*weighed(q, k, torch.eye(keys)[None], weights, 3.0), scale=3.0).sum(dim=1)[0]
    torch.testing.assert_close(used / used.sum(), given_weights / given_weights.sum(), rtol=1e-3, atol=1e-4)
    same = attend(*weighed(q, k, v, [0.5] * keys, 3.0), scale=3.0)
    torch.testing.assert_close(same, attend(q, k, v, scale=3.0), rtol=1e-4, atol=1e-4)


def test_weight_one_is_bit_for_bit_as_without_and_only_the_relation_counts() -> None:
    network, art = make(), drawing(64, 80)
    one, other = picture(40, 40), picture(40, 50, seed=1)

    def colored(first: float, second: float) -> np.ndarray:
        references = replace(one, weight=first), replace(other, weight=second)
        return run(network.colorize(ColorizeRequest(art, references, 64)), ignore).color

    plain = run(network.colorize(ColorizeRequest(art, (one, other), 64)), ignore).color
    np.testing.assert_array_equal(colored(1.0, 1.0), plain)
    np.testing.assert_array_equal(colored(0.3, 0.3), plain)
    assert (colored(1.0, 0.2) != plain).any()
    alone = run(network.colorize(ColorizeRequest(art, (one,), 64)), ignore).color
    np.testing.assert_array_equal(colored(0.7, 0.0), alone)


def test_another_weight_encodes_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    network, art = make(), drawing(64, 64)
    encoded: list[str] = []
    before = runner._encode
    monkeypatch.setattr(runner, "_encode", lambda *args: (encoded.append(args[1].name), before(*args))[1])
    one, other = replace(picture(40, 40), name="a"), replace(picture(40, 40, seed=1), name="b")
    for weight in (1.0, 0.5, 2.0):
        run(network.colorize(ColorizeRequest(art, (one, replace(other, weight=weight)), 64)), ignore)
    assert encoded == ["a", "b"]


def test_all_references_switched_off_is_said() -> None:
    with pytest.raises(RequestError, match="switched off"):
        run(make().colorize(ColorizeRequest(drawing(64, 64), (replace(picture(9, 9), weight=0.0),), 64)), ignore)


def test_swatches_count_by_weight() -> None:
    red, blue = patches(RED), patches(BLUE)
    palette = find_swatches([red, blue])
    equal, mostly_red = shares([red, blue], palette), shares([red, replace(blue, weight=0.25)], palette)
    assert {swatch.color for swatch in palette.swatches} == {RED, BLUE}
    by_color = dict(
        zip((swatch.color for swatch in palette.swatches), zip(equal, mostly_red, strict=True), strict=True)
    )
    assert by_color[RED] == pytest.approx((0.5, 0.8), abs=0.01)
    assert [swatch.color for swatch in find_swatches([red, replace(blue, weight=0.0)]).swatches] == [RED]
    with pytest.raises(RequestError, match="no reference"):
        find_swatches([replace(red, weight=0.0)])


def test_regions_look_rather_at_the_reference_that_weighs_more() -> None:
    ink = rooms(2)
    red, blue = (Reference(in_rooms(ink, [color] * 2)) for color in (RED, BLUE))

    def on_red(weight: float) -> float:
        references = [(replace(red, weight=weight), ink), (blue, ink)]
        found = swatch_masses(ink, find_regions(ink), references, PALETTE, by_place)
        assert found is not None
        return float(found[label_in(find_regions(ink), 0) - 1, 0])

    assert on_red(0.2) < on_red(1.0) < on_red(2.0)
    assert on_red(1.0) == pytest.approx(0.5, abs=0.1)


def test_regions_are_described_by_unit_vectors_and_the_network_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    network, ink = make(), rooms(3)
    request, regions = ColorizeRequest(LineArt(ink), (picture(40, 40),), 64), find_regions(ink)
    asked: list[str] = []
    before = reference.compute
    monkeypatch.setattr(reference, "compute", lambda *args: (asked.append(args[2]), before(*args))[1])
    seen = network.describe(request, regions)
    assert seen is not None
    assert seen.shape[0] == regions.count
    np.testing.assert_allclose(np.linalg.norm(seen, axis=1), 1.0, atol=1e-4)
    np.testing.assert_array_equal(network.describe(request, regions), seen)
    assert asked == ["describe"]


def test_a_network_that_compares_no_line_art_describes_nothing() -> None:
    ink = rooms(2)
    network = make(replace(TINY, keys="plain"))
    assert network.describe(ColorizeRequest(LineArt(ink), (picture(40, 40),), 64), find_regions(ink)) is None

"""The SGA colorizer: the paper's size, any shape of picture, several references, stop-gradient."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine import model_loading
from engine.architectures.folding import fold_batch_normalization
from engine.architectures.sga_generator import SGAConfig, SGAGenerator, count_parameters

TINY = SGAConfig(
    widths=(4, 6, 8, 10),
    convolutions=(1, 1, 2, 2),
    reference_convolutions=(1, 1, 1),
    stem_stride=2,
    token_level=2,
    fusion_width=12,
    context_ratio=2,
    residual_blocks=1,
    decoder="adding",
    keys="line",
    similarity="cosine",
    temperature=10.0,
    stop_gradient=False,
)
TINY_PAPER = SGAConfig(widths=(2, 3, 4), convolutions=(2, 2, 2), reference_convolutions=(2, 2, 2), token_level=2)


def test_paper_configuration_has_the_published_size() -> None:
    """83.9 M parameters and 52 GFLOP for one 256×256 picture, both to 1 %."""
    with torch.device("meta"):
        network = SGAGenerator(SGAConfig.paper()).eval()
        sketch, reference = torch.empty(1, 1, 256, 256), torch.empty(1, 3, 256, 256)
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            network(sketch, [reference])
    assert count_parameters(network) == pytest.approx(83.9e6, rel=0.01)
    assert counter.get_total_flops() == pytest.approx(52e9, rel=0.01)
    assert network.sketch_tokens.width == 992


def test_compact_configuration_fits_a_desktop() -> None:
    with torch.device("meta"):
        network = SGAGenerator(SGAConfig.compact())
    assert 4e6 <= count_parameters(network) <= 12e6
    assert network.token_stride == 8


def test_the_model_that_ships_still_fits() -> None:
    """Its weights know their places by name, so no name of the default network may change."""
    info, network = model_loading.build(Path(__file__).parents[4] / "resources/models/nurie-compact.safetensors")
    assert isinstance(network, SGAGenerator)
    # It attends more sharply than it was trained to, see its card.
    assert network.config == replace(SGAConfig.compact(), temperature=80.0)
    assert info.architecture == "sga"


@pytest.mark.parametrize("config", [TINY, TINY_PAPER, replace(TINY, self_attention=False, keys="plain")])
@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 160), (96, 32)])
def test_any_size_and_several_references_of_other_sizes(config: SGAConfig, height: int, width: int) -> None:
    network = SGAGenerator(config).eval()
    pictures = [torch.rand(1, 3, 64, 32), torch.rand(1, 3, 32, 96)]
    lines = [torch.rand(1, 1, 64, 32), torch.rand(1, 1, 32, 96)]
    with torch.no_grad():
        output = network(torch.rand(1, 1, height, width), pictures, lines)
    assert output.shape == (1, 3, height, width)
    assert output.abs().max() <= 1.0


def test_the_same_reference_twice_changes_nothing() -> None:
    """Row mass: with twice the tokens every token weighs half."""
    torch.manual_seed(0)
    network = SGAGenerator(TINY).eval()
    sketch, picture, line = torch.rand(1, 1, 64, 64), torch.rand(1, 3, 64, 64), torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        once = network(sketch, [picture], [line])
        twice = network(sketch, [picture, picture], [line, line])
    torch.testing.assert_close(once, twice, rtol=1e-4, atol=1e-5)


def test_the_reference_matters() -> None:
    torch.manual_seed(0)
    network = SGAGenerator(TINY).eval()
    sketch, line = torch.rand(1, 1, 64, 64), torch.rand(1, 1, 64, 64)
    with torch.no_grad():
        red = network(sketch, [torch.tensor([1.0, -1.0, -1.0]).view(1, 3, 1, 1).expand(1, 3, 64, 64)], [line])
        blue = network(sketch, [torch.tensor([-1.0, -1.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, 64, 64)], [line])
    assert (red - blue).abs().max() > 1e-4


def test_line_keys_need_the_reference_s_line_art() -> None:
    with pytest.raises(ValueError, match="line art"):
        SGAGenerator(TINY).encode_reference(torch.rand(1, 3, 32, 32))


def test_stop_gradient_keeps_keys_out_of_backward() -> None:
    """With line keys and stop-gradient nothing reaches the sketch encoder through the reference's line art."""
    for stop in (True, False):
        torch.manual_seed(0)
        network = SGAGenerator(replace(TINY, stop_gradient=stop))
        line = torch.rand(2, 1, 32, 32)
        encoded = network.encode_reference(torch.rand(2, 3, 32, 32), line)
        encoded.keys.retain_grad()
        network.decode(torch.rand(2, 1, 32, 32), [encoded]).sum().backward()
        gradient = encoded.keys.grad
        assert (gradient is None or gradient.abs().sum() == 0) == stop


def test_folding_keeps_the_function() -> None:
    torch.manual_seed(0)
    network = SGAGenerator(TINY)
    sketch, picture, line = torch.rand(2, 1, 64, 64), torch.rand(2, 3, 64, 64), torch.rand(2, 1, 64, 64)
    network(sketch, [picture], [line])  # moves the running statistics away from 0 and 1
    network.eval()
    with torch.no_grad():
        expected = network(sketch, [picture], [line])
        fold_batch_normalization(network)
        folded = network(sketch, [picture], [line])
    torch.testing.assert_close(folded, expected, rtol=1e-3, atol=1e-4)
    convolutions = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert not convolutions


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"widths": ()}, "number of widths"),
        ({"widths": (4, 8_000), "convolutions": (1, 1), "reference_convolutions": (1, 1), "token_level": 1}, "widths"),
        ({"convolutions": (1, 1)}, "convolutions"),
        ({"convolutions": (2, 2, 2, 2, 100_000)}, "convolutions"),
        ({"stem_stride": 3}, "stem_stride"),
        ({"token_level": 5}, "token_level"),
        ({"token_level": -1}, "token_level"),
        ({"token_level": 2}, "coarsest"),
        ({"fusion_width": 20_000}, "fusion_width"),
        ({"residual_blocks": 100_000}, "residual_blocks"),
        ({"context_ratio": 10**59}, "context_ratio"),
        ({"context_ratio": 3}, "power of two"),
        ({"coarse_ratio": 0}, "coarse_ratio"),
        ({"temperature": 0.0}, "temperature"),
        ({"temperature": float("inf")}, "temperature"),
    ],
)
def test_a_config_that_is_no_network_is_refused(changed: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SGAConfig(**changed)

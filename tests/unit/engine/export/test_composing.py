"""Layers laid over each other, held against what Pillow and the strict layers make of the same."""

import numpy as np
import pytest
from PIL import Image

from engine.export.composing import OPERATORS, Node, compose
from engine.layers import Blend, Layer, LayerStack, flatten, on_white

SIZE = (40, 50)
RANDOM = np.random.default_rng(5)


def noise(height: int, width: int) -> np.ndarray:
    return RANDOM.integers(0, 256, (height, width, 4), np.uint8)


def test_normal_layers_make_what_pillow_makes() -> None:
    below, above = noise(*SIZE), noise(*SIZE)
    expected = np.asarray(Image.alpha_composite(Image.fromarray(below), Image.fromarray(above)))
    made = compose([Node(below), Node(above)], SIZE)
    assert np.abs(made.astype(int) - expected)[made[..., 3] > 16].max() <= 4  # Pillow rounds between the layers


@pytest.mark.parametrize("blend", ["normal", "multiply", "screen"])
def test_placed_layers_make_what_the_strict_ones_make(blend: Blend) -> None:
    paper, pixels = noise(*SIZE), noise(30, 30)
    paper[..., 3] = 255
    stack = LayerStack(SIZE, (Layer("a", paper), Layer("b", pixels, -7, 25, blend, 128)))
    made = compose([Node(paper), Node(pixels, (), -7, 25, 128 / 255, blend)], SIZE)
    assert np.abs(on_white(made).astype(int) - flatten(stack)).max() <= 1


def test_a_group_is_blended_as_a_whole_unless_it_passes_through() -> None:
    paper, gray = np.full((*SIZE, 4), 255, np.uint8), np.full((*SIZE, 4), (128, 128, 128, 255), np.uint8)
    paper[..., :3] = 200
    inside = (Node(gray, operator="multiply"),)
    whole = compose([Node(paper), Node(children=inside)], SIZE)
    passing = compose([Node(paper), Node(children=inside, isolated=False)], SIZE)
    half = compose([Node(paper), Node(children=inside, opacity=0.5)], SIZE)
    assert [int(made[0, 0, 0]) for made in (whole, passing, half)] == [128, 100, 164]


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("overlay", 133), ("darken", 102), ("lighten", 153), ("color-dodge", 255), ("color-burn", 0),
        ("hard-light", 122), ("soft-light", 141), ("difference", 51), ("exclusion", 133), ("plus", 255),
    ],
)  # fmt: skip
def test_blend_modes(operator: str, expected: int) -> None:
    """By hand from the formulas of the W3C, for a backdrop of 0.6 and a source of 0.4."""
    below, above = (np.full((1, 1, 4), (v, v, v, 255), np.uint8) for v in (153, 102))
    assert abs(int(compose([Node(below), Node(above, operator=operator)], (1, 1))[0, 0, 0]) - expected) <= 1


@pytest.mark.parametrize("operator", sorted(OPERATORS))
def test_every_operator_gives_colors(operator: str) -> None:
    with np.errstate(all="raise", under="ignore"):
        made = compose([Node(noise(*SIZE)), Node(noise(9, 9), (), 45, -3, 0.7, operator)], SIZE)
    assert made.shape == (*SIZE, 4)
    nothing = compose([Node(noise(*SIZE)), Node(np.zeros((*SIZE, 4), np.uint8), operator=operator)], SIZE)
    assert nothing[..., 3].any() != (operator in ("dst-in", "dst-atop"))

"""Random stacks of layers, and whether two are the same."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.layers import Layer, LayerStack, clean_name

BLENDS = ("normal", "multiply", "screen")
NAMES = ("", "Line art", "線画", "ハイライト 2", "😀👩‍👩‍👧", "قلم رصاص", "שכבה", "été <&>\"'", "n" * 300)

names = st.sampled_from(NAMES) | st.text(max_size=12).map(clean_name)


def noise(height: int, width: int, seed: int = 0, alpha: int | None = None) -> NDArray[np.uint8]:
    """height×width×4 pixels by chance, with an alpha by chance when none is given."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4)).astype(np.uint8)
    if alpha is not None:
        pixels[..., 3] = alpha
    return pixels


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    shape = draw(st.sampled_from([(0, 0), (1, 2), (3, 1)]) | st.tuples(st.integers(2, 12), st.integers(2, 12)))
    return Layer(
        draw(names),
        draw(arrays.arrays(np.uint8, (*shape, 4), elements=st.sampled_from([0, 1, 7, 127, 254, 255]))),
        draw(st.integers(-15, 25)),
        draw(st.integers(-15, 25)),
        draw(st.sampled_from(BLENDS)),
        draw(st.integers(0, 255)),
        draw(st.booleans()),
        draw(st.none() | st.sampled_from(["A", "群 / 手", "", "B"])),
    )


@st.composite
def stacks(draw: st.DrawFn) -> LayerStack:
    size = draw(st.tuples(st.integers(1, 20), st.integers(1, 20)))
    dots = draw(st.sampled_from([(300.0, 300.0), (72.0, 150.0), (1200.0, 600.0)]))
    return LayerStack(size, tuple(draw(st.lists(layers(), min_size=1, max_size=5))), dots)


def assert_same(read: LayerStack, written: LayerStack) -> None:
    """Everything is equal, pixels bit for bit."""
    assert (read.size, read.resolution, read.icc_profile) == (written.size, written.resolution, written.icc_profile)
    for one, other in zip(read.layers, written.layers, strict=True):
        assert about(one) == about(other)
        assert np.array_equal(one.pixels, other.pixels)


def about(layer: Layer) -> tuple[object, ...]:
    return layer.name, layer.left, layer.top, layer.blend, layer.opacity, layer.visible, layer.group

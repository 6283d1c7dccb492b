"""Layers: what they refuse, cropping, the canvas, and the picture they make."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import layers
from engine.color.compose import lay_under_ink
from engine.layers import Layer, LayerStack, clean_name, cropped, flatten, in_profile, on_canvas
from tests import icc_profiles, layer_stacks
from tests.layer_stacks import noise


def blended(backdrop: NDArray[np.float64], source: NDArray[np.float64], blend: str) -> NDArray[np.float64]:
    return {"normal": source, "multiply": backdrop * source, "screen": 1 - (1 - backdrop) * (1 - source)}[blend]


def exact(stack: LayerStack) -> NDArray[np.float64]:
    """The picture in numbers from 0 to 255, by the definition, pixel after pixel of the whole canvas."""
    image = np.ones((*stack.size, 3))
    for layer in stack.layers:
        pixels = on_canvas(layer, stack.size) / 255.0
        alpha = pixels[..., 3:] * layer.opacity / 255.0 * layer.visible
        image = (1 - alpha) * image + alpha * blended(image, pixels[..., :3], layer.blend)
    return image * 255.0


@settings(max_examples=80, deadline=None)
@given(layer_stacks.stacks())
def test_flatten_is_the_definition_rounded(stack: LayerStack) -> None:
    image = flatten(stack)
    assert image.dtype == np.uint8
    assert np.abs(image - exact(stack)).max() <= 0.5 + 1e-3


def test_flatten_does_not_see_the_strips_it_works_in(monkeypatch: pytest.MonkeyPatch) -> None:
    stack = LayerStack((23, 9), (Layer("a", noise(23, 9)), Layer("b", noise(12, 5, 1), 2, 7, "multiply", 100)))
    whole = flatten(stack)
    monkeypatch.setattr(layers, "_STRIP_PIXELS", 45)
    assert np.array_equal(flatten(stack), whole)


def test_multiplied_ink_is_what_the_colorizer_composes() -> None:
    color, ink = noise(30, 30)[..., :3], noise(30, 30, 1)[..., 0]
    levels = np.dstack([ink, ink, ink, np.full_like(ink, 255)])
    stack = LayerStack((30, 30), (Layer("color", np.dstack([color, levels[..., 3]])), Layer("ink", levels, 0, 0)))
    stack = replace(stack, layers=(stack.layers[0], replace(stack.layers[1], blend="multiply")))
    assert np.array_equal(flatten(stack), lay_under_ink(color, ink.astype(np.float32) / np.float32(255.0)))


@settings(max_examples=60, deadline=None)
@given(layer_stacks.layers())
def test_cropping_changes_nothing_that_can_be_seen(layer: Layer) -> None:
    small = cropped(layer)
    seen = layer.pixels[..., 3] > 0
    assert np.count_nonzero(small.pixels[..., 3]) == np.count_nonzero(seen)
    if small.is_empty:
        assert not seen.any()
        assert small.pixels.shape == (0, 0, 4)
    else:
        edges = (small.pixels[0], small.pixels[-1], small.pixels[:, 0], small.pixels[:, -1])
        assert all(edge[..., 3].any() for edge in edges)
    size = (20, 20)
    assert np.array_equal(flatten(LayerStack(size, (small,))), flatten(LayerStack(size, (layer,))))


@settings(max_examples=60, deadline=None)
@given(layer_stacks.layers(), st.tuples(st.integers(1, 30), st.integers(1, 30)))
def test_on_canvas_shows_every_pixel_at_its_place(layer: Layer, size: tuple[int, int]) -> None:
    canvas = on_canvas(layer, size)
    assert canvas.shape == (*size, 4)
    expected = np.zeros((*size, 4), np.uint8)
    for y, x in np.ndindex(layer.pixels.shape[:2]):
        row, column = layer.top + y, layer.left + x
        if 0 <= row < size[0] and 0 <= column < size[1]:
            expected[row, column] = layer.pixels[y, x]
    assert np.array_equal(canvas, expected)


def test_a_layer_refuses_what_no_file_can_hold() -> None:
    pixels = noise(2, 2)
    for wrong in (pixels[..., :3], pixels.astype(np.float32), pixels[0]):
        with pytest.raises(ValueError, match="uint8"):
            Layer("a", wrong)  # pyright: ignore[reportArgumentType]
    for name in ("a\nb", "\0", "\x7f", "\ud800", "\uffff"):
        with pytest.raises(ValueError, match="control"):
            Layer(name, pixels)
        with pytest.raises(ValueError, match="control"):
            Layer("a", pixels, group=name)
    for opacity in (-1, 256):
        with pytest.raises(ValueError, match="opacity"):
            Layer("a", pixels, opacity=opacity)
    with pytest.raises(ValueError, match="far"):
        Layer("a", pixels, left=-(2**30))
    with pytest.raises(ValueError, match="canvas"):
        LayerStack((0, 4), ())


@given(st.text())
def test_a_cleaned_name_is_a_name(name: str) -> None:
    clean = clean_name(name)
    assert Layer(clean, noise(1, 1)).name == clean
    assert clean_name(clean) == clean


@pytest.mark.parametrize("name", layer_stacks.NAMES)
def test_names_of_every_script_stay(name: str) -> None:
    assert clean_name(name) == name


def test_a_wide_profile_moves_colors_but_no_alpha() -> None:
    empty = Layer("empty", np.zeros((0, 0, 4), np.uint8))
    stack = LayerStack((9, 9), (Layer("a", noise(9, 9)), empty), icc_profile=icc_profiles.wide_rgb())
    moved = in_profile(stack)
    assert moved.icc_profile == stack.icc_profile
    assert not np.array_equal(moved.layers[0].pixels[..., :3], stack.layers[0].pixels[..., :3])
    assert np.array_equal(moved.layers[0].pixels[..., 3], stack.layers[0].pixels[..., 3])
    assert moved.layers[1].is_empty


@pytest.mark.parametrize("profile", [icc_profiles.gray(2.2), b"no profile"])
def test_other_profiles_are_dropped(profile: bytes) -> None:
    stack = LayerStack((9, 9), (Layer("a", noise(9, 9)),), icc_profile=profile)
    assert in_profile(stack).icc_profile is None
    assert np.array_equal(in_profile(stack).layers[0].pixels, stack.layers[0].pixels)

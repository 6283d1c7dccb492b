"""Layers of a finished coloring, laid over each other by hand, and layered files opened again."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import cancellation
from engine.color.compose import lay_under_ink
from engine.errors import Cancelled, RequestError
from engine.export import formats
from engine.finishing import Finished
from engine.layering import Reopened, reopen, to_stack
from engine.layers import Layer, LayerStack, cropped, flatten, on_canvas
from engine.options import ShadingMode
from engine.palette import Palette, Swatch
from engine.request import LineArt
from tests.finishing import BLUE, RED, SKIN, WHITE, blotches, ellipses, finished, in_rooms, label_in, rooms

SHADINGS: tuple[ShadingMode, ...] = ("off", "soft", "cel")


def eight_bit(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(ink * 255.0).astype(np.uint8)


def digest(level: NDArray[np.uint8]) -> bytes:
    return hashlib.sha256(level.tobytes()).digest()


def laid_by_hand(result: Finished) -> NDArray[np.float64]:
    color = result.color / 255.0
    if result.shading is not None:
        color = color * (result.shading.multiply / 255.0)
        color = color + result.shading.screen / 255.0 * (1.0 - color)
    return 255.0 * color * result.request.line_art.layer[..., None]


def named(stack: LayerStack, name: str) -> Layer:
    return next(layer for layer in stack.layers if layer.name == name and layer.group is None)


def shaded_guess(ink: NDArray[np.float32]) -> NDArray[np.uint8]:
    guess = in_rooms(ink, [RED, BLUE, SKIN]).astype(float)
    guess[32:] *= np.where(guess[32:] < 255.0, 0.6, 1.0)
    return guess.astype(np.uint8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.sampled_from(SHADINGS), st.booleans())
def test_the_layers_are_the_picture(
    seed: int, flats: bool, locked: bool, shading: ShadingMode, by_swatch: bool
) -> None:
    options = {"shading": shading, "locked": locked} if flats else {}
    result = finished(ellipses(seed), blotches(seed), flats=flats, **options)
    stack = to_stack(result, by_swatch=by_swatch)
    assert np.abs(flatten(stack) - laid_by_hand(result)).max() <= 1.0
    if result.shading is None:
        assert (
            np.abs(flatten(stack).astype(int) - lay_under_ink(result.color, result.request.line_art.layer)).max() <= 1
        )
    for layer in stack.layers[1:]:
        again = cropped(layer)
        assert (again.left, again.top, again.pixels.shape) == (layer.left, layer.top, layer.pixels.shape)


@pytest.mark.parametrize("shading", ["soft", "cel"])
def test_shading_has_layers_of_its_own(shading: ShadingMode) -> None:
    ink = rooms(3)
    result = finished(ink, shaded_guess(ink), shading=shading)
    assert result.shading is not None
    stack = to_stack(result)
    assert [layer.name for layer in stack.layers] == ["Paper", "Flats", "Shading", "Highlights", "Line"]
    assert [layer.blend for layer in stack.layers] == ["normal", "normal", "multiply", "screen", "multiply"]
    assert np.abs(flatten(stack) - laid_by_hand(result)).max() <= 1.0


def test_the_line_layer_is_the_ink_bit_for_bit() -> None:
    ink = ellipses(1)
    for flats in (True, False):
        layer = named(to_stack(finished(ink, blotches(1), flats=flats)), "Line")
        alpha = on_canvas(layer, (120, 160))[..., 3]
        assert digest(255 - alpha) == digest(eight_bit(ink))
        assert not layer.pixels[..., :3].any()


def test_trace_lines_bound_regions_and_are_not_seen() -> None:
    ink = rooms(2)
    outline = ink.copy()
    outline[12:49, 48:53] = 1.0
    result = finished(LineArt(ink, outline=outline), in_rooms(ink, [RED, BLUE]))
    assert label_in(result.regions, 0) != label_in(result.regions, 1)
    stack = to_stack(result)
    alpha = on_canvas(named(stack, "Line"), ink.shape)[..., 3]
    np.testing.assert_array_equal(255 - alpha, eight_bit(outline))
    picture = flatten(stack)[30, 12:88]
    assert {tuple(color) for color in picture.tolist()} == {RED, BLUE}


def test_one_layer_a_swatch() -> None:
    ink = rooms(4)
    palette = Palette((Swatch("hair\n", RED), Swatch("肌", SKIN), Swatch("", BLUE)))
    kept = np.zeros((*ink.shape, 4), np.uint8)
    kept[10:50, 130:170] = (7, 8, 9, 255)
    result = finished(ink, in_rooms(ink, [RED, BLUE, RED, SKIN]), palette=palette, kept=kept)
    stack = to_stack(result, by_swatch=True)
    swatches = stack.layers[1:-1]
    assert sorted(layer.name for layer in swatches) == sorted(["hair", "#3c50be", "#070809"])
    assert {layer.group for layer in swatches} == {"Flats"}
    assert (stack.layers[0].group, stack.layers[-1].group) == (None, None)
    for layer in swatches:
        held = layer.pixels[layer.pixels[..., 3] > 0]
        assert len(np.unique(held, axis=0)) == 1
        assert held[0, 3] == 255
    together = sum((on_canvas(layer, ink.shape)[..., 3] > 0).astype(int) for layer in swatches)
    whole = on_canvas(named(to_stack(result), "Flats"), ink.shape)[..., 3] > 0
    np.testing.assert_array_equal(together, whole.astype(int))
    np.testing.assert_array_equal(flatten(stack), flatten(to_stack(result)))


def test_white_within_is_painted_and_the_paper_around_is_not() -> None:
    ink = rooms(2)
    flats = on_canvas(named(to_stack(finished(ink, in_rooms(ink, [WHITE, RED]))), "Flats"), ink.shape)
    assert flats[30, 30].tolist() == [255, 255, 255, 255]
    assert flats[0, 0, 3] == 0


@pytest.mark.parametrize("by_swatch", [False, True])
@pytest.mark.parametrize("color", [RED, WHITE])
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_empty_drawings(level: float, color: tuple[int, int, int], by_swatch: bool) -> None:
    ink = np.full((30, 40), level, np.float32)
    result = finished(ink, np.full((30, 40, 3), color, np.uint8))
    stack = to_stack(result, by_swatch=by_swatch)
    assert (flatten(stack) == np.array(color) * level).all()
    assert named(stack, "Line").is_empty == (level == 1.0)
    reopened = reopen(stack, "x.psd")
    np.testing.assert_array_equal(reopened.ink, ink)


def test_resolution_and_profile_go_along() -> None:
    result = finished(rooms(1), in_rooms(rooms(1), [RED]))
    assert to_stack(result).resolution == (300.0, 300.0)
    stack = to_stack(result, resolution=(600.0, 600.0), icc_profile=b"profile")
    assert (stack.resolution, stack.icc_profile, stack.size) == ((600.0, 600.0), b"profile", (60, 60))


def again(stack: LayerStack, path: Path) -> Reopened:
    formats.write_layers(path, stack, {})
    return reopen(formats.read_layers(path), path.name)


@pytest.mark.parametrize("by_swatch", [False, True])
@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_a_file_opened_again_is_the_same_drawing(suffix: str, by_swatch: bool, tmp_path: Path) -> None:
    ink, guess = ellipses(5), blotches(5)
    result = finished(ink, guess)
    stack = to_stack(result, by_swatch=by_swatch)
    reopened = again(stack, tmp_path / f"drawing{suffix}")
    assert reopened.ink.tobytes() == ink.tobytes()
    assert reopened.flats is not None
    seen = reopened.flats[..., 3] == 255
    np.testing.assert_array_equal(reopened.flats[seen, :3], result.color[seen])
    assert (result.color[~seen] == 255).all()
    second = finished(reopened.ink, guess, kept=reopened.flats)
    np.testing.assert_array_equal(second.color, result.color)
    np.testing.assert_array_equal(flatten(to_stack(second)), flatten(stack))


@pytest.mark.parametrize("suffix", formats.LAYERED)
def test_what_was_edited_stays_and_only_new_lines_change_the_picture(suffix: str, tmp_path: Path) -> None:
    ink = rooms(3)
    stack = to_stack(finished(ink, in_rooms(ink, [RED, BLUE, SKIN])))
    layers = list(stack.layers)
    canvas = on_canvas(layers[1], stack.size)
    canvas[10:50, 10:50] = (7, 8, 9, 255)  # the artist paints a room in a color of no palette ...
    layers[1] = replace(layers[1], pixels=canvas, left=0, top=0)
    line = on_canvas(layers[2], stack.size)
    line[12:48, 69:71] = (0, 0, 0, 255)  # ... and divides another, half of which is erased
    canvas[12:48, 71:88] = 0
    layers[2] = replace(layers[2], pixels=line, left=0, top=0)
    reopened = again(replace(stack, layers=tuple(layers)), tmp_path / f"drawing{suffix}")
    result = finished(reopened.ink, in_rooms(ink, [RED, RED, RED]), kept=reopened.flats)
    colors = [tuple(result.color[30, x].tolist()) for x in (30, 60, 80, 110, 2)]
    assert colors == [(7, 8, 9), BLUE, RED, SKIN, WHITE]


def test_lines_of_other_programs() -> None:
    """Gray strokes, half transparent ones, a folder around everything, swatches that are called as layers are."""
    line = np.zeros((2, 4, 4), np.uint8)
    line[0] = [(0, 0, 0, 255), (100, 100, 100, 255), (0, 0, 0, 128), (255, 255, 255, 255)]
    flat = np.full((1, 1, 4), 255, np.uint8)
    stack = LayerStack(
        (2, 4),
        (
            Layer("Line", flat, group="page / Flats"),
            Layer("Flats", flat, left=1, group="page"),
            Layer("Shading", np.full((2, 4, 4), 9, np.uint8)),
            Layer("Flats", np.full((1, 1, 4), 128, np.uint8), left=3),
            Layer("Line", line, group="page"),
            Layer("Line", line[1:], visible=False),
        ),
    )
    reopened = reopen(stack, "x.ora")
    np.testing.assert_array_equal(np.rint(reopened.ink * 255), [[0, 100, 127, 255], [255] * 4])
    assert reopened.flats is not None
    assert reopened.flats[..., 3].tolist() == [[255, 255, 0, 0], [0] * 4]


def test_files_without_lines_and_without_flats() -> None:
    pixels = np.full((4, 4, 4), 255, np.uint8)
    with pytest.raises(RequestError, match=r'^photo\.psd has no layer "Line": choose'):
        reopen(LayerStack((4, 4), (Layer("Line", pixels, group="Flats"), Layer("Flats", pixels))), "photo.psd")
    assert reopen(LayerStack((4, 4), (Layer("Line", pixels),)), "x.psd").flats is None


def test_cancelling() -> None:
    result = finished(rooms(3), in_rooms(rooms(3), [RED, BLUE, SKIN]))
    stack = to_stack(result, by_swatch=True)
    for task in (lambda: to_stack(result), lambda: to_stack(result, by_swatch=True), lambda: reopen(stack, "x")):
        with pytest.raises(Cancelled), cancellation.cancellable(iter([False, True]).__next__):
            task()

"""What is made only to be looked at."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.controllers import view_work as view_pictures
from app.document.parts import LayerChoice
from app.images import qt_images
from app.images.pyramid import Pyramid
from engine import finishing, layering, layers
from engine.options import FinishOptions
from engine.request import ColorizeRequest, LineArt, Reference
from tests.fakes import FakeColorizer, color_picture, line_drawing


def result_of(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def pixels_of(pyramid: Pyramid) -> np.ndarray:
    image = pyramid.full
    return qt_images.view_of(image)[..., 2::-1].copy()


@pytest.fixture(scope="module")
def finished() -> finishing.Finished:
    ink = line_drawing()[..., 0].astype(np.float32) / np.float32(255)
    request = ColorizeRequest(LineArt(ink), (Reference(color_picture()),))
    result = result_of(FakeColorizer().colorize(request))
    slope = np.linspace(0.5, 1.2, result.color.shape[1])[None, :, None]  # for light and shade
    result = replace(result, color=np.clip(result.color * slope, 0, 255).astype(np.uint8))
    return result_of(finishing.finish(FakeColorizer(), request, result, FinishOptions(shading="soft")))


def seen(finished: finishing.Finished, choice: LayerChoice) -> np.ndarray:
    return pixels_of(result_of(view_pictures.without_layers(finished, choice)))


def test_hidden_layers_are_those_a_painting_program_would_hide(finished: finishing.Finished) -> None:
    stack = layering.to_stack(finished)
    assert layering.SHADING in {layer.name for layer in stack.layers}
    for choice, names in (
        (LayerChoice(), {layering.PAPER, layering.FLATS, layering.SHADING, layering.HIGHLIGHTS}),
        (LayerChoice(shading=False), {layering.PAPER, layering.FLATS}),
        (LayerChoice(colors=False), {layering.PAPER, layering.SHADING, layering.HIGHLIGHTS}),
    ):
        kept = tuple(layer for layer in stack.layers if layer.name in names)
        np.testing.assert_array_equal(seen(finished, choice), layers.flatten(replace(stack, layers=kept)))


def test_without_paper_a_checkerboard_stands_for_nothing(finished: finishing.Finished) -> None:
    empty = seen(finished, LayerChoice(paper=False, colors=False, shading=False))
    np.testing.assert_array_equal(empty, view_pictures.checkerboard(empty.shape[:2])[..., :3])
    assert {int(level) for level in np.unique(empty)} == set(view_pictures.SQUARE_COLORS)


def test_a_guess_without_flats_has_its_colors_hidden_too(finished: finishing.Finished) -> None:
    guess = replace(finished, regions=None, flats=None, shading=None)
    assert (seen(guess, LayerChoice(colors=False)) == 255).all()


def test_a_veil_lies_over_what_does_not_count() -> None:
    pixels = color_picture()
    mask = np.ones(pixels.shape[:2], np.bool_)
    mask[:20] = False
    shown = pixels_of(result_of(view_pictures.veiled(Reference(pixels, mask))))
    np.testing.assert_array_equal(shown[20:], pixels[20:])
    assert (shown[:20] != pixels[:20]).any(axis=2).all()
    np.testing.assert_array_equal(pixels_of(result_of(view_pictures.veiled(Reference(pixels)))), pixels)


def test_a_reference_without_a_mask_counts_everywhere() -> None:
    assert view_pictures.mask_of(Reference(color_picture())).all()


def test_layered_files_hide_what_the_canvas_hides(finished: finishing.Finished) -> None:
    stack = view_pictures.with_visibility(layering.to_stack(finished), LayerChoice(lines=False, shading=False))
    assert {layer.name: layer.visible for layer in stack.layers} == {
        layering.PAPER: True,
        layering.FLATS: True,
        layering.SHADING: False,
        layering.HIGHLIGHTS: False,
        layering.LINE: False,
    }


@pytest.mark.parametrize("by_swatch", [False, True])
def test_every_layer_a_coloring_can_have_is_hidden_or_shown(finished: finishing.Finished, by_swatch: bool) -> None:
    """Paint and rough came later than the choice of layers; a name it does not know must not fail."""
    height, width = finished.color.shape[:2]
    rough = np.full((height, width, 4), 255, np.uint8)
    own = np.full((height, width, 4), 90, np.uint8)
    line_art = replace(finished.request.line_art, rough=rough, own=own)
    assert finished.regions is not None
    moves = np.ones(finished.regions.count, np.float32)
    whole = replace(
        finished,
        request=replace(finished.request, line_art=line_art),
        moves=moves,
        color=np.roll(finished.color, 3, axis=1),
    )
    stack = layering.to_stack(whole, by_swatch=by_swatch)
    names = {layer.name for layer in stack.layers}
    assert {layering.PAINT, layering.ROUGH, layering.LINE} <= names
    for colors in (True, False):
        kept = view_pictures.with_visibility(stack, LayerChoice(colors=colors)).layers
        painted = [layer for layer in kept if layer.group == layering.FLATS or layer.name in ("Flats", "Paint")]
        assert painted and all(layer.visible == colors for layer in painted)
        assert not any(layer.visible for layer in kept if layer.name == layering.ROUGH)

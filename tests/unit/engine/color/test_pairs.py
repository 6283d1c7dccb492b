"""Base and shadow: what of a reference is one material."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.color import pairs
from engine.color.flats import Flats
from engine.color.shading import Shading
from engine.color.swatch_choice import Choice
from engine.color.swatches import find_swatches
from engine.line_art.regions import RegionMap
from engine.palette import Palette, Swatch
from engine.request import Reference

RED, DARK_RED, DEEP_RED = (214, 70, 66), (168, 46, 56), (124, 30, 50)
BLUE, SKIN, SKIN_SHADE = (70, 110, 200), (255, 224, 200), (236, 178, 160)


def sheet(*bands: tuple[int, int, int], ink: tuple[int, ...] = ()) -> Reference:
    """Bands from left to right, 40 pixels each, on paper; ink: after which of them there is a line."""
    pixels = np.full((120, 40 * len(bands) + 40, 3), 255, np.uint8)
    for index, color in enumerate(bands):
        pixels[20:100, 20 + 40 * index : 60 + 40 * index] = color
    for index in (-1, len(bands) - 1, *ink):
        at = 60 + 40 * index
        pixels[20:100, at - 1 : at + 2] = 0
    pixels[19:22, 20:-20] = 0
    pixels[98:101, 20:-20] = 0
    return Reference(pixels)


def found(reference: Reference) -> dict[tuple[int, ...], tuple[int, ...]]:
    """Shadow → base, by their colors."""
    palette = find_swatches([reference])
    made = pairs.find_pairs([reference], palette)
    colors = [swatch.color for swatch in palette.swatches]
    return {colors[one]: colors[int(made.base[one])] for one in np.flatnonzero(made.shadows)}


def test_a_shadow_beside_its_base_is_one_material_with_it() -> None:
    assert found(sheet(RED, DARK_RED)) == {DARK_RED: RED}
    assert found(sheet(SKIN, SKIN_SHADE)) == {SKIN_SHADE: SKIN}


def test_a_line_between_them_parts_materials() -> None:
    assert found(sheet(RED, DARK_RED, ink=(0,))) == {}


def test_another_hue_is_another_material() -> None:
    assert found(sheet(RED, BLUE)) == {}
    assert found(sheet(RED, (60, 120, 60))) == {}


def test_a_gradient_leads_to_one_base() -> None:
    assert found(sheet(RED, DARK_RED, DEEP_RED)) == {DARK_RED: RED, DEEP_RED: RED}


def test_materials_side_by_side_keep_to_their_own() -> None:
    assert found(sheet(RED, DARK_RED, SKIN, SKIN_SHADE, ink=(1,))) == {DARK_RED: RED, SKIN_SHADE: SKIN}


def test_a_palette_of_something_else_has_no_pairs() -> None:
    palette = Palette((Swatch("a", (20, 200, 20)), Swatch("b", (10, 150, 10))))
    assert not pairs.find_pairs([sheet(RED, DARK_RED)], palette).shadows.any()
    assert not pairs.find_pairs([], palette).shadows.any()


PALETTE = Palette(tuple(Swatch(name, color) for name, color in (("red", RED), ("shade", DARK_RED), ("blue", BLUE))))


def test_a_person_pairs_and_unpairs() -> None:
    none = pairs.Pairs(np.arange(3))
    red, shade, blue = PALETTE.swatches
    assert pairs.with_wishes(none, PALETTE, [(shade, red)]).base.tolist() == [0, 0, 2]
    paired = pairs.Pairs(np.asarray([0, 0, 2]))
    assert pairs.with_wishes(paired, PALETTE, [(shade, shade)]).base.tolist() == [0, 1, 2]
    assert pairs.with_wishes(paired, PALETTE, [(red, blue)]).base.tolist() == [2, 2, 2]  # its shadow goes with it
    gone = Swatch("gone", (1, 2, 3))
    assert pairs.with_wishes(paired, PALETTE, [(gone, red), (red, gone)]).base.tolist() == [0, 0, 2]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=6))
def test_a_base_is_never_a_shadow(wishes: list[tuple[int, int]]) -> None:
    asked = [(PALETTE.swatches[one], PALETTE.swatches[other]) for one, other in wishes]
    base = pairs.with_wishes(pairs.Pairs(np.asarray([0, 0, 2])), PALETTE, asked).base
    assert (base[base] == base).all()


@pytest.mark.parametrize("shading", [None, Shading(np.full((2, 4, 3), 200, np.uint8), np.full((2, 4, 3), 7, np.uint8))])
def test_flats_take_the_base_and_the_shadow_is_laid_over_it(shading: Shading | None) -> None:
    labels = np.asarray([[1, 1, 2, 2], [1, 1, 2, 2]], np.int32)
    regions = RegionMap(labels, 2, 0, False, np.asarray([4, 4]))
    before = np.asarray([1, 2])
    colors = PALETTE.colors()[before]
    voted = Flats(colors, np.ones(2, np.float32))
    choice = Choice(before, voted.colors, np.zeros(2, np.float32), np.ones(2, np.float32))
    based = pairs.in_bases(choice, PALETTE, pairs.Pairs(np.asarray([0, 0, 2])))
    assert based.swatch.tolist() == [0, 2] and based.colors.tolist() == [list(RED), list(BLUE)]
    laid = pairs.with_shadows(shading, regions, PALETTE, before, based.swatch)
    assert laid is not None
    other = 255 if shading is None else 200
    assert (laid.multiply[:, 2:] == other).all()
    seen = based.colors[0].astype(float) * laid.multiply[0, 0] / 255.0 * 255.0 / other
    np.testing.assert_allclose(seen, DARK_RED, atol=2.5)
    assert pairs.with_shadows(shading, regions, PALETTE, before, before) is shading

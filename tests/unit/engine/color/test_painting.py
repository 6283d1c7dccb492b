"""Color that moves inside regions: as far as the references' own does."""

import numpy as np

from engine.color.flats import vote
from engine.color.painting import paint_moving, softness
from engine.layering import PAINT, to_stack
from engine.layers import flatten
from engine.line_art.regions import find_regions
from engine.palette import Palette, Swatch
from engine.request import Reference
from tests.finishing import BLUE, RED, WHITE, finished, in_rooms, label_in, rooms

PALETTE = Palette((Swatch("red", RED), Swatch("blue", BLUE), Swatch("Paper", WHITE)))


def painted_rooms() -> tuple[np.ndarray, np.ndarray]:
    """Ink of two rooms, and a picture in which the second is painted unevenly."""
    ink = rooms(2, size=60)
    picture = in_rooms(ink, [RED, BLUE], size=60)
    shade = np.linspace(-45, 45, 60)[:, None, None]
    picture[10:70, 70:130] = np.clip(np.array(BLUE) + shade, 0, 255)
    return ink, picture


def test_what_is_painted_in_the_reference_is_soft_and_what_is_even_is_not() -> None:
    _, picture = painted_rooms()
    soft = softness([Reference(picture)], PALETTE)
    assert soft[0] == 0.0
    assert soft[1] > 0.9
    nothing = softness([Reference(picture, weight=0.0)], PALETTE)
    np.testing.assert_array_equal(nothing, 0.0)


def test_inside_a_region_the_color_moves_around_its_swatch() -> None:
    ink, picture = painted_rooms()
    regions = find_regions(ink)
    voted = vote(picture, regions, ink)
    amount = np.zeros(regions.count, np.float32)
    amount[label_in(regions, 1, 60) - 1] = 1.0
    color = paint_moving(picture, regions, voted, voted, amount)
    assert np.ptp(color[20:60, 80:120, 2].astype(int)) > 30
    assert np.ptp(color[20:60, 20:60].reshape(-1, 3), axis=0).max() == 0
    assert (color[:8] == 255).all()


def test_auto_is_flat_for_a_flat_reference_and_moves_for_a_painted_one() -> None:
    ink, picture = painted_rooms()
    even = in_rooms(ink, [RED, BLUE], size=60)
    flat = finished(ink, picture, Reference(even))
    assert flat.moves is None
    moving = finished(ink, picture, Reference(picture))
    assert moving.moves is not None
    assert PAINT in [layer.name for layer in to_stack(moving).layers]
    shown = np.asarray(flatten(to_stack(moving)))[30, 100, :3].astype(int)
    assert np.abs(shown - moving.color[30, 100]).max() <= 1
    assert finished(ink, picture, Reference(picture), surface="flat").moves is None
    assert finished(ink, picture, Reference(even), surface="soft").moves is not None

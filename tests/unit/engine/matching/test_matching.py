"""Attention on swatches, with tokens whose likeness is known."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import cancellation
from engine.architectures.interface import LineFeatures
from engine.errors import Cancelled
from engine.line_art.regions import find_regions
from engine.matching import swatch_masses
from engine.palette import Palette, Swatch
from engine.request import Reference
from tests.finishing import BLUE, RED, SKIN, WHITE, in_rooms, label_in, rooms

STRIDE = 4
PALETTE = Palette((Swatch("red", RED), Swatch("blue", BLUE), Swatch("skin", SKIN), Swatch("Paper", WHITE)))
Ink = NDArray[np.float32]


def by_place(line: Ink) -> LineFeatures:
    """Tokens that know where they are: each is like the one at the same place and a little like those beside it."""
    height, width = (-(-side // STRIDE) for side in line.shape)
    y, x = np.mgrid[:height, :width] * STRIDE / 200.0
    waves = [function(turn * side) for turn in (3, 7, 13, 29) for side in (x, y) for function in (np.sin, np.cos)]
    tokens = torch.from_numpy(np.stack(waves).astype(np.float32))[None]
    return LineFeatures(torch.nn.functional.normalize(tokens, dim=1), 200.0, STRIDE)


def masses(ink: Ink, *references: Reference, palette: Palette = PALETTE) -> NDArray[np.float32]:
    found = swatch_masses(ink, find_regions(ink), [(one, ink) for one in references], palette, by_place)
    assert found is not None
    return found


def test_in_the_same_drawing_every_region_finds_its_own_color() -> None:
    ink = rooms(3)
    found = masses(ink, Reference(in_rooms(ink, [RED, BLUE, SKIN])))
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-5)
    regions = find_regions(ink)
    for room in range(3):
        assert found[label_in(regions, room) - 1].argmax() == room
        assert found[label_in(regions, room) - 1, room] > 0.7
    assert found[regions.labels[0, 0] - 1].argmax() == 3


def test_what_is_masked_out_gives_no_color() -> None:
    ink = rooms(3)
    colored = Reference(in_rooms(ink, [RED, BLUE, SKIN]))
    mask = np.ones(ink.shape, np.bool_)
    mask[:, 47:93] = False
    found = masses(ink, replace(colored, mask=mask))
    assert found[:, 1].max() == 0.0
    assert found[label_in(find_regions(ink), 0) - 1].argmax() == 0
    nothing = masses(ink, replace(colored, mask=np.zeros(ink.shape, np.bool_)))
    np.testing.assert_array_equal(nothing, 0.0)


def test_several_references_share_the_attention() -> None:
    ink = rooms(2)
    one, other = (Reference(in_rooms(ink, colors)) for colors in ([RED, BLUE], [RED, SKIN]))
    found = masses(ink, one, other)
    regions = find_regions(ink)
    assert found[label_in(regions, 0) - 1].argmax() == 0
    second = found[label_in(regions, 1) - 1]
    assert second[1] == pytest.approx(second[2], rel=0.05)
    assert second[1] > 0.3
    np.testing.assert_allclose(masses(ink, one, one), masses(ink, one), atol=1e-4)


def test_lines_have_no_color() -> None:
    ink = np.zeros((40, 40), np.float32)
    found = swatch_masses(
        np.ones_like(ink),
        find_regions(np.ones_like(ink)),
        [(Reference(np.zeros((40, 40, 3), np.uint8)), ink)],
        PALETTE,
        by_place,
    )
    np.testing.assert_array_equal(found, np.zeros((1, 4)))


@pytest.mark.parametrize("factor", [0.5, 3])
def test_regions_of_a_drawing_of_another_size(factor: float) -> None:
    """The network looks at a smaller drawing; specks it never sees take what is at their place."""
    ink = rooms(3)
    large = np.asarray(cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_NEAREST), np.float32)
    regions = find_regions(large, 0)
    labels = regions.labels.copy()
    speck = round(30 * factor) + 1, round(71 * factor) + 1
    labels[speck] = regions.count + 1
    regions = replace(regions, labels=labels, count=regions.count + 1, areas=np.append(regions.areas, 1))
    reference = Reference(in_rooms(ink, [RED, BLUE, SKIN]))
    found = swatch_masses(ink, regions, [(reference, ink)], PALETTE, by_place)
    assert found is not None
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-5)
    for room in range(3):
        assert found[labels[round(30 * factor), round((20 + 40 * room) * factor)] - 1].argmax() == room
    assert found[-1].argmax() == 1


def test_a_large_reference_is_reduced_to_its_line_art() -> None:
    ink = rooms(2)
    pixels = in_rooms(ink, [RED, BLUE])
    large = np.asarray(cv2.resize(pixels, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST), np.uint8)
    mask = np.ones(large.shape[:2], np.bool_)
    np.testing.assert_allclose(masses(ink, Reference(large, mask)), masses(ink, Reference(pixels)), atol=0.02)


def test_many_swatches() -> None:
    ink = rooms(2)
    random = np.random.default_rng(0).integers(0, 256, (600, 3)).tolist()
    palette = Palette((*(Swatch(str(number), tuple(color)) for number, color in enumerate(random)), *PALETTE.swatches))
    found = masses(ink, Reference(in_rooms(ink, [RED, BLUE])), palette=palette)
    assert found.shape == (3, 604)
    assert found[label_in(find_regions(ink), 1) - 1].argmax() == 601


def test_networks_that_describe_nothing() -> None:
    ink = rooms(1)
    assert (
        swatch_masses(ink, find_regions(ink), [(Reference(in_rooms(ink, [RED])), ink)], PALETTE, lambda _: None) is None
    )


def test_cancelling() -> None:
    ink = rooms(1)
    regions = find_regions(ink)
    with pytest.raises(Cancelled), cancellation.cancellable(iter([False, True]).__next__):
        swatch_masses(ink, regions, [(Reference(in_rooms(ink, [RED])), ink)], PALETTE, by_place)

"""How far a hint reaches: to what is like the hinted region in every respect, and to nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from engine.spreading import AGREE, SHAPES, SIZES, SURE, Own, followers, spread_of
from tests.finishing import finished, in_rooms, label_in, rooms

CREAM, BLUE = (250, 240, 210), (20, 30, 90)
LEG, OTHER_LEG, TORSO, HAIR = range(4)


def figure() -> Own:
    """Two legs and a torso that were all colored cream, in doubt, and alike in their lines; and hair that is sure."""
    seen = np.tile(np.array([1.0, 0.0], np.float32), (4, 1))
    return Own(
        seen=seen,
        colors=np.array([CREAM, CREAM, CREAM, CREAM], np.uint8),
        confidence=np.array([0.3, 0.3, 0.3, 0.9], np.float32),
        areas=np.array([1000, 1100, 1200, 1000], np.int64),
        spread=np.array([[10, 40], [10.5, 38.5], [30, 22], [10, 40]], np.float32),
        likely=np.array([[0.3, 0.7, 0.0], [0.35, 0.65, 0.0], [0.3, 0.0, 0.7], [0.3, 0.7, 0.0]], np.float32),
    )


def following(own: Own, *sources: int, fixed: tuple[int, ...] = ()) -> list[int]:
    held = np.zeros(len(own.areas), np.bool_)
    held[[*sources, *fixed]] = True
    return np.flatnonzero(followers(sources, own, held) >= 0).tolist()


def test_the_other_leg_follows_and_the_torso_does_not() -> None:
    assert following(figure(), LEG) == [OTHER_LEG]
    assert following(figure(), TORSO) == []


def test_without_references_shape_and_size_still_tell_a_torso_from_a_leg() -> None:
    assert following(replace(figure(), likely=None), LEG) == [OTHER_LEG]


@pytest.mark.parametrize(
    "unlike",
    [
        {"confidence": np.array([0.3, SURE, 0.3, 0.9], np.float32)},
        {"colors": np.array([CREAM, BLUE, CREAM, CREAM], np.uint8)},
        {"areas": np.array([1000, 1000 * SIZES * 1.01, 1200, 1000]).astype(np.int64)},
        {"areas": np.array([1000, 1000 / SIZES / 1.01, 1200, 1000]).astype(np.int64)},
        {"spread": np.array([[10, 40], [10 * SHAPES * 1.01, 40], [30, 22], [10, 40]], np.float32)},
        {"spread": np.array([[10, 40], [10, 40 / SHAPES / 1.01], [30, 22], [10, 40]], np.float32)},
        {"likely": np.array([[0.3, 0.7], [0.31 + AGREE, 0.69 - AGREE], [1.0, 0.0], [0.3, 0.7]], np.float32)},
        {"seen": np.array([[1, 0], [0.6, 0.8], [1, 0], [1, 0]], np.float32)},
    ],
)
def test_one_thing_unlike_is_enough_to_stay(unlike: dict) -> None:
    assert following(replace(figure(), **unlike), LEG) == []


def test_what_has_a_hint_or_was_found_right_follows_nobody() -> None:
    assert following(figure(), LEG, fixed=(OTHER_LEG,)) == []
    assert following(figure(), LEG, OTHER_LEG) == []


def test_of_two_hints_the_one_more_alike_is_followed() -> None:
    own = replace(figure(), areas=np.array([1000, 1000, 1000, 1000]), spread=np.full((4, 2), 20, np.float32))
    own = replace(own, likely=None, seen=np.array([[1, 0], [0.98, 0.199], [0.9, 0.436], [1, 0]], np.float32))
    held = np.array([True, False, True, False])
    assert followers([LEG, TORSO], own, held)[OTHER_LEG] == 0
    own = replace(own, seen=np.array([[0.9, 0.436], [0.98, 0.199], [1, 0], [1, 0]], np.float32))
    assert followers([LEG, TORSO], own, held)[OTHER_LEG] == 1


def test_the_spread_of_regions_is_that_of_their_pixels() -> None:
    ink = rooms(2, 60)
    result = finished(ink, in_rooms(ink, [CREAM, BLUE], 60))
    assert result.regions is not None
    found = spread_of(result.regions)
    for room in range(2):
        label = label_in(result.regions, room, 60)
        y, x = np.nonzero(result.regions.labels == label)
        np.testing.assert_allclose(found[label - 1], [x.std(), y.std()], rtol=1e-3)

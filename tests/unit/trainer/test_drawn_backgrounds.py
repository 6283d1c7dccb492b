import cv2
import numpy as np
import pytest

from trainer.drawn_backgrounds import FAMILIES, ROLES, Background, draw_background, palette_of
from trainer.drawn_characters.drawing import LineStyle

PEN = LineStyle(1.5, 0.6, 1.0, 0.0, False, 0, 1.0, 0.0)


def drawn(family: str, seed: int, size: tuple[int, int] = (96, 96)) -> Background:
    return draw_background(family, seed, size, palette_of(family, seed), PEN)


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_background_and_other_seeds_others(family: str) -> None:
    first, again = drawn(family, 4), drawn(family, 4)
    assert np.array_equal(first.flats, again.flats) and np.array_equal(first.line, again.line)
    assert len({drawn(family, seed).line.tobytes() for seed in range(6)}) == 6


@pytest.mark.parametrize("family", FAMILIES)
def test_surfaces_have_the_colors_of_their_roles_and_lines_between_them(family: str) -> None:
    for seed in range(4):
        colors = palette_of(family, seed)
        found = drawn(family, seed, (128, 80))
        assert found.line.shape == found.roles.shape == (128, 80) and found.flats.shape == (128, 80, 3)
        assert 2 <= len(np.unique(found.roles)) <= ROLES
        inside = cv2.dilate(found.roles, np.ones((3, 3))) == cv2.erode(found.roles, np.ones((3, 3)))
        assert (found.flats[inside] == np.array(colors, np.uint8)[found.roles[inside]]).all(1).mean() > 0.98
        border = ~inside
        assert (cv2.erode(found.line, np.ones((3, 3)))[border] < 200).mean() > 0.85


def test_roles_of_a_palette_can_be_told_apart() -> None:
    for family in FAMILIES:
        for seed in range(10):
            assert len(set(palette_of(family, seed))) == ROLES


@pytest.mark.parametrize(
    ("family", "seed", "size"), [("sea", 1, (64, 64)), ("hills", -1, (64, 64)), ("hills", 1, (8, 64))]
)
def test_what_cannot_be_drawn_is_refused(family: str, seed: int, size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="background"):
        draw_background(family, seed, size, palette_of("hills", 1), PEN)

"""Figures that are open where the picture ends are divided from the paper by what the guess shows."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.dividing import divide
from engine.line_art.regions import find_regions, paper_of

SIZE = 240
GREEN = (60, 180, 90)


def skirt() -> tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.bool_]]:
    """Ink of a skirt whose hem is not drawn, a guess that is green in it, and where that is."""
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    outline = np.array([(60, 215), (100, 40), (140, 40), (180, 215)], np.int32)
    cv2.polylines(drawn, [outline], False, 0, 3, cv2.LINE_AA)
    inside = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(inside, [outline], 1)
    guess = np.full((SIZE, SIZE, 3), 255, np.uint8)
    guess[inside > 0] = GREEN
    guess = np.asarray(cv2.GaussianBlur(guess, (0, 0), 2.0), np.uint8)
    return drawn.astype(np.float32) / 255.0, guess, inside > 0


def test_an_open_figure_is_divided_from_the_paper() -> None:
    ink, guess, inside = skirt()
    regions = find_regions(ink)
    assert regions.count == 1
    divided = divide(regions, guess, ink)
    assert divided.count == 2
    figure = divided.labels == divided.labels[120, 120]
    assert divided.labels[5, 5] != divided.labels[120, 120]
    clear = ink > 0.99
    assert (figure[clear] != inside[clear]).mean() < 0.01
    np.testing.assert_array_equal(divided.areas, np.bincount(divided.labels[paper_of(ink) > 0], minlength=3)[1:])


def test_a_haze_without_lines_around_it_divides_nothing() -> None:
    ink, _, _ = skirt()
    guess = np.full((SIZE, SIZE, 3), 255, np.uint8)
    cv2.circle(guess, (200, 60), 28, GREEN, -1)
    regions = find_regions(ink)
    assert divide(regions, np.asarray(cv2.GaussianBlur(guess, (0, 0), 6.0), np.uint8), ink) is regions


def test_one_color_divides_nothing() -> None:
    ink, _, _ = skirt()
    regions = find_regions(ink)
    for color in ((255, 255, 255), GREEN):
        assert divide(regions, np.full((SIZE, SIZE, 3), color, np.uint8), ink) is regions


def test_closed_figures_stay_whole() -> None:
    drawn = np.full((SIZE, SIZE), 255, np.uint8)
    cv2.circle(drawn, (120, 120), 80, 0, 3)
    ink = drawn.astype(np.float32) / 255.0
    guess = np.full((SIZE, SIZE, 3), 255, np.uint8)
    guess[60:120, 60:180] = GREEN  # half of the disc is white in the guess
    regions = find_regions(ink)
    assert divide(regions, guess, ink) is regions


def test_haze_beyond_a_line_is_no_part_of_the_figure() -> None:
    ink, _, inside = skirt()
    hazy = np.full((SIZE, SIZE, 3), 255, np.uint8)
    hazy[np.asarray(cv2.dilate(inside.astype(np.uint8), np.ones((17, 17), np.uint8))) > 0] = GREEN
    divided = divide(find_regions(ink), hazy, ink)
    assert divided.count == 2
    figure = divided.labels == divided.labels[120, 120]
    assert (figure & (ink > 0.99) & ~inside).sum() < 0.02 * inside.sum()  # at the open hem, too: it is straight


def test_a_border_runs_along_lines_too_pale_to_bound_regions() -> None:
    ink, _, inside = skirt()
    pale = ink.copy()
    pale[:, :110] = 1.0 - 0.25 * (1.0 - ink[:, :110])  # the left side of the outline
    assert find_regions(pale).count == 1
    hazy = np.full((SIZE, SIZE, 3), 255, np.uint8)
    hazy[np.asarray(cv2.dilate(inside.astype(np.uint8), np.ones((17, 17), np.uint8))) > 0] = GREEN
    divided = divide(find_regions(pale), hazy, pale)
    figure = divided.labels == divided.labels[120, 120]
    clear = ink > 0.99
    clear[190:] = False
    assert (figure[clear] != inside[clear]).mean() < 0.01

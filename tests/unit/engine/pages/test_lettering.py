"""Lettering and balloons."""

import cv2
import numpy as np
import pytest

from engine.line_art.regions import find_regions
from engine.pages.layout import find_layout
from engine.pages.lettering import Marks, find_lettering, find_marks
from tests import comic_pages
from tests.comic_pages import Page


def marked(page: Page) -> tuple[Marks, np.ndarray]:
    ink = page.pixels.mean(axis=2).astype(np.float32) / np.float32(255.0)
    layout = find_layout(ink)
    assert layout is not None
    regions = find_regions(ink)
    return find_marks(ink, regions, layout), regions.labels - 1


@pytest.mark.parametrize("font", [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX])
@pytest.mark.parametrize("word", ["HELLO", "GOING HOME", "Who is it?", "No!", "aaa"])
def test_words_are_lettering(font: int, word: str) -> None:
    drawn = np.zeros((300, 500), np.uint8)
    cv2.putText(drawn, word, (60, 150), font, 0.9, 255, 2, cv2.LINE_AA)
    texts = find_lettering(drawn > 100)
    assert texts
    assert min(text.box[0] for text in texts) < 80


def test_eyes_dots_and_hatching_are_none() -> None:
    face = np.zeros((300, 300), np.uint8)
    cv2.ellipse(face, (150, 150), (90, 120), 0, 0, 360, 255, 3)
    for x in (115, 185):
        cv2.ellipse(face, (x, 130), (14, 9), 0, 0, 360, 255, 2)
    cv2.line(face, (130, 210), (170, 210), 255, 2)
    dots = np.zeros((300, 300), np.uint8)
    for x in range(60, 240, 12):
        for y in range(60, 240, 12):
            cv2.circle(dots, (x, y), 3, 255, -1)
    hatching = np.zeros((300, 300), np.uint8)
    for x in range(60, 200, 10):
        cv2.line(hatching, (x, 100), (x + 20, 140), 255, 2)
    for drawn in (face, dots, hatching):
        assert not find_lettering(drawn > 100)


def test_balloons_and_gutters_are_paper_and_figures_are_not() -> None:
    page = comic_pages.with_balloons(comic_pages.framed())
    marks, number = marked(page)
    for x, y in [*page.papers[-6:], page.papers[3]]:
        assert marks.paper[number[y, x]]
    for _, x, y in page.parts:
        assert not marks.paper[number[y, x]]
    # What lies among letters is paper, too, or is none of the regions at all.
    among = np.unique(number[520 - 8 : 520 + 8, 400:520])
    assert marks.paper[among].all()


def test_letters_on_the_ground_take_its_color() -> None:
    page = comic_pages.framed()
    cv2.putText(page.pixels, "BOOM", (300, 700), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0, 0, 0), 4, cv2.LINE_AA)
    marks, number = marked(page)
    ground = number[600, 500]
    assert not marks.paper[ground]
    letters = np.setdiff1d(np.unique(number[665:700, 300:440]), [ground])
    assert len(letters)
    assert (marks.follows[letters] == ground).all()

"""Lettering and balloons."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from engine.line_art.regions import find_regions
from engine.pages.layout import Layout, View, find_layout
from engine.pages.lettering import Marks, find_lettering, find_marks
from engine.pages.windows import Box
from tests import comic_pages
from tests.comic_pages import Page
from trainer.drawn_characters import Drawing, draw


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


def cropped(character: int, pose: int) -> Drawing:
    """A drawn figure with little paper around it."""
    whole = draw(character, pose, 400)
    rows, columns = (np.flatnonzero((whole.line < 128).any(axis=axis)) for axis in (1, 0))
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return replace(whole, line=np.pad(whole.line[box], 12, constant_values=255), flats=padded(whole.flats[box]))


def padded(colors: np.ndarray) -> np.ndarray:
    return np.pad(colors, ((12, 12), (12, 12), (0, 0)), constant_values=255)


def colored_paper(line: np.ndarray, flats: np.ndarray, layout: Layout) -> int:
    """How many regions of a colored drawing surely stay paper."""
    ink = line.astype(np.float32) / np.float32(255)
    regions = find_regions(ink)
    marks = find_marks(ink, regions, layout)
    found = 0
    for number in np.flatnonzero(marks.paper):
        seen = (regions.labels == number + 1) & (ink > 0.5)
        found += seen.sum() > 0.002 * ink.size and np.median(flats[seen], axis=0).min() < 235
    return found


def test_figures_are_no_balloons() -> None:
    wrong = 0
    for character in range(600, 606):
        left, right = cropped(character, 0), cropped(character, 3)
        height = max(left.line.shape[0], right.line.shape[0])
        lines, colors = [], []
        for one in (left, right):
            below = ((0, height - one.line.shape[0]), (0, 60))
            lines.append(np.pad(one.line, below, constant_values=255))
            colors.append(np.pad(one.flats, (*below, (0, 0)), constant_values=255))
        line, flats = np.hstack(lines), np.hstack(colors)
        middle = lines[0].shape[1]
        views = (View(Box(0, height, 0, middle)), View(Box(0, height, middle, line.shape[1])))
        wrong += colored_paper(line, flats, Layout((height, line.shape[1]), (), views))
    assert wrong <= 1


@pytest.mark.parametrize("character", range(620, 624))
def test_a_tall_figure_is_no_page(character: int) -> None:
    one = cropped(character, 1)
    tall = one.line.shape[0], max(60, round(one.line.shape[0] / 2.2))
    line = cv2.resize(one.line, tall[::-1], interpolation=cv2.INTER_AREA)
    flats = cv2.resize(one.flats, tall[::-1], interpolation=cv2.INTER_NEAREST)
    layout = find_layout(line.astype(np.float32) / np.float32(255))
    if layout is not None:
        assert len(layout.views) == 1
        assert colored_paper(line, flats, layout) == 0


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

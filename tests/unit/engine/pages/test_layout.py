"""Which parts of a drawing are looked at by themselves."""

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.pages.layout import Layout, find_layout
from tests import comic_pages
from tests.comic_pages import Page


def ink_of(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    return pixels.mean(axis=2).astype(np.float32) / np.float32(255.0)


def layout_of(page: Page) -> Layout | None:
    return find_layout(ink_of(page.pixels))


@pytest.mark.parametrize(
    "page",
    [
        comic_pages.framed(),
        comic_pages.framed(line=1),
        comic_pages.with_balloons(comic_pages.framed()),
        comic_pages.framed(slant=40),
        comic_pages.framed(bleed=True),
        comic_pages.framed(black=True),
        comic_pages.framed(black=True, bleed=True),
        comic_pages.framed(drawn=False),
        comic_pages.framed(drawn=False, bleed=True),
    ],
    ids=[
        "frames",
        "thin",
        "balloons",
        "slanted",
        "bleeding",
        "black",
        "black, bleeding",
        "gutters",
        "gutters, bleeding",
    ],
)
def test_the_panels_of_a_page(page: Page) -> None:
    layout = layout_of(page)
    assert layout is not None
    assert len(layout.panels) == len(layout.views) == page.panels
    # In reading order, and each figure wholly in its own.
    for number, panel in enumerate(layout.panels):
        box = panel.box(layout.size)
        core = panel.core(box)
        for _, x, y in page.parts[number * 6 : number * 6 + 6]:
            assert core[y - box.top, x - box.left]


def test_a_balloon_across_a_gutter_joins_no_panels() -> None:
    page = comic_pages.framed()
    page.balloon(300, 200, "WHAT")
    layout = layout_of(page)
    assert layout is not None
    assert len(layout.panels) == 3


def test_what_is_no_page_stays_one_picture() -> None:
    figure = Page(comic_pages.reference())
    poses = Page(np.full((850, 600, 3), 255, np.uint8))
    for left, top in ((60, 20), (330, 20), (60, 440), (330, 440)):
        poses.figure(left, top, 380)
    house = Page(np.full((600, 600, 3), 255, np.uint8))
    house.figure(20, 250, 300)
    for x in (250, 420):  # windows are frames, too, but not all that is drawn is in them
        cv2.rectangle(house.pixels, (x, 100), (x + 120, 260), (0, 0, 0), 4)
    cv2.rectangle(house.pixels, (220, 60), (580, 560), (0, 0, 0), 4)
    empty = Page(np.full((200, 200, 3), 255, np.uint8))
    for page in (figure, poses, house, empty):
        assert layout_of(page) is None


def test_round_black_shapes_are_no_panels() -> None:
    """Heads and hair in solid black, with paper straight through between them, as in an emblem."""
    pixels = np.full((400, 400, 3), 255, np.uint8)
    for x in (100, 300):
        cv2.circle(pixels, (x, 90), 80, (0, 0, 0), -1)
        cv2.ellipse(pixels, (x, 300), (95, 90), 0, 0, 360, (0, 0, 0), -1)
        cv2.circle(pixels, (x, 300), 30, (255, 255, 255), -1)
    assert find_layout(ink_of(pixels)) is None


def test_one_tall_figure_is_one_view() -> None:
    page = Page(np.full((620, 240, 3), 255, np.uint8))
    page.figure(10, 10, 400)
    cv2.rectangle(page.pixels, (20, 440), (190, 600), (0, 0, 0), 3)  # what it stands on, with paper between
    layout = layout_of(page)
    assert layout is None or len(layout.views) == 1


def test_tiles_are_no_panels() -> None:
    floor = np.full((600, 500, 3), 255, np.uint8)
    for x in range(10, 500, 60):
        cv2.line(floor, (x, 0), (x, 600), (0, 0, 0), 3)
    for y in range(10, 600, 60):
        cv2.line(floor, (0, y), (500, y), (0, 0, 0), 3)
    assert find_layout(ink_of(floor)) is None


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    gutter=st.integers(8, 30),
    line=st.integers(1, 6),
    margin=st.integers(12, 40),
)
def test_any_rows_of_frames_are_found(rows: list[int], gutter: int, line: int, margin: int) -> None:
    assume(gutter >= line + 4)  # frames are drawn on both sides of their edges; some paper must be left between
    height, width = 700, 520
    pixels = np.full((height, width, 3), 255, np.uint8)
    down = (height - 2 * margin - gutter * (len(rows) - 1)) // len(rows)
    count = 0
    for row, panels in enumerate(rows):
        across = (width - 2 * margin - gutter * (panels - 1)) // panels
        for column in range(panels):
            left, top = margin + column * (across + gutter), margin + row * (down + gutter)
            cv2.rectangle(pixels, (left, top), (left + across, top + down), (0, 0, 0), line)
            cv2.circle(pixels, (left + across // 2, top + down // 2), min(across, down) // 3, (0, 0, 0), 3)
            count += 1
    layout = find_layout(ink_of(pixels))
    assert layout is not None
    assert len(layout.panels) == count
    # Nothing of a frame is seen in its view, and no two panels share a pixel.
    seen = np.zeros((height, width), np.int32)
    for view in layout.views:
        ink = layout.ink(ink_of(pixels), view)
        assert ink[0].min() == ink[-1].min() == ink[:, 0].min() == ink[:, -1].min() == 1.0
        mask = layout.mask(view)
        assert mask is not None
        seen[view.box.slices] += mask
    assert seen.max() == 1


def test_equal_figures_of_a_strip_are_seen_alike() -> None:
    page = comic_pages.strip(figures=4)
    layout = layout_of(page)
    assert layout is not None
    assert not layout.panels
    seen = [layout.ink(ink_of(page.pixels), view) for view in layout.views]
    assert len(seen) == 4
    for one in seen[1:]:
        np.testing.assert_array_equal(one, seen[0])
    assert all(view.box.size[0] < 350 for view in layout.views)


def test_panels_in_a_strip() -> None:
    strip = comic_pages.strip(figures=2, width=400, apart=500)
    cv2.rectangle(strip.pixels, (20, 20), (380, 470), (0, 0, 0), 4)
    layout = layout_of(strip)
    assert layout is not None
    assert [view.panel for view in layout.views] == [0, None]


@settings(max_examples=20, deadline=None)
@given(length=st.integers(900, 2500), width=st.integers(60, 240), turned=st.booleans(), start=st.integers(0, 200))
def test_windows_cover_all_that_is_drawn(length: int, width: int, turned: bool, start: int) -> None:
    ink = np.ones((length, width), np.float32)
    ink[start : length - 7 : 3, 5 : width - 5] = 0.0
    ink = ink.T if turned else ink
    layout = find_layout(np.ascontiguousarray(ink))
    assert layout is not None
    covered = np.zeros(ink.shape, np.bool_)
    boxes = [view.box for view in layout.views]
    for box in boxes:
        covered[box.slices] = True
        assert max(box.size) <= 3.1 * max(min(box.size), width / 2)
    assert covered[ink < 0.5].all()
    assert len(boxes) > 2


@settings(max_examples=10, deadline=None)
@given(paper=st.integers(1, 300))
def test_windows_go_with_what_is_drawn(paper: int) -> None:
    """Paper above a strip moves its pieces and changes nothing else."""
    ink = ink_of(comic_pages.strip(figures=3).pixels)
    lower = np.concatenate([np.ones((paper, ink.shape[1]), np.float32), ink])
    one, other = find_layout(ink), find_layout(lower)
    assert one is not None
    assert other is not None
    for first, second in zip(one.views, other.views, strict=True):
        np.testing.assert_array_equal(one.ink(ink, first), other.ink(lower, second))

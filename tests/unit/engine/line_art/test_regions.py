"""Regions: a partition of the picture, gaps closed, necks left open, odd inputs."""

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.cancellation import cancellable
from engine.errors import Cancelled, RequestError
from engine.line_art import regions as module
from engine.line_art.regions import GAP_MAX, RegionMap, find_regions, line_width, paper_of

Ink = NDArray[np.float32]
SIDE = 240
INSIDE = (SIDE // 2, SIDE // 2)

sizes = st.tuples(st.integers(1, 40), st.integers(1, 40))
inks = sizes.flatmap(lambda size: arrays.arrays(np.float32, size, elements=st.floats(0, 1, width=32)))
gaps = st.none() | st.integers(0, GAP_MAX)


def paper(height: int = SIDE, width: int = SIDE) -> Ink:
    return np.ones((height, width), np.float32)


def drawn(canvas: NDArray[np.uint8]) -> Ink:
    return canvas.astype(np.float32) / 255.0


def outline(shape: str, thickness: int, soft: bool) -> Ink:
    """A closed shape in the middle of SIDE × SIDE."""
    canvas = np.full((SIDE, SIDE), 255, np.uint8)
    kind = cv2.LINE_AA if soft else cv2.LINE_8
    if shape == "circle":
        cv2.circle(canvas, (SIDE // 2, SIDE // 2), 84, 0, thickness, kind)
    else:
        corners = {
            "square": [(36, 36), (204, 36), (204, 204), (36, 204)],
            "triangle": [(120, 20), (222, 210), (18, 210)],
        }
        cv2.polylines(canvas, [np.array(corners[shape], np.int32)], True, 0, thickness, kind)
    return drawn(canvas)


def with_gap(ink: Ink, gap: int, degrees: float) -> Ink:
    """An opening about `gap` pixels wide: a disc is cut out of the outline in a direction from the middle."""
    y, x = np.mgrid[:SIDE, :SIDE] - float(INSIDE[0])
    turn = np.radians(degrees)
    ahead, aside = x * np.cos(turn) + y * np.sin(turn), np.abs(y * np.cos(turn) - x * np.sin(turn))
    distance = float(np.median(ahead[(ahead > 0) & (aside < 1.0) & (ink < 0.5)]))
    cut = np.hypot(x - distance * np.cos(turn), y - distance * np.sin(turn)) <= gap / 2.0
    return np.where(cut, np.float32(1.0), ink)


def assert_partition(regions: RegionMap, ink: Ink) -> None:
    assert regions.labels.shape == ink.shape
    assert regions.labels.dtype == np.int32
    assert np.array_equal(np.unique(regions.labels), np.arange(1, regions.count + 1))
    counted = np.bincount(regions.labels[paper_of(ink) > 0], minlength=regions.count + 1)[1:]
    assert np.array_equal(regions.areas, counted)


def same(one: RegionMap, other: RegionMap) -> bool:
    return np.array_equal(one.labels, other.labels) and np.array_equal(one.areas, other.areas)


@settings(max_examples=120, deadline=None)
@given(inks, gaps)
def test_every_pixel_is_in_one_region(ink: Ink, gap: int | None) -> None:
    before = ink.copy()
    regions = find_regions(ink, gap)
    assert_partition(regions, ink)
    assert np.array_equal(ink, before)
    assert same(regions, find_regions(ink, gap))
    assert 0 <= regions.gap <= GAP_MAX


@pytest.mark.parametrize("gap", [-1, GAP_MAX + 1])
def test_a_gap_out_of_range_is_refused(gap: int) -> None:
    with pytest.raises(RequestError, match="0 to 64"):
        find_regions(paper(8, 8), gap)


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (50, 1), (2, 2), (30, 40)])
@pytest.mark.parametrize("tone", [0.0, 0.5, 1.0])
def test_pictures_without_a_closed_region_are_one(size: tuple[int, int], tone: float) -> None:
    ink = np.full(size, tone, np.float32)
    regions = find_regions(ink)
    assert regions.count == 1
    assert_partition(regions, ink)


def test_one_row_has_the_regions_between_its_lines() -> None:
    ink = paper(1, 60)
    ink[0, [20, 40]] = 0.0
    assert find_regions(ink, 0).count == 3


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("gap", [1, 2, 3, 7, 16, 30, 63])
def test_a_gap_of_g_pixels_is_closed_from_g_plus_1(gap: int, turns: int) -> None:
    ink = outline("square", 3, soft=False)
    ink[:60, 80 : 80 + gap] = 1.0
    ink = np.rot90(ink, turns).copy()
    assert find_regions(ink, 0).count == 1
    regions = find_regions(ink, gap + 1)
    assert regions.count == 2
    assert regions.labels[INSIDE] != regions.labels[0, 0]
    inside = regions.labels == regions.labels[INSIDE]
    # It bulges into the gap by less than half of the gap's width.
    assert inside[40:200, 40:200].all()
    assert np.count_nonzero(inside) - 168**2 < 0.4 * gap**2 + 2 * 168


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["circle", "square", "triangle"]),
    st.integers(3, 53),
    st.floats(0, 360),
    st.integers(1, 8),
    st.booleans(),
    st.integers(0, 8),
)
def test_a_gap_anywhere_does_not_leak(
    shape: str, gap: int, degrees: float, thickness: int, soft: bool, more: int
) -> None:
    whole = outline(shape, thickness, soft)
    ink = with_gap(whole, gap, degrees)
    leaking = find_regions(ink, 0).labels
    assume(leaking[INSIDE] == leaking[0, 0])  # a small disc may not get through a thick line
    # The disc leaves the ends of the line up to 1.5 pixels further away at each side. A large one takes the tip off a
    # triangle, and between the two lines that are left there is no line.
    assume(shape != "triangle" or gap <= 44)
    labels, closed = find_regions(ink, gap + 3 + more).labels, find_regions(whole, 0).labels
    assert labels[INSIDE] != labels[0, 0]
    # A disc of a third of the square does not come as near to a gap in it as a small one.
    if gap + more <= 50:
        assert np.mean((labels == labels[INSIDE]) != (closed == closed[INSIDE])) < 0.02


@pytest.mark.parametrize(("gap", "asked"), [(38, 51), (40, 51), (44, 55), (50, 53), (50, 57), (58, 64)])
@pytest.mark.parametrize("thickness", [1, 3, 8])
def test_a_ball_leaves_no_strip_along_the_lines(gap: int, asked: int, thickness: int) -> None:
    """Else two cells would have none of the line between them, and any gap be a passage."""
    labels = find_regions(with_gap(outline("square", thickness, False), gap, 0.0), asked).labels
    assert labels[INSIDE] != labels[0, 0]


@pytest.mark.parametrize(("dash", "gap"), [(12, 4), (12, 8), (8, 8), (6, 10)])
def test_a_line_of_dashes_is_a_line(dash: int, gap: int) -> None:
    canvas = np.full((SIDE, SIDE), 255, np.uint8)
    for start in np.arange(0.0, 528.0 - dash - gap / 2, dash + gap):
        degrees = np.degrees(start / 84.0), np.degrees((start + dash) / 84.0)
        cv2.ellipse(canvas, INSIDE, (84, 84), 0.0, *degrees, 0, 3)
    assert find_regions(drawn(canvas), 0).count == 1
    regions = find_regions(drawn(canvas), 20)
    assert regions.count == 2
    assert regions.labels[INSIDE] != regions.labels[0, 0]


@pytest.mark.parametrize("neck", [8, 12, 20])
def test_a_limb_with_a_narrow_neck_is_one_region(neck: int) -> None:
    canvas = np.full((SIDE, SIDE), 255, np.uint8)
    for color, more in ((0, 3), (255, 0)):
        cv2.circle(canvas, (60, 120), 45 + more, color, -1)
        cv2.circle(canvas, (180, 120), 45 + more, color, -1)
        cv2.rectangle(canvas, (60, 120 - neck // 2 - more), (180, 119 + neck // 2 + more), color, -1)
    regions = find_regions(drawn(canvas), 30)
    assert regions.count == 2
    assert regions.labels[120, 60] == regions.labels[120, 180] == regions.labels[120, 120] != regions.labels[0, 0]


def test_hatching_joins_what_it_shades() -> None:
    ink = outline("square", 3, soft=False)
    for x in range(50, 120, 5):
        ink[60:120, x] = 0.0
    for gap in (None, 0, 8):
        regions = find_regions(ink, gap)
        assert len(np.unique(regions.labels[50:190, 50:190])) == 1
        assert regions.count == 2


def test_specks_join_what_is_around_them() -> None:
    ink = outline("circle", 3, soft=False)
    ink[100:103, 100:103] = 0.0
    ink[101, 101] = 1.0
    assert find_regions(ink).count == 2


def test_a_thin_ring_is_a_region() -> None:
    canvas = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.circle(canvas, (120, 120), 90, 0, 14)
    cv2.circle(canvas, (120, 120), 60, 0, 14)
    for gap in (None, 0, 20, 64):
        assert find_regions(drawn(canvas), gap).count == 3


@pytest.mark.parametrize("darkest", [0.0, 0.4, 0.8])
@pytest.mark.parametrize("soft", [True, False])
def test_pale_lines_count_as_black_ones(darkest: float, soft: bool) -> None:
    ink = outline("triangle", 4, soft)
    grain = np.random.default_rng(0).random(ink.shape).astype(np.float32) * 0.02
    assert find_regions(np.clip(darkest + (1.0 - darkest) * ink - grain, 0.0, 1.0).astype(np.float32), 2).count == 2


def test_the_line_is_shared_by_both_sides() -> None:
    ink = paper(40, 60)
    ink[:, 25:32] = 0.0
    labels = find_regions(ink, 0).labels
    assert np.bincount(labels[0]).tolist() in ([0, 28, 32], [0, 29, 31])
    assert (labels == labels[:1]).all()


def test_the_guess_follows_the_lines() -> None:
    thin, thick = outline("circle", 2, soft=False), outline("circle", 8, soft=False)
    assert 0 < find_regions(thin).gap < find_regions(thick).gap
    assert line_width(paper_of(thick)) == pytest.approx(8, abs=3)
    assert line_width(paper_of(paper())) == 0.0
    assert find_regions(with_gap(thin, 3, 45)).count == 2


@pytest.mark.parametrize("kind", ["holes", "noise"])
def test_a_hundred_thousand_areas(kind: str) -> None:
    y, x = np.mgrid[:2048, :2048]
    holes = (x % 6 > 1) & (y % 6 > 1)
    ink = (holes if kind == "holes" else np.random.default_rng(0).random((2048, 2048)) > 0.5).astype(np.float32)
    ink[:300] = 1.0
    ink[300:310] = 0.0
    regions = find_regions(ink, 0)
    assert regions.simplified
    assert regions.count <= module.KEPT_CELLS
    assert_partition(regions, ink)
    assert (regions.labels[:300] == regions.labels[0, 0]).all()
    assert not find_regions(outline("circle", 3, soft=True)).simplified


def test_it_can_be_cancelled() -> None:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled), cancellable(should_stop):
        find_regions(outline("circle", 3, soft=False))

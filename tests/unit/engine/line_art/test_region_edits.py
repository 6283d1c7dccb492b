"""Regions by hand: tints of neighbors differ, strokes cut what they take apart, merging leaves labels without holes."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import RequestError
from engine.line_art.region_edits import merge, split, tint
from engine.line_art.regions import RegionMap, find_regions, paper_of

Ink = NDArray[np.float32]
Mask = NDArray[np.bool_]
HEIGHT, WIDTH = 60, 90


def drawing(seed: int) -> Ink:
    """Some shapes that overlap."""
    random = np.random.default_rng(seed)
    canvas = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for _ in range(5):
        center = (int(random.integers(WIDTH)), int(random.integers(HEIGHT)))
        cv2.circle(canvas, center, int(random.integers(8, 30)), 0, int(random.integers(1, 4)), cv2.LINE_AA)
    return canvas.astype(np.float32) / 255.0


def stroke_between(start: tuple[int, int], end: tuple[int, int], thickness: int = 1, shape: Ink | None = None) -> Mask:
    """A stroke from (x, y) to (x, y)."""
    size = (HEIGHT, WIDTH) if shape is None else shape.shape
    canvas = np.zeros(size, np.uint8)
    cv2.line(canvas, start, end, 1, thickness)
    return canvas > 0


def boxes() -> tuple[Ink, RegionMap]:
    """Two boxes side by side: left 1, right 2, a line at x = 44."""
    ink = np.ones((HEIGHT, WIDTH), np.float32)
    ink[:, 44] = 0.0
    regions = find_regions(ink, 0)
    assert regions.count == 2
    return ink, regions


def assert_partition(regions: RegionMap, ink: Ink) -> None:
    assert regions.labels.dtype == np.int32
    assert np.array_equal(np.unique(regions.labels), np.arange(1, regions.count + 1))
    counted = np.bincount(regions.labels[paper_of(ink) > 0], minlength=regions.count + 1)[1:]
    assert np.array_equal(regions.areas, counted)


points = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))
strokes = st.builds(stroke_between, points, points, st.integers(1, 6))
drawings = st.integers(0, 50).map(drawing)


@settings(max_examples=30, deadline=None)
@given(drawings)
def test_neighbors_have_different_light_tints(ink: Ink) -> None:
    regions = find_regions(ink)
    picture = tint(regions)
    assert picture.shape == (HEIGHT, WIDTH, 3)
    assert picture.dtype == np.uint8
    assert cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).min() > 140
    labels, colors = regions.labels, picture.astype(np.int64)
    for axis in (0, 1):
        differs = np.diff(labels, axis=axis) != 0
        assert np.array_equal(np.abs(np.diff(colors, axis=axis)).max(axis=-1) > 15, differs)


def test_more_neighbors_than_tints_are_still_drawn() -> None:
    labels = np.ones((3, 200), np.int32)
    labels[1] = 2 + np.arange(200) % 100
    regions = RegionMap(labels, 101, 0, False, np.bincount(labels.reshape(-1))[1:])
    picture = tint(regions)
    assert (picture[1] != picture[0]).any(axis=-1).all()


def test_a_stroke_from_line_to_line_cuts_a_region() -> None:
    ink, regions = boxes()
    stroke = stroke_between((0, 20), (44, 20))
    cut = split(regions, stroke, ink)
    assert cut.count == 3
    assert_partition(cut, ink)
    assert (cut.labels[21:, :44] == 1).all()
    assert (cut.labels[:20, :44] == 3).all()
    assert np.array_equal(cut.labels == 2, regions.labels == 2)
    assert cut.areas.sum() == regions.areas.sum()
    assert (cut.gap, cut.simplified) == (regions.gap, regions.simplified)


def test_a_stroke_over_two_regions_cuts_both() -> None:
    ink, regions = boxes()
    cut = split(regions, stroke_between((0, 40), (WIDTH - 1, 30), 3), ink)
    assert cut.count == 4
    assert len({int(cut.labels[y, x]) for y in (0, HEIGHT - 1) for x in (0, WIDTH - 1)}) == 4


def test_a_ring_cuts_out_its_inside() -> None:
    ink, regions = boxes()
    canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.circle(canvas, (20, 30), 12, 1, 1)
    cut = split(regions, canvas > 0, ink)
    assert cut.count == 3
    assert cut.labels[30, 20] == 3
    assert cut.labels[0, 0] == 1


@pytest.mark.parametrize(
    "stroke",
    [
        stroke_between((5, 20), (40, 20), 3),  # stops short of the line
        stroke_between((44, 0), (44, HEIGHT - 1)),  # on the line
        np.zeros((HEIGHT, WIDTH), np.bool_),
        np.ones((HEIGHT, WIDTH), np.bool_),
        stroke_between((1, 0), (0, 1)),  # cuts off one pixel
    ],
)
def test_a_stroke_that_cuts_nothing(stroke: Mask) -> None:
    ink, regions = boxes()
    cut = split(regions, stroke, ink)
    assert np.array_equal(cut.labels, regions.labels)
    assert np.array_equal(cut.areas, regions.areas)


def test_a_piece_that_the_stroke_leaves_whole_stays_whole() -> None:
    ink, regions = boxes()
    one = merge(regions, 1, 2)
    cut = split(one, stroke_between((0, 30), (44, 30)), ink)
    assert cut.count == 2
    assert len(np.unique(cut.labels[:, 45:])) == 1
    assert cut.labels[0, 0] != cut.labels[HEIGHT - 1, 0]


@settings(max_examples=60, deadline=None)
@given(drawings, strokes)
def test_cutting_changes_only_the_regions_crossed(ink: Ink, stroke: Mask) -> None:
    regions = find_regions(ink)
    labels = regions.labels.copy()
    cut = split(regions, stroke, ink)
    assert_partition(cut, ink)
    assert np.array_equal(regions.labels, labels)
    assert cut.count >= regions.count
    crossed = np.isin(labels, np.unique(labels[stroke]))
    assert np.array_equal(cut.labels[~crossed], labels[~crossed])
    # A part lies within one region of before.
    parents = np.unique(np.stack([cut.labels.reshape(-1), labels.reshape(-1)]), axis=1)
    assert parents.shape[1] == cut.count


@settings(max_examples=60, deadline=None)
@given(drawings, strokes, st.data())
def test_merging_joins_two_and_keeps_the_others(ink: Ink, stroke: Mask, data: st.DataObject) -> None:
    regions = split(find_regions(ink), stroke, ink)
    one, other = data.draw(st.integers(1, regions.count)), data.draw(st.integers(1, regions.count))
    merged = merge(regions, one, other)
    assert_partition(merged, ink)
    assert merged.count == regions.count - (one != other)
    pairs = np.unique(np.stack([regions.labels.reshape(-1), merged.labels.reshape(-1)]), axis=1)
    assert pairs.shape[1] == regions.count
    of = dict(pairs.T.tolist())
    assert of[one] == of[other] == min(one, other)
    assert list(dict.fromkeys(of.values())) == sorted(set(of.values()))


def test_merging_the_parts_of_a_cut_gives_the_map_before() -> None:
    ink, regions = boxes()
    cut = split(regions, stroke_between((0, 20), (44, 20)), ink)
    back = merge(cut, 3, 1)
    assert np.array_equal(back.labels, regions.labels)
    assert np.array_equal(back.areas, regions.areas)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 3), (-1, 2), (3, 3)])
def test_a_label_that_does_not_exist_is_refused(one: int, other: int) -> None:
    _, regions = boxes()
    with pytest.raises(RequestError, match="1 to 2"):
        merge(regions, one, other)

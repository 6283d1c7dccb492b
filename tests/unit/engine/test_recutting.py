"""What a person did not touch does not move: corrections of regions change the regions they touch, and no others."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color.swatch_choice import MatchedShares
from engine.colorizers.base import BaseColorizer
from engine.corrections import Corrections, Hint, Shape, Stroke
from engine.finishing import Finished, finish
from engine.line_art.region_edits import drawn
from engine.line_art.regions import RegionMap
from engine.options import FinishOptions
from engine.palette import Palette
from engine.pipeline import run
from engine.recutting import shape_mask
from engine.request import ColorizeRequest, ColorizeResult, LineArt, Progress
from tests.finishing import BLUE, RED, SKIN, blotches, ellipses, in_rooms, label_in, patches, rooms

HEIGHT, WIDTH = 120, 160
Points = list[tuple[int, int]]
points = st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1))
strokes = st.lists(points, min_size=2, max_size=4, unique=True).map(tuple)
closed = st.lists(points, min_size=3, max_size=5, unique=True).map(tuple)


@dataclass
class Fickle(BaseColorizer):
    """Its opinion of every region changes with the number, places and sizes of all others."""

    def colorize(
        self, request: ColorizeRequest, should_stop: Callable[[], bool] | None = None
    ) -> Generator[Progress, None, ColorizeResult]:
        raise NotImplementedError
        yield Progress("", 0.0)

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares:
        digest = int(np.sort(np.bincount(regions.labels.reshape(-1)))[-3:].sum()) + 7 * regions.count
        random = np.random.default_rng(digest)
        shares = random.random((regions.count, len(palette.swatches))).astype(np.float32)
        return MatchedShares(shares / shares.sum(axis=1, keepdims=True), np.zeros(regions.count, np.float32))


def colored(seed: int, corrections: Corrections, before: Finished | None = None, gap: int | None = None) -> Finished:
    if before is not None:
        request = before.request
        assert before.stages is not None
        guess = before.stages.guess
    else:
        request, guess = (
            ColorizeRequest(LineArt(ellipses(seed)), (patches(RED, BLUE, SKIN),), panels="off"),
            blotches(seed),
        )
    result = ColorizeResult(guess, request.line_art.ink, "cpu", "fp32", (HEIGHT, WIDTH))
    return run(finish(Fickle(), request, result, FinishOptions(corrections=corrections, gap=gap), before=before))


def untouched_stays(before: Finished, after: Finished, touched: NDArray[np.integer]) -> None:
    assert before.regions is not None and after.regions is not None
    outside = ~np.isin(before.regions.labels, touched)
    pairs = np.unique(np.stack([before.regions.labels[outside], after.regions.labels[outside]]), axis=1)
    assert len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1]
    inside = ~outside
    assert not np.intersect1d(np.unique(after.regions.labels[inside]), pairs[1]).size
    np.testing.assert_array_equal(before.color[outside], after.color[outside])
    assert before.flats is not None and after.flats is not None
    for name in ("colors", "confidence"):
        one, other = getattr(before.flats, name)[pairs[0] - 1], getattr(after.flats, name)[pairs[1] - 1]
        np.testing.assert_array_equal(one, other)


def under(before: Finished, strokes: tuple[Stroke, ...]) -> NDArray[np.integer]:
    assert before.regions is not None
    return np.unique(before.regions.labels[drawn(strokes, (HEIGHT, WIDTH))])


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), strokes, st.sampled_from(["gaps", "splits"]), st.sampled_from([None, 0, 6]))
def test_a_stroke_changes_the_regions_it_touches_alone(seed: int, stroke: Stroke, kind: str, gap: int | None) -> None:
    before = colored(seed, Corrections(), gap=gap)
    after = colored(seed, Corrections(**{kind: (stroke,)}), gap=gap)  # type: ignore[arg-type]
    untouched_stays(before, after, under(before, (stroke,)))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), strokes, strokes, st.sampled_from(["gaps", "splits"]))
def test_a_stroke_elsewhere_leaves_those_before_as_they_are(seed: int, one: Stroke, other: Stroke, kind: str) -> None:
    plain = colored(seed, Corrections())
    before = colored(seed, Corrections(gaps=(one,)))
    after = colored(seed, replace(Corrections(gaps=(one,)), **{kind: (*((one,) if kind == "gaps" else ()), other)}))
    shared = np.intersect1d(under(plain, (one,)), under(plain, (other,)))
    touched = under(plain, (one, other)) if shared.size else under(plain, (other,))
    assert plain.regions is not None and before.regions is not None
    there = np.unique(before.regions.labels[np.isin(plain.regions.labels, touched)])
    untouched_stays(before, after, there)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), points, points, closed, st.booleans())
def test_a_join_and_a_drawn_region_change_what_they_are_about(
    seed: int, one: tuple[int, int], other: tuple[int, int], outline: Stroke, across: bool
) -> None:
    before = colored(seed, Corrections())
    assert before.regions is not None
    labels = before.regions.labels
    joined = colored(seed, Corrections(merges=((one, other),)))
    untouched_stays(before, joined, np.unique([labels[y, x] for x, y in (one, other)]))
    shape = Shape(outline, across=across)
    mask = shape_mask(shape, (HEIGHT, WIDTH))
    if not across:
        mask &= labels == labels[outline[0][1], outline[0][0]]
    after = colored(seed, Corrections(shapes=(shape,)))
    untouched_stays(before, after, np.unique(labels[mask]))
    assert after.regions is not None
    inside = np.unique(after.regions.labels[mask])
    assert len(inside) == 1 and (after.regions.labels == inside[0]).sum() == mask.sum()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(strokes, min_size=1, max_size=3), closed)
def test_taken_one_after_another_they_give_what_they_give_at_once(
    seed: int, given: list[Stroke], outline: Stroke
) -> None:
    before = colored(seed, Corrections())
    steps = [Corrections(gaps=tuple(given[: number + 1])) for number in range(len(given))]
    steps += [replace(steps[-1], shapes=(Shape(outline),)), replace(steps[-1], splits=(given[0],))]
    for step in steps:
        before = colored(seed, step, before)
    anew = colored(seed, steps[-1])
    assert before.regions is not None and anew.regions is not None
    np.testing.assert_array_equal(before.regions.labels, anew.regions.labels)
    np.testing.assert_array_equal(before.color, anew.color)
    back = colored(seed, Corrections(), before)
    np.testing.assert_array_equal(back.color, colored(seed, Corrections()).color)


def test_the_automatic_gap_is_the_drawing_s_whatever_strokes_are_added() -> None:
    before = colored(3, Corrections())
    after = colored(3, Corrections(gaps=(((5, 5), (150, 9), (150, 100)), ((3, 110), (100, 60)))))
    assert before.regions is not None and after.regions is not None
    assert before.regions.gap == after.regions.gap


def test_a_hem_closed_by_hand_ends_the_color_and_nothing_else() -> None:
    """A skirt that is open below, wider than any gap, and a lock of hair beside it."""
    ink = np.ones((200, 260), np.float32)
    for begin, end in (((60, 40), (40, 180)), ((120, 40), (140, 180)), ((60, 40), (120, 40))):
        cv2.line(ink, begin, end, 0.0, 3)
    cv2.ellipse(ink, (200, 90), (30, 50), 0, 0, 360, 0.0, 3)
    cv2.line(ink, (200, 40), (200, 140), 0.0, 3)
    guess = np.full((200, 260, 3), 255, np.uint8)
    guess[40:180, 40:140], guess[40:140, 170:200], guess[40:140, 200:230] = RED, BLUE, SKIN
    request = ColorizeRequest(LineArt(ink), (patches(RED, BLUE, SKIN),), panels="off")
    result = ColorizeResult(guess, ink, "cpu", "fp32", (200, 260))

    def made(corrections: Corrections) -> Finished:
        return run(finish(Fickle(), request, result, FinishOptions(gap=6, locked=False, corrections=corrections)))

    before, after = made(Corrections()), made(Corrections(gaps=(((40, 180), (140, 180)),)))
    assert before.regions is not None and after.regions is not None
    assert after.regions.labels[100, 90] != after.regions.labels[190, 90]
    assert tuple(after.color[100, 90]) == RED and tuple(after.color[190, 90]) == (255, 255, 255)
    np.testing.assert_array_equal(before.color[:, 165:235], after.color[:, 165:235])


def test_a_blush_is_a_region_of_its_own_and_takes_a_hint() -> None:
    ink = rooms(2)
    guess = in_rooms(ink, [SKIN, RED])
    request = ColorizeRequest(LineArt(ink), (patches(RED, BLUE, SKIN),), panels="off")
    result = ColorizeResult(guess, ink, "cpu", "fp32", ink.shape)
    outline = ((20, 20), (44, 20), (44, 40), (20, 40))  # closed; it reaches over the wall into the second room
    corrections = Corrections((Hint(25, 25, BLUE, False),), shapes=(Shape(outline), Shape(((60, 20), (70, 20)), 5)))
    after = run(finish(Fickle(), request, result, FinishOptions(locked=False, corrections=corrections)))
    assert tuple(after.color[25, 25]) == BLUE and tuple(after.color[15, 15]) == SKIN
    assert tuple(after.color[30, 60]) == RED
    across = replace(corrections, shapes=(Shape(((20, 20), (64, 20), (64, 40), (20, 40)), across=True),))
    over = run(finish(Fickle(), request, result, FinishOptions(locked=False, corrections=across)))
    assert tuple(over.color[25, 60]) == BLUE and label_in(over.regions, 0) == label_in(over.regions, 0)


@pytest.mark.parametrize("values", [{"points": ((1, 1), (2, 2))}, {"points": ((1, 1),), "width": 3}])
def test_drawn_regions_need_enough_points(values: dict) -> None:
    from engine.errors import RequestError

    with pytest.raises(RequestError, match="three points"):
        Shape(**values)

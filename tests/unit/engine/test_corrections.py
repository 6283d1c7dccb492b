"""Corrections: their plain values, hints and how far they spread, closed gaps, and finishing that goes on."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.corrections import RGB, Corrections, Hint, Right, Shape, Stroke, from_values, to_values
from engine.errors import RequestError
from engine.finishing import Finished, described, finish, following, repaint
from engine.layering import to_stack
from engine.layers import flatten
from engine.options import FinishOptions
from engine.palette import Palette, Swatch
from engine.pipeline import run
from engine.request import ColorizeRequest, ColorizeResult, LineArt
from tests.finishing import BLUE, RED, SKIN, Compares, blotches, ellipses, finished, in_rooms, label_in, patches, rooms

GREEN: RGB = (20, 160, 40)
pixels = st.tuples(st.integers(0, 5000), st.integers(0, 5000))
colors = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
strokes = st.lists(pixels, min_size=2, max_size=5).map(tuple)
drawn = st.lists(pixels, min_size=3, max_size=5).map(tuple)
hints = st.builds(Hint, st.integers(0, 5000), st.integers(0, 5000), colors, st.booleans())
several = st.builds(
    Corrections,
    st.lists(hints, max_size=3).map(tuple),
    st.lists(strokes, max_size=2).map(tuple),
    st.lists(st.tuples(pixels, pixels), max_size=2).map(tuple),
    st.lists(strokes, max_size=2).map(tuple),
    st.lists(st.builds(Shape, drawn, st.integers(0, 60), st.booleans()), max_size=2).map(tuple),
    st.lists(
        st.builds(Right, st.integers(0, 5000), st.integers(0, 5000), st.none() | colors, st.integers(0, 10**6)),
        max_size=2,
    ).map(tuple),
)


def middle(room: int) -> tuple[int, int]:
    """x, y of the middle of one of the `rooms`."""
    return 30 + 40 * room, 30


def at(result: Finished, room: int) -> RGB:
    red, green, blue = result.color[middle(room)[1], middle(room)[0]].tolist()
    return red, green, blue


def row(*votes: RGB) -> tuple[ColorizeRequest, ColorizeResult]:
    """A drawing of rooms and a guess that has these colors in them."""
    ink = rooms(len(votes))
    guess = in_rooms(ink, list(votes))
    result = ColorizeResult(guess, ink, "cpu", "fp32", (guess.shape[0], guess.shape[1]))
    return ColorizeRequest(LineArt(ink), (patches(RED, BLUE, SKIN),), panels="off"), result


def with_hints(compares: Compares, *given_hints: Hint, votes: tuple[RGB, ...] = (RED, RED, RED, BLUE)) -> Finished:
    request, result = row(*votes)
    options = FinishOptions(corrections=Corrections(given_hints))
    return run(finish(compares, request, result, options), lambda _: None)


@given(several)
def test_plain_values_come_back(corrections: Corrections) -> None:
    assert from_values(json.loads(json.dumps(to_values(corrections)))) == corrections
    assert bool(corrections) == any(to_values(corrections).values())


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"hint": []},
        {"hints": [{"x": 1, "y": 2}]},
        {"hints": [{"x": 1.5, "y": 2, "color": [1, 2, 3]}]},
        {"hints": [{"x": -1, "y": 2, "color": [1, 2, 3]}]},
        {"hints": [{"x": 1, "y": 2, "color": [1, 2, 256]}]},
        {"splits": [[[1, 2]]]},
        {"gaps": [[[1, 2], [3, True]]]},
        {"merges": [[[1, 2], [3, 4], [5, 6]]]},
        {"shapes": [{"points": [[1, 2], [3, 4]]}]},
        {"shapes": [{"points": [[1, 2], [3, 4]], "width": -1}]},
        {"shapes": [{"points": [[1, 2], [-3, 4]], "width": 5}]},
        {"right": [{"x": 1, "y": 2, "color": [1, 2, 300], "area": 5}]},
    ],
)
def test_other_values_are_refused_in_one_sentence(values: object) -> None:
    with pytest.raises(RequestError, match=r"^These are no corrections of a drawing.*\.$"):
        from_values(values)


def test_a_hint_is_exact_and_becomes_a_swatch() -> None:
    result = with_hints(Compares(), Hint(*middle(1), GREEN))
    assert [at(result, room) for room in range(4)] == [RED, GREEN, RED, BLUE]
    assert result.palette is not None and result.swatch is not None and result.flats is not None
    assert result.palette.swatches[-1].color == GREEN
    assert result.swatch[label_in(result.regions, 1) - 1] == len(result.palette.swatches) - 1
    assert result.flats.confidence[label_in(result.regions, 1) - 1] == 1.0


def test_a_hint_in_a_color_of_the_palette_uses_its_swatch_and_follows_it() -> None:
    before = with_hints(Compares())
    result = with_hints(Compares(), Hint(*middle(1), BLUE))
    assert result.palette == before.palette and result.palette is not None
    number = [swatch.color for swatch in result.palette.swatches].index(BLUE)
    again = repaint(result, result.palette.with_color(number, GREEN))
    assert [at(again, room) for room in range(4)] == [RED, GREEN, RED, GREEN]


def test_without_a_palette_a_hint_is_exact_too() -> None:
    ink = rooms(2)
    result = finished(
        ink, in_rooms(ink, [RED, BLUE]), locked=False, corrections=Corrections((Hint(*middle(0), GREEN),))
    )
    assert [at(result, room) for room in range(2)] == [GREEN, BLUE]
    assert result.palette is None


def test_of_two_hints_in_a_region_the_later_counts() -> None:
    result = with_hints(Compares(), Hint(*middle(1), GREEN), Hint(35, 25, SKIN), Hint(middle(1)[0] + 3, 33, BLUE))
    assert [at(result, room) for room in range(2)] == [SKIN, BLUE]


@pytest.mark.parametrize(
    "corrections",
    [
        Corrections((Hint(180, 5, RED),)),
        Corrections(gaps=(((0, 0), (5, 60)),)),
        Corrections(splits=(((0, 0), (5, 60)),)),
    ],
)
def test_points_outside_the_drawing_are_refused(corrections: Corrections) -> None:
    ink = rooms(4)
    with pytest.raises(RequestError, match=r"outside the drawing of 180×60 pixels"):
        finished(ink, in_rooms(ink, [RED] * 4), corrections=corrections)


def alike(result: Finished, *groups: tuple[int, ...]) -> Compares:
    """A network that sees the same in the rooms of a group, and that sees no red anywhere, so that red is in doubt."""
    assert result.regions is not None and result.palette is not None
    seen = np.eye(result.regions.count, result.regions.count + len(groups), dtype=np.float32)
    for number, group in enumerate(groups):
        for room in group:
            seen[label_in(result.regions, room) - 1] = np.eye(seen.shape[1], dtype=np.float32)[-1 - number]
    is_red = np.array([swatch.color == RED for swatch in result.palette.swatches])
    masses = np.where(is_red, 0.05, np.full((result.regions.count, len(is_red)), 0.35)).astype(np.float32)
    return Compares(masses, seen)


def test_regions_alike_and_in_doubt_follow_a_hint_but_no_fill() -> None:
    network = alike(with_hints(Compares()), (0, 1, 3))
    hinted = with_hints(network, Hint(*middle(0), GREEN))
    assert [at(hinted, room) for room in range(4)] == [GREEN, GREEN, RED, BLUE]  # the blue one made no such mistake
    filled = with_hints(network, Hint(*middle(0), GREEN, spread=False))
    assert [at(filled, room) for room in range(4)] == [GREEN, RED, RED, BLUE]
    assert hinted.hint is not None
    assert sorted(hinted.hint.tolist(), reverse=True)[:3] == [0, 0, -1]


def test_a_region_with_a_hint_of_its_own_follows_no_other() -> None:
    network = alike(with_hints(Compares()), (0, 1, 2))
    result = with_hints(network, Hint(*middle(0), GREEN), Hint(*middle(1), SKIN, spread=False))
    assert [at(result, room) for room in range(3)] == [GREEN, SKIN, GREEN]


def test_sure_and_kept_regions_follow_nobody() -> None:
    ink, guess = rooms(3), in_rooms(rooms(3), [RED, RED, RED])
    plain = finished(ink, guess)
    network = alike(plain, (0, 1, 2))
    kept = np.zeros((*ink.shape, 4), np.uint8)
    kept[12:49, 52:89] = (*RED, 255)  # nothing of the wall, which is another's too
    request = ColorizeRequest(LineArt(ink, flats=kept), (patches(RED, BLUE, SKIN),), panels="off")
    plain_request = replace(request, line_art=LineArt(ink))
    result = ColorizeResult(guess, ink, "cpu", "fp32", ink.shape)
    options = FinishOptions(corrections=Corrections((Hint(*middle(0), GREEN),)))
    after = run(finish(network, request, result, options), lambda _: None)
    assert [at(after, room) for room in range(3)] == [GREEN, RED, GREEN]
    assert plain.palette is not None and network.masses is not None
    is_red = np.array([swatch.color == RED for swatch in plain.palette.swatches])
    sure = Compares(np.where(is_red, np.ones_like(network.masses), 0.0).astype(np.float32), network.seen)
    certain = run(finish(sure, plain_request, result, options), lambda _: None)
    assert [at(certain, room) for room in range(3)] == [GREEN, RED, RED]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.tuples(st.integers(0, 159), st.integers(0, 119)), min_size=2, max_size=4))
def test_a_closed_gap_never_changes_the_line_layer(seed: int, points: list[tuple[int, int]]) -> None:
    ink = ellipses(seed)
    plain = to_stack(finished(ink, blotches(seed)))
    closed = to_stack(finished(ink, blotches(seed), corrections=Corrections(gaps=(tuple(points),))))
    lines = [[layer for layer in stack.layers if layer.name == "Line"] for stack in (plain, closed)]
    assert len(lines[0]) == len(lines[1]) == 1
    for one, other in zip(vars(lines[0][0]).values(), vars(lines[1][0]).values(), strict=True):
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other
    assert (flatten(closed)[ink == 0.0] == flatten(plain)[ink == 0.0]).all()


def broken_room() -> NDArray[np.float32]:
    """Two rooms; in the wall between them is a wide door."""
    ink = rooms(2)
    ink[22:38, 47:54] = 1.0
    return ink


def test_a_closed_gap_bounds_regions_and_is_no_leak() -> None:
    ink, gap = broken_room(), (((50, 18), (50, 42)),)
    guess = in_rooms(ink, [RED, BLUE])
    open_door = finished(ink, guess, gap=4)
    closed = finished(ink, guess, gap=4, corrections=Corrections(gaps=gap))
    assert label_in(open_door.regions, 0) == label_in(open_door.regions, 1)
    assert [at(closed, room) for room in range(2)] == [RED, BLUE]
    assert closed.leaks == ()


steps = st.lists(
    st.sampled_from(["hint", "fill", "split", "merge", "gap", "shape", "right", "back", "unlock", "shade"]),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), steps)
def test_going_on_from_a_finished_coloring_gives_what_beginning_anew_gives(seed: int, verbs: list[str]) -> None:
    random = np.random.default_rng(seed)
    guess = blotches(seed)
    request = ColorizeRequest(LineArt(ellipses(seed)), (patches(RED, BLUE, SKIN),), panels="off")
    result = ColorizeResult(guess, request.line_art.ink, "cpu", "fp32", (120, 160))
    options, before, history = FinishOptions(), None, [FinishOptions()]
    for verb in verbs:
        options = history[0] if verb == "back" else changed(options, verb, random)
        history.append(options)
        before = run(finish(Compares(), request, result, options, before=before), lambda _: None)
    anew = run(finish(Compares(), request, result, options), lambda _: None)
    assert before is not None
    np.testing.assert_array_equal(before.color, anew.color)
    assert before.regions is not None and anew.regions is not None
    np.testing.assert_array_equal(before.regions.labels, anew.regions.labels)
    assert (before.palette, before.leaks) == (anew.palette, anew.leaks)


def changed(options: FinishOptions, verb: str, random: np.random.Generator) -> FinishOptions:
    there = options.corrections
    (x, y), (z, w) = random.integers(0, (160, 120), (2, 2)).tolist()
    stroke: Stroke = (x, y), (z, w)
    red, green, blue = random.integers(0, 256, 3).tolist()
    color = red, green, blue
    made = {
        "hint": lambda: replace(there, hints=(*there.hints, Hint(*stroke[0], color))),
        "fill": lambda: replace(there, hints=(*there.hints, Hint(*stroke[0], color, spread=False))),
        "split": lambda: replace(there, splits=(*there.splits, stroke)),
        "merge": lambda: replace(there, merges=(*there.merges, stroke)),
        "gap": lambda: replace(there, gaps=(*there.gaps, stroke)),
        "shape": lambda: replace(there, shapes=(*there.shapes, Shape(stroke, 7, bool(red % 2)))),
        "right": lambda: replace(there, right=(*there.right, Right(x, y, None, 30))),
    }
    if verb in made:
        return replace(options, corrections=made[verb]())
    if verb == "unlock":
        return replace(options, locked=not options.locked)
    return replace(options, shading="soft" if options.shading == "off" else "off")


def test_a_second_hint_asks_the_network_nothing() -> None:
    network = alike(with_hints(Compares()), (0, 1))
    request, result = row(RED, RED, RED, BLUE)
    one, two = Hint(*middle(0), GREEN), Hint(*middle(3), SKIN)
    first = run(finish(network, request, result, FinishOptions(corrections=Corrections((one,)))), lambda _: None)
    assert network.described == 1
    options = FinishOptions(corrections=Corrections((one, two)))
    after = run(finish(Compares(), request, result, options, before=first), lambda _: None)
    assert [at(after, room) for room in range(4)] == [GREEN, GREEN, RED, SKIN]


def test_a_palette_from_a_file_stays_as_it_is_under_a_hint() -> None:
    ink = rooms(2)
    palette = Palette((Swatch("sea", BLUE), Swatch("snow", (255, 255, 255))), "file")
    corrections = Corrections((Hint(*middle(0), GREEN),))
    result = finished(ink, in_rooms(ink, [RED, BLUE]), palette=palette, corrections=corrections)
    assert result.palette is not None
    assert result.palette.swatches[:2] == palette.swatches
    assert len(result.palette.swatches) == 2


def test_what_was_found_right_follows_no_later_hint() -> None:
    network = alike(with_hints(Compares()), (0, 1, 2))
    request, result = row(RED, RED, RED, BLUE)
    for color, followed in ((RED, RED), (GREEN, GREEN)):
        # Right in the color of a hint means that it is right to follow.
        corrections = Corrections((Hint(*middle(0), GREEN),), right=(Right(*middle(1), color, 1300),))
        after = run(finish(network, request, result, FinishOptions(corrections=corrections)), lambda _: None)
        assert [at(after, room) for room in range(3)] == [GREEN, followed, GREEN]


def test_a_look_before_a_hint_tells_what_will_follow() -> None:
    network = alike(with_hints(Compares()), (0, 1, 2))
    before = with_hints(network, Hint(*middle(1), SKIN, spread=False))
    assert not following(before, label_in(before.regions, 0)).any()  # nothing was seen yet
    before = described(network, before)
    told = following(before, label_in(before.regions, 0))
    after = with_hints(network, Hint(*middle(1), SKIN, spread=False), Hint(*middle(0), GREEN))
    assert after.hint is not None
    np.testing.assert_array_equal(
        np.flatnonzero(told), np.setdiff1d(np.flatnonzero(after.hint == 1), label_in(after.regions, 0) - 1)
    )
    assert np.flatnonzero(told).tolist() == [label_in(before.regions, 2) - 1]

"""Finishing: flats, locking, kept colors, repainting, and what cannot be asked for."""

import contextlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from engine import images
from engine.color.difference import ciede2000
from engine.color.figure import to_lab
from engine.color.flats import vote
from engine.color.swatches import find_swatches
from engine.corrections import Corrections, Hint
from engine.errors import Cancelled, RequestError
from engine.finishing import Finished, finish, repaint
from engine.layering import to_stack
from engine.layers import flatten
from engine.line_art.prepare import prepare
from engine.options import FinishOptions
from engine.palette import Palette, Swatch
from engine.request import ColorizeRequest, ColorizeResult, LineArt
from tests.finishing import (
    BLUE,
    RED,
    SKIN,
    WHITE,
    Compares,
    blotches,
    ellipses,
    finished,
    in_rooms,
    label_in,
    patches,
    rooms,
)

COLORS = [RED, BLUE, SKIN]


def at(result: Finished, room: int) -> tuple[int, ...]:
    """The color of a room."""
    assert result.regions is not None
    row, column = (int(places[0]) for places in np.nonzero(result.regions.labels == label_in(result.regions, room)))
    return tuple(result.color[row, column].tolist())


def opaque(color: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([color, np.full(color.shape[:2], 255, np.uint8)])


def palettes(colors: list[tuple[int, int, int]]) -> Palette:
    return Palette(tuple(Swatch(f"color {number}", color) for number, color in enumerate(colors)), "file")


def test_every_region_takes_a_swatch_of_the_references() -> None:
    ink = rooms(3)
    result = finished(ink, in_rooms(ink, [(190, 70, 65), (70, 70, 180), (235, 205, 175)]))
    assert [at(result, room) for room in range(3)] == COLORS
    assert result.palette is not None
    assert Swatch("Paper", WHITE) in result.palette.swatches
    assert set(COLORS) <= {swatch.color for swatch in result.palette.swatches}
    np.testing.assert_array_equal(result.color[0, 0], WHITE)


def test_without_flats_the_guess_stays() -> None:
    guess = blotches(0)
    result = finished(ellipses(0), guess, flats=False)
    assert result.color is guess
    assert (result.regions, result.flats, result.palette, result.shading, result.leaks) == (None, None, None, None, ())


def test_without_a_palette_the_vote_stays() -> None:
    ink, guess = rooms(2), in_rooms(rooms(2), [(191, 71, 66), (1, 2, 3)])
    result = finished(ink, guess, locked=False)
    assert [at(result, room) for room in range(2)] == [(191, 71, 66), (1, 2, 3)]
    assert (result.palette, result.swatch, result.moved) == (None, None, None)


colors = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(colors, min_size=1, max_size=8), st.booleans())
def test_every_color_is_a_swatch(seed: int, given_colors: list[tuple[int, int, int]], blind: bool) -> None:
    """Of the palette file, exactly as it is, or the paper's white."""
    ink, guess, palette = ellipses(seed), blotches(seed), palettes(given_colors)
    count = finished(ink, guess, flats=True, locked=False).flats
    assert count is not None
    whites = 0 if WHITE in given_colors else 1
    masses = np.random.default_rng(seed).random((len(count.colors), len(given_colors) + whites), np.float32)
    result = finished(ink, guess, palette=palette, masses=None if blind else masses, surface="flat")
    assert result.palette is not None
    assert result.palette.swatches[: len(given_colors)] == palette.swatches
    assert len(result.palette.swatches) == len(given_colors) + whites
    swatches = {swatch.color for swatch in result.palette.swatches}
    assert WHITE in swatches
    assert {tuple(color) for color in np.unique(result.color.reshape(-1, 3), axis=0).tolist()} <= swatches
    assert result.regions is not None
    assert result.flats is not None
    assert result.moved is not None
    voted = vote(guess, result.regions, ink)
    wanted = ciede2000(to_lab(voted.colors), to_lab(result.flats.colors))
    np.testing.assert_allclose(result.moved, wanted, rtol=1e-4, atol=1e-3)


def test_a_paper_of_the_file_that_is_not_white_stays() -> None:
    ink = rooms(1)
    palette = Palette((Swatch("Paper", (252, 250, 247)), Swatch("red", RED)))
    result = finished(ink, in_rooms(ink, [RED]), palette=palette)
    assert result.palette is not None
    assert result.palette.swatches == (*palette.swatches, Swatch("Paper 2", WHITE))
    np.testing.assert_array_equal(result.color[0, 0], WHITE)


def test_the_references_palette_is_found_once_for_all_regions() -> None:
    ink = rooms(2)
    reference = patches((250, 120, 10), (20, 90, 90))
    result = finished(ink, in_rooms(ink, [RED, BLUE]), reference)
    assert result.palette is not None
    assert [one.color for one in find_swatches([reference]).swatches] == [
        one.color for one in result.palette.swatches if one.color != WHITE
    ]


def test_repainting_recolors_the_regions_of_that_swatch_alone() -> None:
    ink = rooms(3)
    palette = palettes([RED, BLUE, RED])  # two swatches that look alike are two
    masses = np.full((4, 4), 0.0, np.float32)
    before = finished(ink, in_rooms(ink, [RED, BLUE, RED]), palette=palette)
    assert before.regions is not None
    for room, swatch in enumerate((0, 1, 2)):
        masses[label_in(before.regions, room) - 1, swatch] = 1.0
    masses[before.regions.labels[0, 0] - 1, 3] = 1.0
    before = finished(ink, in_rooms(ink, [RED, BLUE, RED]), palette=palette, masses=masses)
    assert before.palette is not None
    after = repaint(before, before.palette.with_color(2, (1, 200, 3)))
    assert [at(after, room) for room in range(3)] == [RED, BLUE, (1, 200, 3)]
    assert before.regions is not None
    changed = (before.color != after.color).any(axis=2)
    np.testing.assert_array_equal(changed, before.regions.labels == label_in(before.regions, 2))
    back = repaint(after, before.palette)
    np.testing.assert_array_equal(back.color, before.color)


def test_repainting_leaves_kept_colors_alone() -> None:
    ink = rooms(2)
    kept = opaque(in_rooms(ink, [(7, 8, 9), BLUE]))
    before = finished(ink, in_rooms(ink, [RED, BLUE]), kept=kept)
    assert before.palette is not None
    number = [swatch.color for swatch in before.palette.swatches].index(BLUE)
    after = repaint(before, before.palette.with_color(number, (5, 5, 5)))
    assert [at(after, room) for room in range(2)] == [(7, 8, 9), (5, 5, 5)]


def test_kept_colors_stay_bit_for_bit() -> None:
    ink = rooms(5)
    kept = opaque(in_rooms(ink, [(7, 8, 9), BLUE, RED, RED, SKIN]))
    kept[10:50, 90:110, :3] = SKIN  # painted in two colors
    kept[10:50, 130:170] = 0  # erased
    guess = in_rooms(ink, [RED, RED, BLUE, BLUE, SKIN])
    result = finished(ink, guess, kept=kept)
    assert [at(result, room) for room in range(5)] == [(7, 8, 9), BLUE, BLUE, BLUE, SKIN]
    assert result.palette is not None
    assert result.swatch is not None
    assert result.moved is not None
    assert result.flats is not None
    rows = [label_in(result.regions, room) - 1 for room in range(5)]
    names = [swatch.color for swatch in result.palette.swatches]
    assert result.swatch[rows].tolist() == [-1, *(names.index(color) for color in (BLUE, BLUE, BLUE, SKIN))]
    assert result.moved[rows[:2]].tolist() == [0.0, 0.0]
    assert result.flats.confidence[rows[:2]].tolist() == [1.0, 1.0]


def test_kept_colors_without_a_palette() -> None:
    ink = rooms(2)
    result = finished(ink, in_rooms(ink, [RED, BLUE]), locked=False, kept=opaque(in_rooms(ink, [SKIN, (7, 8, 9)])))
    assert [at(result, room) for room in range(2)] == [SKIN, (7, 8, 9)]


def test_where_a_line_is_taken_away_two_colors_meet_and_are_filled_anew() -> None:
    ink = rooms(3)
    kept = opaque(in_rooms(ink, [SKIN, (7, 8, 9), SKIN]))
    changed = ink.copy()
    changed[14:47, 48:53] = 1.0
    result = finished(changed, in_rooms(ink, [RED, RED, BLUE]), kept=kept)
    assert [at(result, room) for room in range(3)] == [RED, RED, SKIN]


def test_an_open_figure_that_was_painted_stays_whatever_the_guess_is_then() -> None:
    ink = np.ones((160, 160), np.float32)
    ink[40:, 40:43] = ink[40:, 117:120] = ink[40:43, 40:120] = 0.0
    ink[150:] = 1.0
    kept = np.zeros((160, 160, 4), np.uint8)
    kept[41:, 42:118] = (*SKIN, 255)
    guess = np.full((160, 160, 3), 255, np.uint8)
    guess[60:130, 55:100] = RED
    result = finished(ink, guess, kept=kept, gap=0)
    figure = kept[..., 3] > 0
    np.testing.assert_array_equal(np.unique(result.color[figure], axis=0), [SKIN])
    np.testing.assert_array_equal(np.unique(result.color[~figure], axis=0), [WHITE])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"palette": Palette(())}, "no colors"),
        ({"gap": -1}, "gap"),
        ({"gap": 65}, "gap"),
        ({"kept": np.zeros((9, 9, 4), np.uint8)}, "another size"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(options: dict[str, Any], message: str) -> None:
    ink = rooms(1)
    with pytest.raises(RequestError, match=message) as caught:
        finished(ink, in_rooms(ink, [RED]), **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        FinishOptions(flats=False, palette=palettes([RED])),
        FinishOptions(flats=False, shading="cel"),
        FinishOptions(flats=False, corrections=Corrections((Hint(0, 0, RED),))),
        FinishOptions(flats=False, recolor=(("red", BLUE),)),
        FinishOptions(locked=False, recolor=(("red", BLUE),)),
    ],
)
def test_what_needs_something_else_is_not_in_force_without_and_told(options: FinishOptions) -> None:
    with pytest.raises(RequestError, match="flats"):
        options.require_consistent()
    options.in_force.require_consistent()
    ink = rooms(1)
    result = finished(ink, in_rooms(ink, [RED]), **vars(options))
    assert result.options == options.in_force


@pytest.mark.parametrize(
    "ink", [np.ones((30, 40), np.float32), np.zeros((30, 40), np.float32), np.ones((1, 1), np.float32)]
)
@pytest.mark.parametrize("shading", ["off", "soft"])
def test_drawings_of_nothing(ink: NDArray[np.float32], shading: str) -> None:
    guess = np.full((*ink.shape, 3), RED, np.uint8)
    result = finished(ink, guess, shading=shading)
    assert (result.color == RED).all()


def drawn(white: int = 255, ink: int = 0) -> NDArray[np.uint8]:
    """Two rooms drawn in two levels of gray."""
    return np.where(rooms(2) < 0.5, ink, white).astype(np.uint8)


@pytest.mark.parametrize(
    ("pixels", "mode"),
    [
        (drawn().astype(np.uint16) * 257, "I;16"),
        (drawn(1, 0).astype(np.bool_), "1"),
        (drawn(255, 150), "L"),
        (drawn(0, 255), "L"),
        (drawn(235, 120), "L"),
    ],
    ids=["16 bits", "1 bit", "pencil", "white on black", "gray paper"],
)
def test_drawings_of_every_kind_from_the_file_to_the_picture(pixels: NDArray, mode: str, tmp_path: Path) -> None:
    path = tmp_path / "drawing.png"
    image = Image.fromarray(pixels)
    assert image.mode == mode
    image.save(path)
    art = prepare(images.read(path))
    assert not art.extracted
    picture = flatten(to_stack(finished(art, in_rooms(rooms(2), [RED, BLUE]))))
    assert [tuple(picture[place].tolist()) for place in ((30, 30), (30, 70), (2, 2))] == [RED, BLUE, WHITE]
    assert picture[10, 30:70].max() <= 150  # the lines over it


def test_progress_grows_and_ends() -> None:
    ink = rooms(2)
    guess = in_rooms(ink, [RED, BLUE])
    request = ColorizeRequest(LineArt(ink), (patches(RED, BLUE),))
    steps = finish(
        Compares(), request, ColorizeResult(guess, ink, "cpu", "fp32", ink.shape), FinishOptions(shading="soft")
    )
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)


def test_cancelling_within_every_step() -> None:
    ink, guess = ellipses(3), blotches(3)
    request = ColorizeRequest(LineArt(ink, flats=opaque(guess)), (patches(RED, BLUE),))
    result = ColorizeResult(guess, ink, "cpu", "fp32", (120, 160))
    options = FinishOptions(shading="soft")

    def cancelled_after(calls: int) -> int:
        """How often it was asked whether to stop, when the answer was no so many times."""
        answers = itertools.count()
        steps = finish(Compares(), request, result, options, lambda: next(answers) >= calls)
        with contextlib.suppress(Cancelled):
            list(steps)
            return next(answers)
        return calls

    most = cancelled_after(10**9)
    assert most > 20
    assert all(cancelled_after(calls) == calls for calls in range(0, most, most // 10))


def test_of_a_whole_color_table_regions_take_what_is_nearest_to_the_references() -> None:
    steps = range(0, 256, 17)
    table = Palette(tuple(Swatch(f"{r} {g} {b}", (r, g, b)) for r in steps for g in steps for b in steps))
    ink = rooms(2)
    made = finished(ink, in_rooms(ink, [RED, BLUE]), patches(RED, BLUE), palette=table)
    assert made.flats is not None
    colors = [made.flats.colors[label_in(made.regions, room) - 1] for room in range(2)]
    for color, wanted in zip(colors, (RED, BLUE), strict=True):
        assert np.abs(color.astype(int) - wanted).max() <= 17 and tuple(color.tolist()) in {
            s.color for s in table.swatches
        }

"""What a person is told to look at."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.finishing import Finished, repaint
from engine.inspection import DOUBTFUL, checks, doubts, found_right, notes, remaining, report
from engine.leaks import Leak
from engine.palette import Palette, Swatch
from tests.finishing import BLUE, RED, SKIN, WHITE, blotches, ellipses, finished, in_rooms, label_in, rooms


def doubtful() -> Finished:
    """Three rooms, of which the second is noise and the third a little."""
    ink = rooms(3, 60)
    guess = in_rooms(ink, [RED, BLUE, SKIN], 60)
    random = np.random.default_rng(0)
    guess[12:69, 72:129] = random.integers(0, 256, (57, 57, 3))
    guess[12:45, 132:189] = random.integers(0, 256, (33, 57, 3))
    return finished(ink, guess, palette=Palette((Swatch("hair", RED), Swatch("skin", SKIN))))


def test_doubtful_regions_the_worst_first() -> None:
    result = doubtful()
    found = doubts(result)
    assert [doubt.label for doubt in found] == [label_in(result.regions, room, 60) for room in (1, 2)]
    assert result.regions is not None
    assert result.flats is not None
    for doubt in found:
        assert result.regions.labels[doubt.y, doubt.x] == doubt.label
        assert doubt.area == result.regions.areas[doubt.label - 1]
        assert doubt.confidence == pytest.approx(result.flats.confidence[doubt.label - 1], abs=1e-4)
        assert doubt.confidence < DOUBTFUL
        assert doubt.color == tuple(result.color[doubt.y, doubt.x].tolist())
        assert doubt.swatch in ("hair", "skin", "Paper")


def test_a_sure_coloring_has_no_doubts() -> None:
    ink = rooms(2)
    result = finished(ink, in_rooms(ink, [RED, BLUE]), palette=Palette((Swatch("hair", RED), Swatch("coat", BLUE))))
    assert doubts(result) == []
    assert report(result)["confidence"] > 0.95


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_every_doubt_points_into_its_region(seed: int, locked: bool) -> None:
    result = finished(ellipses(seed), blotches(seed), locked=locked)
    assert result.regions is not None
    found = doubts(result)
    assert all(result.regions.labels[doubt.y, doubt.x] == doubt.label for doubt in found)
    assert all(doubt.swatch for doubt in found)
    losses = [(1.0 - doubt.confidence) * doubt.area**0.5 for doubt in found]
    np.testing.assert_allclose(losses, sorted(losses, reverse=True), rtol=1e-3)
    json.dumps(report(result), allow_nan=False)


def test_the_report_has_the_palette_with_its_areas() -> None:
    ink = rooms(3)
    palette = Palette((Swatch("hair", RED), Swatch("coat", BLUE), Swatch("shoes", (0, 0, 0))))
    result = finished(ink, in_rooms(ink, [RED, BLUE, RED]), palette=palette)
    told = json.loads(json.dumps(report(result)))
    shares = {one["name"]: one["share"] for one in told["palette"]}
    assert list(shares) == ["hair", "coat", "shoes", "Paper"]
    assert shares["hair"] == pytest.approx(2 * shares["coat"], rel=0.01)
    assert shares["shoes"] == 0.0
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-3)
    assert told["moved"] == {"mean": 0.0, "most": 0.0}
    assert told["regions"]["count"] == 4
    assert told["palette"][0]["color"] == list(RED)


def test_kept_colors_are_no_part_of_the_palette() -> None:
    ink = rooms(1)
    kept = np.dstack([in_rooms(ink, [(7, 8, 9)]), np.full(ink.shape, 255, np.uint8)])
    result = finished(ink, in_rooms(ink, [RED]), palette=Palette((Swatch("hair", RED),)), kept=kept)
    told = report(result)
    assert told["palette"][0]["share"] == 0.0
    assert told["moved"]["most"] == 0.0
    assert doubts(result) == []


def test_without_flats_and_without_a_palette() -> None:
    ink = rooms(1)
    plain = finished(ink, in_rooms(ink, [RED]), flats=False)
    assert (report(plain), doubts(plain), notes(plain)) == ({"flats": False}, [], [])
    told = report(finished(ink, in_rooms(ink, [RED]), locked=False))
    assert told["flats"]
    assert "palette" not in told
    assert "moved" not in told


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_drawings_without_regions(level: float) -> None:
    ink = np.full((20, 20), level, np.float32)
    result = finished(ink, np.full((20, 20, 3), WHITE, np.uint8))
    json.dumps(report(result), allow_nan=False)
    assert doubts(result) == []


def test_notes_tell_of_leaks() -> None:
    """Two rooms with an open door far wider than the gap, of two colors."""
    ink = np.ones((240, 240), np.float32)
    ink[20:23, 20:220] = ink[217:220, 20:220] = ink[20:220, 20:23] = ink[20:220, 217:220] = 0.0
    ink[20:108, 118:121] = ink[132:220, 118:121] = 0.0
    guess = np.full((240, 240, 3), 255, np.uint8)
    guess[20:220, 20:119], guess[20:220, 119:220] = RED, BLUE
    result = finished(ink, guess, gap=4)
    assert any(leak.kind == "escape" for leak in result.leaks)
    (note,) = notes(result)
    assert note.endswith((".", "more)"))
    assert len(report(result)["leaks"]) == len(result.leaks)
    assert report(result)["leaks"][0]["text"] in note


def test_notes_tell_of_drawings_too_busy() -> None:
    dots = (np.arange(900) % 3 < 1).astype(np.float32)
    ink = np.kron(dots[:, None] * dots[None], np.ones((2, 2), np.float32))
    result = finished(ink, np.full((*ink.shape, 3), RED, np.uint8), gap=0)
    assert result.regions is not None
    assert result.regions.simplified
    assert any("tiny" in note for note in notes(result))


def unsure(colors: list[tuple[int, int, int]], sure: list[float], size: int = 60) -> Finished:
    """Rooms in a row in these colors, each as sure as it is said; the paper is certain."""
    ink = rooms(len(colors), size)
    result = finished(ink, in_rooms(ink, colors, size), palette=Palette((Swatch("hair", RED), Swatch("skin", SKIN))))
    assert result.flats is not None
    confidence = np.ones(len(result.flats.confidence), np.float32)
    for room, certainty in enumerate(sure):
        confidence[label_in(result.regions, room, size) - 1] = certainty
    return replace(result, flats=replace(result.flats, confidence=confidence))


def labels_of(result: Finished, *chosen: int, size: int = 60) -> list[int]:
    return sorted(label_in(result.regions, room, size) for room in chosen)


def test_neighbors_of_one_color_are_one_thing_to_check() -> None:
    result = unsure([RED, RED, SKIN, RED], [0.1, 0.4, 0.3, 0.2])
    found = checks(result)
    assert [sorted(one.label for one in check.regions) for check in found] == [
        labels_of(result, 0, 1),
        labels_of(result, 3),
        labels_of(result, 2),
    ]
    assert found[0].regions[0].label == label_in(result.regions, 0, 60)  # what is most in doubt is looked at
    assert [check.weight for check in found] == sorted((check.weight for check in found), reverse=True)


def test_specks_and_sure_regions_are_not_listed() -> None:
    assert checks(unsure([RED, SKIN], [0.9, 0.6])) == []
    ink = np.ones((1000, 1000), np.float32)
    cv2.rectangle(ink, (500, 500), (512, 512), 0.0, 1)
    speck = finished(ink, np.full((1000, 1000, 3), 255, np.uint8))
    assert speck.flats is not None
    doubtful = replace(speck, flats=replace(speck.flats, confidence=np.zeros_like(speck.flats.confidence)))
    assert all(check.area > 1000 for check in checks(doubtful))


def test_only_where_color_ran_is_a_leak_to_check() -> None:
    result = unsure([RED, SKIN], [1.0, 1.0])
    label = label_in(result.regions, 0, 60)
    leaks = (Leak("opening", 5, 5, 9, (1, 2)), Leak("paper", 9, 9, 9, (1, 2)), Leak("escape", 40, 40, 7, (label,)))
    (check,) = checks(replace(result, leaks=leaks))
    assert (check.kind, check.x, check.y, check.leak) == ("ran", 40, 40, leaks[2])
    assert [one.label for one in check.regions] == [label]
    again = unsure([RED, SKIN], [0.1, 1.0])
    (doubt,) = checks(replace(again, leaks=leaks[2:]))  # it is in doubt already: one entry is enough
    assert doubt.kind == "doubt"


def test_what_was_found_right_is_not_asked_again_while_it_is_the_same() -> None:
    result = unsure([RED, RED, SKIN], [0.1, 0.4, 0.3])
    result = replace(result, leaks=(Leak("escape", 5, 5, 4, (label_in(result.regions, 2, 60),)),))
    found = checks(result)
    right = [one for check in found for one in found_right(result, check)]
    assert len(right) == 3
    assert remaining(result, found, ()) == found
    assert remaining(result, found, right) == []
    part = remaining(result, found, right[1:])  # of the first one a region is left
    assert [one.label for one in part[0].regions] == [found[0].regions[0].label]
    assert (part[0].x, part[0].y) == (found[0].regions[0].x, found[0].regions[0].y)
    for unlike in ({"color": BLUE}, {"area": right[0].area * 2}, {"area": right[0].area // 2}):
        assert remaining(result, found, [replace(one, **unlike) for one in right]) != []


def test_an_edit_of_a_swatch_changes_nothing_about_what_is_right() -> None:
    result = unsure([RED, SKIN], [0.1, 1.0])
    right = [one for check in checks(result) for one in found_right(result, check)]
    assert result.palette is not None
    edited = repaint(result, result.palette.with_color(0, BLUE))
    assert remaining(edited, checks(edited), right) == []


def test_a_place_where_color_ran_is_right_as_long_as_it_is_there() -> None:
    result = unsure([RED], [1.0])
    label = label_in(result.regions, 0, 60)
    leak = Leak("escape", 30, 30, 6, (label,))
    result = replace(result, leaks=(leak,))
    right = found_right(result, checks(result)[0])
    assert remaining(result, checks(result), right) == []
    elsewhere = replace(result, leaks=(replace(leak, x=60),))
    assert len(remaining(elsewhere, checks(elsewhere), right)) == 1

"""Looking a character sheet through: figures apart, copies and tiny pictures left out."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import TrainingError
from tests import sheets
from tests.characters import pictures
from trainer.character_sheet import LIMIT, SMALLEST, STORED_SIDE, Skipped, assemble, find_figures

Pixels = NDArray[np.uint8]


def scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def beside(*figures: Pixels, gap: int = 60) -> Pixels:
    """Figures side by side on white paper."""
    height = max(len(one) for one in figures) + 40
    columns = [np.full((height, gap, 3), 255, np.uint8)]
    for one in figures:
        column = np.full((height, one.shape[1], 3), 255, np.uint8)
        column[20 : 20 + len(one)] = one
        columns += [column, columns[0]]
    return np.concatenate(columns, axis=1)


def test_two_figures_far_apart_are_two_pictures() -> None:
    first, second = (scaled(one, 256, 256) for one in pictures(2))
    sheet = assemble([(Path("turnaround.png"), beside(first, second))])
    assert [picture.name for picture in sheet.pictures] == ["turnaround.png (1)", "turnaround.png (2)"]
    assert sheet.skipped == ()


def test_a_small_prop_beside_the_figure_is_no_figure() -> None:
    figure = scaled(pictures(1)[0], 256, 256)
    prop = np.full((40, 40, 3), 90, np.uint8)
    assert len(find_figures(beside(figure, prop))) == 1


def test_a_picture_without_white_paper_is_one() -> None:
    scene = np.full((200, 300, 3), 120, np.uint8)
    cv2.circle(scene, (70, 100), 40, (200, 40, 40), -1)
    cv2.circle(scene, (230, 100), 40, (40, 40, 200), -1)
    assert find_figures(scene) == [(slice(0, 200), slice(0, 300))]


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_figures_are_within_the_picture_and_from_left_to_right(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(1, 300)), data.draw(st.integers(1, 600))
    picture = np.full((height, width, 3), 255, np.uint8)
    for _ in range(data.draw(st.integers(0, 4))):
        x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
        cv2.circle(picture, (x, y), data.draw(st.integers(1, 120)), (30, 60, 90), -1)
    boxes = find_figures(picture)
    assert boxes and len(find_figures(np.full((1, 600, 3), 255, np.uint8))) == 1
    for rows, columns in boxes:
        assert 0 <= rows.start < rows.stop <= height and 0 <= columns.start < columns.stop <= width
    starts = [columns.start for _, columns in boxes]
    assert starts == sorted(starts)


def test_bands_and_chips_of_a_sheet_teach_nothing() -> None:
    made = sheets.in_row(sheets.plain((620, 1000)), [sheets.drawn(3, 0), sheets.drawn(3, 1)], top=110, space=80)
    made = sheets.with_chips(sheets.with_band(made), [sheets.LIME, (40, 60, 200)], 860, 100)
    found = assemble([(Path("sheet.png"), made.pixels)])
    assert len(found.pictures) == 2
    for one in found.pictures:
        assert not (np.abs(one.pixels.astype(int) - sheets.PINK).max(axis=2) < 20).any()
        assert not (np.abs(one.pixels.astype(int) - sheets.LIME).max(axis=2) < 20).any()


def test_copies_scaled_or_saved_anew_are_left_out_and_other_poses_stay() -> None:
    first, second = pictures(2)
    smaller = scaled(first, 110, 110)
    saved = np.asarray(cv2.imdecode(cv2.imencode(".jpg", first)[1], cv2.IMREAD_COLOR), np.uint8)
    shown = {"a.png": first, "b.png": smaller, "c.jpg": saved, "d.png": second}
    sheet = assemble((Path(name), pixels) for name, pixels in shown.items())
    assert [picture.name for picture in sheet.pictures] == ["a.png", "d.png"]
    assert [(one.path.name, "a.png" in one.why) for one in sheet.skipped] == [("b.png", True), ("c.jpg", True)]


def test_the_same_pose_in_other_colors_is_no_copy() -> None:
    first = pictures(1)[0]
    recolored = np.ascontiguousarray(first[..., ::-1])
    assert len(assemble([(Path("a.png"), first), (Path("b.png"), recolored)]).pictures) == 2


@pytest.mark.parametrize(
    ("pixels", "why"),
    [
        (np.full((SMALLEST - 1, 20, 3), 90, np.uint8), f"{SMALLEST - 1} pixels"),
        (np.full((200, 200, 3), 255, np.uint8), "nothing drawn"),
        (np.full((200, 200, 3), 90, np.uint8), "nothing drawn"),
    ],
)
def test_what_teaches_nothing_is_left_out_with_the_reason(pixels: Pixels, why: str) -> None:
    sheet = assemble([(Path("good.png"), pictures(1)[0]), (Path("bad.png"), pixels)])
    assert [one.path.name for one in sheet.skipped] == ["bad.png"]
    assert why in sheet.skipped[0].why
    with pytest.raises(TrainingError, match=f"bad.png: .*{why}"):
        assemble([(Path("bad.png"), pixels)])


def test_what_was_left_out_before_is_told_too() -> None:
    before = [Skipped(Path("torn.png"), "it cannot be read.")]
    assert assemble([(Path("good.png"), pictures(1)[0])], before).skipped == tuple(before)
    with pytest.raises(TrainingError, match=r"torn.png: it cannot be read"):
        assemble([], before)


def test_there_are_no_more_than_the_limit_and_none_larger_than_needed() -> None:
    rng = np.random.default_rng(1)
    noise = [scaled(rng.integers(0, 255, (9, 9, 3), np.uint8), 120, 120) for _ in range(LIMIT + 1)]
    sheet = assemble((Path(f"{number}.png"), one) for number, one in enumerate(noise))
    assert len(sheet.pictures) == LIMIT
    assert f"{LIMIT} pictures already" in sheet.skipped[0].why
    large = scaled(pictures(1)[0], 1500, 1000)
    assert max(assemble([(Path("large.png"), large)]).pictures[0].pixels.shape) == STORED_SIDE

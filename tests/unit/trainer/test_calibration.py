"""Whether certainty is true: of finished colorings, and as a table."""

from dataclasses import replace

import numpy as np
import pytest

from engine.color.flats import Flats
from tests.finishing import BLUE, RED, SKIN, finished, in_rooms, label_in, rooms
from trainer import calibration
from trainer.calibration import Certainty


def test_right_is_what_has_the_color_of_the_picture_and_paper_does_not_count() -> None:
    ink = rooms(3)
    made = finished(ink, in_rooms(ink, [RED, BLUE, SKIN]))
    assert made.regions is not None and made.flats is not None
    regions = made.regions
    assert regions is not None
    sure = np.linspace(0.1, 0.9, regions.count).astype(np.float32)
    made = replace(made, flats=Flats(made.flats.colors, sure))
    found = calibration.certainty_of(made, in_rooms(ink, [RED, RED, SKIN]))
    assert found is not None
    rooms_of = [label_in(made.regions, number) - 1 for number in range(3)]
    right = dict(zip(found.certainty.tolist(), found.right.tolist(), strict=True))
    assert [right[float(sure[room])] for room in rooms_of] == [True, False, True]
    assert len(found.area) == regions.count - 1  # all but the paper around the rooms
    assert calibration.certainty_of(replace(made, flats=None), in_rooms(ink, [RED, RED, SKIN])) is None


def some(area: list[float], right: list[bool], sure: list[float]) -> Certainty:
    return Certainty(np.array(area), np.array(right), np.array(sure, np.float32))


def test_a_bin_has_what_is_right_by_area() -> None:
    judged = [some([3.0, 1.0], [True, False], [0.91, 0.93]), some([4.0], [False], [0.2])]
    low, high = calibration.reliability(judged)
    assert low == pytest.approx((0.2, 0.0, 0.5))
    assert high == pytest.approx((0.915, 0.75, 0.5))
    assert calibration.right_of_sure(judged) == pytest.approx(0.75)


def test_nothing_is_said_of_nothing() -> None:
    assert calibration.reliability([]) == []
    assert np.isnan(calibration.right_of_sure([some([1.0], [True], [0.2])]))


def test_the_mark_stands_where_the_bar_should_end() -> None:
    row = calibration.as_text([calibration.Bin(0.5, 1.0, 0.25)])[1]
    assert row.split()[:3] == ["0.50", "1.00", "0.25"]
    assert row.index("|") - row.index("#") == 20

"""Carrying corrections over to another drawing: what is proposed, and what is not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import carrying
from engine.corrections import RGB, Corrections, Hint
from engine.finishing import Finished
from engine.line_art.regions import RegionMap
from engine.options import FinishOptions
from engine.palette import Palette
from engine.request import ColorizeRequest
from tests.finishing import BLUE, RED, SKIN, Compares, finished, in_rooms, label_in, rooms

ROOMS = 4


def middle(room: int) -> tuple[int, int]:
    return 30 + 40 * room, 30


def page(*votes: RGB, hints: tuple[Hint, ...] = (), kept: NDArray[np.uint8] | None = None) -> Finished:
    """A colored row of rooms."""
    ink = rooms(len(votes))
    return finished(ink, in_rooms(ink, list(votes)), corrections=Corrections(hints), kept=kept)


class Network(Compares):
    """Sees the same in rooms of the same number, and looks at BLUE in one room of the other drawing."""

    def __init__(self, blue: int | None, *, seen: bool = True) -> None:
        self.blue, self.sees = blue, seen

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32] | None:
        if not self.sees:
            return None
        seen = np.eye(regions.count, 32, 16, dtype=np.float32)
        for room in range(ROOMS):
            seen[label_in(regions, room) - 1] = np.eye(32, dtype=np.float32)[room]
        return seen

    def match(self, request: ColorizeRequest, regions: RegionMap, palette: Palette) -> NDArray[np.float32]:
        masses = np.full((regions.count, len(palette.swatches)), 0.01, np.float32)
        if self.blue is not None:
            number = [swatch.color for swatch in palette.swatches].index(BLUE)
            masses[label_in(regions, self.blue) - 1, number] = 0.9
        return masses


@pytest.fixture
def source() -> Finished:
    """RED everywhere, but a person said that room 1 is BLUE."""
    return page(RED, RED, RED, RED, hints=(Hint(*middle(1), BLUE),))


def test_the_same_region_of_another_drawing_is_proposed(source: Finished) -> None:
    target = page(RED, RED, RED, SKIN)
    (proposal,) = carrying.carry(Network(1), source, target)
    assert proposal.label == label_in(target.regions, 1)
    assert target.regions is not None
    assert target.regions.labels[proposal.y, proposal.x] == proposal.label
    assert (proposal.color, proposal.hint) == (BLUE, 0)
    assert carrying.LEAST <= proposal.confidence <= 1.0


def test_what_has_the_color_already_needs_no_proposal(source: Finished) -> None:
    target = page(RED, BLUE, RED, SKIN)
    assert carrying.carry(Network(1), source, target) == []


def test_regions_that_a_person_colored_are_left_alone(source: Finished) -> None:
    target = page(RED, RED, RED, RED, hints=(Hint(*middle(1), SKIN, spread=False),))
    assert carrying.carry(Network(1), source, target) == []


def test_kept_colors_are_left_alone(source: Finished) -> None:
    kept = np.zeros((60, 180, 4), np.uint8)
    kept[12:49, 52:89] = (*SKIN, 255)
    target = page(RED, RED, RED, RED, kept=kept)
    assert carrying.carry(Network(1), source, target) == []


def test_attention_on_the_color_makes_surer_and_nothing_below_the_threshold_is_proposed(source: Finished) -> None:
    target = page(RED, RED, RED, RED)
    (unlikely,), (likely,) = (carrying.carry(Network(blue), source, target, least=0.5) for blue in (None, 1))
    assert unlikely.confidence < likely.confidence
    assert carrying.carry(Network(None), source, target, least=unlikely.confidence + 0.01) == []


def test_the_surest_comes_first(source: Finished) -> None:
    hints = (Hint(*middle(1), BLUE), Hint(*middle(2), BLUE))
    several = replace(source, options=FinishOptions(corrections=Corrections(hints)))
    target = page(RED, RED, RED, RED)
    found = carrying.carry(Network(1), several, target, least=0.01)
    assert [proposal.confidence for proposal in found] == sorted((one.confidence for one in found), reverse=True)
    assert found[0].label == label_in(target.regions, 1)
    assert len({proposal.label for proposal in found}) == len(found)


def test_without_hints_flats_or_a_network_that_compares_there_is_nothing(source: Finished) -> None:
    target, plain = page(RED, RED, RED, RED), page(RED, RED, RED, RED)
    assert carrying.carry(Network(1), plain, target) == []
    assert carrying.carry(Network(1, seen=False), source, target) == []
    ink = rooms(ROOMS)
    guess = finished(ink, in_rooms(ink, [RED] * ROOMS), flats=False, locked=False)
    assert carrying.carry(Network(1), source, guess) == []
    assert carrying.carry(Network(1), source, source) == []

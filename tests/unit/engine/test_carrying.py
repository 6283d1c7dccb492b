"""Carrying corrections over to another drawing: what is proposed, and what is not."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine import carrying
from engine.color.swatch_choice import MatchedShares
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


class Matching(Network):
    """Finds the part that the person corrected in rooms of the other drawing, with these probabilities."""

    def __init__(self, blue: dict[int, float]) -> None:
        super().__init__(None)
        self.rooms = blue

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares:
        colors = [swatch.color for swatch in palette.swatches]
        shares = np.zeros((regions.count, len(colors)), np.float32)
        shares[:, colors.index(RED)] = 1.0
        for room, probability in self.rooms.items():
            at = label_in(regions, room) - 1
            shares[at] = 0.0
            shares[at, colors.index(BLUE)], shares[at, colors.index(RED)] = probability, 1.0 - probability
        return MatchedShares(shares, np.zeros(regions.count, np.float32))


def test_the_corrected_drawing_is_the_reference_where_parts_are_matched(source: Finished) -> None:
    target = page(RED, RED, RED, RED)
    (proposal,) = carrying.carry(Matching({2: 0.99}), source, target)
    assert (proposal.label, proposal.color, proposal.hint) == (label_in(target.regions, 2), BLUE, 0)
    assert proposal.confidence >= carrying.LEAST_BY_PARTS
    assert carrying.carry(Matching({2: 0.6}), source, target) == []


def test_the_same_mistake_again_is_surer_to_be_one(source: Finished) -> None:
    target = page(RED, RED, RED, SKIN)
    found = carrying.carry(Matching({2: 0.9, 3: 0.9}), source, target, least=0.1)
    assert [one.label for one in found] == [label_in(target.regions, room) for room in (2, 3)]
    assert found[0].confidence > found[1].confidence


def test_a_hint_that_another_one_covers_carries_nothing_over(source: Finished) -> None:
    hints = (Hint(*middle(1), SKIN), Hint(*middle(1), BLUE))
    covered = page(RED, RED, RED, RED, hints=hints)
    found = carrying.carry(Matching({2: 0.99}), covered, page(RED, RED, RED, RED), least=0.5)
    assert [one.color for one in found] == [BLUE]

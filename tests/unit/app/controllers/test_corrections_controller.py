"""Correcting a coloring: every verb is a step of the history, and the coloring follows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.document.parts import Coloring
from app.images import incoming
from engine.corrections import RGB, Corrections, Hint
from engine.inspection import Check, Doubt
from tests.fakes import FakeColorizer
from tests.window import color_both, write_picture

GREEN, WHITE = (20, 160, 40), (255, 255, 255)
ROOM, OUTSIDE = (48, 32), (5, 5)  # of `tests.fakes.line_drawing`: its box, and the paper around


@pytest.fixture
def colored(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    return nurie


def coloring_of(nurie: Nurie) -> Coloring:
    assert nurie.document.coloring is not None
    return nurie.document.coloring


def settled(nurie: Nurie) -> Callable[[], bool]:
    return lambda: not nurie.runner.jobs and coloring_of(nurie).settings == nurie.document.finish_settings


def color_at(nurie: Nurie, place: tuple[int, int]) -> RGB:
    red, green, blue = coloring_of(nurie).finished.color[place[1], place[0]].tolist()
    return red, green, blue


def regions_of(nurie: Nurie) -> int:
    regions = coloring_of(nurie).finished.regions
    assert regions is not None
    return regions.count


def test_a_hint_is_painted_undone_and_done_again(colored: Nurie, fake: FakeColorizer, qtbot: QtBot) -> None:
    before = color_at(colored, ROOM)
    colored.controllers.corrections.hint(*ROOM, GREEN)
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == GREEN
    assert color_at(colored, OUTSIDE) != GREEN
    assert colored.document.history.undo_text == "Color Hint"
    assert any(swatch.color == GREEN for swatch in coloring_of(colored).base.swatches)  # type: ignore[union-attr]
    colored.document.history.undo()
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == before
    colored.document.history.redo()
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == GREEN
    assert fake.matches == 1  # hints ask the network nothing


def test_a_second_hint_in_a_region_takes_the_place_of_the_first(colored: Nurie) -> None:
    controller = colored.controllers.corrections
    controller.hint(*ROOM, GREEN)
    controller.fill(ROOM[0] + 3, ROOM[1], WHITE)
    controller.fill(*OUTSIDE, GREEN)
    hints = (Hint(ROOM[0] + 3, ROOM[1], WHITE, spread=False), Hint(*OUTSIDE, GREEN, spread=False))
    assert colored.document.finish_settings.corrections.hints == hints


def test_a_region_that_is_filled_with_an_edited_swatch_follows_the_swatch(colored: Nurie, qtbot: QtBot) -> None:
    base = coloring_of(colored).base
    assert base is not None
    swatch = base.swatches[0]
    colored.controllers.finish.edit_swatch(swatch, replace(swatch, color=GREEN))
    qtbot.waitUntil(settled(colored))
    colored.controllers.corrections.fill(*ROOM, GREEN)
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == GREEN
    assert coloring_of(colored).base == base  # no second swatch of the same color
    colored.controllers.finish.edit_swatch(swatch, replace(swatch, color=(1, 2, 3)))
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == (1, 2, 3)


def test_the_color_that_a_swatch_had_before_its_edit_can_still_be_given(colored: Nurie, qtbot: QtBot) -> None:
    base = coloring_of(colored).base
    assert base is not None
    swatch = base.swatches[0]
    colored.controllers.finish.edit_swatch(swatch, replace(swatch, color=GREEN))
    colored.controllers.corrections.hint(*ROOM, swatch.color)
    qtbot.waitUntil(settled(colored))
    assert np.abs(np.subtract(color_at(colored, ROOM), swatch.color)).max() <= 1


def test_picking_takes_the_color_of_the_reference(colored: Nurie, qtbot: QtBot) -> None:
    colored.controllers.corrections.pick(0, 10, 10, *ROOM)
    qtbot.waitUntil(settled(colored))
    assert color_at(colored, ROOM) == (60, 120, 200)  # the upper left of `tests.fakes.color_picture`
    colored.controllers.corrections.pick(7, 0, 0, *ROOM)
    assert len(colored.document.finish_settings.corrections.hints) == 1


def test_regions_are_cut_joined_and_their_gaps_closed(colored: Nurie, qtbot: QtBot) -> None:
    controller, count = colored.controllers.corrections, regions_of(colored)
    controller.split(((48, 10), (48, 50)))
    qtbot.waitUntil(settled(colored))
    assert regions_of(colored) == count + 1
    controller.merge((40, 32), (60, 32))
    qtbot.waitUntil(settled(colored))
    assert regions_of(colored) == count
    controller.merge((40, 32), (60, 32))
    assert len(colored.document.finish_settings.corrections.merges) == 1  # they are one already
    controller.close_gap(((48, -9), (48, 900)))
    assert colored.document.finish_settings.corrections.gaps == (((48, 0), (48, 63)),)
    qtbot.waitUntil(settled(colored))
    assert np.array_equal(coloring_of(colored).finished.request.line_art.ink, colored.document.lines.line_art.ink)  # type: ignore[union-attr]


def test_a_click_takes_back_what_is_nearest(colored: Nurie, qtbot: QtBot) -> None:
    controller = colored.controllers.corrections
    controller.hint(*OUTSIDE, GREEN)
    controller.split(((48, 10), (48, 50)))
    qtbot.waitUntil(settled(colored))
    assert controller.remove_correction_at(51, 40)
    assert controller.remove_correction_at(90, 60)  # far from the dot, but in its region
    assert not colored.document.finish_settings.corrections
    assert not controller.remove_correction_at(90, 60)


def test_all_corrections_go_at_once_and_come_back(colored: Nurie) -> None:
    controller = colored.controllers.corrections
    controller.clear_corrections()
    controller.hint(*ROOM, GREEN)
    controller.split(((48, 10), (48, 50)))
    there = colored.document.finish_settings.corrections
    controller.clear_corrections()
    assert colored.document.finish_settings.corrections == Corrections()
    colored.document.history.undo()
    assert colored.document.finish_settings.corrections == there
    assert colored.document.history.texts[-3:] == ["Color Hint", "Split", "Clear Corrections"]


def test_without_flats_nothing_is_corrected_and_a_sentence_says_why(colored: Nurie) -> None:
    told: list[str] = []
    colored.controllers.coloring.noticed.connect(told.append)
    colored.controllers.finish.set_settings(replace(colored.document.finish_settings, flats=False))
    colored.controllers.corrections.hint(*ROOM, GREEN)
    assert not colored.document.finish_settings.corrections
    assert "flats" in told[-1]


def test_a_weight_colors_anew_and_drags_are_one_step(colored: Nurie, fake: FakeColorizer, qtbot: QtBot) -> None:
    controller = colored.controllers.corrections
    for weight in (0.9, 0.6, 0.3):
        controller.weigh_reference(0, weight)
    qtbot.waitUntil(lambda: len(fake.requests) == 2 and not colored.runner.jobs)
    assert [reference.weight for reference in fake.requests[-1].references] == [0.3]
    assert colored.document.history.undo_text == "Weigh Reference"
    colored.document.history.undo()
    assert colored.document.references[0].reference.weight == 1.0


def test_a_reference_is_kept_to_a_panel(colored: Nurie, fake: FakeColorizer, qtbot: QtBot) -> None:
    controller = colored.controllers.corrections
    controller.keep_reference_to_panel(0, None)  # as it is: no step
    controller.keep_reference_to_panel(0, 2)
    qtbot.waitUntil(lambda: len(fake.requests) == 2 and not colored.runner.jobs)
    assert colored.document.references[0].reference.panel == 2
    assert colored.document.history.undo_text == "Keep Reference to Panel"
    colored.document.history.undo()
    assert colored.document.references[0].reference.panel is None


def test_a_mask_is_set_and_one_that_leaves_nothing_is_not(colored: Nurie) -> None:
    controller = colored.controllers.corrections
    mask = np.zeros(colored.document.references[0].reference.pixels.shape[:2], np.bool_)
    controller.mask_reference(0, mask)
    assert colored.document.references[0].reference.mask is None
    mask[:20] = True
    controller.mask_reference(0, mask)
    assert colored.document.references[0].reference.mask is mask
    controller.mask_reference(0, None)
    assert colored.document.references[0].reference.mask is None


def test_the_background_of_a_reference_is_ignored(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    figure = np.full((80, 80, 3), (90, 140, 200), np.uint8)
    figure[20:60, 20:60] = (200, 60, 60)
    colored.controllers.coloring.add_references(incoming.from_files([write_picture(tmp_path / "figure.png", figure)]))
    qtbot.waitUntil(lambda: len(colored.document.references) == 2)
    before = colored.document.references
    colored.controllers.corrections.ignore_background(1)
    qtbot.waitUntil(lambda: colored.document.references != before)
    pixels = colored.document.references[1].reference.pixels
    assert (pixels[5, 5] == 255).all() and tuple(pixels[40, 40]) == (200, 60, 60)
    colored.document.history.undo()
    assert colored.document.references == before


def test_a_figure_on_paper_has_no_background(colored: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    figure = np.full((80, 80, 3), 255, np.uint8)
    figure[20:60, 20:60] = (200, 60, 60)
    colored.controllers.coloring.add_references(incoming.from_files([write_picture(tmp_path / "figure.png", figure)]))
    qtbot.waitUntil(lambda: len(colored.document.references) == 2)
    told: list[str] = []
    colored.controllers.coloring.noticed.connect(told.append)
    colored.controllers.corrections.ignore_background(1)
    qtbot.waitUntil(lambda: any("No background" in sentence for sentence in told))


def test_checks_come_one_after_another_and_begin_anew(colored: Nurie) -> None:
    checks = tuple(
        Check("doubt", 10 * place, 5, 0.5, (Doubt(1 + place % 2, 10 * place, 5, 100, 0.1 * place, GREEN, "green"),))
        for place in (1, 2, 3)
    )
    colored.document.set_coloring(replace(coloring_of(colored), checks=checks))
    shown: list[object] = []
    colored.controllers.corrections.check_shown.connect(shown.append)
    for _ in range(2):
        colored.controllers.corrections.next_check()
    colored.document.set_coloring(replace(coloring_of(colored), checks=checks[1:]))  # the first was set right
    for _ in range(2):
        colored.controllers.corrections.next_check()
    assert shown == [*checks, checks[1]]
    colored.document.set_coloring(replace(coloring_of(colored), checks=checks[2:]))  # the one that is looked at, too
    assert shown[-1] is None
    assert colored.controllers.corrections.next_check() == checks[2]


def test_without_checks_a_sentence_says_so(nurie: Nurie) -> None:
    told: list[str] = []
    nurie.controllers.coloring.noticed.connect(told.append)
    assert nurie.controllers.corrections.next_check() is None
    assert told == ["There is nothing to check."]

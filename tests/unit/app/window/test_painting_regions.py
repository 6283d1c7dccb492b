"""Correcting as a person does it: hints that show what follows, painting with regions, drawing them; by real events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.canvas.content import ViewMode
from app.document.parts import Coloring
from app.images import incoming
from engine.color.swatch_choice import MatchedShares
from engine.corrections import RGB
from engine.layering import to_stack
from engine.line_art.regions import RegionMap
from engine.palette import Palette
from engine.request import ColorizeRequest
from tests.fakes import FakeColorizer
from tests.finishing import rooms
from tests.unit.app.canvas.views import NO_KEYS, click, drag, hover, mouse, place
from tests.window import color_file, program, write_picture

BLUE: RGB = (60, 120, 200)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Doubtful(FakeColorizer):
    """Sees the same in all regions, and does not know which color is theirs."""

    described: int = 0

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32]:  # type: ignore[override]
        self.described += 1
        return np.tile(np.array([1.0, 0.0], np.float32), (regions.count, 1))

    def match_parts(
        self, request: ColorizeRequest, regions: RegionMap, palette: Palette, voted: NDArray[np.uint8] | None
    ) -> MatchedShares:
        shares = np.full((regions.count, len(palette.swatches)), 1.0 / len(palette.swatches), np.float32)
        return MatchedShares(shares, np.full(regions.count, 0.7, np.float32))


@pytest.fixture
def fake() -> Doubtful:
    return Doubtful()


@pytest.fixture
def three(qapp: QApplication, tmp_path: Path, fake: Doubtful, qtbot: QtBot) -> Iterator[Nurie]:
    """Three rooms beside each other, colored."""
    with program(qapp, tmp_path, fake) as nurie:
        line = np.repeat((rooms(3, 60) * 255).astype(np.uint8)[..., None], 3, axis=2)
        coloring = nurie.controllers.coloring
        coloring.add_references(incoming.from_files([color_file(tmp_path)]))
        coloring.open_drawing(incoming.from_files([write_picture(tmp_path / "rooms.png", line)]))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None)
        nurie.shell.context.set_color(BLUE)
        nurie.window.canvas.setFocus()
        yield nurie


def middle(room: int) -> tuple[int, int]:
    return 40 + 60 * room, 40


def coloring_of(nurie: Nurie) -> Coloring:
    assert nurie.document.coloring is not None
    return nurie.document.coloring


def colors(nurie: Nurie) -> list[RGB]:
    color = coloring_of(nurie).finished.color
    return [tuple(color[y, x].tolist()) for x, y in map(middle, range(3))]


def finished(nurie: Nurie, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not nurie.runner.jobs and coloring_of(nurie).settings == nurie.document.finish_settings)


def test_a_hint_shows_what_will_follow_then_flashes_it_and_says_so(three: Nurie, fake: Doubtful, qtbot: QtBot) -> None:
    canvas, before = three.window.canvas, colors(three)
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    asked, described = fake.matches, fake.described
    hover(canvas, place(canvas, *middle(0)))
    outlines = three.shell.context.outlines
    assert outlines is not None
    followers = three.shell.context.followers(outlines.label_at(*middle(0)))
    assert sorted(followers) == sorted(outlines.label_at(*middle(room)) for room in (1, 2))
    assert (fake.matches, fake.described) == (asked, described)  # the network was not asked for that
    click(canvas, place(canvas, *middle(0)))
    finished(three, qtbot)
    assert colors(three) == [BLUE] * 3
    assert canvas.flashing == 2
    assert three.window.status.message.text() == "2 regions followed · Shift: only this one"
    three.document.history.undo()
    finished(three, qtbot)
    assert colors(three) == before
    mouse(canvas, QEvent.Type.MouseButtonPress, place(canvas, *middle(0)), SHIFT)
    mouse(canvas, QEvent.Type.MouseButtonRelease, place(canvas, *middle(0)), SHIFT)
    finished(three, qtbot)
    assert colors(three) == [BLUE, *before[1:]]


def test_a_coloring_from_a_file_tells_who_follows_and_stays_as_it_is(three: Nurie, qtbot: QtBot) -> None:
    coloring = coloring_of(three)
    opened = replace(coloring, finished=replace(coloring.finished, stages=None, own=None))
    three.document.set_coloring(opened)
    outlines = three.shell.context.outlines
    assert outlines is not None
    label = outlines.label_at(*middle(0))
    assert list(three.shell.context.followers(label)) == []  # not yet
    qtbot.waitUntil(lambda: three.controllers.corrections.seen is not None)
    assert len(three.shell.context.followers(label)) == 2
    assert three.document.coloring is opened


def test_what_was_found_right_does_not_follow(three: Nurie, qtbot: QtBot) -> None:
    checks = three.document.current.checks
    outlines = three.shell.context.outlines
    assert checks and outlines is not None
    before = colors(three)
    for check in checks:
        three.controllers.corrections.settle(check)
    assert three.document.current.to_check == 0
    click_with(three, Qt.Key.Key_H, middle(0), qtbot)
    assert colors(three) == [BLUE, *before[1:]]


def click_with(nurie: Nurie, key: Qt.Key, at: tuple[int, int], qtbot: QtBot) -> None:
    qtbot.keyClick(nurie.window.canvas, key)
    click(nurie.window.canvas, place(nurie.window.canvas, *at))
    finished(nurie, qtbot)


@pytest.mark.parametrize("key", [Qt.Key.Key_F, Qt.Key.Key_P])
def test_a_drag_colors_many_regions_in_one_step(three: Nurie, qtbot: QtBot, key: Qt.Key) -> None:
    canvas, before = three.window.canvas, colors(three)
    qtbot.keyClick(canvas, key)
    hover(canvas, place(canvas, *middle(0)))
    canvas.grab()
    drag(canvas, [place(canvas, *middle(0)), place(canvas, *middle(1))])
    finished(three, qtbot)
    assert colors(three) == [BLUE, BLUE, before[2]]
    assert three.document.history.undo_text == "Fill 2 Regions"
    three.document.history.undo()
    finished(three, qtbot)
    assert colors(three) == before


def test_a_lasso_colors_what_it_holds(three: Nurie, qtbot: QtBot) -> None:
    canvas, before = three.window.canvas, colors(three)
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    loop = [(5, 5), (95, 5), (95, 75), (5, 75)]  # of the second room less than half
    drag(canvas, [place(canvas, *at) for at in loop])
    finished(three, qtbot)
    assert colors(three) == [BLUE, *before[1:]]


def test_a_selection_is_colored_at_once(three: Nurie, qtbot: QtBot) -> None:
    window, canvas, before = three.window, three.window.canvas, colors(three)
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    click(canvas, place(canvas, *middle(0)))
    click(canvas, place(canvas, *middle(2)), SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_F, SHIFT)
    finished(three, qtbot)
    assert colors(three) == [BLUE, before[1], BLUE]
    click(canvas, place(canvas, *middle(2)))
    three.actions["select_same"].trigger()
    assert len(three.shell.context.selected_labels) == 2
    assert window.status.message.text() == "2 regions are selected."
    three.shell.context.set_color((1, 2, 3))
    three.actions["fill_selection"].trigger()
    finished(three, qtbot)
    assert colors(three) == [(1, 2, 3), before[1], (1, 2, 3)]
    three.actions["deselect"].trigger()
    assert three.shell.context.selected_labels == ()


def test_a_blush_is_drawn_kept_and_taken_away(three: Nurie, qtbot: QtBot) -> None:
    """Exact in palette and layers; the eraser takes the region with its color."""
    canvas, before = three.window.canvas, colors(three)
    qtbot.keyClick(canvas, Qt.Key.Key_D)
    canvas.grab()
    x, y = middle(1)
    around = [(x - 12, y - 12), (x + 12, y - 12), (x + 12, y + 12), (x - 12, y + 12), (x - 12, y - 11)]
    drag(canvas, [place(canvas, *at) for at in around])
    finished(three, qtbot)
    assert colors(three) == [before[0], BLUE, before[2]]
    color = coloring_of(three).finished.color
    assert tuple(color[y - 20, x].tolist()) == before[1]
    (flats,) = (layer for layer in to_stack(coloring_of(three).finished).layers if layer.name == "Flats")
    assert tuple(flats.pixels[y, x, :3].tolist()) == BLUE
    palette = coloring_of(three).finished.palette
    assert palette is not None and BLUE in [swatch.color for swatch in palette.swatches]
    click_with(three, Qt.Key.Key_E, (x, y), qtbot)
    assert colors(three) == before
    assert not three.document.finish_settings.corrections


def test_brackets_change_the_brush(three: Nurie, qtbot: QtBot) -> None:
    size = three.shell.context.brush_size
    qtbot.keyClick(three.window.canvas, Qt.Key.Key_BracketRight)
    assert three.shell.context.brush_size > size
    for _ in range(2):
        qtbot.keyClick(three.window.canvas, Qt.Key.Key_BracketLeft)
    assert three.shell.context.brush_size < size


def test_the_reference_beside_the_drawing_gives_colors(three: Nurie, qtbot: QtBot) -> None:
    canvas = three.window.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_7)
    assert canvas.mode == ViewMode.WITH_REFERENCE
    qtbot.waitUntil(lambda: not three.runner.jobs)
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    three.shell.context.set_color((9, 9, 9))
    half = canvas.width() / 2
    click(canvas, QPointF(half / 2 - 10, canvas.height() / 2 - 10))
    assert three.shell.context.color == BLUE  # the upper left of the reference
    assert not three.document.finish_settings.corrections.hints
    at = place(canvas, *middle(0)) + QPointF(half, 0)
    click(canvas, at, NO_KEYS)
    finished(three, qtbot)
    assert colors(three)[0] == BLUE

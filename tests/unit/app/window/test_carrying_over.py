"""Carrying corrections over in the window: looked for, shown, chosen, one step of the history."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.dialogs.carry_over_dialog import CarryOverDialog
from app.images import incoming
from engine.corrections import Hint
from engine.line_art.regions import RegionMap
from engine.request import ColorizeRequest
from tests.fakes import FakeColorizer
from tests.window import color_both, line_file

BLUE, ROOM = (60, 120, 200), (48, 32)


class Alike(FakeColorizer):
    """Sees the same in regions of the same number."""

    def describe(self, request: ColorizeRequest, regions: RegionMap) -> NDArray[np.float32]:  # type: ignore[override]
        return np.eye(regions.count, 64, dtype=np.float32)


@pytest.fixture
def fake() -> FakeColorizer:
    return Alike()


def idle(nurie: Nurie) -> Callable[[], bool]:
    return lambda: not nurie.runner.jobs


@pytest.fixture
def three(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    """Three pages with the same drawing, colored; the first is shown and its room was hinted blue."""
    color_both(nurie, tmp_path, qtbot.waitUntil)
    first = nurie.document.page_id
    for name in ("two.png", "three.png"):
        nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path, name)]))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None and not nurie.runner.jobs)
    nurie.document.show_page(first)
    qtbot.waitUntil(idle(nurie))
    nurie.controllers.corrections.hint(*ROOM, BLUE)
    qtbot.waitUntil(lambda: not nurie.runner.jobs and nurie.document.coloring.settings.corrections.hints != ())  # type: ignore[union-attr]
    return nurie


def dialog_of(nurie: Nurie) -> CarryOverDialog | None:
    return next((one for one in nurie.window.findChildren(CarryOverDialog) if one.isVisible()), None)


def others(nurie: Nurie) -> list[tuple[Hint, ...]]:
    pages = nurie.document.pages
    return [page.finish_settings.corrections.hints for page in pages if page.id != nurie.document.page_id]


def test_what_is_checked_is_done_and_undone_at_once(three: Nurie, qtbot: QtBot) -> None:
    three.actions["carry_over"].trigger()
    qtbot.waitUntil(lambda: dialog_of(three) is not None)
    dialog = dialog_of(three)
    assert dialog is not None and len(dialog.checks) == 2
    shown = three.document.page_id
    qtbot.keyClick(dialog.checks[0], Qt.Key.Key_Space)
    assert not dialog.all.isChecked()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    (none, one) = others(three)
    assert none == ()
    assert [(hint.color, hint.spread) for hint in one] == [(BLUE, False)]
    assert three.document.page_id == shown
    assert three.document.history.undo_text == "Carry Over"
    three.document.history.undo()
    assert others(three) == [(), ()]
    three.document.history.redo()
    last = three.document.pages[-1].id
    three.document.show_page(last)
    qtbot.waitUntil(lambda: not three.runner.jobs and three.document.coloring is not None)
    qtbot.waitUntil(
        lambda: tuple(three.document.coloring.finished.color[ROOM[1], ROOM[0]].tolist()) == BLUE  # type: ignore[union-attr]
    )


def test_escape_changes_nothing_and_nothing_checked_cannot_be_carried_over(three: Nurie, qtbot: QtBot) -> None:
    three.controllers.corrections.carry_over_preview()
    qtbot.waitUntil(lambda: dialog_of(three) is not None)
    dialog = dialog_of(three)
    assert dialog is not None
    dialog.all.click()
    assert not any(box.isChecked() for box in dialog.checks)
    assert not dialog.apply.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert others(three) == [(), ()]


@pytest.mark.parametrize("hinted", [False, True])
def test_a_sentence_says_what_is_missing(nurie: Nurie, qtbot: QtBot, tmp_path: Path, hinted: bool) -> None:
    told: list[str] = []
    nurie.controllers.coloring.noticed.connect(told.append)
    color_both(nurie, tmp_path, qtbot.waitUntil)
    if hinted:
        nurie.controllers.corrections.hint(*ROOM, BLUE)
        qtbot.waitUntil(lambda: nurie.document.coloring.settings.corrections.hints != ())  # type: ignore[union-attr]
    nurie.controllers.corrections.carry_over_preview()
    assert ("no other colored drawing" if hinted else "by hand first") in told[-1]

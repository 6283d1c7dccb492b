"""Several drawings in one project: how they come in, are shown, ordered, renamed, removed, and colored at once."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.application import Nurie
from tests.fakes import FakeColorizer
from tests.window import color_file, drop, line_file, quiet, urls


def names(nurie: Nurie) -> list[str]:
    return [entry.name for entry in nurie.window.drawings.list.entries()]


def states(nurie: Nurie) -> list[str]:
    return [entry.state for entry in nurie.window.drawings.list.entries()]


@pytest.fixture
def three(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> Nurie:
    """Three drawings with one reference, the first of which is colored."""
    files = [line_file(tmp_path, f"{name}.png", 96 + 8 * index) for index, name in enumerate("abc")]
    drop(nurie.window.canvas, urls(*files, color_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    quiet(nurie, qtbot.waitUntil)
    return nurie


def test_several_line_arts_are_several_drawings(three: Nurie) -> None:
    assert names(three) == ["a", "b", "c"] and three.document.title == "a.png"
    assert states(three)[1:] == ["line_art", "line_art"]
    assert states(three)[0] in ("colored", "check")
    assert all(len(page.references) == 1 for page in three.document.pages)
    assert three.document.history.texts == ["Open Drawings"]
    three.actions["undo"].trigger()
    assert names(three) == [] and three.window.empty.isVisible()


def test_a_click_shows_a_drawing_and_colors_it(three: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    panel = three.window.drawings.list
    first = three.document.coloring
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=panel.visualItemRect(panel.item(1)).center())
    assert three.document.title == "b.png" and three.document.coloring is None
    qtbot.waitUntil(lambda: three.document.coloring is not None)
    quiet(three, qtbot.waitUntil)
    panel.setCurrentRow(0)
    quiet(three, qtbot.waitUntil)
    assert three.document.coloring is first and len(fake.requests) == 2  # it is not colored again
    assert three.window.canvas.content.size is not None and three.window.canvas.content.size.width() == 96


def test_leafing_by_keyboard(three: Nurie, qtbot: QtBot) -> None:
    three.window.activateWindow()
    three.window.canvas.setFocus()
    for title in ("b.png", "c.png", "a.png"):
        qtbot.keyClick(three.window.canvas, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
        assert three.document.title == title
    qtbot.keyClick(three.window.canvas, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert three.document.title == "c.png"


def test_order_by_keyboard(three: Nurie, qtbot: QtBot) -> None:
    panel = three.window.drawings.list
    panel.setFocus()
    qtbot.keyClick(panel, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert names(three) == ["b", "a", "c"] and panel.currentRow() == 1
    qtbot.keyClick(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert names(three) == ["a", "b", "c"]
    three.document.history.undo()
    assert names(three) == ["b", "a", "c"]


def test_rename(three: Nurie) -> None:
    panel = three.window.drawings.list
    panel.item(1).setText("  Cover ")
    assert names(three) == ["a", "Cover", "c"] and three.document.title == "a.png"
    panel.item(1).setText("")
    assert panel.item(1).text() == "Cover"
    three.document.history.undo()
    assert names(three) == ["a", "b", "c"] and three.document.page_id == three.document.pages[0].id


def test_remove_by_keyboard_and_bring_back(three: Nurie, qtbot: QtBot) -> None:
    coloring = three.document.coloring
    qtbot.keyClick(three.window.drawings.list, Qt.Key.Key_Delete)
    assert names(three) == ["b", "c"] and three.document.title == "b.png"
    three.document.history.undo()
    assert names(three) == ["a", "b", "c"] and three.document.coloring is coloring
    for _ in range(3):
        three.actions["remove_drawing"].trigger()
    assert names(three) == [] and three.window.empty.isVisible()


def test_settings_belong_to_a_drawing_and_references_to_its_character(three: Nurie, qtbot: QtBot) -> None:
    three.controllers.cast.remove(three.document.references)
    three.controllers.finish.set_settings(replace(three.document.finish_settings, gap=9))
    three.actions["next_drawing"].trigger()
    assert not three.document.references and three.window.strip.list.count() == 0
    assert three.document.finish_settings.gap is None and three.window.finish.automatic.isChecked()


def test_a_further_drawing_takes_over_what_is_shown(three: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    three.controllers.finish.set_settings(replace(three.document.finish_settings, shading="cel"))
    drop(three.window.drawings.list.viewport(), urls(line_file(tmp_path, "d.png")))
    qtbot.waitUntil(lambda: three.document.title == "d.png")
    assert names(three) == ["a", "b", "c", "d"]
    assert three.document.finish_settings.shading == "cel" and len(three.document.references) == 1


def test_color_all_colors_what_is_not_colored(three: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    assert three.actions["color_all"].isEnabled()
    shown = three.document.page_id
    three.actions["color_all"].trigger()
    qtbot.waitUntil(lambda: all(page.is_colored for page in three.document.pages))
    quiet(three, qtbot.waitUntil)
    assert len(fake.requests) == 3 and three.document.page_id == shown
    assert not three.actions["color_all"].isEnabled()
    assert "line_art" not in states(three) and "busy" not in states(three)
    three.actions["next_drawing"].trigger()
    quiet(three, qtbot.waitUntil)
    assert len(fake.requests) == 3 and three.document.current.coloring_is_current


def test_what_a_person_asks_for_comes_before_the_others(three: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    fake.gate = threading.Event()
    three.actions["color_all"].trigger()
    qtbot.waitUntil(lambda: len(fake.requests) == 2)
    qtbot.waitUntil(lambda: states(three)[1] == "busy")
    three.controllers.coloring.color_now()
    qtbot.waitUntil(lambda: len(fake.requests) == 3)
    assert fake.cancelled == 1
    assert fake.requests[2].line_art is three.document.lines.line_art  # type: ignore[union-attr]
    fake.gate.set()
    qtbot.waitUntil(lambda: all(page.is_colored for page in three.document.pages))


def test_esc_stops_coloring_all(three: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    fake.gate = threading.Event()
    three.actions["color_all"].trigger()
    qtbot.waitUntil(lambda: len(fake.requests) == 2)
    three.actions["cancel"].trigger()
    qtbot.waitUntil(lambda: fake.cancelled == 1)
    fake.gate.set()
    quiet(three, qtbot.waitUntil)
    assert len(fake.requests) == 2 and states(three)[1:] == ["line_art", "line_art"]


def test_a_coloring_goes_to_its_own_drawing(three: Nurie, qtbot: QtBot, fake: FakeColorizer) -> None:
    three.window.model.auto.setChecked(False)
    fake.gate = threading.Event()
    three.actions["next_drawing"].trigger()
    qtbot.waitUntil(lambda: three.document.lines is not None)
    three.controllers.coloring.color_now()
    qtbot.waitUntil(lambda: len(fake.requests) == 2)
    three.actions["next_drawing"].trigger()
    fake.gate.set()
    qtbot.waitUntil(lambda: three.document.pages[1].coloring is not None)
    assert three.document.coloring is None and three.document.title == "c.png"


def test_many_large_drawings_are_compressed_and_come_back(
    three: Nurie, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.controllers import projects

    three.controllers.drawings.color_all()
    qtbot.waitUntil(lambda: all(page.is_colored for page in three.document.pages))
    monkeypatch.setattr(projects, "KEPT_BYTES", 1)
    three.controllers.projects._make_room()
    qtbot.waitUntil(lambda: not three.document.pages[1].is_loaded, timeout=10_000)
    before = states(three)
    assert before[1] in ("colored", "check")
    asked = three.document.pages[1].references
    monkeypatch.setattr(projects, "KEPT_BYTES", 1 << 30)
    three.window.drawings.list.setCurrentRow(1)
    qtbot.waitUntil(lambda: three.document.title == "b.png" and three.document.coloring is not None)
    assert three.document.references == asked and three.document.current.coloring_is_current
    assert three.window.drawings.list.currentRow() == 1 and states(three) == before

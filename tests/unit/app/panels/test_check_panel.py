from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.panels.check_panel import CheckPanel, Entry
from engine.inspection import Check, Doubt

ENTRIES = [
    Entry("Two colors in one region", "One ran out.", 10, 20, 200.0),
    Entry("red, 12 % sure", "In doubt.", 30, 40, 300.0, (200, 0, 0)),
    Entry("blue, 30 % sure", "In doubt.", 50, 60, 160.0, (0, 0, 200)),
]


@pytest.fixture
def panel(qtbot: QtBot) -> CheckPanel:
    made = CheckPanel()
    qtbot.addWidget(made)
    made.resize(220, 200)
    made.show()
    made.show_entries(ENTRIES, "")
    return made


@pytest.fixture
def chosen(panel: CheckPanel) -> list[Entry]:
    found: list[Entry] = []
    panel.chosen.connect(found.append)
    return found


def test_arrow_keys_walk_through_the_places(panel: CheckPanel, chosen: list[Entry], qtbot: QtBot) -> None:
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert chosen == ENTRIES[:2]


def test_a_click_shows_the_place_again(panel: CheckPanel, chosen: list[Entry], qtbot: QtBot) -> None:
    middle = panel.list.visualItemRect(panel.list.item(2)).center()
    for _ in range(2):
        chosen.clear()
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert chosen[-1] == ENTRIES[2]


def test_a_new_list_chooses_nothing(panel: CheckPanel, chosen: list[Entry]) -> None:
    panel.list.setCurrentRow(1)
    chosen.clear()
    recolored = replace(ENTRIES[1], text="blue, 12 % sure", color=(0, 0, 200))
    panel.show_entries([ENTRIES[0], recolored, ENTRIES[2]], "")
    assert panel.list.currentRow() == 1  # the same places: only a color was edited
    assert panel.list.item(1).text() == "blue, 12 % sure"
    panel.show_entries([replace(ENTRIES[0], x=1)], "")
    assert panel.list.currentRow() == -1
    assert panel.list.item(0).toolTip() == "One ran out."
    panel.show_entries([], "Nothing to check.")
    assert panel.list.count() == 0
    assert chosen == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_says_that_the_chosen_place_is_right(panel: CheckPanel, qtbot: QtBot, key: Qt.Key) -> None:
    settled: list[Entry] = []
    panel.settled.connect(settled.append)
    panel.list.setFocus()
    panel.list.setCurrentRow(1)
    qtbot.keyClick(panel.list, key)
    assert settled == [ENTRIES[1]]


def test_the_menu_of_a_row_says_that_it_is_right(panel: CheckPanel, qtbot: QtBot) -> None:
    settled: list[Entry] = []
    panel.settled.connect(settled.append)
    panel.list.customContextMenuRequested.emit(panel.list.visualItemRect(panel.list.item(2)).center())
    (menu,) = panel.findChildren(QMenu)
    menu.actions()[0].trigger()
    assert settled == [ENTRIES[2]]


def test_a_check_that_is_shown_elsewhere_is_chosen_here(panel: CheckPanel, chosen: list[Entry]) -> None:
    check = Check("doubt", 1, 2, 0.5, (Doubt(1, 1, 2, 90, 0.2, (1, 2, 3), "red"),))
    panel.show_entries([ENTRIES[0], replace(ENTRIES[1], check=check)], "")
    chosen.clear()
    panel.select(check)
    assert panel.list.currentRow() == 1
    panel.select(None)
    assert panel.list.currentRow() == -1
    assert chosen == []

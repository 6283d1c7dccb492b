from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.check_panel import Check, CheckPanel

CHECKS = [
    Check("Two colors in one region", "One ran out.", 10, 20, 200.0),
    Check("red, 12 % sure", "In doubt.", 30, 40, 300.0, (200, 0, 0)),
    Check("Open outline, 3 px", "Open.", 50, 60, 160.0),
]


@pytest.fixture
def panel(qtbot: QtBot) -> CheckPanel:
    made = CheckPanel()
    qtbot.addWidget(made)
    made.resize(220, 200)
    made.show()
    made.show_checks(CHECKS, "")
    return made


@pytest.fixture
def chosen(panel: CheckPanel) -> list[Check]:
    found: list[Check] = []
    panel.chosen.connect(found.append)
    return found


def test_arrow_keys_walk_through_the_places(panel: CheckPanel, chosen: list[Check], qtbot: QtBot) -> None:
    panel.list.setFocus()
    panel.list.setCurrentRow(0)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert chosen == CHECKS[:2]


def test_a_click_shows_the_place_again(panel: CheckPanel, chosen: list[Check], qtbot: QtBot) -> None:
    middle = panel.list.visualItemRect(panel.list.item(2)).center()
    for _ in range(2):
        chosen.clear()
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert chosen[-1] == CHECKS[2]


def test_a_new_list_chooses_nothing(panel: CheckPanel, chosen: list[Check]) -> None:
    panel.list.setCurrentRow(1)
    chosen.clear()
    recolored = replace(CHECKS[1], text="blue, 12 % sure", color=(0, 0, 200))
    panel.show_checks([CHECKS[0], recolored, CHECKS[2]], "")
    assert panel.list.currentRow() == 1  # the same places: only a color was edited
    assert panel.list.item(1).text() == "blue, 12 % sure"
    panel.show_checks([replace(CHECKS[0], x=1)], "")
    assert panel.list.currentRow() == -1
    assert panel.list.item(0).toolTip() == "One ran out."
    panel.show_checks([], "Nothing to check.")
    assert panel.list.count() == 0
    assert chosen == []

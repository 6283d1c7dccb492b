import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.panels.finish_panel import FinishPanel
from engine.options import GAP_MAX, FinishOptions


@pytest.fixture
def panel(qtbot: QtBot) -> FinishPanel:
    made = FinishPanel()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def told(panel: FinishPanel) -> list[FinishOptions]:
    settings: list[FinishOptions] = []
    panel.changed.connect(settings.append)
    return settings


def test_every_control_changes_its_setting(panel: FinishPanel, told: list[FinishOptions]) -> None:
    panel.surface.setCurrentIndex(1)
    panel.locked.click()
    panel.shading.setCurrentIndex(2)
    panel.automatic.click()
    panel.gap.setValue(9)
    panel.flats.click()
    assert [one.surface for one in told] == ["flat"] * 6
    assert [(one.flats, one.locked, one.shading, one.gap) for one in told] == [
        (True, True, "off", None),
        (True, False, "off", None),
        (True, False, "cel", None),
        (True, False, "cel", 0),
        (True, False, "cel", 9),
        (False, False, "cel", 9),
    ]


def test_showing_settings_is_silent(panel: FinishPanel, told: list[FinishOptions]) -> None:
    panel.show_settings(FinishOptions(flats=False, locked=False, shading="soft", gap=GAP_MAX))
    assert told == []
    assert not panel.flats.isChecked()
    assert panel.shading.currentData() == "soft"
    assert panel.gap.value() == GAP_MAX


def test_without_flats_the_rest_is_off_and_says_why(panel: FinishPanel) -> None:
    panel.flats.click()
    for widget in (panel.locked, panel.surface, panel.shading, panel.gap, panel.automatic):
        assert not widget.isEnabled()
        assert "flats" in widget.toolTip()
    panel.flats.click()
    assert panel.shading.isEnabled()
    assert not panel.gap.isEnabled()
    assert "automatic" in panel.gap.toolTip()


def test_the_gap_that_was_chosen_is_shown_and_taken_over(panel: FinishPanel, told: list[FinishOptions]) -> None:
    assert panel.gap.text() == "–"
    panel.show_used_gap(7)
    assert panel.gap.text() == "7 px"
    panel.automatic.click()
    assert told[-1].gap == 7
    panel.show_used_gap(3)  # of a coloring from before
    assert panel.gap.value() == 7


def test_by_keyboard(panel: FinishPanel, told: list[FinishOptions], qtbot: QtBot) -> None:
    qtbot.keyClick(panel.flats, Qt.Key.Key_Space)
    qtbot.keyClick(panel.flats, Qt.Key.Key_Space)
    qtbot.keyClick(panel.shading, Qt.Key.Key_Down)
    assert told[-1].shading == "soft"
    qtbot.keyClick(panel.automatic, Qt.Key.Key_Space)
    qtbot.keyClick(panel.gap, Qt.Key.Key_Up)
    assert told[-1].gap == 1


def test_a_surface_needs_the_lock_and_says_so(panel: FinishPanel) -> None:
    panel.show_settings(FinishOptions(surface="soft"))
    assert panel.surface.currentData() == "soft" and panel.surface.isEnabled()
    panel.locked.click()
    assert not panel.surface.isEnabled()
    assert "locked" in panel.surface.toolTip()

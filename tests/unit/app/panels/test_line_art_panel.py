"""The line-art panel: levels and specks, slid, typed and shown."""

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from app.panels.line_art_panel import LineArtPanel
from app.settings import Settings
from engine.options import LineOptions


@pytest.fixture
def panel(qtbot: QtBot) -> LineArtPanel:
    made = LineArtPanel()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def changes(panel: LineArtPanel) -> list[LineOptions]:
    found: list[LineOptions] = []
    panel.changed.connect(found.append)
    return found


def test_every_step_of_a_slider_is_a_change_once(panel: LineArtPanel, changes: list[LineOptions], qtbot: QtBot) -> None:
    qtbot.keyClick(panel.despeckle.slider, Qt.Key.Key_Right)
    qtbot.keyClick(panel.despeckle.slider, Qt.Key.Key_Right)
    panel.white.spin.setValue(200)
    assert changes == [LineOptions(despeckle=1), LineOptions(despeckle=2), LineOptions(levels=(0, 200), despeckle=2)]
    assert (panel.despeckle.spin.value(), panel.white.slider.value()) == (2, 200)


def test_black_and_white_never_meet(panel: LineArtPanel, changes: list[LineOptions]) -> None:
    panel.white.slider.setValue(100)
    panel.black.slider.setValue(150)
    assert changes[-1].levels == (150, 151)
    panel.white.slider.setValue(20)
    assert changes[-1].levels == (19, 20)
    assert (panel.black.value(), panel.white.value()) == (19, 20)
    panel.black.slider.setValue(254)
    assert changes[-1].levels == (254, 255)


def test_what_is_shown_is_no_change(panel: LineArtPanel, changes: list[LineOptions]) -> None:
    panel.show_settings(LineOptions(sigma=0.45, soft=True, levels=(20, 230), despeckle=5))
    assert (panel.black.value(), panel.white.value(), panel.despeckle.value()) == (20, 230, 5)
    assert changes == []
    panel.sharp.setChecked(True)
    assert changes == [LineOptions(sigma=0.45, levels=(20, 230), despeckle=5)]


def test_the_note_says_when_the_ink_is_cleaned(panel: LineArtPanel) -> None:
    panel.show_origin(False)
    assert "stays as it is" in panel.note.text()
    panel.despeckle.slider.setValue(3)
    assert "cleaned" in panel.note.text()
    panel.despeckle.slider.setValue(0)
    assert "stays as it is" in panel.note.text()


def test_levels_and_specks_belong_to_a_drawing_and_nonsense_is_not_read(qtbot: QtBot, tmp_path: object) -> None:
    store = QSettings(f"{tmp_path}/nurie.ini", QSettings.Format.IniFormat)
    settings = Settings(store)
    assert settings.lines == LineOptions()
    settings.lines = LineOptions(sigma=0.45, levels=(12, 240), despeckle=7)
    again = Settings(QSettings(f"{tmp_path}/nurie.ini", QSettings.Format.IniFormat))
    assert again.lines == LineOptions(sigma=0.45)
    for key, value in (("lines/levels", "[250, 3]"), ("lines/despeckle", "many")):
        store.setValue(key, value)
    assert settings.lines == LineOptions(sigma=0.45)

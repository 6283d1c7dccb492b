import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QAbstractSpinBox
from pytestqt.qtbot import QtBot

from app.document.parts import LayerChoice
from app.panels.layers_panel import LayersPanel
from app.panels.reference_view import ReferencePanel


@pytest.fixture
def panel(qtbot: QtBot) -> ReferencePanel:
    view = ReferencePanel()
    qtbot.addWidget(view)
    view.show()
    return view


def test_showing_a_reference_asks_for_nothing(panel: ReferencePanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.weight_changed):
        panel.show_reference("sheet.png", 0.35, masked=True)
    assert panel.weight.value() == 35
    assert panel.percent.text() == "35 %"
    assert panel.everything.isEnabled()


def test_the_weight_goes_from_nothing_to_twice(panel: ReferencePanel) -> None:
    panel.show_reference("sheet.png", 1.0, masked=False)
    asked: list[float] = []
    panel.weight_changed.connect(asked.append)
    panel.weight.setValue(panel.weight.maximum())
    panel.weight.setValue(panel.weight.minimum())
    assert asked == [2.0, 0.0]


def test_a_reference_is_for_all_panels_or_for_one(panel: ReferencePanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.panel_chosen):
        panel.show_reference("coat.png", 1.0, masked=False, panel=3)
    assert panel.panel.value() == 3
    asked: list[int] = []
    panel.panel_chosen.connect(asked.append)
    panel.panel.setValue(2)
    panel.panel.setValue(0)
    assert asked == [2, 0]
    assert panel.panel.text() == "all"


def test_the_brush_is_what_the_buttons_say(panel: ReferencePanel) -> None:
    panel.show_reference("sheet.png", 1.0, masked=False)
    panel.show_masking(True)
    assert (panel.brush.ignores, panel.brush.rectangle, panel.brush.size) == (True, False, 40)
    panel.bring_back.click()
    panel.size_box.setValue(90)
    panel.by_rectangle.click()
    assert (panel.brush.ignores, panel.brush.rectangle, panel.brush.size) == (False, True, 90)
    assert not panel.size_box.isEnabled()


def test_everything_is_named_and_explained(panel: ReferencePanel, qtbot: QtBot) -> None:
    layers = LayersPanel()
    qtbot.addWidget(layers)
    for part in (panel, layers):
        for kind in (QAbstractButton, QAbstractSlider, QAbstractSpinBox):
            for widget in part.findChildren(kind):
                assert widget.toolTip(), widget
                assert widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()), widget


def test_layers(qtbot: QtBot) -> None:
    layers = LayersPanel()
    qtbot.addWidget(layers)
    assert layers.choice == LayerChoice()
    asked: list[LayerChoice] = []
    layers.changed.connect(asked.append)
    for box in layers.boxes.values():
        box.click()
    assert asked[0] == LayerChoice(lines=False)
    assert asked[-1] == LayerChoice(lines=False, shading=False, colors=False, paper=False)
    assert [choice.hides_colors for choice in asked] == [False, True, True, True]

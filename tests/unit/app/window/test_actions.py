from dataclasses import replace

from PySide6.QtWidgets import QApplication

from app import paths
from app.application import Nurie
from app.window.actions import Actions, State, table
from engine.colorizer import Abilities
from tests.fakes import FakeModel


def test_ids_and_shortcuts_are_unique(qapp: QApplication) -> None:
    ids = [spec.id for spec in table()]
    assert len(set(ids)) == len(ids)
    actions = Actions()
    keys = [sequence.toString() for action in actions.all() for sequence in action.shortcuts()]
    assert len(set(keys)) == len(keys)


def test_every_action_is_explained_and_names_its_shortcut(qapp: QApplication) -> None:
    actions = Actions()
    for action in actions.all():
        assert action.toolTip()
        if not action.shortcut().isEmpty():
            assert "(" in action.toolTip()


def test_icons_exist() -> None:
    for spec in table():
        assert not spec.icon or (paths.resources() / "icons" / f"{spec.icon}.svg").exists()


def test_enabled_when(qapp: QApplication) -> None:
    actions = Actions()
    enabled = {action.objectName() for action in actions.all() if action.isEnabled()}
    assert {"open_drawing", "open_references", "paste_drawing", "quit", "about"} <= enabled
    assert not {"export", "copy_result", "color", "cancel", "fit", "remove_references", "open_sample"} & enabled
    actions.update(State(has_drawing=True, has_lines=True, has_references=True, has_result=True, is_busy=True))
    for name in ("export", "copy_result", "color", "cancel", "fit"):
        assert actions[name].isEnabled()


def test_a_disabled_action_says_what_is_missing(qapp: QApplication) -> None:
    actions = Actions()
    assert "flats" in actions["show_confidence"].toolTip()
    assert "(5)" in actions["show_confidence"].toolTip()
    actions.update(State(has_drawing=True, has_result=True, has_regions=True))
    assert actions["show_confidence"].isEnabled()
    assert "flats" not in actions["show_confidence"].toolTip()
    actions.update(State())
    assert "flats" in actions["show_confidence"].toolTip()


def test_what_cannot_be_adapted_says_so(qapp: QApplication) -> None:
    actions = Actions()
    for name in ("adapt", "finetune"):
        action = actions[name]
        actions.update(State(can_adapt=False, has_references=True))
        assert not action.isEnabled() and "cannot be adapted" in action.toolTip()
        actions.update(State(can_adapt=True, has_references=True))
        assert action.isEnabled() and "cannot be adapted" not in action.toolTip()
    actions.update(State())
    assert not actions["adapt"].isEnabled() and "Add a reference" in actions["adapt"].toolTip()
    actions.update(State(can_adapt=False))
    assert "cannot be adapted" in actions["adapt"].toolTip(), "the reason changes while it stays disabled"


def test_a_model_that_cannot_learn_disables_adapting(nurie: Nurie) -> None:
    model = replace(FakeModel("fake"), abilities=Abilities(masks=True))
    nurie.controllers.coloring.list_models([model])
    assert not nurie.actions["finetune"].isEnabled()
    nurie.controllers.coloring.list_models([FakeModel("fake")])
    assert nurie.actions["finetune"].isEnabled()

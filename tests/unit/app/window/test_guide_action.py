"""Help › Guide in the program."""

from pytestqt.qtbot import QtBot

from app import paths
from app.application import Nurie
from app.dialogs.guide import GuideWindow


def test_it_opens_in_the_program(nurie: Nurie, qtbot: QtBot) -> None:
    page = paths.resources() / "docs" / "guide.md"
    assert nurie.actions["guide"].shortcut().toString() == "Shift+F1"
    nurie.actions["guide"].trigger()
    (window,) = nurie.window.findChildren(GuideWindow)
    assert window.isVisible()
    assert window.view.path == page
    nurie.themes.choose("light")
    nurie.themes.choose("dark")
    assert window.view.path == page

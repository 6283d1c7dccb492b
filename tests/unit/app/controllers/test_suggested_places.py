"""Where things are to be saved if nothing else is said: never among the program's own files."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app import paths
from app.application import Nurie
from tests.window import color_both


def test_beside_the_drawing_but_not_beside_the_sample(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    color_both(nurie, tmp_path, qtbot.waitUntil)
    places = nurie.controllers.projects, nurie.controllers.coloring
    assert [one.suggested_path().parent for one in places] == [tmp_path, tmp_path]
    with monkeypatch.context() as patch:
        patch.setattr(paths, "resources", lambda: tmp_path)
        patch.setattr(type(nurie.settings), "open_folder", tmp_path.parent)
        assert [one.suggested_path().parent for one in places] == [tmp_path.parent, tmp_path.parent]

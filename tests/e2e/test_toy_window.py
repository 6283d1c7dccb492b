"""Engines that are nothing like SGA color in the window, from their model files, with nothing there that knows them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.images import incoming
from tests import toy_engines
from tests.toy_engines import STEPS, STYLE
from tests.window import color_file, line_file, program


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    with toy_engines.registered():
        yield


@pytest.mark.parametrize("architecture", [STYLE, STEPS])
def test_a_toy_engine_colors_in_the_window(
    architecture: str, qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    toy_engines.write_model(tmp_path / "models" / "toy.safetensors", architecture)
    with program(qapp, tmp_path, shipped=True) as nurie:
        nurie.controllers.coloring.use_model("toy")
        nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path)]))
        qtbot.waitUntil(lambda: nurie.document.lines is not None)
        nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None, timeout=60_000)
        coloring = nurie.document.coloring
        assert coloring is not None and coloring.model == "toy"
        assert coloring.finished.flats is not None and coloring.finished.palette is not None
        with qtbot.waitSignal(nurie.controllers.coloring.save_ended) as ended:
            nurie.controllers.coloring.save(tmp_path / "out.psd")
        assert ended.args == [True]

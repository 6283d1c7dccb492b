"""Engines that are nothing like SGA color in the window, from their model files, with nothing there that knows them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import paths
from app.images import incoming
from app.project_file.arrays import Blobs
from app.project_file.page_codec import PageCodec
from engine import model_catalog
from engine.options import Sampling
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


def test_seed_steps_and_guidance_are_there_for_engines_that_heed_them(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    for architecture in (STYLE, STEPS):
        toy_engines.write_model(tmp_path / "models" / f"{architecture}.safetensors", architecture)
    with program(qapp, tmp_path, shipped=True) as nurie:
        panel = nurie.window.model
        paths.announce_models()
        nurie.controllers.coloring.list_models(model_catalog.installed())
        controls = panel.sampling

        def choose(name: str) -> None:
            panel.combo.setCurrentIndex([model.name for model in nurie.controllers.coloring.models].index(name))

        def guess() -> NDArray[np.uint8]:
            qtbot.waitUntil(
                lambda: not nurie.runner.jobs and nurie.document.current.coloring_is_current, timeout=60_000
            )
            assert nurie.document.coloring is not None
            return nurie.document.coloring.result.color

        assert controls.isHidden(), "the shipped one paints in one pass"
        choose(STYLE)
        assert controls.isHidden()
        choose(STEPS)
        assert controls.isVisibleTo(nurie.window)
        nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(tmp_path)]))
        qtbot.waitUntil(lambda: nurie.document.lines is not None)
        nurie.controllers.coloring.add_references(incoming.from_files([color_file(tmp_path)]))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None, timeout=60_000)
        plain = guess()
        for box, typed, wanted in (
            (controls.seed, "7", Sampling(7)),
            (controls.steps, "2", Sampling(7, 2)),
            (controls.guidance, "3", Sampling(7, 2, 3.0)),
        ):
            before = guess()
            box.setFocus()
            box.selectAll()
            qtbot.keyClicks(box, typed)
            qtbot.keyClick(box, Qt.Key.Key_Return)
            assert nurie.document.sampling == wanted
            assert (guess() != before).any(), typed
        nurie.document.history.undo()
        assert controls.guidance.text() == controls.guidance.specialValueText()
        assert nurie.document.new_page(nurie.document.current).sampling == Sampling(7, 2)
        codec = PageCodec()
        blobs = Blobs()
        record = codec.record(nurie.document.current, blobs)
        assert record.sampling == Sampling(7, 2)
        assert codec.page(record, blobs, 5).sampling == Sampling(7, 2)
        for _ in range(2):
            nurie.document.history.undo()
        np.testing.assert_array_equal(guess(), plain)

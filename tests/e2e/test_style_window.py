"""Choosing the engine for the style of any picture in the window: colored anew, undone, kept in the project."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import paths
from app.panels.model_panel import ModelPanel
from engine import model_catalog
from tests.style_engines import write_model
from tests.window import color_both, program, quiet


def test_engines_are_switched_undone_and_kept(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    write_model(tmp_path / "models" / "mood.safetensors")
    with program(qapp, tmp_path, shipped=True) as nurie:
        paths.announce_models()
        nurie.controllers.coloring.list_models(model_catalog.installed())
        panel = nurie.window.panel(ModelPanel)
        first = color_both(nurie, tmp_path, lambda done: qtbot.waitUntil(done, timeout=60_000))
        panel.combo.setCurrentIndex(panel.combo.findText("Tiny style"))
        assert panel.card.text() == "For tests.\nLicense: CC0"

        def colored_by(name: str) -> bool:
            return nurie.document.coloring is not None and nurie.document.coloring.model == name

        qtbot.waitUntil(lambda: colored_by("mood"), timeout=60_000)
        quiet(nurie, lambda done: qtbot.waitUntil(done, timeout=60_000))
        nurie.controllers.projects.save(tmp_path / "page.nurie")
        qtbot.waitUntil(lambda: not nurie.runner.jobs and (tmp_path / "page.nurie").is_file())
        nurie.document.history.undo()
        qtbot.waitUntil(lambda: colored_by(first.model), timeout=60_000)
        nurie.controllers.projects.open(tmp_path / "page.nurie")
        qtbot.waitUntil(lambda: nurie.document.model == "mood" and colored_by("mood"), timeout=60_000)

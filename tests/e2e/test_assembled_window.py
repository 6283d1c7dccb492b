"""A model assembled of a person's own files, in the window: listed, painting in steps, deleted, and lost."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import paths
from app.finetune import models
from app.finetune.models_dialog import ModelsDialog
from app.images import incoming
from engine import assembling, model_catalog
from engine.pipeline import run
from tests import stable_toys as toys
from tests.window import color_file, line_file, program


def test_it_paints_in_the_window_and_says_what_it_needs_and_lacks(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    paths.announce_models()
    chosen = toys.files(tmp_path / "files")._replace(lines=None)
    run(assembling.assemble("Mine", chosen, sizes=toys.SIZES))
    with program(qapp, tmp_path, shipped=True) as nurie:
        nurie.settings.auto_color = False
        panel, coloring = nurie.window.model, nurie.controllers.coloring
        coloring.list_models(model_catalog.installed())
        panel.combo.setCurrentIndex([model.name for model in coloring.models].index("Mine"))
        assert panel.combo.currentText() == "Mine" and "GB of memory" in panel.card.text()
        assert panel.sampling.mode.isVisibleTo(nurie.window) and not panel.adapt.isEnabled()
        coloring.open_drawing(incoming.from_files([line_file(tmp_path)]))
        qtbot.waitUntil(lambda: nurie.document.lines is not None)
        coloring.add_references(incoming.from_files([color_file(tmp_path)]))
        qtbot.waitUntil(lambda: len(nurie.document.references) == 1 and not nurie.runner.jobs, timeout=60_000)
        panel.sampling.steps.setValue(2)
        panel.button.click()
        qtbot.waitUntil(lambda: nurie.document.coloring is not None and not nurie.runner.jobs, timeout=120_000)
        assert nurie.document.coloring is not None
        result = nurie.document.coloring.result
        assert np.ptp(result.color) > 0 and any("without a ControlNet (--lines)" in note for note in result.notes)


def test_the_list_of_models_deletes_it_and_says_where_files_are_lost(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    paths.announce_models()
    chosen = toys.files(tmp_path / "files")
    run(assembling.assemble("Mine", chosen, sizes=toys.SIZES))
    dialog = ModelsDialog()
    qtbot.addWidget(dialog)

    def row() -> int:
        shown = run(models.list_all())
        dialog.show_models(shown, None)
        return [one.entry.name for one in shown].index("Mine")

    dialog.list.setCurrentRow(row())
    assert dialog.list.currentItem().text() == "Mine (assembled)"
    assert dialog.delete.isEnabled() and "the files it points to stay" in dialog.delete.toolTip()
    assert dialog.use.isEnabled() and "sd15.safetensors" in dialog.card.toPlainText()
    chosen.base.unlink()
    dialog.list.setCurrentRow(row())
    assert dialog.list.currentItem().text() == "Mine (cannot be used)"
    assert "not there any more" in dialog.card.toPlainText()
    assert dialog.delete.isEnabled() and not dialog.use.isEnabled()
    assert run(models.delete("Mine")) == "Mine"
    assert not (tmp_path / "models" / "Mine.safetensors").exists()

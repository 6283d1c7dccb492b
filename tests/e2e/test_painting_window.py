"""Painting in steps in the window: modes with their lines, previews under the ink, stopping, painting once more."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import paths
from app.application import Nurie
from app.canvas.tools.mask_tool import FigureTool, MaskTool
from app.canvas.tools.tool import Spot
from app.images import incoming
from app.images.pyramid import Pyramid
from app.project_file.arrays import Blobs
from app.project_file.page_codec import PageCodec
from engine import model_catalog
from engine.diffusion import modes
from engine.options import Sampling
from tests import toy_engines
from tests.toy_engines import DIVIDED, STEPS, STYLE, Canvas, DividedNetwork
from tests.window import color_file, line_file, program


@pytest.fixture(autouse=True)
def toys() -> Iterator[None]:
    with toy_engines.registered():
        yield


@contextmanager
def painting(qapp: QApplication, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nurie]:
    """A window with a drawing, a reference, and the engine that paints figure and background apart."""
    monkeypatch.setenv("NURIE_MODELS", str(folder / "models"))
    (folder / "models").mkdir()
    for architecture in (STYLE, STEPS, DIVIDED):
        toy_engines.write_model(folder / "models" / f"{architecture}.safetensors", architecture)
    with program(qapp, folder, shipped=True) as nurie:
        paths.announce_models()
        nurie.settings.auto_color = False
        nurie.controllers.coloring.list_models(model_catalog.installed())
        names = [model.name for model in nurie.controllers.coloring.models]
        nurie.window.model.combo.setCurrentIndex(names.index(DIVIDED))
        nurie.controllers.coloring.open_drawing(incoming.from_files([line_file(folder)]))
        qtbot.waitUntil(lambda: nurie.document.lines is not None)
        nurie.controllers.coloring.add_references(incoming.from_files([color_file(folder)]))
        qtbot.waitUntil(lambda: len(nurie.document.references) == 1 and not nurie.runner.jobs, timeout=60_000)
        yield nurie


def colored(nurie: Nurie, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not nurie.runner.jobs and nurie.document.coloring is not None, timeout=60_000)


def test_modes_say_when_they_are_right_and_are_there_for_engines_that_have_them(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painting(qapp, qtbot, tmp_path, monkeypatch) as nurie:
        controls = nurie.window.model.sampling
        assert [controls.mode.itemText(row) for row in range(4)] == ["Auto", "Vanilla", "Bg2Fig", "Fig2Fig"]
        for row in range(4):
            controls.mode.setCurrentIndex(row)
            mode = controls.mode.itemData(row)
            assert nurie.document.sampling.mode == mode
            assert controls.when.text() == controls.mode.itemData(row, Qt.ItemDataRole.ToolTipRole) == modes.WHEN[mode]
        assert controls.mode.isVisibleTo(nurie.window) and controls.again.isVisibleTo(nurie.window)
        assert not controls.sketch_guidance.isVisibleTo(nurie.window)
        assert nurie.document.history.undo_text == "Mode"
        names = [model.name for model in nurie.controllers.coloring.models]
        nurie.window.model.combo.setCurrentIndex(names.index(STEPS))
        assert not controls.mode.isVisibleTo(nurie.window) and controls.seed.isVisibleTo(nurie.window)


def test_again_paints_with_another_seed_as_an_undo_step_and_dice_only_throw(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painting(qapp, qtbot, tmp_path, monkeypatch) as nurie:
        controls = nurie.window.model.sampling
        qtbot.mouseClick(controls.dice, Qt.MouseButton.LeftButton)
        thrown = nurie.document.sampling.seed
        assert thrown != 0 and not nurie.runner.jobs, "coloring is not automatic"
        seeds = [thrown]
        for _ in range(2):
            qtbot.mouseClick(controls.again, Qt.MouseButton.LeftButton)
            colored(nurie, qtbot)
            assert nurie.document.coloring is not None
            painted = nurie.document.coloring.result.sampling
            assert painted is not None and painted.seed == nurie.document.sampling.seed == controls.seed.value()
            seeds.append(painted.seed)
        assert len(set(seeds)) == 3 and nurie.document.history.undo_text == "Paint Again"
        for seed in seeds[-2::-1]:
            nurie.document.history.undo()
            assert nurie.document.sampling.seed == seed


def test_previews_sharpen_under_the_ink_and_esc_stops(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painting(qapp, qtbot, tmp_path, monkeypatch) as nurie:
        canvas, shown = nurie.window.canvas, list[Pyramid | None]()
        set_preview = canvas.set_preview
        monkeypatch.setattr(canvas, "set_preview", lambda one: (shown.append(one), set_preview(one)))
        go_on, advance = threading.Semaphore(0), DividedNetwork.advance

        def slowly(self: DividedNetwork, state: Canvas, number: int) -> Canvas:
            go_on.acquire(timeout=60)
            return advance(self, state, number)

        monkeypatch.setattr(DividedNetwork, "advance", slowly)
        nurie.controllers.coloring.set_sampling(Sampling(steps=3, mode="vanilla"))
        nurie.window.actions_table["color"].trigger()
        for count in (1, 2):
            go_on.release()
            qtbot.waitUntil(lambda count=count: len(shown) == count, timeout=60_000)
            assert shown[-1] is not None and shown[-1].size == canvas.picture_size
        go_on.release()
        colored(nurie, qtbot)
        assert shown[-1] is None, "the colors are there"
        coloring = nurie.document.coloring
        nurie.window.actions_table["color"].trigger()
        go_on.release()
        qtbot.waitUntil(lambda: shown[-1] is not None, timeout=60_000)
        nurie.window.actions_table["cancel"].trigger()
        assert shown[-1] is None and not nurie.runner.jobs
        assert nurie.document.coloring is coloring
        go_on.release(9)
        monkeypatch.setattr(DividedNetwork, "advance", advance)
        nurie.window.actions_table["color"].trigger()
        qtbot.waitUntil(lambda: nurie.document.coloring is not coloring, timeout=60_000)


def test_the_mask_of_the_figure_is_shown_corrected_and_kept(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painting(qapp, qtbot, tmp_path, monkeypatch) as nurie:
        window, document, canvas = nurie.window, nurie.document, nurie.window.canvas
        nurie.controllers.coloring.set_sampling(Sampling(mode="fig2fig"))
        window.actions_table["show_figure"].trigger()
        qtbot.waitUntil(lambda: canvas._figure is not None and not nurie.runner.jobs, timeout=60_000)
        window.actions_table["tool_mask"].trigger()
        tool = canvas.tool
        assert isinstance(tool, FigureTool) and tool.index == -1
        found = tool.mask.copy()
        window.reference_view.bring_back.setChecked(True)
        window.reference_view.by_rectangle.setChecked(True)
        tool.press(Spot(0.5, 0.5))
        tool.release(Spot(9.5, 9.5))
        assert document.figure is not None and document.figure.inside[:10, :10].all()
        assert np.array_equal(document.figure.inside[10:], found[10:])
        inside = document.figure.inside
        qtbot.waitUntil(lambda: not nurie.runner.jobs and tool.mask is inside, timeout=60_000)
        window.actions_table["color"].trigger()
        colored(nurie, qtbot)
        request = document.current.request()
        assert request is not None and request.figure is not None and document.current.coloring_is_current
        codec, blobs = PageCodec(), Blobs()
        record = codec.record(document.current, blobs)
        again = codec.page(record, blobs, 5)
        assert again.figure is not None and np.array_equal(again.figure.inside, inside)
        content = again.stored.load(again) if again.stored is not None else None
        assert content is not None and content.coloring is not None
        made_for = content.coloring.finished.request.figure
        assert made_for is not None and np.array_equal(made_for, request.figure)
        assert content.coloring.result.sampling == Sampling(steps=4, mode="vanilla")
        window.actions_table["find_figure"].trigger()
        assert document.figure is None and not document.current.coloring_is_current
        document.history.undo()
        assert document.figure is not None
        window.actions_table["show_colored"].trigger()
        assert canvas._figure is None and canvas.tool is None


def test_the_mask_of_a_references_figure_is_painted_in_its_view(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with painting(qapp, qtbot, tmp_path, monkeypatch) as nurie:
        window, document, view = nurie.window, nurie.document, nurie.window.reference_view
        window.actions_table["tool_mask"].trigger()
        qtbot.waitUntil(lambda: isinstance(view.canvas.tool, MaskTool), timeout=60_000)
        assert type(view.canvas.tool) is MaskTool and view.of_figure.isVisibleTo(window)
        view.of_figure.setChecked(True)
        qtbot.waitUntil(lambda: isinstance(view.canvas.tool, FigureTool), timeout=60_000)
        tool = view.canvas.tool
        assert isinstance(tool, FigureTool) and tool.index == 0
        view.bring_back.setChecked(True)
        view.by_rectangle.setChecked(True)
        tool.press(Spot(0.5, 0.5))
        tool.release(Spot(5.5, 5.5))
        reference = document.references[0].reference
        assert reference.mask is None and reference.figure_mask is not None
        assert (reference.figure_mask[:6, :6] == 1.0).all()
        codec, blobs = PageCodec(), Blobs()
        record = codec.reference(reference, blobs)
        (item,) = PageCodec().references((record,), blobs)
        assert np.array_equal(item.reference.figure_mask, reference.figure_mask)  # type: ignore[arg-type]
        view.all_wanted.emit()
        assert document.references[0].reference.figure_mask is None
        names = [model.name for model in nurie.controllers.coloring.models]
        window.model.combo.setCurrentIndex(names.index(STYLE))
        assert not view.of_figure.isVisibleTo(window) and not view.of_figure.isChecked()

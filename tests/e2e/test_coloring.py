"""Lines and colors: live thickness, newest request wins, Esc, errors."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Nurie
from engine.errors import CheckpointError, RequestError
from tests.fakes import FakeColorizer, FakeModel
from tests.window import color_file, drop, error_dialogs, line_file, quiet, urls


def open_both(nurie: Nurie, folder: Path) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(folder)))
    drop(nurie.window.canvas, urls(line_file(folder)))


def test_color_picture_is_offered_for_extraction(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    drop(nurie.window.canvas, urls(color_file(tmp_path, "page.png")))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    assert nurie.document.lines is None
    assert nurie.window.canvas.content.picture is not None
    assert not nurie.actions["color"].isEnabled()
    nurie.window.offer.buttons["extract"].click()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert nurie.document.lines is not None
    assert nurie.document.lines.line_art.extracted
    assert not nurie.window.offer.isVisible()
    assert nurie.window.line_art.mode.currentData() == "extract"


def test_color_picture_as_reference_instead(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(color_file(tmp_path)))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    nurie.window.offer.buttons["reference"].click()
    qtbot.waitUntil(lambda: len(nurie.document.references) == 1)
    assert nurie.document.drawing is None
    assert nurie.window.empty.isVisible()


def test_color_picture_as_line_art(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    drop(nurie.window.canvas, urls(color_file(tmp_path)))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    nurie.window.offer.buttons["ink"].click()
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    assert nurie.document.lines is not None
    assert not nurie.document.lines.line_art.extracted


def test_slider_redraws_lines_and_asks_for_colors(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    drop(nurie.window.canvas, urls(color_file(tmp_path, "page.png")))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    nurie.window.offer.buttons["extract"].click()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    before = nurie.document.lines
    slider = nurie.window.line_art.slider
    assert (slider.minimum(), slider.maximum()) == (30, 50)
    slider.setValue(47)
    assert nurie.window.line_art.spin.value() == pytest.approx(0.47)
    qtbot.waitUntil(lambda: nurie.document.lines is not before)
    assert nurie.document.lines is not None
    assert nurie.document.lines.settings.sigma == pytest.approx(0.47)
    qtbot.waitUntil(lambda: fake.requests[-1].sigma == pytest.approx(0.47))
    assert nurie.settings.lines.sigma == pytest.approx(0.47)


def test_slider_by_keyboard(nurie: Nurie, qtbot: QtBot) -> None:
    slider = nurie.window.line_art.slider
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert nurie.document.line_settings.sigma == pytest.approx(0.41)
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert nurie.document.line_settings.sigma == pytest.approx(0.50)


def test_thickness_leaves_own_ink_alone(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    open_both(nurie, tmp_path)
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    lines = nurie.document.lines
    nurie.window.line_art.slider.setValue(33)
    qtbot.waitUntil(lambda: len(fake.requests) == 2)
    assert nurie.document.lines is lines
    assert fake.requests[-1].sigma == pytest.approx(0.33)


def test_newest_request_wins(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    fake.gate = threading.Event()
    open_both(nurie, tmp_path)
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    assert nurie.window.status.bar.isVisible()
    for sigma in (31, 32, 33):
        nurie.window.line_art.slider.setValue(sigma)
    qtbot.waitUntil(lambda: len(fake.requests) == 2)
    assert fake.cancelled == 1
    fake.gate.set()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert fake.requests[-1].sigma == pytest.approx(0.33)
    assert len(fake.requests) == 2


def test_esc_cancels(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    fake.gate = threading.Event()
    open_both(nurie, tmp_path)
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    qtbot.waitUntil(nurie.actions["cancel"].isEnabled)
    nurie.window.activateWindow()
    nurie.window.canvas.setFocus()
    qtbot.keyClick(nurie.window.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: fake.cancelled == 1)
    assert nurie.document.coloring is None
    assert not nurie.actions["cancel"].isEnabled()
    assert "Cancelled" in nurie.window.status.message.text()
    fake.gate.set()
    nurie.actions["color"].trigger()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)


def test_not_colored_unasked_when_switched_off(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    nurie.window.model.auto.setChecked(False)
    open_both(nurie, tmp_path)
    qtbot.waitUntil(nurie.actions["color"].isEnabled)
    quiet(nurie, qtbot.waitUntil)
    assert fake.requests == []
    nurie.window.model.button.click()
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    assert not nurie.settings.auto_color


def test_what_is_missing_is_said(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    nurie.controllers.coloring.color_now()
    assert "Open a drawing" in nurie.window.status.message.text()
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    qtbot.waitUntil(lambda: nurie.document.lines is not None)
    nurie.controllers.coloring.color_now()
    assert "Add a reference" in nurie.window.status.message.text()


def test_error_for_the_person(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    fake.failure = RequestError("The reference is too small; choose a larger one.")
    open_both(nurie, tmp_path)
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    (dialog,) = error_dialogs(nurie)
    assert dialog.label.text() == "The reference is too small; choose a larger one."
    assert not dialog.details.isVisible()
    assert not dialog.copy_button.isVisible()


def test_our_own_bug_has_details_to_copy(nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer) -> None:
    fake.failure = ZeroDivisionError("oops")
    open_both(nurie, tmp_path)
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    (dialog,) = error_dialogs(nurie)
    assert "ZeroDivisionError: oops" in dialog.details.toPlainText()
    dialog.copy_button.click()
    assert "ZeroDivisionError: oops" in QApplication.clipboard().text()


def test_all_white_drawing(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    from tests.window import write_picture

    drop(nurie.window.canvas, urls(write_picture(tmp_path / "white.png", np.full((40, 40, 3), 255, np.uint8))))
    qtbot.waitUntil(lambda: bool(error_dialogs(nurie)))
    assert "no lines" in error_dialogs(nurie)[0].label.text()


def test_removing_and_reordering_references(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    strip = nurie.window.strip
    drop(strip.list.viewport(), urls(*(color_file(tmp_path, f"{name}.png") for name in "abc")))
    qtbot.waitUntil(lambda: len(nurie.document.references) == 3)
    strip.list.setCurrentRow(0)
    qtbot.keyClick(strip.list, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert [item.reference.name for item in nurie.document.references] == ["b.png", "a.png", "c.png"]
    assert strip.list.currentRow() == 1
    assert nurie.actions["remove_references"].isEnabled()
    nurie.actions["remove_references"].trigger()
    assert [item.reference.name for item in nurie.document.references] == ["b.png", "c.png"]
    assert not nurie.actions["remove_references"].isEnabled()


def test_another_model_colors_again(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    open_both(nurie, tmp_path)
    nurie.controllers.coloring.list_models([FakeModel("one", title="One"), FakeModel("two", title="Two")])
    qtbot.waitUntil(lambda: nurie.document.coloring is not None)
    nurie.window.model.combo.setCurrentIndex(1)
    qtbot.waitUntil(lambda: nurie.document.coloring is not None and nurie.document.coloring.text["Model"] == "two")
    assert nurie.settings.model == "two"


def test_a_model_that_is_gone_gives_way_to_the_default(nurie: Nurie) -> None:
    nurie.controllers.coloring.use_model("gone")
    nurie.controllers.coloring.list_models([FakeModel("one", title="One")])
    assert nurie.controllers.service.model is None
    assert nurie.settings.model is None


def test_warm_up_without_a_model_is_said_quietly(nurie: Nurie, qtbot: QtBot) -> None:
    def find(_name: str | None) -> FakeModel:
        raise CheckpointError("No model is installed; put one into the models folder.")

    nurie.controllers.service._find = find
    nurie.controllers.service.warm_up()
    assert "Warming up" in nurie.window.status.message.text()
    qtbot.waitUntil(lambda: "No model is installed" in nurie.window.model.problem.text())
    assert error_dialogs(nurie) == []


def test_warm_up_ends_in_ready(nurie: Nurie, qtbot: QtBot) -> None:
    nurie.controllers.service.warm_up()
    qtbot.waitUntil(lambda: nurie.window.status.message.text() == "Ready")


def test_what_was_asked_for_is_said_before_the_warm_up(nurie: Nurie, tmp_path: Path) -> None:
    """Though it has to wait for it, or it would look as if nobody had heard."""
    nurie.controllers.service.warm_up()
    drop(nurie.window.canvas, urls(line_file(tmp_path)))
    nurie.controllers.service.warm_up()
    assert "Warming up" not in nurie.window.status.message.text() != ""

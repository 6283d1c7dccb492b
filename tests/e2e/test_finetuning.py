"""The window while a model is adapted: nothing heavy on the GUI thread, nobody left behind when it closes."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWizard
from pytestqt.qtbot import QtBot

from app.application import Nurie
from app.finetune.wizard.wizard import FinetuneWizard
from engine import images, model_catalog
from engine.export import png
from engine.line_art import prepare, xdog
from tests import children
from tests.fakes_finetune import make_child
from tests.finetuning import figure
from tests.window import Watchdog, drop, later, urls, write_picture
from trainer import character_sheet

Button = QWizard.WizardButton


@pytest.fixture
def wizard(nurie: Nurie, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FinetuneWizard:
    monkeypatch.setenv("NURIE_MODELS", str(tmp_path / "models"))
    nurie.controllers.finetune._make_child = make_child(steps=60, delay=0.005)
    nurie.actions["finetune"].trigger()
    (opened,) = nurie.window.findChildren(FinetuneWizard)
    qtbot.waitExposed(opened)
    return opened


def sheet(folder: Path) -> Path:
    inside = folder / "Mio"
    inside.mkdir()
    for number in range(8):
        write_picture(inside / f"{number}.png", figure(number, 900))
    return inside


def note(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, where: dict[str, set[bool]]) -> None:
    function = getattr(module, name)

    def noted(*arguments: Any, **options: Any) -> Any:
        where.setdefault(name, set()).add(threading.current_thread() is threading.main_thread())
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, noted)


def test_nothing_heavy_runs_on_the_gui_thread(
    wizard: FinetuneWizard,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """From a folder to the verdict. The longest stall is recorded, not judged: shared machines stall too."""
    where: dict[str, set[bool]] = {}
    heavy = (
        (images, "read"),
        (prepare, "detect"),
        (xdog, "xdog"),
        (png, "write_png"),
        (cv2, "resize"),
        (character_sheet, "assemble"),
        (model_catalog, "installed"),
    )
    for module, name in heavy:
        note(monkeypatch, module, name, where)
    folder = sheet(tmp_path)
    later()
    with Watchdog() as dog:
        drop(wizard.pictures.list.viewport(), urls(folder))
        qtbot.waitUntil(wizard.pictures.isComplete, timeout=20_000)
        QTest.mouseClick(wizard.button(Button.NextButton), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "70 s" in wizard.learning.time.text(), timeout=20_000)
        for sigma in range(30, 51, 5):
            wizard.learning.slider.setValue(sigma)
            later()
        QTest.mouseClick(wizard.button(Button.CommitButton), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: wizard.currentPage() is wizard.verdict, timeout=20_000)
        qtbot.waitUntil(lambda: all(view.image is not None for view in wizard.verdict._views))
    record_property("longest_stall_ms", round(dog.worst * 1000))
    assert where == {name: {False} for _, name in heavy}
    assert wizard.draft.name == "Mio"


def test_closing_the_program_while_it_trains_ends_the_child_and_keeps_the_run(
    nurie: Nurie, wizard: FinetuneWizard, qtbot: QtBot, tmp_path: Path
) -> None:
    nurie.controllers.finetune._make_child = make_child(hold_at=3)
    drop(wizard.pictures.list.viewport(), urls(sheet(tmp_path)))
    qtbot.waitUntil(wizard.pictures.isComplete, timeout=20_000)
    QTest.mouseClick(wizard.button(Button.NextButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(wizard.learning.isComplete, timeout=20_000)
    QTest.mouseClick(wizard.button(Button.CommitButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.run is not None and wizard.run.progress is not None, timeout=20_000)
    nurie.window.close()
    nurie.controllers.finetune.close()
    assert children.living() == {}
    (run,) = nurie.controllers.finetune.runs
    assert (run.folder / "window.json").exists()
    assert (run.folder / "checkpoint").exists()

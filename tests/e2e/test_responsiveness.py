"""The event loop is not held up while pictures are read, lines made, colors computed and files written."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import pytest
from pytestqt.qtbot import QtBot

from app.application import Nurie
from engine import images
from engine.export import writing
from engine.line_art import prepare
from tests.fakes import FakeColorizer, color_picture
from tests.window import Watchdog, color_file, drop, later, line_file, quiet, urls, write_picture


def test_nothing_heavy_runs_on_the_gui_thread(
    nurie: Nurie,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """The whole walk of a large drawing. The longest stall is recorded, not judged: shared machines stall too."""
    where: dict[str, set[bool]] = {}
    for module, name in (
        (images, "read"),
        (prepare, "detect"),
        (prepare, "prepare"),
        (writing, "write_png"),
        (cv2, "resize"),
    ):
        _note_thread(monkeypatch, module, name, where)
    line = line_file(tmp_path, "large.png", 3000, 2400)
    reference = write_picture(tmp_path / "reference.png", color_picture(1500, 1500))
    quiet(nurie, qtbot.waitUntil)
    with Watchdog() as dog:
        drop(nurie.window.strip.list.viewport(), urls(reference))
        drop(nurie.window.canvas, urls(line))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None, timeout=20_000)
        for sigma in range(30, 51, 5):
            nurie.window.line_art.slider.setValue(sigma)
            later()
        with qtbot.waitSignal(nurie.controllers.coloring.save_ended, timeout=20_000):
            nurie.controllers.coloring.save(tmp_path / "out.png")
    record_property("longest_stall_ms", round(dog.worst * 1000))
    assert where == {name: {False} for name in ("read", "detect", "prepare", "write_png", "resize")}


def _note_thread(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, where: dict[str, set[bool]]) -> None:
    """Note for each call of a function whether it ran on the GUI thread."""
    function = getattr(module, name)

    def noted(*arguments: Any, **options: Any) -> Any:
        where.setdefault(name, set()).add(threading.current_thread() is threading.main_thread())
        return function(*arguments, **options)

    monkeypatch.setattr(module, name, noted)


def test_lines_follow_the_slider_while_colors_are_computed(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    drop(nurie.window.canvas, urls(color_file(tmp_path, "page.png")))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    fake.gate = threading.Event()
    nurie.window.offer.buttons["extract"].click()
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    nurie.controllers.coloring.set_delay(10_000)  # the color job of before goes on as far as the lines go
    nurie.window.line_art.slider.setValue(35)
    qtbot.waitUntil(
        lambda: nurie.document.lines is not None and nurie.document.lines.settings.sigma == pytest.approx(0.35)
    )
    fake.gate.set()

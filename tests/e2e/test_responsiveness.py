"""The event loop is never held up while pictures are read, lines made, colors computed and files written."""

import os
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.application import Nurie
from tests.fakes import FakeColorizer, color_picture
from tests.window import Watchdog, color_file, drop, line_file, urls, write_picture

# The goal is 50 ms on an idle machine; a shared one takes the processor away for longer now and then.
LIMIT_SECONDS = float(os.environ.get("NURIE_STALL_LIMIT", "0.15"))


def test_the_whole_walk_of_a_large_drawing(nurie: Nurie, qtbot: QtBot, tmp_path: Path) -> None:
    line = line_file(tmp_path, "large.png", 3000, 2400)
    reference = write_picture(tmp_path / "reference.png", color_picture(1500, 1500))
    qtbot.wait(50)
    with Watchdog() as dog:
        drop(nurie.window.strip.list.viewport(), urls(reference))
        drop(nurie.window.canvas, urls(line))
        qtbot.waitUntil(lambda: nurie.document.coloring is not None, timeout=20_000)
        for sigma in range(30, 51, 5):
            nurie.window.line_art.slider.setValue(sigma)
            qtbot.wait(10)
        with qtbot.waitSignal(nurie.walk.save_ended, timeout=20_000):
            nurie.walk.save(tmp_path / "out.png")
    assert dog.worst < LIMIT_SECONDS, f"{dog.worst * 1000:.0f} ms"


def test_lines_follow_the_slider_while_colors_are_computed(
    nurie: Nurie, qtbot: QtBot, tmp_path: Path, fake: FakeColorizer
) -> None:
    drop(nurie.window.strip.list.viewport(), urls(color_file(tmp_path)))
    drop(nurie.window.canvas, urls(color_file(tmp_path, "page.png")))
    qtbot.waitUntil(nurie.window.offer.isVisible)
    fake.gate = threading.Event()
    nurie.window.offer.buttons["extract"].click()
    qtbot.waitUntil(lambda: len(fake.requests) == 1)
    nurie.walk._delay.setInterval(10_000)  # the color job of before goes on as far as the lines are concerned
    nurie.window.line_art.slider.setValue(35)
    qtbot.waitUntil(
        lambda: nurie.document.lines is not None and nurie.document.lines.settings.sigma == pytest.approx(0.35)
    )
    fake.gate.set()

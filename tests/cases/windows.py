"""Cases that name the window, tried in one that no screen shows."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QMimeData, Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.application import Nurie, make_application
from app.dialogs.layer_choice import LayerChoiceDialog
from tests.cases.running import Finding
from tests.window import drop, error_dialogs, program, urls

PATIENCE = 60.0  # seconds


def _application() -> QApplication:
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else make_application()


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until() and time.monotonic() < end:
        loop = QEventLoop()  # QTest.qWait would keep the other threads from running
        QTimer.singleShot(20, loop.quit)
        loop.exec()


def _questions(nurie: Nurie) -> list[LayerChoiceDialog]:
    return [dialog for dialog in nurie.window.findChildren(LayerChoiceDialog) if dialog.isVisible()]


def ink_of_a_dropped_file(path: Path, drawn: NDArray[np.bool_], folder: Path) -> Finding:
    """That a file dropped on the canvas has all its ink there."""
    with program(_application(), folder / "window") as nurie:
        drop(nurie.window.canvas, urls(path))
        _wait(lambda: nurie.document.lines is not None or bool(error_dialogs(nurie)) or bool(_questions(nurie)))
        for question in _questions(nurie):
            question.use.click()  # as it was guessed
        _wait(lambda: nurie.document.lines is not None or bool(error_dialogs(nurie)))
        lines = nurie.document.lines
        if lines is None:
            return Finding("window: the ink of both layers", False, "nothing opened")
        kept = float((lines.line_art.ink < 0.4)[drawn].mean())
    return Finding("window: the ink of both layers", kept > 0.99, f"{kept:.1%} of the ink")


def opens_dropped_bytes(folder: Path, name: bytes) -> Finding:
    """That a file opens whose percent-encoded name is no UTF-8."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromEncoded(b"file://" + str(folder).encode() + b"/" + name)])
    with program(_application(), folder / "window") as nurie:
        drop(nurie.window.canvas, mime)
        _wait(lambda: nurie.document.drawing is not None or bool(error_dialogs(nurie)))
        opened = nurie.document.drawing is not None
        said = [dialog.label.text() for dialog in error_dialogs(nurie)]
        for dialog in error_dialogs(nurie):
            dialog.close()
    return Finding("a Latin-1 name opens", opened, "opened" if opened else f"refused: {said}")


def thickness_with_comma(folder: Path) -> list[Finding]:
    """That each sign is taken in the thickness box."""
    findings: list[Finding] = []
    with program(_application(), folder / "window") as nurie:
        box = nurie.window.line_art.spin
        for text, value in (("0,45", 0.45), (".35", 0.35), ("0.5", 0.5)):
            box.selectAll()
            QTest.keyClicks(box, text)
            QTest.keyClick(box, Qt.Key.Key_Return)
            findings.append(Finding(f"{text} is taken", abs(box.value() - value) < 1e-6, f"{box.value():.2f}"))
    return findings

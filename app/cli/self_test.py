"""`--self-test SHOT.png`: the real window on the sample, colored by the real model. Also checks a packaged program."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import QApplication

from app import paths
from app.application import Nurie, temporary_settings

TIMEOUT_MS = 180_000
SETTLE_MS = 400  # for the last paint
WINDOW = QSize(1280, 820)
DIVIDER_SHARE = 0.4


def run_self_test(app: QApplication, shot: Path) -> int:
    """Color the sample, save the window to `shot` and the picture beside it as STEM_picture.png.

    Returns 0, or 1 after a sentence on stderr when anything fails or 180 s have passed.
    """
    if paths.sample() is None:
        sys.stderr.write("nurie: error: The sample pictures in resources/samples are missing.\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        nurie = Nurie(app, temporary_settings(Path(folder)), data=Path(folder))
        test = _SelfTest(app, nurie, shot)
        test.start()
        code = app.exec()
        test.end()
        nurie.controllers.projects.discard()
        nurie.window.close()
        nurie.close()
    if test.problem:
        sys.stderr.write(f"nurie: error: {test.problem}\n")
        return 1
    return code


class _SelfTest(QObject):
    def __init__(self, app: QApplication, nurie: Nurie, shot: Path) -> None:
        super().__init__()
        self._app = app
        self._nurie = nurie
        self._shot = shot
        self.problem = ""
        nurie.shell.error_shown.connect(self._fail)
        nurie.document.coloring_changed.connect(self._colored)
        nurie.controllers.coloring.save_ended.connect(
            lambda saved: self._app.exit(0) if saved else self._fail("Saving failed.")
        )
        self._limit = QTimer(self, singleShot=True, interval=TIMEOUT_MS)
        self._limit.timeout.connect(lambda: self._fail(f"No result after {TIMEOUT_MS // 1000} s."))

    def start(self) -> None:
        self._limit.start()
        self._nurie.window.resize(WINDOW)
        self._nurie.show()
        self._nurie.controllers.coloring.open_sample()

    def end(self) -> None:
        """A limit that passes after the program has ended would end every later event loop of the process at once."""
        self._limit.stop()

    def _colored(self) -> None:
        coloring, lines = self._nurie.document.coloring, self._nurie.document.lines
        if coloring is None or lines is None:
            return
        if coloring.result.color.shape[:2] != lines.line_art.size:
            self._fail("The picture has not the size of the drawing.")
            return
        self._nurie.actions["show_compare"].trigger()
        canvas = self._nurie.window.canvas
        canvas.divider.set_share(DIVIDER_SHARE)
        QTimer.singleShot(SETTLE_MS, self._save)

    def _save(self) -> None:
        if self.problem:
            return
        self._shot.parent.mkdir(parents=True, exist_ok=True)
        if not self._nurie.window.grab().save(str(self._shot), "PNG"):
            self._fail(f"Cannot write {self._shot}.")
            return
        self._nurie.controllers.coloring.save(self._shot.with_name(f"{self._shot.stem}_picture.png"))

    def _fail(self, sentence: str) -> None:
        if not self.problem:
            self.problem = sentence
            self._app.exit(1)

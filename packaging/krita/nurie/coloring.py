"""One call of Nurie in the background: its command line as a process, with progress, and cancelled by closing stdin."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .qt import QtCore

HERE = Path(__file__).resolve().parent
CONFIG = HERE / "nurie.json"  # {"command": [...]}, written by `nurie plugin krita --install`
_END = 3000  # ms that a cancelled Nurie has to end


def command() -> list[str]:
    """How Nurie is called: the environment's NURIE, what the installation wrote, or `nurie` on the path; else empty."""
    if os.environ.get("NURIE"):
        return shlex.split(os.environ["NURIE"])
    try:
        words = json.loads(CONFIG.read_text(encoding="utf-8"))["command"]
        if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
            return words
    except (OSError, ValueError, KeyError, TypeError):
        pass
    found = shutil.which("nurie")
    return [found] if found else []


def arguments(
    lines: Path, references: Sequence[Path], folder: Path, *, by_color: bool, shading: str, more: Sequence[str] = ()
) -> list[str]:
    """The command line that colors `lines` into PNG layers in `folder`."""
    words = ["colorize", str(lines)]
    for path in references:
        words += ["--reference", str(path)]
    words += ["--output", str(folder / "merged_picture.png"), "--layers", str(folder / "layers"), "--control"]
    words += ["--swatch-layers"] if by_color else []
    return [*words, "--shading", shading, *more]


class Coloring(QtCore.QObject):
    """A Nurie at work.

    on_progress: takes the share done and what is done; on_end: takes an error's sentence, empty for none; None where it
    was cancelled.
    """

    def __init__(
        self, parent: Any, on_progress: Callable[[float, str], None], on_end: Callable[[str | None], None]
    ) -> None:
        """parent: what it goes with at the latest; it must outlive the moment in which it tells its end."""
        super().__init__(parent)
        self._on_progress, self._on_end = on_progress, on_end
        self._process = QtCore.QProcess(self)
        self._process.readyReadStandardOutput.connect(self._listen)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._failed)
        self._cancelled = self._over = False
        self.notes: list[str] = []

    def start(self, words: Sequence[str]) -> None:
        """Call Nurie with these words behind its command."""
        known = command()
        if not known:
            self._finish("Krita does not know where Nurie is: call 'nurie plugin krita --install' once.")
            return
        # Krita's own libraries must not be taken for Nurie's, as an AppImage's would be.
        settings = QtCore.QProcessEnvironment.systemEnvironment()
        for name in ("LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "QT_PLUGIN_PATH"):
            settings.remove(name)
        self._process.setProcessEnvironment(settings)
        self._process.start(known[0], [*known[1:], *words])

    def cancel(self) -> None:
        """Let it end; nothing is put into the document."""
        self._cancelled = True
        self._process.closeWriteChannel()
        timer = QtCore.QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self._process.kill)
        timer.start(_END)

    def _listen(self) -> None:
        while self._process.canReadLine():
            line = bytes(self._process.readLine()).decode("utf-8", "replace")
            try:
                told: Any = json.loads(line)
                if told["event"] == "progress":
                    self._on_progress(float(told["share"]), str(told["step"]))
                elif told["event"] == "ended":
                    self.notes = [str(note) for note in told["notes"]]
            except (ValueError, KeyError, TypeError):
                continue

    def _ended(self, code: int, *_: object) -> None:
        self._listen()
        if self._cancelled:
            self._finish(None)
        elif code == 0:
            self._finish("")
        else:
            told = bytes(self._process.readAllStandardError()).decode("utf-8", "replace").strip().splitlines()
            last = next((line for line in reversed(told) if "error:" in line), "")
            self._finish(last.partition("error: ")[2] or f"Nurie ended with the code {code}.")

    def _failed(self, *_: object) -> None:
        if self._process.state() == _not_running():
            self._finish(None if self._cancelled else f"Nurie cannot be started: {self._process.errorString()}.")

    def _finish(self, told: str | None) -> None:
        if not self._over:
            self._over = True
            self._on_end(told)
            self.deleteLater()


def _not_running() -> Any:
    return getattr(QtCore.QProcess, "ProcessState", QtCore.QProcess).NotRunning

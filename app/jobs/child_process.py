"""A part of the work in a process of its own: this program's command line, run by the window.

What takes minutes and all the memory (fine-tuning, a batch) runs there, so that the window stays smooth and a crash
there costs nothing here. The child says JSON objects, one a line, on stdout and takes words, one a line, on stdin.
A child must end, in a state it can go on from, when its stdin is closed: so it never outlives the window, not even one
that was killed.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine import plain_text, sentences

log = logging.getLogger(__name__)

GRACE_MS = 20_000  # for a checkpoint, before a child that was told to end is killed
START_TIMEOUT_MS, KILL_TIMEOUT_MS = 1_000, 5_000
LINE_MAX = 1 << 20  # bytes; a line longer than this is no event of ours
NICENESS = 5  # the window goes first where cores are few
ERROR_PREFIX = "nurie: error: "
MAIN = Path(__file__).resolve().parents[2] / "main.py"


def own_program() -> list[str]:
    """What to run for this program's own command line: Python and main.py, or the packaged program alone.

    On Windows a packaged window is a program of its own, which may have no stdout; that of the command line is
    beside it.
    """
    if not getattr(sys, "frozen", False):
        return [sys.executable, str(MAIN)]
    beside = Path(sys.executable).with_name("nurie.exe")
    return [str(beside) if sys.platform == "win32" and beside.is_file() else sys.executable]


class ChildProcess(QObject):
    """One run of the command line. All methods are for the GUI thread, none of them waits but `close`."""

    # Objects, so that sentences stay sentences: Qt would make plain texts of them, also in a dict.
    received = Signal(object)  # an event: a JSON object with the key "event"
    # Exit code (negative: crashed, killed or never started), and a sentence where it failed.
    ended = Signal(int, object)

    def __init__(self, parent: QObject | None = None, program: Sequence[str] | None = None) -> None:
        """program: what to run instead of `own_program`."""
        super().__init__(parent)
        self._program = list(program) if program is not None else own_program()
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONIOENCODING", "utf-8")
        environment.insert("PYTHONUNBUFFERED", "1")
        self._process.setProcessEnvironment(environment)
        self._process.started.connect(self._started)
        self._process.readyReadStandardOutput.connect(self._read_events)
        self._process.readyReadStandardError.connect(self._read_errors)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed_to_start)
        self._kill_timer = QTimer(self, singleShot=True, interval=GRACE_MS)
        self._kill_timer.timeout.connect(self._process.kill)
        self._buffer = b""
        self._errors = b""
        self._message = ""  # the sentence of an error event

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, arguments: Sequence[str]) -> None:
        """Run the command line with these arguments. What becomes of it is told by the signals."""
        self._buffer, self._errors, self._message = b"", b"", ""
        program, *first = self._program
        self._process.start(program, [*first, *arguments])

    def send(self, word: str) -> None:
        """Say a word to the child; to one that has ended, nothing."""
        if self.is_running:
            self._process.write(f"{word}\n".encode())

    def terminate(self) -> None:
        """Let it note where it is and end; it is killed if that takes longer than `GRACE_MS`."""
        if self.is_running:
            self._process.closeWriteChannel()
            self._kill_timer.start()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def close(self, grace_ms: int = GRACE_MS) -> None:
        """End it as `terminate` does and wait until it has: for the end of the program, the window is gone by then."""
        if not self.is_running:
            return
        with contextlib.suppress(RuntimeError):
            self._process.waitForStarted(START_TIMEOUT_MS)
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(grace_ms):
            self._process.kill()
            self._process.waitForFinished(KILL_TIMEOUT_MS)

    def _started(self) -> None:
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.processId(), NICENESS)

    def _read_events(self) -> None:
        *lines, self._buffer = (self._buffer + self._process.readAllStandardOutput().data()).split(b"\n")
        if len(self._buffer) > LINE_MAX:
            log.warning("A child process said a line of more than %d bytes.", LINE_MAX)
            self._buffer = b""
        for line in lines:
            self._take(line)

    def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        try:
            event = sentences.from_plain(plain_text.from_json(line, plain_text.OWN))
        except ValueError:  # also bytes that are no UTF-8
            event = None
        if not isinstance(event, dict) or not isinstance(event.get("event"), str):
            log.warning("A child process said what is no event: %r", line[:200])
            return
        if event["event"] == "error":
            self._message = str(event.get("message", ""))
        self.received.emit(event)

    def _read_errors(self) -> None:
        self._errors = (self._errors + self._process.readAllStandardError().data())[-LINE_MAX:]

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._kill_timer.stop()
        self._read_events()
        self._take(self._buffer)
        self._buffer = b""
        self._read_errors()
        if status == QProcess.ExitStatus.CrashExit:
            self.ended.emit(-1, self._message or self._crash_sentence())
        else:
            self.ended.emit(code, self._sentence() if code else "")

    def _failed_to_start(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.ended.emit(
                -1, self.tr("Nurie could not start itself a second time: {0}.").format(self._process.errorString())
            )

    def _sentence(self) -> str:
        lines = self._errors.decode("utf-8", "replace").strip().splitlines()
        last = lines[-1].strip().removeprefix(ERROR_PREFIX) if lines else ""
        return self._message or last or self.tr("The work in the background ended without saying why.")

    def _crash_sentence(self) -> str:
        return self.tr(
            "The work in the background was ended from outside, perhaps because memory ran out; start it again."
        )

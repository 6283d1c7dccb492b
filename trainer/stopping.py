"""When a run should stop before its end: after some minutes, or because somebody pressed Ctrl+C. Imports no torch."""

import contextlib
import os
import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_TOLD = b"nurie: finishing the step and saving; Ctrl+C again stops at once\n"


class StopRequest:
    """Called as `should_stop`: true once the minutes are over or the process was asked to end.

    As a context manager it takes Ctrl+C (SIGINT) and SIGTERM as such a request; the second one raises KeyboardInterrupt
    at once. Outside the main thread signals stay as they are. interrupted: a signal came.
    """

    def __init__(self, minutes: float | None, *, quiet: bool = False) -> None:
        """minutes: None for no end; quiet: say nothing when a signal comes."""
        self.interrupted = False
        self._until = float("inf") if minutes is None else time.monotonic() + minutes * 60.0
        self._quiet = quiet
        self._owner = os.getpid()
        self._before: dict[signal.Signals, Any] = {}

    def __call__(self) -> bool:
        """True when training should stop after this step."""
        return self.interrupted or time.monotonic() > self._until

    def __enter__(self) -> "StopRequest":
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._take) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if os.getpid() != self._owner:  # a forked process that makes samples has our handler too; its parent decides
            return
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        if not self._quiet:
            # Not `print`: the signal may have come in the midst of one, and a stream must not be entered twice.
            with contextlib.suppress(OSError):
                os.write(2, _TOLD)

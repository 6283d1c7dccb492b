"""A progress bar on stderr when that is a terminal, nothing otherwise."""

import contextlib
import shutil
import sys
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.request import Progress

BAR = 24  # characters


class ProgressBar:
    """One line that is drawn over. As a context manager it wipes itself at the end, so that messages stand clean."""

    def __init__(self) -> None:
        self._stream = sys.stderr
        self._shown = ""
        try:
            self._on = self._stream is not None and self._stream.isatty()
        except (ValueError, OSError):
            self._on = False

    def show(self, message: str, fraction: float) -> None:
        """Draw the share done, in [0, 1], and what is being done."""
        if not self._on:
            return
        fraction = min(max(fraction, 0.0), 1.0)
        full = round(fraction * BAR)
        width = shutil.get_terminal_size().columns - 1
        line = f"[{'#' * full}{'.' * (BAR - full)}] {fraction:4.0%} {message}"[:width]
        if line != self._shown:
            self._write("\r\x1b[K" + line)
            self._shown = line

    def follow(self, step: "Progress") -> None:
        """Draw a step of the engine."""
        self.show(step.message, step.fraction)

    def wipe(self) -> None:
        """Clear the line."""
        if self._shown:
            self._write("\r\x1b[K")
            self._shown = ""

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wipe()

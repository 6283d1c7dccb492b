"""Words on stdin by which another program steers a long command: pause, resume, stop, cancel. Imports no torch."""

import sys
import threading
from typing import TextIO

WORDS = ("pause", "resume", "stop", "cancel")


class Control:
    """What was asked for last. A thread of its own reads stdin; stdin that ends means cancel."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """stream: to read instead of stdin."""
        self._stream = sys.stdin if stream is None else stream
        self._word = "resume"
        self.closed = False  # stdin has ended, so whoever steered is gone

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="control", daemon=True).start()

    @property
    def word(self) -> str:
        """The last word; "resume" before the first one. After "stop" or "cancel" no other counts."""
        return self._word

    def _read(self) -> None:
        try:
            for line in self._stream:
                word = line.strip()
                if word in WORDS and self._word not in ("stop", "cancel"):
                    self._word = word
        except (OSError, ValueError):
            pass  # a stream that breaks is one that ends
        if self._word != "stop":
            self._word = "cancel"
        self.closed = True

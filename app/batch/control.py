"""Pausing and stopping a batch from outside, and how long it has been at work."""

import threading
import time
from collections.abc import Callable, Iterable

WORDS = ("pause", "resume", "stop")
_WAIT = 0.1  # seconds between two looks while it is paused


class Control:
    """May be told and asked from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._since: float | None = None  # when the time began to run, None while it stands still
        self._seconds = 0.0
        self._is_paused = False

    def begin(self) -> None:
        """The time begins to run."""
        with self._lock:
            if not self._is_paused and self._since is None:
                self._since = self._clock()

    def pause(self) -> None:
        """Everything waits at its next step."""
        with self._lock:
            self._is_paused = True
            if self._since is not None:
                self._seconds += self._clock() - self._since
                self._since = None

    def resume(self) -> None:
        """Everything goes on."""
        with self._lock:
            if self._is_paused:
                self._is_paused = False
                self._since = self._clock()

    def stop(self) -> None:
        """Everything ends at its next step, also what is paused."""
        self._stopped.set()

    @property
    def is_paused(self) -> bool:
        """Whether everything waits."""
        return self._is_paused

    @property
    def is_stopped(self) -> bool:
        """Whether everything is to end."""
        return self._stopped.is_set()

    def seconds(self) -> float:
        """How long it has been at work, pauses left out."""
        with self._lock:
            return self._seconds + (self._clock() - self._since if self._since is not None else 0.0)

    def should_stop(self) -> bool:
        """For the work itself: whether to end. Waits while there is a pause."""
        while self._is_paused and not self._stopped.is_set():
            self._stopped.wait(_WAIT)
        return self._stopped.is_set()

    def listen(self, lines: Iterable[str]) -> None:
        """Do what the words say, one a line, until there are no more: then stop. Others are ignored."""
        for line in lines:
            match line.strip():
                case "pause":
                    self.pause()
                case "resume":
                    self.resume()
                case "stop":
                    self.stop()
        self.stop()

    def listen_in_background(self, lines: Iterable[str]) -> None:
        """`listen` in a thread of its own, which ends with the program."""
        threading.Thread(target=self.listen, args=(lines,), name="nurie-control", daemon=True).start()

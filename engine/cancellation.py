"""Cancelling long computations from another thread.

The one who computes opens `cancellable(should_stop)`; code deep inside calls `check()` now and then. The stop function
belongs to the thread, so several computations may run side by side.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import Cancelled

_thread = threading.local()


@contextmanager
def cancellable(should_stop: Callable[[], bool] | None) -> Iterator[None]:
    """Within this context `check()` raises `Cancelled` once `should_stop()` is true (None: never)."""
    before = getattr(_thread, "should_stop", None)
    _thread.should_stop = should_stop
    try:
        check()
        yield
    finally:
        _thread.should_stop = before


def check() -> None:
    """Raise `Cancelled` where the work is no longer wanted."""
    should_stop = getattr(_thread, "should_stop", None)
    if should_stop is not None and should_stop():
        raise Cancelled

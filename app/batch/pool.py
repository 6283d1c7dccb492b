"""Work on many things in a few threads, with progress; memory does not grow with their number."""

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.batch.control import Control
from engine.errors import Cancelled
from engine.request import Progress

Thing = TypeVar("Thing")
Result = TypeVar("Result")
Work = Callable[[Thing, Callable[[Progress], None], Callable[[], bool]], Result]

WAIT = 0.2  # seconds; so often the caller gets a turn, also when nothing happens


@dataclass(frozen=True, eq=False)
class Begun(Generic[Thing]):
    """Work on a thing has begun."""

    thing: Thing


@dataclass(frozen=True, eq=False)
class Advanced(Generic[Thing]):
    """Work on a thing goes on."""

    thing: Thing
    progress: Progress


@dataclass(frozen=True, eq=False)
class Over(Generic[Thing, Result]):
    """Work on a thing has ended: with a result or an error."""

    thing: Thing
    result: Result | None
    error: Exception | None


def run(
    things: Iterable[Thing], work: Work[Thing, Result], jobs: int, control: Control
) -> Iterator[Begun[Thing] | Advanced[Thing] | Over[Thing, Result] | None]:
    """Do `work` on each thing, `jobs` at a time, and tell what happens; None when nothing has for a moment.

    Things are taken in their order, the next one when a thread is free. Once `control` is stopped no further one is
    taken, and those in work end without an `Over`. Leaving the loop early (Ctrl+C) stops it too. All threads have ended
    when the loop has.
    """
    happened: queue.SimpleQueue[Begun[Thing] | Advanced[Thing] | Over[Thing, Result] | None] = queue.SimpleQueue()
    waiting, lock = iter(things), threading.Lock()

    def work_on(thing: Thing) -> None:
        happened.put(Begun(thing))
        try:
            result = work(thing, lambda step: happened.put(Advanced(thing, step)), control.should_stop)
        except Cancelled:
            return
        except Exception as error:
            happened.put(Over(thing, None, error))
        else:
            happened.put(Over(thing, result, None))

    def take_turns() -> None:
        try:
            while not control.should_stop():
                with lock:
                    thing = next(waiting, None)
                if thing is None:
                    return
                work_on(thing)
        finally:
            happened.put(None)

    threads = [threading.Thread(target=take_turns, name=f"nurie-batch-{number}") for number in range(jobs)]
    control.begin()
    for thread in threads:
        thread.start()
    left = len(threads)
    try:
        while left:
            event = None
            # Not forever: on Windows Ctrl+C only gets through between two waits.
            with contextlib.suppress(queue.Empty):
                event = happened.get(timeout=WAIT)
                if event is None:
                    left -= 1
            yield event
    finally:
        if left:
            control.stop()
        for thread in threads:
            thread.join()

"""A scheduler and workers as processes of their own, as a studio starts them."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Processes:
    """A scheduler on this computer, and its workers, one thread each."""

    def __init__(self, place: Path) -> None:
        """place: a folder for logs and what workers put down."""
        self._place = place
        self.workers: list[subprocess.Popen[bytes]] = []
        told = place / "scheduler.json"
        where = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)]
        self.scheduler_process = self._start("scheduler", [*where, "--no-dashboard", "--no-show"])
        self.address = self._told(told)
        self.scheduler = self.scheduler_process.pid

    def _told(self, path: Path) -> str:
        """The address that the scheduler writes down once it listens."""
        while True:
            with contextlib.suppress(OSError, ValueError):
                return str(json.loads(path.read_text())["address"])
            with contextlib.suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"the scheduler ended with {self.scheduler_process.wait(0.1)}")

    def add(self) -> subprocess.Popen[bytes]:
        """Start a worker. It is there a few seconds later."""
        without = ["--no-nanny", "--no-dashboard", "--local-directory", str(self._place)]
        self.workers.append(self._start("worker", [self.address, "--nthreads", "1", *without]))
        return self.workers[-1]

    def _start(self, what: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        log = (self._place / f"{what}{len(self.workers)}.log").open("wb")
        # One thread each, as the batch that they are compared with.
        words = [sys.executable, "-m", "dask", what, *arguments]
        return subprocess.Popen(words, cwd=ROOT, stdout=log, stderr=log, env=os.environ | {"OMP_NUM_THREADS": "1"})

    def stop(self) -> None:
        """End all of them."""
        for process in (*self.workers, self.scheduler_process):
            process.kill()
            process.wait()


@contextlib.contextmanager
def started(place: Path, workers: int) -> Iterator[Processes]:
    """A scheduler with so many workers, ended with the block."""
    processes = Processes(place)
    try:
        for _ in range(workers):
            processes.add()
        yield processes
    finally:
        processes.stop()

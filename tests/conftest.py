"""Settings that hold for every test: no screen, no personal settings touched, no child process left behind."""

import faulthandler
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as WaitedInVain
from pytestqt.qtbot import QtBot

from app.jobs.runner import JobRunner
from tests import children

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests run beside one another, so each, and each child of one, keeps to one core. Read when torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Threads that wait for each other while spinning slow every test down many times as soon as the cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# How long an example takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("nurie", deadline=None)
hypothesis.settings.load_profile("nurie")

END_SECONDS = 20.0  # for a child that was told to end
PATIENCE_MS = 60_000  # for what a test waits for: a machine with other work to do is no failure
NEW_MODULES = 20  # since what they brought was last set aside


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some tests wait for children."""
    return 1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish() -> None:
    """What libraries bring stays for good, and garbage is looked for at the end of every window: without these
    hundreds of thousands of objects that takes a tenth of the time."""
    if len(sys.modules) > _set_aside[-1] + NEW_MODULES:
        _set_aside.append(len(sys.modules))
        gc.collect()
        gc.freeze()


_set_aside = [0]


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    """A test that starts a process also ends it."""
    before = children.living()
    yield
    until = time.monotonic() + END_SECONDS
    while (left := children.living().keys() - before.keys()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not left, f"child processes go on: {[children.living().get(pid) for pid in left]}"


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds, unless a test says how long."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """See pytest-qt. Waiting in vain shows what every thread does."""
        try:
            super().waitUntil(callback, timeout=timeout)
        except WaitedInVain:
            faulthandler.dump_traceback(2)
            for one in self._request.node.funcargs.values():
                if isinstance(runner := getattr(one, "runner", None), JobRunner):
                    jobs = [(job.title, job.key, job.state.value) for job in runner.jobs]
                    sys.stderr.write(f"jobs: {jobs}, lanes: {[thread.isRunning() for thread in runner.threads]}\n")
            raise

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See pytest-qt."""
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See pytest-qt."""
        return super().waitSignals(signals, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, more patient."""
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    # What tells the application to exit when it is not running makes every wait of later tests end at once.
    assert loop.exec() != -1, "an earlier test has ended the event loops of this process"
    return PatientBot(request)

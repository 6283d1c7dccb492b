"""Settings that hold for every test: no screen, no personal settings touched, no child process left behind."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import hypothesis
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import children

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests run beside one another, so each, and each child of one, keeps to one core. Read when torch is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Threads that wait for each other while spinning slow every test down many times as soon as the cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# OpenCV's own threads, which wait for each other for good when several lanes of jobs and tests have used them.
cv2.setNumThreads(1)

# How long an example takes says more of what else the machine does than of the code.
hypothesis.settings.register_profile("nurie", deadline=None)
hypothesis.settings.load_profile("nurie")

END_SECONDS = 20.0  # for a child that was told to end
PATIENCE_MS = 60_000  # for what a test waits for: a machine with other work to do is no failure


COLLECT_EVERY = 20  # tests


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid: str) -> None:
    """Windows of earlier tests are garbage in circles. Collected by whichever thread happens to make many objects, a
    QObject would go in a thread that is not its own, and the process with it; so garbage is collected here alone."""
    _finished.append(nodeid)
    if len(_finished) % COLLECT_EVERY == 1:
        gc.disable()
        gc.collect()


_finished: list[str] = []


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
        """See pytest-qt."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See pytest-qt."""
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """See pytest-qt."""
        return super().waitSignals(signals, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """pytest-qt's, more patient."""
    return PatientBot(request)

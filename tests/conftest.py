"""Settings that hold for every test: no screen, no personal settings touched, no child process left behind."""

import os
import time
from collections.abc import Iterator

import pytest

from tests import children

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Threads that wait for each other while spinning slow every test down many times as soon as the cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

END_SECONDS = 5.0  # for a child that was told to end


@pytest.fixture(autouse=True)
def no_child_is_left() -> Iterator[None]:
    """A test that starts a process also ends it."""
    before = children.living()
    yield
    until = time.monotonic() + END_SECONDS
    while (left := children.living().keys() - before.keys()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not left, f"child processes go on: {[children.living().get(pid) for pid in left]}"

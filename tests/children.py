"""Child processes of the tests, as Linux tells them; elsewhere there is no telling and none are found."""

import contextlib
import os
from pathlib import Path

# Python's own helpers, which live as long as the process that needed them once.
HELPERS = (b"resource_tracker", b"forkserver")


def living() -> dict[int, str]:
    """Process id and command line of every child of this process that still runs."""
    found: dict[int, str] = {}
    for listed in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for pid in listed.read_text(encoding="ascii").split():
                with contextlib.suppress(OSError):
                    line = Path(f"/proc/{pid}/cmdline").read_bytes()  # empty: it has ended, nobody asked how
                    if line and not any(helper in line for helper in HELPERS):
                        found[int(pid)] = line.replace(b"\0", b" ").decode(errors="replace")
    found.pop(os.getpid(), None)
    return found

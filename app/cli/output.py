"""What the command line says: results on stdout, everything else on stderr; and how much memory it took."""

import contextlib
import sys
from pathlib import Path
from typing import Any

SENTENCE_MAX = 600  # characters


def print_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout. ASCII only, so that any console and any file name, even an undecodable one, works."""
    import json

    print(json.dumps(value, ensure_ascii=True))


def say(text: str) -> None:
    """One line on stderr. A stderr that is closed is no reason to stop."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def error(text: object) -> None:
    """`nurie: error: …` on one line of stderr, whatever line breaks the message or a file name in it may have."""
    say("nurie: error: " + one_line(text))


def note(text: str) -> None:
    """`nurie: note: …` on stderr: something was done differently than asked."""
    say("nurie: note: " + one_line(text))


def one_line(text: object) -> str:
    """A sentence on one line; of a very long one, as where it quotes a file, beginning and end."""
    line = " ".join(str(text).split())
    return line if len(line) <= SENTENCE_MAX else f"{line[: SENTENCE_MAX // 2]} … {line[-SENTENCE_MAX // 3 :]}"


def peak_memory_bytes() -> int:
    """The most memory this process has held so far, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return _peak_memory_windows()
    with contextlib.suppress(OSError, ValueError, IndexError):
        # On Linux ru_maxrss also counts the parent before exec (a big Python that started us), VmHWM does not.
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # macOS counts bytes, the others KiB


def _peak_memory_windows() -> int:
    import ctypes
    from ctypes import wintypes

    class Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS of psapi.h."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
        )

    library = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    library.GetCurrentProcess.restype = wintypes.HANDLE
    query = library.K32GetProcessMemoryInfo
    query.argtypes = (wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD)
    counters = Counters(cb=ctypes.sizeof(Counters))
    found = query(library.GetCurrentProcess(), ctypes.byref(counters), counters.cb)
    return int(counters.PeakWorkingSetSize) if found else 0

"""Calls Nurie for the plug-in, which GIMP ends at once when its Cancel is pressed: then Nurie ends, too, and its
scratch folder goes. `keeper.py FOLDER COMMAND…`; the input is the plug-in's, and is closed when that is no more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

_PATIENCE = 3.0  # s that Nurie has to end by itself


def main(folder: str, words: list[str]) -> int:
    """Returns the exit code of the command."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        process = subprocess.Popen(words, stdin=subprocess.PIPE, creationflags=flags)
    except OSError as error:
        sys.stderr.write(f"error: Nurie cannot be started: {error.strerror or error}: {words[0]}.\n")
        return 2
    is_over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process, folder, is_over), daemon=True)
    watcher.start()
    code = process.wait()
    if is_over.is_set():
        watcher.join()
    return code


def _watch(process: subprocess.Popen[bytes], folder: str, is_over: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    is_over.set()
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

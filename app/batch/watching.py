"""A folder that is watched: drawings saved into it by any program are colored a moment later, changed ones anew.

It looks at names, sizes and times, so it works on network disks, too, where the system tells nobody of changes. What is
to be done of what it sees is a batch's to know, by its journal; so it survives restarts and does nothing twice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.batch import plan
from app.batch.coloring import ModelCache
from app.batch.control import Control
from app.batch.folder_batch import FolderBatch, RunOptions, Say
from app.batch.folder_settings import FILE, REFERENCES
from app.batch.references import ReferenceCache
from engine import file_names
from engine.corrections import beside
from engine.errors import NurieError

SETTLED = 1.5  # seconds that a file must not have changed: programs write large ones in several goes
POLL = 0.5  # seconds between two looks
GRACE, RETRY = 20.0, 4.0  # seconds since its last change in which an unreadable file may be half written; until a retry

_Stamp = tuple[int, int]  # size, time of the last change in ns


@dataclass(frozen=True)
class Seen:
    """A look at the folder. files: of each drawing its stamp and that of its corrections. around: of what all of them
    depend on, references and settings."""

    files: dict[str, tuple[_Stamp, _Stamp | None]]
    around: dict[str, _Stamp]


class Watch:
    """Colors what appears or changes in a folder until it is told to stop."""

    def __init__(
        self,
        options: RunOptions,
        say: Say,
        control: Control,
        *,
        settled: float = SETTLED,
        poll: float = POLL,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._options = replace(options, renew=True, retry_failed=True)
        self._say, self._control = say, control
        self._settled, self._poll, self._clock, self._sleep = settled, poll, clock, sleep
        self._models, self._shelf = ModelCache(options.device), ReferenceCache()
        self._since: dict[str, tuple[object, float]] = {}  # what a file was like, and since when
        self._done: dict[str, object] = {}  # what it was like when it was last looked after
        self._later: dict[str, float] = {}  # drawings that seem half written, and when to try them again
        self._around: dict[str, _Stamp] | None = None

    def run(self) -> int:
        """Watch until told to stop; returns the exit code, 0. Raises NurieError where the folder cannot be read."""
        plan.check_folders(self._options.asked)
        self._see()
        self._say({"event": "watching", "folder": str(self._options.asked.folder)})
        while not self._control.should_stop():
            if not self.look():
                self._sleep(self._poll)
        return 0

    def look(self) -> bool:
        """One look, and what is to be done of it; whether anything was."""
        seen = self._see()
        if seen.around != self._around:
            # References and settings concern all drawings; the batch finds out which of them change.
            self._around, self._done = seen.around, {}
            self._shelf = ReferenceCache()
        ready = self._settled_names(seen)
        if not ready:
            return False
        for name in ready:
            self._done[name] = seen.files[name]
        self._color(frozenset(ready))
        self._say({"event": "watching", "folder": str(self._options.asked.folder)})
        return True

    def _color(self, names: frozenset[str]) -> None:
        try:
            options = replace(self._options, only=names)
            FolderBatch(options, self._tell, self._control, self._models, self._shelf).run()
        except NurieError as error:
            # Of all drawings alike: a reference that is gone, a nurie.toml that is being edited. It may come right.
            self._say({"event": "note", "message": str(error)})

    def _tell(self, event: dict[str, Any]) -> None:
        """What the batch tells, but of a file that fails while it may still be written: that is tried again."""
        name = str(event.get("name", ""))
        if event["event"] == "failed" and name in self._done:
            stamp = _stamp(self._options.asked.folder / name)
            if stamp is not None and time.time() - stamp[1] / 1e9 < GRACE:
                self._later[name] = self._clock() + RETRY
                del self._done[name]
                return
        self._say(event)

    def _settled_names(self, seen: Seen) -> list[str]:
        now, ready = self._clock(), []
        self._since = {name: was for name, was in self._since.items() if name in seen.files}
        for name, like in seen.files.items():
            was, since = self._since.get(name, (None, now))
            if was != like:
                self._since[name] = like, now
            elif self._later.get(name, now) > now:
                continue
            elif now - since >= self._settled and self._done.get(name) != like and like[0][0] > 0:
                ready.append(name)
        return ready

    def _see(self) -> Seen:
        asked = self._options.asked
        found = plan.find_drawings(asked)
        files: dict[str, tuple[_Stamp, _Stamp | None]] = {}
        for name in found.names:
            stamp = _stamp(asked.folder / name)
            if stamp is not None:
                files[name] = stamp, _stamp(beside(asked.folder / name))
        around: dict[str, _Stamp] = {}
        for path in (*asked.sources.files, *_around(asked.folder, found.names)):
            if (stamp := _stamp(path)) is not None:
                around[file_names.key(str(path))] = stamp
        return Seen(files, around)


def _around(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """Settings and references beside drawings, up to the folder that is watched."""
    above = (parent for name in names for parent in (folder / name).parents)
    places = {folder, *(parent for parent in above if folder in parent.parents)}
    found = []
    for place in sorted(places):
        found.append(place / FILE)
        with contextlib.suppress(OSError):
            found += sorted((place / REFERENCES).iterdir())
    return found


def _stamp(path: Path) -> _Stamp | None:
    try:
        status: Any = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns

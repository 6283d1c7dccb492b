"""What is left after a crash: a copy of the changed project in a folder of the program, never over a person's file.

    recovery/ID/lock            held by the program that writes there, so that two of them leave each other alone
    recovery/ID/project.json    as in a `.nurie` file, written last
    recovery/ID/about.json      name, path of the person's file, time
    recovery/ID/blobs/…         what is in no file yet; the rest is read from the person's file

Only what is new since the last time is written, so that saving every minute costs little. What reads and writes
projects is imported where it is needed: copies are looked for while large libraries are still being loaded.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLockFile

from app.project_file.blobs import JSON_NAME, Archive, ProjectError
from engine import plain_text

if TYPE_CHECKING:
    from app.document.page import Snapshot
    from app.project_file.file import ReadProject
    from app.project_file.page_codec import PageCodec
    from engine.request import Progress

translate = QCoreApplication.translate

LOCK, ABOUT = "lock", "about.json"


@dataclass(frozen=True)
class About:
    """What a copy is of. path: the person's file, None where there was none. time: seconds since the epoch."""

    name: str
    path: Path | None
    time: float


class RecoveryFolder:
    """One folder with a copy, whose lock this program holds until `release`."""

    def __init__(self, folder: Path, lock: QLockFile) -> None:
        self.folder = folder
        self._lock = lock

    @classmethod
    def claim(cls, root: Path) -> RecoveryFolder | None:
        """A new folder in `root`; None where nothing can be written."""
        folder = root / uuid.uuid4().hex
        try:
            folder.mkdir(parents=True)
        except OSError:
            return None
        lock = _lock(folder)
        return cls(folder, lock) if lock.tryLock(0) else None

    @property
    def about(self) -> About | None:
        """What lies here; None where there is no whole copy."""
        try:
            values = plain_text.from_json((self.folder / ABOUT).read_bytes(), plain_text.OWN)
            path = Path(values["path"]) if values["path"] else None
            about = About(str(values["name"]), path, float(values["time"]))
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None
        return about if (self.folder / JSON_NAME).is_file() else None

    def write(
        self, snapshot: Snapshot, codec: PageCodec, name: str, path: Path | None
    ) -> Generator[Progress, None, None]:
        """Bring the copy up to date. Off the GUI thread. Raises NurieError."""
        from app.project_file import file as project_file
        from engine.export.atomic import atomic_path
        from engine.request import Progress

        data, blobs = yield from project_file.encode(snapshot, codec)
        folder = self.folder / "blobs"
        try:
            folder.mkdir(exist_ok=True)
            saved = [blob.saved for blob in blobs if blob.saved is not None and blob.saved.path == path]
            untouched = {one for one in set(saved) if one.is_there()}
            needed = [blob for blob in blobs if blob.saved not in untouched]
            there = {file.name for file in folder.iterdir()}
            for blob in needed:
                file = self.folder / blob.name
                if file.name not in there:
                    part = file.with_suffix(".part")
                    part.write_bytes(blob.read())
                    part.replace(file)
                yield Progress(translate("Project", "Keeping a copy…"), 0.9)
            for file, content in ((ABOUT, _about_bytes(name, path)), (JSON_NAME, data)):
                with atomic_path(self.folder / file) as temporary:
                    temporary.write_bytes(content)
            kept = {Path(blob.name).name for blob in needed}
            for name_there in there - kept:
                (folder / name_there).unlink(missing_ok=True)
        except OSError as error:
            raise ProjectError(
                "The copy for a crash cannot be written to {0}: {1}; save the project.",
                self.folder,
                error.strerror or error,
            ) from error

    def read(self) -> Generator[Progress, None, ReadProject]:
        """The project as it was last. Off the GUI thread. Raises NurieError."""
        from app.project_file import file as project_file
        from app.project_file.arrays import Blobs
        from app.project_file.page_codec import PageCodec

        about = self.about
        try:
            data = (self.folder / JSON_NAME).read_bytes()
        except OSError as error:
            raise ProjectError("The copy in {0} cannot be read: {1}.", self.folder, error.strerror or error) from error
        codec, blobs = PageCodec(), Blobs()
        if about is not None and about.path is not None:
            with contextlib.suppress(ProjectError):  # what is missing is said by the page that needs it
                project_file.enter_blobs(Archive.open(about.path), codec, blobs)
        for file in (self.folder / "blobs").glob("*"):
            digest, suffix = project_file.digest_of(f"blobs/{file.name}")
            if digest:
                blobs.add(codec.store.find(digest, suffix, file))
        return (yield from project_file.decode(data, about.name if about else "", codec, blobs))

    def clear(self) -> None:
        """Remove the copy; the folder stays ours."""
        for file in (JSON_NAME, ABOUT):
            with contextlib.suppress(OSError):
                (self.folder / file).unlink(missing_ok=True)
        shutil.rmtree(self.folder / "blobs", ignore_errors=True)

    def release(self, *, keep: bool = False) -> None:
        """Give the folder up; without `keep` all that is in it goes."""
        if not keep:
            self.clear()
        self._lock.unlock()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def left_behind(root: Path) -> list[RecoveryFolder]:
    """The copies of programs that no longer run, the newest first, with their locks held by this one now."""
    found: list[tuple[float, RecoveryFolder]] = []
    try:
        folders = [folder for folder in root.iterdir() if folder.is_dir()]
    except OSError:
        return []
    for folder in folders:
        lock = _lock(folder)
        if not lock.tryLock(0):
            continue
        one = RecoveryFolder(folder, lock)
        about = one.about
        if about is None:
            one.release()
        else:
            found.append((about.time, one))
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])]


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)  # only a program that has ended loses its lock, however long it was silent
    return lock


def _about_bytes(name: str, path: Path | None) -> bytes:
    return json.dumps({"name": name, "path": str(path) if path else None, "time": time.time()}).encode()

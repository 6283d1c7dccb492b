"""Pictures on their way out: what is dragged into another program is a file, written when that program asks for it."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QUrl

OWN_TYPE = "application/x-nurie-thumbnail"
FILES_TYPE = "text/uri-list"
NAME_MOST = 80  # letters of a dragged file's name

Make = Callable[[Path], object]  # writes the file at a path; called off the GUI thread; raises NurieError
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


class DraggedFile(QMimeData):
    """What a thumbnail carries while it is dragged.

    Within the program it is told by `is_own`. To other programs it is one file, which is made in a thread as soon as
    the pointer leaves the program (`begin`), at the latest when its name is asked for.
    """

    def __init__(self, name: str, make: Make | None, folder: Callable[[], Path]) -> None:
        """name: the file's, with its suffix. make: None where there is no picture yet. folder: where to write it."""
        super().__init__()
        self._name, self._make, self._folder = name, make, folder
        self._thread: threading.Thread | None = None
        self._path: Path | None = None
        self.problem: Exception | None = None  # why there is no file

    def begin(self) -> None:
        """Write the file, unless that has begun."""
        if self._thread is None and self._make is not None:
            self._thread = threading.Thread(target=self._write, args=(self._make,), name="nurie-drag", daemon=True)
            self._thread.start()

    def formats(self) -> list[str]:
        return [OWN_TYPE, FILES_TYPE] if self._make is not None else [OWN_TYPE]

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self.formats()

    def retrieveData(self, mimetype: str, preferredType: Any) -> Any:
        """The link to the file. Waits for it: the other program can be given nothing later."""
        if mimetype != FILES_TYPE or self._make is None:
            return None
        self.begin()
        assert self._thread is not None
        self._thread.join()
        return [] if self._path is None else [QUrl.fromLocalFile(str(self._path))]

    def _write(self, make: Make) -> None:
        try:
            path = Path(tempfile.mkdtemp(dir=self._folder())) / fit_name(self._name)
            make(path)
            self._path = path
        except Exception as error:  # told when the drag is over: this is not the GUI's thread
            self.problem = error


def is_own(mime: QMimeData) -> bool:
    """Whether a drag began on a thumbnail of this program."""
    return isinstance(mime, DraggedFile)


def fit_name(name: str) -> str:
    """The name of a picture as every disk takes it."""
    stem, dot, suffix = name.rpartition(".")
    clean = _UNFIT.sub(" ", stem if dot else name).strip(" .")[:NAME_MOST].strip(" .")
    return f"{clean or 'picture'}{dot}{suffix if dot else ''}"

"""Which projects are open, so that two windows do not save over each other: a lock each, that dies with its window.

The locks lie in a folder of the program's, named after the projects' paths, and leave nothing beside the projects.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from engine import file_names
from engine.file_lock import FileLock


def claim(root: Path, project: Path) -> FileLock | None:
    """Hold a project; None where no locks can be kept. Raises BlockingIOError where a window has it open."""
    name = file_names.key(os.path.normcase(os.path.realpath(project)))
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    try:
        root.mkdir(parents=True, exist_ok=True)
        return FileLock(root / digest)
    except BlockingIOError:
        raise
    except OSError:
        return None

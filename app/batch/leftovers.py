"""Half-written files of a batch that was killed: `engine.export.atomic` removes its own, but not after a kill."""

import contextlib
import re
import time
from collections.abc import Iterable
from pathlib import Path

_NAME = re.compile(r"\.nurie-[0-9a-f]{12}\.\w+")
_AGE = 60.0  # seconds without a byte more; a window that saves there at this moment is left alone


def remove(folders: Iterable[Path]) -> None:
    """Remove temporary files from these folders, as far as that is possible."""
    now = time.time()
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in folder.iterdir():
                if _NAME.fullmatch(path.name) and now - path.stat().st_mtime > _AGE:
                    path.unlink()

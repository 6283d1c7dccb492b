"""Where pictures of a project lie, as its file says it: below the project's own folder, or by their names alone.

A project is passed on: what it says tells nothing of its maker's folders, and is believed in nothing but as a
suggestion where a picture might lie or be saved.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from app.project_file.schema import PageRecord
from engine import file_names


def shared(record: PageRecord, folder: Path) -> PageRecord:
    """The record as it is written into a project in `folder`."""
    return _with_paths(record, lambda text: _relative(text, folder))


def own(record: PageRecord, folder: Path) -> PageRecord:
    """The record of a project that was read from `folder`, with paths in it alone."""
    return _with_paths(record, lambda text: str(folder / _relative(text, folder)) if _relative(text, folder) else None)


def _with_paths(record: PageRecord, changed: Callable[[str], str | None]) -> PageRecord:
    drawing = record.drawing
    if drawing is not None and drawing.path is not None:
        drawing = replace(drawing, path=changed(drawing.path) or None)
    save_path = changed(record.save_path) or None if record.save_path is not None else None
    return replace(record, drawing=drawing, save_path=save_path)


def _relative(text: str, folder: Path) -> str:
    """With slashes, below the folder; the last name alone of what lies elsewhere; empty where there is none."""
    if Path(text).is_absolute():
        try:
            text = Path(os.path.normpath(text)).relative_to(folder).as_posix()
        except ValueError:
            text = _name(text)
    if not file_names.is_inside(text):
        text = _name(text)
    return text if file_names.is_inside(text) else ""


def _name(text: str) -> str:
    """The last part of a path of any system."""
    return re.split(r"[/\\]", text)[-1]

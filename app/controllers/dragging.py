"""Pictures for other programs: what a thumbnail or the picture is as a file while it is dragged out. No widgets."""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers import coloring_work as pictures
from app.document.document import Document
from app.document.parts import LayerChoice, ReferenceItem
from app.images.outgoing import DraggedFile
from app.settings import Settings

if TYPE_CHECKING:
    from app.document.page import Page


class DragController(QObject):
    """Owns the folder of the files that were dragged out. It stays until the program ends, as others read late."""

    def __init__(self, document: Document, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._settings = document, settings
        self._folder: Path | None = None

    def drawing(self, page_id: int, name: str) -> DraggedFile | None:
        """The colored picture of a drawing, in the kind of file that is set for dragging; None while it has no colors.

        name: what the drawing is called.
        """
        page = self._document.find_page(page_id)
        if page is None or not page.is_colored:
            return None
        suffix = self._settings.drag_format.suffixes[0]
        return DraggedFile(f"{name}{suffix}", partial(_write_page, page), self._place)

    def reference(self, item: ReferenceItem) -> DraggedFile:
        """A reference as it is."""
        stem = Path(item.reference.name).stem
        return DraggedFile(f"{stem}.png", partial(_write_reference, item), self._place)

    def close(self) -> None:
        """Take the files away."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="nurie-dragged-"))
        return self._folder


def _write_page(page: Page, path: Path) -> None:
    """Write a page's picture. Raises NurieError."""
    content = page.stored.load(page) if page.stored is not None else page
    if content.drawing is not None and content.coloring is not None and content.lines is not None:
        for _ in pictures.save(path, content.drawing, content.coloring, content.lines, LayerChoice()):
            pass


def _write_reference(item: ReferenceItem, path: Path) -> None:
    """Write a reference's pixels. Raises PictureError."""
    from engine.export.png import write_png

    write_png(path, item.reference.pixels)

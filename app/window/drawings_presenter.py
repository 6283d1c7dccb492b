"""Ties the drawings of the project to their panel."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.controllers.controllers import Controllers
from app.document.page import Page
from app.document.thumbnail import thumbnail_of
from app.images.outgoing import DraggedFile
from app.panels.drag_out import DragButton
from app.panels.drawings_panel import PageEntry, PageState
from app.window.main_window import MainWindow
from app.window.shell import Shell


class DrawingsPresenter(QObject):
    """Owns the thumbnails."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        drawings = controllers.drawings
        self._window, self._controller, self._drawings = window, controllers.coloring, drawings
        self._document = controllers.document
        shell.listen(drawings)
        self._images: dict[int, tuple[object, QImage]] = {}  # by page: what it was made of, and the thumbnail
        panel, actions = window.drawings, window.actions_table
        panel.chosen.connect(self._document.show_page)
        panel.reordered.connect(drawings.order)
        panel.removed.connect(drawings.remove)
        panel.renamed.connect(drawings.rename)
        panel.dropped.connect(shell.opened)
        panel.list.failed.connect(shell.show_failure)
        self._dragging = controllers.dragging
        panel.list.file_of = self._file_of
        for button in window.tool_bar_buttons("export"):
            DragButton(button, self._shown_file, shell.show_failure)
        actions["remove_drawing"].triggered.connect(self._remove)
        actions["color_all"].triggered.connect(drawings.color_all)
        actions["next_drawing"].triggered.connect(partial(self._leaf, 1))
        actions["previous_drawing"].triggered.connect(partial(self._leaf, -1))
        for signal in (self._document.pages_changed, self._document.page_changed, drawings.changed):
            signal.connect(self._show)
        controllers.runner.changed.connect(self._show_work)
        self._busy: frozenset[int] = frozenset()
        self._show()

    def _file_of(self, entry: PageEntry) -> DraggedFile | None:
        return self._dragging.drawing(entry.page_id, entry.name)

    def _shown_file(self) -> tuple[DraggedFile, QImage] | None:
        """The picture on the canvas as a file, and how it looks."""
        page = self._document.current
        file = self._file_of(self._entry(page)) if page.id in self._images else None
        return (file, self._images[page.id][1]) if file is not None else None

    def _leaf(self, step: int) -> None:
        self._drawings.leaf(step)

    def _remove(self) -> None:
        self._drawings.remove(self._document.page_id)

    def _show_work(self) -> None:
        if self._working() != self._busy:
            self._show()

    def _working(self) -> frozenset[int]:
        """The pages that are being colored."""
        behind = self._drawings.page_id
        return self._controller.coloring_pages | (frozenset() if behind is None else {behind})

    def _show(self) -> None:
        self._busy = self._working()
        all_pages = self._document.pages
        pages = [page for page in all_pages if not page.is_empty or len(all_pages) > 1]
        self._images = {page.id: self._image(page) for page in pages}
        self._window.drawings.show_entries([self._entry(page) for page in pages], self._document.page_id)

    def _image(self, page: Page) -> tuple[object, QImage]:
        """The page's thumbnail; the one of before while what it shows is the same."""
        made_of = (page.stored, page.drawing, page.lines, page.coloring)
        known = self._images.get(page.id)
        return known if known is not None and known[0] == made_of else (made_of, thumbnail_of(page))

    def _entry(self, page: Page) -> PageEntry:
        state, text = self._state(page)
        name = page.title or Path(page.name).stem or self.tr("Drawing {0}").format(page.id + 1)
        return PageEntry(page.id, name, self._images[page.id][1], state, text)

    def _state(self, page: Page) -> tuple[PageState, str]:
        if page.id in self._busy:
            return "busy", self.tr("Coloring…")
        if page.is_empty:
            return "line_art", self.tr("Empty")
        if not page.is_colored:
            return "line_art", self.tr("Color picture") if page.needs_choice else self.tr("Line art")
        if page.is_saved:
            return "saved", self.tr("Saved")
        if page.to_check:
            return "check", self.tr("To check: {0}").format(page.to_check)
        return "colored", self.tr("Colored")

"""The menu of a comic page's panel: which reference it alone takes its colors from."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF, Qt
from PySide6.QtGui import QPainterPath, QPolygonF
from PySide6.QtWidgets import QFileDialog, QMenu

from app.controllers.controllers import Controllers
from app.document.parts import Lines, ReferenceItem
from app.images import incoming
from app.jobs.job import Lane
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.export import formats
from engine.request import Progress

if TYPE_CHECKING:
    from engine.pages.layout import Layout, Panel
    from engine.request import LineArt

LAYOUT_KEY = "panels"

translate = QCoreApplication.translate


class PanelMenu(QObject):
    """Knows the panels of the drawing that is shown; they are looked for in the background."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._settings = window, controllers.settings
        self._coloring, self._cast, self._document = controllers.coloring, controllers.cast, controllers.document
        self._layout: tuple[Lines, Layout | None] | None = None
        self._document.lines_changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        lines = self._document.lines
        if lines is None or (self._layout is not None and self._layout[0] is lines):
            return
        self._layout = lines, None

        def found(layout: Layout | None) -> None:
            if self._layout is not None and self._layout[0] is lines:
                self._layout = lines, layout

        title = translate("Jobs", "Looking for panels…")
        work = _find(lines.line_art)
        self._coloring.submit(Lane.LINES, title, work, found, LAYOUT_KEY, quiet=True, owner=self._window)

    def menu_at(self, x: int, y: int, parent: QMenu) -> QMenu | None:
        """The menu of the panel that a pixel lies in, None where there is none."""
        lines, layout = self._document.lines, None if self._layout is None else self._layout[1]
        if x < 0 or layout is None or self._layout is None or self._layout[0] is not lines:
            return None
        at = layout.panel_at(x, y)
        if at is None or len(layout.panels) < 2:
            return None
        self._outline(layout.panels[at], parent)
        panel = at + 1
        menu = QMenu(self.tr("Reference for &Panel {0} of {1}").format(panel, len(layout.panels)), parent)
        menu.setToolTipsVisible(True)
        own = self._cast.of_panel(panel)
        used = {id(item.reference.pixels) for item in own}
        for item in self._others():
            row = menu.addAction(_short(item.reference.name))
            row.setCheckable(True)
            row.setChecked(id(item.reference.pixels) in used)
            row.toggled.connect(lambda on, item=item: self._cast.give_to_panel(panel, [item] if on else []))
        menu.addSeparator()
        menu.addAction(self.tr("&Choose Pictures…")).triggered.connect(lambda: self._ask(panel))
        back = menu.addAction(self.tr("As &All Panels"))
        back.setEnabled(bool(own))
        back.triggered.connect(lambda: self._cast.give_to_panel(panel, []))
        return menu

    def _outline(self, panel: Panel, menu: QMenu) -> None:
        """Which panel is meant, for as long as the menu is open."""
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in panel.polygon.tolist()]))
        path.closeSubpath()
        canvas, lit = self._window.canvas, self._window.canvas.lit
        canvas.light((*lit, path))
        menu.aboutToHide.connect(lambda: canvas.light(lit))

    def _others(self) -> list[ReferenceItem]:
        """Each picture once, whatever panels it is for."""
        known: dict[int, ReferenceItem] = {}
        for item in self._document.references:
            known.setdefault(id(item.reference.pixels), item)
        return list(known.values())

    def _ask(self, panel: int) -> None:
        title = self.tr("Reference for panel {0}").format(panel)
        pictures, everything = self.tr("Pictures"), self.tr("All files")
        filters = f"{pictures} ({formats.PATTERNS});;{everything} (*)"
        dialog = QFileDialog(self._window, title, str(self._settings.open_folder), filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(
            lambda names: self._coloring.add_panel_references(incoming.from_files(Path(name) for name in names), panel)
        )
        dialog.open()


def _find(line_art: LineArt) -> Generator[Progress, None, Layout | None]:
    from engine.pages.layout import layout_of

    yield Progress(translate("Jobs", "Looking for panels…"), 0.0)
    return layout_of(line_art, "auto")


def _short(name: str, most: int = 40) -> str:
    """A stranger's name as the text of a menu's row."""
    return (name if len(name) <= most else name[: most - 1] + "…").replace("&", "&&")

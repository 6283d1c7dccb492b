"""Ties the list of what is to be checked to the canvas and to the corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers.controllers import Controllers
from app.panels.check_panel import Entry, entries_of, entry_of
from app.window.main_window import MainWindow
from app.window.shell import Shell

if TYPE_CHECKING:
    from engine.inspection import Check


class CheckPresenter(QObject):
    """Owns nothing; connects window and corrections."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window = window
        self._document = controllers.document
        self._corrections = controllers.corrections
        self._context = shell.context
        actions = window.actions_table
        actions["next_check"].triggered.connect(lambda _checked=False: self._corrections.next_check())
        actions["settle_check"].triggered.connect(lambda _checked=False: self._corrections.settle())
        window.checks.chosen.connect(self._choose)
        window.checks.settled.connect(self._settle)
        window.canvas.entered.connect(lambda: self._corrections.looked_at and self._corrections.settle())
        for acts in (self._context.tool_changed, self._context.color_changed, window.palette_panel.list.itemClicked):
            acts.connect(lambda *_: window.canvas.await_answer(False))  # from now on Enter uses the tool
        self._corrections.check_shown.connect(self._look_at)
        self._document.coloring_changed.connect(self._show)
        self._document.finish_settings_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        coloring, checks = self._document.coloring, self._document.current.checks
        if coloring is None:
            empty = self.tr("Doubtful colors are listed here when a drawing is colored.")
        elif coloring.finished.regions is None:
            empty = self.tr("Only flats can be checked: switch them on.")
        elif coloring.checks:
            empty = self.tr("All is checked.")
        else:
            empty = self.tr("Nothing to check.")
        self._window.checks.show_entries(entries_of(coloring, checks), empty)
        self._window.checks.select(self._corrections.looked_at)
        self._window.show_check_count(len(checks))

    def _choose(self, entry: Entry) -> None:
        if entry.check is not None and self._corrections.looked_at != entry.check:
            self._corrections.look_at(entry.check)
        elif entry.check is not None:
            self._light(entry.check)

    def _settle(self, entry: Entry) -> None:
        self._corrections.settle(entry.check)

    def _look_at(self, check: Check | None) -> None:
        self._window.checks.select(check)
        self._window.canvas.await_answer(check is not None)
        if check is None:
            self._window.canvas.light(())
            return
        if self._window.canvas.tool is not None:
            self._context.said.emit(self.tr("Enter: it is right. To change it, click it."))
        self._light(check)
        if not self._window.checks.list.hasFocus():
            self._window.canvas.setFocus()
        self._window.canvas.aim()

    def _light(self, check: Check) -> None:
        """Bring it to the middle, and outline its regions."""
        coloring, outlines, canvas = self._document.coloring, self._context.outlines, self._window.canvas
        if coloring is None or outlines is None:
            return
        entry = entry_of(coloring, check)
        canvas.look_at(entry.x, entry.y, entry.extent)
        canvas.light([outlines.path_of(one.label) for one in check.regions])

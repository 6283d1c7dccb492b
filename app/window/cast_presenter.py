"""Ties characters to the window: who is in the drawing, and for which drawings its references count."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.controllers.controllers import Controllers
from app.panels.cast_button import CastEntry
from app.window.main_window import MainWindow
from app.window.shell import Shell


class CastPresenter(QObject):
    """Owns nothing; connects strip, actions and controller."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._cast, self._document = window, controllers.cast, controllers.document
        actions, button = window.actions_table, window.strip.cast
        actions["share_references"].triggered.connect(self._share)
        actions["reference_here_only"].triggered.connect(self._use_here_only)
        button.put_in.connect(self._cast.put_in)
        button.new_wanted.connect(self._cast.new_character)
        button.renamed.connect(self._cast.rename)
        button.removed.connect(self._cast.remove_character)
        for changed in (self._document.characters_changed, self._document.references_changed):
            changed.connect(self._show)
        self._show()

    def _share(self) -> None:
        own = self._document.current.own_references
        self._cast.share([item for item in self._window.strip.selected if any(item is one for one in own)])

    def _use_here_only(self) -> None:
        self._cast.use_here_only(self._window.strip.selected)

    def _show(self) -> None:
        there = {one.id for one in self._cast.shown}
        characters = self._document.characters
        entries = [CastEntry(one.id, self._cast.name_of(one), one.id in there) for one in characters]
        self._window.strip.cast.show_cast(entries)
        own = self._document.current.own_references if there else ()
        self._window.strip.show_own(own)
        title = self.tr("References")
        if len(characters) > 1 or any(one.name for one in characters):
            names = ", ".join(entry.name for entry in entries if entry.there)
            title = self.tr("References · {0}").format(names or self.tr("only for this drawing"))
        self._window.docks["referencesDock"].setWindowTitle(title)

"""The button beside the references: who is in the drawing, and for which drawings references count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QToolButton, QWidget


@dataclass(frozen=True)
class CastEntry:
    """A character as it is listed. there: whether it is in the drawing that is shown."""

    id: int
    name: str
    there: bool


class CastButton(QToolButton):
    """A menu with a tick for each character in the drawing; asks for changes by signals."""

    put_in = Signal(int, bool)  # a character's id, and whether it is to be in the drawing
    new_wanted = Signal(str)  # a name
    renamed = Signal(int, str)
    removed = Signal(int)

    def __init__(self, sharing: Sequence[QAction], parent: QWidget | None = None) -> None:
        """sharing: actions that say for which drawings references count."""
        super().__init__(parent)
        self.setObjectName("castButton")
        self.setAutoRaise(True)
        self.setIconSize(QSize(20, 20))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(self.tr("Characters"))
        self._sharing = tuple(sharing)
        self.menu_of = QMenu(self)
        self.setMenu(self.menu_of)
        self.show_cast(())

    def show_cast(self, entries: Sequence[CastEntry]) -> None:
        """List these characters."""
        self.setToolTip(
            self.tr("Who is in this drawing; references and palette of a character count for all drawings with it")
        )
        menu = self.menu_of
        menu.clear()
        for entry in entries:
            action = menu.addAction(entry.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(entry.there)
            action.triggered.connect(lambda checked, one=entry: self.put_in.emit(one.id, checked))
        menu.addSeparator()
        menu.addAction(self.tr("&New Character…")).triggered.connect(lambda: self._ask_name(None))
        there = [entry for entry in entries if entry.there]
        for entry in there:
            name = entry.name.replace("&", "&&")
            rename = menu.addAction(self.tr("Re&name {0}…").format(name))
            rename.triggered.connect(lambda _checked=False, one=entry: self._ask_name(one))
        for entry in there if len(entries) > 1 else []:
            remove = menu.addAction(self.tr("Remove {0} From the Project").format(entry.name.replace("&", "&&")))
            remove.triggered.connect(lambda _checked=False, one=entry: self.removed.emit(one.id))
        menu.addSeparator()
        menu.addActions(list(self._sharing))

    def _ask_name(self, entry: CastEntry | None) -> None:
        dialog = QInputDialog(self.window())
        dialog.setWindowTitle(self.tr("New character") if entry is None else self.tr("Rename character"))
        dialog.setLabelText(
            self.tr("Name. Add references then: they count for this character's drawings.")
            if entry is None
            else self.tr("Name")
        )
        dialog.setTextValue("" if entry is None else entry.name)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(lambda name: self._named(entry, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _named(self, entry: CastEntry | None, name: str) -> None:
        if entry is None:
            self.new_wanted.emit(name)
        else:
            self.renamed.emit(entry.id, name)

"""The menu of recent projects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.style.plain_text import plain_tip


class RecentMenu(QMenu):
    """One entry a file, those that are gone in gray."""

    chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open &Recent"))
        self.setToolTipsVisible(True)
        self.triggered.connect(lambda action: self.chosen.emit(action.data()))

    def show_paths(self, paths: Sequence[Path], there: Collection[Path]) -> None:
        """List these files, the newest first; there: those that can be opened."""
        self.clear()
        for number, path in enumerate(paths, 1):
            shown = path.name.replace("&", "&&")
            action = self.addAction(f"&{number} {shown}" if number < 10 else shown)
            action.setData(path)
            action.setEnabled(path in there)
            action.setToolTip(
                plain_tip(str(path) if path in there else self.tr("{0} is not there any more").format(path))
            )
        self.setEnabled(bool(paths))

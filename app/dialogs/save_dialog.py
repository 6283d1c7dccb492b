"""Asks for a file to write. A sheet that nobody waits for: the answer comes by `fileSelected`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


class SaveDialog(QFileDialog):
    """One filter a kind of file; choosing another changes the suffix of the name."""

    def __init__(self, parent: QWidget, title: str, suggested: Path, kinds: Sequence[tuple[str, str]]) -> None:
        """kinds: what a kind is called, and its suffix with the dot. The one of `suggested` is chosen at first."""
        filters = [f"{name} (*{suffix})" for name, suffix in kinds]
        super().__init__(parent, title, str(suggested.parent), ";;".join(filters))
        self._suffixes = {one: suffix for one, (_, suffix) in zip(filters, kinds, strict=True)}
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chosen = next((one for one, suffix in self._suffixes.items() if suffix == suggested.suffix.lower()), filters[0])
        self.selectNameFilter(chosen)
        self.setDefaultSuffix(self._suffixes[chosen])
        self.selectFile(suggested.name)
        self.filterSelected.connect(self._use_suffix)

    def _use_suffix(self, chosen: str) -> None:
        suffix = self._suffixes.get(chosen)
        if suffix is None:
            return
        self.setDefaultSuffix(suffix)
        named = [Path(name) for name in self.selectedFiles()]
        if named and named[0].suffix.lower() in self._suffixes.values():
            self.selectFile(named[0].with_suffix(suffix).name)

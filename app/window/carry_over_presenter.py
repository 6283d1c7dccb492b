"""Ties carrying corrections over to its action and its dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from app.controllers.carry_over_work import PageProposals
from app.controllers.corrections import CorrectionController
from app.dialogs.carry_over_dialog import CarryOverDialog
from app.window.main_window import MainWindow


class CarryOverPresenter(QObject):
    """Owns nothing; connects window and controller."""

    def __init__(self, window: MainWindow, corrections: CorrectionController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._corrections = corrections
        window.actions_table["carry_over"].triggered.connect(self._look)
        window.actions_table["clear_corrections"].triggered.connect(self._clear)
        corrections.carry_over_found.connect(self._show)

    def _look(self, *_: object) -> None:
        self._corrections.carry_over_preview()

    def _clear(self, *_: object) -> None:
        self._corrections.clear_corrections()

    def _show(self, found: Sequence[PageProposals]) -> None:
        dialog = CarryOverDialog(found, self._window)
        dialog.chosen.connect(self._corrections.carry_over_apply)
        dialog.open()

"""Ties the preferences and the list of keys to settings, actions and controllers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.controllers import Controllers
from app.window.actions import default_keys
from app.window.main_window import MainWindow
from app.window.shell import Shell

translate = QCoreApplication.translate


class PreferencesPresenter(QObject):
    """Owns nothing."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._controllers = window, controllers
        self._actions, self._settings = window.actions_table, controllers.settings
        self._actions["preferences"].triggered.connect(self._show_preferences)
        self._actions["shortcuts"].triggered.connect(self._show_shortcuts)

    def _show_preferences(self, *_: object) -> None:
        from app.dialogs.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(self._settings, self._window)
        dialog.answered.connect(self._use)
        dialog.open()

    def _use(self, values: Mapping[str, Any]) -> None:
        """Keep what was changed, and do at once what follows from it."""
        for name, value in values.items():
            if name in ("theme", "language"):
                self._actions[f"{name}_{value}"].trigger()
            elif name in ("auto_color", "pixel_grid"):
                self._actions[name].setChecked(value)
            elif name == "recovery_minutes":
                self._controllers.projects.set_recovery(value)
            else:
                setattr(self._settings, name, value)

    def _show_shortcuts(self, *_: object) -> None:
        from app.dialogs.shortcuts_dialog import KeyRow, ShortcutsDialog

        chosen = self._settings.shortcuts
        rows = [
            KeyRow(
                spec.id,
                spec.text.replace("&", "").rstrip("…"),
                tuple(chosen.get(spec.id, default_keys(spec))),
                tuple(default_keys(spec)),
            )
            for spec in self._actions.specs
            if not spec.id.startswith(("theme_", "language_"))
        ]
        dialog = ShortcutsDialog(rows, _fixed(), self._window)
        dialog.changed.connect(self._use_keys)
        dialog.guide_asked.connect(self._actions["guide"].trigger)
        dialog.open()

    def _use_keys(self, chosen: Mapping[str, list[str]]) -> None:
        self._settings.shortcuts = chosen
        self._actions.use_shortcuts(chosen)


def _fixed() -> list[tuple[str, str]]:
    """What the canvas does with keys of its own."""
    return [
        (translate("Actions", "Move the drawing"), translate("Actions", "Space and drag, middle button, arrow keys")),
        (translate("Actions", "Zoom"), translate("Actions", "Wheel, Ctrl+Space and drag")),
        (translate("Actions", "Turn"), translate("Actions", "Shift+Space and drag, R held")),
        (translate("Actions", "Pick a color"), translate("Actions", "Ctrl or Alt and click, right button")),
        (translate("Actions", "Before and after"), translate("Actions", "B held")),
        (translate("Actions", "Hide the panels"), translate("Actions", "Tab on the canvas")),
        (translate("Actions", "Use the tool in the middle"), translate("Actions", "Enter on the canvas")),
    ]

"""One window takes the place of another, which is how the language changes while the program runs."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from PySide6.QtWidgets import QDialog

from app.window.main_window import LAYOUT_VERSION, MainWindow

# Whoever makes a window checks these by what was chosen in the settings.
CHOSEN_ELSEWHERE = ("language_", "theme_")


@runtime_checkable
class Keeping(Protocol):
    """A part of the window with something that is in no document, action or setting and must outlive the window."""

    def kept(self) -> Any: ...
    def keep(self, value: Any) -> None: ...


def take_place(window: MainWindow, before: MainWindow) -> None:
    """Show `window` where `before` is, with its docks, its view of the drawing and what is chosen there.

    `before` is hidden and its dialogs are closed; whoever made it has to delete it.
    """
    for dialog in before.findChildren(QDialog):
        dialog.close()
    window.restoreGeometry(before.saveGeometry())
    window.restoreState(before.saveState(LAYOUT_VERSION), LAYOUT_VERSION)
    # Before the other goes: a program without a window would end.
    window.setVisible(before.isVisible())
    if not before.windowState():
        window.find_least_size()
        window.setGeometry(before.geometry())
    for part, same in zip(window.parts, before.parts, strict=True):
        if isinstance(part, Keeping) and isinstance(same, Keeping):
            part.keep(same.kept())
    _check(window, before)
    window.canvas.setFocus()
    before.hide()


def _check(window: MainWindow, before: MainWindow) -> None:
    """Choose again the tool, the mode of the canvas, and what else is on."""
    for action in before.actions_table.all():
        name = action.objectName()
        if not action.isChecked() or name.startswith(CHOSEN_ELSEWHERE):
            continue
        same = window.actions_table[name]
        if action.actionGroup() is not None:
            same.trigger()
        else:
            same.setChecked(True)

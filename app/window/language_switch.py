"""One window takes the place of another, which is how the language changes while the program runs."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from app.window.main_window import LAYOUT_VERSION, MainWindow

# Whoever makes a window checks these by what was chosen in the settings.
CHOSEN_ELSEWHERE = ("language_", "theme_")


def take_place(window: MainWindow, before: MainWindow) -> None:
    """Show `window` where `before` is, with its docks, its view of the drawing and what is chosen there.

    `before` is hidden and its dialogs are closed; whoever made it has to delete it.
    """
    for dialog in before.findChildren(QDialog):
        dialog.close()
    window.restoreGeometry(before.saveGeometry())
    window.restoreState(before.saveState(LAYOUT_VERSION), LAYOUT_VERSION)
    for name, box in before.layers.boxes.items():
        window.layers.boxes[name].setChecked(box.isChecked())
    window.strip.list.setCurrentRow(before.strip.list.currentRow())
    window.model.show_problem(before.model.problem_sentence)
    # Before the other goes: a program without a window would end.
    window.setVisible(before.isVisible())
    if not before.windowState():
        window.find_least_size()
        window.setGeometry(before.geometry())
    window.canvas.see_as(before.canvas)
    window.canvas.divider.set_share(before.canvas.divider.share)
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

"""Gives canvas, swatches, strips and lists their menus, and hides the panels and the frame of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QListWidgetItem, QMenu

from app.controllers.controllers import Controllers
from app.panels.context_menu import Rows, add_rows, give_menu
from app.window.main_window import MainWindow
from app.window.panel_menu import PanelMenu
from app.window.shell import Shell


class MenusPresenter(QObject):
    """Owns what was hidden by Tab."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._context = window, shell.context
        self._hidden: list[QDockWidget] = []
        self._panels = PanelMenu(window, controllers, shell)
        actions = window.actions_table
        window.canvas.color_picked.connect(self._pick)
        window.canvas.menu_asked.connect(self._show_canvas_menu)
        window.canvas.panels_toggled.connect(actions["hide_panels"].trigger)
        actions["hide_panels"].toggled.connect(self._hide_panels)
        actions["full_screen"].toggled.connect(self._fill_screen)
        give_menu(window.drawings.list, self._of_drawing)
        give_menu(window.strip.list, self._of_reference)
        give_menu(window.checks.list, self._of_check)
        give_menu(window.history.list, lambda _item: actions.some("undo redo"))  # type: ignore[arg-type]

    def _pick(self, x: int, y: int) -> None:
        self._context.take_color_at((x, y))

    def _show_canvas_menu(self, place: QPoint, x: int, y: int) -> None:
        actions, context = self._window.actions_table, self._context
        rows: Rows = []
        if x >= 0 and context.look_up(x, y) is not None:
            rows += [(self.tr("&Pick This Color"), lambda: self._pick(x, y))]
        if x >= 0 and context.outlines is not None:
            rows += [
                (self.tr("&Fill With the Current Color"), lambda: context.verbs.fill(x, y, context.color)),
                (self.tr("&Hint With the Current Color"), lambda: context.verbs.hint(x, y, context.color)),
                (self.tr("&Remove the Correction Here"), lambda: context.verbs.remove_correction_at(x, y)),
            ]
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        of_panel = self._panels.menu_at(x, y, menu)
        if of_panel is not None:
            rows += [None, of_panel.menuAction()]
        rows += [None, *actions.some("undo redo"), None, *actions.some("copy_result export_as"), None]
        rows += actions.some("fit actual_size mirror reset_view hide_panels")
        add_rows(menu, rows)
        menu.popup(place)

    def _of_drawing(self, item: QListWidgetItem | None) -> Rows:
        actions, view = self._window.actions_table, self._window.drawings.list
        rows: Rows = [*actions.some("open_drawing color_all")]
        if item is not None:
            rows = [
                (self.tr("&Rename"), lambda: view.editItem(item)),
                *actions.some("export_as copy_result remove_drawing"),
                None,
                *rows,
            ]
        return rows

    def _of_reference(self, item: QListWidgetItem | None) -> Rows:
        actions = self._window.actions_table
        rows: Rows = [*actions.some("open_references paste_reference")]
        if item is not None:
            rows = [
                (self.tr("&Look at It Large"), self._window.docks["referenceViewDock"].show),
                *(self._window.strip.list.actions() or [actions["remove_references"]]),
                None,
                *rows,
            ]
        return rows

    def _of_check(self, item: QListWidgetItem | None) -> Rows:
        rows: Rows = [self._window.actions_table["next_check"]]
        if item is not None:
            rows = [(self.tr("&Show It"), lambda: self._window.checks.list.itemActivated.emit(item)), *rows]
        return rows

    def _hide_panels(self, hidden: bool) -> None:
        """Hide those that are seen, and later show the same ones again."""
        if hidden:
            self._hidden = [dock for dock in self._window.docks.values() if not dock.isHidden()]
            for dock in self._hidden:
                dock.hide()
        else:
            for dock in self._hidden:
                dock.show()
            self._hidden = []
        self._window.canvas.setFocus()

    def _fill_screen(self, full: bool) -> None:
        state = self._window.windowState()
        screen = Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | screen if full else state & ~screen)

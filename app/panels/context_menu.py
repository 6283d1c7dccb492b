"""Menus of the right button on lists, and of the menu key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu

Rows = list[QAction | tuple[str, Callable[[], object]] | None]  # an action, a word and a verb, or a line between


def add_rows(menu: QMenu, rows: Rows) -> None:
    """Fill a menu."""
    for row in rows:
        if row is None:
            menu.addSeparator()
        elif isinstance(row, QAction):
            menu.addAction(row)
        else:
            text, verb = row
            menu.addAction(text).triggered.connect(lambda _checked=False, verb=verb: verb())


def give_menu(view: QListWidget, rows_of: Callable[[QListWidgetItem | None], Rows]) -> None:
    """Let the right button open a menu on a list. rows_of: what stands in it for a row, or beside all rows."""

    def ask(place: QPoint) -> None:
        item = view.itemAt(place)
        if item is not None and item is not view.currentItem():
            view.setCurrentItem(item)
        menu = QMenu(view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        add_rows(menu, rows_of(item))
        if not menu.isEmpty():
            menu.popup(view.viewport().mapToGlobal(place))

    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.customContextMenuRequested.connect(ask)

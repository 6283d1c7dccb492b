"""All keys in a list that can be searched and changed. A key that two actions would have is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.style.plain_text import plain_tip

PORTABLE, NATIVE = QKeySequence.SequenceFormat.PortableText, QKeySequence.SequenceFormat.NativeText


@dataclass(frozen=True)
class KeyRow:
    """An action: its id, what it is called, the keys it has and those it comes with, as every system writes them."""

    id: str
    text: str
    keys: tuple[str, ...]
    defaults: tuple[str, ...]


class ShortcutsDialog(QDialog):
    """Changes take effect at once, by `changed`."""

    changed = Signal(object)  # dict[str, list[str]]: what differs from the keys the actions come with
    guide_asked = Signal()

    def __init__(self, rows: Sequence[KeyRow], fixed: Sequence[tuple[str, str]], parent: QWidget) -> None:
        """fixed: what is done with keys that cannot be changed, and which these are."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard Shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 560)
        self._rows = {row.id: row for row in rows}
        self._keys: dict[str, list[str]] = {row.id: list(row.keys) for row in rows}
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget(self)
        self.tree.setHeaderLabels([self.tr("What"), self.tr("Key")])
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        self._items: dict[str, QTreeWidgetItem] = {}
        for row in rows:
            self._items[row.id] = QTreeWidgetItem(self.tree, [row.text, ""])
            self._items[row.id].setData(0, Qt.ItemDataRole.UserRole, row.id)
        for what, key in fixed:
            item = QTreeWidgetItem(self.tree, [what, key])
            item.setDisabled(True)
            item.setToolTip(0, self.tr("This key cannot be changed."))
        self.key = QKeySequenceEdit(self)
        self.key.setMaximumSequenceLength(1)
        self.key.setClearButtonEnabled(True)
        self.default = QPushButton(self.tr("&Default"), self)
        self.all_defaults = QPushButton(self.tr("&All Defaults"), self)
        self.message = QLabel(self)
        self.message.setWordWrap(True)
        self.take = QPushButton(self)
        self.take.hide()
        self._wanted = ""  # a key that another action has
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.guide = buttons.addButton(self.tr("&Guide"), QDialogButtonBox.ButtonRole.HelpRole)
        buttons.rejected.connect(self.reject)
        self._lay_out(buttons)
        self.search.textChanged.connect(self._filter)
        self.tree.currentItemChanged.connect(lambda _now, _before: self._show_current())
        self.key.editingFinished.connect(self._key_given)
        self.take.clicked.connect(self._take)
        self.default.clicked.connect(self._use_default)
        self.all_defaults.clicked.connect(self._use_all_defaults)
        self.guide.clicked.connect(self.guide_asked)
        self._show_keys()
        if rows:
            self.choose(rows[0].id)

    def _lay_out(self, buttons: QDialogButtonBox) -> None:
        edit, below = QHBoxLayout(), QHBoxLayout()
        for widget in (QLabel(self.tr("Press the new key:"), self), self.key, self.default, self.all_defaults):
            edit.addWidget(widget)
        below.addWidget(self.message, 1)
        below.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.addWidget(self.search)
        layout.addWidget(self.tree, 1)
        layout.addLayout(edit)
        layout.addLayout(below)
        layout.addWidget(buttons)

    def choose(self, action: str) -> None:
        """Let this action be the one whose key is changed."""
        self.tree.setCurrentItem(self._items[action])

    def owner_of(self, key: str, but: str = "") -> str | None:
        """The id of the action that has a key."""
        return next((one for one, keys in self._keys.items() if one != but and key in keys), None)

    @property
    def chosen(self) -> dict[str, list[str]]:
        """What differs from the keys the actions come with."""
        return {one: keys for one, keys in self._keys.items() if tuple(keys) != self._rows[one].defaults}

    @property
    def _current(self) -> str:
        item = self.tree.currentItem()
        return (item.data(0, Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    def _key_given(self) -> None:
        action, key = self._current, self.key.keySequence().toString(PORTABLE)
        if not action or [key] == self._keys[action][:1] or (not key and not self._keys[action]):
            return
        other = self.owner_of(key, action) if key else None
        if other is None:
            self._set({action: [key] if key else []})
            return
        self._wanted = key
        shown = QKeySequence(key, PORTABLE).toString(NATIVE)
        self.message.setText(self.tr("{0} is the key of “{1}” already.").format(shown, self._rows[other].text))
        self.take.setText(self.tr("&Take It"))
        self.take.show()

    def _take(self) -> None:
        """Give the key to this action, and no other."""
        action, key = self._current, self._wanted
        other = self.owner_of(key, action)
        taken = {other: [one for one in self._keys[other] if one != key]} if other is not None else {}
        self._set({**taken, action: [key]})

    def _use_default(self) -> None:
        action = self._current
        if not action:
            return
        wanted = list(self._rows[action].defaults)
        others = {
            other: [one for one in self._keys[other] if one not in wanted]
            for key in wanted
            if (other := self.owner_of(key, action)) is not None
        }
        self._set({**others, action: wanted})

    def _use_all_defaults(self) -> None:
        self._set({row.id: list(row.defaults) for row in self._rows.values()})

    def _set(self, keys: Mapping[str, list[str]]) -> None:
        self._keys |= keys
        self._show_keys()
        self._show_current()
        self.changed.emit(self.chosen)

    def _show_keys(self) -> None:
        for action, item in self._items.items():
            shown = [QKeySequence(key, PORTABLE).toString(NATIVE) for key in self._keys[action]]
            item.setText(1, ", ".join(shown))
            item.setToolTip(1, plain_tip(", ".join(shown)))
            font = item.font(1)
            font.setBold(tuple(self._keys[action]) != self._rows[action].defaults)
            item.setFont(1, font)
        self.tree.resizeColumnToContents(1)

    def _show_current(self) -> None:
        action = self._current
        keys = self._keys.get(action, [])
        self.message.clear()
        self.take.hide()
        for widget in (self.key, self.default):
            widget.setEnabled(bool(action))
        self.key.setKeySequence(QKeySequence(keys[0], PORTABLE) if keys else QKeySequence())

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        for row in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(row)
            assert item is not None
            words = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in words for word in wanted))

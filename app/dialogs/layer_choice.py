"""Asks which layers of another program's file are the line art and which are colors."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.controllers.layer_work import LayerQuestion

_NAME, _LINES, _COLORS = 0, 1, 2
_PATH = Qt.ItemDataRole.UserRole
_NAMED = 3  # files that the sentence names


class LayerChoiceDialog(QDialog):
    """One row a layer, the topmost first, with a box for lines and one for colors."""

    answered = Signal(object)  # the sources to read

    def __init__(self, question: LayerQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Choose Layers"))
        self._question = question
        self.tree = self._tree()
        buttons = QDialogButtonBox(self)
        self.use: QPushButton = buttons.addButton(self.tr("&Use These Layers"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.whole: QPushButton = buttons.addButton(self.tr("&As It Is Shown"), QDialogButtonBox.ButtonRole.ActionRole)
        self.whole.setToolTip(self.tr("The picture with all visible layers, as the other program shows it"))
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.use.clicked.connect(lambda: self._answer(self.lines, self.colors))
        self.whole.clicked.connect(lambda: self._answer([], []))
        buttons.rejected.connect(self.reject)
        told = QLabel(self._sentence(), self)
        told.setTextFormat(Qt.TextFormat.PlainText)
        told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(told)
        layout.addWidget(self.tree, 1)
        layout.addWidget(buttons)
        self.resize(460, min(620, 220 + 26 * len(question.layers)))
        self.tree.itemChanged.connect(self._show_state)
        self._show_state()
        (self.use if self.use.isEnabled() else self.whole).setDefault(True)
        self.tree.setFocus()

    @property
    def lines(self) -> list[str]:
        """The layers that are checked as line art."""
        return self._checked(_LINES)

    @property
    def colors(self) -> list[str]:
        """The layers that are checked as colors."""
        return self._checked(_COLORS)

    def _sentence(self) -> str:
        names = self._question.names
        shown = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        if self._question.door == "reference":
            return self.tr("{0} has layers of another program. Which of them are the colors?").format(shown)
        return self.tr(
            "{0} has layers of another program. Which of them are the line art, and which are colors?"
        ).format(shown)

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setHeaderLabels([self.tr("Layer"), self.tr("Line art"), self.tr("Colors")])
        tree.setRootIsDecorated(False)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setAccessibleName(self.tr("Layers"))
        # Boxes are filled with this color, which the list itself has otherwise: empty ones could not be seen.
        colors = tree.palette()
        colors.setColor(QPalette.ColorRole.Base, self.palette().color(QPalette.ColorRole.Button))
        tree.setPalette(colors)
        tree.setColumnHidden(_LINES, self._question.door == "reference")
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_LINES, _COLORS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        guess = self._question.guess
        for layer in reversed(self._question.layers):
            item = QTreeWidgetItem(tree)
            item.setText(_NAME, " / ".join((*layer.groups, layer.name)))
            item.setToolTip(_NAME, "" if layer.visible else self.tr("Hidden in its program"))
            item.setData(_NAME, _PATH, layer.path)
            if not layer.visible:
                item.setForeground(_NAME, self.palette().placeholderText())
            for column, chosen in ((_LINES, guess.lines), (_COLORS, guess.colors)):
                is_chosen = layer.path in chosen and (column == _COLORS or self._question.door == "drawing")
                item.setCheckState(column, Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
        return tree

    def _checked(self, column: int) -> list[str]:
        items = (self.tree.topLevelItem(row) for row in range(self.tree.topLevelItemCount()))
        return [
            str(item.data(_NAME, _PATH))
            for item in items
            if item is not None and item.checkState(column) == Qt.CheckState.Checked
        ]

    def _show_state(self, *_: object) -> None:
        self.use.setEnabled(bool(self.lines or self.colors))

    def _answer(self, lines: list[str], colors: list[str]) -> None:
        self.answered.emit(self._question.answered(lines, colors))
        self.accept()

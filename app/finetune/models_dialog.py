"""The models there are: what ships and what was adapted, each with its card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.finetune.models import ShownModel
from app.language import engine_words
from app.panels.card_view import CardView
from app.panels.placeholder_list import PlaceholderList
from app.style.plain_text import plain_tip


class ModelsDialog(QDialog):
    """A list and a card. Asks for changes by signals."""

    use_asked = Signal(str)  # a model's name
    delete_asked = Signal(str)
    install_asked = Signal(object)  # the Path of a file

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._used: str | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Models"))
        self.list = PlaceholderList(self)
        self.list.setObjectName("modelList")
        self.list.empty = self.tr("Looking for models…")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setMinimumWidth(180)
        self.card = CardView(self)
        self.card.setAccessibleName(self.tr("Card of the model"))
        self.use = QPushButton(self.tr("&Use for this project"), self)
        self.use.setToolTip(self.tr("Color the drawings of this project with this model"))
        self.install = QPushButton(self.tr("&Install a file…"), self)
        self.install.setToolTip(self.tr("Install a model or an adapted model that somebody gave you (.safetensors)"))
        self.delete = QPushButton(self.tr("&Delete…"), self)
        self._lay_out()
        self.list.currentRowChanged.connect(self._show)
        self.use.clicked.connect(self._use)
        self.install.clicked.connect(self._ask_file)
        self.delete.clicked.connect(self._ask_delete)
        self.resize(760, 540)
        self._show()

    @property
    def current(self) -> ShownModel | None:
        """The model whose card is shown."""
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def show_models(self, models: Sequence[ShownModel], used: str | None) -> None:
        """List these. used: the name of the one that colors this project."""
        self._used = used
        self.list.empty = self.tr("No model is installed.")
        current = self.current
        wanted = current.entry.name if current is not None else used
        self.list.clear()
        for model in models:
            self.list.addItem(self._item(model))
        names = [model.entry.name for model in models]
        self.list.setCurrentRow(names.index(wanted) if wanted in names else 0)
        self._show()

    def _item(self, model: ShownModel) -> QListWidgetItem:
        entry = model.entry
        title = entry.title
        if entry.problem:
            title = self.tr("{0} (cannot be used)").format(entry.name)
        elif model.is_adapted:
            title = self.tr("{0} (adapted)").format(entry.title)
        elif entry.kind == "assembled":
            title = self.tr("{0} (assembled)").format(entry.title)
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, model)
        item.setToolTip(plain_tip(engine_words.said(entry.problem or entry.description)))
        font = item.font()
        font.setBold(entry.name == self._used)
        item.setFont(font)
        return item

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.list)
        split.addWidget(self.card)
        split.setStretchFactor(1, 1)
        split.setSizes([220, 540])
        split.setChildrenCollapsible(False)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close.rejected.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.use, self.install, self.delete):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch()
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        layout.setSpacing(12)
        layout.addWidget(split, 1)
        layout.addLayout(row)

    def _show(self) -> None:
        model = self.current
        self.card.show_card(model.card if model else "")
        self.use.setEnabled(model is not None and not model.entry.problem and model.entry.name != self._used)
        self.delete.setEnabled(model is not None and model.deletable)
        if model is not None and not model.deletable:
            self.delete.setToolTip(self.tr("Only models that were adapted or assembled here can be deleted here."))
        elif model is not None and model.entry.kind == "assembled":
            self.delete.setToolTip(self.tr("Take this model off the disk; the files it points to stay"))
        else:
            self.delete.setToolTip(self.tr("Take this adapted model off the disk"))

    def _use(self) -> None:
        if self.current is not None:
            self.use_asked.emit(self.current.entry.name)

    def _ask_file(self) -> None:
        kind = self.tr("Models")
        dialog = QFileDialog(self, self.tr("Install a model"), str(Path.home()), f"{kind} (*.safetensors)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.install_asked.emit(Path(name)))
        dialog.open()

    def _ask_delete(self) -> None:
        model = self.current
        if model is None:
            return
        question = QMessageBox(self)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Delete a model"))
        question.setText(self.tr("Delete {0} from this computer? It cannot be brought back.").format(model.entry.title))
        delete = question.addButton(self.tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
        question.setDefaultButton(question.addButton(QMessageBox.StandardButton.Cancel))
        name = model.entry.name
        delete.clicked.connect(lambda: self.delete_asked.emit(name))
        question.open()

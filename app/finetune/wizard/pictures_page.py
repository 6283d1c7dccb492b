"""The first page: which pictures of the character to learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QIcon,
    QImage,
    QKeyEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from app.document.parts import ReferenceItem
from app.finetune import pictures
from app.finetune.controller import FinetuneController
from app.finetune.draft import Draft
from app.finetune.pictures import SheetPicture
from app.images import incoming
from app.images.incoming import FileSource, Source
from app.panels.placeholder_list import PlaceholderList
from app.style.plain_text import plain_tip
from engine.export import formats

ICON = QSize(112, 112)  # half of a thumbnail, for screens of a device pixel ratio of 2
CELL = QSize(154, 176)
EDGE = QColor(128, 128, 128)
FAINT = 0.35  # opacity of a picture that is left out


class PicturesPage(QWizardPage):
    """Thumbnails to drop on; what is left out says why."""

    def __init__(
        self,
        controller: FinetuneController,
        draft: Draft,
        references: Callable[[], Sequence[ReferenceItem]],
        start_folder: Path,
        parent: QWidget | None = None,
    ) -> None:
        """references: those of the project. start_folder: where file dialogs begin."""
        super().__init__(parent)
        self._controller, self._draft, self._references, self._start_folder = (
            controller,
            draft,
            references,
            start_folder,
        )
        self._reading = 0
        self._comparing = False
        self._notice = ""  # why nothing came of what was chosen last
        self.setTitle(self.tr("Pictures of the character"))
        self.setSubTitle(
            self.tr("Choose colored pictures of one character. One is enough to start; five to fifty are better.")
        )
        self.list = PictureList(self)
        self.list.dropped.connect(self.add)
        self.list.remove_asked.connect(self.remove_selected)
        self.list.itemSelectionChanged.connect(self._show)
        self.files = QPushButton(self.tr("Add &pictures…"), self)
        self.files.setToolTip(self.tr("Choose picture files, also PSD and OpenRaster"))
        self.folder = QPushButton(self.tr("Add a &folder…"), self)
        self.folder.setToolTip(self.tr("Take all pictures of a folder"))
        self.own = QPushButton(self.tr("Use the &references"), self)
        self.own.setToolTip(self.tr("Take the references of this project's drawings"))
        self.remove = QPushButton(self.tr("Re&move"), self)
        self.remove.setToolTip(self.tr("Do not learn from the selected pictures (Del)"))
        self.files.clicked.connect(self._ask_files)
        self.folder.clicked.connect(self._ask_folder)
        self.own.clicked.connect(lambda: self._read(list(self._references())))
        self.remove.clicked.connect(self.remove_selected)
        controller.document.references_changed.connect(self._show)
        self.summary = QLabel(self)
        self.summary.setObjectName("mutedText")
        self.summary.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self.files, self.folder, self.own):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.summary)
        order = (self.files, self.folder, self.own, self.remove, self.list)
        for one, other in pairwise(order):
            self.setTabOrder(one, other)
        self._show()

    def isComplete(self) -> bool:
        """Whether there is a picture to learn from, and none still to be read."""
        return bool(self._draft.taken) and not self._reading and not self._comparing

    def add(self, what: incoming.Incoming) -> None:
        """Learn from these too."""
        if what.refusal:
            self._notice = what.refusal
            self._show()
        elif what.sources:
            self._read(list(what.sources))

    def remove_selected(self) -> None:
        """Do not learn from these."""
        gone = self.list.selected()
        if gone:
            row = self.list.currentRow()
            self._set_pictures([one for one in self._draft.pictures if one not in gone])
            self.list.setCurrentRow(min(row, self.list.count() - 1))

    def _read(self, origins: list[Source | ReferenceItem]) -> None:
        if not origins:
            return
        folders = [one.path.name for one in origins if isinstance(one, FileSource) and one.path.is_dir()]
        self._draft.title = self._draft.title or "".join(folders[:1])
        self._reading += 1
        self._notice = ""
        self._controller.read(origins, self._take, self)
        self._show()

    def _take(self, found: tuple[SheetPicture, ...]) -> None:
        self._reading -= 1
        if not found:
            self._notice = self.tr("There are no pictures in that folder; choose another.")
        self._set_pictures([*self._draft.pictures, *found])

    def _set_pictures(self, chosen: list[SheetPicture]) -> None:
        """Show these; which of them are the same is found out off the GUI thread."""
        self._draft.pictures = chosen
        self._comparing = True
        self.list.show_pictures(chosen)
        self._controller.work(
            pictures.compare(chosen), partial(self._compared, chosen), key="finetune-compare", owner=self
        )
        self._show()

    def _compared(self, asked: list[SheetPicture], found: tuple[SheetPicture, ...]) -> None:
        if asked is self._draft.pictures:  # else others came meanwhile, and will be compared too
            self._comparing = False
            self._draft.pictures = list(found)
            self.list.show_pictures(found)
            self._show()

    def _show(self) -> None:
        taken = len(self._draft.taken)
        left_out = len(self._draft.pictures) - taken
        if self._reading:
            text = self.tr("Reading…")
        elif self._notice:
            text = self._notice
        elif left_out:
            text = self.tr("Pictures to learn from: {0}; left out: {1}, each says why.").format(taken, left_out)
        elif taken:
            text = self.tr("Pictures to learn from: {0}.").format(taken)
        else:
            text = ""
        self.summary.setText(text)
        self.remove.setEnabled(bool(self.list.selectedItems()))
        self.own.setEnabled(bool(self._references()))
        self.completeChanged.emit()

    def _ask_files(self) -> None:
        pictures, files = self.tr("Pictures"), self.tr("All files")
        filters = f"{pictures} ({formats.PATTERNS});;{files} (*)"
        dialog = QFileDialog(self, self.tr("Pictures of the character"), str(self._start_folder), filters)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._open(dialog)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder with pictures of the character"), str(self._start_folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self._read([FileSource(Path(name)) for name in names]))
        dialog.open()


class PictureList(PlaceholderList):
    """Thumbnails with names. Files, folders and pictures may be dropped; Delete removes."""

    dropped = Signal(object)  # Incoming
    remove_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheetList")
        self.empty = self.tr("Drop pictures or a folder of one character here")
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setMovement(QListWidget.Movement.Static)
        self.setIconSize(ICON)
        self.setGridSize(CELL)
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.viewport().setAcceptDrops(True)  # which static thumbnails have taken away
        self.setAccessibleName(self.tr("Pictures of the character"))
        self.setAccessibleDescription(self.tr("Drop pictures here. Delete removes the selected ones."))

    def selected(self) -> list[SheetPicture]:
        """The pictures that are selected."""
        return [item.data(Qt.ItemDataRole.UserRole) for item in self.selectedItems()]

    def show_pictures(self, shown: Sequence[SheetPicture]) -> None:
        """Show these."""
        if [self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())] != list(shown):
            self.clear()
            for picture in shown:
                self.addItem(_item(picture))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.muted = self.palette().placeholderText().color()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.may_hold_pictures(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(incoming.take(event.mimeData(), self.tr("Dropped picture")))


def _item(picture: SheetPicture) -> QListWidgetItem:
    item = QListWidgetItem(picture.name)
    item.setData(Qt.ItemDataRole.UserRole, picture)
    item.setIcon(QIcon(_pixmap(picture)))
    item.setToolTip(plain_tip("\n".join(part for part in (picture.name, picture.why) if part)))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{picture.name}, {picture.why}" if picture.why else picture.name)
    if picture.why:
        item.setText(picture.why)
    return item


def _pixmap(picture: SheetPicture) -> QPixmap:
    """The thumbnail in the middle of a square, faint where the picture is left out."""
    canvas = QImage(ICON * 2, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.fill(QColor(0, 0, 0, 0))
    if picture.thumbnail is not None:
        size = picture.thumbnail.size()  # which fits already
        painter = QPainter(canvas)
        painter.setOpacity(FAINT if picture.why else 1.0)
        place = QPoint((canvas.width() - size.width()) // 2, (canvas.height() - size.height()) // 2)
        painter.drawImage(place, picture.thumbnail)
        painter.setPen(QPen(EDGE, 2.0))
        painter.drawRect(QRect(place, size).adjusted(1, 1, -1, -1))
        painter.end()
    else:
        painter = QPainter(canvas)
        painter.setPen(QPen(EDGE, 2.0, Qt.PenStyle.DashLine))
        painter.drawRect(canvas.rect().adjusted(2, 2, -3, -3))
        painter.end()
    return QPixmap.fromImage(canvas)

"""Batch Export: what to color, from what, into what; a look at what will be made; and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.batch.request import BatchRequest
from app.batch_export.form import BatchForm, Window
from app.batch_export.preview import BatchPreview
from app.batch_export.progress import BatchProgress
from app.batch_export.run import BatchRun
from app.images import incoming

if TYPE_CHECKING:
    from app.batch.plan import Plan

SIZE = QSize(720, 680)
LOOK_DELAY_MS = 350


class BatchDialog(QDialog):
    """Two pages: the form, and once a batch goes on, how far it is. Nobody waits for it; closing it stops nothing."""

    plan_wanted = Signal(object)  # BatchRequest: what would it do?
    pages_wanted = Signal(object)  # BatchRequest: what would the pages of the project become?
    begin_asked = Signal(object)  # BatchRequest
    export_asked = Signal(object)  # BatchRequest: write the pages of the project

    def __init__(self, parent: QWidget, base: BatchRequest, window: Window) -> None:
        """base: what the form shows first, and what it does not ask about."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Batch Export"))
        self.setAcceptDrops(True)
        self.form = BatchForm(base, window, self)
        self.preview = BatchPreview(self)
        self.progress = BatchProgress(self)
        self._look_timer = QTimer(self, singleShot=True, interval=LOOK_DELAY_MS)
        self._look_timer.timeout.connect(self._look)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._first_page())
        self.pages.addWidget(self.progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.resize(SIZE)
        self.form.changed.connect(self._changed)
        self.buttons.rejected.connect(self.close)
        self.start.clicked.connect(self._begin)
        self.progress.closed.connect(self.close)
        self.progress.again.connect(self._show_form)
        self._changed()

    @property
    def run(self) -> BatchRun | None:
        """The batch it shows, None while it shows the form."""
        return self.progress.run if self.pages.currentIndex() == 1 else None

    def show_plan(self, plan: Plan) -> None:
        """What a batch would do."""
        if not self.form.is_of_project:
            self.preview.show_plan(plan, has_references=self.form.takes_window_references)
            self.start.setEnabled(self.preview.can_begin)

    def show_pages(self, rows: Sequence[tuple[str, str]], colored: int) -> None:
        """What the pages of the project would become: name and file, or why not; so many can be written."""
        self.preview.show_pages(rows, colored)
        self.start.setEnabled(self.preview.can_begin)

    def show_problem(self, sentence: str) -> None:
        """Why it cannot begin."""
        self.preview.show_problem(sentence)
        self.start.setEnabled(False)

    def show_run(self, run: BatchRun) -> None:
        """How far this batch is."""
        self.progress.show_run(run)
        self.pages.setCurrentIndex(1)
        self.setWindowTitle(run.row.title)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.pages.currentIndex() == 0 and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A folder is the input, pictures are references."""
        paths = incoming.local_files(event.mimeData())
        folders = [path for path in paths if path.is_dir()]
        pictures = tuple(str(path) for path in paths if path.is_file())
        if folders:
            self.form.use_folder(str(folders[0]))
        if pictures:
            self.form.use_pictures(pictures)
        event.acceptProposedAction()

    def _first_page(self) -> QWidget:
        page = QWidget(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, page)
        self.start = QPushButton(self.tr("&Start"), page)
        self.start.setToolTip(self.tr("Begin; the window can be used meanwhile"))
        self.start.setProperty("accent", True)
        self.start.setDefault(True)
        self.start.setEnabled(False)
        self.buttons.addButton(self.start, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addWidget(self.form)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.buttons)
        return page

    def _changed(self) -> None:
        self.start.setEnabled(False)
        missing = self.form.missing()
        self.preview.show_hint(missing or self.tr("Looking what there is to do…"))
        if not missing:
            self._look_timer.start()

    def _look(self) -> None:
        if not self.form.missing():
            wanted = self.pages_wanted if self.form.is_of_project else self.plan_wanted
            wanted.emit(self.form.request())

    def _begin(self) -> None:
        asked = self.export_asked if self.form.is_of_project else self.begin_asked
        asked.emit(self.form.request())

    def _show_form(self) -> None:
        self.setWindowTitle(self.tr("Batch Export"))
        self.pages.setCurrentIndex(0)
        self._changed()

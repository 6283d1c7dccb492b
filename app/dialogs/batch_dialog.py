"""Batch Export: what to color, from what, into what; a look at what will be made; and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import incoming
from app.batch.request import LOCK, OFF, QUALITY_DEFAULT, BatchRequest
from app.dialogs.batch_preview import BatchPreview
from app.dialogs.batch_progress import BatchProgress
from app.jobs.batch_process import BatchRun

if TYPE_CHECKING:
    from app.batch.plan import Plan

SIZE = QSize(720, 660)
LOOK_DELAY_MS = 350
OF_WINDOW, CHOSEN, BESIDE = "window", "chosen", "beside"
SHARED, SEPARATE, WINDOW_PALETTE, FREE = "shared", "separate", "window", "free"
REPORT_NAME = "report.html"


class BatchDialog(QDialog):
    """Two pages: the form, and once a batch goes on, how far it is. Nobody waits for it; closing it stops nothing."""

    plan_wanted = Signal(object)  # BatchRequest: what would it do?
    begin_asked = Signal(object, bool, bool)  # BatchRequest, with the window's references, with its palette

    def __init__(
        self, parent: QWidget, base: BatchRequest, *, references: int, has_palette: bool, locked: bool = True
    ) -> None:
        """base: what the form shows first, and what it does not ask about. references: how many the window has;
        has_palette: whether it has a palette of its own; locked: whether it holds colors to a palette."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Batch Export"))
        self.setAcceptDrops(True)
        self._base = base
        self._chosen: tuple[str, ...] = base.references
        self._window_references = references
        self._look_timer = QTimer(self, singleShot=True, interval=LOOK_DELAY_MS)
        self._look_timer.timeout.connect(self._look)
        self._make_fields(references, has_palette, locked)
        self.preview = BatchPreview(self)
        self.progress = BatchProgress(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self._form())
        self.pages.addWidget(self.progress)
        self.progress.closed.connect(self.close)
        self.progress.again.connect(self._show_form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages)
        self.resize(SIZE)
        self._order_tabs()
        self._connect()
        self._show_references()
        self._changed()

    @property
    def run(self) -> BatchRun | None:
        """The batch it shows, None while it shows the form."""
        return self.progress.run if self.pages.currentIndex() == 1 else None

    def request(self) -> BatchRequest:
        """What the form asks for."""
        values = {field: getattr(self._base, field) for field in self._base.__dataclass_fields__}
        output, palette = self.output.text().strip(), self.colors.currentData()
        kind, quality = self.format.currentData()
        return BatchRequest(
            **values
            | {
                "folder": self.folder.text().strip(),
                "output": output,
                "references": self._chosen if self.source.currentData() == CHOSEN else (),
                "format": kind,
                "quality": quality,
                "on_exists": self.on_exists.currentData(),
                "recursive": self.recursive.isChecked(),
                "pattern": self.pattern.text().strip() or "*",
                "shared_palette": palette != SEPARATE,
                "palette": OFF if palette == FREE else LOCK,
                "report": str(Path(output) / REPORT_NAME) if output and self.report.isChecked() else "",
            }
        )

    def show_plan(self, plan: Plan) -> None:
        """What a batch would do."""
        self.preview.show_plan(plan, has_references=self.source.currentData() == OF_WINDOW)
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
        """Folders, and pictures to take colors from."""
        if self.pages.currentIndex() == 0 and event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A folder is the input, pictures are references."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        folders = [path for path in paths if path.is_dir()]
        pictures = tuple(str(path) for path in paths if path.is_file())
        if folders:
            self._use_folder(str(folders[0]))
        if pictures:
            self._use_pictures(pictures)
        event.acceptProposedAction()

    def _make_fields(self, references: int, has_palette: bool, locked: bool) -> None:
        base = self._base
        self.folder = _line(self.tr("Folder of drawings"), base.folder, self.tr("Choose a folder, or drop one here"))
        self.output = _line(self.tr("Folder for the pictures"), base.output, self.tr("It is made if there is none"))
        self.source = self._combo(
            self.tr(
                "Where the colors come from; a folder named references, or a nurie.toml, beside drawings comes first"
            ),
            (self.tr("The window's references ({0})").format(references), OF_WINDOW),
            (self.tr("Chosen pictures"), CHOSEN),
            (self.tr("Only those beside the drawings"), BESIDE),
        )
        _set_enabled(self.source, 0, references > 0)
        _choose(self.source, CHOSEN if base.references else OF_WINDOW if references else BESIDE)
        self.choose = _button(self.tr("C&hoose…"), self.tr("Choose color pictures to take colors from"))
        self.chosen_label = QLabel(self)
        self.chosen_label.setObjectName("mutedText")
        self.colors = self._combo(
            self.tr("Which colors the drawings may take"),
            (self.tr("Of the references, the same in all pictures"), SHARED),
            (self.tr("Of the references, each for itself"), SEPARATE),
            (self.tr("The window's palette"), WINDOW_PALETTE),
            (self.tr("Any color"), FREE),
        )
        _set_enabled(self.colors, 2, has_palette)
        _choose(self.colors, FREE if not locked else WINDOW_PALETTE if has_palette else SHARED)
        self.format = self._combo(
            self.tr("What kind of files to write"),
            (self.tr("PNG, flattened"), ("png", None)),
            (self.tr("Photoshop, in layers"), ("psd", None)),
            (self.tr("OpenRaster, in layers"), ("ora", None)),
            (self.tr("JPEG, quality {0}").format(QUALITY_DEFAULT), ("jpg", QUALITY_DEFAULT)),
            (self.tr("WebP, quality {0}").format(QUALITY_DEFAULT), ("webp", QUALITY_DEFAULT)),
            (self.tr("WebP, without loss"), ("webp", None)),
        )
        _choose(self.format, (base.format, base.quality))
        self.on_exists = self._combo(
            self.tr("What to do where a picture of that name is there already"),
            (self.tr("Leave it"), "skip"),
            (self.tr("Replace it"), "overwrite"),
            (self.tr("Number the new one"), "number"),
        )
        _choose(self.on_exists, base.on_exists)
        self.recursive = QCheckBox(self.tr("Also the folders &in it"), self)
        self.recursive.setChecked(base.recursive)
        self.recursive.setToolTip(self.tr("The pictures lie in folders of the same names then"))
        self.pattern = _line(self.tr("Names of drawings"), "" if base.pattern == "*" else base.pattern, "*.png")
        self.pattern.setToolTip(self.tr("Only drawings whose names fit, such as page*.png"))
        self.report = QCheckBox(self.tr("Write a re&port with small pictures ({0})").format(REPORT_NAME), self)
        self.report.setChecked(True)
        self.report.setToolTip(self.tr("A page with line art, result, time and places to look at, for any browser"))

    def _combo(self, tip: str, *entries: tuple[str, object]) -> QComboBox:
        box = QComboBox(self)
        box.setToolTip(tip)
        for text, data in entries:
            box.addItem(text, data)
        return box

    def _form(self) -> QWidget:
        form = QWidget(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.browse = _button(self.tr("&Browse…"), self.tr("Choose the folder of drawings"))
        self.browse_output = _button(self.tr("Bro&wse…"), self.tr("Choose the folder for the pictures"))
        sources, which = QHBoxLayout(), QHBoxLayout()
        sources.addWidget(self.source, 1)
        sources.addWidget(self.chosen_label)
        which.addWidget(self.recursive)
        which.setSpacing(8)
        which.addStretch()
        names = QLabel(self.tr("&Names"), self)
        names.setBuddy(self.pattern)
        which.addWidget(names)
        which.addWidget(self.pattern)
        rows: tuple[tuple[str, QWidget, QWidget | QHBoxLayout, QWidget | None], ...] = (
            (self.tr("&Drawings"), self.folder, self.folder, self.browse),
            ("", self.recursive, which, None),
            (self.tr("&Colors from"), self.source, sources, self.choose),
            (self.tr("Pa&lette"), self.colors, self.colors, None),
            (self.tr("Pictures t&o"), self.output, self.output, self.browse_output),
            (self.tr("&Format"), self.format, self.format, None),
            (self.tr("If it is &there"), self.on_exists, self.on_exists, None),
            ("", self.report, self.report, None),
        )
        for row, (text, buddy, item, button) in enumerate(rows):
            if text:
                label = QLabel(text, self)
                label.setBuddy(buddy)
                grid.addWidget(label, row, 0)
            if isinstance(item, QWidget):
                grid.addWidget(item, row, 1)
            else:
                grid.addLayout(item, row, 1)
            if button is not None:
                grid.addWidget(button, row, 2)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, form)
        self.start = QPushButton(self.tr("&Start"), form)
        self.start.setProperty("accent", True)
        self.start.setDefault(True)
        self.start.setEnabled(False)
        self.buttons.addButton(self.start, QDialogButtonBox.ButtonRole.ActionRole)
        layout = QVBoxLayout(form)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(grid)
        layout.addWidget(self.preview, 1)
        layout.addWidget(self.buttons)
        return form

    def _order_tabs(self) -> None:
        """From top to bottom, as it is read."""
        chain = (
            self.folder, self.browse, self.recursive, self.pattern, self.source, self.choose, self.colors, self.output,
            self.browse_output, self.format, self.on_exists, self.report, self.preview.list, self.start,
            self.buttons.button(QDialogButtonBox.StandardButton.Close),
        )  # fmt: skip
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    def _connect(self) -> None:
        for line in (self.folder, self.output, self.pattern):
            line.textChanged.connect(self._changed)
        for box in (self.source, self.format, self.on_exists, self.colors):
            box.currentIndexChanged.connect(self._changed)
        self.source.currentIndexChanged.connect(self._show_references)
        self.recursive.toggled.connect(self._changed)
        self.browse.clicked.connect(self._ask_folder)
        self.browse_output.clicked.connect(self._ask_output)
        self.choose.clicked.connect(self._ask_pictures)
        self.buttons.rejected.connect(self.close)
        self.start.clicked.connect(self._begin)

    def _changed(self) -> None:
        self.start.setEnabled(False)
        if not self.folder.text().strip():
            self.preview.show_hint(self.tr("Choose a folder of drawings, or drop one here."))
        elif not self.output.text().strip():
            self.preview.show_hint(self.tr("Choose a folder for the pictures."))
        else:
            self.preview.show_hint(self.tr("Looking what there is to do…"))
            self._look_timer.start()

    def _look(self) -> None:
        if self.folder.text().strip() and self.output.text().strip():
            self.plan_wanted.emit(self.request())

    def _begin(self) -> None:
        of_window = self.source.currentData() == OF_WINDOW
        self.begin_asked.emit(self.request(), of_window, self.colors.currentData() == WINDOW_PALETTE)

    def _show_form(self) -> None:
        self.setWindowTitle(self.tr("Batch Export"))
        self.pages.setCurrentIndex(0)
        self._changed()

    def _show_references(self) -> None:
        is_chosen = self.source.currentData() == CHOSEN
        self.chosen_label.setVisible(is_chosen)
        self.chosen_label.setText(self.tr("{0} chosen").format(len(self._chosen)))
        self.chosen_label.setToolTip("\n".join(self._chosen))

    def _use_folder(self, name: str) -> None:
        """Take this folder, and suggest another for the pictures where the person named none."""
        before = self._beside(self.folder.text().strip())
        self.folder.setText(str(Path(name)))
        if self.output.text().strip() in ("", before):
            self.output.setText(self._beside(name))

    def _beside(self, name: str) -> str:
        path = Path(name)
        return str(path.with_name(self.tr("{0} colored").format(path.name))) if path.name else ""

    def _use_pictures(self, names: tuple[str, ...]) -> None:
        self._chosen = names
        _choose(self.source, CHOSEN)
        self._show_references()
        self._changed()

    def _ask_folder(self) -> None:
        self._ask_directory(self.tr("Folder of drawings"), self.folder.text(), self._use_folder)

    def _ask_output(self) -> None:
        self._ask_directory(self.tr("Folder for the pictures"), self.output.text(), self.output.setText)

    def _ask_directory(self, title: str, start: str, use: Callable[[str], None]) -> None:
        dialog = QFileDialog(self, title, start)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(use)
        dialog.open()

    def _ask_pictures(self) -> None:
        pictures = self.tr("Pictures")
        dialog = QFileDialog(self, self.tr("Take colors from"), "", f"{pictures} ({incoming.FILE_PATTERNS})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self._use_pictures(tuple(names)))
        dialog.open()


def _line(name: str, text: str, hint: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    line.setToolTip(name)
    return line


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setAutoDefault(False)
    return button


def _choose(box: QComboBox, data: object) -> None:
    for index in range(box.count()):
        if box.itemData(index) == data:
            box.setCurrentIndex(index)


def _set_enabled(box: QComboBox, index: int, enabled: bool) -> None:
    model = box.model()
    item = getattr(model, "item", None)
    if item is not None:
        item(index).setEnabled(enabled)

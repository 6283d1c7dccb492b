"""How far a batch is: all of it, each drawing in work, what was made last, and what failed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.batch_export.run import BatchRun
from app.jobs.long_run import RunState, Verb, time_left
from app.language.engine_words import said
from app.style.plain_text import plain_tip

BAR_STEPS = 1000
LINES = 8  # drawings in work that are shown
LAST_SIZE = QSize(416, 208)


class BatchProgress(QWidget):
    """Shows one batch and what can be done about it."""

    closed = Signal()
    again = Signal()  # another batch is wanted

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: BatchRun | None = None
        self._thumbnail: Path | None = None
        self.folders = QLabel(self)
        self.folders.setObjectName("mutedText")
        self.folders.setTextFormat(Qt.TextFormat.PlainText)
        self.folders.setWordWrap(True)
        self.message = QLabel(self)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the batch"))
        self.lines = [_WorkLine(self) for _ in range(LINES)]
        self.last = QLabel(self)
        self.last.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.last.setMinimumHeight(LAST_SIZE.height())
        self.last.setAccessibleName(self.tr("The picture that was made last"))
        self.failures = QTreeWidget(self)
        self.failures.setObjectName("batchList")
        self.failures.setColumnCount(2)
        self.failures.setHeaderLabels([self.tr("Failed"), self.tr("Why")])
        self.failures.setRootIsDecorated(False)
        self.failures.setAccessibleName(self.tr("Drawings that failed"))
        self.pause = self._button(self.tr("&Pause"), self.tr("Pause, or go on"))
        self.stop = self._button(self.tr("&Stop"), self.tr("Stop; what is colored is kept, and the batch can go on"))
        self.retry = self._button(self.tr("&Retry Failed"), self.tr("Try the drawings again that failed"))
        self.open_folder = self._button(self.tr("Open &Folder"), self.tr("Show the folder with the pictures"))
        self.open_report = self._button(self.tr("Open Repor&t"), self.tr("Show the report in the browser"))
        self.another = self._button(self.tr("&New Batch…"), self.tr("Color another folder"))
        self.close_button = self._button(self.tr("&Close"), self.tr("The batch goes on; the jobs panel shows how far"))
        self._lay_out()
        self.pause.clicked.connect(self._pause_or_resume)
        self.stop.clicked.connect(lambda: self._ask(Verb.CANCEL))
        self.retry.clicked.connect(self._retry)
        self.open_folder.clicked.connect(self._open_folder)
        self.open_report.clicked.connect(self._open_report)
        self.another.clicked.connect(self.again)
        self.close_button.clicked.connect(self.closed)

    def show_run(self, run: BatchRun) -> None:
        """Show this batch from now on."""
        if self.run is not None:
            self.run.changed.disconnect(self._show)
        self.run = run
        self._thumbnail = None
        self.last.clear()
        self.failures.clear()
        run.changed.connect(self._show)
        self._show()
        self.pause.setFocus()

    def _lay_out(self) -> None:
        work = QVBoxLayout()
        work.setSpacing(4)
        for line in self.lines:
            work.addWidget(line)
        buttons = QHBoxLayout()
        for button in (self.pause, self.stop, self.retry, self.open_folder, self.open_report):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.another)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(10)
        layout.addWidget(self.folders)
        layout.addWidget(self.message)
        layout.addWidget(self.bar)
        layout.addLayout(work)
        layout.addWidget(self.last, 1)
        layout.addWidget(self.failures, 1)
        layout.addLayout(buttons)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        return button

    def _show(self) -> None:
        run = self.run
        if run is None:
            return
        standing, row = run.standing, run.row
        self.folders.setText(f"{run.request.folder}  →  {run.request.output}")
        left = time_left(row.seconds_left) if row.state == RunState.RUNNING else ""
        self.message.setText(" · ".join(part for part in (row.message, left) if part))
        is_measured = row.fraction is not None or row.state not in (RunState.RUNNING, RunState.ENDING)
        self.bar.setRange(0, BAR_STEPS if is_measured else 0)
        if is_measured:
            self.bar.setValue(round(BAR_STEPS * (row.fraction or 0.0)))
        in_work = list(standing.in_work.items())
        for place, line in enumerate(self.lines):
            name, (step, share) = in_work[place] if place < len(in_work) else ("", ("", 0.0))
            line.show_work(name, said(step), share)
        self._show_last(standing.thumbnail)
        self._show_failures(standing.failures)
        self._show_buttons(run)

    def _show_buttons(self, run: BatchRun) -> None:
        verbs, row = run.row.verbs, run.row
        goes_on = Verb.PAUSE in verbs
        self.pause.setText(self.tr("&Pause") if goes_on else self.tr("&Go On"))
        self.pause.setVisible(goes_on or Verb.RESUME in verbs)
        self.stop.setVisible(Verb.CANCEL in verbs)
        self.retry.setVisible(row.state == RunState.DONE and bool(run.standing.failures))
        self.open_report.setVisible(run.standing.report is not None)
        self.another.setVisible(not run.is_alive)

    def _show_last(self, thumbnail: Path | None) -> None:
        if thumbnail is None or thumbnail == self._thumbnail:
            return
        self._thumbnail = thumbnail
        image = QImage(str(thumbnail))  # a few kilobytes
        if not image.isNull():
            self.last.setPixmap(QPixmap.fromImage(image))

    def _show_failures(self, failures: dict[str, str]) -> None:
        self.failures.setVisible(bool(failures))
        if self.failures.topLevelItemCount() > len(failures):
            self.failures.clear()
        new = list(failures.items())[self.failures.topLevelItemCount() :]
        for name, message in new:
            item = QTreeWidgetItem([name, said(message)])
            item.setToolTip(0, plain_tip(name))
            item.setToolTip(1, plain_tip(said(message)))
            self.failures.addTopLevelItem(item)
        if new:
            self.failures.resizeColumnToContents(0)

    def _ask(self, verb: Verb) -> None:
        if self.run is not None:
            self.run.ask(verb)

    def _pause_or_resume(self) -> None:
        if self.run is not None:
            self.run.ask(Verb.PAUSE if Verb.PAUSE in self.run.row.verbs else Verb.RESUME)

    def _retry(self) -> None:
        if self.run is not None:
            self.run.start(retry_failed=True)

    def _open_folder(self) -> None:
        if self.run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self.run.request.output))

    def _open_report(self) -> None:
        if self.run is not None and self.run.standing.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.run.standing.report)))


class _WorkLine(QWidget):
    """One drawing in work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLabel(self)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMinimumWidth(1)
        self.step = QLabel(self)
        self.step.setObjectName("mutedText")
        self.step.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, BAR_STEPS)
        self.bar.setFixedWidth(160)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.name, 3)
        layout.addWidget(self.step, 2)
        layout.addWidget(self.bar)
        self.setVisible(False)

    def show_work(self, name: str, step: str, share: float) -> None:
        """Which drawing, what is being done to it, and how much of it is done; an empty name hides the line."""
        self.setVisible(bool(name))
        self.name.setText(name)
        self.name.setToolTip(plain_tip(name))
        self.step.setText(step)
        self.bar.setValue(round(BAR_STEPS * share))
        self.bar.setAccessibleName(name)

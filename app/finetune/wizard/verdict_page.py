"""The last page: whether it helped, by pictures it did not learn from."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
    QWizard,
    QWizardPage,
)

from app.finetune import pictures
from app.finetune.controller import FinetuneController
from app.finetune.events import Verdict
from app.finetune.run import FinetuneRun, percent, pictures_of, what_helps
from app.finetune.wizard.picture_box import PictureView
from app.language import engine_words, numbers

LEAST = QSize(150, 190)


class VerdictPage(QWizardPage):
    """Headline, scores before and after, pictures side by side, and what to do with the model."""

    def __init__(self, controller: FinetuneController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.run: FinetuneRun | None = None
        self._views: list[PictureView] = []
        self.setTitle(self.tr("Verdict"))
        self.setButtonText(QWizard.WizardButton.FinishButton, self.tr("&Done"))
        self.setFinalPage(True)
        self.headline = QLabel(self)
        self.headline.setObjectName("verdictTitle")
        self.headline.setWordWrap(True)
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.scores = QLabel(self)
        self.scores.setTextFormat(Qt.TextFormat.RichText)
        self.install = QPushButton(self.tr("&Install anyway"), self)
        self.install.setToolTip(self.tr("Use the adapted model although it is no better"))
        self.install.setAutoDefault(False)  # Enter must not insist
        self.install.clicked.connect(self._install)
        self.back = QPushButton(self.tr("&Go back to the model of before"), self)
        self.back.setToolTip(self.tr("Color this project as before; the adapted model stays in the list of models"))
        self.back.clicked.connect(self._go_back)
        self.use = QPushButton(self.tr("&Use for this project"), self)
        self.use.setToolTip(self.tr("Color the drawings of this project with the adapted model"))
        self.use.clicked.connect(self._use)
        self.pictures = QWidget(self)
        self._grid = QGridLayout(self.pictures)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setSpacing(10)
        self._lay_out()
        controller.document.model_changed.connect(self._show)

    def initializePage(self) -> None:
        """Show how it came out."""
        if self.run is None or self.run.verdict is None:
            return
        verdict = self.run.verdict
        note = self.run.prepared.note if self.run.prepared is not None else ""
        proven = self.tr("Judged by pictures that it did not learn from: how many regions get the right color.")
        self.setSubTitle(engine_words.said(note) if note else proven)
        self.scores.setText(self._table(verdict))
        self._build_rows(verdict)
        self._controller.work(pictures.load(pictures_of(verdict)), self._loaded, key="finetune-verdict", owner=self)
        self._show()

    def show_run(self, run: FinetuneRun) -> None:
        """Of this run."""
        self.run = run
        run.changed.connect(self._show)

    def _lay_out(self) -> None:
        scroll = QScrollArea(self)
        scroll.setObjectName("verdictPictures")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.pictures)
        scroll.setAccessibleName(self.tr("Pictures held out"))
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self.headline)
        words.addWidget(self.state)
        top = QHBoxLayout()
        top.setSpacing(24)
        top.addLayout(words, 1)
        top.addWidget(self.scores, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.install)
        buttons.addWidget(self.back)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(scroll, 1)
        layout.addLayout(buttons)

    def _table(self, verdict: Verdict) -> str:
        before, after = verdict.before, verdict.after
        points = 100.0 * (after.region_accuracy - before.region_accuracy)
        rows = (
            ("", self.tr("before"), self.tr("now"), self.tr("points")),
            (
                self.tr("regions colored right"),
                percent(before.region_accuracy),
                percent(after.region_accuracy),
                f"{'+' if points > 0.0 else ''}{numbers.decimal(points, 1)}",
            ),
            (
                self.tr("color difference (ΔE)"),
                numbers.decimal(before.delta_e, 1),
                numbers.decimal(after.delta_e, 1),
                "",
            ),
        )
        body = "".join(
            f"<tr><td>{name}</td><td align='right'>{one}</td><td align='right'><b>{other}</b></td>"
            f"<td align='right'>{more}</td></tr>"
            for name, one, other, more in rows
        )
        return f"<table cellspacing='0' cellpadding='4'>{body}</table>"

    def _build_rows(self, verdict: Verdict) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._views = []
        for row, judged in enumerate(verdict.pictures):
            for column, caption in enumerate((self.tr("before"), self.tr("now"), self.tr("as it should be"))):
                view = PictureView(f"{judged.name}, {caption}", LEAST, self.pictures)
                self._grid.addWidget(view, row, column)
                self._views.append(view)

    def _loaded(self, images: tuple[QImage | None, ...]) -> None:
        for view, image in zip(self._views, images, strict=False):
            view.show_image(image)

    def _show(self) -> None:
        run = self.run
        if run is None or run.verdict is None:
            return
        better = run.verdict.better
        self.headline.setText(self.tr("It helped.") if better else self.tr("It did not help."))
        self.install.setVisible(run.kept_out is not None)
        is_used = run.installed is not None and self._controller.document.model_in_use == run.installed.name
        self.back.setVisible(is_used)
        self.use.setVisible(run.installed is not None and not is_used)
        if run.installed is None:
            text = self.tr("The adapted model is not installed; the project is colored as before.")
            why = engine_words.said(run.kept_out.why) if run.kept_out else ""
            self.state.setText(" ".join(part for part in (why, text, what_helps()) if part))
        elif is_used:
            self.state.setText(
                self.tr("{0} is installed, and this project is colored with it.").format(run.installed.name)
            )
        else:
            self.state.setText(
                self.tr("{0} is installed; this project is colored with the model of before.").format(
                    run.installed.name
                )
            )

    def _install(self) -> None:
        if self.run is not None:
            self._controller.install_anyway(self.run)

    def _use(self) -> None:
        if self.run is not None and self.run.installed is not None:
            self._controller.use_model(self.run.installed.name, self.run.character)

    def _go_back(self) -> None:
        if self.run is not None:
            self._controller.use_model(self.run.model_before, self.run.character)

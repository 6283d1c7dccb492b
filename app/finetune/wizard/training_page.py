"""The third page: how the training goes. It may be closed, the training goes on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget, QWizard, QWizardPage

from app.finetune import pictures
from app.finetune.controller import FinetuneController
from app.finetune.run import FinetuneRun
from app.finetune.wizard.loss_curve import LossCurve
from app.finetune.wizard.picture_box import PictureView
from app.jobs.long_run import RunState, Verb, time_left

BAR_STEPS = 1000
LEAST = QSize(150, 170)


class TrainingPage(QWizardPage):
    """Progress, a held-out picture before and now, the loss, and what can be done about it."""

    def __init__(self, controller: FinetuneController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.run: FinetuneRun | None = None
        self._sample: tuple[Path, int] | None = None
        self.setTitle(self.tr("Training"))
        self.setSubTitle(self.tr("You can close this and work on: it goes on in the background, see the jobs panel."))
        self.setButtonText(QWizard.WizardButton.CancelButton, self.tr("&Close"))
        self.setButtonText(QWizard.WizardButton.NextButton, self.tr("&Verdict"))
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.status = QLabel(self)
        self.left = QLabel(self)
        self.left.setObjectName("mutedText")
        self.views = {
            "before": PictureView(self.tr("Before"), LEAST, self),
            "after": PictureView(self.tr("Now"), LEAST, self),
            "truth": PictureView(self.tr("As it should be"), LEAST, self),
        }
        self.curve = LossCurve(self)
        self.problem = QLabel(self)
        self.problem.setObjectName("problemText")
        for label in (self.status, self.problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.buttons = {verb: self._button(verb, *words) for verb, words in self._words().items()}
        self._lay_out()

    def show_run(self, run: FinetuneRun) -> None:
        """Follow this run."""
        self.run = run
        run.changed.connect(self._show)
        run.ended.connect(self._ended)
        self._show()

    def isComplete(self) -> bool:
        """Whether there is a verdict to see."""
        return self.run is not None and self.run.state == RunState.DONE

    def _words(self) -> dict[Verb, tuple[str, str]]:
        return {
            Verb.PAUSE: (self.tr("&Pause"), self.tr("Let the computer do other things for a while")),
            Verb.RESUME: (self.tr("&Go on"), self.tr("Go on where it stopped")),
            Verb.KEEP: (self.tr("&Stop and keep"), self.tr("Stop now and judge what was learned so far")),
            Verb.CANCEL: (self.tr("C&ancel training"), self.tr("Stop without a verdict; it can go on later")),
        }

    def _button(self, verb: Verb, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.run.ask(verb) if self.run else None)
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.status, 1)
        top.addWidget(self.left)
        samples = QHBoxLayout()
        samples.setSpacing(10)
        for view in self.views.values():
            samples.addWidget(view)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in self.buttons.values():
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.bar)
        layout.addLayout(samples, 1)
        layout.addWidget(self.curve)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def _show(self) -> None:
        run = self.run
        if run is None:
            return
        row = run.row
        self.status.setText("" if run.failure else row.message)
        self.left.setText(time_left(row.seconds_left))
        is_measured = row.fraction is not None or row.state not in (RunState.RUNNING, RunState.ENDING)
        self.bar.setRange(0, BAR_STEPS if is_measured else 0)
        if is_measured:
            self.bar.setValue(round(BAR_STEPS * (row.fraction or 0.0)))
        self.problem.setText(run.failure)
        self.problem.setVisible(bool(run.failure))
        self.curve.show_losses(run.losses, run.progress.steps if run.progress else 1)
        for verb, button in self.buttons.items():
            if button.hasFocus() and verb not in row.verbs:
                self.wizard().setFocus()
            button.setVisible(verb in row.verbs)
        self._load_sample(run)
        self.completeChanged.emit()

    def _load_sample(self, run: FinetuneRun) -> None:
        sample = run.sample
        if sample is None or self._sample == (sample.after, sample.step):
            return
        self._sample = sample.after, sample.step
        self.views["after"].set_caption(self.tr("Now, step {0}").format(sample.step))
        steps = pictures.load((sample.before, sample.after, sample.truth))
        self._controller.work(steps, self._sample_loaded, key="finetune-sample", owner=self)

    def _sample_loaded(self, images: tuple[QImage | None, ...]) -> None:
        for view, image in zip(self.views.values(), images, strict=True):
            if image is not None:
                view.show_image(image)

    def _ended(self) -> None:
        self._show()
        if self.isComplete() and self.wizard().currentPage() is self:
            self.wizard().next()

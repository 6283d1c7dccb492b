"""The fine-tuning wizard: choose pictures, see what it learns from, watch it, hear the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget, QWizard

from app.document.parts import ReferenceItem
from app.finetune.controller import FinetuneController
from app.finetune.draft import Draft
from app.finetune.run import FinetuneRun
from app.finetune.wizard.learning_page import LearningPage
from app.finetune.wizard.pictures_page import PicturesPage
from app.finetune.wizard.training_page import TrainingPage
from app.finetune.wizard.verdict_page import VerdictPage
from app.jobs.long_run import RunState

PICTURES, LEARNING, TRAINING, VERDICT = range(4)


class FinetuneWizard(QWizard):
    """Four pages. Closing it ends nothing that has begun."""

    def __init__(
        self,
        controller: FinetuneController,
        references: Callable[[], Sequence[ReferenceItem]],
        start_folder: Path,
        run: FinetuneRun | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """references: those of the project. start_folder: of file dialogs. run: one that has begun; None: a new one."""
        super().__init__(parent)
        self._controller = controller
        self.run: FinetuneRun | None = None
        document = controller.document
        self.draft = Draft(controller.new_folder(), sigma=document.line_settings.sigma, model=document.model)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Adapt to a character"))
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        self.setOption(QWizard.WizardOption.NoBackButtonOnLastPage)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage)
        self.pictures = PicturesPage(controller, self.draft, references, start_folder, self)
        self.learning = LearningPage(controller, self.draft, self._begin, self)
        self.training = TrainingPage(controller, self)
        self.verdict = VerdictPage(controller, self)
        for page_id, page in (
            (PICTURES, self.pictures),
            (LEARNING, self.learning),
            (TRAINING, self.training),
            (VERDICT, self.verdict),
        ):
            self.setPage(page_id, page)
        self.resize(860, 680)
        if run is not None:
            self._follow(run)
            self.setStartId(VERDICT if run.state == RunState.DONE else TRAINING)

    def done(self, result: int) -> None:
        """Close. What has not begun leaves nothing behind."""
        self._controller.end_measuring(self.learning.measuring, self.draft.folder if self.run is None else None)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own button does what Cancel does."""
        self.reject()
        event.accept()

    def _begin(self) -> bool:
        run = self._controller.begin(self.draft.request, self.draft.folder)
        if run is None:
            return False
        self._follow(run)
        return True

    def _follow(self, run: FinetuneRun) -> None:
        self.run = run
        self.training.show_run(run)
        self.verdict.show_run(run)

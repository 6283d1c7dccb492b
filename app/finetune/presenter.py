"""Ties fine-tuning and models to the window: actions, the wizard, the jobs panel, the bar with the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWizard

from app.dialogs.front import to_front
from app.document.parts import ReferenceItem
from app.finetune import models
from app.finetune.controller import FinetuneControllers
from app.finetune.models import ShownModel
from app.finetune.run import FinetuneRun
from app.jobs.long_run import RunState

if TYPE_CHECKING:  # the dialogs are loaded when they are opened: most days they are not
    from app.finetune.models_dialog import ModelsDialog
    from app.finetune.wizard.wizard import FinetuneWizard
    from app.window.main_window import MainWindow
    from app.window.shell import Shell


class FinetunePresenter(QObject):
    """Owns no state but what is open."""

    def __init__(self, window: MainWindow, controllers: FinetuneControllers, shell: Shell) -> None:
        super().__init__(shell)
        controller = controllers.finetune
        self._window, self._controller, self._settings = window, controller, controllers.settings
        self._shell, self._coloring = shell, controllers.coloring
        shell.listen(controller)
        self._told: FinetuneRun | None = None  # whose verdict the bar tells
        self._models: ModelsDialog | None = None
        actions = window.actions_table
        actions["adapt"].triggered.connect(controller.adapt_to_references)
        actions["finetune"].triggered.connect(self.open_wizard)
        actions["models"].triggered.connect(self.open_models)
        window.verdict.answered.connect(self._answer)
        controller.run_added.connect(self._added)
        controller.run_removed.connect(self._removed)
        controller.run_opened.connect(self.open_run)
        controller.run_ended.connect(self._ended)
        controller.models_changed.connect(self._list_models)
        controller.document.model_changed.connect(self._model_changed)
        for run in controller.runs:
            window.jobs.add(run.row)

    def open_wizard(self) -> None:
        """Begin with another fine-tuning, or go on with choosing its pictures."""
        for wizard in self._wizards():
            if wizard.run is None:
                to_front(wizard)
                return
        self._open(None)

    def open_run(self, run: FinetuneRun) -> None:
        """Show how this run goes or went."""
        for wizard in self._wizards():
            if wizard.run is run:
                to_front(wizard)
                return
        self._open(run)

    def open_models(self) -> None:
        """Show which models there are."""
        from app.finetune.models_dialog import ModelsDialog

        dialog = self._models = ModelsDialog(self._window)
        dialog.destroyed.connect(self._models_closed)
        dialog.use_asked.connect(self._controller.use_model)
        dialog.delete_asked.connect(self._controller.delete_model)
        dialog.install_asked.connect(self._controller.install_file)
        dialog.open()
        self._list_models()

    def _open(self, run: FinetuneRun | None) -> None:
        from app.finetune.wizard.wizard import FinetuneWizard

        to_front(FinetuneWizard(self._controller, self._references, self._settings.open_folder, run, self._window))

    def _wizards(self) -> list[FinetuneWizard]:
        visible = [one for one in self._window.findChildren(QWizard) if one.isVisible()]
        if not visible:
            return []
        from app.finetune.wizard.wizard import FinetuneWizard

        return [one for one in visible if isinstance(one, FinetuneWizard)]

    def _references(self) -> list[ReferenceItem]:
        """Those of all drawings of the project, each once."""
        found: dict[int, ReferenceItem] = {}
        for page in self._controller.document.pages:
            for item in page.references:
                found.setdefault(id(item.reference), item)
        return list(found.values())

    def _added(self, run: FinetuneRun) -> None:
        self._window.jobs.add(run.row)

    def _removed(self, run: FinetuneRun) -> None:
        self._window.jobs.remove(run.row)
        if run is self._told:
            self._close_bar()

    def _ended(self, run: FinetuneRun) -> None:
        if any(wizard.run is run for wizard in self._wizards()):
            return  # it tells everything itself
        if run.state == RunState.DONE:
            self._tell(run)
        elif run.failure:
            self._shell.show_failure(run.failure)

    def _tell(self, run: FinetuneRun) -> None:
        verdict = run.verdict
        if verdict is None:
            return
        self._told = run
        if run.installed is None:
            answer = "install"
        else:
            answer = "back" if self._controller.document.model_in_use == run.installed.name else "use"
        self._window.verdict.show_verdict(run.row.message, answer)

    def _answer(self, answer: str) -> None:
        run = self._told
        if run is None:
            return
        if answer == "details":
            self.open_run(run)
        elif answer == "back":
            self._controller.use_model(run.model_before, run.character)
        elif answer == "use" and run.installed is not None:
            self._controller.use_model(run.installed.name, run.character)
        elif answer == "install":
            self._controller.install_anyway(run)
        self._close_bar()

    def _close_bar(self) -> None:
        self._told = None
        self._window.verdict.hide()

    def _model_changed(self) -> None:
        if self._told is not None:
            self._tell(self._told)
        if self._models is not None:
            self._list_models()

    def _list_models(self) -> None:
        self._controller.work(models.list_all(), self._show_models, key="finetune-models", owner=self)

    def _show_models(self, found: Sequence[ShownModel]) -> None:
        self._coloring.list_models([model.entry for model in found])
        used = self._controller.document.model_in_use or (found[0].entry.name if found else None)
        if self._models is not None:
            self._models.show_models(found, used)

    def _models_closed(self) -> None:
        self._models = None

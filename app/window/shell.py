"""The shell of the window: failures, status, theme, what can be done now, and closing. Shared by all presenters."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QCloseEvent

from app import paths
from app.canvas.tools.context import ToolContext
from app.controllers.coloring_service import WARM_UP_KEY
from app.controllers.controllers import Controllers
from app.jobs.owner import JobOwner
from app.style.theme import THEME_CHOICES, Theme, ThemeChoice
from app.window.action_spec import State
from app.window.main_window import MainWindow
from engine.errors import NurieError


class Shell(QObject):
    """What presenters share of one window; it goes with the window."""

    error_shown = Signal(str)
    opened = Signal(
        object
    )  # Incoming that was dropped on a panel which is not its place: the project's presenter has it

    def __init__(self, window: MainWindow, controllers: Controllers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._controllers = controllers
        self._document = controllers.document
        self._notice = ""
        self._closes_after_save = False
        self.may_close: Callable[[QCloseEvent], bool] = lambda _event: True  # whether nothing would be lost
        self.context = ToolContext(controllers.corrections, self)
        self._has_sample = paths.sample() is not None
        self._connect()
        window.actions_table[f"theme_{controllers.themes.choice}"].setChecked(True)
        window.set_theme(controllers.themes.theme)
        self._show_work()

    def _connect(self) -> None:
        window, controllers, document = self._window, self._controllers, self._document
        actions = window.actions_table
        actions["quit"].triggered.connect(window.close)
        actions["guide"].triggered.connect(self._show_guide)
        actions["about"].triggered.connect(self._show_about)
        for choice in THEME_CHOICES:
            actions[f"theme_{choice}"].triggered.connect(partial(self._use_theme, choice))
        window.closing.connect(self._closing)
        window.strip.list.itemSelectionChanged.connect(self.update_actions)
        controllers.themes.changed.connect(self._theme_changed)
        controllers.runner.changed.connect(self._show_work)
        controllers.service.warmed_up.connect(self._show_work)
        controllers.coloring.save_ended.connect(self._save_ended)
        controllers.projects.opened.connect(self._forget_notice)
        for changed in (
            document.drawing_changed,
            document.lines_changed,
            document.coloring_changed,
            document.references_changed,
            document.characters_changed,
            document.finish_settings_changed,
            document.pages_changed,
            document.model_changed,
            controllers.coloring.models_listed,
            document.history.changed,
        ):
            changed.connect(self.update_actions)

    def listen(self, controller: JobOwner) -> None:
        """Tell of what goes wrong there, and of what is worth a word."""
        controller.failed.connect(self.show_failure)
        controller.noticed.connect(self.notice)

    def show_failure(self, failure: object) -> None:
        """Tell the person: one sentence for what lies outside the program, with details for a bug of ours."""
        if isinstance(failure, NurieError | str):
            self._show_error(str(failure))
        elif isinstance(failure, BaseException):
            self.show_crash("".join(traceback.format_exception(failure)))

    def show_crash(self, details: str) -> None:
        """Tell of a bug of ours."""
        sentence = self.tr("Something went wrong inside Nurie. Please report it with the details below; you can go on.")
        self._show_error(sentence, details)

    def notice(self, sentence: str) -> None:
        """Say something in the status bar."""
        self._notice = sentence
        self._show_work()

    def _forget_notice(self) -> None:
        """What was said of the project before."""
        self.notice("")

    def update_actions(self) -> None:
        """Enable what can be done now."""
        document, finish = self._document, self._document.finish_settings
        coloring, model = document.coloring, self._controllers.coloring.model
        self._window.actions_table.update(
            State(
                has_drawing=document.drawing is not None,
                has_lines=document.lines is not None,
                has_references=bool(document.references),
                can_adapt=model is None or model.abilities.adapting,
                has_selected_references=bool(self._window.strip.selected),
                has_selected_shared=any(map(self._controllers.cast.holder, self._window.strip.selected)),
                has_own_references=bool(document.current.own_references),
                has_selected_sheets=any(item.figures for item in self._window.strip.selected),
                has_result=coloring is not None,
                has_regions=coloring is not None and coloring.finished.regions is not None,
                has_palette=self._controllers.finish.palette is not None,
                has_own_palette=finish.palette is not None or bool(finish.edits),
                is_busy=any(job.stoppable and not job.quiet for job in self._controllers.runner.jobs),
                has_sample=self._has_sample,
                has_drawings=len(document.pages) > 1,
                has_uncolored=any(page.wants_color for page in document.pages),
                can_undo=document.history.can_undo,
                can_redo=document.history.can_redo,
            )
        )

    def _show_guide(self, *_: object) -> None:
        from app.dialogs.guide import show_guide

        show_guide(self._window, self._controllers.settings)

    def _show_about(self, *_: object) -> None:
        from app.dialogs.about_dialog import AboutDialog

        AboutDialog(self._window).open()

    def _use_theme(self, choice: ThemeChoice, *_: object) -> None:
        self._controllers.settings.theme = choice
        self._controllers.themes.choose(choice)

    def _theme_changed(self, theme: Theme) -> None:
        self._window.set_theme(theme)

    def _show_work(self) -> None:
        status, job = self._window.status, self._controllers.runner.shown_job
        if job is not None and job.key == WARM_UP_KEY:  # what a person asked for comes first, if it only waits
            asked = (one for one in self._controllers.runner.jobs if not one.quiet and one.key != WARM_UP_KEY)
            job = next(asked, job)
        if job is None:
            status.show_message(self._notice or self._hint())
            status.show_work(None)
        else:
            self._notice = ""
            progress = job.progress
            status.show_message(progress.message if progress else job.title)
            measured = job.key != WARM_UP_KEY
            status.show_work((progress.fraction if progress else 0.0) if measured else None, job.stoppable)
        self.update_actions()

    def _hint(self) -> str:
        """What to do next."""
        if self._controllers.coloring.needs_choice:
            return ""
        if self._document.drawing is not None and not self._document.references:
            return self.tr("Drop a color picture onto the strip to take colors from it.")
        return self.tr("Ready") if self._controllers.service.is_warm else ""

    def _show_error(self, sentence: str, details: str = "") -> None:
        from app.dialogs.error_dialog import show_error

        show_error(self._window, sentence, details)
        self.error_shown.emit(sentence)

    def _save_ended(self, saved: bool) -> None:
        if self._closes_after_save:
            self._closes_after_save = False
            if saved:
                self._window.close()

    def _closing(self, event: QCloseEvent) -> None:
        if self._controllers.coloring.is_saving:
            # Half a picture helps nobody: the window closes when the file is whole.
            self._closes_after_save = True
            event.ignore()
            return
        if not self.may_close(event):
            return
        self._window.remember(self._controllers.settings)
        self._controllers.settings.sync()
        event.accept()

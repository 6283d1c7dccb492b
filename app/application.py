"""The composition root: makes the parts and puts them together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

import engine
from app import display, paths
from app.batch_export.controller import BatchController, BatchControllers
from app.batch_export.presenter import BatchPresenter
from app.controllers.coloring import ColoringController
from app.controllers.coloring_service import ColoringService, FindModel, LoadColorizer, find_model, load_colorizer
from app.controllers.corrections import CorrectionController
from app.controllers.dragging import DragController
from app.controllers.drawings import DrawingsController
from app.controllers.projects import ProjectController
from app.controllers.settling import SettlingController
from app.document.document import Document
from app.finetune.controller import FinetuneController, FinetuneControllers
from app.finetune.presenter import FinetunePresenter
from app.images import incoming
from app.jobs.job import Lane
from app.jobs.runner import JobRunner
from app.jobs.warm_up import load_libraries
from app.language.translations import LANGUAGE_CHOICES, LanguageChoice, LanguageManager
from app.paths import user_data, user_state
from app.settings import Settings
from app.style import icons
from app.style.theme import ThemeManager
from app.video.controller import SceneController, SceneControllers
from app.video.presenter import ScenePresenter
from app.window.actions import Actions
from app.window.cast_presenter import CastPresenter
from app.window.check_presenter import CheckPresenter
from app.window.coloring_presenter import ColoringPresenter
from app.window.drawings_presenter import DrawingsPresenter
from app.window.figure_presenter import FigurePresenter
from app.window.finish_presenter import FinishPresenter
from app.window.language_switch import take_place
from app.window.main_window import MainWindow
from app.window.menus_presenter import MenusPresenter
from app.window.painting_presenter import PaintingPresenter
from app.window.preferences_presenter import PreferencesPresenter
from app.window.project_presenter import ProjectPresenter
from app.window.reference_presenter import ReferencePresenter
from app.window.shell import Shell
from app.window.tools_presenter import ToolsPresenter
from app.window.view_presenter import ViewPresenter
from engine.request import Progress

WARM_UP_DELAY_MS = 120  # the window is on screen by then
STEP_MS = 1  # between the steps of changing the language: what waits has its turn

# Each ties a part of the window to its controllers. The tools come after all that hear of the tool in use.
PRESENTERS = (
    ColoringPresenter,
    FinishPresenter,
    ProjectPresenter,
    DrawingsPresenter,
    CastPresenter,
    ViewPresenter,
    MenusPresenter,
    PreferencesPresenter,
    ReferencePresenter,
    ToolsPresenter,
    CheckPresenter,
    PaintingPresenter,
    FigurePresenter,
    FinetunePresenter,
    BatchPresenter,
    ScenePresenter,
)


@dataclass(frozen=True, kw_only=True)
class AllControllers(FinetuneControllers, BatchControllers, SceneControllers):
    """The core's and those of the rooms: what every presenter is given."""


class Application(QApplication):
    """Says which files the desktop hands to the running program: macOS does so where others name them behind the
    command."""

    file_opened = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(event.file())
            return True
        return super().event(event)


def run(files: Sequence[str]) -> int:
    """Open the window, with the pictures in `files`. Returns the exit code when it is closed."""
    app = make_application()
    nurie = Nurie(app, Settings())
    nurie.install_exception_hooks()
    # Ctrl+C in the terminal ends the program; Qt's event loop would never let Python see it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nurie.show()
    if isinstance(app, Application):
        app.file_opened.connect(lambda path: nurie.shell.opened.emit(incoming.from_files([Path(path)])))
    if files:
        nurie.shell.opened.emit(incoming.from_files(Path(path) for path in files))
    code = app.exec()
    nurie.close()
    return code


def make_application() -> QApplication:
    """The QApplication, with PySide6's own plugins."""
    use_own_qt_plugins()
    existing = QApplication.instance()
    if existing is None:
        display.require()
    app = existing if isinstance(existing, QApplication) else Application(["nurie"])
    app.setApplicationName("Nurie")
    app.setApplicationDisplayName("Nurie")
    app.setApplicationVersion(engine.__version__)
    app.setOrganizationName("Nurie")
    app.setDesktopFileName("nurie")
    app.setWindowIcon(icons.program())
    return app


def use_own_qt_plugins() -> None:
    """Make PySide6 load its own platform plugin, whatever the environment says.

    Importing OpenCV's build with a window of its own (opencv-python) sets these variables to a Qt of another version,
    which PySide6 would load and abort on. PySide6 finds its plugins without them. To be called before QApplication is
    made; importing OpenCV later does no harm, the plugin is loaded by then.
    """
    for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR", "QT_PLUGIN_PATH"):
        os.environ.pop(name, None)


class Nurie(QObject):
    """The program: window, document, jobs, and what ties them together."""

    _crashed = Signal(str)  # from any thread: the details

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        find: FindModel = find_model,
        load: LoadColorizer | None = None,
        data: Path | None = None,
    ) -> None:
        """Make all parts.

        load: None for the real one, on the device that is set. data: the folder for what the program keeps of its own;
        None for the customary one.
        """
        super().__init__()
        self.settings = settings
        self.document = document = Document(self, settings.lines, settings.finish, settings.model)
        self.runner = runner = JobRunner(self)
        self.themes = ThemeManager(app, settings.theme)
        self.languages = LanguageManager(app, settings.language)
        service = ColoringService(runner, find, load or partial(load_colorizer, device=settings.device), self)
        service.use_model(settings.model)
        coloring = ColoringController(document, runner, service, settings, self)
        settling = SettlingController(document, runner, service, self)
        recovery = (data or user_state()) / "recovery"
        self.controllers = AllControllers(
            settings=settings,
            document=document,
            runner=runner,
            themes=self.themes,
            service=service,
            coloring=coloring,
            cast=coloring.cast,
            settling=settling,
            finish=coloring.finishing,
            corrections=CorrectionController(document, coloring, self),
            drawings=DrawingsController(document, runner, service, self),
            dragging=DragController(document, settings, self),
            projects=ProjectController(document, runner, settings, recovery, find, self),
            finetune=FinetuneController(document, runner, (data or user_data()) / "runs", parent=self),
            batch=BatchController(document, runner, settings, settling, parent=self),
            scenes=SceneController(runner, parent=self),
        )
        projects, finetune = self.controllers.projects, self.controllers.finetune
        projects.model_installed.connect(finetune.models_changed)
        projects.opened.connect(finetune.forget_project)
        self._coming: tuple[Actions, MainWindow] | None = None  # in the language that was just chosen
        self._leaving: tuple[Shell, MainWindow, Actions] | None = None  # in the language before
        self.is_speaking_soon = False  # whether a window in that language is being made
        self._make_window()
        self.window.restore(settings)
        self.languages.changed.connect(self._speak_anew)

    def _make_window(self) -> None:
        """Make the window and its presenters in the current language.

        All of it goes when another language is chosen. What lives longer (document, controllers, jobs, settings) must
        know nothing of it then: Qt ends connections to methods of a QObject that goes, but not those to a lambda.
        """
        self.actions, self.window = self._bare_window()
        self._tie_window()

    def _bare_window(self) -> tuple[Actions, MainWindow]:
        actions = Actions(self, self.settings.shortcuts)
        return actions, MainWindow(actions, has_sample=paths.sample() is not None)

    def _tie_window(self) -> None:
        """Make the presenters of the window."""
        self.shell = Shell(self.window, self.controllers, self)
        self.presenters = [presenter(self.window, self.controllers, self.shell) for presenter in PRESENTERS]
        self._crashed.connect(self.shell.show_crash)
        for choice in LANGUAGE_CHOICES:
            self.actions[f"language_{choice}"].triggered.connect(partial(self._use_language, choice))
        self.actions[f"language_{self.languages.choice}"].setChecked(True)

    def _use_language(self, choice: LanguageChoice, *_: object) -> None:
        self.settings.language = choice
        self.languages.choose(choice)

    def _speak_anew(self) -> None:
        """Replace the window by one in the current language. Document, history, jobs and child processes stay.

        It is made in steps, between which the event loop goes on: nothing is to be held up by all of them.
        """
        self.is_speaking_soon = True
        QTimer.singleShot(STEP_MS, self, self._begin_speaking)

    def _begin_speaking(self) -> None:
        for part in self._coming or ():  # in a language that was chosen just before
            part.deleteLater()
        self._coming = self._bare_window()
        QTimer.singleShot(STEP_MS, self, self._tie_coming)

    def _tie_coming(self) -> None:
        if self._leaving is not None:
            self._take_place()
        if self._coming is not None:
            self._leaving = self.shell, self.window, self.actions
            self.actions, self.window = self._coming
            self._coming = None
            self._tie_window()
            self.shell.context.set_color(self._leaving[0].context.color)
            QTimer.singleShot(STEP_MS, self, self._take_place)

    def _take_place(self) -> None:
        if self._leaving is not None:
            _, window, _ = parts = self._leaving
            self._leaving, self.is_speaking_soon = None, False
            take_place(self.window, window)
            for part in parts:
                part.deleteLater()

    def show(self) -> None:
        """Show the window, then load what takes long."""
        self.window.show()
        self.window.canvas.setFocus()
        QTimer.singleShot(WARM_UP_DELAY_MS, self._start_background_work)

    def close(self) -> None:
        """Stop the threads. The window is closed already."""
        self.controllers.finetune.close()
        self.controllers.batch.close()
        self.controllers.scenes.close()
        self.runner.close()
        self.controllers.dragging.close()
        self.controllers.projects.close()

    def install_exception_hooks(self) -> None:
        """Show uncaught exceptions in a dialog instead of ending silently."""

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                sys.__excepthook__(kind, error, trace)
                return
            details = "".join(traceback.format_exception(kind, error, trace))
            sys.stderr.write(details)
            self._crashed.emit(details)

        sys.excepthook = hook
        threading.excepthook = lambda args: hook(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)

    def _start_background_work(self) -> None:
        load_libraries()
        title = self.tr("Looking for models…")
        self.controllers.coloring.submit(
            Lane.FILES, title, _list_models(), self.controllers.coloring.list_models, quiet=True
        )
        self.controllers.service.warm_up()
        self.controllers.projects.look_for_copies()
        self.controllers.finetune.find_unfinished()
        self.controllers.batch.find_unfinished()


def temporary_settings(folder: Path) -> Settings:
    """Settings that leave the person's own alone."""
    return Settings(QSettings(str(folder / "nurie.ini"), QSettings.Format.IniFormat))


def _list_models() -> Generator[Progress, None, list]:
    from engine import model_catalog

    yield Progress("", 0.0)
    paths.announce_models()
    return model_catalog.installed()

"""The composition root: makes the parts and puts them together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Generator, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QApplication

import engine
from app import icons, incoming, resources
from app.actions import Actions
from app.document.document import Document
from app.document.parts import LineSettings
from app.jobs.coloring import ColoringService, FindModel, LoadColorizer, find_model, load_colorizer
from app.jobs.job import Job, Lane
from app.jobs.runner import JobRunner
from app.main_window import MainWindow
from app.presenter import Presenter
from app.settings import Settings
from app.theme import ThemeManager
from app.walk import Walk
from engine.request import Progress

WARM_UP_DELAY_MS = 120  # the window is on screen by then


def run(paths: Sequence[str], self_test: Path | None = None) -> int:
    """Open the window, with the pictures of `paths` in it. Returns the exit code when it is closed.

    self_test: open the window on the sample, color it, save a screenshot there, and return.
    """
    app = make_application()
    if self_test is not None:
        from app.self_test import run_self_test

        return run_self_test(app, self_test)
    nurie = Nurie(app, Settings())
    nurie.install_exception_hooks()
    # Ctrl+C in the terminal ends the program; Qt's event loop would never let Python see it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nurie.show()
    if paths:
        nurie.walk.open_drawing(incoming.from_files(Path(path) for path in paths))
    code = app.exec()
    nurie.close()
    return code


def make_application() -> QApplication:
    """The QApplication, with PySide6's own plugins."""
    use_own_qt_plugins()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["nurie"])
    app.setApplicationName("Nurie")
    app.setApplicationDisplayName("Nurie")
    app.setApplicationVersion(engine.__version__)
    app.setOrganizationName("Nurie")
    app.setDesktopFileName("nurie")
    app.setWindowIcon(icons.program())
    return app


def use_own_qt_plugins() -> None:
    """Let PySide6 load its own platform plugin whatever the environment says.

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
        load: LoadColorizer = load_colorizer,
    ) -> None:
        super().__init__()
        self.settings = settings
        lines = LineSettings(sigma=settings.sigma, sharp=settings.sharp)
        self.document = Document(self, lines, settings.finish)
        self.runner = JobRunner(self)
        self.coloring = ColoringService(self.runner, find, load, self)
        self.coloring.use_model(settings.model)
        self.walk = Walk(self.document, self.runner, self.coloring, settings, self)
        self.actions = Actions(self)
        self.themes = ThemeManager(app, settings.theme)
        self.window = MainWindow(self.actions, has_sample=resources.sample() is not None)
        self.presenter = Presenter(self.window, self.walk, settings, self.themes, self)
        self.window.restore(settings)
        self._crashed.connect(self.presenter.show_crash)

    def show(self) -> None:
        """Show the window, then load what takes long."""
        self.window.show()
        self.window.canvas.setFocus()
        QTimer.singleShot(WARM_UP_DELAY_MS, self._start_background_work)

    def close(self) -> None:
        """Stop the threads. The window is closed already."""
        self.runner.close()

    def install_exception_hooks(self) -> None:
        """Show in a dialog what nobody caught, instead of ending in silence."""

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
        self.runner.submit(
            Job(
                Lane.FILES,
                self.tr("Looking for models…"),
                lambda _stop: _list_models(),
                on_done=self.presenter.show_models,
                on_failed=self.presenter.show_failure,
                quiet=True,
            )
        )
        self.coloring.warm_up()


def temporary_settings(folder: Path) -> Settings:
    """Settings that leave the person's own alone."""
    return Settings(QSettings(str(folder / "nurie.ini"), QSettings.Format.IniFormat))


def _list_models() -> Generator[Progress, None, list]:
    from app import paths
    from engine import model_catalog

    yield Progress("", 0.0)
    paths.announce_models()
    return model_catalog.installed()

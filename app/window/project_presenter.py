"""Ties projects to the window: their files, the questions before something is lost, undo and the history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog

from app.controllers import project_work as jobs
from app.controllers.controllers import Controllers
from app.controllers.project_model import ModelOffer
from app.controllers.projects import SUFFIX
from app.dialogs.question_dialog import QuestionDialog
from app.dialogs.save_dialog import SaveDialog
from app.images import incoming
from app.images.incoming import FileSource, Incoming
from app.jobs.job import Lane
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.export import formats

if TYPE_CHECKING:
    from app.project_file.recovery import RecoveryFolder


class ProjectPresenter(QObject):
    """Owns nothing but the question that is open, and what is to happen after it."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._window, self._settings = window, controllers.settings
        self._controller, self._projects = controllers.coloring, controllers.projects
        self._document = controllers.document
        projects = controllers.projects
        shell.listen(projects)
        shell.may_close = self.may_close
        shell.opened.connect(self.open)
        self._after: Callable[[], object] | None = None
        self._connect_actions()
        window.canvas.dropped.connect(self.open)
        window.empty.open_requested.connect(self.ask_open)
        window.recent.chosen.connect(self.open_project)
        projects.save_ended.connect(self._save_ended)
        projects.path_changed.connect(self.show_title)
        projects.path_changed.connect(self._look_at_recent)
        projects.recoverable.connect(self._offer_copy)
        projects.opened.connect(self._forget_notice)
        projects.model_offered.connect(self._offer_model)
        document, history = self._document, self._document.history
        for signal in (document.drawing_changed, document.modified_changed, document.pages_changed):
            signal.connect(self.show_title)
        history.changed.connect(self._show_history)
        window.history.chosen.connect(history.go_to)
        self._show_history()
        self.show_title()
        self._look_at_recent()

    def open(self, what: Incoming) -> None:
        """Take in what was dropped or chosen: a project instead of this one, or drawings for this one."""
        files = [source.path for source in what.sources if isinstance(source, FileSource)]
        projects = [path for path in files if path.suffix.lower() == SUFFIX]
        if not projects:
            self._controller.open_drawing(what)
        elif len(what.sources) > 1:
            self._projects.failed.emit(self.tr("A project opens alone; drop it without other files."))
        else:
            self.open_project(projects[0])

    def open_project(self, path: Path) -> None:
        """Open a project, when it is clear what becomes of this one."""
        self.when_kept(partial(self._projects.open, path))

    def ask_open(self) -> None:
        """Choose a project, or drawings."""
        projects, pictures, files = self.tr("Projects and pictures"), self.tr("Pictures"), self.tr("All files")
        patterns = formats.PATTERNS
        filters = f"{projects} (*{SUFFIX} {patterns});;{pictures} ({patterns});;{files} (*)"
        dialog = QFileDialog(self._window, self.tr("Open"), str(self._settings.open_folder), filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.open(incoming.from_files(Path(name) for name in names)))
        dialog.open()

    def when_kept(self, then: Callable[[], object]) -> None:
        """Do something that replaces the project: at once, or when a person has said what becomes of the changes."""
        if not self._projects.needs_saving:
            then()
            return
        self._after = then
        for dialog in self._window.findChildren(QuestionDialog):
            if dialog.isVisible():
                return
        dialog = QuestionDialog(
            self._window,
            self.tr("Save the changes to “{0}”?").format(self._projects.name),
            self.tr("What was done since it was saved last is gone otherwise."),
            (("accept", self.tr("&Save")), ("destroy", self.tr("&Discard")), ("reject", self.tr("&Cancel"))),
        )
        dialog.answered.connect(self._answer)
        dialog.open()

    def may_close(self, event: QCloseEvent) -> bool:
        """Whether the window may go now; else it goes when that is settled."""
        if self._projects.is_saving:
            self._after = self._window.close
        elif self._projects.needs_saving:
            self.when_kept(self._window.close)
        else:
            return True
        event.ignore()
        return False

    def show_title(self) -> None:
        """Name drawing and project in the title, with a star for what is not saved."""
        name, blank = self._projects.name, self._projects.path is None and self._document.is_blank
        parts = [self._document.title, "" if blank else f"{name}[*]", "Nurie"]
        self._window.setWindowTitle(" — ".join(part for part in parts if part))
        self._window.setWindowModified(self._projects.needs_saving)

    def _connect_actions(self) -> None:
        actions, history = self._window.actions_table, self._document.history
        verbs: dict[str, Callable[[], None]] = {
            "new_project": lambda: self.when_kept(self._projects.new),
            "open_drawing": self.ask_open,
            "save": self._save,
            "save_as": self._ask_save,
            "undo": history.undo,
            "redo": history.redo,
        }
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _checked=False, verb=verb: verb())

    def _save(self) -> None:
        if self._projects.path is not None:
            self._projects.save()
        else:
            self._ask_save()

    def _ask_save(self) -> None:
        kinds = ((self.tr("Nurie project"), SUFFIX),)
        dialog = SaveDialog(self._window, self.tr("Save the project"), self._projects.suggested_path(), kinds)
        dialog.fileSelected.connect(self._save_at)
        dialog.rejected.connect(self._forget_after)
        dialog.open()

    def _save_at(self, name: str) -> None:
        path = Path(name)
        self._projects.save(path if path.suffix.lower() == SUFFIX else path.with_name(f"{path.name}{SUFFIX}"))

    def _answer(self, role: str) -> None:
        if role == "accept":
            self._save()
        elif role == "destroy":
            self._projects.discard()
            self._go_on()
        else:
            self._forget_after()

    def _forget_after(self) -> None:
        self._after = None

    def _go_on(self) -> None:
        then, self._after = self._after, None
        if then is not None:
            then()

    def _save_ended(self, saved: bool) -> None:
        if saved and not self._projects.needs_saving:
            self._go_on()
        else:
            self._forget_after()

    def _forget_notice(self) -> None:
        """What was said of the project before is true no longer."""
        self._shell.notice("")

    def _show_history(self) -> None:
        history, actions = self._document.history, self._window.actions_table
        undo, redo = history.undo_text, history.redo_text
        actions["undo"].setText(self.tr("&Undo {0}").format(undo) if undo else self.tr("&Undo"))
        actions["redo"].setText(self.tr("&Redo {0}").format(redo) if redo else self.tr("&Redo"))
        self._window.history.show_steps(history.texts, history.done)

    def _look_at_recent(self) -> None:
        """Bring the menu up to date; whether the files are there is found out in a job, as disks may be slow."""
        paths = self._settings.recent
        self._window.recent.show_paths(paths, frozenset(paths))
        if paths:
            done = partial(self._show_recent, paths)
            self._projects.submit(Lane.FILES, "", jobs.existing(paths), done, "recent", quiet=True, owner=self)

    def _show_recent(self, paths: list[Path], there: frozenset[Path]) -> None:
        self._window.recent.show_paths(paths, there)

    def _offer_copy(self, folders: list[RecoveryFolder]) -> None:
        """Ask what becomes of the newest copy; the others are asked about at the next starts."""
        newest, *others = folders
        for folder in others:
            folder.release(keep=True)
        about = newest.about
        if about is None:
            newest.release()
            return
        moment = QDateTime.fromSecsSinceEpoch(int(about.time))
        when = QLocale().toString(moment, QLocale.FormatType.ShortFormat)
        if about.path is not None:
            more = self.tr("There is a copy of it from {0}. Your own file is as it was saved last.")
        else:
            more = self.tr("There is a copy of it from {0}. It was never saved to a file.")
        dialog = QuestionDialog(
            self._window,
            self.tr("Nurie did not end properly. Recover “{0}”?").format(about.name),
            more.format(when),
            (("accept", self.tr("&Recover")), ("destroy", self.tr("&Discard")), ("reject", self.tr("&Later"))),
        )
        dialog.answered.connect(partial(self._answer_copy, newest))
        dialog.open()

    def _offer_model(self, offer: ModelOffer) -> None:
        """Ask whether a model that came with a project may be installed."""
        dialog = QuestionDialog(
            self._window,
            self.tr("This project brings a model of its own, “{0}”. Install it?").format(offer.name),
            self.tr(
                "It would stay among your models ({0} MB). Install it only if you trust where the project comes from. "
                "Without it the project is colored with the default model."
            ).format(max(1, round(len(offer.data) / 1_000_000))),
            (("reject", self.tr("&Use the Default Model")), ("accept", self.tr("&Install"))),
        )
        dialog.answered.connect(
            lambda role: (self._projects.install_model if role == "accept" else self._projects.decline_model)(offer)
        )
        dialog.open()

    def _answer_copy(self, folder: RecoveryFolder, role: str) -> None:
        if role == "accept":
            self.when_kept(partial(self._projects.recover, folder))
        else:
            folder.release(keep=role != "destroy")

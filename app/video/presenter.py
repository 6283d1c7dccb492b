"""Ties Color a Scene to the window: the dialog, the rows in the jobs panel."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.dialogs.front import to_front
from app.document.page import Page
from app.images.incoming import Source
from app.video.controller import SceneControllers, frame_title
from app.video.run import SceneRun
from app.video.wish import Answer, SceneWish, from_json
from app.window.main_window import MainWindow
from app.window.shell import Shell

if TYPE_CHECKING:
    from app.video.dialog import SceneDialog


class ScenePresenter(QObject):
    """Owns nothing; connects window and controller. It goes with the window; the scenes do not."""

    def __init__(self, window: MainWindow, controllers: SceneControllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window, self._scenes = window, controllers.scenes
        self._settings, self._document = controllers.settings, controllers.document
        self._coloring = controllers.coloring
        shell.listen(controllers.scenes)
        window.actions_table["scene"].triggered.connect(self.open_form)
        controllers.scenes.run_added.connect(self._run_added)
        controllers.scenes.run_removed.connect(self._run_removed)
        controllers.scenes.run_opened.connect(self.open_run)
        for run in controllers.scenes.runs:
            self._run_added(run)

    def open_form(self) -> None:
        """Ask for a scene; it begins with that of last time. A form that is open already comes to the front."""
        if self._is_shown(None):
            return
        last = from_json(self._settings.last_scene) or SceneWish("")
        self._dialog(replace(last, answers=(), model=self._document.model)).show()

    def open_run(self, run: SceneRun) -> None:
        """Show how far a scene is; a dialog that shows it already comes to the front."""
        if self._is_shown(run):
            return
        dialog = self._dialog(run.wish)
        dialog.show_run(run)
        dialog.show()

    def _is_shown(self, run: SceneRun | None) -> bool:
        """Bring the dialog of a run, or one without any, to the front; False where there is none."""
        dialog = next((one for one in self._dialogs() if one.run is run), None)
        if dialog is not None:
            to_front(dialog)
        return dialog is not None

    def _dialogs(self) -> list[SceneDialog]:
        from app.video.dialog import SceneDialog  # not before the window is shown

        return self._window.findChildren(SceneDialog)

    def _dialog(self, base: SceneWish) -> SceneDialog:
        from app.video.dialog import SceneDialog

        scenes, dialog = self._scenes, SceneDialog(self._window, base)
        dialog.look_wanted.connect(lambda path: scenes.look(path, dialog.show_found, dialog.show_problem, dialog))
        dialog.frame_wanted.connect(lambda path, number: scenes.frame(path, number, dialog.show_pixels, dialog))
        dialog.picture_wanted.connect(lambda path: scenes.picture(path, dialog.show_pixels, dialog))
        dialog.thumbnails_wanted.connect(
            lambda path, numbers: scenes.thumbnails(path, numbers, dialog.strip.show_pictures, dialog)
        )
        dialog.begin_asked.connect(partial(self._begin, dialog))
        dialog.answer_given.connect(partial(self._answer, dialog))
        dialog.page_wanted.connect(partial(self._open_frame, dialog))
        dialog.hints_wanted.connect(partial(self._take_hints, dialog))
        return dialog

    def _begin(self, dialog: SceneDialog, wish: SceneWish) -> None:
        self._settings.last_scene = wish.to_json()
        if dialog.run is not None and not dialog.run.is_alive:
            dialog.show_run(None)  # it makes way for the new one, and its dialog would close with it
        run = self._scenes.begin(wish)
        if run is not None:
            dialog.show_run(run)

    def _answer(self, dialog: SceneDialog, answer: Answer) -> None:
        if dialog.run is not None:
            self._scenes.answer(dialog.run, answer)

    def _open_frame(self, dialog: SceneDialog, number: int) -> None:
        """A frame as a drawing; its hints can be given to the tracks afterwards."""
        if dialog.found is None:
            return
        outcome = dialog.run.outcome if dialog.run is not None else None
        keys = dialog.form.wish().key_paths(number, outcome.shots if outcome is not None else ())

        def opened(source: Source) -> None:
            self._coloring.open_beside(source, keys)
            to_front(self._window)

        page = self._page_of(dialog, number)
        if page is not None:
            self._document.show_page(page.id)
            to_front(self._window)
        else:
            self._scenes.drawing(dialog.found.path, number, opened, dialog)

    def _take_hints(self, dialog: SceneDialog, number: int) -> None:
        page = self._page_of(dialog, number)
        hints = page.finish_settings.corrections.hints if page is not None else ()
        if dialog.run is None or not hints:
            dialog.say(self.tr("Open the frame and give it hints first: a color on a region."))
            return
        self._scenes.answer(dialog.run, *(Answer(number, one.x, one.y, one.color) for one in hints))

    def _page_of(self, dialog: SceneDialog, number: int) -> Page | None:
        """The drawing of a frame, None where it is not open."""
        if dialog.found is None:
            return None
        path, names = Path(dialog.found.path), dialog.found.names
        for page in self._document.pages:
            if page.path is None and not names and page.name == frame_title(dialog.found.path, number):
                return page
            if names and page.path is not None and page.path.parent == path and page.path.stem == names[number]:
                return page
        return None

    def _run_added(self, run: SceneRun) -> None:
        self._window.jobs.add(run.row)

    def _run_removed(self, run: SceneRun) -> None:
        self._window.jobs.remove(run.row)
        for dialog in self._dialogs():
            if dialog.run is run:
                dialog.close()

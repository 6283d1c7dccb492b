"""Ties Color a Scene to the window: the dialog, the rows in the jobs panel."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.video.controller import SceneControllers
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
        shell.listen(controllers.scenes)
        window.actions_table["scene"].triggered.connect(self.open_form)
        controllers.scenes.run_added.connect(self._run_added)
        controllers.scenes.run_removed.connect(self._run_removed)
        controllers.scenes.run_opened.connect(self.open_run)
        for run in controllers.scenes.runs:
            self._run_added(run)

    def open_form(self) -> None:
        """Ask for a scene; it begins with that of last time."""
        last = from_json(self._settings.last_scene) or SceneWish("")
        self._dialog(replace(last, answers=(), model=self._document.model)).show()

    def open_run(self, run: SceneRun) -> None:
        """Show how far a scene is; a dialog that shows it already comes to the front."""
        for dialog in self._dialogs():
            if dialog.run is run:
                dialog.raise_()
                dialog.activateWindow()
                return
        dialog = self._dialog(run.wish)
        dialog.show_run(run)
        dialog.show()

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
        return dialog

    def _begin(self, dialog: SceneDialog, wish: SceneWish) -> None:
        self._settings.last_scene = wish.to_json()
        run = self._scenes.begin(wish)
        if run is not None:
            dialog.show_run(run)

    def _answer(self, dialog: SceneDialog, answer: Answer) -> None:
        if dialog.run is not None:
            self._scenes.answer(dialog.run, answer)

    def _run_added(self, run: SceneRun) -> None:
        self._window.jobs.add(run.row)

    def _run_removed(self, run: SceneRun) -> None:
        self._window.jobs.remove(run.row)
        for dialog in self._dialogs():
            if dialog.run is run:
                dialog.close()

"""Ties the canvas to the actions of the view and to the layers panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker

from app.canvas.picture_view import TURN_STEP
from app.controllers import view_work as view_pictures
from app.controllers.controllers import Controllers
from app.document.parts import LayerChoice
from app.images.pyramid import Pyramid
from app.jobs.job import Lane
from app.window.main_window import MainWindow
from app.window.shell import Shell

LAYERS_KEY = "layers"

translate = QCoreApplication.translate


class ViewPresenter(QObject):
    """Owns nothing; connects window, controller and settings."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window = window
        self._controller = controllers.coloring
        self._document = controllers.document
        self._settings = controllers.settings
        actions, canvas = window.actions_table, window.canvas
        for name, verb in (
            ("turn_left", lambda: canvas.turn(-TURN_STEP)),
            ("turn_right", lambda: canvas.turn(TURN_STEP)),
            ("reset_view", self._reset),
            ("mirror", canvas.mirror),
        ):
            actions[name].triggered.connect(lambda _checked=False, verb=verb: verb())
        actions["blink"].toggled.connect(canvas.blink)
        actions["pixel_grid"].toggled.connect(self._show_grid)
        actions["pixel_grid"].setChecked(controllers.settings.pixel_grid)
        self._show_grid(controllers.settings.pixel_grid)
        window.layers.changed.connect(self._show_layers)
        self._document.coloring_changed.connect(self._show_layers)

    def _reset(self) -> None:
        self._window.canvas.reset()
        with QSignalBlocker(self._window.actions_table["mirror"]):
            self._window.actions_table["mirror"].setChecked(False)

    def _show_grid(self, shown: bool) -> None:
        self._settings.pixel_grid = shown
        self._window.canvas.set_grid(shown)
        self._window.reference_view.canvas.set_grid(shown)

    def _show_layers(self) -> None:
        """Hide lines at once; colors without some of their layers are painted in the background."""
        choice, coloring = self._window.layers.choice, self._document.coloring
        self._controller.shown_layers = choice
        if coloring is None or not choice.hides_colors:
            self._window.canvas.set_layers(ink=choice.lines, colors=None)
            return
        self._controller.submit(
            Lane.LINES,
            translate("Jobs", "Painting…"),
            view_pictures.without_layers(coloring.finished, choice),
            partial(self._layers_painted, choice),
            LAYERS_KEY,
            stoppable=False,
            quiet=True,
            owner=self._window,
        )

    def _layers_painted(self, choice: LayerChoice, colors: Pyramid) -> None:
        if choice == self._window.layers.choice and self._document.coloring is not None:
            self._window.canvas.set_layers(ink=choice.lines, colors=colors)

"""Ties the window to the controller: what a person does becomes a verb, what changed becomes visible."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from app import resources
from app.canvas.content import Content
from app.controllers.coloring import ColoringController
from app.controllers.coloring_service import WARM_UP_KEY
from app.controllers.layer_work import LayerQuestion
from app.dialogs.about_dialog import AboutDialog
from app.dialogs.error_dialog import show_error
from app.dialogs.layer_choice import LayerChoiceDialog
from app.dialogs.save_dialog import SaveDialog
from app.images import incoming
from app.images.incoming import Incoming
from app.language import format_names
from app.panels.model_panel import ModelCard
from app.settings import Settings
from app.style.theme import THEME_CHOICES, Theme, ThemeManager
from app.window.action_spec import State
from app.window.finish_presenter import FinishPresenter
from app.window.main_window import MainWindow
from engine.errors import NurieError
from engine.export import formats


class Presenter(QObject):
    """Owns nothing; connects window, controller, settings and theme."""

    error_shown = Signal(str)

    def __init__(
        self,
        window: MainWindow,
        controller: ColoringController,
        settings: Settings,
        themes: ThemeManager,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window = window
        self._controller = controller
        self._document = controller.document
        self._settings = settings
        self._themes = themes
        self._notice = ""
        self._models: tuple[ModelCard, ...] = ()
        self._closes_after_save = False
        self.may_close: Callable[[QCloseEvent], bool] = lambda _event: True  # whether nothing would be lost
        self._has_sample = resources.sample() is not None
        self.finishing = FinishPresenter(window, controller, settings, self)
        self._connect_actions()
        self._connect_window()
        self._connect_document()
        window.actions_table["auto_color"].setChecked(settings.auto_color)
        window.actions_table["show_colored"].setChecked(True)
        window.actions_table[f"theme_{themes.choice}"].setChecked(True)
        window.line_art.show_settings(self._document.line_settings)
        window.set_theme(themes.theme)
        self._show_content()
        self._show_references()
        self._show_offer(controller.needs_choice)
        self._show_work()

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

    @property
    def models(self) -> tuple[ModelCard, ...]:
        """The models that are listed."""
        return self._models

    def show_models(self, models: Sequence[ModelCard]) -> None:
        """List the models there are. One that was chosen once and is gone gives way to the default."""
        if self._document.model not in [None, *(model.name for model in models)]:
            self._settings.model = None
            self._document.set_model(None)
        self._models = tuple(models)
        self._show_model()

    def _show_model(self) -> None:
        self._window.model.show_models(self._models, self._document.model)

    def _connect_actions(self) -> None:
        controller, canvas = self._controller, self._window.canvas
        verbs = {
            "open_references": self._ask_references,
            "open_sample": controller.open_sample,
            "export": self._save,
            "export_as": self._ask_save,
            "quit": self._window.close,
            "paste_drawing": self._paste,
            "paste_reference": partial(self._paste, as_reference=True),
            "copy_result": controller.copy,
            "remove_references": lambda: controller.remove_references(self._window.strip.selected),
            "color": controller.color_now,
            "cancel": controller.cancel,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "fit": canvas.fit,
            "actual_size": lambda: canvas.zoom_to(1.0),
            "about": lambda: AboutDialog(self._window).open(),
        }
        actions = self._window.actions_table
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _checked=False, verb=verb: verb())
        actions["auto_color"].toggled.connect(controller.set_auto_color)
        for choice in THEME_CHOICES:
            actions[f"theme_{choice}"].triggered.connect(lambda _checked=False, choice=choice: self._use_theme(choice))

    def _connect_window(self) -> None:
        window, controller = self._window, self._controller
        window.canvas.zoom_changed.connect(self._show_zoom)
        window.strip.dropped.connect(controller.add_references)
        window.strip.reordered.connect(controller.order_references)
        window.strip.list.itemSelectionChanged.connect(self._update_actions)
        window.empty.sample_requested.connect(controller.open_sample)
        window.offer.answered.connect(controller.choose)
        window.line_art.changed.connect(controller.set_line_settings)
        window.model.chosen.connect(controller.use_model)
        window.closing.connect(self._closing)
        self._themes.changed.connect(self._theme_changed)

    def _connect_document(self) -> None:
        document, controller = self._document, self._controller
        document.drawing_changed.connect(self._show_content)
        document.lines_changed.connect(self._show_content)
        document.coloring_changed.connect(self._show_content)
        document.overlays_changed.connect(self._show_content)
        document.finish_settings_changed.connect(self._update_actions)
        document.model_changed.connect(self._show_model)
        document.pages_changed.connect(self._update_actions)
        document.history.changed.connect(self._update_actions)
        document.references_changed.connect(self._show_references)
        document.line_settings_changed.connect(self._show_line_settings)
        controller.failed.connect(self.show_failure)
        controller.noticed.connect(self.notice)
        controller.choice_changed.connect(self._show_offer)
        controller.layers_asked.connect(self._ask_layers)
        controller.save_ended.connect(self._save_ended)
        controller.copied.connect(self._copied)
        controller.runner.changed.connect(self._show_work)
        controller.coloring.warmed_up.connect(self._warmed_up)
        controller.coloring.warm_up_failed.connect(self._warm_up_failed)
        controller.coloring.colored.connect(self._colored)

    def _ask_layers(self, question: LayerQuestion) -> None:
        dialog = LayerChoiceDialog(question, self._window)
        dialog.answered.connect(partial(self._controller.open_chosen, question.door))
        dialog.open()

    def _ask_references(self) -> None:
        dialog = self._open_dialog(self.tr("Add references"), QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self._controller.add_references(_chosen(names)))
        dialog.open()

    def _open_dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        pictures, files = self.tr("Pictures"), self.tr("All files")
        filters = f"{pictures} ({formats.PATTERNS});;{files} (*)"
        dialog = QFileDialog(self._window, title, str(self._settings.open_folder), filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        return dialog

    def _save(self) -> None:
        if self._document.save_path is not None:
            self._controller.save(self._document.save_path)
        else:
            self._ask_save()

    def _ask_save(self) -> None:
        suggested = self._document.save_path or self._controller.suggested_path()
        dialog = SaveDialog(self._window, self.tr("Save the picture"), suggested, format_names.save_kinds())
        dialog.fileSelected.connect(lambda name: self._controller.save(Path(name)))
        dialog.open()

    def _paste(self, as_reference: bool = False) -> None:
        what = incoming.take(QGuiApplication.clipboard().mimeData(), self.tr("Pasted picture"))
        if as_reference or self._window.strip.list.hasFocus():
            self._controller.add_references(what)
        else:
            self._controller.open_drawing(what)

    def _copied(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.notice(self.tr("Copied the picture."))

    def _use_theme(self, choice: str) -> None:
        for known in THEME_CHOICES:
            if known == choice:
                self._settings.theme = known
                self._themes.choose(known)

    def _theme_changed(self, theme: Theme) -> None:
        self._window.set_theme(theme)

    def _show_content(self) -> None:
        drawing, lines, coloring = self._document.drawing, self._document.lines, self._document.coloring
        content = Content(
            drawing.view if drawing else None,
            coloring.view if coloring else None,
            lines.view if lines else None,
            {kind: overlay.view for kind, overlay in self._document.overlays.items()},
        )
        self._window.canvas.set_content(content)
        self._window.empty.setVisible(drawing is None)
        self._window.line_art.show_origin(lines.line_art.extracted if lines else None)
        self._window.status.show_size(content.size)
        self._show_zoom(self._window.canvas.viewport.scale)
        self._update_actions()

    def _show_zoom(self, scale: float) -> None:
        self._window.status.show_zoom(scale if self._document.drawing else None)

    def _show_references(self) -> None:
        self._window.strip.show_items(self._document.references)
        self._update_actions()

    def _show_line_settings(self) -> None:
        self._window.line_art.show_settings(self._document.line_settings)

    def _show_offer(self, needed: bool) -> None:
        self._window.offer.setVisible(needed)

    def _show_work(self) -> None:
        status, job = self._window.status, self._controller.runner.shown_job
        if job is None:
            status.show_message(self._notice or self._hint())
            status.show_work(None)
        else:
            self._notice = ""
            progress = job.progress
            status.show_message(progress.message if progress else job.title)
            measured = job.key != WARM_UP_KEY
            status.show_work((progress.fraction if progress else 0.0) if measured else None, job.stoppable)
        self._update_actions()

    def _hint(self) -> str:
        """What to do next."""
        if self._controller.needs_choice:
            return ""
        if self._document.drawing is not None and not self._document.references:
            return self.tr("Drop a color picture onto the strip to take colors from it.")
        return self.tr("Ready") if self._controller.coloring.is_warm else ""

    def _update_actions(self) -> None:
        document, finish = self._document, self._document.finish_settings
        coloring = document.coloring
        self._window.actions_table.update(
            State(
                has_drawing=document.drawing is not None,
                has_lines=document.lines is not None,
                has_references=bool(document.references),
                has_selected_references=bool(self._window.strip.selected),
                has_result=coloring is not None,
                has_regions=coloring is not None and coloring.finished.regions is not None,
                has_palette=self._controller.finishing.palette is not None,
                has_own_palette=finish.palette is not None or bool(finish.edits),
                is_busy=any(job.stoppable and not job.quiet for job in self._controller.runner.jobs),
                has_sample=self._has_sample,
                has_drawings=len(document.pages) > 1,
                has_uncolored=any(page.can_be_colored and not page.is_colored for page in document.pages),
                can_undo=document.history.can_undo,
                can_redo=document.history.can_redo,
            )
        )

    def _colored(self, _coloring: object) -> None:
        self._window.model.show_problem("")

    def _warmed_up(self) -> None:
        self._window.model.show_problem("")
        self._show_work()

    def _warm_up_failed(self, failure: Exception) -> None:
        # At the start nobody has asked for a coloring yet: no dialog, but a plain word where the model is chosen.
        if isinstance(failure, NurieError):
            self._window.model.show_problem(str(failure))
            self.notice(str(failure))
        else:
            self.show_failure(failure)

    def _show_error(self, sentence: str, details: str = "") -> None:
        show_error(self._window, sentence, details)
        self.error_shown.emit(sentence)

    def _save_ended(self, saved: bool) -> None:
        if self._closes_after_save:
            self._closes_after_save = False
            if saved:
                self._window.close()

    def _closing(self, event: QCloseEvent) -> None:
        if self._controller.is_saving:
            # Half a picture helps nobody: the window closes when the file is whole.
            self._closes_after_save = True
            event.ignore()
            return
        if not self.may_close(event):
            return
        self._window.remember(self._settings)
        self._settings.sync()
        event.accept()


def _chosen(names: Sequence[str]) -> Incoming:
    return incoming.from_files(Path(name) for name in names)

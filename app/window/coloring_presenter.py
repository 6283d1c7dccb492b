"""Ties opening, references, lines, coloring and export to the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from app.canvas.content import Content
from app.controllers.coloring import Answer
from app.controllers.coloring_work import ReadPictures
from app.controllers.controllers import Controllers
from app.controllers.layer_work import LayerQuestion
from app.dialogs.question_dialog import QuestionDialog
from app.document.parts import Lines, ReferenceItem
from app.images import incoming
from app.images.incoming import Incoming
from app.language import engine_words
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.errors import NurieError
from engine.export import formats

if TYPE_CHECKING:
    from app.dialogs.export_dialog import ExportWish


class ColoringPresenter(QObject):
    """Owns nothing; connects window, controllers and shell."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window = window
        self._controller = controllers.coloring
        self._service = controllers.service
        self._document = controllers.document
        self._settings = controllers.settings
        self._shell = shell
        self._told: Lines | None = None  # whose notes the status bar has had
        self._left: ReferenceItem | None = None  # that a person said is no drawing
        shell.listen(controllers.coloring)
        self._connect_actions()
        self._connect_window()
        self._connect_document()
        window.actions_table["auto_color"].setChecked(controllers.settings.auto_color)
        window.actions_table["show_colored"].setChecked(True)
        window.line_art.show_settings(self._document.line_settings)
        self._show_content()
        self._show_references()
        self._show_offer()
        if controllers.coloring.models:
            self._show_model()

    def _show_model(self) -> None:
        self._window.model.show_models(self._controller.models, self._document.model_in_use)

    def _connect_actions(self) -> None:
        controller, canvas = self._controller, self._window.canvas
        verbs = {
            "open_references": self._ask_references,
            "open_sample": controller.open_sample,
            "export": self._save,
            "export_as": self._ask_save,
            "paste_drawing": self._paste,
            "paste_reference": partial(self._paste, as_reference=True),
            "copy_result": controller.copy,
            "remove_references": lambda: controller.cast.remove(self._window.strip.selected),
            "color": controller.color_now,
            "cancel": controller.cancel,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "fit": canvas.fit,
            "actual_size": lambda: canvas.zoom_to(1.0),
        }
        actions = self._window.actions_table
        for name, verb in verbs.items():
            actions[name].triggered.connect(lambda _checked=False, verb=verb: verb())
        actions["auto_color"].toggled.connect(controller.set_auto_color)

    def _connect_window(self) -> None:
        window, controller = self._window, self._controller
        window.canvas.zoom_changed.connect(self._show_zoom)
        window.strip.dropped.connect(controller.add_references)
        window.strip.reordered.connect(controller.cast.order)
        window.empty.sample_requested.connect(controller.open_sample)
        window.offer.answered.connect(self._answer_offer)
        window.line_art.changed.connect(controller.set_line_settings)
        window.model.chosen.connect(controller.use_model)
        window.model.sampling.changed.connect(controller.set_sampling)
        self._document.sampling_changed.connect(self._show_sampling)
        self._show_sampling()

    def _connect_document(self) -> None:
        document, controller = self._document, self._controller
        document.drawing_changed.connect(self._show_content)
        document.lines_changed.connect(self._show_content)
        document.lines_changed.connect(self._tell_of_lines)
        document.coloring_changed.connect(self._show_content)
        document.overlays_changed.connect(self._show_content)
        document.model_changed.connect(self._show_model)
        controller.models_listed.connect(self._show_model)
        document.references_changed.connect(self._show_references)
        document.line_settings_changed.connect(self._show_line_settings)
        controller.choice_changed.connect(self._show_offer)
        controller.layers_asked.connect(self._ask_layers)
        controller.line_art_asked.connect(self._ask_line_art)
        controller.copied.connect(self._copied)
        self._service.warmed_up.connect(self._warmed_up)
        self._service.warm_up_failed.connect(self._warm_up_failed)
        self._service.colored.connect(self._colored)

    def _show_sampling(self) -> None:
        self._window.model.sampling.show_sampling(self._document.sampling)

    def _ask_layers(self, question: LayerQuestion) -> None:
        from app.dialogs.layer_choice import LayerChoiceDialog

        dialog = LayerChoiceDialog(question, self._window)
        dialog.answered.connect(partial(self._controller.open_chosen, question.door))
        dialog.open()

    def _ask_line_art(self, read: ReadPictures) -> None:
        """Ask what line art is to be that was given as a reference."""
        names = ", ".join(item.reference.name for item, _ in read.line_art)
        dialog = QuestionDialog(
            self._window,
            self.tr("{0} is line art without colors. Color it as a drawing?").format(names),
            self.tr("A reference is a colored picture: there are no colors to be taken from this one."),
            (
                ("accept", self.tr("As &Drawing")),
                ("destroy", self.tr("As &Reference")),
                ("reject", self.tr("&Cancel")),
            ),
        )
        dialog.answered.connect(partial(self._answer_line_art, read))
        dialog.open()

    def _answer_line_art(self, read: ReadPictures, role: str) -> None:
        if role != "reject":
            self._controller.answer_line_art(read, "drawing" if role == "accept" else "reference")

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
            self._controller.save(self._document.save_path, self._settings.export, self._settings.export_quality)
        else:
            self._ask_save()

    def _ask_save(self) -> None:
        from app.dialogs.export_dialog import ExportDialog

        suggested = self._document.save_path or self._controller.suggested_path()
        settings, drawing = self._settings, self._document.drawing
        size = drawing.view.size if drawing is not None else None
        dialog = ExportDialog(suggested, settings.export, settings.export_quality, size, self._window)
        dialog.answered.connect(self._export)
        dialog.open()

    def _export(self, wish: ExportWish) -> None:
        """Write it, and remember how."""
        self._settings.export, self._settings.export_quality = wish.options, wish.quality
        kind = formats.of(wish.path)
        if kind is not None:
            self._settings.export_format = kind
        self._controller.save(wish.path, wish.options, wish.quality)

    def _paste(self, as_reference: bool = False) -> None:
        what = incoming.take(QGuiApplication.clipboard().mimeData(), self.tr("Pasted picture"))
        if as_reference or self._window.strip.list.hasFocus():
            self._controller.add_references(what)
        else:
            self._controller.open_drawing(what)

    def _copied(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._shell.notice(self.tr("Copied the picture."))

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
        done = " ".join(map(engine_words.said, lines.line_art.notes)) if lines else ""
        self._window.line_art.show_origin(lines.line_art.extracted if lines else None, done)
        self._window.status.show_size(content.size)
        self._show_zoom(self._window.canvas.viewport.scale)

    def _tell_of_lines(self) -> None:
        """What was done to the ink, once for each; its panel says it as long as it is so."""
        lines = self._document.lines
        if lines is not None and lines is not self._told and lines.line_art.notes:
            self._shell.notice(" ".join(map(engine_words.said, lines.line_art.notes)))
        self._told = lines

    def _show_zoom(self, scale: float) -> None:
        self._window.status.show_zoom(scale if self._document.drawing else None)

    def _show_references(self) -> None:
        self._window.strip.show_items(self._document.references)
        self._show_offer()

    def _show_line_settings(self) -> None:
        self._window.line_art.show_settings(self._document.line_settings)

    def _show_offer(self, *_: object) -> None:
        swap = self._controller.swap
        name = "" if swap is None or swap is self._left else swap.reference.name
        self._window.offer.show_offer(is_color=self._controller.needs_choice, swap=name)

    def _answer_offer(self, answer: str) -> None:
        swap = self._controller.swap
        if answer == "swap" and swap is not None:
            self._controller.swap_with(swap)
        elif answer == "leave":
            self._left = swap
            self._show_offer()
        elif answer in ("extract", "ink", "reference"):
            self._controller.choose(cast(Answer, answer))

    def _colored(self, _coloring: object) -> None:
        self._window.model.show_problem("")

    def _warmed_up(self) -> None:
        self._window.model.show_problem("")

    def _warm_up_failed(self, failure: Exception) -> None:
        # At the start nobody has asked for a coloring yet: no dialog, but a plain word where the model is chosen.
        if isinstance(failure, NurieError):
            self._window.model.show_problem(str(failure))
            self._shell.notice(str(failure))
        else:
            self._shell.show_failure(failure)


def _chosen(names: Sequence[str]) -> Incoming:
    return incoming.from_files(Path(name) for name in names)

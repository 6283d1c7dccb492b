"""Ties Batch Export to the window: the dialog, the rows in the jobs panel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.batch.request import BatchRequest, from_json
from app.batch_export import project_pictures as page_export
from app.batch_export.controller import BatchControllers
from app.batch_export.project_pictures import PageWish
from app.batch_export.run import BatchRun
from app.dialogs.front import to_front
from app.document.document import Document
from app.window.main_window import MainWindow
from app.window.shell import Shell
from engine.options import FinishOptions, Options

if TYPE_CHECKING:
    from app.batch_export.dialog import BatchDialog


class BatchPresenter(QObject):
    """Owns nothing; connects window and controller. It goes with the window; the batches do not."""

    def __init__(self, window: MainWindow, controllers: BatchControllers, shell: Shell) -> None:
        super().__init__(shell)
        self._window = window
        batches = controllers.batch
        self._document, self._finish = controllers.document, controllers.finish
        self._batches, self._coloring = batches, controllers.coloring
        self._settings = controllers.settings
        shell.listen(batches)
        window.actions_table["batch"].triggered.connect(self.open_form)
        batches.run_added.connect(self._run_added)
        batches.run_removed.connect(self._run_removed)
        batches.run_opened.connect(self.open_run)
        controllers.document.references_changed.connect(self._references_changed)
        for run in batches.runs:
            self._run_added(run)

    def open_form(self) -> None:
        """Ask for a new batch."""
        self._dialog().show()

    def open_run(self, run: BatchRun) -> None:
        """Show how far a batch is; a dialog that shows it already comes to the front."""
        for dialog in self._dialogs():
            if dialog.run is run:
                to_front(dialog)
                return
        dialog = self._dialog()
        dialog.show_run(run)
        dialog.show()

    def _dialogs(self) -> list[BatchDialog]:
        from app.batch_export.dialog import BatchDialog  # not before the window is shown

        return self._window.findChildren(BatchDialog)

    def _dialog(self) -> BatchDialog:
        from app.batch_export.dialog import BatchDialog
        from app.batch_export.form import Window

        document = self._document
        finish = document.finish_settings
        dialog = BatchDialog(
            self._window,
            base_request(document, self._settings.last_batch, self._heeded()),
            Window(
                pages=sum(not page.is_empty for page in document.pages),
                references=len(document.references),
                has_palette=finish.palette is not None or bool(finish.edits),
                locked=finish.locked,
            ),
        )
        dialog.plan_wanted.connect(partial(self._plan, dialog))
        dialog.pages_wanted.connect(partial(self._show_pages, dialog))
        dialog.begin_asked.connect(partial(self._begin, dialog))
        dialog.export_asked.connect(partial(self._export, dialog))
        return dialog

    def _plan(self, dialog: BatchDialog, request: BatchRequest) -> None:
        self._batches.plan(request, dialog.show_plan, dialog.show_problem, dialog)

    def _show_pages(self, dialog: BatchDialog, request: BatchRequest) -> None:
        found = page_export.targets(self._document.pages, _page_wish(request))
        rows = [
            (page.name, path.name if page.is_colored else self.tr("not colored yet; show it, and it will be"))
            for page, path in found
        ]
        dialog.show_pages(rows, sum(page.is_colored for page, _ in found))

    def _begin(self, dialog: BatchDialog, request: BatchRequest) -> None:
        self._settings.last_batch = request.to_json()
        items = self._document.references if dialog.form.takes_window_references else ()
        palette = self._finish.plain_palette if dialog.form.takes_window_palette else None
        run = self._batches.begin(request, items, palette)
        if run is not None:
            dialog.show_run(run)

    def _export(self, dialog: BatchDialog, request: BatchRequest) -> None:
        self._batches.export_pages(_page_wish(request))
        dialog.close()

    def _heeded(self) -> tuple[str, ...]:
        """What of `Sampling` the model in use heeds."""
        model = self._coloring.model
        return model.abilities.sampling if model is not None else ()

    def _references_changed(self) -> None:
        for dialog in self._dialogs():
            dialog.form.show_references(len(self._document.references))

    def _run_added(self, run: BatchRun) -> None:
        self._window.jobs.add(run.row)

    def _run_removed(self, run: BatchRun) -> None:
        self._window.jobs.remove(run.row)
        for dialog in self._dialogs():
            if dialog.run is run:
                dialog.close()


def base_request(document: Document, last: str, heeded: Collection[str] = ()) -> BatchRequest:
    """What the form shows first: the last folders and the window's current settings. heeded: of `Sampling`."""
    before = from_json(last) or BatchRequest("", "")
    finish = document.finish_settings
    # Palette, edits and corrections belong to the drawings of the window.
    asked = replace(
        finish.in_force, locked=True, palette=None, recolor=(), edits=(), corrections=FinishOptions().corrections
    )
    return BatchRequest(
        folder=before.folder,
        output=before.output,
        references=() if document.references else before.references,
        format=before.format,
        quality=before.quality,
        on_exists=before.on_exists,
        recursive=before.recursive,
        pattern=before.pattern,
        options=Options(
            replace(document.line_settings, lines="auto"), sampling=document.sampling.only(heeded), finish=asked
        ),
        model=document.model_in_use,
    )


def _page_wish(request: BatchRequest) -> PageWish:
    return PageWish(Path(request.output), f".{request.format}", request.written_quality, request.on_exists)

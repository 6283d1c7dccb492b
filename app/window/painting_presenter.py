"""Ties painting in steps to the window: what is painted so far under the ink, and painting once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.controllers.coloring_service import KEY, key_of
from app.controllers.controllers import Controllers
from app.images.pyramid import Stretched
from app.window.main_window import MainWindow
from app.window.shell import Shell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREVIEW_MS = 200  # at most five pictures a second: more are not seen, and cost what the painting needs


class PaintingPresenter(QObject):
    """Owns nothing; shows the previews of the drawing that is seen."""

    def __init__(self, window: MainWindow, controllers: Controllers, shell: Shell) -> None:
        super().__init__(shell)
        self._canvas = window.canvas
        self._document, self._runner = controllers.document, controllers.runner
        self._shown: NDArray[np.uint8] | None = None
        self._pause = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._pause.timeout.connect(self._look)
        self._runner.changed.connect(self._look)
        self._document.page_changed.connect(self._look)
        window.model.sampling.again_asked.connect(controllers.coloring.paint_again)

    def _look(self) -> None:
        """Show how far the drawing is, unless a picture was shown just now; nothing where none is being painted."""
        preview, size = self._preview(), self._canvas.picture_size
        if preview is None or size is None:
            if self._shown is not None:
                self._shown = None
                self._canvas.set_preview(None)
        elif preview is not self._shown and not self._pause.isActive():
            self._shown = preview
            self._canvas.set_preview(Stretched(preview, size))
            self._pause.start()

    def _preview(self) -> NDArray[np.uint8] | None:
        """The newest picture of the drawing that is seen; the last one stays while what follows shows none."""
        key = key_of(KEY, self._document.page_id)
        job = next((one for one in self._runner.jobs if one.key == key), None)
        if job is None or job.progress is None:
            return None
        return job.progress.preview if job.progress.preview is not None else self._shown

"""Dragging a picture: the picture beside the pointer, the file beside the picture, and a button that begins it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from app.images.outgoing import DraggedFile

SIDE = 96  # pixels of the picture beside the pointer


def drag_out(source: QWidget, mime: DraggedFile, image: QImage) -> Exception | None:
    """Drag until the button is let go. Returns why there was no file, None where all went well.

    Only ever a copy is offered: a program that took it as a move would expect it to be gone from here.
    """
    drag = QDrag(source)
    drag.setMimeData(mime)
    if not image.isNull():
        small = image.scaled(SIDE, SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        drag.setPixmap(QPixmap.fromImage(small))
        drag.setHotSpot(QPoint(small.width() // 2, small.height() // 2))
    drag.targetChanged.connect(lambda target: mime.begin() if target is None else None)
    drag.exec(Qt.DropAction.CopyAction)
    return mime.problem


class DragButton(QObject):
    """A button that can be dragged out, too. file_of: what it is then, and how that looks; None while there is none."""

    def __init__(
        self,
        button: QAbstractButton,
        file_of: Callable[[], tuple[DraggedFile, QImage] | None],
        failed: Callable[[object], None],
    ) -> None:
        super().__init__(button)
        self._button, self._file_of, self._failed = button, file_of, failed
        self._pressed_at: QPoint | None = None
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._pressed_at = event.position().toPoint()
            elif event.type() == QEvent.Type.MouseButtonRelease:
                self._pressed_at = None
            elif event.type() == QEvent.Type.MouseMove and self._pressed_at is not None:
                way = (event.position().toPoint() - self._pressed_at).manhattanLength()
                if way >= QApplication.startDragDistance():
                    return self._drag()
        return super().eventFilter(watched, event)

    def _drag(self) -> bool:
        self._pressed_at = None
        found = self._file_of() if self._button.isEnabled() else None
        if found is None:
            return False
        self._button.setDown(False)  # it was no click
        problem = drag_out(self._button, *found)
        if problem is not None:
            self._failed(problem)
        return True

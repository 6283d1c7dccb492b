"""What tests of views have in common."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication

from app.canvas.content import Content
from app.canvas.picture_view import PictureView
from app.images import qt_images
from app.images.pyramid import Pyramid

NO_KEYS = Qt.KeyboardModifier.NoModifier


def quarters(width: int = 200, height: int = 100) -> Content:
    """White lines (no ink) over four colors: red, green / blue, yellow."""
    color = np.empty((height, width, 3), np.uint8)
    color[: height // 2, : width // 2] = 220, 0, 0
    color[: height // 2, width // 2 :] = 0, 200, 0
    color[height // 2 :, : width // 2] = 0, 0, 240
    color[height // 2 :, width // 2 :] = 230, 220, 0
    return Content(color=Pyramid(color), ink=Pyramid(np.full((height, width), 255, np.uint8)))


def seen(view: PictureView, x: float, y: float) -> tuple[int, ...]:
    """The color at a point of the widget."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return tuple(int(value) for value in qt_images.view_of(image)[int(y), int(x), 2::-1])


def place(view: PictureView, x: float, y: float) -> QPointF:
    """Where the middle of a pixel of the picture is in the first pane."""
    return QPointF(*view.viewport.to_view(x + 0.5, y + 0.5))


def mouse(
    view: PictureView,
    kind: QEvent.Type,
    point: QPointF,
    keys: Qt.KeyboardModifier = NO_KEYS,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> None:
    """One event of a mouse, with fractions of pixels."""
    if kind == QEvent.Type.MouseMove:
        pressed, held = Qt.MouseButton.NoButton, button
    else:
        pressed, held = button, button if kind == QEvent.Type.MouseButtonPress else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, point, view.mapToGlobal(point), pressed, held, keys)
    QApplication.sendEvent(view, event)


def hover(view: PictureView, point: QPointF) -> None:
    """Move the mouse without a button."""
    mouse(view, QEvent.Type.MouseMove, point, button=Qt.MouseButton.NoButton)


def click(view: PictureView, point: QPointF, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press and release at one place."""
    mouse(view, QEvent.Type.MouseButtonPress, point, keys)
    mouse(view, QEvent.Type.MouseButtonRelease, point, keys)


def drag(view: PictureView, points: list[QPointF], keys: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press at the first, release at the last."""
    mouse(view, QEvent.Type.MouseButtonPress, points[0], keys)
    for point in points[1:]:
        mouse(view, QEvent.Type.MouseMove, point, keys)
    mouse(view, QEvent.Type.MouseButtonRelease, points[-1], keys)

"""A picture fitted into what room there is, with a caption under it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 4


class PictureView(QWidget):
    """caption: under the picture, or alone while there is none."""

    def __init__(self, caption: str, least: QSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._image: QImage | None = None
        self._scaled: QImage | None = None
        self.setMinimumSize(least)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(caption)

    @property
    def image(self) -> QImage | None:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage | None) -> None:
        """Show this picture; None: room for one."""
        self._image = image
        self._scaled = None
        self.update()

    def set_caption(self, caption: str) -> None:
        """Call it something else."""
        if caption != self._caption:
            self._caption = caption
            self.setAccessibleName(caption)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self.fontMetrics().height() + GAP
        room = self.rect().adjusted(1, 1, -1, -1 - line)
        target = self._target(room)
        if self._image is None:
            painter.setPen(QPen(self.palette().mid().color(), 1.0, Qt.PenStyle.DashLine))
            painter.drawRect(target)
        else:
            painter.drawImage(target, self._fitted(target.size()))
            painter.setPen(QPen(self.palette().mid().color(), 1.0))
            painter.drawRect(target.adjusted(-1, -1, 0, 0))
        painter.setPen(self.palette().placeholderText().color())
        text = self.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, self.width())
        below = QRect(QPoint(0, target.bottom() + GAP), QSize(self.width(), line))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _target(self, room: QRect) -> QRect:
        size = self._image.size() if self._image is not None else QSize(1, 1)
        target = QRect(QPoint(0, 0), size.scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio))
        target.moveCenter(room.center())
        return target

    def _fitted(self, size: QSize) -> QImage:
        """The picture in pixels of the screen, kept until its size changes."""
        assert self._image is not None
        wanted = size * self.devicePixelRatioF()
        if self._scaled is None or self._scaled.size() != wanted:
            smooth = Qt.TransformationMode.SmoothTransformation
            self._scaled = self._image.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return self._scaled

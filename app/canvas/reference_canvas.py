"""A reference seen large: handled as the canvas is, for picking colors and masking."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.canvas.handled_view import HandledView
from app.canvas.painting import paint_layer
from app.canvas.viewport import Viewport
from app.images.pyramid import Pyramid


class ReferenceCanvas(HandledView):
    """Shows one picture. empty: what stands where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = ""
        self._picture: Pyramid | None = None
        self.setMinimumSize(140, 40)  # the window has to fit on a low screen with it
        self.setAccessibleName(self.tr("Reference view"))
        self.setAccessibleDescription(
            self.tr("The selected reference. The wheel zooms, space or the middle button moves, Enter uses the tool.")
        )

    @property
    def picture_size(self) -> QSize | None:
        """Size of the reference."""
        return self._picture.size if self._picture is not None else None

    def set_picture(self, picture: Pyramid | None) -> None:
        """Show this."""
        self._picture = picture
        self._set_picture_size(self.picture_size)
        self._repaint_all()

    def _render(self, name: str, painter: QPainter, viewport: Viewport, area: QRectF) -> None:
        if self._picture is not None:
            paint_layer(painter, self._picture, viewport, area)

    def _paint_over(self, painter: QPainter) -> None:
        if self._picture is None and self.empty:
            painter.setPen(self.palette().text().color())
            inside = QRectF(QPointF(12, 0), self.size().toSizeF() - QSize(24, 0).toSizeF())
            painter.drawText(
                inside, int(Qt.AlignmentFlag.AlignCenter.value | Qt.TextFlag.TextWordWrap.value), self.empty
            )

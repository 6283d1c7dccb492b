"""What a tool is to the view it works on, and what it is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QTransform

from app.canvas.viewport import Viewport


@dataclass(frozen=True)
class Spot:
    """Where the pointer is. x, y: of the picture, with fractions; it may lie beside it. alt, shift, ctrl: keys held."""

    x: float
    y: float
    alt: bool = False
    shift: bool = False
    ctrl: bool = False

    def pixel(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """The pixel of a picture of this width and height, None beside it."""
        if 0 <= self.x < size[0] and 0 <= self.y < size[1]:
            return int(self.x), int(self.y)
        return None

    def nearest_pixel(self, size: tuple[int, int]) -> tuple[int, int]:
        """The pixel, or the one nearest to it."""
        return int(min(max(self.x, 0), size[0] - 1)), int(min(max(self.y, 0), size[1] - 1))


@dataclass(frozen=True)
class Keys:
    """Which keys are held while the pointer does something."""

    alt: bool = False
    shift: bool = False
    ctrl: bool = False


NO_KEYS = Keys()


@dataclass(frozen=True)
class Lens:
    """From the picture to the logical pixels a tool paints in. ratio: device pixels a logical one."""

    viewport: Viewport
    ratio: float = 1.0

    def point(self, x: float, y: float) -> QPointF:
        """Where a point of the picture is seen."""
        across, down = self.viewport.to_view(x, y)
        return QPointF(across / self.ratio, down / self.ratio)

    def middle(self, x: int, y: int) -> QPointF:
        """Where the middle of a pixel is seen."""
        return self.point(x + 0.5, y + 0.5)

    def path(self, path: QPainterPath) -> QPainterPath:
        """A path of the picture as it is seen."""
        view = self.viewport
        shape = QTransform(*view.matrix, view.x, view.y) * QTransform.fromScale(1 / self.ratio, 1 / self.ratio)
        return shape.map(path)

    @property
    def scale(self) -> float:
        """Logical pixels a pixel of the picture."""
        return self.viewport.scale / self.ratio


class Tool(Protocol):
    """What the pointer does while the tool is chosen. Everything takes effect on release, so that it can be left."""

    @property
    def cursor(self) -> Qt.CursorShape:
        """The shape of the pointer."""
        ...

    @property
    def draws(self) -> bool:
        """Whether it goes from one place to another; else a click is all."""
        ...

    def hover(self, spot: Spot | None) -> bool:
        """The pointer is there without a button, None: it has left. Returns whether something is to be painted anew."""
        ...

    def press(self, spot: Spot) -> None:
        """The button goes down."""
        ...

    def drag(self, spot: Spot) -> None:
        """The pointer moves with the button down."""
        ...

    def release(self, spot: Spot) -> None:
        """The button goes up: do it."""
        ...

    def cancel(self) -> bool:
        """Drop a stroke or click that has begun. Returns whether there was one."""
        ...

    def paint(self, painter: QPainter, lens: Lens) -> None:
        """Paint over the picture."""
        ...

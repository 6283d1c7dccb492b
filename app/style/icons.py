"""Icons, drawn in the theme's text color and sharp at every device pixel ratio."""

import functools

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app import paths

LOGICAL_SIZES = (16, 20, 24)


def themed(name: str, normal: QColor, disabled: QColor) -> QIcon:
    """The icon of resources/icons/NAME.svg with its `currentColor` painted in the colors given."""
    return _themed(name, normal.name(), disabled.name(), _ratios())


@functools.cache  # a window in another language wears the same ones
def _themed(name: str, normal: str, disabled: str, ratios: frozenset[float]) -> QIcon:
    source = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    icon = QIcon()
    for mode, color in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode()))
        for size in LOGICAL_SIZES:
            for ratio in ratios:
                icon.addPixmap(_render(renderer, size, ratio), mode)
    return icon


def program() -> QIcon:
    """The program's own icon, in its own colors."""
    renderer = QSvgRenderer(str(paths.resources() / "icons" / "nurie.svg"))
    icon = QIcon()
    for size in (16, 32, 48, 128):
        icon.addPixmap(_render(renderer, size, 1.0))
    return icon


def pixmap(name: str, size: int, color: QColor, ratio: float) -> QPixmap:
    """One icon as a pixmap of `size` logical pixels."""
    source = (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return _render(QSvgRenderer(QByteArray(source.replace("currentColor", color.name()).encode())), size, ratio)


def _ratios() -> frozenset[float]:
    return frozenset({1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())})


def _render(renderer: QSvgRenderer, size: int, ratio: float) -> QPixmap:
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image

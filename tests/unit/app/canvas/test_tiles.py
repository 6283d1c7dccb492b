from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from app.canvas.painting import GRID_FROM, paint_grid, paint_layer
from app.canvas.tiles import LEAST_KEPT, SIDE, TileCache
from app.canvas.viewport import Viewport
from app.images import qt_images
from app.images.pyramid import Pyramid

WIDTH, HEIGHT = 700, 500

# Gentle slopes, so that a pixel which goes to either side of another one changes little.
_ROWS, _COLUMNS = np.mgrid[:900, :600]
_WAVES = np.stack([np.sin(_ROWS / 30), np.sin(_COLUMNS / 30), np.sin((_ROWS + _COLUMNS) / 40)], axis=2)
PICTURE = Pyramid((128 + 120 * _WAVES).astype(np.uint8))
VIEW = Viewport((600, 900), (WIDTH, HEIGHT))


class Renders:
    """Paints the picture and notes where."""

    def __init__(self) -> None:
        self.areas: list[QRectF] = []

    def __call__(self, painter: QPainter, viewport: Viewport, area: QRectF) -> None:
        self.areas.append(area)
        painter.fillRect(area, 0)
        paint_layer(painter, PICTURE, viewport, area)


def painted(cache: TileCache, viewport: Viewport, render: Renders, name: str = "") -> np.ndarray:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    cache.paint(painter, viewport, QRect(0, 0, WIDTH, HEIGHT), name, render)
    painter.end()
    return qt_images.view_of(image).copy()


@pytest.mark.parametrize("angle", [0.0, 90.0, 33.0])
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("scale", [0.4, 1.0, 3.0])
def test_tiles_make_the_picture_that_is_painted_at_once(angle: float, mirrored: bool, scale: float) -> None:
    view = replace(VIEW, angle=angle, mirrored=mirrored).fitted().zoomed_to(scale, 350, 250)
    view = replace(view, x=float(round(view.x)), y=float(round(view.y)))
    whole = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    painter = QPainter(whole)
    Renders()(painter, view, QRectF(0, 0, WIDTH, HEIGHT))
    painter.end()
    tiled = painted(TileCache(), view, Renders())
    differs = np.abs(tiled[..., :3].astype(int) - qt_images.view_of(whole)[..., :3])
    inner = (tiled[..., 0] > 0) & (qt_images.view_of(whole)[..., 0] > 0)  # beside the picture's border
    assert differs[inner].max() <= 8
    assert inner.mean() > 0.1


def test_a_push_paints_only_what_is_new() -> None:
    cache, render = TileCache(), Renders()
    view = VIEW.zoomed_to(2.0, 0, 0)
    painted(cache, view, render)
    render.areas.clear()
    painted(cache, view, render)
    assert render.areas == []
    pushed = painted(cache, view.panned(-SIDE / 2 - 0.3, 0), render)
    assert 0 < len(render.areas) <= HEIGHT // SIDE + 2
    np.testing.assert_array_equal(pushed, painted(TileCache(), view.panned(-SIDE / 2 - 0.3, 0), Renders()))


def test_another_zoom_or_angle_or_content_is_painted_anew() -> None:
    cache, render = TileCache(), Renders()
    painted(cache, VIEW, render)
    for view in (VIEW.zoomed_to(1.1, 0, 0), VIEW.turned(5, 0, 0), VIEW.mirrored_at(350)):
        render.areas.clear()
        painted(cache, view, render)
        assert render.areas
    cache.clear()
    render.areas.clear()
    painted(cache, VIEW.mirrored_at(350), render)
    assert render.areas


def test_several_ways_to_render_are_kept_side_by_side() -> None:
    cache, render = TileCache(), Renders()
    for name in ("before", "after"):
        painted(cache, VIEW, render, name)
    render.areas.clear()
    for name in ("before", "after"):
        painted(cache, VIEW, render, name)
    assert render.areas == []


def test_memory_is_bounded() -> None:
    cache = TileCache()
    for step in range(60):
        painted(cache, replace(VIEW.zoomed_to(20.0, 0, 0), x=-100.0 * step, y=-70.0 * step), Renders())
    assert len(cache._tiles) <= LEAST_KEPT


@pytest.mark.parametrize(("scale", "seen"), [(GRID_FROM, True), (GRID_FROM - 0.1, False)])
def test_the_grid_is_seen_between_large_pixels_only(scale: float, seen: bool) -> None:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFF)
    painter = QPainter(image)
    paint_grid(painter, replace(VIEW, scale=scale, x=0.0, y=0.0), QRectF(0, 0, WIDTH, HEIGHT))
    painter.end()
    pixels = qt_images.view_of(image)[..., 0]
    assert (pixels.min() < 255) == seen
    if seen:
        assert (pixels[1:7, 1:7] == 255).all()
        assert pixels[4, 8] < 255 or pixels[4, 7] < 255


@pytest.mark.parametrize("row", [0, 32_700, 40_000, 79_000])
@pytest.mark.parametrize("scale", [0.6, 1.0, 1.5, 3.0])
def test_a_strip_is_shown_in_all_its_length(row: int, scale: float) -> None:
    """Longer than 32,767 pixels, where Qt's own numbers of 16 bits would end."""
    strip = np.zeros((80_000, 40, 3), np.uint8)
    strip[..., 0] = (np.arange(80_000) // 500)[:, None]
    view = Viewport((40, 80_000), (40, 200), scale, 0.0, -row * scale)

    def paint(painter: QPainter, viewport: Viewport, area: QRectF) -> None:
        paint_layer(painter, Pyramid(strip), viewport, area)

    image = QImage(40, 200, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    TileCache().paint(painter, view, QRect(0, 0, 40, 200), "", paint)
    painter.end()
    shown = qt_images.from_qimage(image)[0]
    for y in (20, 100, 180):
        assert abs(int(shown[y, 10, 0]) - int(row + y / scale) // 500) <= 1

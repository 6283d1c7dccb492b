from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.content import Content, ViewMode
from app.canvas.heat_legend import HeatLegend
from app.canvas.view import CanvasView
from app.images import qt_images
from app.images.pyramid import Pyramid

WIDTH, HEIGHT = 640, 480


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.show()
    return view


def content(width: int = 200, height: int = 100) -> Content:
    """Red under a black left half of ink."""
    ink = np.full((height, width), 255, np.uint8)
    ink[:, : width // 4] = 0
    color = np.zeros((height, width, 3), np.uint8)
    color[..., 0] = 220
    return Content(picture=None, color=Pyramid(color), ink=Pyramid(ink))


def shown(canvas: CanvasView, part: QRect | None = None) -> np.ndarray:
    image = canvas.grab(part or canvas.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return qt_images.view_of(image)[..., 2::-1].copy()


def at(canvas: CanvasView, x: float, y: float) -> tuple[int, ...]:
    """Color shown over a point of the picture."""
    vx, vy = canvas.viewport.to_view(x + 0.5, y + 0.5)  # between the lines of the grid
    return tuple(int(value) for value in shown(canvas)[int(vy), int(vx)])


def wheel(canvas: CanvasView, x: float, y: float, notches: int, keys: Qt.KeyboardModifier) -> None:
    position = QPointF(x, y)
    event = QWheelEvent(
        position, position, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_ink_multiplies_color(canvas: CanvasView) -> None:
    canvas.set_content(content())
    assert at(canvas, 20, 50) == (0, 0, 0)
    assert at(canvas, 150, 50) == (220, 0, 0)


@pytest.mark.parametrize("turned", [0.0, 30.0])
@pytest.mark.parametrize("colored", [False, True])
def test_ink_of_a_color_is_seen_on_white_paper(canvas: CanvasView, colored: bool, turned: float) -> None:
    """Before there are colors, and in the view of the lines."""
    ink = np.zeros((100, 200, 4), np.uint8)
    ink[:, :50] = 120, 0, 0, 255
    canvas.set_content(replace(content(), ink=Pyramid(ink), **({} if colored else {"color": None})))
    canvas.set_mode(ViewMode.LINES if colored else ViewMode.COLORED)
    canvas.turn(turned)
    assert at(canvas, 20, 50) == (120, 0, 0)
    assert at(canvas, 150, 50) == (255, 255, 255)


def test_modes(canvas: CanvasView) -> None:
    canvas.set_content(content())
    canvas.set_mode(ViewMode.LINES)
    assert at(canvas, 150, 50) == (255, 255, 255)
    canvas.set_mode(ViewMode.COMPARE)
    canvas.divider.set_share(0.5)
    canvas.divider.hide()
    assert at(canvas, 80, 50) == (255, 255, 255)
    assert at(canvas, 120, 50) == (220, 0, 0)


@pytest.mark.parametrize("mode", [ViewMode.REGIONS, ViewMode.CONFIDENCE])
def test_overlays_take_the_place_of_the_color(canvas: CanvasView, mode: ViewMode) -> None:
    blue = np.full((100, 200, 3), (0, 0, 200), np.uint8)
    canvas.set_content(replace(content(), overlays={mode.value: Pyramid(blue)}))
    assert at(canvas, 150, 50) == (220, 0, 0)
    canvas.set_mode(mode)
    assert at(canvas, 150, 50) == (0, 0, 200)
    assert at(canvas, 20, 50) == (0, 0, 0)
    canvas.set_content(content())
    assert at(canvas, 150, 50) == (220, 0, 0)  # until the overlay is made


def test_only_confidence_has_a_legend(canvas: CanvasView) -> None:
    legend = canvas.findChild(HeatLegend)
    assert legend is not None
    for mode in ViewMode:
        canvas.set_mode(mode)
        assert legend.isVisible() == (mode == ViewMode.CONFIDENCE)
    assert canvas.rect().contains(legend.geometry())


def test_looking_at_a_place(canvas: CanvasView) -> None:
    canvas.set_content(content(4000, 3000))
    canvas.look_at(1000, 2000, 480)
    assert canvas.viewport.scale == pytest.approx(1.0)
    assert canvas.viewport.to_picture(WIDTH / 2, HEIGHT / 2) == pytest.approx((1000, 2000), abs=1)
    x, y = (int(value) for value in canvas.viewport.to_view(1000, 2000))
    ring = shown(canvas, QRect(x - 30, y - 30, 60, 60))
    canvas.fit()
    canvas.look_at(1000, 2000, 480)
    canvas._mark_timer.timeout.emit()
    assert (ring != shown(canvas, QRect(x - 30, y - 30, 60, 60))).any()


@pytest.mark.parametrize(("extent", "scale"), [(0.0, 4.0), (1e9, (HEIGHT - 48) / 3000)])
def test_looking_is_never_too_near_nor_too_far(canvas: CanvasView, extent: float, scale: float) -> None:
    canvas.set_content(content(4000, 3000))
    canvas.look_at(2000, 1500, extent)
    assert canvas.viewport.scale == pytest.approx(scale)


def test_picture_is_shown_until_there_is_ink(canvas: CanvasView) -> None:
    canvas.set_content(Content(picture=Pyramid(np.full((50, 50, 3), 77, np.uint8))))
    assert at(canvas, 25, 25) == (77, 77, 77)


def test_wheel_zooms_to_the_cursor(canvas: CanvasView) -> None:
    canvas.set_content(content(2000, 1000))
    x, y = canvas.viewport.to_view(700, 300)
    wheel(canvas, x, y, 3, Qt.KeyboardModifier.NoModifier)
    assert canvas.viewport.to_picture(x, y) == pytest.approx((700, 300), abs=1.5)
    assert canvas.viewport.scale == pytest.approx(canvas.viewport.fitted().scale * 1.2**3, rel=1e-3)


def test_shift_wheel_pans(canvas: CanvasView) -> None:
    canvas.set_content(content())
    before = canvas.viewport
    wheel(canvas, 300, 200, 1, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.viewport.x > before.x
    assert canvas.viewport.scale == before.scale


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.LeftButton])
def test_dragging_pans(canvas: CanvasView, button: Qt.MouseButton) -> None:
    canvas.set_content(content())
    before = canvas.viewport
    for kind, point, held in (
        (QMouseEvent.Type.MouseButtonPress, QPointF(300, 200), button),
        (QMouseEvent.Type.MouseMove, QPointF(340, 190), button),
        (QMouseEvent.Type.MouseButtonRelease, QPointF(340, 190), Qt.MouseButton.NoButton),
    ):
        event = QMouseEvent(kind, point, canvas.mapToGlobal(point), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(canvas, event)
    assert (canvas.viewport.x, canvas.viewport.y) == (before.x + 40, before.y - 10)


def test_space_shows_the_hand(canvas: CanvasView, qtbot: QtBot) -> None:
    canvas.set_content(content())
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_arrows_pan(canvas: CanvasView, qtbot: QtBot) -> None:
    canvas.set_content(content())
    before = canvas.viewport.x
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.x < before


def test_fit_stays_fit_until_zoomed(canvas: CanvasView) -> None:
    canvas.set_content(content(2000, 1000))
    canvas.resize(800, 480)
    assert canvas.viewport.scale == pytest.approx((800 - 48) / 2000)
    canvas.zoom_to(1.0)
    canvas.resize(640, 480)
    assert canvas.viewport.scale == 1.0
    canvas.fit()
    assert canvas.viewport.scale == pytest.approx((640 - 48) / 2000)


def test_actual_size_is_exact(canvas: CanvasView) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (400, 500), np.uint8)
    canvas.set_content(Content(ink=Pyramid(pixels)))
    canvas.zoom_to(1.0)
    x, y = int(canvas.viewport.x), int(canvas.viewport.y)
    seen = shown(canvas)[y : y + 400, x : x + 500]
    np.testing.assert_array_equal(seen[..., 0], pixels)


def test_zoom_survives_new_lines_of_the_same_size(canvas: CanvasView) -> None:
    canvas.set_content(content())
    canvas.zoom_to(3.0)
    canvas.set_content(replace(content(), color=None))
    assert canvas.viewport.scale == 3.0
    canvas.set_content(content(300, 300))
    assert canvas.viewport.scale != 3.0


def test_a_part_painted_alone_equals_the_whole(canvas: CanvasView) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (900, 900), np.uint8)
    canvas.set_content(Content(ink=Pyramid(pixels)))
    canvas.zoom_to(0.731)
    whole = shown(canvas)
    part = shown(canvas, canvas.rect().adjusted(201, 133, -77, -59))
    difference = np.abs(whole[133 : HEIGHT - 59, 201 : WIDTH - 77].astype(int) - part)
    assert difference[2:-2, 2:-2].max() <= 1


def test_painting_never_rescales_more_than_a_few_times_the_pixels_on_screen(
    canvas: CanvasView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`bench_canvas` has the times."""
    ink = np.zeros((4096, 4096), np.uint8)
    canvas.set_content(Content(ink=Pyramid(ink)))
    taken: list[QImage] = []
    level = Pyramid.level
    monkeypatch.setattr(Pyramid, "level", lambda self, scale: taken.append(level(self, scale)) or taken[-1])
    for scale in (canvas.viewport.scale, 0.3, 0.05, 0.02):
        canvas.zoom_to(scale)
        taken.clear()
        shown(canvas)
        assert taken
        for image in taken:
            assert image.width() * image.height() <= 4.1 * max((4096 * scale) ** 2, 64**2)

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot

from app.canvas.reference_canvas import ReferenceCanvas
from app.canvas.tools.mask_tool import Brush, MaskTool
from app.images.pyramid import Pyramid
from tests.unit.app.canvas.recording import RecordingVerbs, context_of
from tests.unit.app.canvas.views import NO_KEYS, drag, mouse, place, seen

HEIGHT, WIDTH = 80, 120
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def verbs() -> RecordingVerbs:
    return RecordingVerbs()


@pytest.fixture
def view(qtbot: QtBot) -> ReferenceCanvas:
    canvas = ReferenceCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(300, 200)
    canvas.show()
    canvas.set_picture(Pyramid(np.full((HEIGHT, WIDTH, 3), 255, np.uint8)))
    canvas.zoom_to(2.0)
    return canvas


def masking(view: ReferenceCanvas, verbs: RecordingVerbs, brush: Brush, mask: np.ndarray | None = None) -> MaskTool:
    whole = np.ones((HEIGHT, WIDTH), np.bool_) if mask is None else mask
    tool = MaskTool(context_of(verbs), 3, whole, brush)
    view.set_tool(tool)
    view.grab()  # painting tells the tool how large the brush is
    return tool


def test_a_brush_ignores_what_it_goes_over(view: ReferenceCanvas, verbs: RecordingVerbs) -> None:
    masking(view, verbs, Brush(size=20))  # ten pixels of the reference
    drag(view, [place(view, 30, 40), place(view, 60, 40)])
    ((verb, index, mask),) = verbs.asked
    assert (verb, index) == ("mask_reference", 3)
    assert not mask[40, 26:65].any()
    assert not mask[36:45, 45].any()
    assert mask[:33].all() and mask[48:].all() and mask[:, :22].all() and mask[:, 69:].all()


def test_a_rectangle_ignores_from_corner_to_corner(view: ReferenceCanvas, verbs: RecordingVerbs) -> None:
    masking(view, verbs, Brush(rectangle=True))
    drag(view, [place(view, 60, 50), place(view, 10, 20)])
    mask = verbs.asked[0][2]
    expected = np.ones((HEIGHT, WIDTH), np.bool_)
    expected[20:51, 10:61] = False
    np.testing.assert_array_equal(mask, expected)


@pytest.mark.parametrize(("ignores", "keys"), [(False, NO_KEYS), (True, ALT)])
def test_bringing_back(view: ReferenceCanvas, verbs: RecordingVerbs, ignores: bool, keys: Qt.KeyboardModifier) -> None:
    mask = np.ones((HEIGHT, WIDTH), np.bool_)
    mask[30:40, 30:40] = False
    masking(view, verbs, Brush(ignores=ignores, rectangle=True), mask)
    drag(view, [place(view, 30, 30), place(view, 39, 34)], keys)
    brought = verbs.asked[0][2]
    assert brought[30:35, 30:40].all() and not brought[35:40, 30:40].any()
    drag(view, [place(view, 0, 0), place(view, 119, 79)], keys)
    assert verbs.asked[1] == ("mask_reference", 3, None)


def test_a_reference_is_never_ignored_altogether(view: ReferenceCanvas, verbs: RecordingVerbs) -> None:
    tool = masking(view, verbs, Brush(rectangle=True))
    said: list[str] = []
    tool.context.said.connect(said.append)
    drag(view, [place(view, -5, -5), place(view, 130, 90)])
    assert verbs.asked == []
    assert len(said) == 1


def test_a_stroke_that_changes_nothing_is_no_step(view: ReferenceCanvas, verbs: RecordingVerbs) -> None:
    masking(view, verbs, Brush(ignores=False))
    drag(view, [place(view, 30, 40), place(view, 60, 40)])
    assert verbs.asked == []


def test_the_stroke_is_seen_until_the_veil_is(view: ReferenceCanvas, verbs: RecordingVerbs) -> None:
    tool = masking(view, verbs, Brush(rectangle=True))
    drag(view, [place(view, 10, 20), place(view, 60, 50)])
    point = place(view, 30, 30)
    assert seen(view, point.x(), point.y()) != (255, 255, 255)
    tool.settle(verbs.asked[0][2])
    view.update()
    assert seen(view, point.x(), point.y()) == (255, 255, 255)


@pytest.mark.parametrize("rectangle", [False, True])
def test_a_stroke_beside_the_reference_is_none(view: ReferenceCanvas, verbs: RecordingVerbs, rectangle: bool) -> None:
    masking(view, verbs, Brush(size=4, rectangle=rectangle))
    drag(view, [place(view, -20, -20), place(view, -9, -9)])
    assert verbs.asked == []


def test_esc_leaves_the_stroke(view: ReferenceCanvas, verbs: RecordingVerbs, qtbot: QtBot) -> None:
    masking(view, verbs, Brush())
    mouse(view, QEvent.Type.MouseButtonPress, place(view, 30, 40))
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    mouse(view, QEvent.Type.MouseButtonRelease, place(view, 30, 40))
    assert verbs.asked == []

"""The tools of the canvas, by mouse and by keys, on verbs that only note what they were asked."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.outlines import RegionOutlines
from app.canvas.reference_canvas import ReferenceCanvas
from app.canvas.tools.context import Source, ToolContext
from app.canvas.tools.fill_tool import FillTool
from app.canvas.tools.gap_tool import GapTool
from app.canvas.tools.hint_tool import HintTool
from app.canvas.tools.lasso_tool import LassoTool
from app.canvas.tools.merge_tool import MergeTool
from app.canvas.tools.paint_tool import PaintTool
from app.canvas.tools.pick_tool import PickTool, SourceTool
from app.canvas.tools.remove_tool import RemoveTool
from app.canvas.tools.select_tool import SelectTool
from app.canvas.tools.shape_tool import ShapeTool
from app.canvas.tools.split_tool import SplitTool
from app.canvas.tools.stroke_tool import simplified
from app.canvas.tools.tool import Tool
from app.canvas.view import CanvasView
from engine.corrections import Corrections, Hint, Shape
from tests.unit.app.canvas.recording import RecordingVerbs, context_of, four_regions
from tests.unit.app.canvas.views import click, drag, hover, mouse, place, quarters, seen

ALT, SHIFT, CTRL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
TOOLS = (
    HintTool,
    FillTool,
    PickTool,
    SplitTool,
    GapTool,
    MergeTool,
    RemoveTool,
    PaintTool,
    LassoTool,
    SelectTool,
    ShapeTool,
)


@pytest.fixture
def verbs() -> RecordingVerbs:
    return RecordingVerbs()


@pytest.fixture
def context(verbs: RecordingVerbs) -> ToolContext:
    return context_of(verbs)


@pytest.fixture
def canvas(qtbot: QtBot) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    view.set_content(quarters())
    return view


@pytest.mark.parametrize(("tool", "verb"), [(HintTool, "hint"), (FillTool, "fill")])
def test_a_click_gives_a_region_the_current_color(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, tool: type[HintTool], verb: str
) -> None:
    canvas.set_tool(tool(context))
    context.set_color((1, 2, 3))
    click(canvas, place(canvas, 30, 40))
    canvas.turn(30)
    canvas.mirror()
    click(canvas, place(canvas, 150, 60))
    click(canvas, QPointF(2, 2))  # beside the drawing
    assert verbs.asked == [(verb, 30, 40, (1, 2, 3)), (verb, 150, 60, (1, 2, 3))]


def test_the_region_under_the_pointer_is_outlined(canvas: CanvasView, context: ToolContext) -> None:
    canvas.set_tool(HintTool(context))
    border = place(canvas, 60, 49)
    before = seen(canvas, border.x(), border.y())
    hover(canvas, place(canvas, 20, 20))
    assert seen(canvas, border.x(), border.y()) != before
    canvas.hover_tool(None)
    assert seen(canvas, border.x(), border.y()) == before


def test_alt_takes_the_color_under_the_pointer(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    canvas.set_tool(HintTool(context))
    canvas.color_picked.connect(lambda x, y: context.take_color_at((x, y)))
    click(canvas, place(canvas, 30, 40), ALT)
    assert context.color == (30, 40, 7)
    click(canvas, place(canvas, 31, 40), CTRL)
    assert context.color == (31, 40, 7)
    assert verbs.asked == []


def test_picking_takes_two_clicks(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    said: list[str] = []
    context.said.connect(said.append)
    canvas.set_tool(PickTool(context))
    click(canvas, place(canvas, 30, 40))
    assert verbs.asked == []
    assert "reference" in said[0]
    context.set_source(Source(2, 5, 6, (9, 9, 9)))
    click(canvas, place(canvas, 30, 40))
    click(canvas, place(canvas, 130, 40))
    assert verbs.asked == [("pick", 2, 5, 6, 30, 40), ("pick", 2, 5, 6, 130, 40)]


def test_a_place_of_a_reference_is_picked(qtbot: QtBot, context: ToolContext) -> None:
    canvas = ReferenceCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(640, 480)
    canvas.show()
    canvas.set_picture(quarters().color)
    context.reference_color = lambda index, x, y: (index, x, y)
    canvas.set_tool(SourceTool(context, 1, (200, 100)))
    click(canvas, place(canvas, 30, 40), ALT)
    assert (context.source, context.color) == (None, (1, 30, 40))
    click(canvas, place(canvas, 31, 41))
    assert context.source == Source(1, 31, 41, (1, 31, 41))
    click(canvas, QPointF(1, 1))
    assert context.source == Source(1, 31, 41, (1, 31, 41))


def test_splitting_along_a_stroke(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    canvas.set_tool(SplitTool(context))
    drag(canvas, [place(canvas, *point) for point in ((10, 10), (20, 10), (30, 10), (30, 30))])
    assert verbs.asked == [("split", ((10, 10), (30, 10), (30, 30)))]
    click(canvas, place(canvas, 50, 50))  # a point is no stroke
    assert len(verbs.asked) == 1


def test_a_stroke_beside_the_drawing_ends_at_its_border(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    canvas.set_tool(SplitTool(context))
    drag(canvas, [place(canvas, 100, 50), place(canvas, 100, -20)])
    assert verbs.asked == [("split", ((100, 50), (100, 0)))]


def test_a_gap_is_closed_straight(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    canvas.set_tool(GapTool(context))
    drag(canvas, [place(canvas, *point) for point in ((10, 10), (90, 70), (20, 12))])
    assert verbs.asked == [("close_gap", ((10, 10), (20, 12)))]


def test_merging_from_one_region_to_another(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    canvas.set_tool(MergeTool(context))
    drag(canvas, [place(canvas, 30, 40), place(canvas, 90, 40)])  # within one
    drag(canvas, [place(canvas, 30, 40), QPointF(2, 2)])  # to nowhere
    assert verbs.asked == []
    drag(canvas, [place(canvas, 30, 40), place(canvas, 80, 45), place(canvas, 150, 45)])
    assert verbs.asked == [("merge", (30, 40), (150, 45))]


def test_removing(canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs) -> None:
    canvas.set_tool(RemoveTool(context))
    click(canvas, place(canvas, 30, 40))
    assert verbs.asked == [("remove_correction_at", 30, 40)]


@pytest.mark.parametrize("tool", TOOLS)
def test_esc_leaves_what_was_begun(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, qtbot: QtBot, tool: type[HintTool]
) -> None:
    context.set_source(Source(0, 1, 1, (0, 0, 0)))
    canvas.set_tool(tool(context))
    mouse(canvas, QEvent.Type.MouseButtonPress, place(canvas, 30, 40))
    mouse(canvas, QEvent.Type.MouseMove, place(canvas, 150, 60))
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.is_in_stroke
    mouse(canvas, QEvent.Type.MouseButtonRelease, place(canvas, 150, 60))
    assert verbs.asked == []


@pytest.mark.parametrize("tool", TOOLS)
def test_without_regions_tools_do_nothing(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, tool: type[HintTool]
) -> None:
    context.outlines = None
    said: list[str] = []
    context.said.connect(said.append)
    canvas.set_tool(tool(context))
    hover(canvas, place(canvas, 30, 40))
    drag(canvas, [place(canvas, 30, 40), place(canvas, 150, 40)])
    assert verbs.asked == []
    assert any("flats" in sentence for sentence in said)


def test_keys_use_a_tool_in_the_middle(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, qtbot: QtBot
) -> None:
    canvas.set_tool(HintTool(context))
    canvas.look_at(60, 20, 100)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    canvas.set_tool(MergeTool(context))
    canvas.look_at(60, 20, 100)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.is_in_stroke
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    (hint, x, y, _), (merge, begin, end) = verbs.asked
    assert (hint, merge) == ("hint", "merge")
    assert abs(x - 60) <= 1 and abs(y - 20) <= 1
    assert begin == (x, y) and end[0] > 100


def test_space_pushes_whatever_the_tool(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, qtbot: QtBot
) -> None:
    canvas.set_tool(SplitTool(context))
    x = canvas.viewport.x
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, [QPointF(300, 240), QPointF(310, 240)])
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport.x == x + 10
    assert verbs.asked == []
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


@pytest.mark.parametrize("tool", TOOLS)
def test_corrections_are_seen_while_a_tool_is_chosen(
    canvas: CanvasView, context: ToolContext, tool: type[HintTool]
) -> None:
    context.corrections = Corrections(
        (Hint(50, 25, (255, 0, 255)), Hint(150, 25, (255, 0, 255), spread=False)),
        splits=(((50, 75), (90, 75)),),
        merges=(((120, 75), (180, 75)),),
        gaps=(((20, 20), (20, 40)),),
    )
    places = [place(canvas, x, y) for x, y in ((50, 25), (150, 25), (150, 75), (20, 30))]
    before = [seen(canvas, point.x(), point.y()) for point in places]
    held: Tool = tool(context)
    canvas.set_tool(held)
    after = [seen(canvas, point.x(), point.y()) for point in places]
    assert after[:2] == [(255, 0, 255)] * 2
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_strokes_keep_their_ends_and_corners() -> None:
    assert simplified([(0, 0), (0, 0), (1, 1), (2, 2), (9, 9), (9, 2)]) == ((0, 0), (9, 9), (9, 2))
    assert simplified([(4, 4)]) == ((4, 4),)
    assert simplified([]) == ()


def test_esc_in_a_stroke_is_not_taken_by_a_shortcut(canvas: CanvasView, context: ToolContext) -> None:
    canvas.set_tool(SplitTool(context))

    def is_claimed(key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert not is_claimed(Qt.Key.Key_Escape)
    mouse(canvas, QEvent.Type.MouseButtonPress, place(canvas, 30, 40))
    assert is_claimed(Qt.Key.Key_Escape)
    assert not is_claimed(Qt.Key.Key_H)


def test_the_outline_follows_when_the_regions_change(canvas: CanvasView, context: ToolContext) -> None:
    canvas.set_tool(HintTool(context))
    hover(canvas, place(canvas, 20, 20))
    assert context.outlines is not None
    border = place(canvas, 60, 49)
    outlined = seen(canvas, border.x(), border.y())
    labels = np.full((100, 200), 7, np.int32)
    context.outlines = RegionOutlines(replace(four_regions(), labels=labels, count=7))
    assert seen(canvas, border.x(), border.y()) != outlined


def test_a_hint_with_shift_is_for_this_region_alone(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    canvas.set_tool(HintTool(context))
    click(canvas, place(canvas, 30, 40), SHIFT)
    click(canvas, place(canvas, 30, 40))
    assert [asked[0] for asked in verbs.asked] == ["fill", "hint"]


def test_what_would_follow_a_hint_is_outlined_and_not_with_shift(canvas: CanvasView, context: ToolContext) -> None:
    looked_up: list[int] = []
    context.followers = lambda label: looked_up.append(label) or (4,)  # type: ignore[func-returns-value]
    canvas.set_tool(HintTool(context))
    border = place(canvas, 150, 99)  # of the fourth region
    plain = seen(canvas, border.x(), border.y())
    hover(canvas, place(canvas, 20, 20))
    outlined = [seen(canvas, border.x() + across, border.y()) for across in range(-6, 7)]
    assert any(color != plain for color in outlined)
    assert set(looked_up) == {1}
    mouse(canvas, QEvent.Type.MouseMove, place(canvas, 21, 20), SHIFT, Qt.MouseButton.NoButton)
    assert all(seen(canvas, border.x() + across, border.y()) == plain for across in range(-6, 7))


def test_a_drag_fills_every_region_it_runs_through(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    context.set_color((1, 2, 3))
    canvas.set_tool(FillTool(context))
    drag(canvas, [place(canvas, 30, 40), place(canvas, 150, 45), place(canvas, 150, 80)])
    ((verb, places, color),) = verbs.asked
    assert (verb, color) == ("fill_all", (1, 2, 3))
    assert context.outlines is not None
    assert [context.outlines.label_at(*at) for at in places] == [1, 2, 4]
    drag(canvas, [place(canvas, 30, 40), QPointF(2, 2)])
    drag(canvas, [place(canvas, 30, 40), place(canvas, 30, 80), QPointF(2, 2)])  # let go beside the drawing
    assert [asked[0] for asked in verbs.asked[1:]] == ["fill_all"]


def test_the_brush_takes_what_it_covers_for_the_most_part(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    """A speck beside the way of the brush, and a wide region that it only touches with its edge."""
    regions = four_regions()
    labels = np.ones((100, 200), np.int32)
    labels[46:49, 60:63], labels[60:, :] = 2, 3
    context.outlines = RegionOutlines(replace(regions, labels=labels, count=3))
    canvas.set_tool(PaintTool(context))
    context.brush_size = round(24 * canvas.viewport.scale)
    hover(canvas, place(canvas, 20, 52))
    seen(canvas, 1, 1)  # so that the tool knows the scale
    drag(canvas, [place(canvas, 20, 52), place(canvas, 100, 52)])
    ((_, places, _),) = verbs.asked
    assert context.outlines is not None
    assert sorted(context.outlines.label_at(*at) for at in places) == [1, 2]
    context.resize_brush(100.0)
    assert context.brush_size == 400


def test_the_lasso_means_what_lies_inside_with_more_than_half(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    said: list[str] = []
    context.said.connect(said.append)
    canvas.set_tool(LassoTool(context))
    loop = [(-5, -5), (130, -5), (130, 70), (-5, 70)]
    drag(canvas, [place(canvas, *at) for at in loop])
    ((_, places, _),) = verbs.asked
    assert context.outlines is not None
    assert [context.outlines.label_at(*at) for at in places] == [1]
    drag(canvas, [place(canvas, *at) for at in ((5, 5), (15, 5), (15, 15))])
    assert len(verbs.asked) == 1 and "half" in said[-1]
    click(canvas, place(canvas, 150, 80))
    assert verbs.asked[-1][1] == ((150, 80),)


def test_selecting_by_clicks_and_loops(canvas: CanvasView, context: ToolContext) -> None:
    canvas.set_tool(SelectTool(context))
    click(canvas, place(canvas, 30, 40))
    assert context.selected_labels == (1,)
    click(canvas, place(canvas, 150, 40), SHIFT)
    click(canvas, place(canvas, 150, 80), SHIFT)
    assert context.selected_labels == (1, 2, 4)
    click(canvas, place(canvas, 31, 40), SHIFT)  # no longer
    assert context.selected_labels == (2, 4)
    drag(canvas, [place(canvas, *at) for at in ((-5, -5), (130, -5), (130, 70), (-5, 70))], SHIFT)
    assert context.selected_labels == (2, 4, 1)
    click(canvas, place(canvas, 30, 80))
    assert context.selected_labels == (3,)
    click(canvas, QPointF(2, 2))
    assert context.selected_labels == ()


def test_a_fill_within_the_selection_fills_all_of_it(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    context.select(((30, 40), (150, 80)))
    canvas.set_tool(FillTool(context))
    click(canvas, place(canvas, 31, 40))
    click(canvas, place(canvas, 31, 80))
    assert [asked[:2] for asked in verbs.asked] == [("fill_all", ((30, 40), (150, 80))), ("fill", 31)]
    assert [asked[1] if asked[0] == "fill_all" else asked[1:3] for asked in verbs.asked][1] == (31, 80)


def test_a_stroke_that_comes_back_is_an_outline_and_another_is_as_wide_as_the_brush(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs
) -> None:
    canvas.set_tool(ShapeTool(context))
    context.brush_size = round(10 * canvas.viewport.scale)
    seen(canvas, 1, 1)  # so that the tool knows the scale
    around = [(20, 10), (40, 10), (40, 30), (20, 30), (20, 12)]
    drag(canvas, [place(canvas, *at) for at in around])
    drag(canvas, [place(canvas, *at) for at in ((20, 10), (60, 10), (60, 30))], SHIFT)
    (_, outline, _), (_, stroke, _) = verbs.asked
    assert outline == Shape(((20, 10), (40, 10), (40, 30), (20, 30), (20, 12)))
    assert (stroke.points, stroke.across) == (((20, 10), (60, 10), (60, 30)), True)
    assert abs(stroke.width - 10) <= 1
    click(canvas, place(canvas, 50, 50))  # a point is no region
    assert len(verbs.asked) == 2


@pytest.mark.parametrize("tool", [FillTool, PaintTool, LassoTool])
def test_the_paper_around_a_figure_is_left_alone(
    canvas: CanvasView, context: ToolContext, verbs: RecordingVerbs, tool: type[FillTool]
) -> None:
    labels = np.ones((100, 200), np.int32)
    labels[20:80, 40:80], labels[20:80, 120:160] = 2, 3
    context.outlines = RegionOutlines(replace(four_regions(), labels=labels, count=3))
    assert context.outlines.background == 1
    canvas.set_tool(tool(context))
    if tool is LassoTool:
        drag(canvas, [place(canvas, *at) for at in ((-5, -5), (210, -5), (210, 110), (-5, 110))])
    else:
        drag(canvas, [place(canvas, 60, 50), place(canvas, 140, 50)])
    ((_, places, _),) = verbs.asked
    assert sorted(context.outlines.label_at(*at) for at in places) == [2, 3]
    if tool is FillTool:
        drag(canvas, [place(canvas, 10, 50), place(canvas, 60, 50)])
        assert len(verbs.asked[-1][1]) == 2

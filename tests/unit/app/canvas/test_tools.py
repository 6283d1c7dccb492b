"""The tools of the canvas, by mouse and by keys, on verbs that only note what they were asked."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.canvas.outlines import RegionOutlines
from app.canvas.tools.context import Source, ToolContext
from app.canvas.tools.fill_tool import FillTool
from app.canvas.tools.gap_tool import GapTool
from app.canvas.tools.hint_tool import HintTool
from app.canvas.tools.merge_tool import MergeTool
from app.canvas.tools.pick_tool import PickTool, SourceTool
from app.canvas.tools.remove_tool import RemoveTool
from app.canvas.tools.split_tool import SplitTool
from app.canvas.tools.stroke_tool import simplified
from app.canvas.tools.tool import Tool
from app.canvas.view import CanvasView
from engine.corrections import Corrections, Hint
from tests.unit.app.canvas.recording import RecordingVerbs, context_of, four_regions
from tests.unit.app.canvas.views import click, drag, hover, mouse, place, quarters, seen

ALT = Qt.KeyboardModifier.AltModifier
TOOLS = (HintTool, FillTool, PickTool, SplitTool, GapTool, MergeTool, RemoveTool)


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
    click(canvas, place(canvas, 30, 40), ALT)
    assert context.color == (30, 40, 7)
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


def test_a_place_of_a_reference_is_picked(canvas: CanvasView, context: ToolContext) -> None:
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

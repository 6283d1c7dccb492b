"""Undo and redo of every verb, merging of drags, and the bound on memory."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.document import steps as commands
from app.document.document import Document
from app.document.history import Step
from app.document.page import Page
from engine.options import LineOptions
from engine.palette import Palette, Swatch
from tests.projects import document, drawing, page, reference

pytestmark = pytest.mark.usefixtures("qapp")

RED, BLUE = Swatch("red", (200, 60, 60)), Swatch("blue", (10, 20, 200))


def state(made: Document) -> tuple[object, ...]:
    """All that undo is to bring back; pages that were not touched are the very same."""
    return tuple((one.id, *(getattr(one, name) for name in KEPT)) for one in made.pages), made.page_id, made.model


KEPT = ("drawing", "line_settings", "references", "finish_settings", "title")

VERBS: dict[str, Callable[[Document], Step]] = {
    "lines": lambda made: commands.ChangeLines(made, "x", replace(made.line_settings, sigma=0.33)),
    "add references": lambda made: commands.AddReferences(made, "x", [*made.references, reference("more.png")]),
    "remove references": lambda made: commands.RemoveReferences(made, "x", []),
    "order references": lambda made: commands.OrderReferences(made, "x", [*reversed(made.references)]),
    "finish": lambda made: commands.SetFinishSettings(made, "x", replace(made.finish_settings, gap=7)),
    "swatch": lambda made: commands.EditSwatch(made, "x", replace(made.finish_settings, edits=((RED, BLUE),))),
    "palette": lambda made: commands.LoadPalette(made, "x", replace(made.finish_settings, palette=Palette((RED,)))),
    "reset": lambda made: commands.ResetPalette(made, "x", replace(made.finish_settings, shading="cel")),
    "as reference": lambda made: commands.UseAsReference(made, "x", reference("was drawing.png")),
    "rename": lambda made: commands.RenameDrawing(made, "x", 2, "Cover"),
    "add drawings": lambda made: commands.AddDrawings(made, "x", [drawing("a.png"), drawing("b.png")]),
    "remove drawing": lambda made: commands.RemoveDrawing(made, "x", 1),
    "remove another drawing": lambda made: commands.RemoveDrawing(made, "x", 2),
    "order drawings": lambda made: commands.OrderDrawings(made, "x", [2, 1]),
    "model": lambda made: commands.UseModel(made, "x", "other"),
    "several": lambda made: commands.CompositeStep("x", [VERBS["finish"](made), VERBS["rename"](made)]),
}


@pytest.fixture
def made() -> Document:
    one = page(1)
    return document(replace(one, references=(*one.references, reference("second.png"))), page(2))


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_goes_there_and_back(made: Document, name: str) -> None:
    before = state(made)
    made.history.push(VERBS[name](made))
    after = state(made)
    assert after != before and made.is_modified
    for _ in range(2):
        made.history.undo()
        assert state(made) == before and not made.is_modified
        made.history.redo()
        assert state(made) == after and made.is_modified


ONCE = set(VERBS) - {"add references", "order references", "as reference", "add drawings"}


@pytest.mark.parametrize("name", sorted(ONCE - {"remove drawing", "remove another drawing"}))
def test_a_verb_that_changes_nothing_is_no_step(made: Document, name: str) -> None:
    made.history.push(VERBS[name](made))
    made.history.push(VERBS[name](made))
    made.history.push(commands.OrderReferences(made, "y", made.references))
    assert made.history.texts == ["x"]


def test_a_step_is_undone_on_its_own_page(made: Document) -> None:
    made.history.push(commands.SetFinishSettings(made, "Gap", replace(made.finish_settings, gap=7)))
    made.show_page(2)
    made.history.undo()
    assert made.page_id == 1 and made.finish_settings.gap is None
    assert made.page(2).finish_settings.gap is None


def test_an_empty_page_makes_room_and_comes_back() -> None:
    made = Document()
    made.history.push(commands.AddReferences(made, "References", [reference()]))
    kept = made.references
    made.history.push(commands.AddDrawings(made, "Open", [drawing("a.png"), drawing("b.png")]))
    assert [one.name for one in made.pages] == ["a.png", "b.png"]
    assert all(one.references == kept for one in made.pages)
    made.history.undo()
    assert made.is_blank is False and made.drawing is None and made.references == kept
    made.history.undo()
    assert made.is_blank


def test_the_last_drawing_leaves_an_empty_page() -> None:
    made = document(page(1))
    made.history.push(commands.RemoveDrawing(made, "Remove", 1))
    assert [one.is_empty for one in made.pages] == [True] and made.references
    made.history.undo()
    assert made.page_id == 1 and made.coloring is not None


def drag(made: Document, gap: int, control: str = "gap") -> None:
    step = commands.SetFinishSettings(made, "Gap", replace(made.finish_settings, gap=gap), control)
    made.history.push(step)


def test_a_drag_is_one_step(made: Document) -> None:
    for gap in range(1, 30):
        drag(made, gap)
    assert made.history.texts == ["Gap"] and made.finish_settings.gap == 29
    made.history.undo()
    assert made.finish_settings.gap is None


def test_another_control_another_page_and_a_pause_begin_another_step(
    made: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    drag(made, 1)
    drag(made, 2, "other")
    made.show_page(2)
    drag(made, 3, "other")
    assert len(made.history.texts) == 3
    monkeypatch.setattr(commands.time, "monotonic", lambda: 1e12)
    drag(made, 4, "other")
    assert len(made.history.texts) == 4
    drag(made, 5, "")
    assert len(made.history.texts) == 5


def test_a_drag_that_comes_back_is_no_step(made: Document) -> None:
    drag(made, 5)
    step = commands.SetFinishSettings(made, "Gap", replace(made.finish_settings, gap=None), "gap")
    made.history.push(step)
    assert made.history.texts == [] and not made.is_modified


def test_a_drag_does_not_reach_over_a_save(made: Document) -> None:
    drag(made, 5)
    made.mark_modified(False)
    drag(made, 6)
    assert len(made.history.texts) == 2
    made.history.undo()
    assert not made.is_modified


def test_going_to_any_step(made: Document) -> None:
    states = [state(made)]
    for name in ("lines", "finish", "add drawings", "rename"):
        made.history.push(VERBS[name](made))
        states.append(state(made))
    for done in (0, 3, 1, 4, 2, 99):
        made.history.go_to(done)
        assert state(made) == states[min(done, 4)] and made.history.done == min(done, 4)


def test_the_oldest_steps_go_when_they_hold_too_much(made: Document) -> None:
    history = made.history
    for number in range(8):
        history.push(commands.AddReferences(made, f"{number}", [reference(f"{number}.png")]))
    one = history.bytes_held // 7
    assert one > 80 * 80 * 3
    history.limit_bytes = 3 * one
    history.push(commands.AddReferences(made, "8", [reference("8.png")]))
    assert history.bytes_held <= history.limit_bytes
    assert history.texts == ["6", "7", "8"]
    for _ in range(20):
        history.undo()
    assert [item.reference.name for item in made.references] == ["5.png"]
    assert not history.can_undo and history.undo_text == ""
    history.go_to(2)
    assert [item.reference.name for item in made.references] == ["7.png"]


def test_the_newest_step_stays_however_large(made: Document) -> None:
    made.history.limit_bytes = 1
    made.history.push(commands.RemoveDrawing(made, "Remove", 1))
    assert made.history.bytes_held > 1
    made.history.undo()
    assert made.page_id == 1


def test_what_the_document_still_has_does_not_count(made: Document) -> None:
    made.history.push(commands.OrderReferences(made, "x", [*reversed(made.references)]))
    assert made.history.bytes_held == 0
    made.history.push(commands.RemoveReferences(made, "x", []))
    assert made.history.bytes_held > 0


def test_a_page_that_is_not_in_memory_takes_no_step() -> None:
    made = document(page(1), Page(2, stored=document))  # type: ignore[arg-type]
    step = commands.DocumentCommand(made, "x", {"title": ""}, {"title": "y"}, page_id=2)
    made.history.push(step)
    assert made.history.texts == []


def test_lines_of_another_project_are_nothing_to_undo(made: Document) -> None:
    made.history.push(VERBS["lines"](made))
    made.replace_all([Page(0, line_settings=LineOptions(sigma=0.5))], 0, "m")
    assert not made.history.can_undo and not made.is_modified and made.model == "m"

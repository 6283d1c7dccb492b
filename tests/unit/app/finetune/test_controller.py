from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.document.parts import ReferenceItem
from app.finetune import request
from app.finetune.controller import FinetuneController
from app.finetune.request import FinetuneRequest
from app.finetune.run import FinetuneRun
from app.jobs.long_run import RunState, Verb
from engine.request import Reference
from tests.finetuning import MakeController, figure


def asked_for(sheets: list[Path], name: str = "mio") -> FinetuneRequest:
    return FinetuneRequest(tuple(sheets), name)


def ended(qtbot: QtBot, controller: FinetuneController, asked: FinetuneRequest) -> FinetuneRun:
    run = controller.begin(asked, controller.new_folder())
    assert run is not None
    with qtbot.waitSignal(controller.run_ended):
        pass
    return run


def notes(controller: FinetuneController) -> list[tuple[str, bool]]:
    return [(note.request.name, note.is_over) for note in request.read_notes(controller._folder)]


def test_two_at_once_are_refused_with_a_sentence(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=1)
    run = controller.begin(asked_for(sheets), controller.new_folder())
    assert run is not None
    qtbot.waitUntil(lambda: run.is_alive)
    with qtbot.waitSignal(controller.failed) as blocker:
        assert controller.begin(asked_for(sheets, "other"), controller.new_folder()) is None
    assert blocker.args is not None
    assert "Another fine-tuning" in blocker.args[0]
    assert controller.runs == [run]


def test_the_model_can_be_taken_back_and_used_again(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller()
    controller.document.set_model("before")
    run = ended(qtbot, controller, asked_for(sheets))
    assert controller.document.model == "mio"
    controller.document.history.undo()
    assert controller.document.model == "before"
    controller.document.history.redo()
    assert controller.document.model == "mio"
    controller.use_model(run.model_before)
    assert controller.document.model == "before"


def test_after_a_restart_an_unfinished_run_goes_on(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    first = make_controller(hold_at=3)
    run = first.begin(asked_for(sheets), first.new_folder())
    assert run is not None
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.step == 2)
    first.close()  # the program ends
    first.runner.close()
    second = make_controller()
    with qtbot.waitSignal(second.run_added):
        second.find_unfinished()
    (found,) = second.runs
    assert found.state == RunState.INTERRUPTED
    assert found.request == run.request
    found.ask(Verb.RESUME)
    with qtbot.waitSignal(second.run_ended):
        pass
    assert found.state == RunState.DONE
    assert found.prepared is not None
    assert found.prepared.resumed


def test_what_is_over_is_cleared_away_at_the_next_start(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    first = make_controller()
    run = ended(qtbot, first, asked_for(sheets))
    qtbot.waitUntil(lambda: notes(first) == [("mio", True)])
    second = make_controller()
    second.find_unfinished()
    qtbot.waitUntil(lambda: not run.folder.exists())
    assert second.runs == []


def test_a_run_taken_off_the_list_leaves_nothing(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller(error_at=2, error="No.")
    run = ended(qtbot, controller, asked_for(sheets))
    folder = run.folder
    assert folder.exists()
    with qtbot.waitSignal(controller.run_removed):
        run.ask(Verb.REMOVE)
    assert controller.runs == []
    qtbot.waitUntil(lambda: not folder.exists())


def test_adapting_to_references_takes_one_call(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller()
    items = [ReferenceItem(Reference(figure(number), name=f"ref {number}.png"), QImage()) for number in (0, 1, 0)]
    controller.document.set_references(items)
    with qtbot.waitSignal(controller.run_ended):
        controller.adapt_to_references()
    (run,) = controller.runs
    assert run.request.preset == "quick"
    assert run.request.name == "ref 0"
    assert [path.name for path in run.request.sheets] == ["ref 0.png", "ref 1.png"]  # each once
    assert controller.document.model == "ref 0"


def test_references_that_show_nothing_are_one_sentence(qtbot: QtBot, make_controller: MakeController) -> None:
    controller = make_controller()
    controller.document.set_references([ReferenceItem(Reference(figure(0, 16)), QImage())])
    with qtbot.waitSignal(controller.failed) as blocker:
        controller.adapt_to_references()
    assert blocker.args is not None
    assert "nothing to learn from" in blocker.args[0]
    assert controller.runs == []


def test_a_folder_that_cannot_be_written_is_one_sentence(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path], tmp_path: Path
) -> None:
    controller = make_controller()
    (tmp_path / "runs").touch()  # a file where the folder should be
    with qtbot.waitSignal(controller.failed):
        controller.begin(asked_for(sheets), controller.new_folder())
    assert controller.runs == []


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Mio 3.png", "Mio 3"),
        ("ぬりえ.webp", "ぬりえ"),
        ("", "character"),
        ("../..", "character"),
        ("a" * 99, "a" * 60),
    ],
)
def test_names_of_models_are_names_of_files(make_controller: MakeController, title: str, name: str) -> None:
    assert make_controller().model_name(title) == name


def test_the_end_of_the_program_leaves_no_child(
    qtbot: QtBot, make_controller: MakeController, sheets: list[Path]
) -> None:
    controller = make_controller(hold_at=2)
    run = controller.begin(asked_for(sheets), controller.new_folder())
    assert run is not None
    qtbot.waitUntil(lambda: run.progress is not None)
    measuring = controller.new_measuring()
    measuring.start(asked_for(sheets), controller.new_folder())
    controller.close()
    assert not run.is_alive
    assert measuring.is_idle
    assert notes(controller) == [("mio", False)]
